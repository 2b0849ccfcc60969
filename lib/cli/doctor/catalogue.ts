/** What is known of a finding before it is made. `{name}` in a text is filled in when it is. */
export interface FindingDescription {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint: string
}

/** The stable name of a finding. */
export type FindingCode = keyof typeof rows

const rows = {
  'folder-missing': {
    severity: 'error',
    message: '{path} is not a folder that can be read.',
    hint: 'Name the folder of the project, the one that is pushed to the Space.',
  },
  'readme-missing': {
    severity: 'error',
    message: 'README.md is missing at the root of the project.',
    hint: 'Create it with a head between two lines of ---: title, sdk: docker and app_port.',
  },
  'readme-nested': {
    severity: 'error',
    message: "The Space's README.md lies in {path}, but only the one at the root is read.",
    hint: 'Move it to the root of the folder that is pushed, or push {folder} as the Space.',
  },
  'readme-name': {
    severity: 'error',
    message: 'The file is named {name}, but only README.md is read.',
    hint: 'Rename it to README.md, in this spelling.',
  },
  'metadata-missing': {
    severity: 'error',
    message: 'README.md has no metadata: its first line is not ---.',
    hint: 'Begin the file with a block between two lines of --- that holds at least sdk: docker.',
  },
  'metadata-not-first': {
    severity: 'error',
    message: 'The metadata of README.md does not begin on its first line.',
    hint: 'Remove everything before the first ---, blank lines too.',
  },
  'metadata-unclosed': {
    severity: 'error',
    message: 'The metadata of README.md has no end.',
    hint: 'Write a line of --- after the last field.',
  },
  'metadata-not-yaml': {
    severity: 'error',
    message: 'The metadata of README.md is not valid YAML: {why}.',
    hint: 'Write one field a line, as name: value; put a value with a colon or a # in quotes.',
  },
  'metadata-sdk-missing': {
    severity: 'error',
    message: 'The metadata does not say which sdk the Space runs on.',
    hint: 'Add sdk: docker for a Space that is built from a Dockerfile.',
  },
  'metadata-title-missing': {
    severity: 'warning',
    message: 'The metadata has no title: the name of the repository is shown.',
    hint: 'Add a title.',
  },
  'metadata-invalid': {
    severity: 'error',
    message: '{field} {why}.',
    hint: '{cure}',
  },
  'metadata-unknown-field': {
    severity: 'warning',
    message: '{field} is not a field of a Space: it is ignored.',
    hint: 'Remove it.',
  },
  'metadata-misspelled-field': {
    severity: 'warning',
    message: '{field} is not a field of a Space: it is ignored.',
    hint: 'Write {suggestion}.',
  },
  'metadata-deprecated-field': {
    severity: 'warning',
    message: '{field} has no effect any more.',
    hint: '{cure}',
  },
  'metadata-other-sdk': {
    severity: 'warning',
    message: '{field} is ignored with sdk: {sdk}: it is for {others}.',
    hint: '{cure}',
  },
  'dockerfile-missing': {
    severity: 'error',
    message: 'The Space is of sdk: docker, but there is no Dockerfile at the root.',
    hint: 'Add a file named Dockerfile, in this spelling, beside README.md.',
  },
  'dockerfile-invalid': {
    severity: 'error',
    message: 'The Dockerfile cannot be built: {why}.',
    hint: 'Correct the line; an instruction is one of FROM, RUN, COPY, ENV, USER, CMD and the like.',
  },
  'image-not-pinned': {
    severity: 'warning',
    message: 'The base image {image} is whatever is newest on the day of the build.',
    hint: 'Name a version, such as node:24-bookworm-slim.',
  },
  'port-mismatch': {
    severity: 'error',
    message: 'The app listens on port {port}, but the Space opens port {expected}.',
    hint: 'Set app_port: {port} in README.md, or let the app listen on {expected}.',
  },
  'port-not-exposed': {
    severity: 'warning',
    message: 'The image exposes port {port}, but the Space opens port {expected}.',
    hint: 'Make EXPOSE, app_port in README.md and the port of the app the same.',
  },
  'bound-to-loopback': {
    severity: 'error',
    message: 'The app listens on {host}, which nothing outside its container reaches.',
    hint: 'Listen on all interfaces: 0.0.0.0, or :: for IPv6 too.',
  },
  'runs-as-root': {
    severity: 'warning',
    message: 'The image runs as root; a Space runs it as uid 1000, which may write none of what root made.',
    hint: 'Add USER node (uid 1000 in the official Node images), or create a user of uid 1000 and name it, before CMD.',
  },
  'user-not-1000': {
    severity: 'warning',
    message: 'The image runs as {user}, but a Space runs it as uid 1000.',
    hint: 'Use the user of uid 1000; in the official Node images it is named node.',
  },
  'user-id-taken': {
    severity: 'error',
    message: 'The Dockerfile makes a user of uid 1000, which {image} already has: the build fails.',
    hint: 'Remove it and write USER node.',
  },
  'path-not-writable': {
    severity: 'error',
    message: '{variable} puts the SQLite file in {directory}, which uid 1000 may not write.',
    hint: 'Make it in the Dockerfile before USER: RUN mkdir -p {directory} && chown 1000:1000 {directory}; or choose a folder of the user.',
  },
  'data-not-writable': {
    severity: 'error',
    message:
      '{variable} puts the SQLite file in /data, which exists only where a bucket is attached, and which uid 1000 may not write there.',
    hint: 'Use a folder of the user, or a database server; let SQLite into a bucket only after a write has been tried there.',
  },
  'command-missing': {
    severity: 'error',
    message: 'The Dockerfile says nowhere what to run.',
    hint: 'End it with CMD, for example CMD ["node", "server.js"].',
  },
  'command-in-shell': {
    severity: 'warning',
    message: 'The command runs in a shell, which keeps SIGTERM from the app.',
    hint: 'Write it as a list: CMD ["node", "server.js"].',
  },
  'lockfile-missing': {
    severity: 'error',
    message: 'The Dockerfile runs npm ci, but the project has no package-lock.json.',
    hint: 'Run npm install once and commit package-lock.json.',
  },
  'lockfile-absent': {
    severity: 'warning',
    message: 'The project has no lockfile: each build may install other versions.',
    hint: 'Run npm install once, commit package-lock.json, and use npm ci in the Dockerfile.',
  },
  'lockfile-not-copied': {
    severity: 'error',
    message: 'npm ci runs where package-lock.json has not been copied to.',
    hint: 'Add COPY package.json package-lock.json ./ before it, and keep the file out of .dockerignore.',
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
    hint: 'Restore it, or make it anew with npm install.',
  },
  'install-not-locked': {
    severity: 'warning',
    message:
      'The Dockerfile installs with npm install, which may choose other versions than package-lock.json.',
    hint: 'Use npm ci.',
  },
  'install-script-blocked': {
    severity: 'warning',
    message: '{name} needs its install script, which npm 12 runs only where it is allowed.',
    hint: 'Add "allowScripts": { "{name}": true } to the package.json at the root.',
  },
  'install-script-skipped': {
    severity: 'error',
    message: '{name} needs its install script, which --ignore-scripts leaves out.',
    hint: 'Remove --ignore-scripts, or add npm rebuild {name} after it.',
  },
  'allow-scripts-misplaced': {
    severity: 'warning',
    message: 'allowScripts counts only in the package.json at the root, not in a workspace.',
    hint: 'Move it there.',
  },
  'engines-missing': {
    severity: 'warning',
    message: 'package.json does not say which versions of Node it runs on.',
    hint: 'Add "engines": { "node": ">=20" }, with the oldest version that you test.',
  },
  'engines-mismatch': {
    severity: 'error',
    message: '{name} needs Node {range}, but the image has Node {version}.',
    hint: 'Choose a base image whose Node is in the range, or a version of {name} for Node {version}.',
  },
  'compose-assumed': {
    severity: 'error',
    message: 'The command starts Docker Compose, which a Space has not: it runs one container.',
    hint: 'Start the app itself with CMD; name the database server of a provider in DATABASE_URL, as a secret.',
  },
  'compose-service': {
    severity: 'warning',
    message: '{app} needs the services {services}, but a Space runs one container and no Docker Compose.',
    hint: 'Let the app start without them, and put them under a profile; on the Space, name a provider in DATABASE_URL, as a secret.',
  },
  'compose-host': {
    severity: 'error',
    message: '{variable} names the host {host}, a service of {compose} that does not exist on a Space.',
    hint: 'Remove it from the image; set the variable in the Space, under Settings → Variables and secrets.',
  },
  'compose-invalid': {
    severity: 'error',
    message: '{file} is not valid YAML: {why}.',
    hint: 'Correct the line.',
  },
  'env-file-required': {
    severity: 'error',
    message: 'The app does not start without {name}, which does not belong into a repository or an image.',
    hint: 'Read variables from the environment; to read the file where it exists, use node --env-file-if-exists. On a Space: Settings → Variables and secrets.',
  },
  'env-file-in-image': {
    severity: 'warning',
    message: 'COPY puts {name}, and the secrets in it, into the image.',
    hint: 'Add {name} to .dockerignore.',
  },
  'env-file-published': {
    severity: 'warning',
    message: '{name} is not in .gitignore: a push would publish the secrets in it.',
    hint: 'Add {name} to .gitignore; if it was pushed before, change the secrets.',
  },
  'secret-in-image': {
    severity: 'error',
    message: '{variable} is a secret, and everybody who sees the Dockerfile or the image can read it.',
    hint: 'Remove it, change the secret, and set the variable in the Space, under Settings → Variables and secrets, as a secret.',
  },
  'database-at-build': {
    severity: 'error',
    message:
      'The Dockerfile migrates a database, but while the image is built there is neither a database nor a secret.',
    hint: 'Migrate when the app starts.',
  },
} as const

/** Every finding that `failsoft doctor` can make. */
export const catalogue: Readonly<Record<FindingCode, FindingDescription>> = rows
