import { readPairs } from '../dockerfile/pairs.ts'
import { finding, type Finding } from '../finding.ts'
import { lineAt } from '../line-at.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'
const names =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|SECRET_?KEY|PRIVATE_?KEY|ACCESS_?KEY|JWT_KEY|OPENAI_KEY|CREDENTIALS?)$/i
/** Texts that only keys look like. */
const tokens: readonly (readonly [RegExp, string])[] = [
  [/\bhf_[A-Za-z0-9]{30,}\b/, 'a token of Hugging Face'],
  [/\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,}\b/, 'an API key'],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b/, 'a token of GitHub'],
  [/\bAKIA[0-9A-Z]{16}\b/, 'an access key of AWS'],
  [/\bAIza[0-9A-Za-z_-]{35}\b/, 'an API key of Google'],
  [/-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----/, 'a private key'],
]

/** The image and the repository hold no secret, and the build needs none. */
export function checkSecrets(project: Project): Finding[] {
  const { dockerfile } = project
  const settings = (dockerfile?.instructions ?? []).filter(
    ({ keyword }) => keyword === 'ENV' || keyword === 'ARG',
  )
  const inImage = settings.flatMap(({ keyword, text, line }) =>
    readPairs(text).flatMap(([variable, value]) =>
      value !== undefined && isSecret(variable, value) && !(keyword === 'ARG' && isHere(value))
        ? [finding('secret-in-image', { file, line }, { variable })]
        : [],
    ),
  )
  return [...inImage, ...checkFiles(project)]
}

/** A database that there is only while the image is built, or none at all. */
function isHere(value: string): boolean {
  return /:\/\/[^/\s]*@(?:localhost|127\.[\d.]+|\[::1\])(?:[:/]|$)/.test(value)
}

/** Whether a variable holds what nobody else may know. */
export function isSecret(name: string, value: string): boolean {
  if (value === '' || value.startsWith('$') || /PUBLIC|_FILE$|_PATH$|MAX_TOKEN/i.test(name)) return false
  if (
    /^(?:true|false|\d{1,5}|none|null|changeme|change-me|your[-_].*|<.*>|xxx+|\.\.\.|placeholder|dummy|build(?:-?time)?|not-?set|unused|example|test)$/i.test(
      value,
    )
  )
    return false
  if (names.test(name) || tokens.some(([pattern]) => pattern.test(value))) return true
  return /:\/\/[^/\s:@]*:[^@\s]+@/.test(value)
}

function checkFiles({ folder, isOutOfRepository }: Project): Finding[] {
  const sources = folder.files
    .filter(
      (path) =>
        /\.(?:py|[cm]?[jt]sx?|sh|ya?ml|toml|json|ini|cfg|ipynb)$|(?:^|\/)Dockerfile$/.test(path) &&
        !/lock|\.min\./.test(path) &&
        !/(?:^|\/)(?:tests?|fixtures|docs)\//.test(path),
    )
    .slice(0, 500)
  return sources.flatMap((path) => {
    const text = isOutOfRepository(path) ? '' : folder.text(path)
    if (text.length > 500_000) return []
    const found = tokens.find(([pattern]) => pattern.test(text))
    return found
      ? [
          finding(
            'secret-in-file',
            { file: path, line: lineAt(text, found[0].exec(text)!.index) },
            { file: path, what: found[1] },
          ),
        ]
      : []
  })
}
