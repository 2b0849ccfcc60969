import { type Space, address, breaks, js, port, raw, server, works } from './space.js'

const scripts = (start: string, files: Readonly<Record<string, string>> = {}, lines = '') =>
  js(`${lines}CMD ["npm","start"]`, {
    'package.json': JSON.stringify({
      name: 'x',
      engines: { node: '>=20' },
      scripts: { start, api: 'node api.js', web: 'node web.js' },
    }),
    ...files,
  })
const standalone = (lines: string) =>
  raw(
    'FROM node:24-alpine AS builder\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nFROM node:24-alpine\nWORKDIR /app\nCOPY --from=builder --chown=node:node /app/.next/standalone ./\n' +
      `COPY --from=builder /app/.next/static ./.next/static\nUSER node\n${lines}CMD ["node","server.js"]`,
    {
      'package.json': '{"name":"x","scripts":{"build":"next build"},"dependencies":{"next":"^15"}}',
      'package-lock.json':
        '{"lockfileVersion":3,"packages":{"":{"dependencies":{"next":"^15"}},"node_modules/next":{"version":"15.0.0"}}}',
      'next.config.mjs': "export default { output: 'standalone' }\n",
    },
  )
const typescript = (source: string) =>
  raw(
    'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nUSER node\nCMD ["node","dist/server.js"]',
    {
      'package.json':
        '{"name":"x","engines":{"node":">=20"},"scripts":{"build":"tsc"},"devDependencies":{"typescript":"^5"}}',
      'package-lock.json':
        '{"lockfileVersion":3,"packages":{"":{"devDependencies":{"typescript":"^5"}},"node_modules/typescript":{"version":"5.0.0","dev":true}}}',
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist", "rootDir": "src" /* the sources */ } }',
      'src/server.ts': source,
    },
  )

const right: readonly Space[] = [
  works('next standalone with PORT', standalone('ENV PORT=7860 HOSTNAME=0.0.0.0\n')),
  works(
    'concurrently',
    scripts('concurrently -n api,web "node api.js" "node web.js"', {
      'api.js': 'app.listen(3000)\n',
      'web.js': 'app.listen(7860)\n',
    }),
  ),
  works(
    'concurrently with scripts of npm',
    scripts('concurrently npm:api "npm:web"', {
      'api.js': 'app.listen(3000)\n',
      'web.js': 'app.listen(7860)\n',
    }),
  ),
  works(
    'npm-run-all',
    scripts('npm-run-all --parallel api web', {
      'api.js': 'app.listen(3000)\n',
      'web.js': 'app.listen(7860)\n',
    }),
  ),
  works(
    'pm2-runtime with its file',
    js('CMD ["pm2-runtime","start","ecosystem.config.js"]', {
      'ecosystem.config.js': "module.exports = { apps: [{ script: 'server.js', env: { PORT: 7860 } }] }\n",
    }),
  ),
  works(
    'pm2-runtime of a file',
    js('CMD ["npx","pm2-runtime","server.js","-i","max"]', {
      'server.js': 'app.listen(process.env.PORT || 7860)\n',
    }),
  ),
  works(
    'tsx by --import',
    js('CMD ["node","--import","tsx","src/server.ts"]', { 'src/server.ts': 'app.listen(7860)\n' }),
  ),
  works(
    'a module before the file',
    js('CMD ["node","-r","dotenv/config","server.js"]', {
      'server.js': 'app.listen(process.env.PORT ?? 7860)\n',
    }),
  ),
  works(
    'a default of destructuring',
    server('const { PORT = 7860, HOST = "0.0.0.0" } = process.env\napp.listen(PORT, HOST)\n'),
  ),
  works(
    'normalizePort',
    server(
      "const port = normalizePort(process.env.PORT || '7860')\napp.set('port', port)\nhttp.createServer(app).listen(port)\n",
    ),
  ),
  works(
    'hono',
    server(
      "import { serve } from '@hono/node-server'\nserve({ fetch: app.fetch, port: 7860 }, (info) => console.log(info))\n",
    ),
  ),
  works(
    'bun by its default export',
    raw('FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nUSER bun\nCMD ["bun","run","src/index.ts"]', {
      'src/index.ts': 'export default { port: Number(process.env.PORT ?? 7860), fetch: app.fetch }\n',
    }),
  ),
  works(
    'deno serve',
    raw(
      'FROM denoland/deno:2.0.0\nWORKDIR /app\nCOPY . .\nCMD ["deno","serve","--port","7860","--allow-net","main.ts"]',
      { 'main.ts': 'export default { fetch() { return new Response("x") } }\n' },
    ),
  ),
  works(
    'deno run',
    raw('FROM denoland/deno:2.0.0\nCOPY . .\nCMD ["run","--allow-net","main.ts"]', {
      'main.ts': 'Deno.serve({ port: 7860 }, () => new Response("x"))\n',
    }),
  ),
  works('serve of a version', js('CMD ["npx","--yes","serve@14","dist","-s","-l","tcp://0.0.0.0:7860"]')),
  works(
    'a workspace of npm',
    js('CMD ["npm","start","--workspace=web"]', {
      'package.json': '{"name":"x","workspaces":["web"],"scripts":{"start":"node dev.js"}}',
      'dev.js': 'app.listen(3000)\n',
      'web/package.json': '{"name":"web","scripts":{"start":"node s.js"}}',
      'web/s.js': 'app.listen(7860)\n',
    }),
  ),
  works(
    'a folder of npm',
    js('CMD ["npm","--prefix","web","start"]', {
      'package.json': '{"name":"x","scripts":{"start":"node dev.js"}}',
      'dev.js': 'app.listen(3000)\n',
      'web/package.json': '{"name":"web","scripts":{"start":"node s.js"}}',
      'web/s.js': 'app.listen(7860)\n',
    }),
  ),
  works(
    'npm start without a script',
    js('CMD ["npm","start"]', { 'package.json': '{"name":"x"}', 'server.js': 'app.listen(7860)\n' }),
  ),
  works(
    'PORT in the script',
    scripts('PORT=7860 node server.js', { 'server.js': 'app.listen(process.env.PORT || 3000)\n' }),
  ),
  works(
    'cross-env in the script',
    scripts('cross-env NODE_ENV=production PORT=7860 node server.js', {
      'server.js': 'app.listen(process.env.PORT || 3000)\n',
    }),
  ),
  works('vite preview for everybody', scripts('vite preview --host --port 7860')),
  works(
    'vite with a config for the port',
    scripts('vite preview', { 'vite.config.ts': 'export default { preview: { port: 7860, host: true } }\n' }),
  ),
  works('nuxt output', js('ENV NITRO_PORT=7860\nCMD ["node",".output/server/index.mjs"]')),
  works(
    'sveltekit',
    js('ENV PORT=7860\nCMD ["node","build"]', {
      'package.json': '{"name":"x","devDependencies":{"@sveltejs/adapter-node":"5"}}',
    }),
  ),
  works('remix-serve', scripts('remix-serve ./build/server/index.js', {}, 'ENV PORT=7860\n')),
  works('compiled by tsc', typescript('const port = Number(process.env.PORT) || 7860\napp.listen(port)\n')),
  works(
    'a proxy that is no server',
    server(
      "const upstream = { host: 'localhost', port: 3000 }\nconst pool = new Pool({ host: 'localhost', port: 5432 })\napp.listen(7860, '0.0.0.0')\n",
    ),
  ),
  works('a server for metrics beside', server("metrics.listen(9090, '127.0.0.1')\napp.listen(7860)\n")),
  works(
    'a promise around listen',
    server("await new Promise((resolve) => server.listen({ port: 7860, host: '::' }, resolve))\n"),
  ),
  works(
    'yarn with a folder',
    js('CMD ["yarn","--cwd","web","start"]', {
      'package.json': '{"name":"x","scripts":{"start":"node dev.js","web":"node dev.js"}}',
      'dev.js': 'app.listen(3000)\n',
    }),
  ),
  works(
    'pnpm with a filter',
    js('CMD ["pnpm","--filter","web","start"]', {
      'package.json': '{"name":"x","scripts":{"start":"node dev.js"}}',
      'dev.js': 'app.listen(3000)\n',
    }),
  ),
  works(
    'a version in the code',
    server(
      "import express from 'express'\nconst app = express()\nconst PORT = parseInt(process.env.PORT ?? '0x1EB4', 16)\napp.listen(PORT)\n",
    ),
  ),
  works(
    'nodemon',
    js('CMD ["npx","nodemon","--exec","tsx","server.ts"]', { 'server.ts': 'app.listen(7860)\n' }),
  ),
]

const wrong: readonly Space[] = [
  breaks('next standalone by default', port, standalone('')),
  breaks(
    'concurrently on 3000',
    port,
    scripts('concurrently "node api.js" "node web.js"', {
      'api.js': 'app.listen(3000)\n',
      'web.js': 'app.listen(5173)\n',
    }),
  ),
  breaks(
    'npm-run-all on 3000',
    port,
    scripts('run-p api web', { 'api.js': 'app.listen(3000)\n', 'web.js': 'app.listen(5173)\n' }),
  ),
  breaks(
    'tsx by --import on 3000',
    port,
    js('CMD ["node","--import","tsx","src/server.ts"]', { 'src/server.ts': 'app.listen(3000)\n' }),
  ),
  breaks(
    'a default of destructuring, 3000',
    port,
    server('const { PORT = 3000 } = process.env\napp.listen(PORT, () => console.log(PORT))\n'),
  ),
  breaks(
    'normalizePort, 3000',
    port,
    js('CMD ["node","./bin/www"]', {
      'bin/www':
        "#!/usr/bin/env node\nvar port = normalizePort(process.env.PORT || '3000');\nserver.listen(port);\n",
    }),
  ),
  breaks(
    'hono by default',
    port,
    server("import { serve } from '@hono/node-server'\nconst app = new Hono()\nserve(app)\n"),
  ),
  breaks(
    'bun by its default export on 3000',
    port,
    raw('FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nUSER bun\nCMD ["bun","src/index.ts"]', {
      'src/index.ts': 'export default { port: 3000, fetch: app.fetch }\n',
    }),
  ),
  breaks(
    'deno serve by default',
    port,
    raw('FROM denoland/deno:2.0.0\nCOPY . .\nCMD ["deno","serve","main.ts"]', {
      'main.ts': 'export default { fetch() {} }\n',
    }),
  ),
  breaks(
    'Deno.serve by default',
    port,
    raw('FROM denoland/deno:2.0.0\nWORKDIR /app\nCOPY . .\nCMD ["deno","run","-A","main.ts"]', {
      'main.ts': 'Deno.serve(() => new Response("x"))\n',
    }),
  ),
  breaks('serve of a version on 3000', port, js('CMD ["npx","serve@14","-s","dist"]')),
  breaks('http-server on 8080', port, js('CMD ["npx","-y","http-server","dist"]')),
  breaks(
    'npm start without a script on 3000',
    port,
    js('CMD ["npm","start"]', { 'package.json': '{"name":"x"}', 'server.js': 'app.listen(3000)\n' }),
  ),
  breaks(
    'PORT in the script, 3000',
    port,
    scripts('PORT=3000 node server.js', { 'server.js': 'app.listen(process.env.PORT || 7860)\n' }),
  ),
  breaks('nuxt output by default', port, js('CMD ["node",".output/server/index.mjs"]')),
  breaks(
    'compiled by tsc, on 3000',
    port,
    typescript('const port = process.env.PORT || 3000\napp.listen(port)\n'),
  ),
  breaks('react-scripts start', port, scripts('react-scripts start')),
  breaks('next dev', port, scripts('next dev')),
  breaks('vite in development', address, scripts('vite --port 7860')),
  breaks('astro preview', address, scripts('astro preview --port 7860')),
  breaks('koa on 8080', port, server("import Koa from 'koa'\nconst app = new Koa()\napp.listen(8080)\n")),
  breaks(
    'http on loopback',
    address,
    server(
      "import http from 'node:http'\nhttp.createServer((q, s) => s.end('x')).listen(7860, '127.0.0.1')\n",
    ),
  ),
  breaks('a list with $PORT', port, js('ENV PORT=7860\nCMD ["npx","serve","-l","$PORT"]')),
  breaks(
    'yarn start of next',
    port,
    js('CMD ["yarn","start"]', { 'package.json': '{"name":"x","scripts":{"start":"next start"}}' }),
  ),
]

/** What Node people start. */
export const nodeStarts: readonly Space[] = [...right, ...wrong]
