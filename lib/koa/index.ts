export { databaseHealth, type HealthOptions } from './database-health.ts'
export { databaseSession, type SessionOptions } from './database-session.ts'
export type { KoaContext, Middleware, SessionContext } from './middleware.ts'
