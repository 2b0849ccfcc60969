import { posix } from 'node:path'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'
import { checkUrl, loopbackHost } from './database-url.ts'

const file = 'Dockerfile'
const migrations =
  /^(?:npm run (?:db:)?migrate\b|(?:npx )?knex migrate:(?:latest|up)|(?:npx )?prisma (?:migrate deploy|db push)|(?:npx )?sequelize(?:-cli)? db:migrate|(?:npx )?typeorm migration:run|(?:npx )?drizzle-kit (?:push|migrate)|(?:python[\d.]* -m )?alembic upgrade|flask db upgrade|python[\d.]* manage\.py migrate|aerich upgrade|php artisan migrate\b)/

/** Database URLs can be used on a Space, and no migration stands in the way of a build or a start. */
export function checkDatabase(project: Project): Finding[] {
  const { image } = project
  return image ? [...checkUrls(project), ...checkBuild(project), ...checkStart(project)] : []
}

function checkUrls({ image, folder, serving, isOutOfRepository }: Project): Finding[] {
  const inImage = [...image!.settings].map(([name, { value, line }]) => ({
    name,
    value,
    place: { file, line },
  }))
  const lines = isOutOfRepository('.env') ? [] : folder.text('.env').split(/\r?\n/)
  const inFile = lines.flatMap((text, index) => {
    const [, name, value] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$/.exec(text) ?? []
    return name && value
      ? [{ name, value: value.replaceAll(/^["']|["']$/g, ''), place: { file: '.env', line: index + 1 } }]
      : []
  })
  const programs = /postgres|pg_ctl|mysqld|mariadbd|service|supervisord|redis/
  const startsDatabase = serving?.processes.some(({ words }) => programs.test(words.join(' '))) ?? false
  return [...inImage, ...inFile].flatMap(({ name, value, place }) => {
    const found = checkUrl(name, value, place)
    const host = loopbackHost(name, value)
    return host === undefined || startsDatabase
      ? found
      : [finding('database-on-loopback', place, { variable: name, host })]
  })
}

function usesSqlite({ image, folder }: Project): boolean {
  const url = image!.settings.get('DATABASE_URL')?.value ?? ''
  if (/^sqlite|^file:/.test(url)) return true
  const sources = [
    'alembic.ini',
    'prisma/schema.prisma',
    'schema.prisma',
    ...folder.files.filter((path) => /(?:^|\/)settings\.py$|(?:^|\/)(?:db|database|config)\.py$/.test(path)),
  ]
  return url === '' && sources.some((path) => /sqlite/.test(folder.text(path)))
}

/** While the image is built there is neither a database nor a secret. */
function checkBuild(project: Project): Finding[] {
  if (usesSqlite(project)) return []
  return project.stages.flatMap(({ steps, stage }) =>
    steps
      .filter(({ instruction }) => stage.instructions.includes(instruction))
      .flatMap(({ commands = [], instruction }) => {
        const runs = commands.some(({ words, isCertain }) => isCertain && migrations.test(words.join(' ')))
        return runs ? [finding('database-at-build', { file, line: instruction.line })] : []
      }),
  )
}

/** A migration before the start, which does not start the app where it fails. */
function checkStart(project: Project): Finding[] {
  if (usesSqlite(project)) return []
  const seen = new Set<string>()
  return (project.serving?.processes ?? []).flatMap(({ words, place, role, isTolerated }) => {
    const text = [posix.basename(words[0] ?? ''), ...words.slice(1)].join(' ')
    const command = migrations.exec(text)?.[0]
    // One that stands in several branches, or is tried again, is one thing to mend.
    const isNew = command !== undefined && !seen.has(command)
    return isNew && role === 'before' && !isTolerated && seen.add(command)
      ? [finding('migration-blocks-start', place, { command })]
      : []
  })
}
