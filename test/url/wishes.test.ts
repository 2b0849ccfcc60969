import { validateUrl, type UrlValidation } from 'failsoft'
import t from 'tap'
import { dialects } from '#lib/url/kinds.js'

const servers = ['postgres', 'cockroachdb', 'mysql'] as const
/** What people write where "?" or "&" belongs. */
const separators = [
  '?',
  '&amp;',
  '&amp;amp;',
  '&#38;',
  '&#x26;',
  '\\u0026',
  ';',
  ',',
  '%26',
  '%3F',
  '??',
  '|',
]
/** Parameters that ask for encryption. */
const wishes = [
  'sslmode=require',
  'sslmode=verify-full',
  'ssl-mode=REQUIRED',
  'ssl=true',
  'tls=1',
  'useSSL=true',
  'requireSSL=true',
  'sslaccept=strict',
  'sslrootcert=/ca.pem',
  'ssl-ca=/ca.pem',
  'sslcert=/c.pem',
  'encrypt=true',
  'encrypt=strict',
  'ssl[rejectUnauthorized]=false',
  'ssl[rejectUnauthorized]=true',
  'ssl[ca]=/ca.pem',
  'ssl[require]=true',
  'ssl.rejectUnauthorized=true',
  'sslrequire=true',
  'ssl_required=1',
  'secure=true',
  'ssl_verify=true',
  'verifyServerCertificate=true',
  'ssl-verify-server-cert=1',
  'encrypted=true',
  'sslmod=require',
  'sslmode =require',
  'sslmode%20=require',
  'sslmode:require',
  'sslmode[]=require',
]
/** Parameters of PostgreSQL that are possible only with encryption. */
const demands = [
  'channel_binding=require',
  'sslnegotiation=direct',
  'sslcertmode=require',
  'gssencmode=require',
]

const codesOf = (result: UrlValidation): string[] =>
  [...(result.valid ? [] : result.problems), ...result.warnings].map(({ code }) => code)

function isEncrypted(result: UrlValidation): boolean {
  return result.valid && 'tls' in result.target && /require|verify/.test(result.target.tls?.mode ?? '')
}

void t.test('a wish for encryption is never dropped, whatever stands before it', async (t) => {
  for (const scheme of servers) {
    for (const before of ['?application_name=x', '?connect_timeout=5', '?unheard=1', '']) {
      for (const separator of [...separators, '#', ' ', ':', '/', '\\?', '\\&', '"', '&nbsp;', '\t']) {
        for (const wish of scheme === 'mysql' ? wishes : [...wishes, ...demands]) {
          const url = `${scheme}://app:pw@db/todo${before}${separator}${wish}`
          const result = validateUrl(url)
          if (result.valid && !isEncrypted(result)) t.fail(url, { result })
        }
      }
    }
  }
  t.pass()
})

void t.test('a separator that is wrong before a known parameter is repaired, strictly refused', async (t) => {
  for (const { dialect, parameters } of Object.values(dialects)) {
    const start = dialect === 'sqlite' ? 'sqlite:x.db' : `${dialect}://u:p@h/d`
    const first = dialect === 'sqlite' ? 'foreign_keys=on' : 'application_name=x'
    for (const name of parameters.keys()) {
      for (const separator of separators.filter((each) => each !== '|')) {
        const inQuery = `${start}?${first}${separator}${name}=1`
        const inPath = `${start}${separator === '?' || separator === '??' ? '&' : separator}${name}=1`
        for (const url of [inQuery, inPath]) {
          if (!codesOf(validateUrl(url)).includes('query-separator')) t.fail(url)
          if (validateUrl(url, { strict: true }).valid) t.fail(`strict: ${url}`)
        }
      }
    }
  }
  t.pass()
})

const readings: readonly { url: string; database?: string; tls?: string }[] = [
  { url: 'postgres://u:p@h/d&sslmode=require', database: 'd', tls: 'require' },
  { url: 'postgres://u:p@h/d&?sslmode=require', database: 'd', tls: 'require' },
  { url: 'mysql://u:p@h/d;ssl-mode=VERIFY_CA&charset=utf8mb4', database: 'd', tls: 'verify-ca' },
  { url: 'postgres://u:p@h/d&application_name=x?sslmode=require', database: 'd', tls: 'require' },
  { url: 'host=h user=u dbname=d;sslmode=require', database: 'd', tls: 'require' },
  { url: 'host=h user=u dbname=d&sslmode=verify-full', database: 'd', tls: 'verify-full' },
]
for (const { url, database, tls } of readings) {
  const result = validateUrl(url)
  t.match(result, { valid: true, target: { database, tls: { mode: tls } } }, url)
  t.ok(codesOf(result).includes('query-separator'), `${url}: said`)
}

void t.test('what belongs to a value is left there', async (t) => {
  for (const [query, params] of Object.entries({
    'options=-c search_path=a,b': { options: '-c search_path=a,b' },
    'application_name=a;b': { application_name: 'a;b' },
    'application_name=a?b': { application_name: 'a?b' },
    'application_name=a,host:5432': { application_name: 'a,host:5432' },
    'application_name=a%26sslmode%3Ddisable': { application_name: 'a&sslmode=disable' },
  })) {
    const result = validateUrl(`postgres://u:p@h/d?${query}`)
    t.match(result, { valid: true, target: { params } }, query)
    t.notOk(codesOf(result).includes('query-separator'), query)
  }
})

void t.test('the end of a value before "&" is left there, and shown nowhere', async (t) => {
  const wish = '&sslmode=require'
  for (const { name, url, want } of [
    { name: 'other letters', url: 'postgresql:///todo?host=h&user=u&password=пароль', want: 'пароль' },
    { name: 'ideographs', url: 'postgresql:///todo?host=h&user=u&password=密碼密碼', want: '密碼密碼' },
    { name: 'punctuation', url: 'postgresql:///d?host=h&user=u&password=P@$$w0rd!', want: 'P@$$w0rd!' },
    { name: 'nothing else', url: 'postgresql:///d?host=h&user=u&password=!@$*', want: '!@$*' },
    { name: 'base64', url: 'postgresql:///d?host=h&user=u&password=ab/+', want: 'ab/+' },
    { name: 'separators', url: 'postgresql:///d?host=h&user=u&password=ab?;,', want: 'ab?;,' },
    ...['&', '#', ';', '?'].map((letter) => ({
      name: `an encoded ${letter}`,
      url: `postgresql:///d?host=h&user=u&password=abc${encodeURIComponent(letter)}`,
      want: `abc${letter}`,
    })),
  ]) {
    const result = validateUrl(url + wish)
    t.match(result, { valid: true, target: { tls: { mode: 'require' } } }, name)
    const { target } = result as Extract<UrlValidation, { valid: true }>
    t.equal('password' in target && target.password?.reveal(), want, name)
    t.notOk(codesOf(result).includes('query-separator'), name)
  }
  const named = validateUrl(`postgres://u:p@h/d?application_name=my%20app%20(prod)${wish}`)
  t.match(named, { valid: true, target: { params: { application_name: 'my app (prod)' } } })
  const json = validateUrl('mysql://u:p@h/d?ssl={"rejectUnauthorized":true}&sslaccept=strict')
  t.match(json, { valid: true, target: { tls: { mode: 'verify-full' } } })
  const template = validateUrl(`jdbc:postgresql://h/d?user=me&password={your_password}${wish}`)
  t.match(template, { valid: false, problems: [{ code: 'placeholder' }] })
  t.match(validateUrl('mysql://u:p@h/データ&ssl-mode=REQUIRED'), { target: { database: 'データ' } })
})

const nearly =
  'sslmod ssl_mod sslmdoe ssllmode ssl-mdoe SSLMOD slmode sslmoode ssmode usesl use_ssll sslrootcrt encrpyt encrypted tsl ssll sslcet sslkye sslroot_crt sslmodes sslm0de ssl.mode requiresll sslacept tlss channel_bindng sslmode%3Arequire'
void t.test('a name that is nearly one of encryption is a problem, strictly or not', async (t) => {
  for (const scheme of servers) {
    for (const name of nearly.split(' ')) {
      for (const strict of [true, false]) {
        const result = validateUrl(`${scheme}://u:p@h/d?${name}=require`, { strict })
        if (result.valid || result.problems[0].code !== 'tls-parameter')
          t.fail(`${scheme} ${name}`, { result })
      }
    }
  }
  t.pass()
})

void t.test('other names are not', async (t) => {
  const others =
    'sql_mode sql ttl schema socket timezone charset sslpassword sslcrl sslsni sslhostnameverifier foo timeout useUnicode serverTimezone search name s'
  for (const scheme of ['postgres', 'mysql']) {
    for (const name of others.split(' ')) {
      t.notOk(codesOf(validateUrl(`${scheme}://u:p@h/d?${name}=x`)).includes('tls-parameter'), name)
    }
  }
})

for (const [url, mode] of [
  ['postgres://u:p@h/d?channel_binding=require', 'require'],
  ['postgres://u:p@h/d?sslmode=prefer&channel_binding=require', 'require'],
  ['postgres://u:p@h/d?sslmode=verify-full&channel_binding=require', 'verify-full'],
  ['postgres://u:p@h/d?sslcertmode=require', 'require'],
  ['postgres://u:p@h/d?gssencmode=require', 'require'],
  ['postgres://u:p@h/d?requiressl=1', 'require'],
  ['postgres://u:p@h/d?encrypt=strict', 'verify-full'],
  ['mysql://u:p@h/d?encrypt=false', 'disable'],
  ['mysql://u:p@h/d?useSSL', 'require'],
  ['postgres://u:p@h/d?ssl%5BrejectUnauthorized%5D=0', 'require'],
  ['mysql://u:p@h/d?ssl[ca]=/ca.pem', 'verify-ca'],
] as const) {
  const result = validateUrl(url)
  t.equal(result.valid && 'tls' in result.target && result.target.tls?.mode, mode, url)
}

void t.test('what is not known to be harmless is a secret', async (t) => {
  const result = validateUrl('postgres://u:p@h/d?application_name=todo&unheard=zq7x')
  t.notMatch(`${JSON.stringify(result)} ${result.redacted}`, 'zq7x')
  t.match(result, { valid: true, target: { params: { application_name: 'todo' } } })
})
