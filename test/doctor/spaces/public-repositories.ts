import { type Space, breaks, py, raw, run, works } from './space.js'

const api = 'from fastapi import FastAPI\napp = FastAPI()\n'
const lists = { 'requirements.txt': 'fastapi\nuvicorn\ngunicorn\n' }
const install = 'RUN pip install --no-cache-dir -r requirements.txt\n'
const uvicorn = (module: string) => `CMD ["uvicorn","${module}","--host","0.0.0.0","--port","7860"]`

/** What pip installs is no file of the app. */
const missing: readonly Space[] = [
  breaks(
    'a program in another folder, after pip',
    'src/app\\.py',
    py(`${install}CMD ["python","app.py"]`, { ...lists, 'src/app.py': api }),
  ),
  breaks(
    'a module in another folder, after pip',
    'app/main\\.py',
    py(`${install}${uvicorn('main:app')}`, { ...lists, 'app/main.py': api }),
    'warning',
  ),
  breaks(
    'a program that .dockerignore keeps out, after pip',
    'dockerignore',
    py(`${install}CMD ["python","app.py"]`, { ...lists, 'app.py': api, '.dockerignore': 'app.py\n' }),
  ),
  works(
    'a program that install puts there',
    raw(
      `FROM python:3.12-slim\nWORKDIR /app\nCOPY . /src/\nRUN pip install -r /src/requirements.txt && install -m 755 /src/web/app.py .\nCMD ["python","app.py"]`,
      { ...lists, 'web/app.py': `import uvicorn\nuvicorn.run("x:y", host="0.0.0.0", port=7860)\n` },
    ),
  ),
]

const debian = 'FROM debian:bookworm-slim\nWORKDIR /app\nCOPY . .\n'
const words: readonly Space[] = [
  works(
    'quotes within the name of a file',
    py(`ARG WHERE="prod"\nCOPY config/"\${WHERE}".py 'config'/all.py /etc/\n${run}`, {
      'app.py': api,
      'config/prod.py': '',
      'config/all.py': '',
    }),
  ),
  works('<< after backslashes', py(`RUN echo \\<\\<EOF\n${run}`, { 'app.py': api })),
  works('a here-document with a number', py(`RUN cat 3<<EOF <&3\nhello\nEOF\n${run}`, { 'app.py': api })),
]

/** A shell in a RUN runs what it is given. */
const shells: readonly Space[] = [
  ...[
    `RUN bash -c "set -o pipefail && groupadd -g 1000 app && useradd -m -u 1000 -g 1000 app"`,
    `RUN ["bash", "-exc", "useradd -m -u 1000 app"]`,
    `RUN sh -c 'id -u app || useradd -m -u 1000 app'`,
    `RUN /bin/bash -o errexit -c 'useradd -m app'`,
  ].map((line) =>
    works(
      `a user made by ${line}`,
      raw(`FROM python:3.12-slim\n${line}\nUSER app\nWORKDIR /app\nCOPY --chown=app . .\n${run}`, {
        'app.py': api,
      }),
    ),
  ),
  breaks(
    'an installation that asks, in a shell',
    '-y',
    raw(`${debian}RUN bash -c "apt-get update && apt-get install nginx"\nCMD ["nginx"]`),
  ),
]

const spring = {
  'pom.xml': '<artifactId>spring-boot-starter-web</artifactId>',
  'src/main/java/App.java': '',
}
const boot = (lines: string) =>
  raw(`FROM eclipse-temurin:21-jre\nCOPY . /app/\n${lines}`, { ...spring, 'app.jar': '' })
/** Spring replaces the variables of its properties itself. */
const placeholders: readonly Space[] = [
  works(
    'Spring with a port from the environment',
    boot('ENV PORT=7860\nCMD ["java","-jar","/app/app.jar","--server.port=${PORT}"]'),
  ),
  works(
    'Spring with a port by default',
    boot('CMD ["java","-Dserver.port=${PORT:7860}","-jar","/app/app.jar"]'),
  ),
  ...[
    '["java","-DPORT=7860","-jar","/app/app.jar","--server.port=${PORT:8080}"]',
    '["java","-jar","/app/app.jar","--server.port=${PORT:8080}","--PORT=7860"]',
    '["java","-jar","/app/app.jar","--server.port=${PORT:${WEB_PORT:7860}}"]',
    '["java","-jar","/app/app.jar","--server.port=${web.port:7860}"]',
  ].map((line) => works(`Spring with a port in other words: ${line}`, boot(`CMD ${line}`))),
  ...[
    'server.port=${PORT}\nPORT=7860',
    'server.port=${my.port}\nmy.port=7860',
    'server.port=@port@',
    'server.port=#{7860}',
    'server.port=78${LAST:60}',
  ].map((text) =>
    works(
      `Spring with a port in its properties: ${text}`,
      raw('FROM eclipse-temurin:21-jre\nCOPY . /app/\nCMD ["java","-jar","/app/app.jar"]', {
        ...spring,
        'app.jar': '',
        'src/main/resources/application.properties': text,
      }),
    ),
  ),
  breaks(
    'Spring with another port from the environment',
    '8000',
    boot('ENV PORT=8000\nCMD ["java","-jar","/app/app.jar","--server.port=${PORT}"]'),
  ),
  breaks(
    'Spring with a variable that nothing sets',
    'PORT is set nowhere',
    boot('CMD ["java","-jar","/app/app.jar","--server.port=${PORT}"]'),
  ),
]

const health = `from http.server import HTTPServer, BaseHTTPRequestHandler
import grpc
health = HTTPServer(("0.0.0.0", 8000), BaseHTTPRequestHandler)
server = grpc.server(None)
server.add_insecure_port("0.0.0.0:%d" % 7860)
server.start()
health.serve_forever()
`
const others: readonly Space[] = [
  works('a server for health beside gRPC', py('CMD ["python","app.py"]', { 'app.py': health })),
  works(
    'a Python of another stage before that of the system',
    raw(
      `FROM continuumio/miniconda3 AS made\nRUN conda create -y -p /opt/python python=3.12\nFROM ubuntu:24.04\nCOPY --from=made /opt/python /opt/python\nENV PATH=/opt/python/bin:$PATH\nWORKDIR /app\nCOPY . .\n${install}${run}`,
      { ...lists, 'app.py': api },
    ),
  ),
  works(
    'apt, for what is installed already',
    raw(
      `${debian}RUN apt-get update && apt-get install -y curl python3 && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y curl\nCMD ["python3","-m","http.server","7860"]`,
    ),
  ),
]

const isolated = (lines: string, command = uvicorn('app:app')) =>
  raw(`FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n${lines}\n${command}`, { ...lists, 'app.py': api })
/** What is installed in an environment of Python is found there alone. */
const environments: readonly Space[] = [
  ...[
    'RUN python -m venv /venv && /venv/bin/pip install -r requirements.txt',
    'RUN python -m venv /venv\nRUN /venv/bin/python -m pip install -r requirements.txt',
    'RUN python -m venv venv\nRUN . venv/bin/activate && pip install -r requirements.txt',
  ].map((lines) => breaks(`an environment that is not on PATH: ${lines}`, 'PATH', isolated(lines))),
  ...[
    'ENV PATH=/venv/bin:$PATH\nRUN python -m venv /venv && /venv/bin/pip install -r requirements.txt',
    'RUN python -m venv /venv && /venv/bin/pip install -r requirements.txt && pip install uvicorn',
    'RUN python -m venv /venv && /venv/bin/pip install -r requirements.txt && ln -s /venv/bin/uvicorn /usr/bin/',
    'RUN /usr/local/bin/pip install -r requirements.txt',
    'RUN python -m venv v && . v/bin/activate && pip install -r requirements.txt && deactivate && pip install uvicorn',
    'RUN python -m venv /v && /v/bin/pip install -r requirements.txt\nRUN install -m 755 /v/bin/uvicorn /usr/bin/',
    'RUN python -m venv /v && /v/bin/pip install -r requirements.txt && python link.py',
    'RUN python -m venv /v && /v/bin/pip install -r requirements.txt && sh ./link.sh',
  ].map((lines) => works(`an environment that is found: ${lines}`, isolated(lines))),
  works(
    'an environment beside what the stage before installed',
    raw(
      `FROM python:3.12-slim AS base\nRUN pip install uvicorn fastapi\nFROM base\nWORKDIR /app\nCOPY . .\nRUN python -m venv /tools && /tools/bin/pip install httpx\n${uvicorn('app:app')}`,
      { 'app.py': api },
    ),
  ),
  works(
    'an environment that the start takes',
    isolated(
      'RUN python -m venv venv && venv/bin/pip install -r requirements.txt',
      'CMD . venv/bin/activate && exec uvicorn app:app --host 0.0.0.0 --port 7860',
    ),
  ),
]

const nginx = (lines: string, files = {}) =>
  raw(`FROM nginx:1.29\nCOPY site.conf /etc/nginx/conf.d/default.conf\n${lines}`, {
    'site.conf': 'server { listen 7860; }\n',
    ...files,
  })
/** The container ends with its first process. */
const background: readonly Space[] = [
  ...['CMD ["nginx"]', 'CMD nginx', 'CMD service nginx start'].map((line) =>
    breaks(`goes to the background: ${line}`, 'foreground', nginx(line)),
  ),
  ...[
    'CMD ["gunicorn","--daemon","-b","0.0.0.0:7860","app:app"]',
    'CMD gunicorn -D -b 0.0.0.0:7860 app:app',
  ].map((line) =>
    breaks(
      `goes to the background: ${line}`,
      'foreground',
      py(`${install}${line}`, { ...lists, 'app.py': api }),
    ),
  ),
  ...[
    'CMD ["nginx","-g","daemon off;"]',
    'RUN echo "daemon off;" >> /etc/nginx/nginx.conf\nCMD ["nginx"]',
    'CMD nginx && tail -f /var/log/nginx/access.log',
    'CMD service nginx start && sleep infinity',
  ].map((line) => works(`stays in the foreground: ${line}`, nginx(line))),
  works(
    'goes to the background in an image that nobody knows',
    raw('FROM example.com/web:1\nCOPY . /app\nCMD ["gunicorn","--daemon","-b","0.0.0.0:7860","app:app"]'),
  ),
  works(
    'stays in the foreground by its file',
    nginx('COPY nginx.conf /etc/nginx/nginx.conf\nCMD ["nginx"]', {
      'nginx.conf': 'daemon off;\nevents {}\nhttp { server { listen 7860; } }\n',
    }),
  ),
  works(
    'stays in the foreground by a file of any name',
    nginx('COPY web.cfg /etc/nginx/nginx.conf\nCMD ["nginx"]', {
      'web.cfg': 'daemon off;\nevents {}\nhttp { server { listen 7860; } }\n',
    }),
  ),
  works(
    'stays in the foreground by what a program writes',
    raw(`${debian}RUN apt-get update && apt-get install -y nginx python3\nCMD python3 write.py && nginx`, {
      'write.py': 'open("/etc/nginx/nginx.conf", "a").write("daemon off;")\n',
    }),
  ),
  breaks(
    'goes to the background, whatever the README says',
    'foreground',
    nginx('CMD ["nginx"]', { 'NOTES.md': 'It runs as a daemon.\n' }),
  ),
]

const site = 'FROM node:24-slim AS made\nRUN echo > /index.html\n'
const built = (from: string, lines: string) =>
  raw(`${site}FROM nginx:1.29\n${from}\nCOPY site.conf /etc/nginx/conf.d/default.conf\n${lines}`, {
    'site.conf': 'server { listen 7860; }\n',
  })
const pages: readonly Space[] = [
  breaks(
    'pages of another stage, in the background',
    'foreground',
    built('COPY --from=made /index.html /usr/share/nginx/html/', 'CMD ["nginx"]'),
  ),
  breaks(
    'pages of another stage, with a user that may not write',
    '/var/cache/nginx',
    built('COPY --from=made /index.html /usr/share/nginx/html/', 'USER 1000'),
  ),
  works(
    'a configuration of another stage',
    built('COPY --from=made /etc/x /etc/nginx/', 'USER 1000\nCMD ["nginx"]'),
  ),
  works('everything of another stage', built('COPY --from=made / /', 'USER 1000\nCMD ["nginx"]')),
]

/** The image of nginx keeps what is on its way in a folder of root. */
const caches: readonly Space[] = [
  ...['USER 1000', 'USER nginx', 'RUN adduser -D -u 1000 app\nUSER app'].map((line) =>
    breaks(`nginx that may not write: ${line}`, '/var/cache/nginx', nginx(line)),
  ),
  ...[
    '',
    'RUN chown -R 1000 /var/cache/nginx /run\nUSER 1000',
    'RUN touch /run/nginx.pid && chmod -R 777 /var/cache/nginx /run/nginx.pid\nUSER nginx',
    'RUN mkdir -p /var/cache/nginx/client_temp && chown -R nginx:nginx /var/cache/nginx/ /run\nUSER nginx',
    'RUN chown -R 1000 /var /run\nUSER 1000',
  ].map((line) => works(`nginx that may write: ${line}`, nginx(line))),
  works(
    'nginx with folders of its own',
    nginx('COPY nginx.conf /etc/nginx/nginx.conf\nUSER 1000', {
      'nginx.conf':
        'pid /tmp/nginx.pid;\nevents {}\nhttp { client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; server { listen 7860; } }\n',
    }),
  ),
  works(
    'nginx with folders of its own, by a file of any name',
    nginx('COPY web.cfg /etc/nginx/nginx.conf\nUSER 1000', {
      'web.cfg':
        'pid /tmp/nginx.pid;\nevents {}\nhttp { client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; server { listen 7860; } }\n',
    }),
  ),
  works(
    'nginx that is made for any user',
    raw('FROM nginxinc/nginx-unprivileged:1.29\nCOPY site.conf /etc/nginx/conf.d/default.conf', {
      'site.conf': 'server { listen 7860; }\n',
    }),
  ),
]

export const publicRepositories: readonly Space[] = [
  ...missing,
  ...words,
  ...shells,
  ...placeholders,
  ...others,
  ...environments,
  ...background,
  ...caches,
  ...pages,
]
