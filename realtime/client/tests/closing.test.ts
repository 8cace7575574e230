import { expect, test } from "vitest";

import { judge } from "../src/closing.ts";
import type { Closing } from "../src/protocol.ts";

function frame(code: string, reconnect: boolean, retryAfterMs: number | null): Closing {
  return { type: "closing", code, reason: "A sentence.", reconnect, retry_after_ms: retryAfterMs };
}

test.each([
  [1006, undefined, true, "connection_lost"],
  [1009, undefined, true, "connection_lost"],
  [1000, undefined, true, "connection_lost"],
  [1008, undefined, false, "refused"],
  [1008, frame("forbidden", false, null), false, "forbidden"],
  [1008, frame("token_expired", true, 0), true, "token_expired"],
  [1008, frame("of_a_later_version", true, 0), false, "of_a_later_version"],
  [1006, frame("user_inactive", false, null), false, "user_inactive"],
  [1011, frame("server_fault", true, 0), true, "server_fault"],
  [1012, frame("restart", true, 2_817), true, "restart"],
  [1013, frame("too_slow", true, 400), true, "too_slow"],
])("close code %i with %o: reconnect %s, because of %s", (code, closing, reconnect, reason) => {
  const retryAfterMs = closing?.retry_after_ms ?? undefined;

  expect(judge(code, closing)).toEqual({ reconnect, reason, retryAfterMs });
});
