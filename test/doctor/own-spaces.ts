/** A small project folder: path → content. */
export interface Space {
  readonly name: string
  /** `no error`: it builds, boots and serves; else the least severity of the finding that says why not. */
  readonly want: 'no error' | 'error' | 'warning' | 'note'
  /** What the message or hint of that finding says. */
  readonly about?: string
  readonly files: Readonly<Record<string, string>>
  readonly base64?: Readonly<Record<string, string>>
}

const readme =
  '---\ntitle: T\nemoji: 🐳\ncolorFrom: blue\ncolorTo: green\nsdk: docker\napp_port: 7860\n---\n# T\n'
const head =
  'FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR /home/user/app\nCOPY --chown=user . .\n'
const node = 'FROM node:24-bookworm-slim\nWORKDIR /app\nCOPY --chown=node . .\nUSER node\n'

type Files = Readonly<Record<string, string>>
/** On the Python head that Hugging Face documents. */
const py = (lines: string, files: Files = {}): Files => ({
  'README.md': readme,
  Dockerfile: `${head}${lines}\n`,
  ...files,
})
const js = (lines: string, files: Files = {}): Files => ({
  'README.md': readme,
  Dockerfile: `${node}${lines}\n`,
  ...files,
})
const raw = (dockerfile: string, files: Files = {}): Files => ({
  'README.md': readme,
  Dockerfile: dockerfile,
  ...files,
})
const python = (source: string, lines = ''): Files =>
  py(`${lines}CMD ["python","app.py"]`, { 'app.py': source })
const server = (source: string, lines = ''): Files =>
  js(`${lines}CMD ["node","server.js"]`, { 'server.js': source })
const works = (name: string, files: Files): Space => ({ name, want: 'no error', files })
const breaks = (name: string, about: string, files: Files, want: Space['want'] = 'error'): Space => ({
  name,
  want,
  about,
  files,
})

const port = 'port|7860'
const address = '127\\.0\\.0\\.1|localhost|0\\.0\\.0\\.0'
const run = 'CMD ["uvicorn","app:app","--host","0.0.0.0","--port","7860"]'

const starts: readonly Space[] = [
  works('uvicorn in shell form', py('CMD uvicorn app:app --host 0.0.0.0 --port 7860')),
  works('a default of the shell', py('CMD uvicorn app:app --host 0.0.0.0 --port ${PORT:-7860}')),
  works(
    'ENV PORT that the shell expands',
    py('ENV PORT=7860\nCMD uvicorn app:app --host 0.0.0.0 --port $PORT'),
  ),
  works(
    'an ARG that becomes ENV',
    py('ARG P=7860\nENV PORT=$P\nCMD exec uvicorn app:app --host=0.0.0.0 --port=${PORT}'),
  ),
  works(
    'an unknown base may set PORT',
    raw('FROM ghcr.io/acme/base:1\nCMD uvicorn app:app --host 0.0.0.0 --port $PORT\n'),
  ),
  works(
    'ENTRYPOINT and CMD together',
    py('ENTRYPOINT ["uvicorn","app:app","--host","0.0.0.0"]\nCMD ["--port","7860"]'),
  ),
  works('uv run', py('CMD ["uv","run","--no-dev","uvicorn","app:app","--host","0.0.0.0","--port","7860"]')),
  works('tini', py('ENTRYPOINT ["tini","--"]\nCMD ["uvicorn","app:app","--host","0.0.0.0","--port","7860"]')),
  works(
    'gunicorn, bound by its file',
    py('CMD ["gunicorn","app:app"]', { 'gunicorn.conf.py': "bind = '0.0.0.0:7860'\n" }),
  ),
  works(
    'gunicorn, its file computes',
    py('CMD ["gunicorn","app:app"]', {
      'gunicorn.conf.py': 'import os\nbind = f"0.0.0.0:{os.environ.get(\'PORT\', 7860)}"\n',
    }),
  ),
  works(
    'gunicorn with -b :7860',
    py('CMD ["gunicorn","-k","uvicorn.workers.UvicornWorker","-b",":7860","app:app"]'),
  ),
  works(
    'GUNICORN_CMD_ARGS',
    py('ENV GUNICORN_CMD_ARGS="--bind=0.0.0.0:7860 --workers=2"\nCMD ["gunicorn","app:app"]'),
  ),
  works('gunicorn on a socket behind something', py('CMD ["gunicorn","-b","unix:/tmp/a.sock","app:app"]')),
  works('hypercorn', py('CMD hypercorn app:app --bind 0.0.0.0:7860')),
  works(
    'streamlit config.toml',
    py('CMD ["streamlit","run","app.py"]', {
      '.streamlit/config.toml': '[server]\nport = 7860\naddress = "0.0.0.0"\n',
    }),
  ),
  works('STREAMLIT_SERVER_PORT', py('ENV STREAMLIT_SERVER_PORT=7860\nCMD streamlit run app.py')),
  works('runserver 0.0.0.0:7860', py('CMD python manage.py runserver 0.0.0.0:7860')),
  works('runserver 0:7860', py('CMD ["python","manage.py","runserver","0:7860"]')),
  works('http.server 7860', py('CMD ["python","-m","http.server","7860"]')),
  works('FLASK_RUN_*', py('ENV FLASK_RUN_HOST=0.0.0.0\nENV FLASK_RUN_PORT=7860\nCMD ["flask","run"]')),
  works(
    'python -m flask --app',
    py('CMD ["python","-m","flask","--app","main","run","--host=0.0.0.0","--port=7860"]'),
  ),
  works('fastapi run --port', py('CMD ["fastapi","run","main.py","--port","7860"]')),
  works(
    'gradio with server_name',
    python("import gradio as gr\ndemo = gr.Blocks()\ndemo.launch(server_name='0.0.0.0')\n"),
  ),
  works(
    'gradio with GRADIO_SERVER_NAME',
    python('import gradio as gr\ngr.Blocks().queue().launch()\n', 'ENV GRADIO_SERVER_NAME=0.0.0.0\n'),
  ),
  works(
    'gradio mounted in FastAPI',
    python(
      "import gradio as gr\nimport uvicorn\napp = gr.mount_gradio_app(a, b, path='/')\nuvicorn.run(app, host='0.0.0.0', port=7860)\n",
    ),
  ),
  works(
    'a port from a constant',
    python(
      "import os, uvicorn\nPORT = int(os.environ.get('PORT', 7860))\nHOST = '0.0.0.0'\nuvicorn.run('app:app', host=HOST, port=PORT)\n",
    ),
  ),
  works(
    'a port from arguments',
    python(
      'import argparse, uvicorn\np = argparse.ArgumentParser()\na = p.parse_args()\nuvicorn.run(app, host=a.host, port=a.port)\n',
    ),
  ),
  works(
    'a port in a comment',
    python("import uvicorn\n# uvicorn.run(app, port=8000)\nuvicorn.run(app, host='0.0.0.0', port=7860)\n"),
  ),
  works(
    'a port in a text',
    python(
      "import uvicorn\nprint('uvicorn.run(app, port=8000)')\nuvicorn.run(app, host='0.0.0.0', port=7860)\n",
    ),
  ),
  works(
    'two branches, one right',
    python(
      "import uvicorn, sys\nif len(sys.argv) > 1:\n    uvicorn.run(app, port=8000)\nelse:\n    uvicorn.run(app, host='0.0.0.0', port=7860)\n",
    ),
  ),
  works('asyncio.run and mcp.run', python('import asyncio\nasyncio.run(main(port=8000))\n')),
  works(
    'python starts another program',
    python("import subprocess\nsubprocess.run(['streamlit','run','x.py','--server.port','7860'])\n"),
  ),
  works('waitress', python("from waitress import serve\nserve(app, host='0.0.0.0', port=7860)\n")),
  works(
    'HTTPServer',
    python("from http.server import *\nHTTPServer(('0.0.0.0', 7860), H).serve_forever()\n"),
  ),
  works('aiohttp', python('from aiohttp import web\nweb.run_app(app, port=7860)\n')),
  works(
    'dash with PORT',
    python("from dash import Dash\napp = Dash(__name__)\napp.run(host='0.0.0.0', port=7860, debug=False)\n"),
  ),
  works(
    'a module in a package',
    py('CMD ["python","-m","pkg"]', {
      'pkg/__main__.py': "import uvicorn\nuvicorn.run(a, host='0.0.0.0', port=7860)\n",
    }),
  ),
  works(
    'a script with exec "$@"',
    py(
      'RUN chmod +x entrypoint.sh\nENTRYPOINT ["./entrypoint.sh"]\nCMD ["uvicorn","app:app","--host","0.0.0.0","--port","7860"]',
      { 'entrypoint.sh': '#!/bin/sh\nset -e\nmkdir -p /tmp/x\nexec "$@"\n' },
    ),
  ),
  works(
    'a script that sets PORT',
    py('CMD ["bash","start.sh"]', {
      'start.sh': '#!/bin/bash\nexport PORT=${PORT:-7860}\nexec gunicorn -b 0.0.0.0:$PORT app:app\n',
    }),
  ),
  works(
    'a script with a server in the background',
    py('CMD ["sh","start.sh"]', {
      'start.sh': '#!/bin/sh\nuvicorn api:app --port 8000 &\nnginx-like -g x\n',
    }),
  ),
  works(
    'wait -n after two',
    py('CMD ["bash","start.sh"]', {
      'start.sh': 'uvicorn api:app --port 8000 &\nstreamlit run a.py --server.port=7860 &\nwait -n\n',
    }),
  ),
  works('supervisord', py('CMD ["supervisord","-c","/etc/supervisord.conf"]')),
  works(
    'CRLF that the build mends',
    py('RUN sed -i \'s/\\r$//\' start.sh && chmod +x start.sh\nCMD ["./start.sh"]', {
      'start.sh': '#!/bin/sh\r\nuvicorn app:app --host 0.0.0.0 --port 7860\r\n',
    }),
  ),
  works(
    'COPY --chmod',
    py('COPY --chmod=755 start.sh /start.sh\nCMD ["/start.sh"]', {
      'start.sh': '#!/bin/sh\nuvicorn app:app --host 0.0.0.0 --port 7860\n',
    }),
  ),
  works('process.env.PORT || 7860', server('app.listen(process.env.PORT || 7860)\n')),
  works(
    'listen with options',
    server("server.listen({ port: Number(process.env.PORT ?? 7860), host: '0.0.0.0' })\n"),
  ),
  works('a callback by name', server('const ready = () => {}\napp.listen(7860, ready)\n')),
  works('history.listen', server('history.listen(() => {})\napp.listen(7860)\n')),
  works('a block comment', server('/* app.listen(3000) */\napp.listen(7860)\n')),
  works(
    'next start -p',
    js('CMD ["npm","start"]', {
      'package.json': '{"name":"x","engines":{"node":">=20"},"scripts":{"start":"next start -p 7860"}}',
    }),
  ),
  works('next start with PORT', js('ENV PORT=7860\nCMD ["npx","next","start"]')),
  works(
    'npm start -- --port',
    js('CMD ["npm","run","preview","--","--port","7860","--host"]', {
      'package.json': '{"name":"x","scripts":{"preview":"vite preview"}}',
    }),
  ),
  works(
    'vite config',
    js('CMD ["npx","vite","preview"]', {
      'vite.config.js': 'export default { preview: { port: 7860, host: true } }',
    }),
  ),
  works('serve -l', js('CMD ["npx","serve","-s","dist","-l","7860"]')),
  works(
    'nginx on 7860',
    raw('FROM nginx:1.29\nCOPY default.conf /etc/nginx/conf.d/default.conf\n', {
      'default.conf': 'server {\n  # listen 80;\n  listen 7860;\n}\n',
    }),
  ),
  works(
    'nginx changed by sed',
    raw("FROM nginx:1.29\nRUN sed -i 's/listen  *80;/listen 7860;/' /etc/nginx/conf.d/default.conf\n"),
  ),
  works(
    'apache changed by sed',
    raw("FROM php:8.4-apache\nRUN sed -i 's/80/7860/' /etc/apache2/ports.conf\nCOPY . /var/www/html\n"),
  ),
  works(
    'Spring with SERVER_PORT',
    raw('FROM eclipse-temurin:21\nCOPY . /a\nENV SERVER_PORT=7860\nCMD ["java","-jar","/a/x.jar"]\n', {
      'pom.xml': '<artifactId>spring-boot-starter-web</artifactId>',
    }),
  ),
  breaks('a list expands nothing', port, py('CMD ["uvicorn","app:app","--host","0.0.0.0","--port","$PORT"]')),
  breaks('gunicorn by default', address, py('CMD ["gunicorn","app:app"]')),
  breaks('gunicorn on 8000', port, py('CMD ["gunicorn","--bind","0.0.0.0:8000","app:app"]')),
  breaks(
    'gunicorn.conf.py on 5000',
    port,
    py('CMD ["gunicorn","-c","gunicorn.conf.py","app:app"]', {
      'gunicorn.conf.py': "bind = '0.0.0.0:5000'\n",
    }),
  ),
  breaks('gunicorn -b 0.0.0.0:$PORT', port, py('CMD gunicorn -b 0.0.0.0:$PORT app:app')),
  breaks('python -m uvicorn', port, py('CMD ["python","-m","uvicorn","app:app","--host","0.0.0.0"]')),
  breaks('hypercorn by default', address, py('CMD ["hypercorn","app:app"]')),
  breaks('daphne', address, py('CMD ["daphne","-p","7860","x.asgi:application"]')),
  breaks('flask run', address, py('CMD ["flask","run","--port=7860"]')),
  breaks('fastapi dev', address, py('CMD ["fastapi","dev","main.py","--port","7860"]')),
  breaks(
    'streamlit on loopback',
    address,
    py('CMD streamlit run app.py --server.port=7860 --server.address=127.0.0.1'),
  ),
  breaks(
    'streamlit config.toml on 8501',
    port,
    py('CMD ["streamlit","run","app.py"]', {
      '.streamlit/config.toml': '[server]\nheadless = true\nport = 8501\n',
    }),
  ),
  breaks(
    'gradio launch()',
    address,
    python('import gradio as gr\ndemo = gr.Interface(f, "text", "text")\ndemo.launch()\n'),
  ),
  breaks(
    'gradio on another port',
    port,
    python(
      "import gradio as gr\nwith gr.Blocks() as demo:\n  pass\ndemo.launch(server_name='0.0.0.0', server_port=8080)\n",
    ),
  ),
  breaks('uvicorn.run without a host', address, python('import uvicorn\nuvicorn.run(app, port=7860)\n')),
  breaks(
    'a constant of 8000',
    port,
    python(
      "import os, uvicorn\nPORT = int(os.getenv('PORT', '8000'))\nif __name__ == '__main__':\n    uvicorn.run(app, host='0.0.0.0', port=PORT)\n",
    ),
  ),
  breaks(
    'flask on all interfaces, 5000',
    port,
    python("from flask import Flask\napp = Flask(__name__)\napp.run(host='0.0.0.0')\n"),
  ),
  breaks('dash by default', address, python('import dash\napp = dash.Dash(__name__)\napp.run(debug=True)\n')),
  breaks('aiohttp 8080', port, python('from aiohttp import web\nweb.run_app(app)\n')),
  breaks('runserver 7860', address, py('CMD ["python","manage.py","runserver","7860"]')),
  breaks('chainlit', port, py('CMD ["chainlit","run","app.py","--host","0.0.0.0"]')),
  breaks(
    'poetry run',
    port,
    py('CMD ["poetry","run","uvicorn","app:app","--host","0.0.0.0","--port","8080"]'),
  ),
  breaks('app_port is another one', '8000', {
    ...py(run),
    'README.md': readme.replace('app_port: 7860', 'app_port: 8000'),
  }),
  breaks('no app_port: 7860', port, {
    ...py('CMD ["uvicorn","app:app","--host","0.0.0.0","--port","8000"]'),
    'README.md': readme.replace('app_port: 7860\n', ''),
  }),
  breaks(
    'a script by way of npm',
    port,
    js('CMD ["npm","start"]', {
      'package.json': '{"name":"x","scripts":{"start":"node server.js"}}',
      'server.js': 'app.listen(process.env.PORT || 3000)\n',
    }),
  ),
  breaks(
    'express on 3000',
    port,
    server('const PORT = process.env.PORT || 3000\napp.listen(PORT, () => console.log(PORT))\n'),
  ),
  breaks(
    'fastify without a host',
    address,
    server("import Fastify from 'fastify'\nconst app = Fastify()\nawait app.listen({ port: 7860 })\n"),
  ),
  breaks('listen on localhost', address, server("app.listen(7860, 'localhost')\n")),
  breaks(
    'vite preview',
    address,
    js('CMD ["npm","run","preview"]', {
      'package.json': '{"name":"x","scripts":{"preview":"vite preview --port 7860"}}',
    }),
  ),
  breaks('nginx by default', port, raw('FROM nginx:1.29\nCOPY . /usr/share/nginx/html\n')),
  breaks(
    'Spring by default',
    port,
    raw('FROM eclipse-temurin:21\nCOPY . /a\nCMD ["java","-jar","/a/x.jar"]\n', {
      'pom.xml': '<artifactId>spring-boot-starter-web</artifactId>',
    }),
  ),
  breaks('httpd', port, raw('FROM httpd:2.4\nCOPY . /usr/local/apache2/htdocs/\n')),
  breaks(
    'CRLF started by bash',
    'CRLF|line end',
    py('CMD ["bash","start.sh"]', {
      'start.sh': '#!/bin/bash\r\ncd app\r\nuvicorn app:app --host 0.0.0.0 --port 7860\r\n',
    }),
  ),
  breaks(
    'no shebang',
    '#!',
    py('RUN chmod +x run.sh\nCMD ["./run.sh"]', { 'run.sh': 'uvicorn app:app --host 0.0.0.0 --port 7860\n' }),
  ),
  breaks(
    'bash on Alpine',
    'bash',
    raw('FROM python:3.12-alpine\nCOPY . /a\nRUN chmod +x /a/run.sh\nCMD ["/a/run.sh"]\n', {
      'run.sh': '#!/bin/bash\nuvicorn app:app --host 0.0.0.0 --port 7860\n',
    }),
  ),
  breaks('a script that is not there', 'start\\.sh', py('CMD ["./start.sh"]')),
  breaks('docker compose up', 'Docker|one container', py('CMD ["docker-compose","up"]')),
  breaks('no CMD', 'CMD', py('RUN true')),
]

const builds: readonly Space[] = [
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

const rest: readonly Space[] = [
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

/** Folders of this project's own, beside those from the field. */
export const ownSpaces: readonly Space[] = [...starts, ...builds, ...rest]
