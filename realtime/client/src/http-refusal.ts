/**
 * Say what an HTTP refusal means in the words of a socket, so that all transports end in the same way.
 *
 * Source: PROTOCOL.md, "Closing", "Client library".
 */

import { isObject, isText } from "./checks.ts";
import type { Closing } from "./protocol.ts";

/** The server's own refusal of a request. */
export class HttpRefusal extends Error {
  override readonly name = "HttpRefusal";
  readonly status: number;
  /** From the API's error. */
  readonly code: string;
  readonly retryAfterMs: number | null;

  constructor(status: number, code: string, message: string, retryAfterMs: number | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Return the refusal in an answer; undefined when it is not the API's but that of something on the way. */
export async function readRefusal(response: Response): Promise<HttpRefusal | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = isObject(body) ? body["error"] : undefined;
  if (!isObject(error) || !isText(error["code"])) return undefined;
  const retryAfterMs = Number(response.headers.get("Retry-After") ?? Number.NaN) * 1000;
  return new HttpRefusal(
    response.status,
    String(error["code"]),
    String(error["message"] ?? ""),
    Number.isFinite(retryAfterMs) ? retryAfterMs : null,
  );
}

/** Reasons of 401 for which a fresh credential does not help. */
const FINAL: readonly string[] = ["user_inactive"];

/** Return the `closing` frame and the close code of a socket that was refused for the same reason. */
export function toClosing({ status, code, message, retryAfterMs }: HttpRefusal): {
  readonly closing: Closing;
  readonly closeCode: number;
} {
  const say = (word: string, reconnect: boolean, closeCode: number) => ({
    closing: {
      type: "closing" as const,
      code: word,
      reason: message,
      reconnect,
      retry_after_ms: reconnect ? retryAfterMs : null,
    },
    closeCode,
  });
  // Not every view can tell an expired token from a bad one; a fresh one shows.
  if (status === 401) return FINAL.includes(code) ? say(code, false, 1008) : say("token_expired", true, 1008);
  // Unknown and foreign are the same, as on a socket.
  if (status === 403 || status === 404) return say("forbidden", false, 1008);
  if (status === 503) return say("restart", true, 1012);
  return say(code, code !== "too_many_connections", status === 429 ? 1013 : 1011);
}
