import { type Space, breaks, head, py, raw, readme, run, works } from './space.js'

/** Databases, secrets and the Hub. */
export const rest: readonly Space[] = [
  works('SQLite in the home', py(`ENV DATABASE_URL=sqlite:////home/user/app/data.db\n${run}`)),
  works('SQLite relative in a folder of the user', py(`ENV DATABASE_URL=sqlite:///./data.db\n${run}`)),
  works('SQLite as root', raw('FROM python:3.12-slim\nWORKDIR /app\nENV DB_PATH=/app/x.db\n' + run)),
  works(
    'SQLite in /tmp',
    raw(
      'FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nWORKDIR /app\nENV DATABASE_URL=sqlite:////tmp/x.db\nUSER user\n' +
        run,
    ),
  ),
  works(
    'chmod 777',
    raw(
      'FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nWORKDIR /app\nRUN mkdir -p data && chmod -R 777 data\nENV DB_PATH=/app/data/x.db\nUSER user\n' +
        run,
    ),
  ),
  works(
    'a migration that may fail',
    py('CMD alembic upgrade head || true; uvicorn app:app --host 0.0.0.0 --port 7860'),
  ),
  works(
    'a public variable',
    py(`ENV NEXT_PUBLIC_KEY=abc MAX_TOKENS=512 TOKENIZERS_PARALLELISM=false\n${run}`),
  ),
  works(
    'a secret from the build',
    py(`RUN --mount=type=secret,id=HF_TOKEN cat /run/secrets/HF_TOKEN > /dev/null\n${run}`),
  ),
  works('a gradio Space', {
    'README.md': readme.replace(
      'sdk: docker\napp_port: 7860',
      'sdk: gradio\nsdk_version: 5.0.0\napp_file: app.py',
    ),
    'app.py': 'import gradio\n',
  }),
  breaks(
    'SQLite in a folder of root',
    'SQLite|writ',
    raw(
      'FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nWORKDIR /app\nCOPY . .\nENV DATABASE_URL=sqlite:////app/db/x.db\nUSER user\n' +
        run,
    ),
  ),
  breaks(
    'SQLAlchemy by default',
    'SQLite',
    raw('FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nWORKDIR /app\nCOPY . .\nUSER user\n' + run, {
      'database.py': "engine = create_engine('sqlite:///./app.db')\n",
    }),
    'warning',
  ),
  breaks(
    'a cache of root',
    'cache',
    raw(
      'FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nWORKDIR /app\nENV TRANSFORMERS_CACHE=/app/cache\nUSER user\n' +
        run,
    ),
    'warning',
  ),
  breaks(
    'a migration before the start',
    'alembic',
    py('CMD alembic upgrade head && uvicorn app:app --host 0.0.0.0 --port 7860'),
    'warning',
  ),
  breaks(
    'a migration in a script',
    'manage\\.py migrate',
    py('CMD ["sh","start.sh"]', {
      'start.sh': '#!/bin/sh\nset -e\npython manage.py migrate\nexec gunicorn -b 0.0.0.0:7860 x.wsgi\n',
    }),
    'warning',
  ),
  breaks('a migration at build', 'build', py(`RUN python manage.py migrate\n${run}`), 'warning'),
  breaks(
    'a database on localhost',
    'localhost',
    py(`ENV DATABASE_URL=postgresql://app@localhost:5432/app\n${run}`),
    'warning',
  ),
  breaks(
    'a database of compose',
    'db',
    py(`ENV DATABASE_URL=postgresql://app@db:5432/app\n${run}`, {
      'docker-compose.yml': 'services:\n  app:\n    build: .\n  db:\n    image: postgres:18\n',
    }),
    'warning',
  ),
  breaks(
    'a URL that is none',
    'DATABASE_URL',
    py(`ENV DATABASE_URL=postgres://app@host:notaport/x\n${run}`),
    'warning',
  ),
  breaks(
    'a password in ENV',
    'DATABASE_URL',
    py(`ENV DATABASE_URL=postgres://app:s3cret@db.example.com/x\n${run}`),
    'warning',
  ),
  breaks(
    'HF_TOKEN in ENV',
    'HF_TOKEN',
    py(`ENV HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyzabcdefgh\n${run}`),
    'warning',
  ),
  breaks(
    '.env in the repository',
    '\\.env',
    py(run, { '.env': 'OPENAI_API_KEY=sk-abcdefghijk\n' }),
    'warning',
  ),
  breaks(
    'a token in the source',
    'token',
    py(run, { 'app.py': "TOKEN = 'hf_abcdefghijklmnopqrstuvwxyzabcdefgh'\n" }),
    'warning',
  ),
  breaks('README without a head', 'README', { ...py(run), 'README.md': '# Hello\n' }),
  breaks('sdk is missing', 'sdk', { ...py(run), 'README.md': readme.replace('sdk: docker\n', '') }),
  breaks('a colour that is none', 'colorFrom', { ...py(run), 'README.md': readme.replace('blue', 'orange') }),
  breaks('a short description that is long', 'short_description', {
    ...py(run),
    'README.md': readme.replace('app_port', `short_description: ${'x'.repeat(61)}\napp_port`),
  }),
  breaks('dockerfile in small letters', 'Dockerfile', { 'README.md': readme, dockerfile: head + run }),
]
