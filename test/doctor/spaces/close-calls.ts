import { type Space, breaks, js, py, raw, run, works } from './space.js'

const debian = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n'
const uvicorn = 'uvicorn app:app --host 0.0.0.0 --port 7860'
const api = 'from fastapi import FastAPI\napp = FastAPI()\n'
const listens = 'require("http").createServer((q, s) => s.end()).listen(7860, "0.0.0.0")\n'
const manifest = (more: object = {}) =>
  JSON.stringify({ name: 'x', version: '1.0.0', engines: { node: '>=20' }, ...more })

const documents: readonly Space[] = [
  works(
    'a here-document in quotes on a second line',
    raw(`${debian}RUN true && \\\n    echo "cat <<EOF" > a.sh\n${run}`),
  ),
  works(
    'a here-document in a comment',
    raw(`${debian}RUN true && \\\n  # don't write <<EOF\n  true\n${run}`),
  ),
  works(
    'a here-document after a comment with an apostrophe',
    raw(`${debian}RUN true && \\\n  # don't\n  cat <<EOF > a\nit's\nEOF\n${run}`),
  ),
]

const script = { 'start.sh': `exec ${uvicorn}\n` }
const lists: readonly Space[] = [
  // Takes minutes where a pattern looks again from each letter.
  works(
    'a script with a very long line',
    raw(`${debian}CMD ["sh","start.sh"]`, {
      'start.sh': `#!/bin/sh\n: ${'deadbeef'.repeat(30_000)}\n: ${'sed '.repeat(30_000)}\nexec ${uvicorn}\n`,
    }),
  ),
  works(
    'a program with a blank in its path',
    raw(
      `${debian}COPY ["start.sh","/opt/My App/run"]\nRUN chmod +x "/opt/My App/run"\nCMD ["/opt/My App/run"]`,
      {
        'start.sh': `#!/bin/sh\nexec ${uvicorn}\n`,
      },
    ),
  ),
  works(
    'a script that is made executable under another name',
    raw(`${debian}COPY start.sh /entry\nRUN chmod +x /entry\nENTRYPOINT ["/entry"]`, {
      'start.sh': `#!/bin/sh\nexec ${uvicorn}\n`,
    }),
  ),
  works(
    'a script without #! behind tini',
    raw(
      `${debian}RUN apt-get update && apt-get install -y tini && chmod +x start.sh\nENTRYPOINT ["tini","--"]\nCMD ["./start.sh"]`,
      script,
    ),
  ),
  works(
    'a script without #! that the entry point of an image starts',
    js('RUN chmod +x start.sh\nCMD ["./start.sh"]', { 'start.sh': 'exec node a.js\n', 'a.js': listens }),
  ),
  works(
    'a byte order mark that the build takes from every script',
    raw(`${debian}RUN sed -i '1s/^\\xEF\\xBB\\xBF//' *.sh && chmod +x *.sh\nCMD ["./start.sh"]`, {
      'start.sh': `\uFEFF#!/bin/sh\nexec ${uvicorn}\n`,
    }),
  ),
]

const source: readonly Space[] = [
  ...['cd /bin && ln -sf bash sh', 'mv /bin/bash /bin/sh', 'cp /bin/bash /bin/sh'].map((line) =>
    works(`source after ${line}`, raw(`${debian}RUN ${line}\nRUN source /etc/profile\n${run}`)),
  ),
  ...['maven:3.8.6-openjdk-17', 'gradle:8-jdk17-corretto', 'maven:3-graalvm-community-21'].map((image) =>
    works(`source in ${image}`, raw(`FROM ${image}\nRUN source /etc/profile\nCMD ["/app/x"]`)),
  ),
]

const instructions: readonly Space[] = [
  works('ranges of ports', py(`EXPOSE 8000-8010:8000-8010 7860/\n${run}`)),
  works('an instruction in quotes', py(`RUN echo "a && USER x"\n${run}`)),
  works('files in quotes', py(`COPY "app.py" "/x/"\n${run}`, { 'app.py': api })),
  breaks('a comment after a label', 'comment', py(`LABEL a=b # why\n${run}`)),
]

const half = { 'web/__init__.py': '', 'web/core.py': '' }
const whole = { ...half, 'src/web/__init__.py': '', 'src/web/main.py': api }
const start = 'CMD ["uvicorn","web.main:app","--host","0.0.0.0","--port","7860"]'
const modules: readonly Space[] = [
  works(
    'a module in Cython',
    py(`RUN python setup.py build_ext --inplace\n${start}`, { ...half, 'web/main.pyx': api }),
  ),
  works('a module that a generator writes', py(`RUN python tools/generate.py\n${start}`, half)),
  works(
    'a package in several places',
    py(start, { ...half, 'web/__init__.py': '__import__("pkg_resources").declare_namespace(__name__)\n' }),
  ),
  works(
    'gunicorn, led by its configuration',
    py('CMD ["gunicorn","web.main:app","-b","0.0.0.0:7860"]', {
      ...whole,
      'gunicorn.conf.py': 'chdir = "src"\n',
    }),
  ),
  works(
    'gunicorn, led by a variable',
    py('ENV GUNICORN_CMD_ARGS="--chdir src -b 0.0.0.0:7860"\nCMD ["gunicorn","web.main:app"]', whole),
  ),
  works(
    'a header that looks like a module',
    py('CMD ["uvicorn","--header","web.x:none","app:app","--host","0.0.0.0","--port","7860"]', {
      ...half,
      'app.py': api,
    }),
  ),
  works(
    'a folder that supervisord sets',
    py('RUN pip install supervisor\nCMD ["supervisord","-n","-c","s.conf"]', {
      ...whole,
      's.conf':
        '[program:a]\ndirectory=/home/user/app/src\ncommand=uvicorn web.main:app --host 0.0.0.0 --port 7860\n',
    }),
  ),
  works(
    'pushd',
    py('CMD ["bash","start.sh"]', {
      ...whole,
      'start.sh': '#!/bin/bash\npushd src\nexec uvicorn web.main:app --host 0.0.0.0 --port 7860\n',
    }),
  ),
  ...['uv run --directory sub', 'conda run --cwd sub -n base', 'env --chdir=sub'].map((wrapper) =>
    works(
      wrapper,
      raw(`FROM acme/python:1\nWORKDIR /app\nCOPY . .\nCMD ${wrapper} python main.py`, {
        'sub/main.py': api,
      }),
    ),
  ),
  ...['env --chdir=sub', 'env -C sub'].map((wrapper) =>
    works(`${wrapper} in a known image`, py(`CMD ${wrapper} python main.py`, { 'sub/main.py': api })),
  ),
]

const web = { 'package.json': manifest({ workspaces: ['web'] }), 'web/package.json': manifest() }
const built = { 'package.json': manifest(), 'src/index.js': listens }
const node: readonly Space[] = [
  ...['npm start -ws', 'npm start --ws', 'pnpm start --recursive', 'pnpm start --parallel'].map((command) =>
    works(command, js(`RUN npm install -g pnpm\nCMD ${command}`, web)),
  ),
  works('a workspace that a variable names', js('ENV npm_config_workspace=web\nCMD ["npm","start"]', web)),
  works(
    'a workspace that .npmrc names',
    js('CMD ["npm","start"]', {
      ...web,
      '.npmrc': 'workspace=web\n',
    }),
  ),
  works(
    'bun in another folder',
    raw('FROM oven/bun:1\nWORKDIR /app\nCOPY . .\nCMD ["bun","run","--cwd","web","index.ts"]', {
      ...web,
      'web/index.ts': 'Bun.serve({ port: 7860 })\n',
    }),
  ),
  works(
    'npm exec in a workspace',
    js('CMD npm exec --workspace=web -- tsx x.ts', { ...web, 'web/x.ts': '' }),
  ),
  works('ts-node in another folder', js('CMD npx ts-node --cwd web x.ts', { ...web, 'web/x.ts': '' })),
  ...['turbo build', 'nx build web', './node_modules/.bin/babel src -d dist', 'npm -w web run build'].map(
    (command) => works(`built by ${command}`, js(`RUN ${command}\nCMD ["node","dist/index.js"]`, built)),
  ),
  works(
    'npm with many flags',
    js(`RUN npm ${'-a '.repeat(60)}view x\nCMD ["node","a.js"]`, { 'src/a.ts': '' }),
  ),
  works(
    'built after the install',
    js('RUN npm install\nCMD ["node","dist/index.js"]', {
      ...built,
      'package.json': manifest({ scripts: { prepare: 'node build.js' } }),
    }),
  ),
]

/** Folders that work, as near as can be to what does not. */
export const closeCalls: readonly Space[] = [
  ...documents,
  ...lists,
  ...source,
  ...instructions,
  ...modules,
  ...node,
]
