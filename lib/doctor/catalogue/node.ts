import type { FindingDescription } from './finding-description.ts'

/** The names of what is found there. */
export type NodeFindingCode =
  | 'lockfile-missing'
  | 'lockfile-out-of-step'
  | 'lockfile-incomplete'
  | 'lockfile-invalid'
  | 'install-script-blocked'
  | 'install-script-skipped'
  | 'allow-scripts-misplaced'
  | 'engines-mismatch'
  | 'lockfile-absent'
  | 'lockfile-not-copied'
  | 'lockfile-of-other-tool'
  | 'install-not-writable'
  | 'npm-script-missing'
  | 'build-tool-left-out'
  | 'start-tool-left-out'
  | 'install-not-locked'
  | 'engines-missing'

/** What is found in Node packages. */
export const nodeFindings: Readonly<Record<NodeFindingCode, FindingDescription>> = {
  'lockfile-missing': {
    severity: 'error',
    message: 'The Dockerfile runs npm ci, but the project has no package-lock.json.',
    hint: 'Run npm install once and commit package-lock.json.',
  },
  'lockfile-out-of-step': {
    severity: 'error',
    message: '{file} asks for {name}@{wanted}, but package-lock.json holds {locked}: npm ci refuses that.',
    hint: 'Run npm install with a version that exists, and commit both files.',
  },
  'lockfile-incomplete': {
    severity: 'error',
    message: '{owner} needs {name}, but package-lock.json does not hold it: npm ci refuses that.',
    hint: 'Remove node_modules and package-lock.json, run npm install, and commit the new one.',
  },
  'lockfile-invalid': {
    severity: 'error',
    message: '{file} is not valid JSON.',
    hint: 'Restore it, or create it again with npm install.',
  },
  'install-script-blocked': {
    severity: 'warning',
    message: '{name} needs its install script, which npm 12 runs only where it is allowed.',
    hint: 'Add "allowScripts": { "{name}": true } to the package.json at the root.',
  },
  'install-script-skipped': {
    severity: 'warning',
    message:
      '{name} has an install script, which --ignore-scripts leaves out: what it builds may be missing.',
    hint: 'If the app needs it, run npm rebuild {name} after the install.',
    fix: 'RUN npm rebuild {name}',
  },
  'allow-scripts-misplaced': {
    severity: 'warning',
    message: 'allowScripts counts only in the package.json at the root, not in a workspace.',
    hint: 'Move it there.',
  },
  'engines-mismatch': {
    severity: 'error',
    message: '{name} needs Node {range}, but the image has Node {version}.',
    hint: 'Choose a base image whose Node is in the range, or a version of {name} for Node {version}.',
  },
  'lockfile-absent': {
    severity: 'note',
    message: 'The project has no lockfile: each build may install other versions.',
    hint: 'Run npm install once, commit package-lock.json, and use npm ci in the Dockerfile.',
  },
  'lockfile-not-copied': {
    severity: 'error',
    message: '{tool} runs in a folder to which {name} has not been copied.',
    hint: 'Copy it before that line, with the file that names the dependencies, and do not name it in .dockerignore.',
  },
  'lockfile-of-other-tool': {
    severity: 'error',
    message: '{tool} needs {name}, which the project does not have.',
    hint: 'Create it with {cure} and commit it.',
    fix: '{cure}',
  },
  'install-not-writable': {
    severity: 'error',
    message: '{command} runs as {user}, who may not write {directory}.',
    hint: 'Give the folder to the user before USER, or install before USER.',
    fix: 'RUN chown {user} {directory}',
  },
  'npm-script-missing': {
    severity: 'error',
    message: '{command} ends with "Missing script": {file} has no script {name}.',
    hint: 'Add it to the scripts of {file}, or correct its name.',
  },
  'build-tool-left-out': {
    severity: 'warning',
    message: 'The build runs {tool}, which is one of the devDependencies, and {why} leaves them out.',
    hint: 'Install with npm ci --include=dev, and set NODE_ENV=production after the build.',
    fix: 'RUN npm ci --include=dev',
  },
  'start-tool-left-out': {
    severity: 'error',
    message: 'The container starts {tool}, which is one of the devDependencies, and {why} leaves them out.',
    hint: 'Move it to the dependencies, or start the app without it.',
  },
  'install-not-locked': {
    severity: 'note',
    message:
      'The Dockerfile installs with npm install, which may choose other versions than package-lock.json.',
    hint: 'Use npm ci.',
  },
  'engines-missing': {
    severity: 'note',
    message: 'package.json does not say which versions of Node it runs on.',
    hint: 'Add "engines": { "node": ">=20" }, with the oldest version that you test.',
  },
}
