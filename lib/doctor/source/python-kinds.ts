/** A kind of call that listens. */
export interface Kind {
  readonly program: string
  readonly port: string
  readonly host: string
  readonly variables?: { readonly port: string; readonly host: string }
  /** The keyword of the port and of the host; `port` and `host` by default. */
  readonly keywords?: { readonly port: string; readonly host: string }
  /** The place of the host and the port among the arguments without a name. */
  readonly positions?: { readonly host?: number; readonly port?: number }
}

const loopback = '127.0.0.1'
const everywhere = '0.0.0.0'
const first = { host: 0, port: 1 }

/** Objects whose `run` listens, by what makes them. */
export const frameworks: Readonly<Record<string, Kind>> = {
  Flask: { program: 'Flask', port: '5000', host: loopback, positions: first },
  Quart: { program: 'Quart', port: '5000', host: loopback, positions: first },
  SocketIO: { program: 'Flask-SocketIO', port: '5000', host: loopback, positions: { host: 1, port: 2 } },
  Dash: {
    program: 'Dash',
    port: '8050',
    host: loopback,
    variables: { port: 'PORT', host: 'HOST' },
    positions: first,
  },
  Sanic: { program: 'Sanic', port: '8000', host: loopback, positions: first },
  Bottle: { program: 'Bottle', port: '8080', host: loopback },
}

/** Functions that listen. */
export const calls: Readonly<Record<string, Kind>> = {
  'uvicorn.run': { program: 'uvicorn', port: '8000', host: loopback },
  'uvicorn.Config': { program: 'uvicorn', port: '8000', host: loopback },
  'web.run_app': { program: 'aiohttp', port: '8080', host: everywhere },
  'aiohttp.web.run_app': { program: 'aiohttp', port: '8080', host: everywhere },
  'ui.run': { program: 'NiceGUI', port: '8080', host: everywhere },
  'granian.Granian': {
    program: 'Granian',
    port: '8000',
    host: loopback,
    keywords: { port: 'port', host: 'address' },
  },
}

export const waitress: Kind = { program: 'Waitress', port: '8080', host: everywhere }

export const gradio: Kind = {
  program: 'Gradio',
  port: '7860',
  host: loopback,
  variables: { port: 'GRADIO_SERVER_PORT', host: 'GRADIO_SERVER_NAME' },
  keywords: { port: 'server_port', host: 'server_name' },
}
