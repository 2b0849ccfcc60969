import type { FindingDescription } from './finding-description.ts'

/** The names of what is found there. */
export type StartFindingCode =
  | 'command-not-json'
  | 'list-without-shell'
  | 'command-overridden'
  | 'command-missing'
  | 'port-mismatch'
  | 'port-not-set'
  | 'port-not-a-number'
  | 'variable-not-expanded'
  | 'port-not-exposed'
  | 'bound-to-loopback'
  | 'script-not-executable'
  | 'script-line-ends'
  | 'script-byte-order-mark'
  | 'script-without-shebang'
  | 'script-shell-missing'
  | 'script-missing'
  | 'module-elsewhere'
  | 'attribute-missing'
  | 'ends-at-once'
  | 'compose-assumed'
  | 'compose-service'
  | 'compose-host'
  | 'compose-invalid'
  | 'env-file-required'

/** What is found in the start: command, script, port, address. */
export const startFindings: Readonly<Record<StartFindingCode, FindingDescription>> = {
  'command-not-json': {
    severity: 'error',
    message: '{keyword} is not a list: its JSON is wrong, so a shell runs it as text and fails.',
    hint: 'Put every word in double quotes, commas between them, none after the last: {keyword} ["python", "app.py"].',
  },
  'list-without-shell': {
    severity: 'error',
    message: '{keyword} is a list, which no shell reads: {why}.',
    hint: '{cure}',
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
    message: '{program} is given the port "{written}", which is not a number.',
    hint: 'Write the port itself: {expected}.',
  },
  'variable-not-expanded': {
    severity: 'error',
    message:
      '{program} gets the text {written} as its port: only a shell would replace it, and a CMD that is a list runs without one.',
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
    message: '{program} listens on {host}, which nothing outside its container can reach.',
    hint: 'Let it listen on all interfaces: {cure}.',
    fix: '{cure}',
  },
  'script-not-executable': {
    severity: 'error',
    message:
      '{path} is not executable, and the Dockerfile does not make it so: the container ends with "permission denied".',
    hint: 'Mark it in git with the command below, or start it with {program}: CMD ["{program}", "{started}"].',
    fix: 'git update-index --chmod=+x {path}',
  },
  'script-line-ends': {
    severity: 'error',
    message:
      '{path} has the line endings of Windows (CRLF), so its first line names a shell that does not exist.',
    hint: 'Save it with Unix line endings (LF), and keep it so with .gitattributes: *.sh text eol=lf.',
    fix: "sed -i 's/\\r$//' {path}",
  },
  'script-byte-order-mark': {
    severity: 'error',
    message: '{path} begins with a byte order mark, so nothing sees its #! ("exec format error").',
    hint: 'Save it as UTF-8 without a byte order mark (BOM).',
    fix: "sed -i '1s/^\\xEF\\xBB\\xBF//' {path}",
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
  'attribute-missing': {
    severity: 'error',
    message: '{program} is to find {name} in {file}, where nothing has that name.',
    hint: 'Write {written} in its place.',
  },
  'ends-at-once': {
    severity: 'error',
    message: '{program} goes to the background, and the container ends with the command that started it.',
    hint: 'Keep it in the foreground: {cure}.',
  },
  'compose-assumed': {
    severity: 'error',
    message: 'The command starts Docker, which a Space does not have: it runs one container.',
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
  'env-file-required': {
    severity: 'error',
    message: 'The app does not start without {name}, which is not in the image.',
    hint: 'Read variables from the environment; to read the file where it exists, use node --env-file-if-exists. On a Space: Settings → Variables and secrets.',
  },
}
