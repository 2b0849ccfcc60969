import type { FindingDescription } from './finding-description.ts'

/** The names of what is found there. */
export type PythonFindingCode =
  | 'apt-asks'
  | 'apt-without-update'
  | 'tool-missing'
  | 'pip-externally-managed'
  | 'requirements-missing'
  | 'requirements-encoding'
  | 'requirement-needs-compiler'
  | 'server-not-required'
  | 'program-not-on-path'
  | 'versions-not-checked'

/** What is found in Python packages, and in those of the system. */
export const pythonFindings: Readonly<Record<PythonFindingCode, FindingDescription>> = {
  'apt-asks': {
    severity: 'error',
    message: '{command} install asks before it goes on, and nobody can answer in a build.',
    hint: 'Add -y.',
    fix: 'apt-get install -y',
  },
  'apt-without-update': {
    severity: 'error',
    message: '{command} install runs without an update before it: {image} brings no list of packages.',
    hint: 'Write both in one RUN: apt-get update && apt-get install -y ….',
    fix: 'apt-get update && apt-get install -y',
  },
  'tool-missing': {
    severity: 'error',
    message: 'The Dockerfile runs {tool}, which {image} does not have.',
    hint: '{cure}',
  },
  'pip-externally-managed': {
    severity: 'error',
    message:
      'pip refuses to install here: the Python of {image} belongs to its system ("externally-managed-environment").',
    hint: 'Begin with a python image, or make a virtual environment and put it first in PATH.',
    fix: 'RUN python3 -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH',
  },
  'requirements-missing': {
    severity: 'error',
    message: '{tool} needs {path}, which is not in the image at that line.',
    hint: 'Copy it before that line: COPY {name} ./.',
    fix: 'COPY {name} ./',
  },
  'requirements-encoding': {
    severity: 'warning',
    message: '{file} is encoded as {encoding}, which tools other than pip do not read.',
    hint: 'Save it as UTF-8. PowerShell writes UTF-16 with >; use pip freeze | Out-File -Encoding utf8 {file}.',
  },
  'requirement-needs-compiler': {
    severity: 'warning',
    message: '{name} is compiled when it is installed, and {image} has no compiler.',
    hint: '{cure}',
  },
  'server-not-required': {
    severity: 'error',
    message: 'The container starts {program}, but {file} does not list {name}.',
    hint: 'Add {name} to {file}.',
    fix: '{name}',
  },
  'program-not-on-path': {
    severity: 'error',
    message: '{program} is not found: pip puts it into {folder}, which is not on PATH.',
    hint: 'Add that folder to PATH before CMD, or {cure}.',
    fix: 'ENV PATH={folder}:$PATH',
  },
  'versions-not-checked': {
    severity: 'note',
    message: 'Whether the versions in {file} exist and go together cannot be known offline.',
    hint: 'Try it with the command below.',
    fix: 'pip install --dry-run -r {file}',
  },
}
