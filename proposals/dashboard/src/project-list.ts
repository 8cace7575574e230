/** The list of projects follows what happens to them, by asking again while it is looked at. */

import { getFragment } from "./api.ts";

const INTERVAL_MS = 10_000;
const LIST = "[data-live-list]";

export function followProjectList(): void {
  setInterval(() => {
    if (document.visibilityState === "visible") void refresh();
  }, INTERVAL_MS);
}

async function refresh(): Promise<void> {
  try {
    const fresh = (await getFragment(location.href)).querySelector(LIST);
    const shown = document.querySelector(LIST);
    // A list that somebody moves through with the keyboard is left alone.
    if (fresh === null || shown === null || shown.contains(document.activeElement)) return;
    if (fresh.textContent !== shown.textContent) shown.replaceWith(document.importNode(fresh, true));
  } catch {
    // The next round tries again; what the list shows stays true enough meanwhile.
  }
}
