/** How a server program learns where to listen. */
export interface ServerRow {
  readonly port?: {
    readonly flags?: readonly string[]
    readonly variables?: readonly string[]
    readonly default: string
  }
  readonly host?: {
    readonly flags?: readonly string[]
    readonly variables?: readonly string[]
    readonly default: string
  }
  /** Flags that take `HOST:PORT`. */
  readonly bind?: readonly string[]
  /** An operand is a port or an address. */
  readonly operand?: 'port' | 'address'
  /** It serves only as one of these commands, such as `flask run`. */
  readonly commands?: readonly string[]
  /** Flags that lead elsewhere: a socket, or a file that is not read. */
  readonly elsewhere?: readonly string[]
  /** Files that may say something else, in the folder where it starts. */
  readonly files?: readonly string[]
}

const all = '0.0.0.0'
const loopback = '127.0.0.1'
const vite = (port: string, commands?: readonly string[]): ServerRow => ({
  port: { flags: ['--port'], default: port },
  host: { flags: ['--host'], default: 'localhost' },
  ...(commands ? { commands } : {}),
  elsewhere: ['--config', '-c'],
  files: [
    'vite.config.ts',
    'vite.config.js',
    'vite.config.mts',
    'vite.config.mjs',
    'astro.config.mjs',
    'astro.config.ts',
  ],
})

/** Servers by the name of their program. */
export const servers: Readonly<Record<string, readonly ServerRow[]>> = {
  uvicorn: [
    {
      port: { flags: ['--port'], variables: ['UVICORN_PORT'], default: '8000' },
      host: { flags: ['--host'], variables: ['UVICORN_HOST'], default: loopback },
      elsewhere: ['--uds', '--fd'],
    },
  ],
  hypercorn: [
    {
      bind: ['-b', '--bind', '--insecure-bind'],
      port: { default: '8000' },
      host: { default: loopback },
      elsewhere: ['-c', '--config', '--quic-bind'],
    },
  ],
  daphne: [
    {
      port: { flags: ['-p', '--port'], default: '8000' },
      host: { flags: ['-b', '--bind'], default: loopback },
      elsewhere: ['-u', '--unix-socket', '--fd', '-e', '--endpoint'],
    },
  ],
  flask: [
    {
      commands: ['run'],
      port: { flags: ['-p', '--port'], variables: ['FLASK_RUN_PORT'], default: '5000' },
      host: { flags: ['-h', '--host'], variables: ['FLASK_RUN_HOST'], default: loopback },
      files: ['.flaskenv'],
    },
  ],
  quart: [
    {
      commands: ['run'],
      port: { flags: ['-p', '--port'], default: '5000' },
      host: { flags: ['-h', '--host'], default: loopback },
    },
  ],
  fastapi: [
    {
      commands: ['run'],
      port: { flags: ['--port'], variables: ['PORT'], default: '8000' },
      host: { flags: ['--host'], default: all },
    },
    {
      commands: ['dev'],
      port: { flags: ['--port'], variables: ['PORT'], default: '8000' },
      host: { flags: ['--host'], default: loopback },
    },
  ],
  streamlit: [
    {
      commands: ['run', 'hello'],
      port: { flags: ['--server.port'], variables: ['STREAMLIT_SERVER_PORT'], default: '8501' },
      host: { flags: ['--server.address'], variables: ['STREAMLIT_SERVER_ADDRESS'], default: all },
    },
  ],
  'waitress-serve': [
    {
      port: { flags: ['--port'], default: '8080' },
      host: { flags: ['--host'], default: all },
      bind: ['--listen'],
      elsewhere: ['--unix-socket'],
    },
  ],
  granian: [
    {
      port: { flags: ['--port'], variables: ['GRANIAN_PORT'], default: '8000' },
      host: { flags: ['--host'], variables: ['GRANIAN_HOST'], default: loopback },
      elsewhere: ['--uds'],
    },
  ],
  chainlit: [
    {
      commands: ['run'],
      port: { flags: ['--port'], variables: ['CHAINLIT_PORT'], default: '8000' },
      host: { flags: ['--host'], variables: ['CHAINLIT_HOST'], default: loopback },
    },
  ],
  shiny: [
    {
      commands: ['run'],
      port: { flags: ['-p', '--port'], default: '8000' },
      host: { flags: ['-h', '--host'], default: loopback },
    },
  ],
  marimo: [
    {
      commands: ['run', 'edit'],
      port: { flags: ['-p', '--port'], default: '2718' },
      host: { flags: ['--host'], default: loopback },
    },
  ],
  mlflow: [
    {
      commands: ['server', 'ui'],
      port: { flags: ['-p', '--port'], variables: ['MLFLOW_PORT'], default: '5000' },
      host: { flags: ['-h', '--host'], variables: ['MLFLOW_HOST'], default: loopback },
    },
  ],
  panel: [
    {
      commands: ['serve'],
      port: { flags: ['--port'], variables: ['BOKEH_PORT'], default: '5006' },
      host: { flags: ['--address'], variables: ['BOKEH_ADDRESS'], default: all },
    },
  ],
  bokeh: [
    {
      commands: ['serve'],
      port: { flags: ['--port'], variables: ['BOKEH_PORT'], default: '5006' },
      host: { flags: ['--address'], variables: ['BOKEH_ADDRESS'], default: all },
    },
  ],
  datasette: [
    {
      port: { flags: ['-p', '--port'], default: '8001' },
      host: { flags: ['-h', '--host'], default: loopback },
      elsewhere: ['--uds'],
    },
  ],
  solara: [
    {
      commands: ['run'],
      port: { flags: ['--port'], default: '8765' },
      host: { flags: ['--host'], variables: ['HOST'], default: 'localhost' },
    },
  ],
  'http.server': [
    { operand: 'port', port: { default: '8000' }, host: { flags: ['-b', '--bind'], default: all } },
  ],
  'manage.py': [
    {
      commands: ['runserver', 'runserver_plus'],
      operand: 'address',
      port: { default: '8000' },
      host: { default: loopback },
    },
  ],
  next: [
    {
      commands: ['start', 'dev', ''],
      port: { flags: ['-p', '--port'], variables: ['PORT'], default: '3000' },
      host: { flags: ['-H', '--hostname'], default: all },
    },
  ],
  vite: [vite('4173', ['preview']), vite('5173', ['dev', 'serve', ''])],
  astro: [vite('4321', ['dev', 'preview'])],
  serve: [
    {
      bind: ['-l', '--listen'],
      port: { flags: ['-p'], variables: ['PORT'], default: '3000' },
      host: { default: all },
      elsewhere: ['-c', '--config'],
    },
  ],
  'http-server': [
    {
      port: { flags: ['-p', '--port'], variables: ['PORT'], default: '8080' },
      host: { flags: ['-a'], default: all },
    },
  ],
  'react-scripts': [
    {
      commands: ['start'],
      port: { variables: ['PORT'], default: '3000' },
      host: { variables: ['HOST'], default: all },
    },
  ],
  'remix-serve': [
    { port: { variables: ['PORT'], default: '3000' }, host: { variables: ['HOST'], default: all } },
  ],
  'react-router-serve': [
    { port: { variables: ['PORT'], default: '3000' }, host: { variables: ['HOST'], default: all } },
  ],
  ng: [
    {
      commands: ['serve'],
      port: { flags: ['--port'], default: '4200' },
      host: { flags: ['--host'], default: 'localhost' },
      files: ['angular.json'],
    },
  ],
  nuxt: [
    {
      commands: ['start', 'preview', 'dev'],
      port: { flags: ['-p', '--port'], variables: ['NUXT_PORT', 'PORT'], default: '3000' },
      host: { flags: ['-h', '--host'], variables: ['NUXT_HOST', 'HOST'], default: 'localhost' },
    },
  ],
  n8n: [{ port: { variables: ['N8N_PORT'], default: '5678' }, host: { default: all } }],
  php: [{ bind: ['-S'], port: { default: '' }, host: { default: '' } }],
  ollama: [{ commands: ['serve'], port: { default: '11434' }, host: { default: loopback } }],
  'llama-server': [
    {
      port: { flags: ['--port'], variables: ['LLAMA_ARG_PORT'], default: '8080' },
      host: { flags: ['--host'], variables: ['LLAMA_ARG_HOST'], default: loopback },
    },
  ],
  vllm: [
    {
      commands: ['serve'],
      port: { flags: ['--port'], default: '8000' },
      host: { flags: ['--host'], default: all },
      elsewhere: ['--uds', '--config'],
    },
  ],
}

/** Modules of `python -m` whose program has another name. */
export const modules: Readonly<Record<string, string>> = {
  'streamlit.web.cli': 'streamlit',
  'uvicorn.main': 'uvicorn',
  waitress: 'waitress-serve',
  'gunicorn.app.wsgiapp': 'gunicorn',
}

/** Programs that listen on no port, or on none that a Space would open. */
export const silentPrograms: ReadonlySet<string> = new Set(
  (
    '[ [[ : alembic apk apt apt-get awk cat cd celery chmod chown cp cron curl cut date declare echo env exit export find git grep id install kill ' +
    'knex ln local ls mkdir mv nc nslookup pip pip3 pg_isready prisma printf pwd read return rm rq sed sequelize set shift sleep source supercronic tail tar tee test touch ' +
    'tr trap true false typeorm ulimit umask unset unzip wait wget which whoami Xvfb'
  ).split(' '),
)
