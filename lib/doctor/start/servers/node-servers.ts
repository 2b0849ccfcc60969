import { everywhere, type ServerRow, type ServerTable } from './server-row.ts'

const vite = (port: string, commands?: readonly string[]): ServerRow => ({
  port: { flags: ['--port'], default: port },
  host: { flags: ['--host'], default: 'localhost' },
  ...(commands ? { commands } : {}),
  elsewhere: ['--config', '-c'],
  files: ['vite', 'astro'].flatMap((name) =>
    ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'].map((end) => `${name}.config.${end}`),
  ),
})
const remix: ServerRow = {
  port: { variables: ['PORT'], default: '3000' },
  host: { variables: ['HOST'], default: everywhere },
}

/** Servers that Node people start. */
export const nodeServers: ServerTable = {
  next: [
    {
      commands: ['start', 'dev', ''],
      port: { flags: ['-p', '--port'], variables: ['PORT'], default: '3000' },
      host: { flags: ['-H', '--hostname'], default: everywhere },
    },
  ],
  vite: [vite('4173', ['preview']), vite('5173', ['dev', 'serve', ''])],
  astro: [vite('4321', ['dev', 'preview'])],
  serve: [
    {
      bind: ['-l', '--listen'],
      port: { flags: ['-p'], variables: ['PORT'], default: '3000' },
      host: { default: everywhere },
      elsewhere: ['-c', '--config'],
    },
  ],
  'http-server': [
    {
      port: { flags: ['-p', '--port'], variables: ['PORT'], default: '8080' },
      host: { flags: ['-a'], default: everywhere },
    },
  ],
  'react-scripts': [
    {
      commands: ['start'],
      port: { variables: ['PORT'], default: '3000' },
      host: { variables: ['HOST'], default: everywhere },
    },
  ],
  'remix-serve': [remix],
  'react-router-serve': [remix],
  ng: [
    {
      commands: ['serve'],
      port: { flags: ['--port'], default: '4200' },
      host: { flags: ['--host'], default: 'localhost' },
      files: ['angular.json'],
    },
  ],
  nuxt: [
    {
      commands: ['start', 'preview', 'dev'],
      port: { flags: ['-p', '--port'], variables: ['NUXT_PORT', 'PORT'], default: '3000' },
      host: { flags: ['-h', '--host'], variables: ['NUXT_HOST', 'HOST'], default: 'localhost' },
    },
  ],
  n8n: [{ port: { variables: ['N8N_PORT'], default: '5678' }, host: { default: everywhere } }],
  // What `next build` writes with output: 'standalone'. Docker sets HOSTNAME to the container's own name.
  'the server of Next.js': [
    {
      port: { variables: ['PORT'], default: '3000' },
      host: { variables: ['HOSTNAME'], default: everywhere },
    },
  ],
  'the server of Nuxt': [
    {
      port: { variables: ['NITRO_PORT', 'PORT'], default: '3000' },
      host: { variables: ['NITRO_HOST', 'HOST'], default: everywhere },
    },
  ],
  'the server of SvelteKit': [remix],
  'deno serve': [
    {
      port: { flags: ['--port'], default: '8000' },
      host: { flags: ['--host'], default: everywhere },
    },
  ],
}
