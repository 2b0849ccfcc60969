import { type Space, breaks, raw, works } from './space.js'

const right: readonly Space[] = [
  works(
    'an assistant with a vector store',
    raw(
      'FROM python:3.11-slim\nRUN apt-get update && apt-get install -y \\\n    build-essential libglib2.0-0 git \\\n    && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nRUN mkdir -p data/chroma_db\nCMD ["python", "app.py"]',
      {
        'requirements.txt': 'gradio\nchromadb\n',
        'app.py':
          "import gradio as gr\nwith gr.Blocks() as demo:\n    pass\nif __name__ == '__main__':\n    demo.launch(server_name='0.0.0.0', server_port=7860)\n",
      },
    ),
  ),
  works(
    'packages of a user from another stage',
    raw(
      'FROM python:3.11-slim AS builder\nCOPY requirements.txt .\nRUN pip install --no-cache-dir --user -r requirements.txt\nFROM python:3.11-slim\nWORKDIR /app\nCOPY --from=builder /root/.local /root/.local\nENV PATH=/root/.local/bin:$PATH\nCOPY . .\nENV STREAMLIT_SERVER_PORT=7860 \\\n    STREAMLIT_SERVER_ADDRESS=0.0.0.0\nCMD ["streamlit", "run", "app.py"]',
      { 'requirements.txt': 'streamlit\n', 'app.py': 'import streamlit\n' },
    ),
  ),
  works(
    'the image of next, from its documents',
    raw(
      'FROM node:20-alpine AS base\nFROM base AS deps\nRUN apk add --no-cache libc6-compat\nWORKDIR /app\nCOPY package.json yarn.lock* package-lock.json* ./\nRUN \\\n  if [ -f yarn.lock ]; then yarn --frozen-lockfile; \\\n  elif [ -f package-lock.json ]; then npm ci; \\\n  else echo "Lockfile not found." && exit 1; \\\n  fi\nFROM base AS builder\nWORKDIR /app\nCOPY --from=deps /app/node_modules ./node_modules\nCOPY . .\nRUN npm run build\nFROM base AS runner\nWORKDIR /app\nENV NODE_ENV=production\nRUN addgroup --system --gid 1001 nodejs\nRUN adduser --system --uid 1001 nextjs\nCOPY --from=builder --chown=nextjs:nodejs /app/.next/standalone ./\nUSER nextjs\nENV PORT=7860 HOSTNAME="0.0.0.0"\nCMD ["node", "server.js"]',
      {
        'package.json': '{"name":"x","scripts":{"build":"next build"},"dependencies":{"next":"15.0.0"}}',
        'package-lock.json':
          '{"lockfileVersion":3,"packages":{"":{"dependencies":{"next":"15.0.0"}},"node_modules/next":{"version":"15.0.0"}}}',
      },
    ),
  ),
  works(
    'nginx and an API under supervisord',
    raw(
      'FROM python:3.11-slim\nRUN apt-get update && apt-get install -y nginx supervisor && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCOPY nginx.conf /etc/nginx/nginx.conf\nCOPY supervisord.conf /etc/supervisor/conf.d/supervisord.conf\nCMD ["/usr/bin/supervisord", "-c", "/etc/supervisor/conf.d/supervisord.conf"]',
      {
        'requirements.txt': 'fastapi\nuvicorn\n',
        'nginx.conf':
          'events{}\nhttp { server { listen 7860; location / { proxy_pass http://127.0.0.1:8000; } } }\n',
        'supervisord.conf':
          '; two programs\n[supervisord]\nnodaemon=true\n[program:api]\ncommand=uvicorn main:app --host 127.0.0.1 --port 8000\nenvironment=MODE="api",LEVEL=%(ENV_X)s\n[program:nginx]\ncommand=/usr/sbin/nginx -g "daemon off;"\n',
        'main.py': 'app=1',
      },
    ),
  ),
  works(
    'an API in the background that is waited for',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nRUN pip install -r requirements.txt && chmod +x start.sh\nCMD ["./start.sh"]',
      {
        'requirements.txt': 'fastapi\nuvicorn\nstreamlit\n',
        'start.sh':
          '#!/bin/bash\nset -e\nuvicorn api:app --host 127.0.0.1 --port 8000 &\nAPI_PID=$!\ntrap "kill $API_PID" EXIT\nfor i in $(seq 1 30); do\n  if curl -sf http://127.0.0.1:8000/health > /dev/null; then break; fi\n  sleep 1\ndone\nstreamlit run ui.py --server.port ${PORT:-7860} --server.address 0.0.0.0\n',
      },
    ),
  ),
  works(
    'an entry point with commands',
    raw(
      'FROM python:3.11-slim\nCOPY entrypoint.sh /usr/local/bin/docker-entrypoint.sh\nRUN chmod +x /usr/local/bin/docker-entrypoint.sh\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["serve"]',
      {
        'entrypoint.sh':
          '#!/bin/sh\nset -e\ncase "$1" in\n  serve) exec gunicorn -b 0.0.0.0:7860 app:app ;;\n  dev) exec flask run --port 5000 ;;\n  *) exec "$@" ;;\nesac\n',
      },
    ),
  ),
  works(
    'JupyterLab, from its template',
    raw(
      'FROM nvidia/cuda:11.3.1-base-ubuntu20.04\nRUN rm -f /etc/apt/sources.list.d/*.list && apt-get update && apt-get install -y --no-install-recommends curl sudo git && rm -rf /var/lib/apt/lists/*\nRUN apt-get update && curl -fsSL https://deb.nodesource.com/setup_18.x | bash - && apt-get install -y nodejs\nWORKDIR /app\nRUN adduser --disabled-password --gecos \'\' --shell /bin/bash user && chown -R user:user /app\nUSER user\nENV HOME=/home/user\nRUN mkdir $HOME/.cache && chmod -R 777 $HOME\nENV PATH=$HOME/miniconda/bin:$PATH\nRUN curl -sLo ~/miniconda.sh https://repo.continuum.io/miniconda/Miniconda3.sh && chmod +x ~/miniconda.sh && ~/miniconda.sh -b -p ~/miniconda\nWORKDIR $HOME/app\nUSER root\nRUN --mount=target=/root/packages.txt,source=packages.txt apt-get update && xargs -r -a /root/packages.txt apt-get install -y && rm -rf /var/lib/apt/lists/*\nUSER user\nRUN --mount=target=requirements.txt,source=requirements.txt pip install --no-cache-dir --upgrade -r requirements.txt\nCOPY --chown=user . $HOME/app\nRUN chmod +x start_server.sh\nCMD ["./start_server.sh"]',
      {
        'packages.txt': 'tree\n',
        'requirements.txt': 'jupyterlab==4.2.5\n',
        'start_server.sh':
          '#!/bin/bash\nJUPYTER_TOKEN="${JUPYTER_TOKEN:=huggingface}"\njupyter labextension disable "x"\njupyter-lab \\\n    --ip 0.0.0.0 \\\n    --port 7860 \\\n    --no-browser \\\n    --ServerApp.token="$JUPYTER_TOKEN"\n',
      },
    ),
  ),
  works(
    'Livebook',
    raw(
      'FROM ghcr.io/livebook-dev/livebook:0.12.1\nENV LIVEBOOK_APP_SERVICE_NAME "🐳 Hugging Face - $SPACE_TITLE"\nENV LIVEBOOK_PORT 7860\nUSER root\nRUN mkdir -p /data\nRUN chmod 777 /data',
    ),
  ),
  works(
    'a bot with a page beside it',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      {
        'app.py':
          "import os\nfrom threading import Thread\nfrom flask import Flask\napp = Flask('')\ndef run():\n    app.run(host='0.0.0.0', port=7860)\ndef keep_alive():\n    Thread(target=run).start()\nkeep_alive()\nclient.run(os.environ['TOKEN'])\n",
      },
    ),
  ),
  works(
    'Flask in a thread behind Gradio',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      {
        'app.py':
          "import threading\nfrom flask import Flask\nimport gradio as gr\napp = Flask(__name__)\ndef api():\n    app.run(host='127.0.0.1', port=5000)\nthreading.Thread(target=api, daemon=True).start()\ngr.Blocks().launch(server_name='0.0.0.0')\n",
      },
    ),
  ),
  works(
    'argparse in a function',
    raw(
      'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nENV PYTHONPATH=/app\nCMD ["python", "-m", "server", "--port", "7860"]',
      {
        'server.py':
          "import argparse, uvicorn\ndef main():\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--host', type=str, default='0.0.0.0')\n    parser.add_argument('--port', type=int, default=8000)\n    parser.add_argument('--reload', action='store_true')\n    args = parser.parse_args()\n    uvicorn.run('x:app', host=args.host, port=args.port)\nmain()\n",
      },
    ),
  ),
  works(
    'a choice by NODE_ENV',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","index.js"]', {
      'index.js':
        "if (process.env.NODE_ENV !== 'production') { app.listen(3000) } else { app.listen(7860, '0.0.0.0') }\n",
    }),
  ),
  works(
    'a template and brackets',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","index.js"]', {
      'index.js':
        "const PORT = (process.env.PORT || `7860`)\nconst HOST = undefined ?? '0.0.0.0'\napp.listen((PORT), HOST)\n",
    }),
  ),
  works(
    'options with names',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","index.js"]', {
      'index.js': "const port = 7860\nconst host = '0.0.0.0'\napp.listen({ port, host })\n",
    }),
  ),
  works(
    'a port of the configuration',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","src/index.js"]', {
      'src/index.js': "import config from './config.js'\nserver.listen(config.port, config.host)\n",
    }),
  ),
  works(
    'other calls than listen',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","index.js"]', {
      'index.js': 'io.listen(4000)\nlistener.listen()\nconst n = compute(1 + 2)\nserver.listen(7860)\n',
    }),
  ),
  works(
    'a quoted script',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["npm","start"]', {
      'package.json':
        '{"name":"x","engines":{"node":">=20"},"type":"module","scripts":{"start":"PORT=${PORT:-7860} node index.js"}}',
      'index.js': 'app.listen(process.env.PORT)\n',
    }),
  ),
  works(
    'pnpm with its store',
    raw(
      'FROM node:22-slim AS base\nENV PNPM_HOME="/pnpm"\nENV PATH="$PNPM_HOME:$PATH"\nRUN corepack enable\nFROM base AS prod\nCOPY pnpm-lock.yaml /app/\nWORKDIR /app\nRUN pnpm fetch --prod\nCOPY . /app\nRUN pnpm install --offline --frozen-lockfile && pnpm run build\nUSER node\nENV PORT=7860\nCMD ["pnpm","start"]',
      {
        'package.json':
          '{"name":"x","engines":{"node":">=20"},"type":"module","scripts":{"start":"node server.mjs","build":"tsc"}}',
        'pnpm-lock.yaml': '',
        'server.mjs': 'app.listen(process.env.PORT)',
      },
    ),
  ),
  works(
    'npm ci of a workspace',
    raw(
      'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY server/package.json server/\nRUN npm ci --workspace=server --include-workspace-root\nCOPY . .\nUSER node\nCMD ["npm","start","-w","server"]',
      {
        'package.json':
          '{"name":"x","engines":{"node":">=20"},"type":"module","scripts":{},"workspaces":["server"]}',
        'server/package.json':
          '{"name":"x","engines":{"node":">=20"},"type":"module","scripts":{"start":"node x.js"},"dependencies":{"koa":"^3.0.0"}}',
        'package-lock.json':
          '{"lockfileVersion":3,"packages":{"":{"workspaces":["server"]},"server":{"dependencies":{"koa":"^3.0.0"}},"node_modules/server":{"resolved":"server","link":true},"node_modules/koa":{"version":"3.0.1"}}}',
      },
    ),
  ),
  works(
    'Alpine, the user of node replaced',
    raw(
      'FROM node:20-alpine\nRUN deluser --remove-home node && addgroup -S app -g 1000 && adduser -S -G app -u 1000 app\nUSER app\nWORKDIR /home/app\nCOPY --chown=app . .\nRUN npm i\nENV PORT=7860\nCMD npm start',
      { 'package.json': '{"name":"x","scripts":{"start":"react-router-serve ./build/server/index.js"}}' },
    ),
  ),
  works(
    'Ubuntu, its user renamed',
    raw('FROM ubuntu:24.04\nRUN usermod -l user -d /home/user -m ubuntu\nUSER user\nCMD ["./x"]'),
  ),
  works(
    'an export in a RUN',
    raw(
      'FROM debian:12\nRUN export PIP_BREAK_SYSTEM_PACKAGES=1 EMPTY && apt-get update && apt-get install -y python3-pip && pip install flask\nCMD ["./x"]',
    ),
  ),
  works(
    'a user without an id',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m user\nUSER user\nENV DATABASE_URL=sqlite:////home/user/x.db\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
    ),
  ),
  works(
    'a folder for a group',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user && mkdir /srv/a && chgrp -R user /srv/a && chmod -R g+w /srv/a\nENV DB_PATH=/srv/a/x.db\nUSER user\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
    ),
  ),
  works(
    'a folder that the user clones',
    raw(
      'FROM python:3.11-slim\nRUN apt-get update && apt-get install -y git && useradd -m -u 1000 user && mkdir -p /srv/a && chown user /srv/a\nUSER user\nRUN git clone https://example.com/x /srv/a/x\nENV DB_PATH=/srv/a/x/x.db\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
    ),
  ),
  works(
    'gunicorn by a module of settings',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["gunicorn","-c","python:app.settings","app:app"]',
    ),
  ),
  works(
    'gunicorn by a file of another folder',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["gunicorn","--config","file:conf/g.py","app:app"]',
      { 'conf/g.py': "import os\nhost = '0.0.0.0'\nbind = [f'{host}:{os.getenv(\"PORT\", 7860)}']\n" },
    ),
  ),
  works(
    'gunicorn by a file that computes',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["gunicorn","-c","g.py","app:app"]',
      { 'g.py': 'bind = make()\n' },
    ),
  ),
  works(
    'gunicorn by a file that is not there',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["gunicorn","-c","/etc/g.py","app:app"]',
    ),
  ),
  works(
    'gunicorn by a file that says nothing of it',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nENV PORT=7860\nCMD ["gunicorn","-c","g.py","app:app"]',
      { 'g.py': 'workers = 2\n' },
    ),
  ),
  works(
    'a file of streamlit that is none',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["streamlit","run","app.py"]',
      { '.streamlit/config.toml': '[server\nport = 1\n' },
    ),
  ),
  works(
    'flask with .flaskenv',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["flask","run"]',
      { '.flaskenv': 'FLASK_RUN_PORT=7860\nFLASK_RUN_HOST=0.0.0.0\n' },
    ),
  ),
  works(
    'flask with .flaskenv and a port',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["flask","run","-p","7860"]',
      { '.flaskenv': 'FLASK_RUN_HOST=0.0.0.0\n' },
    ),
  ),
  works(
    'vite with a config and a port',
    raw(
      'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["npx","vite","preview","--port","7860","--host"]',
      { 'vite.config.js': 'export default {}' },
    ),
  ),
  works(
    'a jar of another framework',
    raw('FROM eclipse-temurin:21\nCOPY . /a\nCMD ["java","-jar","/a/x.jar"]', {
      'pom.xml': '<artifactId>quarkus</artifactId>',
    }),
  ),
  works(
    'Spring with profiles',
    raw('FROM eclipse-temurin:21\nCOPY . /a\nENV JAVA_OPTS="-Dx=1"\nCMD ["java","-jar","/a/x.jar"]', {
      'build.gradle': 'spring-boot-starter-web',
      'src/main/resources/application-prod.properties': 'server.port=7860\n',
    }),
  ),
  works(
    'Spring by a tool option',
    raw(
      'FROM eclipse-temurin:21\nCOPY . /a\nENV JAVA_TOOL_OPTIONS="-Dserver.port=7860"\nCMD ["java","-jar","/a/x.jar"]',
      { 'build.gradle.kts': 'spring-boot-starter-web' },
    ),
  ),
  works(
    'R with an expression',
    raw('FROM rocker/r-ver:4.4\nCOPY . /app\nCMD ["R","-e","shiny::runApp(host=getOption(\'h\'), port=p)"]'),
  ),
  works('R with a script', raw('FROM rocker/r-ver:4.4\nCOPY . /app\nCMD ["Rscript","/app/x.R"]')),
  works(
    'apache with an address',
    raw('FROM httpd:2.4\nCOPY conf/ /usr/local/apache2/conf/', {
      'conf/httpd.conf': 'Listen 0.0.0.0:7860\n',
    }),
  ),
  works(
    'apache from another stage',
    raw(
      'FROM alpine:3.21 AS c\nRUN echo x\nFROM httpd:2.4\nCOPY --from=c /x /usr/local/apache2/conf/httpd.conf',
    ),
  ),
  works('caddy from elsewhere', raw('FROM caddy:2\nCMD ["caddy","run","--config","/etc/other"]')),
  works('caddy for a variable', raw('FROM caddy:2\nCMD caddy file-server --listen :$(cat /port)')),
  works(
    'nginx with parts that are included',
    raw('FROM nginx:1.29\nCOPY nginx.conf /app/nginx.conf\nCMD ["nginx","-c","/app/nginx.conf"]', {
      'nginx.conf': 'include /app/sites/*;\n',
    }),
  ),
  works(
    'nginx on a socket',
    raw('FROM nginx:1.29\nCOPY default.conf /etc/nginx/conf.d/default.conf', {
      'default.conf': 'server { listen unix:/tmp/x.sock; listen *:7860; }\n',
    }),
  ),
  works(
    'a here-document for nginx',
    raw('FROM nginx:1.29\nCOPY <<EOF /etc/nginx/conf.d/default.conf\nserver { listen 7860; }\nEOF'),
  ),
  works(
    'a port of the shell that is not known',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["sh","-c","uvicorn app:app --host 0.0.0.0 --port $(cat /port)"]',
    ),
  ),
  works(
    'a port of a read variable',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["bash","s.sh"]',
      { 's.sh': 'read -r PORT < /port\nset -a; . ./env\nexec uvicorn app:app --host 0.0.0.0 --port $PORT\n' },
    ),
  ),
  works(
    'a function with arguments',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["bash","s.sh"]',
      {
        's.sh':
          'serve() {\n  cd /tmp\n  local port=$1\n  uvicorn app:app --host 0.0.0.0 --port "$port"\n}\nserve 7860\n',
      },
    ),
  ),
  works(
    'a script that does not parse',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["bash","s.sh"]',
      { 's.sh': 'if then\n' },
    ),
  ),
  works(
    'words of a shell beyond what is followed',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["bash","-c","P=${PORT#x}; Q=${#P}; R=\'78\'\\"60\\"; uvicorn app:app --host 0.0.0.0 --port ${R:?}"]',
    ),
  ),
  works(
    'a shell from standard input',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["bash"]',
    ),
  ),
  works(
    'python alone',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","-u"]',
    ),
  ),
  works(
    'a module that nobody has',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","-W","ignore","-m","acme.server"]',
    ),
  ),
  works(
    'pip as the command of an entry point',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["sh","-c","python -m pip list && python -m gunicorn -b 0.0.0.0:7860 a:a"]',
    ),
  ),
  works(
    'a big program',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      { 'app.py': 'x = 1\n'.repeat(80_000) },
    ),
  ),
  works(
    'node by words that are not known',
    raw(
      'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["sh","-c","node $(cat entry) && nodemon --exec tsx s.ts"]',
      { 's.ts': 'app.listen(7860)\n' },
    ),
  ),
  works(
    'node that evaluates',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","-e","require(\'http\')"]'),
  ),
  works(
    'honcho with a .env',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["honcho","start"]',
      { Procfile: 'web: uvicorn a:a --port $PORT\n', '.env': 'PORT=7860\n', '.gitignore': '.env\n' },
    ),
  ),
  works(
    'supervisord with files that it includes',
    raw('FROM python:3.11-slim\nCOPY s.conf /etc/supervisord.conf\nCMD ["supervisord"]', {
      's.conf': '[include]\nfiles = x/*.conf\n[program:a]\nautostart=false\ncommand=uvicorn a:a\n',
    }),
  ),
  works(
    'scripts by a pattern',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["npx","run-p","start:*"]', {
      'package.json':
        '{"name":"x","engines":{"node":">=20"},"type":"module","scripts":{"start:a":"node a.js"}}',
    }),
  ),
  works(
    'concurrently with a word that is not known',
    raw(
      'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["sh","-c","npx concurrently \\"$(cat x)\\" --names a"]',
    ),
  ),
]

const wrong: readonly Space[] = [
  breaks(
    'gunicorn with its default beside a file',
    '127|localhost|0\\.0\\.0\\.0',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["gunicorn","-c","g.py","app:app"]',
      { 'g.py': 'workers = 2\n' },
    ),
  ),
  breaks(
    'Tornado on 8888',
    'port|7860',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      {
        'app.py':
          "import tornado.web\napp=tornado.web.Application([])\napp.listen(8888, address='0.0.0.0')\n",
      },
    ),
  ),
  breaks(
    'wsgiref on 8000',
    'port|7860',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      {
        'app.py':
          "from wsgiref.simple_server import make_server\nwith make_server('0.0.0.0', 8000, app) as s:\n    s.serve_forever()\n",
      },
    ),
  ),
  breaks(
    'socketserver on 8000',
    'port|7860',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      {
        'app.py':
          "import http.server, socketserver\nPORT=8000\nwith socketserver.TCPServer(('', PORT), http.server.SimpleHTTPRequestHandler) as h:\n    h.serve_forever()\n",
      },
    ),
  ),
  breaks(
    'Sanic on 8000',
    'port|7860',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      { 'app.py': "from sanic import Sanic\napp=Sanic('x')\napp.run(host='0.0.0.0', port=(8000))\n" },
    ),
  ),
  breaks(
    'NiceGUI on 8080',
    'port|7860',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      { 'app.py': "from nicegui import ui\nui.label('x')\nui.run(host=None)\n" },
    ),
  ),
  breaks(
    'a compiled script of npm on 3000',
    'port|7860',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["npm","run","start:prod"]', {
      'package.json': '{"name":"x","scripts":{"start:prod":"node dist/main.js"}}',
      'dist/main.js': 'app.listen(3000)',
    }),
  ),
  breaks(
    'Nuxt in development',
    '3000|127|localhost|0\\.0\\.0\\.0',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["yarn","dev"]', {
      'package.json': '{"name":"x","scripts":{"dev":"nuxt dev"}}',
    }),
  ),
  breaks(
    'a port that only EXPOSE names',
    '8080',
    raw('FROM ghcr.io/acme/app:1\nENV P=8080\nEXPOSE $P'),
    'note',
  ),
  breaks(
    'FROM with a comment',
    'FROM|comment',
    raw('FROM python:3.12-slim # slim\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]'),
  ),
  breaks(
    'FROM with words too many',
    'FROM',
    raw('FROM python:3.12-slim AS a b\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]'),
  ),
  breaks(
    'supervisord in its folder on 5000',
    'port|7860',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["supervisord"]',
      { 'supervisord.conf': '[program:a]\ncommand=gunicorn a:a -b 0.0.0.0:5000\n' },
    ),
  ),
  breaks(
    'Spring by properties on 9000',
    'port|7860',
    raw('FROM eclipse-temurin:21\nCOPY . /a\nCMD ["java","-jar","/a/x.jar"]', {
      'pom.xml': 'spring-boot-starter-web',
      'src/main/resources/application.properties': 'server.port=9000\n',
    }),
  ),
  breaks(
    'an install script that npm 12 leaves out',
    'better-sqlite3|allowScripts',
    raw('FROM node:26-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["npx","serve","-l","7860"]', {
      'package.json': '{"name":"x","dependencies":{"better-sqlite3":"^12.0.0"}}',
      'package-lock.json':
        '{"lockfileVersion":3,"packages":{"":{"dependencies":{"better-sqlite3":"^12.0.0"}},"node_modules/better-sqlite3":{"version":"12.0.0","hasInstallScript":true}}}',
    }),
    'warning',
  ),
]

/** Folders like those of real Spaces, and at the edge of what is followed. */
export const realOnes: readonly Space[] = [...right, ...wrong]
