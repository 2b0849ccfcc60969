import type { Refusal } from './refusal.ts'

/** Codes of Node's sockets, resolver and modules. */
export const networkErrors: readonly Refusal[] = [
  { code: 'ENOTFOUND EAI_AGAIN EAI_FAIL', is: 'host-not-found' },
  { code: 'ECONNREFUSED', is: 'connection-refused' },
  { code: 'ENOENT EACCES EINVAL', says: /\bconnect\b/, is: 'connection-refused' },
  { code: 'ETIMEDOUT', is: 'connect-timeout' },
  { code: 'ENETUNREACH EHOSTUNREACH ENETDOWN EADDRNOTAVAIL', is: 'network-unreachable' },
  {
    code: 'ECONNRESET ECONNABORTED EPIPE ERR_STREAM_DESTROYED ERR_STREAM_WRITE_AFTER_END',
    is: 'connection-lost',
  },
  { code: 'MODULE_NOT_FOUND ERR_UNKNOWN_BUILTIN_MODULE', is: 'driver-missing' },
  { code: 'ERR_DLOPEN_FAILED', is: 'driver-broken' },
]
