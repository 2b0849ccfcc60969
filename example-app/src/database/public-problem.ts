import { problemCatalogue, type Problem } from 'failsoft'

/**
 * A problem as a stranger may see it. Its own texts name hosts and files, which is what the owner needs, so where the catalogue's text
 * has a place for such a thing, that text is filled in with words that give nothing away.
 */
export function publicProblem(problem: Problem): Problem {
  const { code, message, hint } = problem
  const { reason } = problemCatalogue[code]
  const { message: messageText, hint: hintText } = textsOf(problem)
  // Where nothing is set, there is nothing to give away, and the advice says where to set it.
  if (reason === 'missing' || reason === 'empty') return { code, message, hint }
  const publicHint = withoutDetails(hintText, hint) || problemCatalogue[code].otherwise?.hint
  return {
    code,
    message: withoutDetails(messageText, message),
    hint: publicHint ?? 'The log of the service says more.',
  }
}

/** The texts that a problem was made of: one whose words are not all known has others. */
function textsOf({ code, message }: Problem): { readonly message: string; readonly hint: string } {
  const row = problemCatalogue[code]
  return row.otherwise && !pattern(row.message).test(message) ? row.otherwise : row
}

function pattern(template: string): RegExp {
  const words = template.split(/\{\w+\}/).map((text) => text.replace(/[^\w\s]/g, '\\$&'))
  return new RegExp(`^${words.join('.*')}$`, 's')
}

/** Kinds of values that say something of a text's form, and nothing of where it leads. */
const harmless = new Set(
  [
    'subject',
    'others',
    'name',
    'type',
    'scheme',
    'suggestion',
    'suffix',
    'quote',
    'what',
    'command',
    'word',
    'part',
  ].concat([
    'character',
    'encoded',
    'position',
    'length',
    'limit',
    'parameter',
    'dialect',
    'expected',
    'mode',
    'package',
  ]),
)
const neutral: Readonly<Record<string, string>> = {
  target: 'the database',
  subject: 'the database URL',
  cause: 'a migration failed',
  // A problem that names a host is about this one.
  host: 'localhost',
  hosts: 'none of them answered as it should',
  advice: '',
  why: 'cannot be used',
  words: 'the log of the service has them.',
}

function withoutDetails(template: string, text: string): string {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  if (names.every((name) => harmless.has(name))) return text
  const subject = text.startsWith('The replica ') ? 'the replica' : neutral['target']!
  const general = template
    .replace(': {why}', '')
    .replace(' {when}', '')
    .replace('in {target}', 'in the database URL')
    .replace('{target}', subject)
    .replace(/\{(\w+)\}/g, (_, name: string) => neutral[name] ?? '…')
    .trim()
  return general.charAt(0).toUpperCase() + general.slice(1)
}
