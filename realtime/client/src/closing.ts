/**
 * Decide what follows the end of a connection.
 *
 * Source: PROTOCOL.md, "Closing".
 */

import type { Closing } from "./protocol.ts";

/** WebSocket close codes of a refusal; the second from servers that may not send the first. */
const REFUSALS: readonly number[] = [1008, 4008];

export interface Verdict {
  readonly reconnect: boolean;
  /** Why the connection ended: the server's word, or `connection_lost`. */
  readonly reason: string;
  /** The wait that the server asks for, in milliseconds; undefined when it asks for none. */
  readonly retryAfterMs: number | undefined;
}

/**
 * @param code the WebSocket close code.
 * @param closing the `closing` frame before it; undefined when the server could not send one.
 */
export function judge(code: number, closing: Closing | undefined): Verdict {
  if (closing === undefined) {
    const refused = REFUSALS.includes(code);
    return { reconnect: !refused, reason: refused ? "refused" : "connection_lost", retryAfterMs: undefined };
  }
  const refused = REFUSALS.includes(code) && closing.code !== "token_expired";
  return {
    reconnect: closing.reconnect && !refused,
    reason: closing.code,
    retryAfterMs: closing.retry_after_ms ?? undefined,
  };
}
