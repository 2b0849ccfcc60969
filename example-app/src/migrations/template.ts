/** What a new migration begins as. */
export const template = `import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('tasks', (table) => {
    table.string('example')
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('tasks', (table) => {
    table.dropColumn('example')
  })
}
`

/** The text of list.ts for the files of the folder. */
export function listOf(files: readonly string[]): string {
  const names = files.filter((file) => /^\d{14}-[a-z0-9-]+\.ts$/.test(file)).map((file) => file.slice(0, -3))
  const rows = names.toSorted().map((name) => ({ name, variable: `migration${camelCase(name)}` }))
  return `// Written by \`npm run migrate:make\`.
import type { Knex } from 'knex'
${rows.map(({ name, variable }) => `import * as ${variable} from './${name}.ts'`).join('\n')}

/** All migrations, by name, in order: a list in code, so that no directory has to be there at run time. */
export const migrations: Readonly<Record<string, Knex.Migration>> = {
${rows.map(({ name, variable }) => `  '${name}': ${variable},`).join('\n')}
}
`
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
