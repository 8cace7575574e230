/** What the browser says about network and visibility, as three calls. */

import type { Environment } from "./environment.ts";

export interface WakeTarget {
  wentOffline(): void;
  cameOnline(): void;
  becameVisible(): void;
}

/** Listen from now on; return the function that ends it. */
export function listenForWakeSignals(environment: Environment, target: WakeTarget): () => void {
  const { window, document } = environment;
  const listening = new AbortController();
  const { signal } = listening;
  window?.addEventListener("offline", () => target.wentOffline(), { signal });
  window?.addEventListener("online", () => target.cameOnline(), { signal });
  document?.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") target.becameVisible();
    },
    { signal },
  );
  return () => listening.abort();
}
