import { loopback, type ServerTable } from './server-row.ts'

/** Servers of other languages. */
export const otherServers: ServerTable = {
  php: [{ bind: ['-S'], needsBind: true }],
  artisan: [
    {
      commands: ['serve'],
      port: { flags: ['--port'], variables: ['SERVER_PORT'], default: '8000' },
      host: { flags: ['--host'], variables: ['SERVER_HOST'], default: loopback },
    },
  ],
  // On which interface Rails listens depends on its environment.
  rails: [
    {
      commands: ['server', 's'],
      port: { flags: ['-p', '--port'], variables: ['PORT'], default: '3000' },
      host: { flags: ['-b', '--binding'], variables: ['BINDING'] },
      files: ['config/puma.rb'],
    },
  ],
  'code-server': [
    {
      bind: ['--bind-addr'],
      port: { flags: ['--port'], variables: ['PORT'], default: '8080' },
      host: { flags: ['--host'], default: loopback },
      elsewhere: ['--config', '--socket'],
    },
  ],
}
