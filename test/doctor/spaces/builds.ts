import { type Space, breaks, js, py, raw, run, works } from './space.js'

/** What a build does. */
export const builds: readonly Space[] = [
  works(
    'COPY of a folder and of a pattern',
    py(`COPY --chown=user src ./src\nCOPY --chown=user *.txt ./\n${run}`, { 'src/a.py': '', 'a.txt': '' }),
  ),
  works('COPY from an image', py(`COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/\n${run}`)),
  works(
    'COPY from a stage by its number',
    raw('FROM node:24-slim\nWORKDIR /w\nFROM python:3.12-slim\nCOPY --from=0 /w /w\n' + run),
  ),
  works(
    'an exception in .dockerignore',
    py(`COPY requirements.txt .\n${run}`, {
      'requirements.txt': 'fastapi\nuvicorn\n',
      '.dockerignore': '*\n!requirements.txt\n!*.py\n',
    }),
  ),
  works(
    'apt with -yq',
    raw(
      'FROM python:3.12-slim\nRUN apt-get update -qq && apt-get install -yq --no-install-recommends gcc\n' +
        run,
    ),
  ),
  works(
    'apt as root again',
    py(`USER root\nRUN apt-get update && apt-get install -y gcc\nUSER user\n${run}`),
  ),
  works(
    'groupadd and useradd on Python',
    raw('FROM python:3.12-slim\nRUN groupadd -g 1000 app && useradd -u 1000 -g app -m app\nUSER app\n' + run),
  ),
  works(
    'usermod on node',
    raw(
      'FROM node:24-slim\nRUN usermod -l app node && useradd -u 1001 x\nUSER app\nCMD ["npx","serve","-l","7860"]\n',
    ),
  ),
  works(
    'userdel of ubuntu',
    raw('FROM ubuntu:24.04\nRUN userdel -r ubuntu && useradd -m -u 1000 user\nUSER user\nCMD ["./server"]\n'),
  ),
  works(
    'Alpine adduser -D -u 1000',
    raw('FROM python:3.12-alpine\nRUN adduser -D -u 1000 user\nUSER user\n' + run),
  ),
  works(
    'pip in a venv on Debian',
    raw(
      'FROM debian:12\nRUN apt-get update && apt-get install -y python3-venv && python3 -m venv /v && /v/bin/pip install flask\nENV PATH=/v/bin:$PATH\nRUN pip install x\nCMD ["./x"]\n',
    ),
  ),
  works(
    'pip --break-system-packages',
    raw(
      'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip install --break-system-packages flask\nCMD ["./x"]\n',
    ),
  ),
  works(
    'npm ci with a mounted lockfile',
    raw(
      'FROM node:24-slim\nWORKDIR /a\nRUN --mount=type=bind,source=package-lock.json,target=package-lock.json npm ci\nUSER node\nCMD ["./x"]\n',
      { 'package.json': '{"name":"x"}', 'package-lock.json': '{"lockfileVersion":3,"packages":{"":{}}}' },
    ),
  ),
  works(
    'pnpm by corepack',
    js('RUN corepack enable && pnpm install --frozen-lockfile\nCMD ["./x"]', {
      'package.json': '{"name":"x"}',
      'pnpm-lock.yaml': '',
    }),
  ),
  works(
    'uv from its image',
    py(`COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/uv\nRUN uv sync --frozen\n${run}`, {
      'pyproject.toml': '[project]\nname="x"\ndependencies=["uvicorn"]\n',
      'uv.lock': '',
    }),
  ),
  works(
    'uvicorn by fastapi[standard]',
    py(`RUN pip install -r requirements.txt\n${run}`, { 'requirements.txt': 'fastapi[standard]>=0.115\n' }),
  ),
  works(
    'uvicorn by a package nobody knows',
    py(`RUN pip install -r requirements.txt\n${run}`, { 'requirements.txt': 'acme-server\n' }),
  ),
  works(
    'uvicorn installed by hand',
    py(`RUN pip install -r requirements.txt && pip install uvicorn\n${run}`, {
      'requirements.txt': 'fastapi\n',
    }),
  ),
  works(
    'psycopg2-binary',
    py(`RUN pip install -r requirements.txt\n${run}`, { 'requirements.txt': 'psycopg2-binary\nuvicorn\n' }),
  ),
  works('a here-document in COPY', py(`COPY <<EOF /tmp/a.conf\nuser x;\nEOF\n${run}`)),
  works(
    'a continuation with comments',
    raw(
      'FROM python:3.12-slim\nRUN apt-get update \\\n  # compilers\n  && apt-get install -y \\\n  gcc\n' +
        run,
    ),
  ),
  works(
    'build tools with --include=dev',
    raw(
      'FROM node:24-slim\nENV NODE_ENV=production\nWORKDIR /a\nCOPY . .\nRUN npm ci --include=dev && npm run build\nUSER node\nCMD ["./x"]\n',
      {
        'package.json': '{"name":"x","scripts":{"build":"tsc"},"devDependencies":{"typescript":"^5"}}',
        'package-lock.json':
          '{"lockfileVersion":3,"packages":{"":{"devDependencies":{"typescript":"^5"}},"node_modules/typescript":{"version":"5.0.0","dev":true}}}',
      },
    ),
  ),
  breaks('COPY of what is not there', 'config', py(`COPY config.yaml .\n${run}`)),
  breaks('COPY from outside', '\\.\\./', py(`COPY ../shared ./shared\n${run}`)),
  breaks(
    'COPY from a stage that comes later',
    'stage|--from',
    raw('FROM python:3.12-slim\nCOPY --from=build /a /a\nFROM node:24-slim AS build\nCMD ["./x"]\n'),
  ),
  breaks('an unknown instruction', 'RNU', py('RNU pip install x\n' + run)),
  breaks('a line without its backslash', '&&', py('RUN pip install x\n&& pip install y\n' + run)),
  breaks('single quotes in CMD', 'CMD|quote', py("CMD ['python', 'app.py']")),
  breaks('several sources, no folder', '/', py(`COPY a.py b.py app\n${run}`, { 'a.py': '', 'b.py': '' })),
  breaks(
    'apt without -y',
    '-y',
    raw('FROM python:3.12-slim\nRUN apt-get update && apt-get install gcc\n' + run),
  ),
  breaks('apt without update', 'update', raw('FROM python:3.12-slim\nRUN apt-get install -y gcc\n' + run)),
  breaks(
    'apt on Alpine',
    'apk',
    raw('FROM python:3.12-alpine\nRUN apt-get update && apt-get install -y gcc\n' + run),
  ),
  breaks(
    'git on a slim image',
    'git',
    raw('FROM python:3.12-slim\nRUN git clone https://example.com/x\n' + run),
  ),
  breaks('sudo', 'sudo', raw('FROM python:3.12-slim\nRUN sudo apt-get update\n' + run)),
  breaks(
    'ubuntu has uid 1000',
    '1000',
    raw('FROM ubuntu:24.04\nRUN useradd -m -u 1000 user\nUSER user\nCMD ["./x"]\n'),
  ),
  breaks(
    'groupadd 1000 on node',
    '1000',
    raw('FROM node:24-slim\nRUN groupadd -g 1000 app\nUSER node\nCMD ["./x"]\n'),
  ),
  breaks('a user that nobody made', 'user', raw('FROM python:3.12-slim\nUSER appuser\n' + run)),
  breaks(
    'chown to a user that nobody made',
    'user',
    raw('FROM python:3.12-slim\nCOPY --chown=user . .\n' + run),
  ),
  breaks(
    'useradd -r',
    '1000|uid',
    raw('FROM python:3.12-slim\nRUN useradd -r app\nUSER app\n' + run),
    'warning',
  ),
  breaks(
    'uid 1001',
    '1000|uid',
    raw('FROM python:3.12-slim\nRUN useradd -u 1001 app\nUSER app\n' + run),
    'warning',
  ),
  breaks(
    'pip on Debian 12',
    'externally',
    raw(
      'FROM debian:12\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip3 install flask\nCMD ["./x"]\n',
    ),
  ),
  breaks(
    'requirements before COPY',
    'requirements',
    raw('FROM python:3.12-slim\nWORKDIR /app\nRUN pip install -r requirements.txt\nCOPY . .\n' + run, {
      'requirements.txt': 'uvicorn\n',
    }),
  ),
  breaks(
    'uvicorn is not asked for',
    'uvicorn',
    py(`RUN pip install -r requirements.txt\n${run}`, { 'requirements.txt': 'fastapi\npydantic\n' }),
  ),
  breaks(
    'gunicorn is not asked for',
    'gunicorn',
    py('RUN pip install -r requirements.txt\nCMD ["gunicorn","-b","0.0.0.0:7860","app:app"]', {
      'requirements.txt': 'flask\n',
    }),
  ),
  breaks(
    'mysqlclient on slim',
    'mysqlclient',
    py(`RUN pip install -r requirements.txt\n${run}`, { 'requirements.txt': 'mysqlclient\nuvicorn\n' }),
    'warning',
  ),
  breaks(
    'pnpm without itself',
    'pnpm',
    js('RUN pnpm install\nCMD ["./x"]', { 'package.json': '{"name":"x"}', 'pnpm-lock.yaml': '' }),
  ),
  breaks(
    'npm ci without a lockfile',
    'package-lock',
    js('RUN npm ci\nCMD ["./x"]', { 'package.json': '{"name":"x"}' }),
  ),
  breaks(
    'npm ci before the lockfile',
    'package-lock',
    raw('FROM node:24-slim\nWORKDIR /a\nCOPY package.json ./\nRUN npm ci\nUSER node\nCMD ["./x"]\n', {
      'package.json': '{"name":"x"}',
      'package-lock.json': '{"lockfileVersion":3,"packages":{"":{}}}',
    }),
  ),
  breaks(
    'pnpm without its lockfile',
    'pnpm',
    js('RUN npm i -g pnpm && pnpm install --frozen-lockfile\nCMD ["./x"]', {
      'package.json': '{"name":"x","dependencies":{"koa":"3"}}',
    }),
  ),
  breaks(
    'uv sync --frozen without uv.lock',
    'uv\\.lock',
    py(`RUN pip install uv && uv sync --frozen\n${run}`, {
      'pyproject.toml': '[project]\nname="x"\ndependencies=["uvicorn"]\n',
    }),
  ),
  breaks(
    'uv is not there',
    'uv',
    py(`RUN uv sync\n${run}`, { 'pyproject.toml': '[project]\nname="x"\ndependencies=["uvicorn"]\n' }),
  ),
  breaks(
    '--omit=dev before a build',
    'devDependencies',
    raw(
      'FROM node:24-slim\nWORKDIR /a\nCOPY . .\nRUN npm ci --omit=dev\nRUN npm run build\nUSER node\nCMD ["./x"]\n',
      {
        'package.json': '{"name":"x","scripts":{"build":"vite build"},"devDependencies":{"vite":"^7.0.0"}}',
        'package-lock.json':
          '{"lockfileVersion":3,"packages":{"":{"devDependencies":{"vite":"^7.0.0"}},"node_modules/vite":{"version":"7.0.0","dev":true}}}',
      },
    ),
    'warning',
  ),
]
