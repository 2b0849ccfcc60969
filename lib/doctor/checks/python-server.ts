import { posix } from 'node:path'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import type { Requirements } from '../python/requirements.ts'
import { findServerRows } from '../start/server-table.ts'
import type { Process } from '../start/listening.ts'
import { checkEnvironment } from './python-environments.ts'
import { installsOf, type PythonInstall } from './python-installs.ts'
import { hasRun } from './runs.ts'

/** The server that the container starts was installed, where it is looked for. */
export function checkPythonServer(project: Project): Finding[] {
  const { image, serving } = project
  if (!image || !serving) return []
  const installs = installsOf(project)
  return serving.processes.flatMap((process) => [
    ...checkRequired(process, installs, project),
    ...checkPath(process, installs, project),
    ...checkEnvironment(process, installs, project),
    ...checkPython(process, project),
    ...checkStage(process, project),
  ])
}

/** The packages that bring a server program: its own, and others that depend on it. */
const servers: Readonly<Record<string, RegExp>> = {
  uvicorn:
    /^(?:uvicorn|uvicorn-worker|gradio|chainlit|litellm|mcp|fastmcp|vllm|sglang|nicegui|reflex|langserve|langgraph-.*|ray|bentoml|prefect|dagster.*|chromadb|mlflow.*|sanic|marimo|shiny|solara.*|open-webui|jina|docarray|fastapi-cli|python-socketio|google-adk|a2a-sdk|prefect-.*|panel|taipy.*|starlette-.*|openenv.*|smolagents|litserve)$/,
  gunicorn:
    /^(?:gunicorn|uvicorn-worker|litellm|dash-.*|mlflow|mlflow-skinny|apache-airflow.*|apache-superset|open-webui)$/,
  streamlit: /^(?:streamlit.*|stlite|taipy)$/,
  flask: /^(?:flask.*|dash.*|mlflow|connexion|gradio.*|quart)$/,
  hypercorn: /^(?:hypercorn|quart.*)$/,
  daphne: /^daphne$/,
  chainlit: /^chainlit$/,
}

/** Packages that are known to bring none of these servers. */
const plain =
  /^(?:fastapi|starlette|pydantic.*|numpy|pandas|scipy|scikit-learn|matplotlib|seaborn|requests|httpx|aiohttp|flask|flask-cors|flask-sqlalchemy|jinja2|werkzeug|sqlalchemy|alembic|psycopg2?.*|asyncpg|pymysql|redis|python-dotenv|python-multipart|pillow|torch|torchvision|torchaudio|transformers|tokenizers|accelerate|sentence-transformers|safetensors|huggingface-hub|openai|anthropic|tqdm|pyyaml|toml|click|rich|typer|pytest|django.*|djangorestframework|whitenoise|gunicorn|uvicorn|streamlit|aiosqlite|aiofiles|passlib|bcrypt|python-jose|pyjwt|email-validator|joblib|opencv-python.*|plotly|altair|beautifulsoup4|lxml|nltk|spacy|onnxruntime|websockets|orjson|ujson|loguru|tenacity|boto3|cryptography|datasets|faiss-cpu|xgboost|lightgbm|tensorflow.*|keras|sqlmodel|setuptools|wheel|pip|poetry|uv|pdm)$/

function programOf({ words }: Process): string {
  const isModule = /^python[\d.]*$/.test(posix.basename(words[0] ?? '')) && words[1] === '-m'
  return posix.basename((isModule ? words[2] : words[0]) ?? '')
}

function checkRequired(process: Process, installs: readonly PythonInstall[], { image }: Project): Finding[] {
  const lists = installs.flatMap((each) => each.lists)
  const all: readonly Requirements[] = [...lists, ...installs.map(({ named }) => named)]
  const [first] = lists
  const isReadable = image!.steps.every(
    ({ instruction, commands }) => instruction.keyword !== 'RUN' || commands,
  )
  if (!first || image!.base?.name !== 'python' || !isReadable || all.some(({ isOpen }) => isOpen)) return []
  const packages = all.flatMap((each) => each.packages)
  const name = programOf(process)
  const row = Object.hasOwn(servers, name) ? servers[name]! : undefined
  const isStandard = packages.some(
    (each) => each.name === 'fastapi' && each.extras.some((extra) => /^(?:standard|all)/.test(extra)),
  )
  if (!row || packages.some((each) => row.test(each.name)) || (name === 'uvicorn' && isStandard)) return []
  const isProven = packages.every((each) => plain.test(each.name))
  const values = { program: name, name, file: first.file }
  return [finding('server-not-required', process.place, values, isProven ? 'error' : 'warning')]
}

/** Where somebody else than root installs, pip puts programs into a folder that is not on PATH. */
function checkPath(process: Process, installs: readonly PythonInstall[], { image }: Project): Finding[] {
  const { base, steps, settings, homes, user, copies } = image!
  const [program] = process.words
  const own = installs.filter(({ run }) => run.state === image)
  const home = user === undefined ? undefined : homes.get(user)
  const runs = steps.filter(({ instruction }) => instruction.keyword === 'RUN')
  const isElsewhere = runs.some(
    ({ commands, instruction: { text } }) =>
      !commands ||
      /venv|conda|pipx|\buv\b|poetry|pdm|\.local\/bin|ch(?:own|mod)\s[^&;\n]*\/usr|\bln\b/.test(text),
  )
  if (
    base?.name !== 'python' ||
    !program ||
    !findServerRows(program) ||
    process.place.file !== 'Dockerfile' ||
    own.length === 0 ||
    !own.every(({ run }) => run.step.user === user && run.isCertain && !run.hasSudo) ||
    home === undefined ||
    user === 'root' ||
    settings.has('PATH') ||
    isElsewhere ||
    copies.some(({ from }) => from !== undefined)
  )
    return []
  const values = { program, folder: `${home}/.local/bin`, cure: 'install before USER' }
  return [finding('program-not-on-path', process.place, values)]
}

/** What an earlier stage installed is in the last one only where it is copied. */
function checkStage(
  { words: [program], place }: Process,
  { image, stages, folder: { files } }: Project,
): Finding[] {
  const { base, copies, baseName, settings } = image!
  const isInstalledElsewhere = stages.some(
    (each) => each !== image && hasRun(each, (text) => /\bpip3? install\b/.test(text)),
  )
  const libraries = copies.filter(({ from }) => from !== undefined)
  const isServer = program !== undefined && Object.hasOwn(servers, program) && place.file === 'Dockerfile'
  const isBrought =
    files.some((path) => posix.basename(path) === program) ||
    hasRun(image!, () => true) ||
    !libraries.every(({ destination }) => destination?.replace(/\/$/, '').endsWith('/site-packages'))
  if (base?.name !== 'python' || !isServer || !isInstalledElsewhere || isBrought) return []
  const venv = /([^:$]*venv)\/bin/.exec(settings.get('PATH')?.value ?? '')?.[1]
  const folder = venv ?? (libraries.length > 0 ? '/usr/local/bin' : '/usr/local')
  const cure = `Copy it from the stage that installs it: COPY --from=… ${folder} ${folder}.`
  return [finding('tool-missing', place, { tool: program, image: baseName, cure })]
}

/** Debian and Ubuntu name the program python3 alone. */
function checkPython({ words, place }: Process, { image }: Project): Finding[] {
  const { base, steps, settings, copies, baseName } = image!
  const runs = steps.map(({ instruction: { keyword, text } }) => (keyword === 'RUN' ? text : '')).join('\n')
  const isInstalled = /\bapt(?:-get)?\b[^&;]*\bpython3\b/.test(runs)
  const isNamed = /python-is-python3|alternatives|\bln\b|\bcp\b|venv|conda|pyenv|\buv\b|curl|wget|alias/.test(
    runs,
  )
  const isDebian = base?.name === 'debian' || base?.name === 'ubuntu'
  if (
    words[0] !== 'python' ||
    !isDebian ||
    !isInstalled ||
    isNamed ||
    settings.has('PATH') ||
    copies.some(({ from }) => from)
  )
    return []
  const cure = 'Write python3, or install python-is-python3.'
  return [finding('tool-missing', place, { tool: 'python', image: baseName, cure })]
}
