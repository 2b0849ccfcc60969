import type { FallbackReason } from '../problem/reason.ts'

/**
 * When SQLite may stand in for the configured database.
 *
 * - `always`: for every reason but `read-only`;
 * - `unconfigured`: only when nothing is configured;
 * - `never`: there is no SQLite at all;
 * - a record decides by reason; a reason that it does not name waits.
 */
export type FallbackStrategy =
  'always' | 'unconfigured' | 'never' | Readonly<Partial<Record<FallbackReason, 'fallback' | 'wait'>>>
