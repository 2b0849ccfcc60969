import { everywhere, loopback, type ServerRow, type ServerTable } from './server-row.ts'

const vllm: ServerRow = {
  port: { flags: ['--port'], default: '8000' },
  host: { flags: ['--host'], default: everywhere },
  elsewhere: ['--uds', '--config'],
}

/** Servers of models, notebooks and experiments. */
export const modelServers: ServerTable = {
  mlflow: [
    {
      commands: ['server', 'ui'],
      port: { flags: ['-p', '--port'], variables: ['MLFLOW_PORT'], default: '5000' },
      host: { flags: ['-h', '--host'], variables: ['MLFLOW_HOST'], default: loopback },
    },
  ],
  tensorboard: [
    {
      port: { flags: ['--port'], default: '6006' },
      host: { flags: ['--host'], default: 'localhost' },
      open: ['--bind_all'],
    },
  ],
  jupyter: [jupyter('8888')],
  ollama: [
    {
      commands: ['serve'],
      bindVariables: ['OLLAMA_HOST'],
      port: { default: '11434' },
      host: { default: loopback },
    },
  ],
  'llama-server': [
    {
      port: { flags: ['--port'], variables: ['LLAMA_ARG_PORT'], default: '8080' },
      host: { flags: ['--host'], variables: ['LLAMA_ARG_HOST'], default: loopback },
    },
  ],
  'llama_cpp.server': [
    {
      port: { flags: ['--port'], variables: ['PORT'], default: '8000' },
      host: { flags: ['--host'], variables: ['HOST'], default: 'localhost' },
      elsewhere: ['--config_file'],
    },
  ],
  vllm: [{ ...vllm, commands: ['serve'] }],
  'vllm.entrypoints.openai.api_server': [vllm],
  'sglang.launch_server': [
    {
      port: { flags: ['--port'], default: '30000' },
      host: { flags: ['--host'], default: loopback },
      elsewhere: ['--config'],
    },
  ],
  'text-generation-launcher': [
    {
      port: { flags: ['-p', '--port'], variables: ['PORT'], default: '3000' },
      host: { flags: ['--hostname'], variables: ['HOSTNAME'], default: everywhere },
    },
  ],
  langflow: [
    {
      commands: ['run'],
      port: { flags: ['--port'], variables: ['LANGFLOW_PORT'], default: '7860' },
      host: { flags: ['--host'], variables: ['LANGFLOW_HOST'], default: 'localhost' },
      elsewhere: ['--env-file'],
    },
  ],
  litellm: [
    {
      port: { flags: ['--port'], variables: ['PORT'], default: '4000' },
      host: { flags: ['--host'], variables: ['HOST'], default: everywhere },
    },
  ],
  'open-webui': [
    {
      commands: ['serve'],
      port: { flags: ['--port'], default: '8080' },
      host: { flags: ['--host'], default: everywhere },
    },
  ],
}

/** Jupyter: its traits as flags; a configuration file may say something else. */
function jupyter(port: string): ServerRow {
  return {
    commands: ['lab', 'notebook', 'server', ''],
    port: {
      flags: ['--port', '--ServerApp.port', '--NotebookApp.port'],
      variables: ['JUPYTER_PORT'],
      default: port,
    },
    host: { flags: ['--ip', '--ServerApp.ip', '--NotebookApp.ip'], default: 'localhost' },
    elsewhere: ['--config', '--sock', '--ServerApp.sock'],
  }
}
