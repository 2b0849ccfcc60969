import { type Space, breaks, head, raw, works } from './space.js'

const api = 'from fastapi import FastAPI\napp = FastAPI()\n'
const uvicorn = (application: string, main: string) =>
  raw(`${head}CMD ["uvicorn","${application}","--host","0.0.0.0","--port","7860"]`, { 'main.py': main })
const gunicorn = (application: string, main: string) =>
  raw(`${head}CMD ["gunicorn","-b","0.0.0.0:7860","${application}"]`, { 'wsgi.py': main })

const manifest = JSON.stringify({ name: 'x', version: '1.0.0', engines: { node: '>=20' } })
const node = (source: string, file = 'server.js') =>
  raw(`FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm install\nUSER node\nCMD ["node","${file}"]`, {
    'package.json': manifest,
    [file]: source,
  })
const listen = "require('express')().listen(7860)\n"
const file = (source: string, name?: string) => node(`${source}\n${listen}`, name)

const prisma = (lines: string, files: Record<string, string> = {}) =>
  raw(
    `FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm install\n${lines}ENV DATABASE_URL=file:./dev.db\nUSER node\nCMD ["node","server.js"]`,
    {
      'package.json': manifest,
      'server.js': listen,
      'prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url = env("DATABASE_URL")\n}\n',
      ...files,
    },
  )
const settings = (database: string, base = 'Path(__file__).resolve().parent.parent') =>
  raw(
    'FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nWORKDIR /app\nCOPY . .\nRUN pip install django gunicorn\nUSER user\nCMD ["gunicorn","-b","0.0.0.0:7860","site1.wsgi"]',
    {
      'site1/settings.py': `from pathlib import Path\nBASE_DIR = ${base}\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ${database}}}\n`,
      'site1/wsgi.py': 'application = None\n',
    },
  )

const scripts = (install: string, lines = '', extra: object = {}, first = '') =>
  raw(`FROM node:22-slim\n${first}WORKDIR /app\nCOPY . .\nRUN ${install}\n${lines}CMD ["npm","run","dev"]`, {
    'package.json': JSON.stringify({
      name: 'x',
      engines: { node: '>=20' },
      scripts: { dev: 'nodemon server.js' },
      devDependencies: { nodemon: '^3.0.0' },
      ...extra,
    }),
    'server.js': listen,
  })
const previewed = (dev: boolean | undefined) => ({
  ...raw(
    `FROM node:22-slim\nWORKDIR /app\nENV PORT=7860\nCOPY . .\nRUN npm install --omit=dev\nCMD ["npm","start"]`,
    {
      'package.json': JSON.stringify({
        name: 'x',
        version: '1.0.0',
        engines: { node: '>=20' },
        scripts: { start: 'vite preview --host 0.0.0.0 --port 7860' },
        devDependencies: { vite: '^7.0.0' },
      }),
    },
  ),
  ...(dev !== undefined && {
    'package-lock.json': JSON.stringify({
      lockfileVersion: 3,
      packages: {
        '': { name: 'x', version: '1.0.0', devDependencies: { vite: '^7.0.0' } },
        'node_modules/vite': { version: '7.0.0', ...(dev && { dev }) },
      },
    }),
  }),
})
const distroless = (end: string, tag = '') =>
  raw(
    `FROM node:22-slim AS build\nWORKDIR /app\nCOPY . .\nRUN npm install\nFROM gcr.io/distroless/nodejs22-debian12${tag}\nWORKDIR /app\nCOPY --from=build /app .\nENV PORT=7860\n${end}`,
    { 'package.json': manifest, 'server.js': listen },
  )
const stages = (last: string, first = 'RUN pip install -r requirements.txt') =>
  raw(
    `FROM python:3.12-slim AS build\nCOPY requirements.txt .\n${first}\nFROM python:3.12-slim\n${last}WORKDIR /app\nCOPY . .\nCMD ["uvicorn","main:app","--host","0.0.0.0","--port","7860"]`,
    { 'requirements.txt': 'fastapi\nuvicorn\n', 'main.py': api },
  )
const flask = (port: string, lines = '') =>
  raw(`${head}${lines}CMD ["python","app.py"]`, {
    'app.py': `import os\nfrom flask import Flask\napp = Flask(__name__)\napp.run(host='0.0.0.0', port=${port})\n`,
  })
const libraries = '/usr/local/lib/python3.12/site-packages'

/** Where what a program names is not there, cannot be reached or cannot be written. */
export const namesInTheCode: readonly Space[] = [
  breaks('a port that is demanded of a variable', 'PORT is set nowhere', flask("int(os.environ['PORT'])")),
  breaks(
    'a port that is no number without its variable',
    'PORT is set nowhere',
    flask("int(os.getenv('PORT'))"),
  ),
  breaks('a port that may be none is the default', '5000', flask("os.getenv('PORT')")),
  works('a port that is demanded and set', flask("int(os.environ['PORT'])", 'ENV PORT=7860\n')),
  breaks('a start with a tool that was left out', 'nodemon.*--omit=dev', scripts('npm install --omit=dev')),
  breaks(
    'a start with a tool that the environment leaves out',
    'nodemon.*NODE_ENV',
    raw(
      `FROM node:22-slim\nENV NODE_ENV=production\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD ["npm","start"]`,
      {
        'package.json': JSON.stringify({
          name: 'x',
          engines: { node: '>=20' },
          scripts: { start: 'nodemon server.js' },
          devDependencies: { nodemon: '^3.0.0' },
        }),
        'server.js': listen,
      },
    ),
  ),
  ...[
    { fate: 'is locked for development', dev: true, want: 'error' as const },
    { fate: 'is locked for all', dev: false, want: 'no error' as const },
    { fate: 'may come with another', dev: undefined, want: 'warning' as const },
  ].map(({ fate, dev, want }) => ({
    ...breaks(`a start with a tool that ${fate}`, 'vite', previewed(dev)),
    want,
  })),
  works('a start with a tool that newer Yarn installs', {
    ...scripts('yarn install', '', {}, 'ENV NODE_ENV=production\n'),
    'yarn.lock': '__metadata:\n  version: 8\n',
  }),
  works('a start with a tool that npx fetches', {
    ...scripts('npm install --omit=dev', '', { scripts: { dev: 'npx nodemon server.js' } }),
  }),
  works('a start with a tool that .npmrc includes', {
    ...scripts('npm install', '', {}, 'ENV NODE_ENV=production\n'),
    '.npmrc': 'include=dev\n',
  }),
  works('a port that is set with others', {
    ...flask("int(os.environ['PORT'])"),
    'app.py':
      "import os\nfrom flask import Flask\nos.environ.update({'PORT': '7860'})\napp = Flask(__name__)\napp.run(host='0.0.0.0', port=int(os.environ['PORT']))\n",
  }),
  works(
    'an app that the build renames',
    raw(
      `${head}RUN sed -i 's/^app =/application =/' main.py\nCMD ["uvicorn","main:application","--host","0.0.0.0","--port","7860"]`,
      { 'main.py': api },
    ),
  ),
  works('an app of a package beside a module', {
    ...uvicorn('main:application', api),
    'main/__init__.py': 'application = None\n',
  }),
  works('a shell that is copied', distroless('COPY --from=build / /\nENTRYPOINT []\nCMD node server.js')),
  works(
    'arguments in the form of a line',
    distroless('ENTRYPOINT ["/nodejs/bin/node","server.js"]\nCMD server.js'),
  ),
  works(
    'a shell of another kind',
    distroless('SHELL ["/nodejs/bin/node","-e"]\nENTRYPOINT []\nCMD require("/app/server.js")'),
  ),
  works('a file of another option', file("require('sqlite'); const options = { filename: 'backup.db' }")),
  works('a start with a tool that was installed', scripts('npm install')),
  works('a start with a tool for all', scripts('npm install --omit=dev', 'RUN npm install -g nodemon\n')),
  works(
    'a start with a tool that is a dependency too',
    scripts('npm install --omit=dev', '', { dependencies: { nodemon: '^3.0.0' } }),
  ),
  breaks('a line for a shell that is not there', 'a shell', distroless('CMD node server.js')),
  works('a list where there is no shell', distroless('CMD ["server.js"]')),
  works('a line for the shell of a debug image', distroless('CMD /nodejs/bin/node server.js', ':debug')),
  breaks('packages that stay in an earlier stage', 'uvicorn.*/usr/local', stages('')),
  breaks(
    'programs that stay in an earlier stage',
    'uvicorn.*/usr/local/bin',
    stages(`COPY --from=build ${libraries} ${libraries}\n`),
  ),
  breaks(
    'an environment that stays in an earlier stage',
    'uvicorn.*/opt/venv',
    stages(
      'ENV PATH=/opt/venv/bin:$PATH\n',
      'RUN python -m venv /opt/venv && /opt/venv/bin/pip install -r requirements.txt',
    ),
  ),
  works(
    'packages that are copied',
    stages(`COPY --from=build ${libraries} ${libraries}\nCOPY --from=build /usr/local/bin /usr/local/bin\n`),
  ),
  works(
    'an environment that is copied',
    stages(
      'ENV PATH=/opt/venv/bin:$PATH\nCOPY --from=build /opt/venv /opt/venv\n',
      'RUN python -m venv /opt/venv && /opt/venv/bin/pip install -r requirements.txt',
    ),
  ),
  breaks('an app of another name', 'main:app', uvicorn('main:application', api)),
  breaks(
    'an app of another name, for gunicorn',
    'wsgi:server',
    gunicorn('wsgi:app', 'from flask import Flask\nserver = Flask("x")\n'),
  ),
  works('an app of a name that cannot be read', uvicorn('main:application', 'app = build()\n')),
  works('a factory', gunicorn('wsgi:create_app()', 'def create_app():\n    return None\n')),
  works('a name that comes from elsewhere', uvicorn('main:application', 'from server import *\n')),
  works('a name that is handed through', uvicorn('main:application', 'from server import application\n')),
  works('what lies below a name', uvicorn('main:sio.app', 'sio = make()\n')),
  breaks(
    'Fastify, made at once',
    'localhost',
    node("const app = require('fastify')({ logger: true })\napp.listen({ port: 7860 }, (err) => {})\n"),
  ),
  breaks(
    'Fastify under a name of its own',
    'localhost',
    node("const create = require('fastify')\nconst app = create()\napp.listen({ port: 7860 })\n"),
  ),
  breaks(
    'Fastify below NestJS',
    'localhost',
    node(
      'async function start() {\n  const app = await NestFactory.create(AppModule, new FastifyAdapter())\n  await app.listen(7860)\n}\nstart()\n',
    ),
  ),
  works(
    'Fastify below NestJS on all interfaces',
    node(
      "async function start() {\n  const app = await NestFactory.create(AppModule, new FastifyAdapter())\n  await app.listen(7860, '0.0.0.0')\n}\nstart()\n",
    ),
  ),
  works(
    'Fastify on all interfaces',
    node("const app = require('fastify')()\napp.listen({ port: 7860, host: '0.0.0.0' })\n"),
  ),
  breaks(
    'hapi on localhost',
    'localhost',
    node(
      "const Hapi = require('@hapi/hapi')\nconst server = Hapi.server({ port: 7860, host: 'localhost' })\nserver.start()\n",
    ),
  ),
  works(
    'hapi with a name of its own',
    node(
      "const Hapi = require('@hapi/hapi')\nconst server = Hapi.server({ port: 7860, host: 'localhost', address: '0.0.0.0' })\nserver.start()\n",
    ),
  ),
  works('hapi as it is', node("const Hapi = require('@hapi/hapi')\nHapi.server({ port: 7860 }).start()\n")),
  breaks(
    'a file of knex',
    'dev.sqlite3 in /app',
    file("require('knex')({ client: 'sqlite3', connection: { filename: './dev.sqlite3' } })"),
    'warning',
  ),
  breaks(
    'a file of Sequelize',
    'database.sqlite in /app',
    file("new Sequelize({ dialect: 'sqlite', storage: 'database.sqlite' })"),
    'warning',
  ),
  breaks(
    'a file of TypeORM',
    'db.sqlite in /app',
    file("new DataSource({ type: 'sqlite', database: 'db.sqlite' })"),
    'warning',
  ),
  breaks(
    'a file beside the source',
    'src/data/a.db in /app/src/data',
    file("new Database(path.join(__dirname, 'data', 'a.db'))", 'src/server.js'),
    'warning',
  ),
  breaks(
    'a file in the working directory',
    'a.db in /app',
    file("new Database(path.join(process.cwd(), 'a.db'))", 'src/server.js'),
    'warning',
  ),
  works('an option of another database', file("connect({ database: 'app.db' })")),
  works('a file of Prisma, whose folder is given away', prisma('RUN chown -R node:node /app/prisma\n')),
  breaks('a file of Prisma', 'in /app/prisma', prisma('')),
  works('a file of Prisma with a configuration', prisma('', { 'prisma.config.ts': 'export default {}' })),
  works('a folder for all', file("new Database(path.join('/tmp', 'a.db'))")),
  breaks('a file of Django', 'db.sqlite3 in /app', settings("BASE_DIR / 'db.sqlite3'"), 'warning'),
  breaks(
    'a file of Django, joined',
    'site1/db.sqlite3 in /app/site1',
    settings("os.path.join(BASE_DIR, 'db.sqlite3')", 'os.path.dirname(os.path.abspath(__file__))'),
    'warning',
  ),
]
