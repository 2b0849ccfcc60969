import { holdsUrl, isAssignmentPath, isLoginPath } from './whole-url.ts'

/** What somebody wrote in place of the path of a certificate or a key, if it is none: paths are shown. */
export function pathProblem(text: string): string | undefined {
  if (holdsContent(text)) return 'not what is in it'
  return holdsUrl(text) || isLoginPath(text) || isAssignmentPath(text) ? 'not a URL or a password' : undefined
}

/** A certificate or a key itself: PEM, or that or DER in Base64. */
function holdsContent(text: string): boolean {
  return /-----BEGIN|^LS0tLS1C|^MI[IG][\w+/=]{4,}$|^(?:data|base64):/.test(text)
}
