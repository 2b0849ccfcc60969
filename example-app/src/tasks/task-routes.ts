import type { AppContext } from '../http/context.ts'
import type { Route } from '../http/route.ts'
import { etagOf, requireMatch, type Conditions } from './etag.ts'
import type { TaskAnswer } from './task.ts'
import { listTasks } from './task-list.ts'
import { taskPageSchema, taskQuerySchema, type TaskQuery } from './task-query.ts'
import { taskIdSchema, taskInputSchema, taskPatchSchema, taskSchema, type TaskInput } from './task-schema.ts'
import { changeTask, createTask, deleteTask, readTask } from './tasks.ts'

const params = { id: taskIdSchema }
const headers = { ETag: 'Names what the task is now, for If-Match' }
const id = (ctx: AppContext): string => String(ctx.params['id'])

/** A request that only reads, and names what it has in `If-None-Match`, is answered with a 304 for it. */
function conditions(ctx: AppContext): Conditions {
  return { ifMatch: ctx.get('If-Match'), ifNoneMatch: ctx.get('If-None-Match') }
}

function answer(ctx: AppContext, task: TaskAnswer): void {
  ctx.set('ETag', etagOf(task))
  ctx.body = task
}

/** The operations on tasks. */
export const taskRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/tasks',
    operationId: 'listTasks',
    summary: 'List tasks, a page at a time',
    query: taskQuerySchema,
    database: 'single-statement',
    answer: { status: 200, description: 'A page of tasks', schema: taskPageSchema },
    errors: [400],
    async handle(ctx) {
      ctx.body = await listTasks(ctx.db, ctx.validQuery as TaskQuery)
    },
  },
  {
    method: 'post',
    path: '/tasks',
    operationId: 'createTask',
    summary: 'Create a task',
    body: taskInputSchema,
    protected: true,
    database: 'single-statement',
    answer: {
      status: 201,
      description: 'The new task',
      schema: taskSchema,
      headers: { ...headers, Location: 'Where the task can be read' },
    },
    async handle(ctx) {
      const task = await createTask(ctx.db, ctx.request.body as TaskInput)
      ctx.status = 201
      ctx.set('Location', `/tasks/${task.id}`)
      answer(ctx, task)
    },
  },
  {
    method: 'get',
    path: '/tasks/:id',
    operationId: 'readTask',
    summary: 'Read a task',
    params,
    conditional: true,
    database: 'single-statement',
    answer: { status: 200, description: 'The task', schema: taskSchema, headers },
    async handle(ctx) {
      const task = await readTask(ctx.db, id(ctx))
      requireMatch(task, { ifMatch: ctx.get('If-Match') })
      answer(ctx, task)
    },
  },
  {
    method: 'put',
    path: '/tasks/:id',
    operationId: 'replaceTask',
    summary: 'Replace a task',
    description: 'What is left out becomes what it is in a new task.',
    params,
    conditional: true,
    body: taskInputSchema,
    protected: true,
    database: 'transaction',
    answer: { status: 200, description: 'The task as it is now', schema: taskSchema, headers },
    async handle(ctx) {
      answer(ctx, await changeTask(ctx.db, id(ctx), ctx.request.body as TaskInput, conditions(ctx)))
    },
  },
  {
    method: 'patch',
    path: '/tasks/:id',
    operationId: 'changeTask',
    summary: 'Change some fields of a task',
    params,
    conditional: true,
    body: taskPatchSchema,
    protected: true,
    database: 'transaction',
    answer: { status: 200, description: 'The task as it is now', schema: taskSchema, headers },
    async handle(ctx) {
      const change = ctx.request.body as Partial<TaskInput>
      answer(ctx, await changeTask(ctx.db, id(ctx), change, conditions(ctx)))
    },
  },
  {
    method: 'delete',
    path: '/tasks/:id',
    operationId: 'deleteTask',
    summary: 'Delete a task',
    params,
    conditional: true,
    protected: true,
    database: 'transaction',
    answer: { status: 204, description: 'The task is gone' },
    async handle(ctx) {
      await deleteTask(ctx.db, id(ctx), conditions(ctx))
      ctx.status = 204
    },
  },
]
