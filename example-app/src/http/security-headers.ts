import type { Middleware } from 'koa'
import helmet from 'koa-helmet'

const directives = {
  defaultSrc: ["'self'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'self'", 'https://huggingface.co', 'https://*.hf.space'],
  objectSrc: ["'none'"],
}

/**
 * Headers that a Space survives. Its page on huggingface.co shows the app in a frame, so there is no `X-Frame-Options`, and the
 * policy names who may frame. TLS ends before the app: HSTS and upgrading are left to whoever does that.
 */
export const securityHeaders: Middleware = helmet({
  contentSecurityPolicy: { useDefaults: false, directives },
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: { policy: 'cross-origin' },
  frameguard: false,
  hsts: false,
})

/** For the documentation: Swagger UI draws its icons from `data:` addresses. */
export const docsPolicy: Middleware = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: { ...directives, imgSrc: ["'self'", 'data:'] },
})
