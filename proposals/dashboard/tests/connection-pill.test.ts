import { expect, test } from "vitest";

import type { Connection } from "../../../realtime/client/src/index.ts";
import { describe, isSignedOut } from "../src/connection-pill.ts";

function connection(fields: Partial<Connection>): Connection {
  return { state: "live", reason: null, retryAt: null, transport: "websocket", dataAsOf: null, ...fields };
}

test.each([
  [{}, "En direct"],
  [{ transport: "sse" }, "En direct (HTTP)"],
  [{ transport: "poll" }, "En direct (HTTP)"],
  [{ state: "connecting" }, "Connexion…"],
  [{ state: "waiting", reason: "offline" }, "Hors ligne"],
  [{ state: "closed", reason: "signed_out" }, "Session terminée"],
  [{ state: "closed", reason: "access_revoked" }, "Accès terminé"],
  [{ state: "closed", reason: "forbidden" }, "Projet inaccessible"],
  [{ state: "closed", reason: "too_many_connections" }, "Trop d’onglets ouverts : fermez-en, puis rechargez la page"],
  [{ state: "closed", reason: "refused" }, "Suivi interrompu : rechargez la page"],
] as const)("%o reads %s", (fields, words) => {
  expect(describe(connection(fields))).toBe(words);
});

test.each([
  [{ state: "closed", reason: "access_revoked" }, true],
  [{ state: "closed", reason: "signed_out" }, true],
  [{ state: "closed", reason: "forbidden" }, false],
  [{ state: "waiting", reason: "token_expired" }, false],
] as const)("whether logging in again may help after %o: %s", (fields, helps) => {
  expect(isSignedOut(connection(fields))).toBe(helps);
});
