import { type Space, breaks, js, raw, run, works } from './space.js'

const manifest = (more = '') => ({ 'package.json': `{"name":"x","engines":{"node":">=20"}${more}}` })
const start = 'CMD ["npm","start"]'
const server = { 'server.js': 'require("http").createServer().listen(7860)\n' }
const python = (lines: string, files: Record<string, string> = {}) =>
  raw(
    `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install flask uvicorn streamlit\n${lines}`,
    files,
  )
const streamlit = 'CMD ["streamlit","run","main.py","--server.port","7860","--server.address","0.0.0.0"]'
const uvicorn = (module: string) => `CMD ["uvicorn","${module}:app","--host","0.0.0.0","--port","7860"]`
const packaged = { 'web/__init__.py': '', 'web/app.py': 'app = 1\n' }

const node: readonly Space[] = [
  breaks('npm start without a script', 'start', js(start, { ...manifest(), 'index.js': '' })),
  breaks(
    'yarn start without a script',
    'start',
    js('CMD ["yarn","start"]', manifest(',"scripts":{"dev":"node index.js"}')),
  ),
  breaks(
    'npm start after a build, without a script',
    'start',
    js(
      `USER root\nRUN npm install && npm run build\nUSER node\n${start}`,
      manifest(',"scripts":{"build":"vite build"}'),
    ),
    'warning',
  ),
  works('npm start with server.js', js(start, { ...manifest(), ...server })),
  works(
    'a script that the build adds',
    js(`RUN npm pkg set scripts.start="node index.js"\n${start}`, manifest()),
  ),
  works('npm start of another folder', js('CMD ["npm","start","--prefix","web"]', manifest())),
  breaks(
    'TypeScript in another folder',
    'src/main.ts',
    js('CMD ["npx","tsx","main.ts"]', { ...manifest(), 'src/main.ts': '' }),
  ),
]

const modules: readonly Space[] = [
  breaks(
    'python -m of a missing module',
    'web/server.py',
    python('CMD ["python","-m","web.server"]', packaged),
  ),
  breaks('uvicorn of a missing module', 'web/main.py', python(uvicorn('web.main'), packaged)),
  breaks(
    'gunicorn of a missing module',
    'web/wsgi.py',
    python('CMD ["gunicorn","-b","0.0.0.0:7860","web.wsgi:app"]', packaged),
  ),
  breaks(
    'python -m of a module in another folder',
    'backend',
    python('CMD ["python","-m","web.app"]', { 'backend/web/app.py': '' }),
    'warning',
  ),
  works(
    'python -m of a module',
    python('CMD ["python","-m","web.app"]', {
      ...packaged,
      'web/app.py': 'import uvicorn\nuvicorn.run("x:y", host="0.0.0.0", port=7860)\n',
    }),
  ),
  works('python -m of an installed package', python('CMD ["python","-m","http.server","7860"]', packaged)),
  works(
    'a module that is compiled',
    python(uvicorn('web.main'), { 'web/__init__.py': '', 'web/main.cpython-312-x86_64-linux-gnu.so': '' }),
  ),
  works(
    'a module that the build makes',
    python(`RUN python make.py > web/main.py\n${uvicorn('web.main')}`, packaged),
  ),
  works(
    'a package with parts elsewhere',
    python(uvicorn('web.main'), {
      'web/__init__.py': '__path__ = __import__("pkgutil").extend_path(__path__, __name__)\n',
    }),
  ),
  works('a folder without __init__.py', python(uvicorn('web.main'), { 'web/app.py': '' })),
]

const files: readonly Space[] = [
  breaks(
    'streamlit run of a file in another folder',
    'src/main.py',
    python(streamlit, { 'src/main.py': '' }),
  ),
  breaks('streamlit run of a missing file', 'main.py', python(streamlit, { 'app.py': '' }), 'warning'),
  breaks(
    'fastapi run of a file in another folder',
    'src/main.py',
    python('CMD ["fastapi","run","main.py","--port","7860"]', { 'src/main.py': '' }),
  ),
  works(
    'streamlit run after an option',
    python('CMD ["streamlit","run","--server.port=7860","--server.address=0.0.0.0","src/main.py"]', {
      'src/main.py': '',
    }),
  ),
  works(
    'a step that may fail, without its file',
    python('CMD ["sh","start.sh"]', {
      'jobs/seed.py': '',
      'start.sh': '#!/bin/sh\npython seed.py\nexec uvicorn app:app --host 0.0.0.0 --port 7860\n',
      'app.py': 'app = 1\n',
    }),
  ),
  works(
    'a file of the image',
    raw(`FROM python:3.12-slim\nCOPY src /app\nWORKDIR /app\n${run}`, { 'src/app.py': 'app = 1\n' }),
  ),
]

/** Programs, scripts and modules that the folder does not hold. */
export const missingPrograms: readonly Space[] = [...node, ...modules, ...files]
