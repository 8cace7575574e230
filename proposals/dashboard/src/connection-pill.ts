/** The pill that says whether what the page shows is live. */

import type { Connection } from "../../../realtime/client/src/index.ts";
import { announce, need, setText } from "./dom.ts";
import { formatClock } from "./format.ts";

/** Reasons for which logging in again helps, or may: `access_revoked` is also a log-out in another tab. */
const LOGIN_REASONS = new Set([
  "signed_out",
  "token_missing",
  "token_invalid",
  "token_expired",
  "user_inactive",
  "access_revoked",
]);

export class ConnectionPill {
  readonly #root = need("[data-connection]");
  readonly #label = need("[data-connection-label]", this.#root);
  readonly #asOf = need("[data-connection-as-of]", this.#root);
  readonly #login = need("[data-connection-login]", this.#root);
  #announced = "";

  /** Show the connection as it is at this moment; called at each change and every second. */
  show(connection: Connection): void {
    const isOffline = connection.state === "waiting" && connection.reason === "offline";
    this.#root.dataset["state"] = isOffline ? "offline" : connection.state;
    this.#login.hidden = !isSignedOut(connection);
    setText(this.#label, describe(connection));
    const { dataAsOf } = connection;
    setText(this.#asOf, dataAsOf === null ? "" : `données du ${formatClock(dataAsOf)}`);
    this.#announce(isOffline ? "offline" : connection.state, connection);
  }

  /** Say a change once, not each second of a wait. */
  #announce(state: string, connection: Connection): void {
    const isNews = state !== this.#announced && (state !== "connecting" || this.#announced === "");
    if (isNews && this.#announced !== "" && state !== "connecting") announce(`Connexion : ${describe(connection)}`);
    if (state !== "connecting") this.#announced = state;
  }
}

/** Whether it ended for a reason that logging in again may mend. */
export function isSignedOut({ state, reason }: Connection): boolean {
  return state === "closed" && LOGIN_REASONS.has(reason ?? "");
}

export function describe({ state, reason, retryAt, transport }: Connection): string {
  switch (state) {
    case "connecting":
      return "Connexion…";
    case "live":
      return transport === "websocket" ? "En direct" : "En direct (HTTP)";
    case "waiting":
      return reason === "offline" || retryAt === null ? "Hors ligne" : `Reconnexion dans ${secondsUntil(retryAt)} s`;
    case "closed":
      return describeEnd(reason ?? "");
  }
}

function describeEnd(reason: string): string {
  if (reason === "access_revoked") return "Accès terminé";
  if (LOGIN_REASONS.has(reason)) return "Session terminée";
  if (reason === "forbidden") return "Projet inaccessible";
  if (reason === "too_many_connections") return "Trop d’onglets ouverts : fermez-en, puis rechargez la page";
  return "Suivi interrompu : rechargez la page";
}

function secondsUntil(instant: Date): number {
  return Math.max(0, Math.ceil((instant.getTime() - Date.now()) / 1000));
}
