import type { StageState, Step } from '../dockerfile/stage-state.ts'
import { readAccount, usersOf } from '../dockerfile/users.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'

/** Users exist once, before they are named, and the last one is that of a Space. */
export function checkUsers({ image, stages }: Project): Finding[] {
  return [
    ...stages.flatMap((state) => [...checkMade(state), ...checkAnswers(state)]),
    ...(image ? checkFinal(image) : []),
  ]
}

/** Walks through a stage with the accounts that there are at each step. */
function checkMade({ base, steps, stage }: StageState): Finding[] {
  if (!base) return []
  const users = usersOf(base)
  const groups = new Map<string, number | undefined>([...users])
  const own = new Set(stage.instructions)
  let isOpen = false
  return steps.flatMap((step) => {
    const { instruction } = step
    const found = own.has(instruction) ? checkNamed(step, users, isOpen) : []
    if (instruction.keyword === 'COPY' && /\/etc(?:\/passwd)?\/?\s*$/.test(instruction.text)) isOpen = true
    if (instruction.keyword !== 'RUN') return found
    if (!step.commands || instruction.text.includes('/etc/passwd')) isOpen = true
    for (const command of step.commands ?? []) {
      const { words } = command
      const text = words.join(' ')
      if (/\b(?:userdel|deluser|usermod|groupdel|delgroup|groupmod)\b/.test(text)) {
        users.clear()
        groups.clear()
        isOpen = true
      }
      if (words.some((word) => word !== undefined && /(?:passwd|\.sh)$/.test(word))) isOpen = true
      const account = readAccount(words, base)
      if (!account) continue
      const table = account.kind === 'user' ? users : groups
      const owner =
        account.mustBeFree && account.id !== undefined
          ? [...table].find(([name, id]) => id === account.id && name !== account.name)?.[0]
          : undefined
      const isSameName =
        table.has(account.name) &&
        !base.isAlpine &&
        account.kind === 'user' &&
        words[0]?.endsWith('useradd') === true
      if ((owner !== undefined || isSameName) && command.isCertain && own.has(instruction)) {
        found.push(
          finding(
            'user-id-taken',
            { file, line: instruction.line },
            {
              kind: account.kind,
              id: account.id ?? account.name,
              owner:
                owner === undefined
                  ? `${base.name} under the same name`
                  : `the user ${owner} of ${base.name}`,
            },
          ),
        )
      }
      if (account.kind === 'user') users.set(account.name, account.id)
      groups.set(account.name, account.id)
    }
    return found
  })
}

/** Users that packages of a system make when they are installed. */
const ofPackages =
  /^(?:postgres|redis|mysql|mongodb?|rabbitmq|nginx|apache|tor|debian-tor|memcache\w*|elasticsearch|grafana|prometheus|sshd|messagebus|clickhouse|jenkins|caddy|systemd-\w+)$/

/** `adduser` wants a password, unless it is told that there is none. */
function checkAnswers({ base, steps, stage }: StageState): Finding[] {
  if (!base) return []
  const flag = base.isAlpine ? '-D' : '--disabled-password --gecos ""'
  const quiet = base.isAlpine
    ? /^-\w*[DS]|^--(?:disabled-password|system)$/
    : /^--(?:disabled-\w+|system|group)$/
  return steps
    .filter(({ instruction }) => stage.instructions.includes(instruction))
    .flatMap(({ commands = [], instruction: { line, text } }) =>
      commands
        .filter(({ words, isCertain }) => isCertain && words[0] === 'adduser' && !words.includes(undefined))
        .filter(({ words }) => words.some((word) => /^-\w*u|^--uid/.test(word!)) || words.length === 2)
        .filter(({ words }) => !words.some((word) => quiet.test(word!)) && !/\||<</.test(text))
        .map(({ words }) => {
          // Alpine's flag is none of Debian's, whose adduser ends there.
          const isOther = !base.isAlpine && words.includes('-D')
          const fix = [
            'RUN adduser',
            flag,
            ...words.slice(1).filter((word) => !isOther || word !== '-D'),
          ].join(' ')
          const values = { command: words.join(' '), flag, fix }
          return finding('user-asks', { file, line }, values, isOther ? 'error' : undefined)
        }),
    )
}

function checkNamed(
  { instruction, environment }: Step,
  users: ReadonlyMap<string, unknown>,
  isOpen: boolean,
): Finding[] {
  if (isOpen) return []
  const { keyword, flags, text, line } = instruction
  const named =
    keyword === 'USER' ? text : keyword === 'COPY' || keyword === 'ADD' ? (flags['chown'] ?? '') : ''
  const name = named.split(':')[0]!.trim()
  const known = name.includes('$') ? environment.get(name.replaceAll(/[${}]/g, '')) : name
  if (!known || /^\d+$/.test(known) || users.has(known) || known.includes('$') || ofPackages.test(known))
    return []
  return [
    finding(
      'user-unknown',
      { file, line },
      { instruction: keyword === 'USER' ? 'USER' : `${keyword} --chown`, name: known },
    ),
  ]
}

function checkFinal({ user, userLine, users, base, stage, cmd, entrypoint }: StageState): Finding[] {
  if (user === undefined) return []
  const line = userLine ?? (entrypoint ?? cmd)?.line ?? stage.line
  const id = /^\d+$/.test(user) ? Number(user) : users.get(user)
  if (id === 0) return [finding('runs-as-root', { file, line })]
  if (id === undefined || id === 1000 || !base || userLine === undefined) return []
  return [finding('user-not-1000', { file, line }, { user, id })]
}
