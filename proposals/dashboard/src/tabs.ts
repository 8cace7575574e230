/**
 * Panels of which one is shown, chosen by tabs. The address names the panel, or something inside of it: links,
 * reloads and the history lead back to what was shown.
 *
 * Source: WAI-ARIA Authoring Practices, "Tabs Pattern".
 */

import { need } from "./dom.ts";

export class Tabs {
  readonly #tabs: readonly HTMLAnchorElement[];
  readonly #list: HTMLElement;
  readonly #onChoose: (panelId: string) => void;

  /** @param onChoose called with the panel that a person chose by its tab. */
  constructor(root: HTMLElement, onChoose: (panelId: string) => void) {
    this.#onChoose = onChoose;
    const list = need("[data-tablist]", root);
    this.#list = list;
    this.#tabs = [...list.querySelectorAll<HTMLAnchorElement>("[data-tab]")];
    list.setAttribute("role", "tablist");
    for (const tab of this.#tabs) {
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panelIdOf(tab));
      this.#panelOf(tab).setAttribute("role", "tabpanel");
    }
    list.addEventListener("click", (event) => this.#clicked(event));
    list.addEventListener("keydown", (event) => this.#pressed(event));
    window.addEventListener("hashchange", () => this.#followAddress());
    this.#select(this.#tabs[0]);
    this.#followAddress();
  }

  #panelOf(tab: HTMLAnchorElement): HTMLElement {
    return need(`#${panelIdOf(tab)}`);
  }

  #clicked(event: Event): void {
    const tab = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("[data-tab]") : null;
    if (tab === null) return;
    event.preventDefault();
    this.#choose(tab);
  }

  #pressed(event: KeyboardEvent): void {
    const current = this.#tabs.findIndex((tab) => tab === document.activeElement);
    const next = nextTab(event.key, current, this.#tabs.length);
    const tab = next === null ? undefined : this.#tabs[next];
    if (tab === undefined) return;
    event.preventDefault();
    tab.focus();
    this.#choose(tab);
  }

  /** Show a panel because a person asked for it; the page does not jump. */
  #choose(tab: HTMLAnchorElement): void {
    history.replaceState(history.state, "", tab.hash);
    this.#select(tab);
    this.#onChoose(panelIdOf(tab));
  }

  #followAddress(): void {
    const target = location.hash === "" ? null : document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const panel = target?.closest("[data-tabpanel]") ?? null;
    const tab = this.#tabs.find((candidate) => panel !== null && panelIdOf(candidate) === panel.id);
    if (target === null || tab === undefined) return;
    this.#select(tab);
    for (let details = target.closest("details"); details !== null; details = parentDetails(details))
      details.open = true;
    target.scrollIntoView();
  }

  #select(chosen: HTMLAnchorElement | undefined): void {
    for (const tab of this.#tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      this.#panelOf(tab).hidden = !isChosen;
    }
    if (chosen === undefined) return;
    // Only the row of tabs scrolls: the page stays where it is.
    this.#list.scrollLeft = chosen.offsetLeft - (this.#list.clientWidth - chosen.offsetWidth) / 2;
  }
}

/** Which tab a key leads to from the one at `current`; null for keys that lead nowhere. */
export function nextTab(key: string, current: number, total: number): number | null {
  switch (key) {
    case "ArrowRight":
      return (current + 1) % total;
    case "ArrowLeft":
      return (current - 1 + total) % total;
    case "Home":
      return 0;
    case "End":
      return total - 1;
    case " ":
      return current;
    default:
      return null;
  }
}

function panelIdOf(tab: HTMLAnchorElement): string {
  return tab.hash.slice(1);
}

function parentDetails(details: HTMLDetailsElement): HTMLDetailsElement | null {
  return details.parentElement?.closest("details") ?? null;
}
