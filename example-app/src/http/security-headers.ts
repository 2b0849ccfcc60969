import helmet from 'koa-helmet'
import type { AppMiddleware } from './context.ts'

/**
 * Headers that a Space survives. Its page on huggingface.co shows the app in a frame, so there is no `X-Frame-Options`, and the
 * policy names who may frame. TLS ends before the app: HSTS and upgrading are left to whoever does that.
 */
export const securityHeaders: AppMiddleware = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'self'", 'https://huggingface.co', 'https://*.hf.space'],
      objectSrc: ["'none'"],
    },
  },
  frameguard: false,
  hsts: false,
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: { policy: 'cross-origin' },
})
