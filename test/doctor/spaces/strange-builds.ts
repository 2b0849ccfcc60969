import { type Space, breaks, head, js, py, raw, run, works } from './space.js'

const slim = 'FROM python:3.12-slim\n'
const lock = (name: string, version: string, more = '') =>
  `{"lockfileVersion":3,"packages":{"":{"dependencies":{"${name}":"^${version}"}},"node_modules/${name}":{"version":"${version}"${more}}}}`
const manifest = (name: string, version: string, more = '') =>
  `{"name":"x","engines":{"node":">=20"},"dependencies":{"${name}":"^${version}"}${more}}`
const node = 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\n'
const start = 'USER node\nCMD ["node","x.js"]'

const right: readonly Space[] = [
  works(
    'cargo installs a program by its name, as locked',
    py(
      `USER root\nRUN apt-get update && apt-get install -y cargo && cargo install --locked monolith\nUSER user\n${run}`,
    ),
  ),
  works(
    'a here-document of RUN',
    raw(
      `${slim}RUN <<EOF\nset -e\napt-get update\napt-get install -y --no-install-recommends gcc\nuseradd -m -u 1000 user\nEOF\nUSER user\n${run}`,
    ),
  ),
  works('a here-document for Python', raw(`${slim}RUN python3 <<EOF\nimport this\nFROM = 1\nEOF\n${run}`)),
  works(
    'two here-documents of COPY',
    raw(`${slim}COPY <<a.txt <<b.txt /app/\nCMD nonsense\na.txt\nUSER nobody-at-all\nb.txt\n${run}`),
  ),
  works(
    'small letters',
    raw(
      'from python:3.12-slim\nrun useradd -m -u 1000 user\nuser user\ncmd ["uvicorn","app:app","--host","0.0.0.0","--port","7860"]',
    ),
  ),
  works(
    'a directive and a platform',
    raw(
      `# syntax=docker/dockerfile:1\nFROM --platform=$BUILDPLATFORM node:24-slim AS web\nWORKDIR /w\nRUN echo x > y\nFROM python:3.12-slim\nCOPY --from=web /w/y /y\n${run}`,
    ),
  ),
  works(
    'an ARG for the image',
    raw(
      `ARG PY=3.12\nARG BASE=python:\${PY}-slim\nFROM \${BASE} AS base\nRUN useradd -m -u 1000 user\nFROM base\nUSER user\n${run}`,
    ),
  ),
  works('an image by its digest', raw(`FROM python:3.12-slim@sha256:${'0'.repeat(64)}\n${run}`)),
  works('a pattern that fits nothing', py(`COPY --chown=user requirements*.lock ./\n${run}`)),
  works('a letter in brackets for what may be missing', py(`COPY --chown=user package.jso[n] ./\n${run}`)),
  works('names with blanks', py(`COPY ["my file.txt", "./my dir/"]\n${run}`, { 'my file.txt': '' })),
  works(
    'COPY --parents and --exclude',
    raw(
      `# syntax=docker/dockerfile:1.7-labs\n${slim}COPY --parents src/a.py /app/\nCOPY --exclude=*.md . /app\n${run}`,
      { 'src/a.py': '' },
    ),
  ),
  works(
    'ADD from the net',
    raw(
      `${slim}ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/x.tar.gz /x/\nADD https://github.com/a/b.git#main /b\n${run}`,
    ),
  ),
  works(
    'ADD of an archive',
    raw(`${slim}ADD app.tar.gz /app\nWORKDIR /app\nRUN pip install -r requirements.txt\n${run}`, {
      'app.tar.gz': 'x',
    }),
  ),
  works(
    'EXPOSE with a protocol and a variable',
    py(`ENV PORT=7860\nEXPOSE $PORT/tcp 7860/udp 8000-8010\n${run}`),
  ),
  works(
    'the form of ENV with a blank',
    py(
      `ENV MODEL some model name\nLABEL a=b "c d"="e f"\nVOLUME ["/data"]\nSTOPSIGNAL SIGINT\nHEALTHCHECK NONE\nONBUILD RUN true\n${run}`,
    ),
  ),
  works(
    'comments between continued lines',
    raw(
      `${slim}RUN apt-get update \\\n\n  # libraries\n  && apt-get install -y --no-install-recommends \\\n    # for sound\n    libsndfile1 \\\n    ffmpeg \\\n && rm -rf /var/lib/apt/lists/*\n${run}`,
    ),
  ),
  works(
    'a user by arguments',
    raw(
      `${slim}ARG UID=1000\nARG USERNAME=app\nRUN groupadd --gid $UID $USERNAME && useradd --uid $UID --gid $UID -m $USERNAME\nUSER \${UID}:\${UID}\n${run}`,
    ),
  ),
  works(
    'the users of next',
    raw(
      'FROM node:24-alpine\nRUN addgroup --system --gid 1001 nodejs\nRUN adduser --system --uid 1001 nextjs\nCOPY --chown=nextjs:nodejs . .\nUSER nextjs\nENV PORT=7860\nCMD ["node","server.js"]',
    ),
  ),
  works(
    'a user only if there is none',
    raw(
      `FROM ubuntu:24.04\nRUN id -u ubuntu >/dev/null 2>&1 || useradd -m -u 1000 user\nRUN getent passwd 1000 || useradd -m -u 1000 user\nUSER 1000\nCMD ["./x"]`,
    ),
  ),
  works(
    'a user of a package',
    raw(
      'FROM debian:12-slim\nRUN apt-get update && apt-get install -y postgresql redis-server\nUSER postgres\nCMD ["./x"]',
    ),
  ),
  works(
    'users from a file',
    raw(
      `FROM alpine:3.21 AS build\nRUN adduser -D -u 1000 app\nFROM alpine:3.21\nCOPY --from=build /etc/passwd /etc/passwd\nUSER app\nCMD ["./x"]`,
    ),
  ),
  works(
    'the user of node is replaced',
    raw(
      'FROM node:24-slim\nRUN deluser --remove-home node && adduser --disabled-password --gecos "" --uid 1000 user\nUSER user\nENV PORT=7860\nCMD ["npx","next","start"]',
    ),
  ),
  works(
    'sudo for the user',
    raw(
      `${slim}RUN apt-get update && apt-get install -y sudo && useradd -m -u 1000 user && echo "user ALL=(ALL) NOPASSWD:ALL" > /etc/sudoers.d/user\nUSER user\nRUN sudo apt-get update && sudo apt-get install -y ffmpeg\n${run}`,
    ),
  ),
  works(
    'apt in other words',
    raw(
      `${slim}RUN DEBIAN_FRONTEND=noninteractive apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet install gcc\nRUN apt-get -y install ffmpeg\nRUN apt install git -y\n${run}`,
    ),
  ),
  works(
    'apt that asks nothing',
    raw(
      `${slim}RUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/90yes\nRUN apt-get update && apt-get install ffmpeg\n${run}`,
    ),
  ),
  works('apt with an answer', raw(`${slim}RUN apt-get update && yes | apt-get install ffmpeg\n${run}`)),
  works(
    'apt of one package without others',
    raw(`${slim}RUN apt-get update && apt-get install tree\n${run}`),
  ),
  works(
    'apt with a cache',
    raw(
      `${slim}RUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get install -y gcc\n${run}`,
    ),
  ),
  works(
    'pip and its own permission',
    raw(
      'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y python3-pip\nRUN PIP_BREAK_SYSTEM_PACKAGES=1 pip install flask\nCMD ["./x"]',
    ),
  ),
  works(
    'pip by its settings',
    raw(
      'FROM debian:bookworm\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip config set global.break-system-packages true && pip install flask\nCMD ["./x"]',
    ),
  ),
  works(
    'pip in an environment of the user',
    raw(
      'FROM debian:bookworm\nRUN apt-get update && apt-get install -y python3-venv\nENV VIRTUAL_ENV=/opt/v\nRUN python3 -m venv $VIRTUAL_ENV\nENV PATH="$VIRTUAL_ENV/bin:$PATH"\nRUN pip install flask\nCMD ["python","x.py"]',
    ),
  ),
  works(
    'pip with a tool of conda',
    raw(
      'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y wget && wget -q https://example.com/Miniconda3.sh && bash Miniconda3.sh -b -p /c\nENV PATH=/c/bin:$PATH\nRUN pip install flask\nCMD ["./x"]',
    ),
  ),
  works(
    'requirements and one more',
    raw(
      `${slim}COPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt uvicorn[standard]\n${run}`,
      { 'requirements.txt': 'fastapi\n' },
    ),
  ),
  works(
    'requirements, and one more in another stage',
    raw(
      `FROM python:3.12-slim AS b\nCOPY requirements.txt .\nRUN pip install --prefix=/p -r requirements.txt && pip install --prefix=/p uvicorn\n${slim}COPY --from=b /p /usr/local\n${run}`,
      { 'requirements.txt': 'fastapi\n' },
    ),
  ),
  works(
    'requirements with another file',
    raw(`${slim}COPY . .\nRUN pip install -r requirements.txt\n${run}`, {
      'requirements.txt': '-r base.txt\nfastapi\n',
      'base.txt': 'uvicorn\n',
    }),
  ),
  works(
    'an extra of the project',
    raw(`${slim}COPY . .\nRUN pip install ".[server]"\n${run}`, {
      'pyproject.toml':
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["fastapi"]\n[project.optional-dependencies]\nserver = ["uvicorn"]\n',
    }),
  ),
  works(
    'a group of uv',
    raw(
      `${slim}COPY --from=ghcr.io/astral-sh/uv:0.6 /uv /uvx /bin/\nCOPY . .\nRUN uv sync --locked --group server\n${run}`,
      {
        'uv.lock': 'version = 1\n',
        'pyproject.toml':
          '[project]\nname = "x"\ndependencies = ["fastapi"]\n[dependency-groups]\nserver = ["uvicorn"]\n',
      },
    ),
  ),
  works(
    'a server by way of the lock',
    raw(
      `${slim}COPY --from=ghcr.io/astral-sh/uv:0.6 /uv /bin/\nCOPY . .\nRUN uv sync --frozen\nENV PATH=/.venv/bin:$PATH\n${run}`,
      {
        'uv.lock': '[[package]]\nname = "fastapi"\n\n[[package]]\nname = "uvicorn"\n',
        'pyproject.toml': '[project]\nname = "x"\ndependencies = ["fastapi"]\n',
      },
    ),
  ),
  works(
    'poetry without a lock',
    raw(
      `${slim}RUN pip install poetry\nCOPY pyproject.toml ./\nRUN poetry config virtualenvs.create false && poetry install --no-root\nCMD ["poetry","run","uvicorn","app:app","--host","0.0.0.0","--port","7860"]`,
      { 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.12"\nuvicorn = "*"\n' },
    ),
  ),
  works(
    'a compiler for what needs one',
    raw(
      `${slim}RUN apt-get update && apt-get install -y build-essential libpq-dev\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n${run}`,
      { 'requirements.txt': 'psycopg2\nuvicorn\n' },
    ),
  ),
  works(
    'a package from git, with git',
    raw(
      `${slim}RUN apt-get update && apt-get install -y git\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n${run}`,
      { 'requirements.txt': 'git+https://github.com/a/b\nuvicorn\n' },
    ),
  ),
  works(
    'PATH for the user',
    raw(`${head}RUN pip install --user -r requirements.txt\n${run}`, { 'requirements.txt': 'uvicorn\n' }),
  ),
  works(
    'pip as root, the app as user',
    raw(
      `${slim}COPY . .\nRUN pip install -r requirements.txt && useradd -m -u 1000 user\nUSER user\n${run}`,
      { 'requirements.txt': 'uvicorn\n' },
    ),
  ),
  works(
    'npm ci in a folder alone',
    raw(
      'FROM node:24-slim AS web\nWORKDIR /web\nCOPY frontend/package*.json ./\nRUN npm ci\nCOPY frontend/ .\nRUN npm run build\nFROM python:3.12-slim\nCOPY --from=web /web/dist /dist\n' +
        run,
      {
        'package.json': manifest('husky', '9.0.0'),
        'package-lock.json': lock('husky', '8.0.0'),
        'frontend/package.json':
          '{"name":"f","scripts":{"build":"vite build"},"dependencies":{"vite":"^7.0.0"}}',
        'frontend/package-lock.json': lock('vite', '7.0.0'),
      },
    ),
  ),
  works(
    'npm ci after cd',
    raw(`${node}RUN cd web && npm ci\n${start}`, {
      'package.json': manifest('koa', '3.0.0'),
      'web/package.json': manifest('koa', '3.0.0'),
      'web/package-lock.json': lock('koa', '3.0.0'),
    }),
  ),
  works(
    'npm ci with --prefix',
    raw(`${node}RUN npm ci --prefix web\n${start}`, {
      'package.json': '{"name":"x"}',
      'web/package.json': manifest('koa', '3.0.0'),
      'web/package-lock.json': lock('koa', '3.0.0'),
    }),
  ),
  works(
    'npm ci or npm install',
    raw(`${node}RUN if [ -f package-lock.json ]; then npm ci; else npm install; fi\n${start}`, {
      'package.json': manifest('koa', '3.0.0'),
    }),
  ),
  works(
    'npm ci or something else',
    raw(`${node}RUN npm ci || npm install\n${start}`, { 'package.json': manifest('koa', '3.0.0') }),
  ),
  works(
    'a choice of package managers',
    raw(
      'FROM node:24-alpine\nWORKDIR /app\nCOPY package.json yarn.lock* package-lock.json* pnpm-lock.yaml* ./\nRUN if [ -f yarn.lock ]; then yarn --frozen-lockfile; elif [ -f package-lock.json ]; then npm ci; elif [ -f pnpm-lock.yaml ]; then corepack enable pnpm && pnpm i --frozen-lockfile; else exit 1; fi\nUSER node\nENV PORT=7860\nCMD ["npx","next","start"]',
      { 'package.json': manifest('next', '15.0.0'), 'package-lock.json': lock('next', '15.0.0') },
    ),
  ),
  works(
    'a version that has a tag',
    raw(`${node}RUN npm ci\n${start}`, {
      'package.json':
        '{"name":"x","engines":{"node":">=20"},"dependencies":{"a":"latest","b":"npm:c@^1.0.0","d":"github:x/y","e":"file:./e","f":"workspace:*"}}',
      'package-lock.json':
        '{"lockfileVersion":3,"packages":{"":{},"node_modules/a":{"version":"1.0.0"},"node_modules/b":{"version":"1.0.0"},"node_modules/d":{"version":"1.0.0"},"node_modules/e":{"resolved":"e","link":true},"e":{"version":"1.0.0"},"node_modules/f":{"version":"1.0.0"}}}',
    }),
  ),
  works(
    'install scripts left out, and rebuilt',
    raw(`${node}RUN npm ci --ignore-scripts && npm rebuild better-sqlite3\n${start}`, {
      'package.json': manifest('better-sqlite3', '12.0.0'),
      'package-lock.json': lock('better-sqlite3', '12.0.0', ',"hasInstallScript":true'),
    }),
  ),
  works(
    'install scripts left out that only greet',
    raw(`${node}RUN npm ci --ignore-scripts\n${start}`, {
      'package.json': manifest('core-js', '3.0.0'),
      'package-lock.json': lock('core-js', '3.0.0', ',"hasInstallScript":true'),
    }),
  ),
  works(
    'production by an ARG after the build',
    raw(
      'FROM node:24-slim\nWORKDIR /a\nCOPY . .\nRUN npm ci && npm run build && npm prune --omit=dev\nENV NODE_ENV=production\nUSER node\nCMD ["./x"]',
      {
        'package.json': '{"name":"x","scripts":{"build":"tsc"},"devDependencies":{"typescript":"^5.0.0"}}',
        'package-lock.json':
          '{"lockfileVersion":3,"packages":{"":{"devDependencies":{"typescript":"^5.0.0"}},"node_modules/typescript":{"version":"5.0.0","dev":true}}}',
      },
    ),
  ),
  works(
    'bun in its image',
    raw(
      'FROM oven/bun:1\nWORKDIR /app\nCOPY package.json bun.lock ./\nRUN bun install --frozen-lockfile\nCOPY . .\nUSER bun\nENV PORT=7860\nCMD ["bun","run","start"]',
      { 'package.json': '{"name":"x","scripts":{"start":"bun src/x.ts"}}', 'bun.lock': '' },
    ),
  ),
  works(
    'yarn of Berry',
    raw(
      `FROM node:24-slim\nRUN corepack enable\nWORKDIR /app\nCOPY . .\nRUN yarn install --immutable\n${start}`,
      { 'package.json': '{"name":"x","packageManager":"yarn@4.5.0"}', 'yarn.lock': '' },
    ),
  ),
  works(
    'an exception for a folder',
    py(`COPY --chown=user dist/ ./dist/\n${run}`, { 'dist/a.js': '', '.dockerignore': '**\n!dist\n!*.py\n' }),
  ),
  works(
    'a stage for nothing else',
    raw(
      `FROM node:24-slim AS deps\nWORKDIR /app\nCOPY package.json ./\nFROM deps AS build\nRUN echo x\n${slim}COPY --from=build /app /app\n${run}`,
      { 'package.json': '{"name":"x"}' },
    ),
  ),
  works(
    'the stage of an image that is not pinned',
    raw(`${slim}COPY --from=golang:1.24 /usr/local/go /go\nCOPY --from=nginx /etc/nginx /n\n${run}`),
  ),
  works(
    'RUN with a list',
    raw(`${slim}RUN ["pip","install","uvicorn"]\nRUN ["useradd","-m","-u","1000","user"]\nUSER user\n${run}`),
  ),
  works('an escape of Windows', raw(`# escape=\`\n${slim}RUN echo a \`\n  && echo b\n${run}`)),
  works(
    'CRLF in the Dockerfile',
    raw(`${slim}RUN useradd -m -u 1000 user\nUSER user\n${run}`.replaceAll('\n', '\r\n')),
  ),
  works(
    'a git mount',
    raw(
      `${slim}RUN --mount=type=bind,source=requirements.txt,target=/tmp/r.txt pip install -r /tmp/r.txt\n${run}`,
      { 'requirements.txt': 'uvicorn\n' },
    ),
  ),
  works(
    'a link between stages',
    raw(
      `FROM alpine:3.21 AS files\nCOPY app.py /f/\n${slim}COPY --link --from=files /f/ /app/\nWORKDIR /app\n${run}`,
      { 'app.py': '' },
    ),
  ),
]

const wrong: readonly Space[] = [
  breaks(
    'two entry points',
    'ENTRYPOINT',
    raw(`${slim}ENTRYPOINT ["python"]\nENTRYPOINT ["node"]\nCMD ["a.py"]`),
    'warning',
  ),
  breaks(
    'FROM a stage with a wrong letter',
    'bulid',
    raw(`FROM python:3.12-slim AS build\nFROM bulid\n${run}`),
    'warning',
  ),
  breaks(
    'useradd on Alpine',
    'useradd',
    raw('FROM alpine:3.21\nRUN useradd -m -u 1000 user\nUSER user\nCMD ["./x"]'),
  ),
  breaks(
    'adduser that asks',
    '-D',
    raw(`FROM python:3.12-alpine\nRUN adduser -u 1000 user\nUSER user\n${run}`),
    'warning',
  ),
  breaks(
    'adduser that asks on Debian',
    'disabled-password',
    raw(`${slim}RUN adduser --uid 1000 user\nUSER user\n${run}`),
    'warning',
  ),
  breaks(
    'the lists of apt are gone',
    'update',
    raw(
      `${slim}RUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y ffmpeg\n${run}`,
    ),
  ),
  breaks(
    'apt without -y for ffmpeg',
    '-y',
    raw(`${slim}RUN apt-get update && apt-get install --no-install-recommends ffmpeg\n${run}`),
  ),
  breaks(
    'apk after USER',
    'root|USER',
    raw('FROM node:24-alpine\nUSER node\nRUN apk add --no-cache git\nCMD ["npx","serve","-l","7860"]'),
  ),
  breaks(
    'pip on CUDA',
    'externally',
    raw(
      'FROM nvidia/cuda:12.6.0-runtime-ubuntu24.04\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip install torch\nCMD ["python3","x.py"]',
    ),
  ),
  breaks(
    'pip on Alpine',
    'externally',
    raw('FROM alpine:3.21\nRUN apk add --no-cache py3-pip\nRUN pip install flask\nCMD ["python3","x.py"]'),
  ),
  breaks(
    'pip on node',
    'pip',
    raw('FROM node:24-slim\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["node","x.js"]', {
      'requirements.txt': 'x\n',
    }),
  ),
  breaks(
    'npm on Python',
    'npm',
    raw(`${slim}COPY . .\nRUN npm ci\n${run}`, {
      'package.json': '{"name":"x"}',
      'package-lock.json': '{"lockfileVersion":3,"packages":{"":{}}}',
    }),
    'warning',
  ),
  breaks('wget on slim', 'wget', raw(`${slim}RUN wget https://example.com/x\n${run}`)),
  breaks('unzip on slim', 'unzip', raw(`${slim}COPY x.zip .\nRUN unzip x.zip\n${run}`, { 'x.zip': '' })),
  breaks('make on slim', 'make', raw(`${slim}COPY . .\nRUN make\n${run}`, { Makefile: 'all:\n' })),
  breaks('gcc on slim', 'gcc', raw(`${slim}COPY . .\nRUN gcc x.c\n${run}`, { 'x.c': '' })),
  breaks(
    'a package from git without git',
    'git',
    raw(`${slim}COPY requirements.txt .\nRUN pip install -r requirements.txt\n${run}`, {
      'requirements.txt': 'git+https://github.com/a/b\nuvicorn\n',
    }),
  ),
  breaks(
    'npm ci after cd, without a lockfile',
    'package-lock',
    raw(`${node}RUN cd web && npm ci\n${start}`, {
      'package.json': '{"name":"x"}',
      'web/package.json': manifest('koa', '3.0.0'),
    }),
  ),
  breaks(
    'npm ci with --prefix, without a lockfile',
    'package-lock',
    raw(`${node}RUN npm ci --prefix web\n${start}`, {
      'package.json': '{"name":"x"}',
      'web/package.json': manifest('koa', '3.0.0'),
    }),
  ),
  breaks(
    'npm ci out of step',
    'koa',
    raw(`${node}RUN npm ci\n${start}`, {
      'package.json': manifest('koa', '3.0.0'),
      'package-lock.json': lock('koa', '2.0.0'),
    }),
  ),
  breaks(
    'npm ci out of step in a folder',
    'koa',
    raw(`${node}WORKDIR /app/web\nRUN npm ci\n${start}`, {
      'package.json': '{"name":"x"}',
      'web/package.json': manifest('koa', '3.0.0'),
      'web/package-lock.json': lock('koa', '2.0.0'),
    }),
  ),
  breaks(
    'pipenv without its lock',
    'Pipfile',
    raw(`${slim}RUN pip install pipenv\nCOPY . .\nRUN pipenv install --system --deploy\n${run}`, {
      Pipfile: '[packages]\nuvicorn = "*"\n',
    }),
  ),
  breaks(
    'pdm without its lock',
    'pdm\\.lock',
    raw(`${slim}RUN pip install pdm\nCOPY . .\nRUN pdm sync --prod\n${run}`, {
      'pyproject.toml': '[project]\nname="x"\ndependencies=["uvicorn"]\n',
    }),
  ),
  breaks(
    'bun without its lock',
    'bun',
    raw(
      'FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nRUN bun install --frozen-lockfile\nUSER bun\nCMD ["bun","x.ts"]',
      { 'package.json': manifest('hono', '4.0.0') },
    ),
  ),
  breaks(
    'uv locked without its lock',
    'uv\\.lock',
    raw(
      `FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN uv sync --locked --no-dev\nCMD ["uv","run","uvicorn","app:app","--host","0.0.0.0","--port","7860"]`,
      { 'pyproject.toml': '[project]\nname="x"\ndependencies=["uvicorn"]\n' },
    ),
  ),
  breaks(
    'the lock is ignored',
    'uv\\.lock',
    raw(
      `FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen\nCMD ["uv","run","uvicorn","app:app","--host","0.0.0.0","--port","7860"]`,
      {
        'pyproject.toml': '[project]\nname="x"\ndependencies=["uvicorn"]\n',
        'uv.lock': '',
        '.dockerignore': '*.lock\n',
      },
    ),
  ),
  breaks(
    'poetry is not there',
    'poetry',
    raw(`${slim}COPY . .\nRUN poetry install\n${run}`, {
      'pyproject.toml': '[tool.poetry.dependencies]\nuvicorn = "*"\n',
    }),
  ),
  breaks(
    'the server is missing in poetry',
    'uvicorn',
    raw(
      `${slim}RUN pip install poetry\nCOPY . .\nRUN poetry install --no-root\nCMD ["poetry","run","uvicorn","app:app","--host","0.0.0.0","--port","7860"]`,
      { 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "*"\n' },
    ),
  ),
  breaks(
    'the server is missing in the project',
    'gunicorn',
    raw(`${slim}COPY . .\nRUN pip install .\nCMD ["gunicorn","-b","0.0.0.0:7860","app:app"]`, {
      'pyproject.toml': '[project]\nname = "x"\nversion = "1"\ndependencies = ["flask"]\n',
    }),
  ),
  breaks(
    'streamlit is missing',
    'streamlit',
    py('RUN pip install -r requirements.txt\nCMD ["streamlit","run","app.py","--server.port","7860"]', {
      'requirements.txt': 'pandas\nnumpy\n',
    }),
  ),
  breaks(
    'a compiler on Alpine',
    'pyaudio|compil',
    raw(`FROM python:3.12-alpine\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n${run}`, {
      'requirements.txt': 'pyaudio\nuvicorn\n',
    }),
    'warning',
  ),
  breaks(
    'a package without a wheel, by hand',
    'psycopg2|compil',
    raw(`${slim}RUN pip install psycopg2 uvicorn\n${run}`),
    'warning',
  ),
  {
    ...breaks(
      'UTF-16 with big ends',
      'UTF-16|encod',
      raw(`${slim}COPY requirements.txt .\nRUN pip install -r requirements.txt\n${run}`),
      'warning',
    ),
    base64: { 'requirements.txt': Buffer.from('\uFEFFuvicorn\n', 'utf16le').swap16().toString('base64') },
  },
  breaks(
    'the user of another stage',
    'app',
    raw(`FROM python:3.12-slim AS b\nRUN useradd -m -u 1000 app\n${slim}USER app\n${run}`),
  ),
  breaks(
    'COPY to a user of later',
    'app',
    raw(`${slim}COPY --chown=app:app . /app\nRUN useradd -m -u 1000 app\nUSER app\n${run}`),
  ),
  breaks(
    'uid 1000 in a later Ubuntu',
    '1000',
    raw(
      'FROM ubuntu:24.10\nRUN adduser --disabled-password --gecos "" --uid 1000 app\nUSER app\nCMD ["./x"]',
    ),
  ),
  breaks(
    'gid 1000 of node on Alpine',
    '1000',
    raw(
      'FROM node:24-alpine\nRUN addgroup -g 1000 app && adduser -D -u 1000 -G app app\nUSER app\nCMD ["./x"]',
    ),
  ),
  breaks(
    'a stage with a wrong letter',
    'buidler',
    raw(`FROM python:3.12-slim AS builder\nRUN true\n${slim}COPY --from=buidler /x /x\n${run}`),
  ),
  breaks(
    'FROM an unknown stage number',
    '--from',
    raw(`FROM python:3.12-slim AS builder\n${slim}COPY --from=3 /x /x\n${run}`),
  ),
  breaks(
    'COPY of an absolute path of the own machine',
    '/home',
    raw(`${slim}COPY /home/me/app/x.py /app/\n${run}`),
  ),
  breaks(
    'a folder that is ignored',
    'models',
    raw(`${slim}COPY models/ /app/models/\n${run}`, { 'models/a.bin': 'x', '.dockerignore': 'models\n' }),
  ),
  breaks(
    'COPY of the wrong case',
    'Requirements',
    py(`COPY Requirements.txt .\n${run}`, { 'requirements.txt': 'uvicorn\n' }),
  ),
  breaks('typographic quotes', 'CMD|quote', py('CMD [“uvicorn”, “app:app”]')),
  breaks('ENTRYPOINT with a comma too many', 'ENTRYPOINT|JSON', py('ENTRYPOINT ["python","app.py",]')),
  breaks('a typing mistake in an instruction', 'WORKDIR|WROKDIR', raw(`${slim}WROKDIR /app\n${run}`)),
  breaks(
    'ARG before FROM is not known after',
    'stage|FROM|image|VERSION',
    raw(`FROM python:\${VERSION}\n${run}`),
    'note',
  ),
  breaks(
    'install scripts left out',
    'better-sqlite3',
    raw(`${node}RUN npm ci --ignore-scripts\n${start}`, {
      'package.json': manifest('better-sqlite3', '12.0.0'),
      'package-lock.json': lock('better-sqlite3', '12.0.0', ',"hasInstallScript":true'),
    }),
    'warning',
  ),
  breaks(
    '--production before webpack',
    'webpack',
    raw(
      'FROM node:24-slim\nWORKDIR /a\nCOPY . .\nRUN yarn install --production && yarn build\nUSER node\nCMD ["./x"]',
      {
        'package.json':
          '{"name":"x","scripts":{"build":"webpack --mode production"},"devDependencies":{"webpack":"^5.0.0"}}',
        'yarn.lock': '',
      },
    ),
    'warning',
  ),
  breaks(
    'two tools that were left out',
    'tsc|vite',
    raw(
      'FROM node:24-slim\nENV NODE_ENV=production\nWORKDIR /a\nCOPY . .\nRUN npm install\nRUN npm run build\nUSER node\nCMD ["./x"]',
      {
        'package.json':
          '{"name":"x","scripts":{"build":"tsc -b && vite build"},"devDependencies":{"typescript":"^5.0.0","vite":"^7.0.0"}}',
      },
    ),
    'warning',
  ),
  breaks(
    'a script in the image without its mark',
    'entrypoint',
    js('ENTRYPOINT ["./entrypoint.sh"]\nCMD ["node","x.js"]', { 'entrypoint.sh': '#!/bin/sh\nexec "$@"\n' }),
  ),
  breaks(
    'a script that is ignored',
    'start\\.sh',
    raw(`${slim}COPY . /app\nWORKDIR /app\nCMD ["sh","start.sh"]`, {
      'start.sh': 'uvicorn app:app --host 0.0.0.0 --port 7860\n',
      '.dockerignore': '*.sh\n',
    }),
  ),
  breaks(
    'an app that is not there',
    'main\\.py',
    raw(`${slim}WORKDIR /app\nCOPY . .\nCMD ["python","main.py"]`, { 'app.py': '' }),
    'warning',
  ),
  breaks(
    'a Node program that is not there',
    'index\\.js',
    js('CMD ["node","index.js"]', { 'server.js': '' }),
    'warning',
  ),
  breaks(
    'an app that lies elsewhere',
    'src/main\\.py',
    raw(`${slim}WORKDIR /app\nCOPY . .\nCMD ["python","main.py"]`, { 'src/main.py': '' }),
  ),
  breaks(
    'an app that is ignored',
    '!main\\.py',
    raw(`${slim}WORKDIR /app\nCOPY . .\nCMD ["python","main.py"]`, {
      'main.py': '',
      '.dockerignore': '*.py\n',
    }),
  ),
  breaks(
    'a module that is not there',
    'main',
    raw(`${slim}WORKDIR /app\nCOPY . .\nCMD ["uvicorn","main:app","--host","0.0.0.0","--port","7860"]`, {
      'app/main.py': 'app = 1\n',
    }),
    'warning',
  ),
]

/** What a build does, in unusual ways. */
export const strangeBuilds: readonly Space[] = [...right, ...wrong]
