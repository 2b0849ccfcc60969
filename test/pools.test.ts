import { runTogether } from './run-together.ts'

runTogether('pg', 'mysql2', 'koa')
