import type { Difference } from './report.ts'
import { standInTable } from '../engine/sqlite/contents.ts'
import { ledgerTable } from './ledger.ts'
import { sameName, type Column, type Reference, type Table } from './table.ts'

/** A table on both sides. */
export interface TablePair {
  readonly source: Table
  readonly target: Table
  /** The columns that are written, with the place of each in a row of the source. */
  readonly columns: readonly { readonly column: Column; readonly from: number }[]
  /** Whether nothing in the stand-in keeps two of its rows from having the same key. */
  readonly mayRepeatKeys?: boolean
}

/** Tables that are copied together: one, or several that point at one another in a circle. */
export interface Group {
  readonly pairs: readonly TablePair[]
  /** Columns that stay NULL until the rows that they point at are there, by table. */
  readonly later: ReadonlyMap<string, readonly string[]>
  /** Whether all has to be one transaction. */
  readonly isWhole: boolean
}

/** What is copied, in order, and what cannot be. */
export interface Plan {
  readonly groups: readonly Group[]
  /** Tables of the stand-in that the primary does not have: they must hold no rows of their own. */
  readonly missing: readonly Table[]
  readonly problems: readonly Difference[]
}

/** The tables in which knex keeps which migrations were run begin so, and have these columns. */
const bookkeeping = {
  prefix: 'knex_migrations',
  columns: ['id,name,batch,migration_time', 'index,is_locked'],
}

/** Decides what is copied into what, and in which order. */
export function planCopy(sources: readonly Table[], targets: readonly Table[]): Plan {
  const problems: Difference[] = []
  const pairs: TablePair[] = []
  const missing: Table[] = []
  for (const source of sources) {
    if (isBookkeeping(source)) continue
    const target = sameName(targets, source.name)
    if (target) pairs.push(pair(source, target, problems))
    else missing.push(source)
  }
  const groups = inOrder(pairs).map((members) => group(members, problems))
  return { groups, missing, problems }
}

function isBookkeeping({ name, columns }: Table): boolean {
  if (name === standInTable || name === ledgerTable) return true
  const names = columns.map((column) => column.name).join(',')
  return name.startsWith(bookkeeping.prefix) && bookkeeping.columns.includes(names)
}

function pair(found: Table, target: Table, problems: Difference[]): TablePair {
  const complain = (why: string, column?: string): void =>
    void problems.push({ table: target.name, key: '', ...(column !== undefined && { column }), why })
  const key = target.key.map((name) => sameName(found.columns, name)?.name)
  const isKnown = target.key.length > 0 && key.every((name) => name !== undefined)
  const source: Table = { ...found, key: isKnown ? key : (found.order ?? []) }
  if (!target.isTransactional) complain('its engine has no transactions, so a copy could stop half way')
  if (source.key.length === 0 && source.rowId === undefined)
    complain('has no key that the stand-in knows, and the stand-in has no row ids')
  const columns: { column: Column; from: number }[] = []
  for (const column of target.columns.filter(({ isGenerated }) => !isGenerated)) {
    const from = found.columns.indexOf(sameName(found.columns, column.name)!)
    if (from >= 0) columns.push({ column, from })
  }
  const isOwnKey = found.key.toSorted().join('\0') === source.key.toSorted().join('\0')
  return { source, target, columns, mayRepeatKeys: isKnown && !isOwnKey }
}

/** Whether the rows of the target can be found by what is written. */
export function hasKey({ target: { key }, columns }: TablePair): boolean {
  return key.length > 0 && key.every((name) => columns.some(({ column }) => column.name === name))
}

/** Columns of the source that hold something which nothing of the target takes. */
export function strayColumns({ source, target }: TablePair): number[] {
  return source.columns.flatMap((column, index) => {
    const taker = sameName(target.columns, column.name)
    return column.isGenerated || taker?.isGenerated === false ? [] : [index]
  })
}

/** Columns of the target that must have a value, and get none. */
export function unfedColumns({ source, target }: TablePair): Column[] {
  return target.columns.filter(
    (column) =>
      !column.isNullable &&
      !column.hasDefault &&
      !column.isGenerated &&
      !sameName(source.columns, column.name),
  )
}

/** Whether nothing but the rows themselves can keep a copy from being made. */
export function isSound({ groups, missing, problems }: Plan): boolean {
  const pairs = groups.flatMap((group) => group.pairs)
  return (
    missing.length + problems.length === 0 &&
    pairs.every((one) => strayColumns(one).length + unfedColumns(one).length === 0)
  )
}

/** Tables after those that they point at; those that point at one another together (Tarjan's components). */
function inOrder(pairs: readonly TablePair[]): TablePair[][] {
  const byName = new Map(pairs.map((one) => [one.target.name, one]))
  const indexes = new Map<string, number>()
  const lows = new Map<string, number>()
  const stack: string[] = []
  const groups: TablePair[][] = []
  const visit = (name: string): void => {
    indexes.set(name, indexes.size)
    lows.set(name, indexes.get(name)!)
    stack.push(name)
    for (const { table } of byName.get(name)!.target.references) {
      if (!byName.has(table)) continue
      if (!indexes.has(table)) visit(table)
      if (stack.includes(table)) lows.set(name, Math.min(lows.get(name)!, lows.get(table)!))
    }
    if (lows.get(name) !== indexes.get(name)) return
    groups.push(stack.splice(stack.indexOf(name)).map((member) => byName.get(member)!))
  }
  for (const name of byName.keys()) if (!indexes.has(name)) visit(name)
  return groups
}

function group(pairs: readonly TablePair[], problems: Difference[]): Group {
  const names = new Set(pairs.map(({ target }) => target.name))
  const later = new Map<string, string[]>()
  let isWhole = false
  for (const pair of pairs) {
    const { target } = pair
    for (const reference of target.references.filter(({ table }) => names.has(table))) {
      isWhole = true
      if (reference.isDeferrable) continue
      const column = nullable(target, reference)
      if (column && hasKey(pair)) later.set(target.name, [...(later.get(target.name) ?? []), column])
      else
        problems.push({
          table: target.name,
          key: '',
          column: reference.columns[0]!,
          why: `points at ${reference.table} in a circle, and is neither deferrable nor nullable`,
        })
    }
  }
  return { pairs, later, isWhole }
}

function nullable({ columns }: Table, reference: Reference): string | undefined {
  return reference.columns.find((name) => columns.some((column) => column.name === name && column.isNullable))
}
