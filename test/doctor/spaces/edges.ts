import { type Space, address, breaks, raw, works } from './space.js'

const right: readonly Space[] = [
  works(
    'pip with a list in the same word, and one that only the build knows',
    raw(
      'FROM python:3.11-slim\nARG LIST\nCOPY requirements.txt .\nRUN pip install -rrequirements.txt && pip install -r $LIST\nCMD ["uvicorn","a:a","--host","0.0.0.0","--port","7860"]',
      { 'requirements.txt': 'uvicorn\n' },
    ),
  ),
  works(
    'a folder that is entered only sometimes',
    raw(
      'FROM python:3.11-slim\nRUN if test -d x; then cd x; fi; pip install -r requirements.txt\nCMD ["uvicorn","a:a","--host","0.0.0.0","--port","7860"]',
    ),
  ),
  works(
    'a command that only the machine knows',
    raw('FROM python:3.11-slim\nRUN $(cat a) && export $(cat b)\nCMD ["sh","-c","$(cat start)"]'),
  ),
  works(
    'folders that are given away by a pattern',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user && mkdir -p /srv/notes && chown -R user /srv/*\nENV DB_PATH=/srv/notes/x.db\nUSER user\nCMD ["uvicorn","a:a","--host","0.0.0.0","--port","7860"]',
    ),
  ),
  works(
    'a user without an id of its own, and a name that only the build knows',
    raw(
      'FROM python:3.11-slim\nARG WHO\nRUN useradd -r -u $WHO app && useradd $WHO && groupadd\nUSER app\nCMD ["uvicorn","a:a","--host","0.0.0.0","--port","7860"]',
    ),
  ),
  works(
    'a default that counts only where the variable is absent',
    raw(
      'FROM python:3.11-slim\nENV PORT= HOST=0.0.0.0\nCMD ["sh","-c","uvicorn a:a --host ${HOST-127.0.0.1} --port ${PORT:-7860}"]',
    ),
  ),
  works(
    'what stands in a function, a group and a redirection',
    raw('FROM python:3.11-slim\nCOPY x.sh .\nCMD ["sh","./x.sh"]', {
      'x.sh':
        '#!/bin/sh\nstart() { uvicorn a:a --host 0.0.0.0 --port 7860; }\n{ echo on; } > /tmp/log\nif true; then start; fi\n',
    }),
  ),
  works(
    'a server of Python on an address that it makes',
    raw('FROM python:3.11-slim\nCOPY app.py .\nCMD ["python","app.py"]', {
      'app.py':
        'import os\nfrom http.server import HTTPServer\nwhere = ("", int(os.environ.get("PORT") or 7860))\nHTTPServer(server_address=where, RequestHandlerClass=None).serve_forever()\n',
    }),
  ),
  works(
    'flags of useradd in one word',
    raw(
      'FROM python:3.12-slim\nRUN useradd -mu 1000 -s /bin/sh user\nENV DB_PATH=/home/user/x.db\nUSER user\nCMD ["uvicorn","a:a","--host","0.0.0.0","--port","7860"]',
    ),
  ),
  works(
    'variables of every form',
    raw(
      'FROM python:3.11-slim\nARG A=1 B\nARG C=${A:-2}${B:+3}\\$x\nENV D=${A:+4}${Z:-5} PORT=7860\nARG PORT=1\nENV E\\ F="a\\"b" G=\'h\'\nWORKDIR $B/app\nCMD gunicorn a:a',
    ),
  ),
  works(
    'a folder that only the build knows',
    raw(
      'FROM python:3.11-slim\nARG W\nWORKDIR $W\nCOPY x.sh .\nRUN cd sub && pip install -r r.txt\nRUN cd "$W" && npm --prefix "$W" ci; true\nENV HF_HOME=cache\nCMD ["./x.sh"]',
      { 'x.sh': '#!/bin/sh\n', 'package.json': '{"name":"x"}' },
    ),
  ),
  works(
    'relative folders of an image that nobody knows',
    raw('FROM ghcr.io/acme/a:1\nWORKDIR app\nCOPY . b\nRUN npm run build\nCMD ["./x.sh"]', {
      'x.sh': '#!/bin/sh\n',
      'package.json': '{"name":"x"}',
    }),
  ),
  works('PORT of an image that nobody knows', raw('FROM ghcr.io/acme/a:1\nCMD ["gunicorn","a:a"]')),
  works(
    'a list whose word is a folder',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["sh","./bin"]',
      { 'bin/x': '' },
    ),
  ),
  works(
    'all executable at once',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nRUN chmod -R +x . && chmod +x *\nCMD ["./x"]',
      { x: '#!/bin/sh\nexec uvicorn a:a --host 0.0.0.0 --port 7860\n' },
    ),
  ),
  works(
    'a shell form that cannot be read',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD if then',
    ),
  ),
  works(
    'a list of one shell',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["sh","-c"]',
    ),
  ),
  works(
    'a script of nothing',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["./x.sh"]\nRUN chmod +x x.sh',
      { 'x.sh': '#!/bin/sh\n:\n' },
    ),
  ),
  works(
    'gunicorn with a word that is not known',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["sh","-c","gunicorn $(cat a) a:a"]',
    ),
  ),
  works(
    'gunicorn with a file that is not known',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["sh","-c","gunicorn -c $(cat a)"]',
    ),
  ),
  works(
    'gunicorn on a socket of its file',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["gunicorn","a:a"]',
      { 'gunicorn.conf.py': "bind = 'unix:/tmp/x'\n" },
    ),
  ),
  works(
    'gunicorn on two addresses of its file',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["gunicorn","a:a"]',
      { 'gunicorn.conf.py': "bind = ['0.0.0.0:7860', '[::]:7860']\n" },
    ),
  ),
  works(
    'gunicorn whose file assigns twice',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["gunicorn","a:a"]',
      { 'gunicorn.conf.py': 'bind = 1\nbind = 2\n' },
    ),
  ),
  works(
    'Python on all but the port',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      {
        'app.py':
          "import uvicorn\nuvicorn.run(app, host='0.0.0.0', port=7860, reload=True, workers=int('1', 10))\nhost = True\n",
      },
    ),
  ),
  works(
    'a truth as an address',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      { 'app.py': 'import uvicorn\nuvicorn.run(app, host=True, port=7860)\n' },
    ),
  ),
  works(
    'escapes and bytes',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      { 'app.py': "import uvicorn\nuvicorn.run(app, host='0.0.0.0\\x00', port=b'7860')\n" },
    ),
  ),
  works(
    'a format that is not known',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      { 'app.py': "import uvicorn\nuvicorn.run(app, host=f'{x}', port=f'{7860:d}')\n" },
    ),
  ),
  works(
    'an address of make_server that is not known',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      { 'app.py': 'HTTPServer(address, H)\nmake_server(host)\nserver.run(port=7860)\napp.run(*args)\n' },
    ),
  ),
  works(
    'an app from elsewhere',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      { 'app.py': "from flask_app import app\napp.run(host='0.0.0.0', port=7860)\n" },
    ),
  ),
  works(
    'arguments of a list',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      {
        'app.py':
          "import argparse, uvicorn\np = argparse.ArgumentParser()\na = p.parse_args(['x'])\nuvicorn.run(app, port=a.port)\n",
      },
    ),
  ),
  works(
    'an argument with another name',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py","--listen","7860"]',
      {
        'app.py':
          "import argparse, uvicorn\np = argparse.ArgumentParser()\np.add_argument('--listen', dest='port', default=None)\np.add_argument('--on', action='store_true', dest='host')\nb = p.parse_args()\nuvicorn.run(app, port=int(b.port), host=b.host, log_level=b.none)\n",
      },
    ),
  ),
  works(
    'an argument without a default',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["python","app.py"]',
      {
        'app.py':
          "import argparse, uvicorn\np = argparse.ArgumentParser()\np.add_argument('--port')\nb = p.parse_args()\nuvicorn.run(app, host=b.unknown, port=b.port or 7860)\n",
      },
    ),
  ),
  works(
    'JavaScript beyond what is followed',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","a.js"]', {
      'a.js':
        "const a = -1, b = x + 1, c = parseInt(q), d = parseInt('10', r)\nconst { A: e, F } = process.env\napp.listen(a)\napp.listen(b)\napp.listen(c, d)\napp.listen(`${e}`)\napp.listen(F)\napp.listen({ ...o })\nserve(app)\n",
    }),
  ),
  works(
    'Bun without an export',
    raw('FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nCMD ["bun","a.ts"]', {
      'a.ts': 'export default { x: 1 }\n',
    }),
  ),
  works(
    'tsconfig that is none',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","dist/a.js"]', {
      'tsconfig.json': '{ "a": [',
      'package.json': '{"name":"x","scripts":{"build":"tsc"}}',
    }),
  ),
  works(
    'tsconfig without folders',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","dist/a.js"]', {
      'tsconfig.json': '{}',
      'package.json': '{"name":"x","scripts":{"build":"tsc"}}',
    }),
  ),
  works(
    'a compiled file outside of its folder',
    raw('FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","/x/a.js"]', {
      'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
      'package.json': '{"name":"x","scripts":{"build":"tsc"}}',
    }),
  ),
  works(
    'next by its own file',
    raw(
      'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node","node_modules/next/dist/bin/next","start","-p","7860"]',
      { 'node_modules/next/dist/bin/next': '#!/usr/bin/env node\n' },
    ),
  ),
  works(
    'a program of Python on PATH',
    raw('FROM python:3.11-slim\nCOPY srv /usr/local/bin/srv\nRUN chmod +x /usr/local/bin/srv\nCMD ["srv"]', {
      srv: "#!/usr/bin/env python3\nimport uvicorn\nuvicorn.run('a:a', host='0.0.0.0', port=7860)\n",
    }),
  ),
  works(
    'Spring by yaml that says nothing',
    raw('FROM ghcr.io/acme/java:21\nCOPY . /a\nENV SERVER_PORT=7860\nCMD ["java","-jar","/a/x.jar"]', {
      'pom.xml': 'spring-boot-starter-web',
      'src/main/resources/application.yaml': 'a: [\n',
    }),
  ),
  works(
    'supervisord with half a program',
    raw(
      'FROM python:3.11-slim\nCOPY s.conf /etc/supervisord.conf\nCMD ["supervisord","-c","/etc/supervisord.conf"]',
      {
        's.conf':
          "[program:a]\ndirectory=/x\n[program:b]\ncommand=%(here)s/x\nenvironment=A='b',C=%(ENV_Y)s\n",
      },
    ),
  ),
  works(
    'Debian for what it is',
    raw(
      'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y nginx\nCMD ["nginx","-g","daemon off;"]',
    ),
  ),
  works(
    'lines of the shell in a here-document of bash',
    raw(
      'FROM python:3.11-slim\nRUN bash <<EOF\nuseradd x\nEOF\nUSER x\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
    ),
  ),
  works(
    'uv for the system',
    raw(
      'FROM python:3.11-slim\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/\nCOPY requirements.txt .\nRUN uv pip install --system -r requirements.txt\nRUN uv add x\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'requirements.txt': 'uvicorn\n' },
    ),
  ),
  works(
    'a project whose dependencies are computed',
    raw(
      'FROM python:3.11-slim\nCOPY . .\nRUN pip install -e .\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'pyproject.toml': '[project]\nname="x"\ndynamic=["dependencies"]\ndependencies=["fastapi"]\n' },
    ),
  ),
  works(
    'pyproject without dependencies',
    raw(
      'FROM python:3.11-slim\nCOPY . .\nRUN pip install . "x @ git+https://example.com/x" $MORE\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'pyproject.toml': '[build-system]\n' },
    ),
  ),
  works(
    'Node whose version is full',
    raw(
      'FROM node:22.11.0-slim\nWORKDIR /app\nCOPY . .\nUSER node\nENV PORT=7860\nCMD ["npx","next","start"]',
      { 'package.json': '{"name":"x","engines":{"node":">=20"}}' },
    ),
  ),
  works(
    'SQLite by what the code computes',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nWORKDIR /app\nCOPY . .\nUSER user\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
      {
        'db.py': "create_engine('sqlite:///:memory:')\n",
        'b.py': "create_engine('sqlite:///{path}')\n",
        'c.py': "create_engine('sqlite://')\n",
      },
    ),
  ),
  works(
    'a service without a list of what it needs',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'compose.yaml': 'services:\n  a:\n    image: x\n    environment:\n' },
    ),
  ),
  works(
    'nginx with addresses of every form',
    raw('FROM nginx:1.29\nCOPY default.conf /etc/nginx/conf.d/default.conf', {
      'default.conf': 'server { listen [::]:7860; listen 127.0.0.1; listen ${X}; }\n',
    }),
  ),
  works(
    'apache on IPv6',
    raw(
      'FROM httpd:2.4\nCOPY httpd.conf /usr/local/apache2/conf/httpd.conf\nCOPY *.txt /usr/local/apache2/htdocs/',
      { 'httpd.conf': 'Listen [::]:7860\n', 'a.txt': '' },
    ),
  ),
]

const wrong: readonly Space[] = [
  breaks(
    'the user that the newest Ubuntu has already',
    '1000',
    raw(
      'FROM ubuntu\nRUN useradd -u 1000 user\nUSER user\nCMD ["uvicorn","a:a","--host","0.0.0.0","--port","7860"]',
    ),
  ),
  breaks(
    'a default that does not count for an empty variable',
    'port',
    raw('FROM python:3.11-slim\nENV PORT=\nCMD ["sh","-c","uvicorn a:a --host 0.0.0.0 --port ${PORT-7860}"]'),
  ),
  breaks(
    'a server of Python on the loopback',
    address,
    raw('FROM python:3.11-slim\nCOPY app.py .\nCMD ["python","app.py"]', {
      'app.py':
        'from http.server import HTTPServer\nHTTPServer(server_address=("127.0.0.1", 7860), RequestHandlerClass=None).serve_forever()\n',
    }),
  ),
  breaks(
    'Python 2',
    '2\\.7',
    raw('FROM python:2.7\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]'),
    'warning',
  ),
  breaks('Debian 10', 'Debian 10', raw('FROM debian:10\nCMD ["./x"]'), 'warning'),
  breaks('Ubuntu 20.04', 'Ubuntu 20', raw('FROM ubuntu:20.04\nCMD ["./x"]'), 'warning'),
  breaks(
    'a Node that is too old for the range',
    '>=22',
    raw('FROM node:20.11.0-slim\nWORKDIR /a\nCOPY . .\nUSER node\nCMD ["npx","serve","-l","7860"]', {
      'package.json': '{"name":"x","engines":{"node":">=22"}}',
    }),
    'warning',
  ),
  breaks(
    'a word as a port',
    'no number|port',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["uvicorn","a:a","--host","0.0.0.0","--port","http"]',
    ),
  ),
  breaks(
    'SHELL as text',
    'SHELL',
    raw(
      'FROM python:3.11-slim\nSHELL /bin/bash -c\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
    ),
  ),
  breaks(
    'USER without a name',
    'USER',
    raw('FROM python:3.11-slim\nUSER\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]'),
  ),
  breaks(
    'ENV with a comment',
    'comment',
    raw(
      'FROM python:3.11-slim\nENV A=1 # one\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
    ),
  ),
  breaks(
    'EXPOSE of a word',
    'EXPOSE',
    raw(
      'FROM python:3.11-slim\nEXPOSE http\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
    ),
  ),
  breaks(
    'COPY with a comment',
    'comment',
    raw(
      'FROM python:3.11-slim\nCOPY a.py /app/ # the app\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'a.py': '' },
    ),
  ),
  breaks(
    'apk on Debian',
    'apt-get',
    raw(
      'FROM python:3.11-slim\nRUN apk add git\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
    ),
  ),
  breaks(
    'git on Alpine',
    'apk add',
    raw(
      'FROM python:3.12-alpine\nRUN git clone https://example.com/x\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
    ),
  ),
  breaks('pip on Ubuntu without pip', 'pip', raw('FROM ubuntu:22.04\nRUN pip install flask\nCMD ["./x"]')),
  breaks(
    'a user of a name that is there',
    'node',
    raw('FROM node:22-slim\nRUN useradd node\nUSER node\nCMD ["npx","serve","-l","7860"]'),
  ),
  breaks(
    'npx of what was left out',
    'vite',
    raw(
      'FROM node:24-slim\nWORKDIR /a\nCOPY . .\nRUN npm ci --omit=dev && npx -y vite build\nUSER node\nCMD ["./x"]',
      {
        'package.json': '{"name":"x","devDependencies":{"vite":"^7.0.0"}}',
        'package-lock.json':
          '{"lockfileVersion":3,"packages":{"":{"devDependencies":{"vite":"^7.0.0"}},"node_modules/vite":{"version":"7.0.0","dev":true}}}',
      },
    ),
    'warning',
  ),
  breaks(
    'pip on an Alpine of any day',
    'externally',
    raw('FROM alpine\nRUN apk add py3-pip && pip install x\nCMD ["./x"]'),
  ),
  breaks(
    'a package.json that is none',
    'JSON',
    raw(
      'FROM python:3.11-slim\nRUN useradd -m -u 1000 user\nUSER user\nENV HOME=/home/user PATH=/home/user/.local/bin:$PATH\nWORKDIR $HOME/app\nCOPY --chown=user . .\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "7860"]',
      { 'package.json': '{' },
    ),
    'warning',
  ),
  breaks(
    'yarn without its lockfile, alone',
    'yarn',
    raw(
      'FROM node:24-slim\nWORKDIR /a\nCOPY . .\nRUN yarn --frozen-lockfile\nUSER node\nCMD ["npx","serve","-l","7860"]',
      { 'package.json': '{"name":"x"}' },
    ),
  ),
]

/** Folders at the edge of what is followed. */
export const edges: readonly Space[] = [...right, ...wrong]
