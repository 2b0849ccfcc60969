import { type Space, breaks, raw, readme, works } from './space.js'

const manifest = JSON.stringify({
  name: 'x',
  version: '1.0.0',
  type: 'module',
  engines: { node: '>=20' },
  scripts: { start: 'node server.js' },
  dependencies: { express: '^4.0.0' },
})
const listen = (port: number): string =>
  `import express from 'express'\nconst app = express()\napp.listen(process.env.PORT || ${port}, '0.0.0.0')\n`
const top = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm install\n'
const end = 'USER node\nCMD ["node","server.js"]'
const node = (lines: string, files: Record<string, string> = {}) =>
  raw(top + lines, { 'package.json': manifest, 'server.js': listen(7860), ...files })
const sqlite = (line: string, files: Record<string, string> = {}) =>
  node(`${line}\nENV DATABASE_URL=sqlite:/srv/d/a.db\n${end}`, files)
const python = (lines: string, files: Record<string, string>) =>
  raw(
    `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install fastapi uvicorn flask\nUSER 1000\n${lines}`,
    files,
  )
const api = 'from fastapi import FastAPI\napp = FastAPI()\n'
const sh = 'CMD ["sh","run.sh"]'

/** What a reader with fresh eyes tried. */
export const secondReading: readonly Space[] = [
  works(
    'a default that the shell assigns',
    node(`USER node\n${sh}`, {
      'server.js': listen(3000),
      'run.sh': ': "${PORT:=7860}"\nexport PORT\nexec node server.js\n',
    }),
  ),
  works(
    'an option that is added',
    python('CMD ["bash","run.sh"]', {
      'main.py': api,
      'run.sh': 'OPTS="--host 0.0.0.0"\nOPTS+=" --port 7860"\nexec uvicorn main:app $OPTS\n',
    }),
  ),
  works(
    'a port that the source sets',
    node(end, { 'server.js': `process.env.PORT ??= '7860'\n${listen(3000)}` }),
  ),
  works(
    'a port that the source sets, in Python',
    python('CMD ["python","main.py"]', {
      'main.py': `import os\nos.environ.setdefault('PORT', '7860')\nimport uvicorn\n${api}uvicorn.run(app, host='0.0.0.0', port=int(os.environ.get('PORT', 8000)))\n`,
    }),
  ),
  works(
    'an env file that is in the image',
    node('USER node\nCMD ["node","--env-file=app.env","server.js"]', {
      'server.js': listen(3000),
      'app.env': 'PORT=7860\n',
    }),
  ),
  works(
    'an env file that the source loads',
    node(end, {
      'server.js': `import dotenv from 'dotenv'\ndotenv.config({ path: './conf/app.env' })\n${listen(3000)}`,
      'conf/app.env': 'PORT=7860\n',
    }),
  ),
  works(
    'an env file that Python loads',
    python('CMD ["python","main.py"]', {
      'main.py': `import os\nfrom dotenv import load_dotenv\nload_dotenv('conf/app.env')\nimport uvicorn\n${api}uvicorn.run(app, host='0.0.0.0', port=int(os.getenv('PORT', 8000)))\n`,
      'conf/app.env': 'PORT=7860\n',
    }),
  ),
  ...[
    'RUN mkdir -p -m 777 /srv/d',
    'RUN mkdir --mode=0777 -p /srv/d',
    "RUN sh -c 'mkdir -p /srv/d && chown node /srv/d'",
    'RUN mkdir -p /srv/d && find /srv -type d -exec chmod 777 {} +',
    'RUN mkdir -p /srv/d && echo /srv/d | xargs chown node',
    'RUN apt-get update && apt-get install -y sudo && mkdir /srv/d && sudo chown -R node: /srv/d',
    'RUN mkdir -p /srv/d && setfacl -m u:1000:rwx /srv/d',
    'RUN ln -s /tmp /srv/d',
    'RUN cp -a /home/node /srv/d',
  ].map((line) => works(`a folder by ${line}`, sqlite(line))),
  works(
    'a folder that a script makes',
    sqlite('RUN sh setup.sh', { 'setup.sh': 'mkdir -p /srv/d && chown node /srv/d\n' }),
  ),
  breaks('a folder of root', 'may not write', sqlite('RUN mkdir -p /srv/d && ln -s /srv/d /srv/e')),
  works(
    'a user that is written into the table',
    raw(
      'FROM node:22-slim\nRUN echo \'u:x:1000:1000::/tmp:/bin/sh\' >> /etc/passwd\nWORKDIR /app\nCOPY . .\nRUN npm install\nUSER u\nCMD ["node","server.js"]',
      { 'package.json': manifest, 'server.js': listen(7860) },
    ),
  ),
  works(
    "the Dockerfile's own list of what is left out",
    node(end, { '.dockerignore': 'server.js\n', 'Dockerfile.dockerignore': 'node_modules\n' }),
  ),
  works(
    'line ends that perl mends',
    node(
      `RUN find . -name '*.sh' | xargs perl -pi -e 's/\\r\\n/\\n/' && chmod +x go.sh\nUSER node\nCMD ["./go.sh"]`,
      { 'go.sh': '#!/bin/sh\r\nexec node server.js\r\n' },
    ),
  ),
  breaks(
    'an install that may not write its folder',
    'may not write /app',
    raw(
      `FROM node:22-slim\nWORKDIR /app\nUSER node\nCOPY package.json .\nRUN npm install\nCOPY . .\nCMD ["node","server.js"]`,
      { 'package.json': manifest, 'server.js': listen(7860) },
    ),
  ),
  breaks(
    'a script in bash, on Alpine',
    'bash',
    raw('FROM node:22-alpine\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["bash","start.sh"]', {
      'start.sh': 'exec node server.js\n',
      'server.js': listen(7860),
      'package.json': manifest,
    }),
  ),
  works(
    'a script in bash, which Alpine was given',
    raw(
      'FROM node:22-alpine\nRUN apk add --no-cache bash\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["bash","start.sh"]',
      { 'start.sh': 'exec node server.js\n', 'server.js': listen(7860), 'package.json': manifest },
    ),
  ),
  breaks(
    'a script on PATH that is not executable',
    'not executable',
    node('COPY scripts/boot.sh /usr/local/bin/boot.sh\nUSER node\nENTRYPOINT ["boot.sh"]', {
      'scripts/boot.sh': '#!/bin/sh\nexec node server.js\n',
    }),
  ),
  breaks(
    'a mode that takes the mark away',
    'not executable',
    node('RUN chmod 644 go.sh\nUSER node\nCMD ["/app/go.sh"]', {
      'go.sh': '#!/bin/sh\nexec node server.js\n',
    }),
  ),
  works(
    'a mode for another file beside the mark',
    node('RUN chmod 644 a.txt && chmod +x go.sh\nUSER node\nCMD ["/app/go.sh"]', {
      'a.txt': 'a',
      'go.sh': '#!/bin/sh\nexec node server.js\n',
    }),
  ),
  ...["find . -name '*.sh' -exec chmod +x {} \\;", 'ls *.sh | xargs chmod +x'].map((line) =>
    works(
      `the mark by ${line}`,
      node(`RUN ${line}\nUSER node\nCMD ["/app/go.sh"]`, {
        'go.sh': '#!/bin/sh\nexec node server.js\n',
      }),
    ),
  ),
  works(
    'the mark of a pattern',
    node('COPY --chmod=755 *.sh ./\nUSER node\nCMD ["/app/go.sh"]', {
      'go.sh': '#!/bin/sh\nexec node server.js\n',
    }),
  ),
  works('SQL in a command', node(`RUN echo "create table a (b); COPY a FROM stdin; USER x" > a.sql\n${end}`)),
  breaks(
    'the mark of another script',
    'not executable',
    node('COPY --chmod=755 a.sh /a.sh\nUSER node\nCMD ["/app/go.sh"]', {
      'a.sh': '#!/bin/sh\n',
      'go.sh': '#!/bin/sh\nexec node server.js\n',
    }),
  ),
  breaks('a script that package.json lacks', 'serve', node('USER node\nCMD ["npm","run","serve"]')),
  breaks('a build that package.json lacks', 'build', node(`RUN npm run build\n${end}`)),
  works('a build only if there is one', node(`RUN npm run build --if-present\n${end}`)),
  breaks(
    'a health check without CMD',
    'HEALTHCHECK',
    node(`HEALTHCHECK --interval=5s curl -f http://localhost:7860/\n${end}`),
  ),
  works('a health check', node(`HEALTHCHECK --interval=5s CMD node health.js\n${end}`)),
  breaks(
    'a backslash that takes the next instruction in',
    'USER',
    raw(
      'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm install && \\\nUSER node\nCMD ["node","server.js"]',
      { 'package.json': manifest, 'server.js': listen(7860) },
    ),
  ),
  breaks('Nest on another port', '3000', {
    'README.md': readme,
    Dockerfile:
      'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm install\nRUN npm run build\nUSER node\nCMD ["node","dist/main.js"]\n',
    'package.json': JSON.stringify({
      name: 'x',
      version: '1.0.0',
      engines: { node: '>=20' },
      scripts: { build: 'nest build' },
      dependencies: { '@nestjs/core': '^11.0.0' },
      devDependencies: { '@nestjs/cli': '^11.0.0' },
    }),
    'tsconfig.json': '{"compilerOptions":{"outDir":"./dist"}}',
    'src/main.ts':
      "import { NestFactory } from '@nestjs/core'\nimport { AppModule } from './app.module'\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule)\n  await app.listen(process.env.PORT ?? 3000)\n}\nbootstrap()\n",
  }),
]
