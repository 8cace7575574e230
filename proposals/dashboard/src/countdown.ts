/** The countdown to the deadline. */

import type { ServerClock } from "./clock.ts";
import { make } from "./dom.ts";
import { countdownParts } from "./format.ts";

/** Show what is left at this moment in every countdown of the page. */
export function tickCountdowns(clock: ServerClock): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-countdown]")) {
    const left = Date.parse(element.dataset["countdown"] ?? "") - clock.now();
    if (left > 0) showParts(element, left);
    else element.textContent = "Le délai est écoulé.";
  }
}

function showParts(element: HTMLElement, leftMs: number): void {
  const parts = countdownParts(leftMs).map(({ value, unit }) => {
    const part = make("span", "countdown__part");
    part.append(make("strong", "", value), make("span", "", unit));
    return part;
  });
  element.replaceChildren(...parts);
}
