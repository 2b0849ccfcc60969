import { posix } from 'node:path'
import { finding, type Finding } from '../finding.ts'
import { locate } from '../dockerfile/files.ts'
import type { StageState } from '../dockerfile/stage-state.ts'
import { expandAll } from '../dockerfile/users.ts'
import { readPyproject, readRequirements, type Requirements } from '../python/requirements.ts'
import type { Project } from '../project.ts'

/** What pip installs can be read and built, and holds the server that is started. */
export function checkPython(project: Project): Finding[] {
  const { image, stages } = project
  if (!image) return []
  const installed = stages.flatMap((state) => installsOf(state, project))
  const files = new Map(installed.map((each) => [each.requirements.file, each.requirements]))
  return [
    ...[...files.values()].flatMap((requirements) => checkEncoding(requirements)),
    ...installed.flatMap(({ requirements, state }) => checkCompiled(requirements, state)),
    ...checkServer(project, [...files.values()]),
    ...[...files.values()]
      .filter(({ file, packages }) => packages.length > 0 && file.endsWith('.txt'))
      .slice(0, 1)
      .map(({ file }) => finding('versions-not-checked', { file, line: 1 }, { file })),
  ]
}

interface Install {
  readonly requirements: Requirements
  readonly state: StageState
}

/** The files that a stage installs from. */
function installsOf(state: StageState, project: Project): Install[] {
  const own = new Set(state.stage.instructions)
  return state.steps
    .filter(({ instruction }) => own.has(instruction))
    .flatMap((step) =>
      (step.commands ?? []).flatMap((command) => {
        const words = expandAll(command, step.environment)
        const text = words.join(' ')
        const names = words.flatMap((word, index) =>
          /^(?:-r|--requirement)$/.test(words[index - 1] ?? '') && word !== undefined ? [word] : [],
        )
        if (/^uv sync\b|^poetry install\b/.test(text) || /\bpip3? install\b.*\s\.(?:\[|\s|$)/.test(text))
          names.push('pyproject.toml')
        return names.flatMap((name) => {
          const path =
            step.workingDirectory === undefined
              ? undefined
              : locate(posix.resolve(step.workingDirectory, name), step.copies, project.stages, project)
          const used = path ?? (project.folder.kind(name) === 'file' ? name : undefined)
          const requirements =
            used === undefined
              ? undefined
              : used.endsWith('.toml')
                ? readPyproject(used, project.folder)
                : readRequirements(used, project.folder)
          return requirements ? [{ requirements, state }] : []
        })
      }),
    )
}

function checkEncoding({ file, encoding }: Requirements): Finding[] {
  return encoding === 'UTF-8' ? [] : [finding('requirements-encoding', { file, line: 1 }, { file, encoding })]
}

/** Packages that have no wheel for Linux, and what to do about them. */
const compiled: Readonly<Record<string, string>> = {
  psycopg2: 'Write psycopg2-binary, which is built already, or install gcc and libpq-dev.',
  mysqlclient: 'Write PyMySQL, or install build-essential, pkg-config and default-libmysqlclient-dev.',
  'llama-cpp-python': 'Install build-essential and cmake before it.',
  dlib: 'Install build-essential and cmake before it.',
  pyaudio: 'Install gcc and portaudio19-dev before it.',
  pycairo: 'Install gcc, pkg-config and libcairo2-dev before it.',
  pygraphviz: 'Install gcc and graphviz-dev before it.',
  'python-ldap': 'Install gcc, libldap2-dev and libsasl2-dev before it.',
  uwsgi: 'Write pyuwsgi, which is built already, or install gcc before it.',
  fasttext: 'Write fasttext-wheel, or install build-essential before it.',
  gdal: 'Install build-essential and libgdal-dev before it.',
  'dbus-python': 'Install gcc and libdbus-1-dev before it.',
  hnswlib: 'Install build-essential before it.',
  annoy: 'Install build-essential before it.',
  pyodbc: '',
}

function checkCompiled({ file, packages }: Requirements, { base, baseName, steps }: StageState): Finding[] {
  if (!base?.isSlim) return []
  const hasCompiler = steps.some(
    ({ instruction }) =>
      instruction.keyword === 'RUN' &&
      /\b(?:gcc|g\+\+|build-essential|build-base|clang|cmake)\b/.test(instruction.text),
  )
  if (hasCompiler) return []
  return packages.flatMap(({ name, line }) =>
    compiled[name]
      ? [
          finding(
            'requirement-needs-compiler',
            { file, line },
            { name, image: baseName, cure: compiled[name] },
          ),
        ]
      : [],
  )
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
  /^(?:fastapi|starlette|pydantic.*|numpy|pandas|scipy|scikit-learn|matplotlib|seaborn|requests|httpx|aiohttp|flask|flask-cors|flask-sqlalchemy|jinja2|werkzeug|sqlalchemy|alembic|psycopg2?.*|asyncpg|pymysql|redis|python-dotenv|python-multipart|pillow|torch|torchvision|torchaudio|transformers|tokenizers|accelerate|sentence-transformers|safetensors|huggingface-hub|openai|anthropic|tqdm|pyyaml|toml|click|rich|typer|pytest|django.*|djangorestframework|whitenoise|gunicorn|uvicorn|streamlit|aiosqlite|aiofiles|passlib|bcrypt|python-jose|pyjwt|email-validator|joblib|opencv-python.*|plotly|altair|beautifulsoup4|lxml|nltk|spacy|onnxruntime|websockets|orjson|ujson|loguru|tenacity|boto3|cryptography|datasets|faiss-cpu|xgboost|lightgbm|tensorflow.*|keras|sqlmodel|setuptools|wheel|pip)$/

function checkServer({ serving, image }: Project, files: readonly Requirements[]): Finding[] {
  const { base, steps } = image!
  const [first] = files
  if (!first || base?.name !== 'python' || files.some(({ isOpen }) => isOpen)) return []
  const others = steps.some(
    ({ instruction, commands }) =>
      instruction.keyword === 'RUN' &&
      (!commands ||
        /\b(?:pip3?|uv|poetry|conda|pipenv)\b[^&|;]*\b(?:install|add|sync)\b\s+(?!(?:--?[\w=-]+\s+)*(?:-r|--requirement)\b)(?:--?[\w=-]+\s+)*[\w"'.]/.test(
          instruction.text,
        )),
  )
  if (others && !first.file.endsWith('.toml')) return []
  const packages = files.flatMap((each) => each.packages)
  return (serving?.processes ?? []).flatMap(({ words, place }) => {
    const program = /^python[\d.]*$/.test(words[0] ?? '') && words[1] === '-m' ? words[2] : words[0]
    const name = posix.basename(program ?? '')
    const row = Object.hasOwn(servers, name) ? servers[name]! : undefined
    if (
      !row ||
      packages.some((each) => row.test(each.name)) ||
      (name === 'uvicorn' &&
        packages.some(
          (each) => each.name === 'fastapi' && each.extras.some((extra) => /^(?:standard|all)/.test(extra)),
        ))
    )
      return []
    const isProven = packages.every((each) => plain.test(each.name))
    return [
      finding(
        'server-not-required',
        place,
        { program: name, name, file: first.file },
        isProven ? 'error' : 'warning',
      ),
    ]
  })
}
