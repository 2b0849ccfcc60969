/** Languages that the Unicode character sets have a collation for. */
const languages =
  'unicode icelandic latvian romanian slovenian polish estonian spanish swedish turkish czech danish lithuanian slovak spanish2 roman ' +
  'persian esperanto hungarian sinhala german2 croatian unicode_520 vietnamese'
const unicode: string = languages.replaceAll(/\w+/g, '$&_ci')

/** The same for version 9.0 of Unicode, with and without regard to case. */
const languages9 = 'de_pb is lv ro sl pl et es sv tr cs da lt sk es_trad la eo hu hr vi ru'
const unicode9: string = languages9.replaceAll(/\w+/g, '$&_0900_ai_ci $&_0900_as_cs')

/** The collations of character sets, without the names of the sets. */
const collations: readonly (readonly [sets: string, collations: string])[] = [
  [
    'cp850 koi8r ascii hebrew koi8u greek armscii8 cp866 keybcs2 macce macroman cp852 utf16le cp1256 geostd8',
    'general_ci bin',
  ],
  ['big5 gb2312 gbk', 'chinese_ci bin'],
  ['gb18030', 'chinese_ci bin unicode_520_ci'],
  ['ujis sjis cp932 eucjpms', 'japanese_ci bin'],
  ['euckr', 'korean_ci bin'],
  ['tis620', 'thai_ci bin'],
  ['dec8 swe7', 'swedish_ci bin'],
  ['hp8', 'english_ci bin'],
  ['latin1', 'german1_ci swedish_ci danish_ci german2_ci bin general_ci general_cs spanish_ci'],
  ['latin2', 'czech_cs general_ci hungarian_ci croatian_ci bin'],
  ['latin5', 'turkish_ci bin'],
  ['latin7', 'estonian_cs general_ci general_cs bin'],
  ['cp1250', 'general_ci czech_cs croatian_ci bin polish_ci'],
  ['cp1251', 'bulgarian_ci ukrainian_ci bin general_ci general_cs'],
  ['cp1257', 'lithuanian_ci bin general_ci'],
  ['utf16 utf32', `general_ci bin ${unicode}`],
  ['ucs2', `general_ci bin general_mysql500_ci ${unicode}`],
  ['utf8', `general_ci bin general_mysql500_ci general50_ci tolower_ci ${unicode}`],
  [
    'utf8mb4',
    `general_ci bin ${unicode} ${unicode9} 0900_ai_ci 0900_as_ci 0900_as_cs 0900_bin ja_0900_as_cs ja_0900_as_cs_ks zh_0900_as_cs`,
  ],
]

const known: ReadonlySet<string> = new Set([
  'binary',
  ...collations.flatMap(([sets, suffixes]) =>
    sets.split(' ').flatMap((set) => [set, ...suffixes.split(' ').map((suffix) => `${set}_${suffix}`)]),
  ),
])

/** Whether mysql2 knows a character set or a collation. */
export function isMysqlCharset(name: string): boolean {
  return known.has(name.toLowerCase())
}

/** All of them, in lower case. */
export const mysqlCharsets: Iterable<string> = known
