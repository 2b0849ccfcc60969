import { Secret } from '../../url/secret.ts'
import type { ServerTarget } from '../../url/target.ts'
import type { Redact } from './server-words.ts'

/** Shorter ones are taken out as whole words only: else little would be left of a sentence. */
const shortest = 4

/**
 * Takes the secrets of a target out of what its server says, in each form that they travel in. What the redacted URL shows anyway
 * is left: to hide it would tell that it is the password.
 *
 * @param login - the password in use, which may change.
 */
export function redactSecrets(target: ServerTarget, login: { readonly password: string }): Redact {
  const secrets = Object.values(target.params).filter((value) => value instanceof Secret)
  const shown = [target.user, target.database, ...target.hosts.map(({ host }) => host)]
  return (text) => {
    const known = [
      login.password,
      target.password?.reveal() ?? '',
      ...secrets.map((secret) => secret.reveal()),
    ]
    const hidden = known.filter((secret) => secret !== '' && !shown.includes(secret)).flatMap(formsOf)
    return hidden.toSorted((a, b) => b.length - a.length).reduce(hide, text)
  }
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const encoded = [encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)]
  const bare = [
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ]
  return [secret, ...encoded, ...(secret.length < shortest ? [] : bare)]
}

function hide(text: string, secret: string): string {
  if (secret.length >= shortest) return text.replaceAll(secret, '***')
  const escaped = secret.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return text.replace(new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped}(?![\p{L}\p{N}])`, 'gu'), '***')
}
