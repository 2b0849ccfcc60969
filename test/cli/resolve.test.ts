import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { plainNode } from '../plain-node.ts'
import { runCommand, type Ran } from './run-command.ts'
import { newFolder } from '../new-folder.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const cwd = newFolder()
writeFileSync(join(cwd, '.env'), 'DATABASE_URL="postgres://app:s3cret@file.example.com/app"\n')

writeFileSync(join(cwd, 'utf-16.env'), '\ufeffDATABASE_URL=postgres://app:s3cret@h/app\n', 'utf16le')

/** The double dash keeps Node from reading the arguments after the script, as it does with --env-file. */
function failsoft(
  args: string[],
  env: Record<string, string> = {},
): Omit<Ran, 'code'> & { code: number | null } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--', main, ...args], {
    cwd,
    env,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

const server = { DATABASE_URL: 'postgres://app:s3cret@db.example.com/app' }
const url = server.DATABASE_URL
const conflict = { ...server, POSTGRES_URL: 'postgres://app@other/app' }

const runs: {
  name: string
  args: string[]
  env?: Record<string, string>
  code: number
  out?: RegExp
  err?: RegExp
}[] = [
  {
    name: 'a server',
    args: ['resolve'],
    env: server,
    code: 0,
    out: /^Database {5}PostgreSQL at postgres:\/\/app:\*\*\*@db\.example\.com:5432\/app$/m,
  },
  { name: 'a server, strictly', args: ['resolve', '--strict'], env: server, code: 0 },
  { name: 'a warning', args: ['resolve'], env: conflict, code: 0, out: /^Warning/m },
  { name: 'a warning, strictly', args: ['resolve', '--strict'], env: conflict, code: 1 },
  { name: 'a fallback', args: ['resolve'], code: 1, out: /as a fallback/ },
  {
    name: 'nothing',
    args: ['resolve'],
    env: { DATABASE_FALLBACK: 'never' },
    code: 2,
    out: /^Database {5}none/,
  },
  {
    name: 'a file of variables',
    args: ['resolve', '--env-file', '.env'],
    code: 0,
    out: /file\.example\.com/,
  },
  {
    name: 'what is set beats the file',
    args: ['resolve', '--env-file=.env'],
    env: server,
    code: 0,
    out: /db\.example\.com/,
  },
  {
    name: 'a file that is missing',
    args: ['resolve', '--env-file', 'nowhere'],
    code: 2,
    err: /^failsoft: the file nowhere cannot be read \(ENOENT\)\n$/,
  },
  { name: 'a file that is a directory', args: ['resolve', '--env-file', '.'], code: 2, err: /\(EISDIR\)/ },
  {
    name: 'a file that Windows wrote in UTF-16',
    args: ['resolve', '--env-file', 'utf-16.env'],
    code: 2,
    err: /^failsoft: the file utf-16\.env is not text in UTF-8\n$/,
  },
  ...[
    [url],
    ['resolve', url],
    ['resolve', `--${url}`],
    ['resolve', '--env-file', url],
    ['promote', '--from', url],
    ['doctor', url],
    ['check', 'host=db user=app password=s3cret'],
    ['doctor', 'host=db password=s3cret'],
    ['doctor', 'app:s3cret@db/app'],
    ['app:s3cret@db/app'],
  ].map((args) => ({
    name: `an address where none belongs: ${args.join(' ').replace(url, 'URL')}`,
    args,
    code: 2,
    err: /^failsoft: an argument is a URL, or holds a password, and does not belong there/,
  })),
  { name: 'two folders', args: ['doctor', 'a', 'b'], code: 2, err: /^failsoft: Unexpected argument 'b'\n/ },
  {
    name: 'an unknown option',
    args: ['resolve', '--bad'],
    code: 2,
    err: /^failsoft: Unknown option '--bad'\nTry: failsoft resolve --help\n$/,
  },
  { name: 'an option without its value', args: ['resolve', '--env-file'], code: 2, err: /--env-file/ },
  {
    name: 'an operand that is not wanted',
    args: ['resolve', 'x'],
    code: 2,
    err: /^failsoft: Unexpected argument 'x'/,
  },
  { name: 'no command', args: [], code: 2, err: /a command is missing\nTry: failsoft --help/ },
  { name: 'an unknown command', args: ['resolf'], code: 2, err: /there is no command "resolf"/ },
  { name: 'help', args: ['--help'], code: 0, out: /^Usage: failsoft COMMAND .*\n[^]*resolve/ },
  { name: 'short help', args: ['-h'], code: 0, out: /^Usage/ },
  {
    name: 'help of a command',
    args: ['resolve', '--help'],
    code: 0,
    out: /^Usage: failsoft resolve[^]*--env-file FILE[^]*Exit codes/,
  },
]
/** Those that are also run as the program that they are. */
const asProgram = ['a warning, strictly', 'an unknown option']
for (const { name, args, env, code, out, err } of runs) {
  t.test(name, async (t) => {
    const ran = await runCommand(args, { cwd, ...(env && { env }) })
    if (asProgram.includes(name)) t.same(failsoft(args, env), ran, 'as a program')
    t.equal(ran.code, code)
    t.match(ran.out, out ?? /^/)
    t.match(ran.err, err ?? /^$/)
    t.notMatch(ran.out + ran.err, 's3cret')
    t.equal(stripVTControlCharacters(ran.out), ran.out, 'no colours')
  })
}

t.test('where Node reads the file of variables itself, the outcome is the same', async (t) => {
  const run = (file: string): { code: number | null; out: string; err: string } => {
    const all = [main, 'resolve', '--env-file', file]
    const { status, stdout, stderr } = spawnSync(...plainNode(...all), { cwd, env: {}, encoding: 'utf8' })
    return { code: status, out: stdout, err: stderr }
  }
  t.match(run('.env'), { code: 0, out: /file\.example\.com/, err: '' })
  const missing = run('nowhere')
  t.ok(missing.code === 2 || missing.code === 9, 'Node ends with 9 before the script begins')
  t.match(missing.err, 'nowhere')
})

t.test('the version is that of the package', async (t) => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  for (const flag of ['--version', '-v'])
    t.same(await runCommand([flag], { cwd }), { code: 0, out: `${version}\n`, err: '' })
})

t.test('JSON is for programs', async (t) => {
  const ran = await runCommand(['resolve', '--json'], { cwd, env: server })
  t.match(JSON.parse(ran.out), {
    kind: 'primary',
    target: { dialect: 'postgres', password: '***' },
    source: { kind: 'variable', name: 'DATABASE_URL' },
    strategy: 'unconfigured',
    warnings: [],
    trace: [{ subject: 'DATABASE_URL', outcome: 'taken' }],
  })
  t.notMatch(ran.out, 's3cret')
})

/** Runs it on a terminal of 80 columns; `script` of util-linux makes one. */
function onTerminal(env: Record<string, string>): string | undefined {
  const command = `stty cols 80; ${plainNode(main, 'resolve').flat().join(' ')}`
  const all = { PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...env }
  const { status, stdout } = spawnSync('script', ['-qc', command, '/dev/null'], {
    cwd,
    env: all,
    encoding: 'utf8',
  })
  return status === null ? undefined : stdout.replaceAll('\r', '')
}

const isTerminalThere = onTerminal({}) !== undefined

t.test(
  'on a terminal: colours, and lines that fit',
  { skip: !isTerminalThere && 'needs script' },
  async (t) => {
    const text = onTerminal({}) ?? ''
    t.not(stripVTControlCharacters(text), text, 'colours')
    const lines = stripVTControlCharacters(text).split('\n')
    t.ok(lines.includes('Reason       DATABASE_URL is not set. [missing]'))
    t.same(
      lines.filter((line) => line.length >= 80 && !line.includes(cwd)),
      [],
    )
    t.ok(
      lines.some((line) => /^ {13}\S/.test(line)),
      'continued below the second column',
    )
  },
)

t.test('no colours where they are not wanted', { skip: !isTerminalThere && 'needs script' }, async (t) => {
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    const text = onTerminal(env) ?? ''
    t.equal(stripVTControlCharacters(text), text)
  }
})

t.test('a reader of the complaints that goes away is no other failure', async (t) => {
  const failsoft = plainNode(main, 'nothing').flat().join(' ')
  const { stdout } = spawnSync('bash', ['-c', `${failsoft} 2>&1 | true; echo $PIPESTATUS`], {
    encoding: 'utf8',
  })
  t.equal(stdout, '2\n')
})

t.test('a reader that goes away is no failure', async (t) => {
  const command = `${plainNode(main, 'resolve', '--json').flat().join(' ')} | head -c 1`
  const env = { PATH: process.env['PATH'] ?? '' }
  const { stderr } = spawnSync('sh', ['-c', command], { cwd, env, encoding: 'utf8' })
  t.equal(stderr, '')
})

t.test('a reader that resets its connection is no failure either', async (t) => {
  const server = createServer((socket) => socket.resetAndDestroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const failsoft = plainNode(main, '--version').flat().join(' ')
  const command = `exec > /dev/tcp/127.0.0.1/${port}; sleep 0.3; ${failsoft}`
  const [code] = await once(spawn('bash', ['-c', command]), 'exit')
  t.equal(code, 0)
})

t.test('an output that cannot be written is a failure', async (t) => {
  const failsoft = plainNode(main, '--version').flat().join(' ')
  const { status } = spawnSync('sh', ['-c', `${failsoft} > /dev/full`], { encoding: 'utf8' })
  t.equal(status, process.platform === 'linux' ? 2 : status)
})
