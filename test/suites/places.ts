import makeKnex, { type Knex } from 'knex'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'

/** A database that suites run on. */
export interface Place {
  readonly client: 'pg' | 'mysql2' | 'sqlite3' | 'better-sqlite3'
  /** What knex's suite calls it, and what Objection's does. */
  readonly names: { readonly knex: string; readonly objection: string }
  /** Where a server listens, and who logs in. */
  readonly server?: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly password: string
  }
  /** Makes it empty. */
  clean(): Promise<void>
}

const databases = ['knex_test', 'objection_test', 'objection_test2']

/** Starts the servers. What shares files is in one lane, one after the other. */
export async function openPlaces(): Promise<{
  readonly lanes: readonly (readonly Place[])[]
  remove(): Promise<void>
}> {
  const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
  if ('skip' in mariadb) throw new Error(mariadb.skip)
  const sqlite = { knex: 'sqlite3', objection: 'sqlite3' }
  const clean = async (): Promise<void> => {}
  return {
    lanes: [
      [onServer('pg', { knex: 'postgres', objection: 'postgres' }, postgres)],
      [onServer('mysql2', { knex: 'mysql2', objection: 'mysql' }, mariadb)],
      [
        { client: 'sqlite3', names: sqlite, clean },
        { client: 'better-sqlite3', names: { ...sqlite, knex: 'better-sqlite3' }, clean },
      ],
    ],
    remove: async () => void (await Promise.all([postgres.remove(), mariadb.remove()])),
  }
}

function onServer(
  client: 'pg' | 'mysql2',
  names: Place['names'],
  { url, host, port, user, password }: Required<Place>['server'] & { readonly url: string },
): Place {
  const clean = async (): Promise<void> => {
    const knex: Knex = makeKnex({ client, connection: url })
    for (const name of databases) {
      await knex.raw(`drop database if exists ${name}`)
      await knex.raw(`create database ${name}`)
    }
    await knex.destroy()
  }
  return { client, names, server: { host, port, user, password }, clean }
}
