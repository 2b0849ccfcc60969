import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import type { Requirements } from '../python/requirements.ts'
import { installsOf, type PythonInstall } from './python-installs.ts'
import { hasRun } from './runs.ts'

/** What is installed for Python can be read, and built. */
export function checkPythonRequirements(project: Project): Finding[] {
  const installs = installsOf(project)
  const lists = [...new Map(installs.flatMap((each) => each.lists.map((list) => [list.file, list]))).values()]
  const texts = lists.filter(({ file, packages }) => packages.length > 0 && file.endsWith('.txt'))
  const seen = new Set<string>()
  return [
    ...lists.flatMap((each) => checkEncoding(each)),
    ...installs
      .flatMap((each) => checkCompiled(each))
      .filter(({ message, file }) => !seen.has(file + message) && seen.add(file + message)),
    ...texts.slice(0, 1).map(({ file }) => finding('versions-not-checked', { file, line: 1 }, { file })),
  ]
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
}

function checkCompiled({ run, lists, named }: PythonInstall): Finding[] {
  const { base, baseName } = run.state
  const hasCompiler = hasRun(run.state, (text) =>
    /\b(?:gcc|g\+\+|build-essential|build-base|clang|cmake)(?![\w+])/.test(text),
  )
  const isWheel = run.args.some((arg) => /^--(?:only-binary|index-url|extra-index-url)/.test(arg ?? ''))
  if (!base?.isSlim || hasCompiler || isWheel) return []
  return [...lists, named].flatMap(({ file, packages }) =>
    packages
      .filter(({ name }) => Object.hasOwn(compiled, name))
      .map(({ name, line }) => {
        const values = { name, image: baseName, cure: compiled[name]! }
        return finding('requirement-needs-compiler', { file, line }, values)
      }),
  )
}
