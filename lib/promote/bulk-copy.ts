import type { Knex } from 'knex'
import type { Total } from './comparable.ts'
import type { KnownKeys } from './known-keys.ts'
import { LedgerText } from './ledger.ts'
import { entriesOf, type Page } from './new-rows.ts'
import type { TablePair } from './plan.ts'
import type { Text } from './primaries/primary.ts'
import type { Run } from './run.ts'

/** What is copied in bulk, and where it goes. */
export interface BulkTask {
  readonly pair: TablePair
  readonly pages: AsyncGenerator<Page, undefined>
  readonly known: KnownKeys
  readonly total: Total | undefined
  /** So many rows go into one transaction. */
  readonly rowsAtOnce: number
  readonly inTransaction: (work: (trx: Knex.Transaction) => Promise<void>) => Promise<void>
}

/** Copies the new rows of a table, many pages by one statement: the primary writes one while the next is read. */
export async function copyInBulk(run: Run, task: BulkTask): Promise<void> {
  const { pages, inTransaction } = task
  try {
    for (let next = await pages.next(); !next.done;) {
      await inTransaction(async (trx) => {
        next = await copySome(run, task, trx, next)
      })
    }
  } finally {
    await pages.return(undefined)
  }
}

type Next = IteratorResult<Page, undefined>

/** Copies as many rows as one transaction takes, and returns the page that comes after them. */
async function copySome(run: Run, task: BulkTask, trx: Knex.Transaction, first: Next): Promise<Next> {
  const { pair, pages, known, total, rowsAtOnce } = task
  const { bulk } = run.work.kind
  const columns = pair.columns.map(({ column }) => column)
  const ledger = new LedgerText()
  let next = first
  const texts = async function* (): AsyncGenerator<Buffer> {
    for (let read = 0; !next.done && read < rowsAtOnce; next = await pages.next()) {
      const page = next.value
      yield page.plain?.text ?? bulk!.linesOf(columns, textsOf(page))
      const entries = entriesOf(page)
      ledger.add(entries)
      for (const [, sum] of entries) total?.add(sum)
      read += page.read
      run.progress(pair, page.read)
    }
  }
  await bulk!.insert(trx, pair.target, columns, texts())
  known.nextChunk = await run.ledger.add(trx, pair.target.name, known.nextChunk, ledger)
  run.rows += ledger.rows
  return next
}

function textsOf(page: Page): (readonly Text[])[] {
  return page.plain ? [] : page.rows.map(({ texts }) => texts)
}
