import {
  type Space,
  address,
  breaks,
  js,
  port,
  py,
  python,
  raw,
  readme,
  run,
  server,
  works,
} from './space.js'

/** What a container starts. */
export const starts: readonly Space[] = [
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
  ...[
    "'*:7860'",
    "'0.0.0.0:7860'",
    "f\"0.0.0.0:{os.environ.get('PORT', '7860')}\"",
    "'0.0.0.0:7860 [::]:7860'",
  ].map((listen) =>
    works(
      `waitress with listen=${listen}`,
      python(`import os\nfrom waitress import serve\nserve(app, listen=${listen})\n`),
    ),
  ),
  works('a source whose name is no word', {
    ...python(''),
    Dockerfile: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN echo hi\nCMD ["node","a(b.js"]\n',
    'a(b.js': "require('http').createServer().listen(7860)\n",
  }),
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
