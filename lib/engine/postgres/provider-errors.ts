import type { Refusal } from '../errors/refusal.ts'
import { cloudErrors } from './cloud-errors.ts'
import { tlsRequired, usedUp, waking } from './meanings.ts'

/** What the gateways of providers say (their sources and manuals: Neon, CockroachDB). */
const gatewayErrors: readonly Refusal[] = [
  // First what names a role or a cluster without quotation marks: anybody may call it "quota".
  {
    says: /RDS proxy has no credentials for the role (?<user>\S+?)\.?( |$)/i,
    is: 'user-missing',
    hint: 'Add a secret with the user "{user}" to the authentication of the proxy.',
  },
  {
    says: /missing cluster (identifier|name)|invalid cluster|invalid database param|(Params|SNI)RoutingFailed/,
    is: 'refused',
    message: '{target} cannot tell which cluster is meant.',
    hint: 'Add options=--cluster%3D<cluster identifier> to the URL, or write the database as <cluster identifier>.<database>.',
  },
  {
    says: /^service unavailable for target tenant \((?<cluster>[^)]*)\)/,
    is: 'refused',
    message: '{target} has no virtual cluster "{cluster}" that serves now.',
    hint: 'Check -ccluster= in the options of the URL, or cluster: before the name of the database, and that this virtual cluster is started.',
  },
  {
    says: /cluster "?(?<database>[\w.-]+)"? (not found|does not exist)/,
    is: 'database-missing',
    hint: 'Check the cluster identifier in the URL: "{database}" is not known.',
  },
  // Neon
  {
    says: /Endpoint ID is not specified|SNI is missing|Project name \(/,
    is: 'refused',
    message: '{target} cannot tell which endpoint is meant.',
    hint: 'Write the full host name of the endpoint, not an address, and leave TLS on; or add options=endpoint%3D<endpoint-id>.',
  },
  {
    says: /Inconsistent (project|endpoint) name|Inconsistent common name/,
    is: 'refused',
    hint: 'The host and the options of the URL name two endpoints: remove one of them.',
  },
  { says: /connection is insecure/, ...tlsRequired },
  {
    says: /This IP address (?<host>\S+) is not allowed/,
    is: 'host-not-allowed',
    hint: 'Add the address {host} to the IP allow list in the console of Neon.',
  },
  {
    says: /blocked network|VPC endpoint/i,
    is: 'host-not-allowed',
    hint: 'Look at the IP allow list and the VPC settings in the console of Neon.',
  },
  {
    says: /Too many connections? (attempts|to this endpoint)|Failed to acquire permit|resource permit|rate limit/i,
    is: 'too-many-connections',
  },
  {
    says: /endpoint (is|has been) disabled/i,
    is: 'access-denied',
    message: '{target} has an endpoint that is disabled.',
    hint: 'Enable it in the console of Neon.',
  },
  {
    says: /endpoint is temporarily unavailable/,
    ...waking,
    message: '{target} is out of service for a while: it is being looked after, or a quota is used up.',
  },
  {
    says: /quota|spend(ing)? limit|request units?|RU limit|exceeded (the|its|your) .* (limit|transfer|time)/i,
    ...usedUp,
  },
  {
    says: /(endpoint|project|branch) (could not be|cannot be|was not|not) found|requested endpoint could not/i,
    is: 'database-missing',
    message: '{target} names an endpoint that is not there.',
    hint: 'Check the host name of the URL in the console of the provider: the endpoint or its branch was deleted or renamed.',
  },
  {
    says: /Control plane request failed|Console request failed|connect to compute node|temporar(y|ily) unavailable|compute .*(not ready|starting)|in compute$|already has running operations/i,
    ...waking,
  },
  { says: /^Authentication timed out/, is: 'connect-timeout' },
  { says: /Unsupported authentication method/i, is: 'auth-method' },
  {
    says: /^(SCRAM )?channel binding (failed|check failed|negotiation error|not supported)|(unsupported|n't support) channel binding/i,
    is: 'auth-method',
    message: '{target} could not bind the login to the encrypted channel.',
    hint: 'Leave channel_binding=require out, and look for a proxy that ends TLS on the way.',
  },
  {
    says: /^Parameter '(?<parameter>user)' is missing/,
    is: 'user-missing',
    message: '{target} was given no {parameter} name.',
    hint: 'Write the user name into the URL.',
  },
  // CockroachDB
  {
    says: /connection attempt throttled|too many failed authentication attempts/i,
    is: 'auth-failed',
    message: '{target} is closed for a while, after too many failed logins.',
    hint: 'Correct the user or the password, then wait.',
  },
  {
    says: /does not allow public connections from IP (?<host>\S+)/,
    is: 'host-not-allowed',
    hint: 'Add the address {host} to the IP allow list in the console of the provider.',
  },
  {
    says: /codeProxyRefusedConnection/,
    is: 'host-not-allowed',
    message: '{target} is behind a proxy that lets this program not in.',
    hint: 'Look in the console of the provider: an IP allow list may lack the address of this machine, or the cluster is disabled or throttled.',
  },
  {
    says: /not in the allow ?list|deny ?list|allowlist/i,
    is: 'host-not-allowed',
    hint: 'Add the address of this machine to the IP allow list in the console of the provider.',
  },
  {
    says: /secure mode, SSL connection required|codeUnexpectedInsecureStartupMessage|server requires encryption/,
    ...tlsRequired,
  },
  { says: /codeAuthFailed/, is: 'auth-failed' },
  { says: /codeBackend|codeUnavailable|unable to reach backend/, ...waking },
  {
    says: /host_based_authentication\.configuration entry for host "(?<host>[^"]*)", user "(?<user>[^"]*)"/,
    is: 'host-not-allowed',
    hint: 'Add a line to server.host_based_authentication.configuration for the host {host} and the user {user}.',
  },
  {
    says: /authentication rejected by configuration/,
    is: 'host-not-allowed',
    hint: 'Look at the cluster setting server.host_based_authentication.configuration.',
  },
]

/** What providers say, the more telling messages first. */
export const providerErrors: readonly Refusal[] = [...gatewayErrors, ...cloudErrors]
