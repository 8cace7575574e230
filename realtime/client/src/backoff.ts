/** How long to wait before the next try: full jitter, so that clients cut off together do not return together. */

/** Longest wait before the first retry, in milliseconds; it doubles with each further one. */
export const BACKOFF_BASE_MS = 500;
/** Longest wait before any retry, in milliseconds. */
export const BACKOFF_LIMIT_MS = 20_000;

/** Doublings after which the limit is reached in any case. */
const MAX_DOUBLINGS = 16;

/**
 * Return a wait in milliseconds.
 *
 * @param failures tries that failed since the last connection that held; 0 for none.
 * @param random a number in [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  const longest = Math.min(BACKOFF_LIMIT_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, MAX_DOUBLINGS));
  return Math.round(random * longest);
}

/**
 * Return the wait before the next try, in milliseconds. The server spreads its clients itself, so its word is taken
 * as it is; only after a failure the client waits longer by itself.
 *
 * @param retryAfterMs the wait that the server asked for; undefined when it asked for none.
 */
export function retryDelayMs(failures: number, random: number, retryAfterMs: number | undefined): number {
  if (retryAfterMs === undefined) return backoffMs(failures, random);
  return failures === 0 ? retryAfterMs : Math.max(retryAfterMs, backoffMs(failures, random));
}
