/**
 * Show only those rows of a list that a search and some choices let through.
 *
 * Controls carry `data-filter="search"` or the name of a data attribute of the rows; rows carry `data-filter-row`.
 */

import { need, setText } from "./dom.ts";

type Control = HTMLInputElement | HTMLSelectElement;

/** What a person looks for. */
export interface Wanted {
  /** Plain words, all of which a row must have. */
  readonly words: readonly string[];
  /** Values that the row's data attributes must have; "" stands for any. */
  readonly choices: Readonly<Record<string, string>>;
}

export class RowFilter {
  readonly #root: HTMLElement;
  readonly #words = new WeakMap<HTMLElement, string>();

  /** @param root stays in the page; what is inside may be exchanged. */
  constructor(root: HTMLElement) {
    this.#root = root;
    root.addEventListener("input", (event) => {
      if (event.target instanceof Element && event.target.matches("[data-filter]")) this.apply();
    });
  }

  /** Choose a value as a person would. */
  choose(name: string, value: string): void {
    const control = this.#controls().find((candidate) => candidate.dataset["filter"] === name);
    if (control !== undefined) control.value = value;
    this.apply();
  }

  apply(): void {
    const rows = [...this.#root.querySelectorAll<HTMLElement>("[data-filter-row]")];
    if (rows.length === 0) return;
    const wanted = this.#read();
    for (const row of rows) row.hidden = !fits(this.#wordsOf(row), row.dataset, wanted);
    const shown = rows.filter((row) => !row.hidden).length;
    setText(need("[data-filter-count]", this.#root), `${shown} sur ${rows.length}`);
    need("[data-filter-none]", this.#root).hidden = shown > 0;
  }

  #controls(): readonly Control[] {
    return [...this.#root.querySelectorAll<Control>("[data-filter]")];
  }

  #read(): Wanted {
    const values = this.#controls().map(({ dataset, value }) => [dataset["filter"] ?? "", value] as const);
    const search = values.find(([name]) => name === "search")?.[1] ?? "";
    return { words: toWords(search), choices: Object.fromEntries(values.filter(([name]) => name !== "search")) };
  }

  #wordsOf(row: HTMLElement): string {
    const known = this.#words.get(row) ?? toPlain(row.textContent ?? "");
    this.#words.set(row, known);
    return known;
  }
}

/** Whether a row with this plain text and these data attributes is wanted. */
export function fits(text: string, data: Readonly<Record<string, string | undefined>>, wanted: Wanted): boolean {
  const hasChoices = Object.entries(wanted.choices).every(([name, value]) => value === "" || data[name] === value);
  return hasChoices && wanted.words.every((word) => text.includes(word));
}

export function toWords(search: string): readonly string[] {
  return toPlain(search).split(/\s+/).filter(Boolean);
}

/** Lower case without accents, as people type when they search. */
export function toPlain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}
