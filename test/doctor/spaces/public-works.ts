import { type Files, type Space, raw, readme, works } from './space.js'

const head = (port: number | undefined): string =>
  readme.replace('app_port: 7860\n', port === undefined ? '' : `app_port: ${port}\n`)
const on = (port: number | undefined, dockerfile: string, files: Files = {}): Files =>
  raw(dockerfile, { 'README.md': head(port), ...files })

/** Shapes of public Spaces in Python, all of which are reached. */
const python: readonly Space[] = [
  works(
    'the template of Streamlit',
    on(
      8501,
      'FROM python:3.13.5-slim\n\nWORKDIR /app\n\nRUN apt-get update && apt-get install -y \\\n    build-essential \\\n    curl \\\n    git \\\n    && rm -rf /var/lib/apt/lists/*\n\nCOPY requirements.txt ./\nCOPY src/ ./src/\n\nRUN pip3 install -r requirements.txt\n\nEXPOSE 8501\n\nHEALTHCHECK CMD curl --fail http://localhost:8501/_stcore/health\n\nENTRYPOINT ["streamlit", "run", "src/streamlit_app.py", "--server.port=8501", "--server.address=0.0.0.0"]',
      {
        'requirements.txt': 'altair\npandas\nstreamlit\n',
        'src/streamlit_app.py': 'import streamlit as st\n',
      },
    ),
  ),
  works(
    'Gradio made by a function, its port from the environment',
    on(
      undefined,
      'FROM python:3.11-slim\nENV PYTHONUNBUFFERED=1 GRADIO_ANALYTICS_ENABLED=False\nWORKDIR /code\nCOPY ./requirements.txt /code/requirements.txt\nRUN pip install --no-cache-dir --upgrade -r /code/requirements.txt\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user\nWORKDIR $HOME/app\nCOPY --chown=user . $HOME/app\nCMD ["python", "app.py"]',
      {
        'requirements.txt': 'gradio==5.1.0\ntorch\n',
        'app.py':
          'import os\nimport gradio as gr\n\n\ndef create_ui():\n    with gr.Blocks(theme=gr.themes.Soft()) as demo:\n        gr.Markdown("# Hello")\n    return demo\n\n\nif __name__ == "__main__":\n    demo = create_ui()\n    demo.queue(max_size=20).launch(\n        server_name="0.0.0.0",\n        server_port=int(os.getenv("PORT", "7860")),\n        show_error=True,\n    )\n',
      },
    ),
  ),
  works(
    'Gradio whose launch is given a dictionary',
    on(
      7860,
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install gradio\nCMD ["python", "app.py"]',
      {
        'app.py':
          'import gradio as gr\noptions = {"server_name": "0.0.0.0", "server_port": 7860}\ngr.Interface(lambda x: x, "text", "text").launch(**options)\n',
      },
    ),
  ),
  works(
    'Flask with its port as a word of the environment',
    on(
      7860,
      'FROM python:3.10-slim\nWORKDIR /app\nCOPY requirements.txt requirements.txt\nRUN pip install -r requirements.txt\nCOPY . .\nEXPOSE 7860\nCMD ["python3", "-u", "main.py"]',
      {
        'requirements.txt': 'Flask==3.0.3\nrequests\n',
        'main.py':
          'from flask import Flask\nimport os\n\napp = Flask(__name__)\n\n\n@app.route("/")\ndef index():\n    return "ok"\n\n\nif __name__ == "__main__":\n    port = int(os.environ.get("PORT", 7860))\n    app.run(debug=False, host="0.0.0.0", port=port)\n',
      },
    ),
  ),
  works(
    'gunicorn with a file that adds texts',
    on(
      7860,
      'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install flask gunicorn\nCMD ["gunicorn", "-c", "gunicorn_config.py", "app:app"]',
      {
        'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
        'gunicorn_config.py':
          'import multiprocessing\nimport os\n\nworkers = multiprocessing.cpu_count() * 2 + 1\nbind = "0.0.0.0:" + os.getenv("PORT", "7860")\ntimeout = 120\n',
      },
    ),
  ),
  works(
    'gunicorn with a list of one in a folder',
    on(
      7860,
      'FROM python:3.11-slim\nWORKDIR /srv\nCOPY . /srv\nRUN pip install -r requirements.txt\nCMD exec gunicorn --config config/gunicorn.py --worker-class uvicorn.workers.UvicornWorker main:app',
      {
        'requirements.txt': 'fastapi\nuvicorn\ngunicorn\n',
        'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
        'config/gunicorn.py': 'bind = ["0.0.0.0:7860"]\nworkers = 2\n',
      },
    ),
  ),
  works(
    'gunicorn with an application factory',
    on(
      7860,
      'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install flask gunicorn\nCMD ["gunicorn", "--bind", "0.0.0.0:7860", "--timeout", "0", "app:create_app()"]',
      { 'app/__init__.py': 'def create_app():\n    pass\n' },
    ),
  ),
  works(
    'hypercorn with a Config in the code',
    on(
      7860,
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "main.py"]',
      {
        'requirements.txt': 'quart\nhypercorn\n',
        'main.py':
          'import asyncio\nfrom hypercorn.asyncio import serve\nfrom hypercorn.config import Config\nfrom quart import Quart\n\napp = Quart(__name__)\n\nif __name__ == "__main__":\n    config = Config()\n    config.bind = ["0.0.0.0:7860"]\n    config.use_reloader = False\n    asyncio.run(serve(app, config))\n',
      },
    ),
  ),
  works(
    'hypercorn with a Config of a mapping, its port from the environment',
    on(
      7860,
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install fastapi hypercorn\nCMD ["python", "server.py"]',
      {
        'server.py':
          'import asyncio, os\nimport hypercorn.asyncio\nfrom hypercorn import Config\nfrom fastapi import FastAPI\n\napp = FastAPI()\nPORT = int(os.environ.get("PORT", 7860))\nconfig = Config.from_mapping(bind=f"0.0.0.0:{PORT}", workers=1)\nasyncio.run(hypercorn.asyncio.serve(app, config))\n',
      },
    ),
  ),
  works(
    'hypercorn on a list of two addresses, one of them right',
    on(
      7860,
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install starlette hypercorn\nCMD ["python", "server.py"]',
      {
        'server.py':
          'import asyncio\nfrom hypercorn.asyncio import serve\nfrom hypercorn.config import Config\n\nconfig = Config()\nconfig.bind = ["127.0.0.1:9000", "0.0.0.0:7860"]\nasyncio.run(serve(app, config))\n',
      },
    ),
  ),
  works(
    'supervisord with nginx before uvicorn',
    on(
      7860,
      'FROM python:3.11-slim\nRUN apt-get update && apt-get install -y --no-install-recommends nginx supervisor && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY backend/requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY backend ./backend\nCOPY nginx.conf /etc/nginx/nginx.conf\nCOPY supervisord.conf /etc/supervisor/conf.d/supervisord.conf\nCMD ["/usr/bin/supervisord", "-c", "/etc/supervisor/conf.d/supervisord.conf"]',
      {
        'backend/requirements.txt': 'fastapi\nuvicorn\n',
        'backend/main.py': '',
        'nginx.conf':
          'events {}\nhttp {\n  server {\n    listen 7860;\n    location / { proxy_pass http://127.0.0.1:8000; }\n  }\n}\n',
        'supervisord.conf':
          '[supervisord]\nnodaemon=true\nuser=root\n\n[program:nginx]\ncommand=nginx -g "daemon off;"\n\n[program:api]\ncommand=uvicorn backend.main:app --host 127.0.0.1 --port 8000\ndirectory=/app\n',
      },
    ),
  ),
  works(
    'a script that starts nginx and replaces itself by uvicorn',
    on(
      7860,
      'FROM python:3.11-slim\nRUN apt-get update && apt-get install -y nginx && rm -rf /var/lib/apt/lists/*\nCOPY nginx/default.conf /etc/nginx/sites-available/default\nWORKDIR /app\nCOPY . .\nRUN pip install fastapi uvicorn && chmod +x start.sh\nCMD ["./start.sh"]',
      {
        'nginx/default.conf':
          'server {\n    listen 7860 default_server;\n    location / { proxy_pass http://127.0.0.1:8000; }\n}\n',
        'start.sh':
          '#!/usr/bin/env bash\nset -euo pipefail\nnginx\nexec uvicorn main:app --host 127.0.0.1 --port 8000\n',
        'main.py': '',
      },
    ),
  ),
  works(
    'the image of uv, from its documents',
    on(
      7860,
      'FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim\nWORKDIR /app\nENV UV_COMPILE_BYTECODE=1\nENV UV_LINK_MODE=copy\nRUN --mount=type=cache,target=/root/.cache/uv \\\n    --mount=type=bind,source=uv.lock,target=uv.lock \\\n    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\\n    uv sync --locked --no-install-project --no-dev\nCOPY . /app\nRUN --mount=type=cache,target=/root/.cache/uv \\\n    uv sync --locked --no-dev\nENV PATH="/app/.venv/bin:$PATH"\nENTRYPOINT []\nCMD ["fastapi", "run", "--host", "0.0.0.0", "--port", "7860", "src/app/main.py"]',
      {
        'pyproject.toml':
          '[project]\nname = "app"\nversion = "0.1.0"\ndependencies = ["fastapi[standard]"]\n',
        'uv.lock': 'version = 1\n',
        'src/app/main.py': '',
      },
    ),
  ),
  works(
    'uv from its image, at the start',
    on(
      7860,
      'FROM python:3.12-slim\nCOPY --from=ghcr.io/astral-sh/uv:0.8 /uv /uvx /bin/\nRUN useradd -m -u 1000 user\nUSER user\nWORKDIR /home/user/app\nCOPY --chown=user pyproject.toml uv.lock ./\nRUN uv sync --frozen --no-cache\nCOPY --chown=user . .\nCMD ["uv", "run", "--frozen", "streamlit", "run", "app.py", "--server.port", "7860", "--server.address", "0.0.0.0"]',
      {
        'pyproject.toml': '[project]\nname = "app"\nversion = "0.1.0"\ndependencies = ["streamlit"]\n',
        'uv.lock': 'version = 1\n',
        'app.py': 'import streamlit\n',
      },
    ),
  ),
  works(
    'poetry that writes a list in a stage',
    on(
      7860,
      'FROM python:3.11 AS requirements-stage\nWORKDIR /tmp\nRUN pip install poetry poetry-plugin-export\nCOPY ./pyproject.toml ./poetry.lock* /tmp/\nRUN poetry export -f requirements.txt --output requirements.txt --without-hashes\n\nFROM python:3.11-slim\nWORKDIR /code\nCOPY --from=requirements-stage /tmp/requirements.txt /code/requirements.txt\nRUN pip install --no-cache-dir --upgrade -r /code/requirements.txt\nCOPY ./app /code/app\nCMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "7860", "--proxy-headers"]',
      {
        'pyproject.toml':
          '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.11"\nfastapi = "*"\nuvicorn = "*"\n',
        'app/main.py': '',
      },
    ),
  ),
  works(
    'poetry without an environment of its own',
    on(
      7860,
      'FROM python:3.11-slim\nENV POETRY_VERSION=1.8.3\nRUN pip install "poetry==$POETRY_VERSION"\nWORKDIR /app\nCOPY pyproject.toml poetry.lock ./\nRUN poetry config virtualenvs.create false \\\n  && poetry install --only main --no-interaction --no-ansi --no-root\nCOPY . .\nCMD ["python", "-m", "uvicorn", "main:app", "--host=0.0.0.0", "--port=7860"]',
      {
        'pyproject.toml':
          '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.11"\nfastapi = "*"\nuvicorn = "*"\n',
        'poetry.lock': '',
        'main.py': '',
      },
    ),
  ),
  works(
    'conda with an environment of a file',
    on(
      7860,
      'FROM continuumio/miniconda3:24.7.1-0\nWORKDIR /app\nCOPY environment.yml .\nRUN conda env create -f environment.yml && conda clean -afy\nSHELL ["conda", "run", "-n", "demo", "/bin/bash", "-c"]\nCOPY . .\nENTRYPOINT ["conda", "run", "--no-capture-output", "-n", "demo", "python", "app.py"]',
      {
        'environment.yml': 'name: demo\ndependencies:\n  - python=3.11\n  - pip:\n      - gradio\n',
        'app.py':
          'import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Textbox()\n\ndemo.launch(server_name="0.0.0.0", server_port=7860)\n',
      },
    ),
  ),
  works(
    'micromamba with its user',
    on(
      7860,
      'FROM mambaorg/micromamba:1.5.8\nCOPY --chown=$MAMBA_USER:$MAMBA_USER env.yaml /tmp/env.yaml\nRUN micromamba install -y -n base -f /tmp/env.yaml && micromamba clean --all --yes\nARG MAMBA_DOCKERFILE_ACTIVATE=1\nUSER $MAMBA_USER\nWORKDIR /home/mambauser/app\nCOPY --chown=$MAMBA_USER:$MAMBA_USER . .\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'env.yaml': 'name: base\n', 'main.py': '' },
    ),
  ),
  works(
    'Django by an entry point that hands over',
    on(
      7860,
      'FROM python:3.12-slim\nENV PYTHONDONTWRITEBYTECODE=1\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nRUN chmod +x /app/entrypoint.sh && SECRET_KEY=build python manage.py collectstatic --noinput\nENTRYPOINT ["/app/entrypoint.sh"]\nCMD ["gunicorn", "--bind", "0.0.0.0:7860", "--workers", "2", "core.wsgi:application"]',
      {
        'requirements.txt': 'Django\ngunicorn\nwhitenoise\n',
        'manage.py': '',
        'core/wsgi.py': '',
        'entrypoint.sh':
          '#!/bin/sh\n\nif [ "$DATABASE" = "postgres" ]\nthen\n    while ! nc -z $SQL_HOST $SQL_PORT; do\n      sleep 0.1\n    done\nfi\n\npython manage.py migrate --noinput || true\nexec "$@"\n',
      },
    ),
  ),
  works(
    'chainlit, whose -h is no address',
    on(
      7860,
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV PATH="/home/user/.local/bin:$PATH"\nWORKDIR /app\nCOPY --chown=user ./requirements.txt requirements.txt\nRUN pip install --no-cache-dir --upgrade -r requirements.txt\nCOPY --chown=user . /app\nCMD ["chainlit", "run", "app.py", "-h", "--host", "0.0.0.0", "--port", "7860"]',
      { 'requirements.txt': 'chainlit\nopenai\n', 'app.py': '' },
    ),
  ),
  works(
    'panel, from its template',
    on(
      7860,
      'FROM python:3.9\nWORKDIR /code\nCOPY ./requirements.txt /code/requirements.txt\nRUN python3 -m pip install --no-cache-dir --upgrade pip\nRUN python3 -m pip install --no-cache-dir --upgrade -r /code/requirements.txt\nCOPY . .\nCMD ["panel", "serve", "/code/app.py", "--address", "0.0.0.0", "--port", "7860", "--allow-websocket-origin", "*"]\nRUN mkdir /.cache\nRUN chmod 777 /.cache\nRUN mkdir .chroma\nRUN chmod 777 .chroma',
      { 'requirements.txt': 'panel\n', 'app.py': '' },
    ),
  ),
  works(
    'shiny for Python, from its template',
    on(
      7860,
      'FROM python:3.9\nWORKDIR /code\nCOPY ./requirements.txt /code/requirements.txt\nRUN pip install --no-cache-dir --upgrade -r /code/requirements.txt\nCOPY . .\nEXPOSE 7860\nCMD ["shiny", "run", "app.py", "--host", "0.0.0.0", "--port", "7860"]',
      { 'requirements.txt': 'shiny\n', 'app.py': '' },
    ),
  ),
  works(
    'uvicorn in a coroutine',
    on(
      7860,
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install uvicorn fastapi\nCMD ["python", "bot.py"]',
      {
        'bot.py':
          'import asyncio\nimport uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\nasync def main():\n    config = uvicorn.Config(app, host="0.0.0.0", port=7860, log_level="info")\n    server = uvicorn.Server(config)\n    await asyncio.gather(server.serve(), poll())\n\n\nasyncio.run(main())\n',
      },
    ),
  ),
  works(
    'uvicorn.run with an object of settings',
    on(
      7860,
      'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "-m", "app"]',
      {
        'requirements.txt': 'fastapi\nuvicorn\npydantic-settings\n',
        'app/__main__.py':
          'import uvicorn\nfrom app.settings import settings\n\nuvicorn.run("app.main:app", host=settings.host, port=settings.port)\n',
        'app/settings.py': 'class Settings:\n    host = "0.0.0.0"\n    port = 7860\nsettings = Settings()\n',
        'app/main.py': '',
      },
    ),
  ),
  works(
    'ollama beside an API that waits for it',
    on(
      7860,
      'FROM python:3.11-slim\nRUN apt-get update && apt-get install -y curl zstd && curl -fsSL https://ollama.com/install.sh | sh\nWORKDIR /app\nCOPY . .\nRUN pip install fastapi uvicorn\nENV OLLAMA_HOST=127.0.0.1:11434\nCMD ["bash", "start.sh"]',
      {
        'main.py': '',
        'start.sh':
          '#!/bin/bash\nollama serve &\nuntil curl -s http://127.0.0.1:11434/api/tags > /dev/null; do sleep 1; done\nollama pull "${MODEL:-llama3.2:1b}"\nuvicorn main:app --host 0.0.0.0 --port "${PORT:-7860}"\n',
      },
    ),
  ),
  works(
    'Label Studio by its image',
    on(
      8080,
      'FROM heartexlabs/label-studio:1.13\nUSER root\nRUN mkdir -p /label-studio/data && chown -R 1001 /label-studio\nUSER 1001\nENV LABEL_STUDIO_BASE_DATA_DIR=/label-studio/data\nCMD ["label-studio", "--host", "https://example.hf.space"]',
    ),
  ),
]

/** The same in other languages. */
const others: readonly Space[] = [
  works(
    'Express in TypeScript, by two stages',
    on(
      7860,
      'FROM node:22-alpine AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n\nFROM node:22-alpine\nENV NODE_ENV=production\nWORKDIR /app\nCOPY --from=build /app/node_modules ./node_modules\nCOPY --from=build /app/dist ./dist\nUSER node\nCMD ["node", "dist/index.js"]',
      {
        'package.json':
          '{"name":"x","engines":{"node":">=20"},"scripts":{"build":"tsc"},"dependencies":{"express":"^5.0.0"},"devDependencies":{"typescript":"^5.0.0"}}',
        'package-lock.json':
          '{"lockfileVersion":3,"packages":{"":{"dependencies":{"express":"^5.0.0"},"devDependencies":{"typescript":"^5.0.0"}},"node_modules/express":{"version":"5.1.0"},"node_modules/typescript":{"version":"5.6.0","dev":true}}}',
        'tsconfig.json': '{ "compilerOptions": { "outDir": "dist", "rootDir": "src" } }',
        'src/index.ts':
          "import express from 'express'\nconst app = express()\nconst port = Number(process.env.PORT ?? 7860)\napp.listen(port, '0.0.0.0', () => console.log(`on ${port}`))\n",
      },
    ),
  ),
  works(
    'a page that vite builds, behind nginx',
    on(
      7860,
      'FROM node:20 AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nFROM nginx:1.27-alpine\nCOPY nginx.conf /etc/nginx/conf.d/default.conf\nCOPY --from=build /app/dist /usr/share/nginx/html\nRUN chown -R nginx:nginx /var/cache/nginx /var/log/nginx /etc/nginx/conf.d && touch /var/run/nginx.pid && chown -R nginx:nginx /var/run/nginx.pid\nUSER nginx\nEXPOSE 7860\nCMD ["nginx", "-g", "daemon off;"]',
      {
        'nginx.conf':
          'server {\n  listen 7860;\n  root /usr/share/nginx/html;\n  location / { try_files $uri /index.html; }\n}\n',
        'package.json': '{"name":"x","scripts":{"build":"vite build"},"devDependencies":{"vite":"^6.0.0"}}',
        'package-lock.json':
          '{"lockfileVersion":3,"packages":{"":{"devDependencies":{"vite":"^6.0.0"}},"node_modules/vite":{"version":"6.0.1","dev":true}}}',
      },
    ),
  ),
  works(
    'a page of Python and a server of Node in one image',
    on(
      7860,
      'FROM node:20-bookworm-slim\nRUN apt-get update && apt-get install -y python3 python3-pip python3-venv && rm -rf /var/lib/apt/lists/*\nRUN python3 -m venv /opt/venv\nENV PATH="/opt/venv/bin:$PATH"\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["sh", "-c", "python worker.py & node server.mjs"]',
      {
        'requirements.txt': 'redis\n',
        'worker.py': 'import time\nwhile True:\n    time.sleep(1)\n',
        'server.mjs':
          "import { createServer } from 'node:http'\ncreateServer((_, answer) => answer.end('ok')).listen({ port: process.env.PORT || 7860, host: '0.0.0.0' })\n",
      },
    ),
  ),
  works(
    'PHP in a folder of pages',
    on(
      7860,
      'FROM php:8.3-cli\nWORKDIR /var/www/html\nCOPY . .\nRUN docker-php-ext-install pdo_mysql\nCMD ["php", "-S", "0.0.0.0:7860", "-t", "public"]',
      { 'public/index.php': '<?php echo 1;' },
    ),
  ),
  works(
    'Apache for PHP, its port changed by sed',
    on(
      7860,
      'FROM php:8.2-apache\nRUN sed -i "s/80/7860/g" /etc/apache2/sites-available/000-default.conf /etc/apache2/ports.conf\nCOPY . /var/www/html\nRUN chown -R www-data:www-data /var/www/html',
    ),
  ),
  works(
    'Spring by Maven in two stages',
    on(
      7860,
      'FROM maven:3.9-eclipse-temurin-21 AS build\nWORKDIR /app\nCOPY pom.xml .\nCOPY src ./src\nRUN mvn -q package -DskipTests\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=build /app/target/*.jar app.jar\nENTRYPOINT ["sh", "-c", "java $JAVA_OPTS -jar app.jar"]',
      {
        'pom.xml': '<artifactId>spring-boot-starter-web</artifactId>',
        'src/main/resources/application.properties': 'server.port=${PORT:7860}\n',
      },
    ),
  ),
  works(
    'Go from two stages, with a variable that has a default',
    on(
      7860,
      'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /out/server ./cmd/server\nFROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /out/server /server\nENTRYPOINT ["/server"]',
      {
        'go.mod': 'module example.com/x\n\ngo 1.23\n',
        'cmd/server/main.go':
          'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\tport := os.Getenv("PORT")\n\tif port == "" {\n\t\tport = "7860"\n\t}\n\thttp.ListenAndServe(":"+port, nil)\n}\n',
      },
    ),
  ),
  works(
    'ASP.NET with its address in a variable',
    on(
      7860,
      'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nWORKDIR /app\nCOPY --from=build /app .\nENV ASPNETCORE_URLS=http://+:7860\nENTRYPOINT ["dotnet", "Web.dll"]',
      { 'Web.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', 'Program.cs': 'app.Run();\n' },
    ),
  ),
  works(
    'ASP.NET on 8080, which the image says',
    on(
      8080,
      'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nWORKDIR /app\nCOPY --from=build /app .\nENTRYPOINT ["dotnet", "Web.dll"]',
      { 'Web.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>', 'Program.cs': 'app.Run();\n' },
    ),
  ),
  works(
    'Rust from a slim image',
    on(
      7860,
      'FROM rust:1.80 AS build\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nFROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /app/target/release/web /usr/local/bin/web\nENV ROCKET_ADDRESS=0.0.0.0 ROCKET_PORT=7860\nCMD ["web"]',
      { 'Cargo.toml': '[package]\nname = "web"\n', 'src/main.rs': 'fn main() {}\n' },
    ),
  ),
  works(
    'Next by npm, its port in the script',
    on(
      7860,
      'FROM node:20\nRUN apt-get update && apt-get install -y --no-install-recommends ffmpeg\nUSER node\nWORKDIR /home/node/app\nCOPY --chown=node package*.json ./\nRUN npm install\nCOPY --chown=node . .\nRUN npm run build\nEXPOSE 7860\nCMD ["npm", "run", "start"]',
      {
        'package.json':
          '{"name":"x","engines":{"node":">=20"},"scripts":{"build":"next build","start":"next start -p 7860"},"dependencies":{"next":"14.2.3"}}',
      },
    ),
  ),
  works(
    'llama.cpp by its image',
    on(
      undefined,
      'FROM ghcr.io/ggml-org/llama.cpp:server\nRUN curl -L -o /model.gguf https://example.com/model.gguf\nCMD ["-m", "/model.gguf", "--port", "7860", "--host", "0.0.0.0"]',
    ),
  ),
]

export const publicWorks: readonly Space[] = [...python, ...others]
