/**
 * `error`: it will not build, not boot or not be reached, and the folder proves it; `warning`: likely trouble, or a secret that is
 * published; `note`: advice, or what cannot be checked here. A note changes no exit code.
 */
export type Severity = 'error' | 'warning' | 'note'

/** What is known of a finding before it is made. `{name}` in a text is filled in when it is. */
export interface FindingDescription {
  readonly severity: Severity
  readonly message: string
  readonly hint: string
  /** What to paste or to run. */
  readonly fix?: string
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
    hint: 'Push {folder} as the Space, with the command below, or move it to the root.',
    fix: 'git subtree push --prefix {folder} space main',
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
    hint: 'Restore it, or make it anew with npm install.',
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
    hint: 'If the app needs it, add npm rebuild {name} after it.',
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
  'dockerfile-missing': {
    severity: 'error',
    message:
      'The Space is of sdk: docker, but there is no file named Dockerfile at the root; nothing else is built.',
    hint: 'Add a file named Dockerfile, in this spelling, beside README.md.',
  },
  'dockerfile-elsewhere': {
    severity: 'warning',
    message: '{other} is not built: a Space builds the file named Dockerfile alone.',
    hint: 'If {other} is the one for the Space, push it under the name Dockerfile.',
    fix: 'git mv -f {other} Dockerfile',
  },
  'dockerfile-invalid': {
    severity: 'error',
    message: 'The Dockerfile cannot be built: {why}.',
    hint: '{cure}',
  },
  'command-not-json': {
    severity: 'error',
    message: '{keyword} is not a list: its JSON is wrong, so a shell runs it as text and fails.',
    hint: 'Put every word in double quotes, commas between them, none after the last: {keyword} ["python", "app.py"].',
  },
  'command-overridden': {
    severity: 'warning',
    message: 'This {keyword} never runs: only the last {keyword} of a Dockerfile counts.',
    hint: 'Start both in one CMD, such as CMD sh -c "first && exec second", or remove this one.',
  },
  'command-missing': {
    severity: 'error',
    message: 'The Dockerfile does not say what to run: it has no CMD, and {image} brings none that serves.',
    hint: 'End it with CMD, for example CMD ["python", "app.py"].',
    fix: 'CMD ["python", "app.py"]',
  },
  'image-not-pinned': {
    severity: 'note',
    message: 'The base image {image} is whatever is newest on the day of the build.',
    hint: 'Name a version, such as python:3.12-slim or node:24-bookworm-slim.',
  },
  'image-end-of-life': {
    severity: 'warning',
    message:
      'The base image {image} is past its end of life ({what}): it is no longer supported, and gets no fixes.',
    hint: '{cure}',
  },
  'port-mismatch': {
    severity: 'error',
    message: '{program} listens on port {port}, but the Space opens port {expected}.',
    hint: 'Set app_port: {port} in README.md, or let the app listen on port {expected}.',
    fix: 'app_port: {port}',
  },
  'port-not-set': {
    severity: 'error',
    message: '{program} gets no port: {variable} is set nowhere, and a Space sets no such variable.',
    hint: 'Write the port itself, {expected}, or add the line ENV {variable}={expected} to the Dockerfile.',
    fix: 'ENV {variable}={expected}',
  },
  'port-not-a-number': {
    severity: 'error',
    message: '{program} is given the port "{written}", which is no number.',
    hint: 'Write the port itself: {expected}.',
  },
  'variable-not-expanded': {
    severity: 'error',
    message:
      '{program} gets the text {written} as its port: a CMD that is a list runs without a shell, which alone would replace it.',
    hint: 'Write the port itself, {expected}, or let a shell run it: CMD ["sh", "-c", "exec …"].',
  },
  'port-not-exposed': {
    severity: 'note',
    message: 'The image exposes port {port}, but the Space opens port {expected}.',
    hint: 'If the app listens on port {port}, set app_port: {port} in README.md.',
    fix: 'app_port: {port}',
  },
  'bound-to-loopback': {
    severity: 'error',
    message: '{program} listens on {host}, which nothing outside its container reaches.',
    hint: 'Let it listen on all interfaces: {cure}.',
    fix: '{cure}',
  },
  'script-not-executable': {
    severity: 'error',
    message:
      '{path} may not be executed, and the Dockerfile does not make it so: the container ends with "permission denied".',
    hint: 'Mark it in git with the command below, or start it with sh: CMD ["sh", "{path}"].',
    fix: 'git update-index --chmod=+x {path}',
  },
  'script-line-ends': {
    severity: 'error',
    message:
      '{path} has the line ends of Windows (CRLF), so its first line names a shell that does not exist.',
    hint: 'Save it with Unix line ends (LF), and keep it so with .gitattributes: *.sh text eol=lf.',
    fix: "sed -i 's/\\r$//' {path}",
  },
  'script-without-shebang': {
    severity: 'error',
    message: '{path} does not begin with #!, so it cannot be started without a shell ("exec format error").',
    hint: 'Write #!/bin/sh as its first line.',
    fix: '#!/bin/sh',
  },
  'script-shell-missing': {
    severity: 'error',
    message: '{path} runs in {shell}, which {image} does not have.',
    hint: 'Write #!/bin/sh as its first line, or install it: RUN apk add --no-cache bash.',
    fix: 'RUN apk add --no-cache bash',
  },
  'script-missing': {
    severity: 'error',
    message: 'The container starts {path}, which is not in the image.',
    hint: '{cure}',
  },
  'module-elsewhere': {
    severity: 'warning',
    message: 'The container starts the module {module}, but the folder has it at {elsewhere}.',
    hint: 'Write {written} in its place, or set WORKDIR to the folder of the file.',
  },
  'copy-source-missing': {
    severity: 'error',
    message: '{keyword} copies {source}, which is not in the folder that is pushed.',
    hint: 'Correct the path; it is relative to the folder of the Dockerfile.',
  },
  'copy-source-ignored': {
    severity: 'error',
    message: '{keyword} copies {source}, which .dockerignore keeps out of the build.',
    hint: 'Add !{source} at the end of .dockerignore.',
    fix: '!{source}',
  },
  'copy-source-outside': {
    severity: 'error',
    message:
      '{keyword} copies {source}, which lies outside of the folder: a build sees only the folder of the Dockerfile.',
    hint: 'Move it into the folder.',
  },
  'stage-unknown': {
    severity: 'error',
    message: '{instruction} names the stage {name}, which is not made before it.',
    hint: 'Name an earlier stage: FROM … AS {name}.',
  },
  'user-unknown': {
    severity: 'error',
    message: '{instruction} names the user {name}, which nobody has made.',
    hint: 'Make it before: RUN useradd -m -u 1000 {name}.',
    fix: 'RUN useradd -m -u 1000 {name}',
  },
  'user-id-taken': {
    severity: 'error',
    message: 'The Dockerfile makes a {kind} of id {id}, which {owner} has already: the build fails.',
    hint: 'Use the one that is there: USER {id}.',
    fix: 'USER {id}',
  },
  'user-asks': {
    severity: 'warning',
    message: '{command} asks for a password, and nobody answers in a build.',
    hint: 'Add {flag}.',
    fix: '{fix}',
  },
  'user-not-1000': {
    severity: 'warning',
    message: 'The image runs as {user} (uid {id}), but a Space is documented to run it as uid 1000.',
    hint: 'Make the user with that id, such as RUN useradd -m -u 1000 user (Debian) or RUN adduser -D -u 1000 user (Alpine).',
  },
  'runs-as-root': {
    severity: 'note',
    message: 'The image names no user: it runs as root, or as uid 1000, as the documents of Spaces say.',
    hint: 'Make a user of uid 1000 that owns what the app writes.',
    fix: 'RUN useradd -m -u 1000 user\nUSER user',
  },
  'path-not-writable': {
    severity: 'error',
    message: '{variable} puts the SQLite file in {directory}, where {user} may not write.',
    hint: 'Make that folder before USER and give it to the user, or choose a folder of the user.',
    fix: 'RUN mkdir -p {directory} && chown {user} {directory}',
  },
  'sqlite-default-not-writable': {
    severity: 'warning',
    message:
      'Without DATABASE_URL the app opens the SQLite file {path} in {directory}, where {user} may not write.',
    hint: 'Give that folder to the user before USER, or copy with COPY --chown={user}.',
    fix: 'RUN chown {user} {directory}',
  },
  'data-not-writable': {
    severity: 'warning',
    message:
      '{variable} puts the SQLite file in /data, which exists only where a storage bucket is attached there.',
    hint: 'Use a folder of the user, or a database server; a bucket is no place for a live database.',
  },
  'cache-not-writable': {
    severity: 'warning',
    message: '{variable} puts a cache in {directory}, where {user} may not write.',
    hint: 'Choose a folder of the user, or give this one to it before USER.',
    fix: 'RUN mkdir -p {directory} && chown {user} {directory}',
  },
  'needs-root': {
    severity: 'error',
    message: '{command} runs as {user}, but only root may install packages.',
    hint: 'Move it before the USER instruction, or write USER root before it and USER {user} after it.',
  },
  'apt-asks': {
    severity: 'error',
    message: '{command} install asks before it goes on, and nobody answers in a build.',
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
    hint: 'Copy it before: COPY {name} ./.',
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
    message: 'The container starts {program}, but {file} does not ask for {name}.',
    hint: 'Add {name} to {file}.',
    fix: '{name}',
  },
  'program-not-on-path': {
    severity: 'error',
    message: '{program} is not found: pip runs as {user} and puts it into {folder}, which is not on PATH.',
    hint: 'Add that folder to PATH before CMD, or install before USER.',
    fix: 'ENV PATH={folder}:$PATH',
  },
  'versions-not-checked': {
    severity: 'note',
    message: 'Whether the versions in {file} exist and go together cannot be known offline.',
    hint: 'Try it with the command below.',
    fix: 'pip install --dry-run -r {file}',
  },
  'lockfile-absent': {
    severity: 'note',
    message: 'The project has no lockfile: each build may install other versions.',
    hint: 'Run npm install once, commit package-lock.json, and use npm ci in the Dockerfile.',
  },
  'lockfile-not-copied': {
    severity: 'error',
    message: '{tool} runs where {name} has not been copied to.',
    hint: 'Copy it before, with the file that names the dependencies, and keep it out of .dockerignore.',
  },
  'lockfile-of-other-tool': {
    severity: 'error',
    message: '{tool} needs {name}, which the project does not have.',
    hint: 'Make it with {cure} and commit it.',
    fix: '{cure}',
  },
  'build-tool-left-out': {
    severity: 'warning',
    message: 'The build runs {tool}, which is one of the devDependencies, and {why} leaves them out.',
    hint: 'Install with npm ci --include=dev, and set NODE_ENV=production after the build.',
    fix: 'RUN npm ci --include=dev',
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
  'compose-assumed': {
    severity: 'error',
    message: 'The command starts Docker, which a Space has not: it runs one container.',
    hint: 'Start the app itself with CMD; name the database server of a provider in DATABASE_URL, as a secret.',
  },
  'compose-service': {
    severity: 'note',
    message:
      '{app} is used with the services {services}, but a Space runs one container and no Docker Compose.',
    hint: 'On the Space, name the database server of a provider in DATABASE_URL, as a secret.',
  },
  'compose-host': {
    severity: 'warning',
    message: '{variable} names the host {host}, a service of {compose} that does not exist on a Space.',
    hint: 'Remove it from the image; set the variable in the Space, under Settings → Variables and secrets.',
  },
  'compose-invalid': {
    severity: 'note',
    message: '{file} is not valid YAML: {why}.',
    hint: 'Correct the line; a Space does not read the file.',
  },
  'database-url-invalid': {
    severity: 'warning',
    message: '{variable} is no database URL that can be used: {why}',
    hint: '{cure}',
  },
  'database-on-loopback': {
    severity: 'warning',
    message: '{variable} names a database on {host}, inside of the container, where the command starts none.',
    hint: 'Name the database server of a provider in {variable}, as a secret of the Space.',
  },
  'migration-blocks-start': {
    severity: 'warning',
    message:
      'The app starts only after {command} has reached the database: while that is away, the Space does not start.',
    hint: 'Let the app start without it: migrate inside of the app, or write {command} || echo "not migrated".',
  },
  'database-at-build': {
    severity: 'warning',
    message: 'The Dockerfile migrates a database, but a build reaches neither the database nor its secret.',
    hint: 'Migrate when the app starts.',
  },
  'env-file-required': {
    severity: 'error',
    message: 'The app does not start without {name}, which is not in the image.',
    hint: 'Read variables from the environment; to read the file where it exists, use node --env-file-if-exists. On a Space: Settings → Variables and secrets.',
  },
  'secret-in-image': {
    severity: 'warning',
    message:
      '{variable} looks like a secret, and everybody who sees the Dockerfile or the image can read it.',
    hint: 'Remove it, change the secret, and set the variable in the Space, under Settings → Variables and secrets, as a secret.',
  },
  'secret-in-file': {
    severity: 'warning',
    message: '{file} holds what looks like {what}: a push would publish it.',
    hint: 'Remove it, change the secret, and set it in the Space, under Settings → Variables and secrets, as a secret.',
  },
} as const

/** Every finding that `failsoft doctor` can make. */
export const catalogue: Readonly<Record<FindingCode, FindingDescription>> = rows
