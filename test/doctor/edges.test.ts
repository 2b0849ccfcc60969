import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findingsIn, fixtures, makeProject, type Overlay } from './overlay.js'

const healthy = (name: string): string => readFileSync(join(fixtures, 'healthy', name), 'utf8')
const replaced = (name: string, from: string, to: string): Overlay => {
  if (!healthy(name).includes(from)) throw new Error(`${name} does not hold ${from}`)
  return { files: { [name]: healthy(name).replace(from, to) } }
}
const docker = (from: string, to: string): Overlay => replaced('Dockerfile', from, to)
const sqliteAfter = (...lines: string[]): Overlay =>
  docker('USER node', [...lines, 'ENV SQLITE_PATH=/srv/notes/notes.db', 'USER node'].join('\n'))
const metadata = (...lines: string[]): Overlay => ({
  files: { 'README.md': ['---', ...lines, '---', ''].join('\n') },
})
const lockfile = (change: (lock: { packages: Record<string, object> }) => void): string => {
  const lock = JSON.parse(healthy('package-lock.json')) as { packages: Record<string, object> }
  change(lock)
  return JSON.stringify(lock, null, 2)
}

interface Case {
  readonly name: string
  readonly overlay: Overlay
  readonly want: readonly string[]
}

const fine: readonly (readonly [string, Overlay])[] = [
  ['a folder that is given away by its owner', sqliteAfter('RUN mkdir -p /srv/notes && chown -R node /srv')],
  ['a folder that is open to all', sqliteAfter('RUN mkdir /srv/notes; chmod 777 /srv/notes')],
  ['a folder that is installed for the user', sqliteAfter('RUN install -d -o node /srv/notes')],
  ['a folder that the user makes', sqliteAfter('USER node', 'RUN mkdir -p /srv/notes')],
  [
    'a folder that is copied for the user',
    { files: { ...sqliteAfter('COPY --link --chown=node:node notes /srv/notes').files, 'notes/a': '' } },
  ],
  ['a home', docker('USER node', 'ENV SQLITE_PATH=/home/node/notes.db\nUSER node')],
  ['SQLite in memory', docker('USER node', 'ENV DATABASE_URL=sqlite::memory:\nUSER node')],
  [
    'a path that only the build knows',
    docker('USER node', 'ARG WHERE\nENV SQLITE_PATH=${WHERE}/notes.db\nUSER node'),
  ],
  [
    'a server without a password',
    docker('USER node', 'ENV DATABASE_URL=postgres://db.example.com/notes\nUSER node'),
  ],
  ['a secret that is not set', docker('USER node', 'ENV API_TOKEN= NEXT_PUBLIC_API_KEY=abc\nUSER node')],
  ['a user that only the build knows', docker('USER node', 'USER $WHO')],
  [
    'a user that takes the place of node',
    docker('USER node', 'RUN userdel node && useradd -u 1000 app\nUSER app'),
  ],
  [
    'a lockfile of the first version',
    { files: { 'package-lock.json': '{ "lockfileVersion": 1, "dependencies": {} }' } },
  ],
  ['a user by its number', docker('USER node', 'USER 1000:1000')],
  [
    'an image that never runs as root',
    docker('FROM node:24-bookworm-slim', 'FROM example.com/node:24-nonroot'),
  ],
  [
    'an image that never runs as root, and no user',
    {
      files: {
        Dockerfile: healthy('Dockerfile')
          .replace('FROM node:24-bookworm-slim', 'FROM example.com/node:24-nonroot')
          .replace('USER node\n', ''),
      },
    },
  ],
  ['an image by its digest', docker('node:24-bookworm-slim', 'node@sha256:0123')],
  ['npm run start', docker('["node", "server.js"]', '["npm", "run", "start"]')],
  ['npm start with a flag', docker('["node", "server.js"]', '["npm", "--silent", "start"]')],
  ['npm alone', docker('["node", "server.js"]', '["npm"]')],
  ['an absolute path', docker('["node", "server.js"]', '["node", "/app/server.js"]')],
  ['a path outside', docker('["node", "server.js"]', '["node", "/opt/server.js"]')],
  ['a folder where a Compose file would be', { files: { 'compose.yaml/a.txt': '' } }],
  ['a Compose file without services', { files: { 'compose.yaml': 'volumes: {}\n' } }],
  ['an empty service', { files: { 'compose.yaml': 'services:\n  app:\n' } }],
  ['an example of variables', { files: { '.env.example': 'API_TOKEN=\n' } }],
  [
    'a lockfile that is mounted',
    docker(
      'COPY package.json package-lock.json ./\nRUN npm',
      'RUN --mount=type=bind,source=package-lock.json,target=package-lock.json npm',
    ),
  ],
  [
    'a lockfile that is copied by a pattern',
    docker('COPY package.json package-lock.json ./', 'COPY package.json package-lock.json* ./'),
  ],
  [
    'a lockfile in a list',
    docker('COPY package.json package-lock.json ./', 'COPY ["./package.json", "./package-lock.json", "./"]'),
  ],
  ['the whole folder at once', docker('COPY package.json package-lock.json ./', 'COPY ./ ./')],
  [
    'the lockfile of another program',
    {
      files: {
        'yarn.lock': '',
        Dockerfile: healthy('Dockerfile')
          .replace('package-lock.json', 'yarn.lock')
          .replace('npm ci --omit=dev', 'yarn install'),
      },
      without: ['package-lock.json'],
    },
  ],
  ['a rebuild of everything', docker('npm ci --omit=dev', 'npm ci --ignore-scripts && npm rebuild')],
  ['a program that is installed for all', docker('RUN npm ci', 'RUN npm install -g npm@12\nRUN npm ci')],
  [
    'a script that is allowed with a version, where it is known whence it came',
    {
      files: {
        'package.json': healthy('package.json').replace('"sqlite3": true', '"sqlite3@6.0.1": true'),
        'package-lock.json': lockfile(({ packages }) => {
          packages['node_modules/sqlite3'] = {
            ...packages['node_modules/sqlite3'],
            resolved: 'https://example.com/sqlite3.tgz',
          }
        }),
      },
    },
  ],
  [
    'a package that another one brings along, and one of its own',
    {
      files: {
        'package-lock.json': lockfile(({ packages }) => {
          packages['node_modules/koa/node_modules/vary'] = { version: '1.1.2' }
          packages['node_modules/koa/node_modules/a'] = {
            version: '1.0.0',
            inBundle: true,
            dependencies: { b: '*' },
          }
        }),
      },
    },
  ],
  [
    'a package that brings what it needs, and is left out here',
    {
      files: {
        'package-lock.json': lockfile(({ packages }) => {
          packages['node_modules/a-wasm32'] = {
            version: '1.0.0',
            optional: true,
            bundleDependencies: ['b'],
            dependencies: { b: '*' },
          }
        }),
      },
    },
  ],
  [
    'a workspace that is not there',
    { files: { 'package-lock.json': lockfile(({ packages }) => void (packages['app'] = {})) } },
  ],
  [
    'a rule of Markdown below the metadata',
    { files: { 'README.md': `${healthy('README.md')}\n---\n\nsdk: none\n` } },
  ],
  [
    'no package.json',
    {
      files: { Dockerfile: healthy('Dockerfile').replace(/COPY package.*\nRUN npm.*\n/, '') },
      without: ['package.json'],
    },
  ],
]

const cases: readonly Case[] = [
  {
    name: 'a lockfile on one line',
    overlay: {
      files: {
        'package-lock.json': JSON.stringify(
          JSON.parse(lockfile(({ packages }) => delete packages['node_modules/vary'])),
        ),
      },
    },
    want: ['error lockfile-incomplete package-lock.json:1'],
  },
  ...fine.map(([name, overlay]) => ({ name, overlay, want: [] })),
  {
    name: 'no folder for SQLite',
    overlay: sqliteAfter('RUN mkdir -p /srv/notes'),
    want: ['error path-not-writable Dockerfile:8'],
  },
  {
    name: 'a folder of root',
    overlay: sqliteAfter(
      'RUN chown; chmod; chown root /srv/notes && chmod 700 /srv/notes && install -d /srv',
    ),
    want: ['error path-not-writable Dockerfile:8'],
  },
  {
    name: 'a user of another number',
    overlay: docker('USER node', 'RUN useradd -u 1234 app\nUSER app'),
    want: ['warning user-not-1000 Dockerfile:8'],
  },
  {
    name: 'an empty Dockerfile',
    overlay: { files: { Dockerfile: '' } },
    want: ['error dockerfile-invalid Dockerfile:1'],
  },
  {
    name: 'a word that is no instruction',
    overlay: docker('USER node', 'WXYZQVB node'),
    want: ['error dockerfile-invalid Dockerfile:7', 'note runs-as-root Dockerfile:9'],
  },
  {
    name: 'an env file as two words',
    overlay: docker('"node", "server.js"', '"node", "--env-file", "local.env", "server.js"'),
    want: ['error env-file-required Dockerfile:9'],
  },
  {
    name: 'a default port of Python',
    overlay: {
      files: {
        'main.py':
          'import os, uvicorn\nuvicorn.run(app, host="0.0.0.0", port=int(os.environ.get("PORT", 8000)))\n',
        Dockerfile: healthy('Dockerfile').replace('"node", "server.js"', '"python", "main.py"'),
      },
    },
    want: ['error port-mismatch main.py:2'],
  },
  {
    name: 'a port of gunicorn',
    overlay: docker('"node", "server.js"', '"gunicorn", "-b", "0.0.0.0:8000", "shop.main:app"'),
    want: ['error port-mismatch Dockerfile:9'],
  },
  {
    name: 'a named host of a service',
    overlay: {
      files: {
        'compose.yaml': 'services:\n  db: { image: postgres }\n',
        Dockerfile: healthy('Dockerfile').replace('USER node', 'ENV DB_HOST=db\nUSER node'),
      },
    },
    want: ['warning compose-host Dockerfile:7'],
  },
  {
    name: 'needs with conditions',
    overlay: {
      files: {
        'compose.yaml': 'services:\n  app:\n    depends_on: { db: { condition: service_started } }\n',
      },
      without: ['Dockerfile', 'README.md'],
    },
    want: ['error readme-missing README.md:1', 'note compose-service compose.yaml:2'],
  },
  {
    name: 'package.json that is no object',
    overlay: { files: { 'package.json': '3' } },
    want: ['error lockfile-invalid package.json:1'],
  },
  {
    name: 'package.json in another style',
    overlay: {
      files: { 'package.json': healthy('package.json').replace('"koa": ', '"koa" : "3.0.0", "x" : ') },
    },
    want: ['error lockfile-out-of-step package.json:1', 'error lockfile-out-of-step package.json:1'],
  },
  {
    name: 'no lockfile, and nothing to lock',
    overlay: {
      files: {
        'package.json': '{ "engines": { "node": ">=20" } }',
        Dockerfile: healthy('Dockerfile')
          .replace(' package-lock.json', '')
          .replace('npm ci --omit=dev', 'true'),
      },
      without: ['package-lock.json'],
    },
    want: [],
  },
  {
    name: 'metadata without fields',
    overlay: metadata('- sdk'),
    want: ['error metadata-not-yaml README.md:1'],
  },
  {
    name: 'fields without a plain name',
    overlay: metadata('title: Notes', 'sdk: docker', ': nothing', '? [a, b]', ': c'),
    want: ['warning metadata-unknown-field README.md:1', 'warning metadata-unknown-field README.md:1'],
  },
  {
    name: 'fields of docker and static with gradio',
    overlay: metadata('title: Notes', 'sdk: gradio', 'app_port: 7860', 'app_build_command: make'),
    want: ['warning metadata-other-sdk README.md:4', 'warning metadata-other-sdk README.md:5'],
  },
  {
    name: 'a migration that is tried again',
    overlay: docker(
      'CMD ["node", "server.js"]',
      'CMD npx knex migrate:latest && npx knex migrate:latest && exec node server.js',
    ),
    want: ['warning migration-blocks-start Dockerfile:9'],
  },
  {
    name: 'an organization that is a number',
    overlay: metadata('title: Notes', 'sdk: docker', 'hf_oauth_authorized_org: 3'),
    want: ['error metadata-invalid README.md:4'],
  },
]

for (const { name, overlay, want } of cases) {
  t.test(name, async (t) => t.same((await findingsIn(makeProject(t, overlay))).lines, want))
}
