import type { AppMiddleware } from './context.ts'

const contentSecurityPolicy = [
  "default-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self' https://huggingface.co https://*.hf.space",
  "object-src 'none'",
]

const headers: ReadonlyMap<string, string> = new Map([
  ['Content-Security-Policy', contentSecurityPolicy.join(';')],
  ['Cross-Origin-Resource-Policy', 'cross-origin'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
])

/**
 * Headers that a Space survives. Its page on huggingface.co shows the app in a frame, so there is no `X-Frame-Options`, and the
 * policy names who may frame. TLS ends before the app: HSTS and upgrading are left to whoever does that.
 */
export const securityHeaders: AppMiddleware = (ctx, next) => {
  for (const [name, value] of headers) ctx.res.setHeader(name, value)
  return next()
}
