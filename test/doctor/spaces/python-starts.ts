import { type Space, address, breaks, port, py, python, raw, run, works } from './space.js'

const script = (lines: string) => py('CMD ["bash","start.sh"]', { 'start.sh': `#!/bin/bash\n${lines}\n` })
const venv =
  'FROM python:3.12-slim AS builder\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n' +
  'FROM python:3.12-slim\nCOPY --from=builder /opt/venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nWORKDIR /app\nCOPY . .\n'
const args = (fallback: string, call = 'host=args.host, port=args.port') =>
  "import argparse, uvicorn\nparser = argparse.ArgumentParser()\nparser.add_argument('--host', default='0.0.0.0')\n" +
  `parser.add_argument('-p', '--port', type=int, default=${fallback})\nargs = parser.parse_args()\nuvicorn.run(app, ${call})\n`
const parsed = (fallback: string, cmd: string) => py(cmd, { 'app.py': args(fallback) })
const supervisor = (command: string) =>
  raw(
    'FROM python:3.12-slim\nRUN pip install supervisor uvicorn\nCOPY supervisord.conf /etc/supervisord.conf\nCMD ["supervisord","-n","-c","/etc/supervisord.conf"]',
    {
      'supervisord.conf': `[supervisord]\nnodaemon=true\n\n[program:worker]\ncommand=celery -A tasks worker\n\n[program:web]\ncommand=${command}\nautorestart=true\n`,
    },
  )

/** What Python people start, in unusual ways that are right. */
const right: readonly Space[] = [
  works(
    'a virtual environment from another stage',
    raw(`${venv}CMD ["uvicorn","main:app","--host=0.0.0.0","--port=7860"]`, {
      'requirements.txt': 'fastapi\nuvicorn[standard]\n',
    }),
  ),
  works(
    'bash -lc with an activated environment',
    py(
      'CMD ["bash","-lc","source venv/bin/activate && exec uvicorn main:app --host 0.0.0.0 --port ${PORT:-7860}"]',
    ),
  ),
  works(
    'xvfb-run with its own words',
    py('CMD ["xvfb-run","-a","-s","-screen 0 1024x768x24","python","-u","app.py"]', {
      'app.py': "from flask import Flask\napp = Flask(__name__)\napp.run('0.0.0.0', 7860)\n",
    }),
  ),
  works('pdm run', py('CMD ["pdm","run","uvicorn","app:app","--host","0.0.0.0","--port","7860"]')),
  works('a script of pdm', py('CMD ["pdm","run","start"]')),
  works(
    'honcho with a Procfile',
    py('CMD ["honcho","start"]', {
      Procfile: 'web: uvicorn app:app --host 0.0.0.0 --port 7860\nworker: celery -A tasks worker\n',
    }),
  ),
  works(
    'honcho that gives PORT',
    py('ENV PORT=7860\nCMD ["honcho","start","web"]', { Procfile: 'web: gunicorn app:app\n' }),
  ),
  works('supervisord with its file', supervisor('uvicorn app:app --host 0.0.0.0 --port 7860')),
  works('supervisord with a variable', supervisor('gunicorn -b 0.0.0.0:%(ENV_PORT)s app:app')),
  works(
    'conda run on an unknown image',
    raw(
      'FROM continuumio/miniconda3\nCOPY . .\nRUN conda env create -f environment.yml\nCMD ["conda","run","--no-capture-output","-n","env","uvicorn","app:app","--host","0.0.0.0","--port","7860"]',
      { 'environment.yml': 'name: env\n' },
    ),
  ),
  works(
    'micromamba',
    raw(
      'FROM mambaorg/micromamba:2.0\nCOPY --chown=$MAMBA_USER:$MAMBA_USER . /app\nARG MAMBA_DOCKERFILE_ACTIVATE=1\nCMD ["micromamba","run","-n","base","python","/app/app.py"]',
      { 'app.py': "import gradio as gr\ngr.Blocks().launch(server_name='0.0.0.0')\n" },
    ),
  ),
  works(
    'uv run of a file',
    py('CMD ["uv","run","--frozen","app.py"]', {
      'app.py': "import uvicorn\nuvicorn.run('a:a', host='0.0.0.0', port=7860)\n",
    }),
  ),
  works(
    'python -c',
    py('CMD ["python","-c","import uvicorn; uvicorn.run(\'app:app\', host=\'0.0.0.0\', port=7860)"]'),
  ),
  works('a port from the command line', parsed('8000', 'CMD ["python","app.py","--port","7860"]')),
  works(
    'a port from the command line, with =',
    parsed('8000', 'CMD python app.py --port=7860 --host 0.0.0.0'),
  ),
  works('a port from the command line by default', parsed('7860', 'CMD ["python","app.py"]')),
  works('a short flag of the command line', parsed('8000', 'CMD ["python","app.py","-p","7860"]')),
  works(
    'another address on a Space',
    python(
      "import os, uvicorn\nport = 7860 if os.getenv('SPACE_ID') else 8000\nuvicorn.run(app, host='0.0.0.0', port=port)\n",
    ),
  ),
  works(
    'a branch of the code for a Space',
    python(
      "import os\nimport gradio as gr\ndemo = gr.Blocks()\nif os.environ.get('SPACE_ID'):\n    demo.launch(server_name='0.0.0.0', server_port=7860)\nelse:\n    demo.launch()\n",
    ),
  ),
  works(
    'a shell that asks for the Space',
    py('CMD ["sh","-c","exec uvicorn app:app --host 0.0.0.0 --port ${SPACE_ID:+7860}"]'),
  ),
  works(
    'a function that nobody calls',
    python(
      'import uvicorn\nfrom web import serve\n\ndef develop():\n    uvicorn.run(app, port=8000)\n\nserve()\n',
    ),
  ),
  works(
    'settings of pydantic',
    python(
      'import uvicorn\nfrom config import settings\nuvicorn.run(app, host=settings.host, port=settings.port)\n',
    ),
  ),
  works(
    'hypercorn by its file',
    py('CMD ["hypercorn","--config","hypercorn.toml","app:app"]', {
      'hypercorn.toml': 'bind = ["0.0.0.0:7860"]\n',
    }),
  ),
  works(
    'streamlit with its file in the folder of the user',
    py(
      'ENV HOME=/home/user\nCOPY config.toml /home/user/.streamlit/config.toml\nCMD ["streamlit","run","app.py"]',
      {
        'config.toml': '[server]\nport = 7860\n',
      },
    ),
  ),
  works(
    'streamlit with a file that the build writes',
    py(
      'RUN mkdir -p /root/.streamlit && printf "[server]\\nport = 7860\\n" > /root/.streamlit/config.toml\nCMD ["streamlit","run","app.py"]',
    ),
  ),
  works(
    'a source that the build edits',
    py('RUN sed -i \'s/8000/7860/\' app.py\nCMD ["python","app.py"]', {
      'app.py': "import uvicorn\nuvicorn.run('app:app', host='0.0.0.0', port=8000)\n",
    }),
  ),
  works(
    'gunicorn with a file that the build writes',
    py('COPY <<EOF /app/gunicorn.conf.py\nbind = \'0.0.0.0:7860\'\nEOF\nCMD ["gunicorn","app:app"]'),
  ),
  works('waitress on every address', py('CMD ["waitress-serve","--listen=*:7860","app:app"]')),
  works('http.server of a folder', py('CMD ["python","-m","http.server","--directory","public","7860"]')),
  works(
    'runserver with settings',
    py('CMD ["python","manage.py","runserver","--settings","site.live","0.0.0.0:7860","--noreload"]'),
  ),
  works(
    'panel',
    py('CMD ["panel","serve","app.py","--address","0.0.0.0","--port","7860","--allow-websocket-origin=*"]'),
  ),
  works(
    'jupyter',
    py('CMD ["jupyter","lab","--ip=0.0.0.0","--port=7860","--no-browser","--NotebookApp.token=\'\'"]'),
  ),
  works('tensorboard', py('CMD ["tensorboard","--logdir","runs","--bind_all","--port","7860"]')),
  works(
    'llama_cpp.server',
    py('ENV HOST=0.0.0.0 PORT=7860\nCMD ["python","-m","llama_cpp.server","--model","m.gguf"]'),
  ),
  works(
    'vllm as a module',
    py('CMD ["python3","-m","vllm.entrypoints.openai.api_server","--model","x","--port","7860"]'),
  ),
  works('ollama by its variable', py('ENV OLLAMA_HOST=0.0.0.0:7860\nCMD ["ollama","serve"]')),
  works(
    'ollama beside the app',
    script(
      'ollama serve &\nsleep 5\nollama pull qwen2\nexec python -m uvicorn app:app --host 0.0.0.0 --port 7860',
    ),
  ),
  works(
    'set -- before exec "$@"',
    raw(
      'FROM python:3.12-slim\nCOPY entrypoint.sh /entrypoint.sh\nRUN chmod +x /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["uvicorn","app:app"]',
      {
        'entrypoint.sh':
          '#!/bin/sh\nset -e\nif [ "$1" = uvicorn ]; then\n  set -- "$@" --host 0.0.0.0 --port 7860\nfi\nexec "$@"\n',
      },
    ),
  ),
  works(
    'shift before exec "$@"',
    raw(
      'FROM python:3.12-slim\nCOPY entrypoint.sh /\nENTRYPOINT ["sh","/entrypoint.sh"]\nCMD ["8000","uvicorn","app:app","--host","0.0.0.0","--port","7860"]',
      { 'entrypoint.sh': 'OTHER=$1\nshift\nexec "$@"\n' },
    ),
  ),
  works(
    'a function of the script',
    script('main() {\n  exec uvicorn app:app --host 0.0.0.0 --port 7860\n}\nmain "$@"'),
  ),
  works(
    'a choice in the script',
    script(
      'case "$MODE" in\n  api) exec uvicorn app:app --host 0.0.0.0 --port 7860 ;;\n  *) exec streamlit run ui.py --server.port 8501 ;;\nesac',
    ),
  ),
  works(
    'two servers and a proxy',
    py(
      'CMD ["sh","-c","uvicorn api:app --port 8000 & streamlit run ui.py --server.port 8501 & caddy run --config /etc/caddy/Caddyfile"]',
    ),
  ),
  works(
    'output through tee',
    py('CMD python -m flask --app main run --host 0.0.0.0 --port 7860 2>&1 | tee /tmp/log'),
  ),
  works('gunicorn -b without a space', py('CMD ["gunicorn","-w","2","-b0.0.0.0:7860","app:app"]')),
  works(
    'streamlit by python -m',
    py('CMD ["python","-m","streamlit","run","app.py","--server.port=7860","--server.address=0.0.0.0"]'),
  ),
  works(
    'uvicorn in a folder',
    py(
      'CMD uvicorn main:app --app-dir src --host 0.0.0.0 --port 7860 --proxy-headers --forwarded-allow-ips="*"',
    ),
  ),
  works(
    'a lifetime limit',
    py('CMD ["timeout","--signal=INT","3600","uvicorn","app:app","--host","0.0.0.0","--port","7860"]'),
  ),
  works(
    'dumb-init and a shell',
    py('ENTRYPOINT ["/usr/bin/dumb-init","--"]\nCMD ["sh","-c","python app.py"]', {
      'app.py': "import uvicorn\nuvicorn.run('x:x', host='0.0.0.0', port=7860)\n",
    }),
  ),
  works(
    'gradio by variables alone',
    python(
      'import gradio as gr\ndemo = gr.Blocks()\ndemo.queue().launch()\n',
      'ENV GRADIO_SERVER_NAME="0.0.0.0" GRADIO_SERVER_PORT="7860"\n',
    ),
  ),
  works(
    'chainlit by variables',
    py('ENV CHAINLIT_HOST=0.0.0.0 CHAINLIT_PORT=7860\nCMD ["chainlit","run","app.py","-h"]'),
  ),
  works('env on the command line', py('CMD env PORT=7860 gunicorn app:app')),
  works('a variable before the command', py('CMD PORT=7860 gunicorn app:app')),
  works(
    'a sub-command of the own program',
    py('CMD ["python","-m","server","--port","7860"]', {
      'server.py': 'import click\n@click.command()\ndef main(port): pass\n',
    }),
  ),
]

/** What Python people start, and what does not come up. */
const wrong: readonly Space[] = [
  breaks(
    'bottle on loopback',
    address,
    python("from bottle import run, route\nrun(host='localhost', port=7860)\n"),
  ),
  breaks(
    'a Procfile on 8000',
    port,
    py('CMD ["honcho","start"]', { Procfile: 'web: uvicorn app:app --host 0.0.0.0 --port 8000\n' }),
  ),
  breaks(
    'uvicorn of a module that is nowhere',
    'main\\.py',
    py('CMD ["uvicorn","main:app","--host","0.0.0.0","--port","7860"]', { 'shop.py': '' }),
    'warning',
  ),
  breaks(
    'waitress that listens on loopback',
    address,
    python("from waitress import serve\nserve(app, listen='127.0.0.1:7860')\n"),
  ),
  breaks('supervisord on 8000', port, supervisor('uvicorn app:app --host 0.0.0.0 --port 8000')),
  breaks(
    'uv run of a file on 8000',
    port,
    py('CMD ["uv","run","app.py"]', {
      'app.py': "import uvicorn\nuvicorn.run('a:a', host='0.0.0.0', port=8000)\n",
    }),
  ),
  breaks(
    'python -c on 8000',
    port,
    py('CMD ["python","-c","import uvicorn; uvicorn.run(\'app:app\', host=\'0.0.0.0\', port=8000)"]'),
  ),
  breaks('a command line by default', port, parsed('8000', 'CMD ["python","app.py"]')),
  breaks('a command line that says 5000', port, parsed('7860', 'CMD ["python","app.py","--port","5000"]')),
  breaks(
    'an address by the command line',
    address,
    py('CMD ["python","app.py","--port","7860","--host","127.0.0.1"]', { 'app.py': args('8000') }),
  ),
  breaks(
    'conda run on 8000',
    port,
    py('CMD ["conda","run","-n","env","uvicorn","app:app","--host","0.0.0.0","--port","8000"]'),
  ),
  breaks(
    'a function of the script on 8000',
    port,
    script('main() {\n  exec uvicorn app:app --host 0.0.0.0 --port 8000\n}\nmain "$@"'),
  ),
  breaks('flask with --app on loopback', address, py('CMD ["flask","--app","main","run","--port","7860"]')),
  breaks('flask run in debug', port, py('ENV FLASK_APP=main\nCMD flask run --host=0.0.0.0 --debug')),
  breaks('jupyter on loopback', address, py('CMD ["jupyter","lab","--port","7860","--no-browser"]')),
  breaks('jupyter on 8888', port, py('CMD ["jupyter","notebook","--ip","0.0.0.0"]')),
  breaks('ollama by default', '11434|127', py('CMD ["ollama","serve"]')),
  breaks(
    'llama_cpp.server by default',
    address,
    py('CMD ["python","-m","llama_cpp.server","--model","m.gguf","--port","7860"]'),
  ),
  breaks('vllm on 8000', port, py('CMD ["vllm","serve","x","--host","0.0.0.0"]')),
  breaks(
    'vllm as a module on 8000',
    port,
    py('CMD ["python","-m","vllm.entrypoints.openai.api_server","--model","x"]'),
  ),
  breaks('tensorboard on loopback', address, py('CMD ["tensorboard","--logdir","runs","--port","7860"]')),
  breaks(
    'an app in a folder',
    port,
    py('WORKDIR /home/user/app/backend\nCMD ["python","main.py"]', {
      'backend/main.py':
        "import uvicorn\nif __name__ == '__main__':\n    uvicorn.run('main:app', host='0.0.0.0', port=8080, reload=True)\n",
    }),
  ),
  breaks(
    'cd before the start',
    port,
    py('CMD cd backend && python main.py', {
      'backend/main.py':
        "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run(host='0.0.0.0', port=5000)\n",
    }),
  ),
  breaks(
    'a list with ${PORT}',
    'PORT',
    py('ENV PORT=7860\nCMD ["gunicorn","-b","0.0.0.0:${PORT}","app:app"]'),
  ),
  breaks(
    'socketio on 5000',
    port,
    python(
      "from flask import Flask\nfrom flask_socketio import SocketIO\napp = Flask(__name__)\nsocketio = SocketIO(app)\nsocketio.run(app, host='0.0.0.0')\n",
    ),
  ),
  breaks(
    'asyncio.start_server is no web server, HTTPServer on 8080',
    port,
    python(
      "from http.server import HTTPServer, SimpleHTTPRequestHandler\nserver = HTTPServer(('', 8080), SimpleHTTPRequestHandler)\nserver.serve_forever()\n",
    ),
  ),
  breaks(
    'a class for uvicorn',
    port,
    python(
      "import uvicorn, asyncio\nconfig = uvicorn.Config('app:app', host='0.0.0.0', port=8000)\nserver = uvicorn.Server(config)\nasyncio.run(server.serve())\n",
    ),
  ),
  breaks(
    'a script that waits first',
    port,
    script(
      'set -euo pipefail\nuntil python -c "import x"; do sleep 1; done\nexport APP_PORT="${APP_PORT:-5000}"\nexec gunicorn --bind "0.0.0.0:${APP_PORT}" app:app',
    ),
  ),
  breaks(
    'python on Ubuntu',
    'python',
    raw(
      'FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3 python3-pip\nCOPY . .\nRUN pip3 install -r requirements.txt\nCMD ["python","app.py"]',
      { 'requirements.txt': 'flask\n', 'app.py': 'print(1)\n' },
    ),
  ),
  breaks(
    'a program outside of PATH',
    'PATH',
    raw(
      `FROM python:3.12-slim\nRUN useradd -m -u 1000 user\nUSER user\nWORKDIR /home/user/app\nCOPY --chown=user . .\nRUN pip install --no-cache-dir -r requirements.txt\n${run}`,
      {
        'requirements.txt': 'fastapi\nuvicorn\n',
      },
    ),
  ),
  breaks('langflow on loopback', address, py('CMD ["langflow","run"]')),
  breaks('fastapi run with another PORT', port, py('ENV PORT=8080\nCMD ["fastapi","run","main.py"]')),
  breaks(
    'reflex of gunicorn with workers',
    port,
    py('CMD ["gunicorn","-w","4","-k","uvicorn.workers.UvicornWorker","main:app","--bind","0.0.0.0:80"]'),
  ),
]

/** What Python people start. */
export const pythonStarts: readonly Space[] = [...right, ...wrong]
