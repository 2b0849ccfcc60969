import { everywhere, loopback, type ServerTable } from './server-row.ts'

/** Servers that Python people start. */
export const pythonServers: ServerTable = {
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
      host: { flags: ['--host'], default: everywhere },
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
      host: { flags: ['--server.address'], variables: ['STREAMLIT_SERVER_ADDRESS'], default: everywhere },
    },
  ],
  'waitress-serve': [
    {
      port: { flags: ['--port'], default: '8080' },
      host: { flags: ['--host'], default: everywhere },
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
  panel: [
    {
      commands: ['serve'],
      port: { flags: ['--port'], variables: ['BOKEH_PORT'], default: '5006' },
      host: { flags: ['--address'], variables: ['BOKEH_ADDRESS'], default: everywhere },
    },
  ],
  bokeh: [
    {
      commands: ['serve'],
      port: { flags: ['--port'], variables: ['BOKEH_PORT'], default: '5006' },
      host: { flags: ['--address'], variables: ['BOKEH_ADDRESS'], default: everywhere },
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
    { operand: 'port', port: { default: '8000' }, host: { flags: ['-b', '--bind'], default: everywhere } },
  ],
  'manage.py': [
    {
      commands: ['runserver', 'runserver_plus'],
      operand: 'address',
      port: { default: '8000' },
      host: { default: loopback },
    },
  ],
}
