import type { Refusal } from './refusal.ts'

/** Codes of Node's sockets, resolver and modules. */
export const networkErrors: readonly Refusal[] = [
  { code: 'ENOTFOUND EAI_AGAIN EAI_FAIL ESERVFAIL ENODATA', is: 'host-not-found' },
  { code: 'ECONNREFUSED', is: 'connection-refused' },
  {
    code: 'EACCES EPERM',
    says: /\bconnect E\w+ \//,
    is: 'connection-refused',
    message: '{target} is a socket that this program may not open.',
    hint: 'Let the user of this program into the folder of the socket, and write to it.',
  },
  { code: 'ENOENT EACCES EINVAL', says: /\bconnect\b/, is: 'connection-refused' },
  { code: 'ETIMEDOUT ERR_SOCKET_CONNECTION_TIMEOUT', is: 'connect-timeout' },
  {
    code: 'ENETUNREACH EHOSTUNREACH ENETDOWN EHOSTDOWN EADDRNOTAVAIL EAFNOSUPPORT',
    is: 'network-unreachable',
  },
  {
    code: 'EMFILE ENFILE ENOBUFS ENOMEM',
    is: 'network-unreachable',
    message:
      '{target} was not asked: this program may open no more files and connections, or has no memory for them.',
    hint: 'Raise the limits of the container (ulimit -n), or lower the pool size (connection_limit in the URL).',
  },
  {
    code: 'ECONNRESET ECONNABORTED EPIPE ERR_SOCKET_CLOSED ERR_STREAM_DESTROYED ERR_STREAM_WRITE_AFTER_END',
    is: 'connection-lost',
  },
  { code: 'MODULE_NOT_FOUND ERR_UNKNOWN_BUILTIN_MODULE', is: 'driver-missing' },
  { code: 'ERR_DLOPEN_FAILED', is: 'driver-broken' },
]
