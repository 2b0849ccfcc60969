import type { Refusal } from '../errors/refusal.ts'
import { backendAway, full, poolerRefuses, tlsRequired } from './meanings.ts'

const projectMissing = {
  is: 'user-missing',
  message: '{target} cannot tell from the user name which project is meant.',
  hint: 'Write the user as postgres.<project-ref>, as the dashboard shows it for the pooler.',
} as const

/** What Supavisor says (its source). Most comes with XX000. */
export const supavisorErrors: readonly Refusal[] = [
  {
    says: /EMAXCONNSESSION|max clients reached in session mode/i,
    ...full,
    hint: 'In session mode each client holds a connection of its own: use the transaction mode (port 6543), or lower the pool size (connection_limit in the URL).',
  },
  {
    says: /\(EMAX(?!PREPARED)\w*|max (client|proxy) connections reached|max clients reached|max pools count|ECHECKOUTTIMEOUT|unable to check out/i,
    ...full,
  },
  { says: /EINVALIDUSERINFO|ENOIDENTIFIER|no tenant identifier/, ...projectMissing },
  { says: /reason: "(?<reason>Invalid format for user or db_name)"/, ...projectMissing },
  {
    says: /\(ENOTFOUND\)|tenant\/user .* not found|tenant( or user)? not found/i,
    is: 'user-missing',
    hint: 'Write the user as postgres.<project-ref>, and the host of the pooler as the dashboard shows it: another region does not know the project.',
  },
  {
    says: /user not found in the database|reason: "There is no user '(?<user>[^']*)' in the database/,
    is: 'user-missing',
  },
  { says: /EWRONGPASSWORD|^(Exchange error: )?Wrong password/, is: 'auth-failed' },
  {
    says: /EMULTIPLEUSERS|multiple users matched/,
    is: 'user-missing',
    message: '{target} has more than one user of this name.',
    hint: 'Look at the users that the pooler has for this project.',
  },
  {
    says: /MD5 secrets are not supported|invalid secret format/,
    is: 'auth-method',
    message: '{target} is a pooler that cannot use the password as the server keeps it: {words}',
    hint: 'Set the password of the user anew, with password_encryption = scram-sha-256.',
  },
  {
    says: /EJITUNAUTHORIZED|JIT unauthorized/,
    is: 'auth-failed',
    message: '{target} gives this user no access for now.',
    hint: 'Take a new token, or ask for access in the console of the provider.',
  },
  { says: /\(ESSLREQUIRED\)|SSL connection is required/i, ...tlsRequired },
  {
    says: /address not in tenant allow_list: (?<host>.+)|EADDRNOTALLOWED/i,
    is: 'host-not-allowed',
    hint: 'Add the address {host} to the network restrictions of the project.',
  },
  {
    says: /circuit breaker open.*auth|too many authentication failures/i,
    is: 'auth-failed',
    message: '{target} is closed for a while, after too many failed logins.',
    hint: 'Correct the user or the password, then wait: it opens by itself.',
  },
  { says: /\(EAUTHTIMEOUT\)/, is: 'connect-timeout' },
  { says: /tenant is banned/, is: 'access-denied', hint: 'Ask the provider why.' },
  {
    says: /ECIRCUITBREAKER|circuit breaker open|\(ESUBSCRIBERETRIES\)|^Failed to connect to database|connection to database (closed|not available)|DbHandler exited|pool (is )?terminating|processes .* not found|check out a connection after|authentication (query|secrets)|db_termination|proxy (supervisor|connection)|pool (configuration|ranch|checkout)|auth_query .*(failed|timed out)/i,
    ...backendAway,
  },
  // What is not known yet still begins with a code of its own.
  { says: /^\(E[A-Z]{4,}\) /, ...poolerRefuses },
]
