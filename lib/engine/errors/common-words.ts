import { diskFull, notOnList, passwordExpired } from './sentences.ts'
import type { Refusal } from './refusal.ts'

/** Words that many servers share: they tell where the code says little, and no other row knows the message. */
export const commonWords: readonly Refusal[] = (
  [
    {
      says: /\b(SSL|TLS|encryption)( connections?)?( is| are)? (required|mandatory)|\b(SSL|TLS) off\b.* not |requires? (an )?(SSL|TLS|encrypt)|must use (SSL|TLS)|without (SSL|TLS)\b.{0,20} (not (allowed|permitted)|denied)/i,
      is: 'tls-required',
    },
    {
      says: /too many (open |active )?(connections|clients|sessions)|max(imum)?[_ ](number of )?(client[_ ])?(connections|clients)|connections? limit|pool (is )?(exhausted|full|timeout|timed out)|rate limit/i,
      is: 'too-many-connections',
    },
    {
      says: /\b(IP|address|host)\b.*\bnot (allowed|permitted|authori[sz]ed|whitelisted|in the)\b|\bby (the |a )?firewall|white ?list|allow ?list/i,
      is: 'host-not-allowed',
      message: notOnList,
      hint: 'Add the address of this machine to the allow list, or the firewall rules, of the server. {advice}',
    },
    {
      says: /(unknown|no such) database|\bdatabase\b.{0,80} (not found|does not exist|doesn't exist)/i,
      is: 'database-missing',
    },
    {
      says: /(unknown|no such) (user|role)|\b(user|role)\b.{0,80} (not found|does not exist|doesn't exist)/i,
      is: 'user-missing',
    },
    {
      says: /password\b.{0,80} expired|password expired/i,
      is: 'access-denied',
      message: passwordExpired,
      hint: 'Set a new one at the server.',
    },
    {
      says: /\b(account|user|role)\b.{0,80} (locked|disabled|blocked|deactivated|expired)/i,
      is: 'access-denied',
      message: '{target} knows the user, but does not let it in: {words}',
      hint: 'Have the account unlocked, or enabled, at the server. {advice}',
    },
    {
      says: /(unsupported|unknown) authentication|authentication\b.{0,80} not supported|SCRAM is required/i,
      is: 'auth-method',
    },
    { says: /shutting down|shutdown in progress/i, is: 'server-shutting-down' },
    {
      says: /\b(starting|resuming|waking|initiali[sz]ing|recovering|restoring|hibernating)\b|not (yet )?ready|cannot connect now/i,
      is: 'server-starting',
      message: '{target} takes no connections yet: {words}',
    },
    {
      says: /no space left|disk (is )?full/i,
      is: 'refused',
      ...diskFull,
    },
    {
      says: /quota|\blimit\b.{0,80} (reached|exceeded)|(reached|exceeded)\b.{0,80} limit|limit (reached|exceeded)/i,
      is: 'access-denied',
      message: '{target} lets nobody in, since a limit is reached: {words}',
      hint: 'Look at the usage in the console of the provider, and raise the limit or the plan.',
    },
    {
      says: /(could not|cannot|can't|failed to|unable to) (connect|reach)|\b(upstream|backend|connection)\b.{0,80} (unavailable|unreachable|failed|refused|down)|no (healthy|available)? ?(upstream|backend)/i,
      is: 'refused',
      message: '{target} answers, but cannot reach what is behind it: {words}',
      hint: 'Look at the servers behind it, and at how it logs in to them. It is tried again by itself.',
    },
  ] as const
).map((row: Refusal): Refusal => ({ ...row, knownLogin: true }))
