import { encodeCursor } from 'example-app/tasks/cursor.js'
import { taskOrders, type TaskOrder } from 'example-app/tasks/task-query.js'
import { compared, type Figure } from '../figure.ts'
import { median } from '../median.ts'
import { inTurns, timed, type Effort, type Part } from '../part.ts'
import type { Service } from '../service.ts'
import { shipped } from '../shipped.ts'
import { createdAt, startOnTable, title } from '../task-table.ts'

interface Table {
  readonly service: Service
  readonly rows: number
}

/** `GET /tasks` where there are many tasks, beside where there are few: each order and filter, first and far pages. */
export const rowsPart: Part = {
  title: 'GET /tasks with 1,000,000 rows beside 1,000, on SQLite',
  async measure(effort) {
    const many = await table(effort.quick ? 20_000 : 1_000_000)
    const few = await table(1_000)
    try {
      const figures: Figure[] = []
      for (const sort of Object.keys(taskOrders) as TaskOrder[]) {
        for (const filter of ['', '&completed=true', '&completed=false']) {
          for (const page of ['first', 'far'] as const)
            figures.push(await besideFew({ sort, filter, page }, [many, few], effort))
        }
      }
      return figures
    } finally {
      await Promise.all([many.service.stop(), few.service.stop()])
    }
  },
}

interface Question {
  readonly sort: TaskOrder
  readonly filter: string
  readonly page: 'first' | 'far'
}

async function besideFew(question: Question, tables: readonly Table[], { quick }: Effort): Promise<Figure> {
  const subjects = tables.map(
    ({ service, rows }) =>
      async () =>
        p50(service.url + path(question, rows), quick),
  )
  const [many = [], few = []] = await inTurns(quick ? 2 : 15, subjects)
  const { sort, filter, page } = question
  return compared(`sort=${sort}${filter}, ${page} page`, 'ms', [many, few], { most: 1.3 })
}

/** Any: among tasks of one time, or one title, it decides. */
const middleId = '80000000-0000-7000-8000-000000000000'

/** A far page begins where nine in ten of the rows have gone by. */
function path({ sort, filter, page }: Question, rows: number): string {
  const start = `/tasks?sort=${sort}${filter}`
  if (page === 'first') return start
  const { column, direction } = taskOrders[sort]
  const place = Math.floor(rows * (direction === 'asc' ? 0.9 : 0.1))
  const value = column === 'title' ? title(place) : createdAt(place)
  return `${start}&cursor=${encodeCursor({ sort, value, id: middleId })}`
}

async function p50(url: string, quick: boolean): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < (quick ? 5 : 40); count++) {
    const ms = await timed(async () => {
      const answer = await fetch(url)
      const { items } = (await answer.json()) as { items?: unknown[] }
      if (items?.length !== 20) throw new Error(`${url}: ${items?.length} tasks, not 20`)
    })
    times.push(ms)
  }
  return median(times)
}

async function table(rows: number): Promise<Table> {
  const { exampleApp } = await shipped()
  return { service: await startOnTable({ file: exampleApp, env: {} }, rows), rows }
}
