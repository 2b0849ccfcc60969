import { type Files, type Space, address, breaks, port, raw, readme } from './space.js'

const head = (number: number | undefined): string =>
  readme.replace('app_port: 7860\n', number === undefined ? '' : `app_port: ${number}\n`)
const on = (number: number | undefined, dockerfile: string, files: Files = {}): Files =>
  raw(dockerfile, { 'README.md': head(number), ...files })
const slim = 'FROM python:3.11-slim\nWORKDIR /app\n'
const hypercorn = (lines: string): Files =>
  on(7860, `${slim}COPY . .\nRUN pip install quart hypercorn\nCMD ["python", "main.py"]`, {
    'main.py': `import asyncio\nfrom hypercorn.asyncio import serve\nfrom hypercorn.config import Config\nfrom quart import Quart\n\napp = Quart(__name__)\n${lines}\nasyncio.run(serve(app, config))\n`,
  })

/** Shapes of public Spaces in Python that stay at "Starting", or do not build. */
const python: readonly Space[] = [
  breaks(
    'the template of Streamlit without app_port',
    port,
    on(
      undefined,
      'FROM python:3.13.5-slim\nWORKDIR /app\nCOPY requirements.txt ./\nCOPY src/ ./src/\nRUN pip3 install -r requirements.txt\nEXPOSE 8501\nENTRYPOINT ["streamlit", "run", "src/streamlit_app.py", "--server.port=8501", "--server.address=0.0.0.0"]',
      { 'requirements.txt': 'streamlit\n', 'src/streamlit_app.py': '' },
    ),
  ),
  breaks(
    'streamlit in a shell, without a port',
    port,
    on(7860, `${slim}COPY . .\nRUN pip install streamlit\nCMD streamlit run Home.py --server.headless true`, {
      'Home.py': '',
    }),
  ),
  breaks(
    'Gradio that was run on the own machine',
    address,
    on(7860, `${slim}COPY . .\nRUN pip install gradio\nCMD ["python", "app.py"]`, {
      'app.py':
        'import gradio as gr\n\ndef greet(name):\n    return name\n\ndemo = gr.Interface(fn=greet, inputs="text", outputs="text")\n\nif __name__ == "__main__":\n    demo.launch(server_port=7860, share=False)\n',
    }),
  ),
  breaks(
    'Gradio with a queue, on 7861',
    port,
    on(7860, `${slim}COPY . .\nRUN pip install gradio\nCMD ["python", "-u", "app.py"]`, {
      'app.py':
        'import gradio as gr\nwith gr.Blocks() as demo:\n    gr.Chatbot()\ndemo.queue().launch(server_name="0.0.0.0", server_port=7861)\n',
    }),
  ),
  breaks(
    'uvicorn.run for the own machine, under a guard',
    address,
    on(7860, `${slim}COPY . .\nRUN pip install fastapi uvicorn\nCMD ["python", "main.py"]`, {
      'main.py':
        'import uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\nif __name__ == "__main__":\n    uvicorn.run("main:app", host="127.0.0.1", port=7860, reload=True)\n',
    }),
  ),
  breaks(
    'uvicorn without an address, by way of uv',
    address,
    on(
      7860,
      'FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen\nCMD ["uv", "run", "uvicorn", "main:app", "--port", "7860"]',
      {
        'pyproject.toml': '[project]\nname = "x"\ndependencies = ["fastapi", "uvicorn"]\n',
        'uv.lock': '',
        'main.py': '',
      },
    ),
  ),
  breaks(
    'Flask in debug, from its first page',
    port,
    on(7860, `${slim}COPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]`, {
      'requirements.txt': 'flask\n',
      'app.py':
        'from flask import Flask\napp = Flask(__name__)\n\n@app.route("/")\ndef hello():\n    return "Hello"\n\nif __name__ == "__main__":\n    app.run(debug=True)\n',
    }),
  ),
  breaks(
    'flask run for all, on its own port',
    port,
    on(
      7860,
      `${slim}ENV FLASK_APP=app.py\nCOPY . .\nRUN pip install flask\nCMD ["flask", "run", "--host=0.0.0.0"]`,
      {
        'app.py': '',
      },
    ),
  ),
  breaks(
    'a file of gunicorn with a constant of 8000',
    port,
    on(
      7860,
      `${slim}COPY . .\nRUN pip install flask gunicorn\nCMD ["gunicorn", "app:app", "--config=gunicorn.conf.py"]`,
      {
        'app.py': '',
        'gunicorn.conf.py': 'import os\nport = os.environ.get("PORT", "8000")\nbind = f"0.0.0.0:{port}"\n',
      },
    ),
  ),
  breaks(
    'a file of gunicorn that adds texts, on loopback',
    address,
    on(
      7860,
      `${slim}COPY . .\nRUN pip install flask gunicorn\nCMD ["gunicorn", "-c", "conf.py", "app:app"]`,
      {
        'app.py': '',
        'conf.py': 'host = "127.0.0.1"\nbind = host + ":7860"\n',
      },
    ),
  ),
  breaks(
    'gunicorn for Django, without an address, by an entry point',
    address,
    on(
      7860,
      `${slim}COPY . .\nRUN pip install django gunicorn && chmod +x docker/entrypoint.sh\nENTRYPOINT ["docker/entrypoint.sh"]`,
      {
        'manage.py': '',
        'docker/entrypoint.sh':
          '#!/bin/sh\nset -e\npython manage.py collectstatic --noinput\nexec gunicorn core.wsgi:application --workers 3\n',
      },
    ),
  ),
  breaks(
    'a Config of hypercorn on loopback',
    address,
    hypercorn('config = Config()\nconfig.bind = ["localhost:7860"]'),
  ),
  breaks('a Config of hypercorn that is left as it is', port, hypercorn('config = Config()')),
  breaks('a Config of hypercorn on 8080', port, hypercorn('config = Config()\nconfig.bind = "0.0.0.0:8080"')),
  breaks(
    'a Config of hypercorn from a mapping, on 5000',
    port,
    hypercorn('config = Config.from_mapping({"bind": ["0.0.0.0:5000"]})'),
  ),
  breaks(
    'supervisord with a page on 80 and an API on 8000',
    port,
    on(
      7860,
      'FROM python:3.11-slim\nRUN apt-get update && apt-get install -y nginx supervisor\nWORKDIR /app\nCOPY . .\nCOPY nginx.conf /etc/nginx/nginx.conf\nRUN pip install fastapi uvicorn\nCMD ["supervisord", "-n", "-c", "/app/supervisord.conf"]',
      {
        'main.py': '',
        'nginx.conf': 'events {}\nhttp {\n  server { listen 80; }\n}\n',
        'supervisord.conf':
          '[supervisord]\n[program:nginx]\ncommand=/usr/sbin/nginx -g "daemon off;"\n[program:api]\ncommand=uvicorn main:app --host 0.0.0.0 --port 8000\n',
      },
    ),
  ),
  breaks(
    'a script with nginx on 8080 before uvicorn',
    port,
    on(
      7860,
      'FROM python:3.11-slim\nRUN apt-get update && apt-get install -y nginx\nCOPY nginx.conf /etc/nginx/sites-enabled/default\nWORKDIR /app\nCOPY . .\nRUN pip install fastapi uvicorn\nCMD ["bash", "run.sh"]',
      {
        'main.py': '',
        'nginx.conf': 'server {\n  listen 8080;\n}\n',
        'run.sh': 'service nginx start\nuvicorn main:app --host 127.0.0.1 --port 8000\n',
      },
    ),
  ),
  breaks(
    'uv whose lock was not committed',
    'uv.lock',
    on(
      7860,
      'FROM python:3.12-slim\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/uv\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\nCOPY . .\nCMD ["uv", "run", "uvicorn", "main:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["uvicorn"]\n', 'main.py': '' },
    ),
  ),
  breaks(
    'poetry whose lock was not committed',
    'poetry.lock',
    on(
      7860,
      `${slim}RUN pip install poetry\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install --no-root\nCOPY . .\nCMD ["poetry", "run", "uvicorn", "main:app", "--host", "0.0.0.0", "--port", "7860"]`,
      { 'pyproject.toml': '[tool.poetry]\nname = "x"\n', 'main.py': '' },
    ),
  ),
  breaks(
    'conda on an image of Python',
    'conda',
    on(
      7860,
      `${slim}COPY environment.yml .\nRUN conda env create -f environment.yml\nCOPY . .\nCMD ["conda", "run", "-n", "demo", "uvicorn", "main:app", "--host", "0.0.0.0", "--port", "7860"]`,
      { 'environment.yml': 'name: demo\n', 'main.py': '' },
    ),
  ),
  breaks(
    'FastAPI alone, started by uvicorn',
    'uvicorn',
    on(
      7860,
      `${slim}COPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "7860"]`,
      { 'requirements.txt': 'fastapi\npydantic\nrequests\n', 'main.py': '' },
    ),
  ),
  breaks(
    'requirements that are copied too late',
    'requirements',
    on(
      7860,
      `${slim}RUN pip install -r requirements.txt\nCOPY . .\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "7860"]`,
      { 'requirements.txt': 'fastapi\nuvicorn\n', 'main.py': '' },
    ),
  ),
  breaks(
    'apt after the lines of the documents',
    'root',
    on(
      7860,
      'FROM python:3.11\nRUN useradd -m -u 1000 user\nUSER user\nENV PATH="/home/user/.local/bin:$PATH"\nWORKDIR /app\nRUN apt-get update && apt-get install -y ffmpeg\nCOPY --chown=user . /app\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'app.py': '' },
    ),
  ),
  breaks(
    'apt that asks before it installs a compiler',
    '-y',
    on(
      7860,
      `${slim}RUN apt-get update && apt-get install build-essential\nCOPY . .\nCMD ["python", "-m", "http.server", "7860"]`,
    ),
  ),
  breaks(
    'a script from Windows as the entry point',
    'CRLF|line ends',
    on(7860, `${slim}COPY . .\nRUN chmod +x start.sh\nENTRYPOINT ["./start.sh"]`, {
      'start.sh': '#!/bin/bash\r\nuvicorn app:app --host 0.0.0.0 --port 7860\r\n',
    }),
  ),
  breaks(
    'a script that git does not mark as executable',
    'execut',
    on(7860, `${slim}COPY . .\nCMD ["/app/start.sh"]`, {
      'start.sh': '#!/bin/sh\nexec uvicorn app:app --host 0.0.0.0 --port 7860\n',
    }),
  ),
  breaks(
    'quotes of Python in CMD',
    'JSON|quotes',
    on(7860, `${slim}COPY . .\nCMD ['gunicorn', '-b', '0.0.0.0:7860', 'app:app']`, { 'app.py': '' }),
  ),
  breaks(
    'a list with a port of the environment',
    'PORT',
    on(
      7860,
      `${slim}COPY . .\nRUN pip install uvicorn\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "$PORT"]`,
      {
        'app.py': '',
      },
    ),
  ),
  breaks(
    'runserver in a script, without an address',
    `${address}|${port}`,
    on(
      7860,
      `${slim}COPY . .\nRUN pip install django\nCMD python manage.py migrate --noinput; python manage.py runserver`,
      {
        'manage.py': '',
      },
    ),
  ),
  breaks(
    'fastapi run of a file, on its own port',
    port,
    on(7860, `${slim}COPY . .\nRUN pip install "fastapi[standard]"\nCMD ["fastapi", "run", "app/main.py"]`, {
      'app/main.py': '',
    }),
  ),
  breaks(
    'aiohttp with a page for a bot',
    port,
    on(7860, `${slim}COPY . .\nRUN pip install aiohttp\nCMD ["python", "bot.py"]`, {
      'bot.py':
        'import os\nfrom aiohttp import web\n\napp = web.Application()\nif __name__ == "__main__":\n    web.run_app(app, host="0.0.0.0", port=int(os.getenv("PORT", 8080)))\n',
    }),
  ),
  breaks(
    'pip on the Python of Ubuntu',
    'externally|pip',
    on(
      7860,
      'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y python3 python3-pip\nWORKDIR /app\nCOPY . .\nRUN pip3 install -r requirements.txt\nCMD ["python3", "-m", "uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'requirements.txt': 'uvicorn\n', 'app.py': '' },
    ),
  ),
]

/** The same in other languages. */
const others: readonly Space[] = [
  breaks(
    'Express with the port of its documents',
    port,
    on(7860, 'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD ["node", "index.js"]', {
      'package.json': '{"name":"x","engines":{"node":">=20"},"dependencies":{"express":"^4.0.0"}}',
      'index.js':
        "const express = require('express')\nconst app = express()\nconst PORT = process.env.PORT || 3000\napp.listen(PORT, () => console.log(PORT))\n",
    }),
  ),
  breaks(
    'npm ci with a lock that was not committed',
    'package-lock',
    on(
      7860,
      'FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY . .\nUSER node\nCMD ["node", "server.js"]',
      { 'package.json': '{"name":"x","engines":{"node":">=20"}}', 'server.js': '' },
    ),
  ),
  breaks(
    'the user of the documents on an image of Node',
    '1000',
    on(
      7860,
      'FROM node:22\nRUN useradd -m -u 1000 user\nUSER user\nWORKDIR /home/user/app\nCOPY --chown=user . .\nCMD ["node", "server.js"]',
      { 'server.js': "require('http').createServer().listen(7860)\n" },
    ),
  ),
  breaks(
    'PHP for the own machine',
    address,
    on(7860, 'FROM php:8.3-cli\nWORKDIR /app\nCOPY . .\nCMD php -S localhost:7860 -t public', {
      'public/index.php': '',
    }),
  ),
  breaks(
    'Spring on its own port, by Gradle',
    port,
    on(
      7860,
      'FROM gradle:8-jdk21 AS build\nWORKDIR /app\nCOPY . .\nRUN gradle bootJar\nFROM eclipse-temurin:21-jre\nCOPY --from=build /app/build/libs/*.jar /app.jar\nCMD ["java", "-jar", "/app.jar"]',
      {
        'build.gradle': "implementation 'org.springframework.boot:spring-boot-starter-web'\n",
        'src/main/resources/application.properties': 'spring.application.name=x\n',
      },
    ),
  ),
  breaks(
    'ASP.NET on the port of its image',
    port,
    on(
      7860,
      'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nWORKDIR /app\nCOPY --from=build /app .\nEXPOSE 7860\nENTRYPOINT ["dotnet", "Web.dll"]',
      {
        'Web.csproj': '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>',
        'Program.cs':
          'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "Hello");\napp.Run();\n',
      },
    ),
  ),
  breaks(
    'Go on a port of its source',
    port,
    on(
      7860,
      'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server .\nFROM gcr.io/distroless/static-debian12\nCOPY --from=build /server /server\nCMD ["/server"]',
      {
        'go.mod': 'module example.com/x\n',
        'main.go':
          'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n',
      },
    ),
  ),
  breaks(
    'nginx for a page, on 80',
    port,
    on(
      7860,
      'FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm install && npm run build\nFROM nginx:alpine\nCOPY --from=build /app/dist /usr/share/nginx/html\nEXPOSE 7860',
      { 'package.json': '{"name":"x","scripts":{"build":"vite build"},"dependencies":{"vite":"^6.0.0"}}' },
    ),
  ),
]

export const publicBreaks: readonly Space[] = [...python, ...others]
