/**
 * Decide what follows the end of a connection.
 *
 * Source: PROTOCOL.md, "Closing".
 */

import type { Closing } from "./protocol.ts";

/** WebSocket close code of a refusal. */
const POLICY_VIOLATION = 1008;

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
    const refused = code === POLICY_VIOLATION;
    return { reconnect: !refused, reason: refused ? "refused" : "connection_lost", retryAfterMs: undefined };
  }
  const refused = code === POLICY_VIOLATION && closing.code !== "token_expired";
  return {
    reconnect: closing.reconnect && !refused,
    reason: closing.code,
    retryAfterMs: closing.retry_after_ms ?? undefined,
  };
}
