import { type Space, breaks, py, raw, readme, run, works } from './space.js'

const root = 'FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nWORKDIR /app\nCOPY . .\nUSER user\n'

const gradio = (version: string) => ({
  'README.md': `---\ntitle: T\nsdk: gradio\nsdk_version: 5.0.1\npython_version: ${version}\n---\n`,
  'app.py': 'import gradio\n',
})

const right: readonly Space[] = [
  works(
    'a volume of the user',
    raw(
      `FROM python:3.12-slim\nRUN useradd -m -u 1000 user && mkdir -p /app/data && chown -R user:user /app\nWORKDIR /app\nCOPY --chown=user . .\nENV DATABASE_URL=sqlite:////app/data/x.db\nUSER user\n${run}`,
    ),
  ),
  works(
    'install -d for the user',
    raw(
      `FROM python:3.12-slim\nRUN useradd -m -u 1000 user && install -d -m 0755 -o user -g user /srv/db\nENV SQLITE_PATH=/srv/db/x.db\nUSER user\n${run}`,
    ),
  ),
  works(
    'a group for all',
    raw(
      `FROM python:3.12-slim\nRUN mkdir /srv/db && chmod -R a+rwX /srv/db\nENV SQLITE_PATH=/srv/db/x.db\nUSER 1000\n${run}`,
    ),
  ),
  works(
    'a folder that is made by a loop',
    raw(
      `FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nRUN for d in a b; do mkdir -p /srv/$d && chown user /srv/$d; done\nENV SQLITE_PATH=/srv/a/x.db\nUSER user\n${run}`,
    ),
  ),
  works(
    'WORKDIR of root, COPY for the user, SQLite in a folder that is copied',
    raw(
      `FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nWORKDIR /app\nCOPY --chown=user:user ./data /app/data\nENV DB_FILE=data/x.db\nUSER user\n${run}`,
      { 'data/.gitkeep': '' },
    ),
  ),
  works(
    'a URL of another program',
    py(
      `ENV DATABASE_URL=jdbc:postgresql://db.example.com/x\nENV REDIS_URL=redis://localhost:6379/0 MONGO_URL=mongodb://db.example.com/x\n${run}`,
    ),
  ),
  works('Prisma', py(`ENV DATABASE_URL=file:./dev.db\n${run}`)),
  works('an async driver', py(`ENV DATABASE_URL=postgresql+asyncpg://app@db.example.com:5432/x\n${run}`)),
  works(
    'a database in the container',
    py(
      'ENV DATABASE_URL=postgresql://app@localhost:5432/app\nCMD ["sh","-c","service postgresql start && uvicorn app:app --host 0.0.0.0 --port 7860"]',
    ),
  ),
  works(
    'a migration that may fail, in a script',
    py('CMD ["sh","start.sh"]', {
      'start.sh':
        '#!/bin/sh\nalembic upgrade head || echo "not migrated"\nexec uvicorn app:app --host 0.0.0.0 --port 7860\n',
    }),
  ),
  works(
    'a migration on SQLite',
    py(
      'ENV DATABASE_URL=sqlite:////home/user/app/x.db\nCMD alembic upgrade head && uvicorn app:app --host 0.0.0.0 --port 7860',
    ),
  ),
  works(
    'an example of .env',
    py(run, { '.env.example': 'DATABASE_URL=postgres://app:secret@localhost/x\n' }),
  ),
  works(
    '.env that is ignored',
    py(run, {
      '.env': 'DATABASE_URL=postgres://u:pw@host:notaport/x\n',
      '.gitignore': '.env\n',
      '.dockerignore': '.env\n',
    }),
  ),
  works(
    'Compose with a database for development',
    py(run, {
      'compose.yaml':
        'services:\n  app:\n    build: .\n    environment:\n      DATABASE_URL: postgres://app:app@db/app\n  db:\n    image: postgres:18\n',
    }),
  ),
  works('a static Space', {
    'README.md': readme.replace('sdk: docker\napp_port: 7860', 'sdk: static'),
    'index.html': '<h1>x</h1>',
  }),
  works('a head with every field', {
    ...py(run),
    'README.md':
      '---\ntitle: "T: the app"\nemoji: 👩‍🚀\ncolorFrom: pink\ncolorTo: gray\nsdk: docker\napp_port: 7860\npinned: false\nlicense: apache-2.0\nshort_description: An app\ntags:\n  - x\nmodels:\n  - a/b\ndatasets: []\nsuggested_hardware: cpu-basic\nhf_oauth: true\nhf_oauth_scopes:\n  - read-repos\ncustom_headers:\n  cross-origin-embedder-policy: require-corp\npreload_from_hub:\n  - a/b c.bin\nheader: mini\nfullWidth: true\nstartup_duration_timeout: 1h\nthumbnail: https://example.com/a.png\n---\n\n# T\n\n---\n\ntext\n',
  }),
  works('a new kind of hardware', {
    ...py(run),
    'README.md': readme.replace('app_port', 'suggested_hardware: h300x4\napp_port'),
  }),
  works('a head with CRLF', { ...py(run), 'README.md': readme.replaceAll('\n', '\r\n') }),
  works('a head with a mark of its order of bytes', { ...py(run), 'README.md': `\uFEFF${readme}` }),
  works('a flag as emoji', { ...py(run), 'README.md': readme.replace('🐳', '🇩🇪') }),
  works('another port on both sides', {
    ...py('CMD ["uvicorn","app:app","--host","0.0.0.0","--port","8000"]'),
    'README.md': readme.replace('7860', '8000'),
  }),
  works('the port of the documents by default', {
    ...py(run),
    'README.md': readme.replace('app_port: 7860\n', ''),
  }),
  works('a nested README beside one that is right', {
    ...py(run),
    'backend/README.md': '---\nsdk: docker\n---\n',
  }),
  works(
    'a token as an example',
    py(run, { 'README2.md': 'export HF_TOKEN=hf_...\n', 'app.py': "TOKEN = os.environ['HF_TOKEN']\n" }),
  ),
  works('an ARG for a secret without a value', py(`ARG HF_TOKEN\nENV API_KEY=""\n${run}`)),
]

const wrong: readonly Space[] = [
  breaks(
    'a URL that is none in Compose',
    'DATABASE_URL',
    py(run, {
      'compose.yaml': 'services:\n  app:\n    environment:\n      DATABASE_URL: postgres://app@db:port/app\n',
    }),
    'note',
  ),
  breaks(
    'a URL that is none in a list of Compose',
    'DATABASE_URL',
    py(run, {
      'compose.yaml':
        'services:\n  app:\n    environment:\n      - DEBUG\n      - DATABASE_URL=mysql://app@db:99999/app\n',
    }),
    'note',
  ),
  breaks(
    'SQLite in a folder of root, by SQLAlchemy',
    'SQLite|writ',
    raw(
      `${root.replace('USER user\n', '')}ENV SQLALCHEMY_DATABASE_URI=sqlite:////app/instance/x.db\nUSER user\n${run}`,
    ),
  ),
  breaks(
    'SQLite relative to a folder of root',
    'SQLite|writ',
    raw(`${root}ENV DATABASE_URL=sqlite:///./x.db\n${run}`),
  ),
  breaks(
    'sqlite3.connect in a folder of root',
    'SQLite|writ',
    raw(`${root}${run}`, { 'app.py': "import sqlite3\ndb = sqlite3.connect('data/x.db')\n" }),
    'warning',
  ),
  breaks(
    'better-sqlite3 in a folder of root',
    'SQLite|writ',
    raw('FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","server.js"]', {
      'server.js':
        "import Database from 'better-sqlite3'\nconst db = new Database('app.db')\napp.listen(7860)\n",
    }),
    'warning',
  ),
  breaks(
    'a database in /data',
    '/data|bucket',
    py(`ENV DATABASE_URL=sqlite:////data/app.db\n${run}`),
    'warning',
  ),
  breaks(
    'a cache in /.cache',
    'cache',
    raw(`FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nENV HF_HOME=/models/cache\nUSER user\n${run}`),
    'warning',
  ),
  breaks(
    'a published .env with a URL that is none',
    'DATABASE_URL',
    py(run, { '.env': 'DATABASE_URL=postgres://u@host:notaport/x\n' }),
    'warning',
  ),
  breaks(
    'a published .env with a local database',
    'localhost|DATABASE_URL',
    py(run, { '.env': 'DATABASE_URL="postgres://u@localhost/x"\n' }),
    'warning',
  ),
  breaks(
    'a database of Compose in ENV',
    'db|Compose|compose',
    py(`ENV DB_HOST=db\n${run}`, { 'docker-compose.yaml': 'services:\n  db:\n    image: mysql:9\n' }),
    'warning',
  ),
  breaks(
    'a misspelt parameter',
    'DATABASE_URL',
    py(`ENV DATABASE_URL=mysql://app@db.example.com:99999/x\n${run}`),
    'warning',
  ),
  breaks(
    'migrations of Prisma before the start',
    'prisma',
    raw(
      'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["sh","-c","npx prisma migrate deploy && node server.js"]',
      { 'server.js': 'app.listen(7860)\n' },
    ),
    'warning',
  ),
  breaks(
    'migrations in the script of npm',
    'migrate',
    raw('FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["npm","start"]', {
      'package.json':
        '{"name":"x","scripts":{"start":"npm run migrate && node server.js","migrate":"knex migrate:latest"}}',
      'server.js': 'app.listen(7860)\n',
    }),
    'warning',
  ),
  breaks(
    'Django migrations at build',
    'build',
    raw(
      `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN python manage.py collectstatic --noinput && python manage.py migrate\n${run}`,
    ),
    'warning',
  ),
  breaks(
    'a password of MySQL in ENV',
    'MYSQL_PASSWORD',
    py(`ENV MYSQL_PASSWORD=hunter22\n${run}`),
    'warning',
  ),
  breaks(
    'an AWS key in ENV',
    'AWS_SECRET_ACCESS_KEY',
    py(`ENV AWS_SECRET_ACCESS_KEY=abcdefghijklmnopqrstuvwxyz0123456789ABCD\n${run}`),
    'warning',
  ),
  breaks(
    'a token in a notebook',
    'token',
    py(run, { 'x.ipynb': '{"cells":[{"source":["login(\\"hf_abcdefghijklmnopqrstuvwxyzabcdefgh\\")"]}]}' }),
    'warning',
  ),
  breaks('README in a folder, none at the root', 'space', {
    'space/README.md': readme,
    'space/Dockerfile': 'FROM python:3.12-slim\n',
  }),
  breaks('Readme.md', 'README', { 'Readme.md': readme, Dockerfile: `FROM python:3.12-slim\n${run}\n` }),
  breaks('a head after a title', 'first', { ...py(run), 'README.md': `# T\n\n${readme}` }),
  breaks('a head without an end', 'end', { ...py(run), 'README.md': '---\ntitle: T\nsdk: docker\n\n# T\n' }),
  breaks('a tab in the head', 'YAML', {
    ...py(run),
    'README.md': readme.replace('app_port:', '\tapp_port:'),
  }),
  breaks('sdk in another word', 'sdk', {
    ...py(run),
    'README.md': readme.replace('sdk: docker', 'sdk: Docker'),
  }),
  breaks('app_port beyond the last', 'app_port', {
    ...py(run),
    'README.md': readme.replace('7860', '78600'),
  }),
  works('empty lines before the metadata', { ...py(run), 'README.md': `\n\n${readme}` }),
  works('a version of Python without quotes', gradio('3.12')),
  breaks('a version of Python that loses its zero', '"3.10"', gradio('3.10')),
  breaks(
    'a field with a wrong letter',
    'app_port',
    { ...py(run), 'README.md': readme.replace('app_port', 'app-port') },
    'warning',
  ),
  breaks('a license in other words', 'license', {
    ...py(run),
    'README.md': readme.replace('app_port', 'license: MIT License\napp_port'),
  }),
  breaks('Dockerfile.spaces alone', 'Dockerfile', {
    'README.md': readme,
    'Dockerfile.spaces': `FROM python:3.12-slim\n${run}\n`,
  }),
  breaks('a Dockerfile in a folder', 'Dockerfile', {
    'README.md': readme,
    'docker/Dockerfile': `FROM python:3.12-slim\n${run}\n`,
  }),
  breaks('streamlit as sdk', 'streamlit', {
    'README.md': readme.replace(
      'sdk: docker\napp_port: 7860',
      'sdk: streamlit\nsdk_version: 1.40.0\napp_file: app.py',
    ),
    'app.py': 'import streamlit\n',
  }),
]

/** Databases, secrets and the Hub, in unusual ways. */
export const dataAndHub: readonly Space[] = [...right, ...wrong]
