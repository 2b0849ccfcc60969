import { Secret } from '../../url/secret.ts'
import type { ServerTarget } from '../../url/target.ts'
import type { Redact } from './server-words.ts'

/** Shorter ones are taken out as whole words only: else little would be left of a sentence. */
const shortest = 4

/** What nobody takes for a secret, and a server says of itself. */
const plain = /^(true|false|on|off|yes|no|\d{1,5}|)$/i

/**
 * Takes the secrets of a target out of what its server says, in each form that they travel in. What the redacted URL shows anyway
 * is left: to hide it would tell that it is the password.
 *
 * @param login - the password in use, which may change.
 */
export function redactSecrets(target: ServerTarget, login: { readonly password: Secret }): Redact {
  const secrets = Object.values(target.params).flatMap((value) =>
    value instanceof Secret && !plain.test(value.reveal()) ? [value.reveal()] : [],
  )
  const shown = [target.user, target.database, ...target.hosts.map(({ host }) => host)]
  return (text) => {
    const known = [login.password.reveal(), target.password?.reveal() ?? '', ...secrets]
    const hidden = known.filter((secret) => secret !== '' && !shown.includes(secret)).flatMap(formsOf)
    return hidden.toSorted((a, b) => b.length - a.length).reduce(hide, hideEncoded(text, known))
  }
}

const base64 = /[\w+/-]{8,}={0,2}/g

/** Base64 holds a secret in one of three shapes, by what stands before it: what it says is looked at in place of them. */
function hideEncoded(text: string, secrets: readonly string[]): string {
  const long = secrets.filter(({ length }) => length >= shortest)
  return text.replace(base64, (word) => {
    const said = Buffer.from(word, 'base64').toString()
    return long.some((secret) => said.includes(secret)) ? '***' : word
  })
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const text = bytes.toString()
  const encoded = [encodeURIComponent(text), encodeURI(text)]
  const lower = encoded.map((form) => form.replace(/%../g, (code) => code.toLowerCase()))
  const json = JSON.stringify(text).slice(1, -1)
  // PHP and others write a slash in JSON so.
  const forms = [text, ...encoded, ...lower, json, json.replaceAll('/', String.raw`\/`)]
  const hex = bytes.toString('hex')
  return secret.length < shortest ? forms : [...forms, hex, hex.toUpperCase(), [...bytes].join(', ')]
}

function hide(text: string, secret: string): string {
  if (secret.length >= shortest) return text.replaceAll(secret, '***')
  const escaped = secret.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return text.replace(new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped}(?![\p{L}\p{N}])`, 'gu'), '***')
}
