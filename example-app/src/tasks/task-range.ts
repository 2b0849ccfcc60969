import type { QueryBuilder } from 'objection'
import type { Position } from './cursor.ts'
import type { Task } from './task.ts'
import { taskOrders, type TaskOrder } from './task-query.ts'

/** A part of a list: what follows one position, up to another and with it. */
export interface Range {
  readonly after?: Position | undefined
  readonly upTo?: Position | undefined
}

/** The position of a task in a list. */
export function positionOf(task: Task, sort: TaskOrder): Position {
  return { sort, value: task[taskOrders[sort].column], id: task.id }
}

/** Sorts a query; the id tells apart what is otherwise equal. */
export function inOrder(builder: QueryBuilder<Task>, sort: TaskOrder): void {
  const { column, direction: order } = taskOrders[sort]
  void builder.orderBy([
    { column, order },
    { column: 'id', order },
  ])
}

/** Cuts a query down to a range. This form of the conditions is the one that SQLite, PostgreSQL and MySQL all answer from the index. */
export function within(builder: QueryBuilder<Task>, sort: TaskOrder, { after, upTo }: Range): void {
  const { column, direction } = taskOrders[sort]
  const [beyond, before] = direction === 'asc' ? ['>', '<'] : ['<', '>']
  if (after) {
    void builder
      .where(column, `${beyond}=`, after.value)
      .where((either) => either.where(column, beyond, after.value).orWhere('id', beyond, after.id))
  }
  if (upTo) {
    void builder
      .where(column, `${before}=`, upTo.value)
      .where((either) => either.where(column, before, upTo.value).orWhere('id', `${before}=`, upTo.id))
  }
}
