import { validateUrl } from '../../../url/index.ts'
import { finding, type Finding } from '../finding.ts'
import type { Project } from '../project.ts'

const file = 'Dockerfile'

/** The image holds no secret, and its build needs none. */
export function checkBuildSecrets({ dockerfile, image }: Project): Finding[] {
  const secrets = [...(image?.env ?? [])].filter(([name, { value }]) => isSecret(name, value))
  const migrations = (dockerfile?.instructions ?? []).filter(
    ({ keyword, text }) =>
      keyword === 'RUN' &&
      /\b(?:npm run migrate|knex migrate:|prisma migrate|sequelize db:migrate|alembic upgrade)/.test(text),
  )
  return [
    ...secrets.map(([variable, { line }]) => finding('secret-in-image', { file, line }, { variable })),
    ...migrations.map(({ line }) => finding('database-at-build', { file, line })),
  ]
}

function isSecret(name: string, value: string): boolean {
  if (value === '' || value.startsWith('$') || name.includes('PUBLIC')) return false
  if (/(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)$/i.test(name)) return true
  const result = /:\/\//.test(value) ? validateUrl(value) : undefined
  return (
    result !== undefined &&
    result.valid &&
    'password' in result.target &&
    result.target.password !== undefined
  )
}
