/** The documents to hand in: ticks are kept in this browser, by project. */

import { need, setText } from "./dom.ts";

const PREFIX = "tenderwire.checklist.";

/** Restore and keep the ticks of the checklist in a part of the page, if there is one. */
export function initChecklist(root: ParentNode): void {
  const section = root.querySelector<HTMLElement>("[data-checklist]");
  const boxes = [...(section?.querySelectorAll<HTMLInputElement>("[data-checklist-item]") ?? [])];
  if (section === null || boxes.length === 0) return;
  const key = PREFIX + (section.dataset["checklist"] ?? "");
  const ticked = load(key);
  for (const box of boxes) box.checked = ticked.has(nameOf(box));
  const count = (): void => showCount(section, boxes);
  section.addEventListener("change", () => {
    save(key, boxes.filter((box) => box.checked).map(nameOf));
    count();
  });
  count();
}

function nameOf(box: HTMLInputElement): string {
  return box.dataset["checklistItem"] ?? "";
}

function showCount(section: HTMLElement, boxes: readonly HTMLInputElement[]): void {
  const ready = boxes.filter((box) => box.checked).length;
  setText(need("[data-checklist-count]", section), `${ready} prête${ready > 1 ? "s" : ""} sur ${boxes.length}`);
}

function load(key: string): ReadonlySet<string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return new Set(Array.isArray(stored) ? stored.map(String) : []);
  } catch {
    return new Set(); // storage is forbidden or was written by something else: the list starts empty
  }
}

function save(key: string, names: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(names));
  } catch {
    // Storage is full or forbidden: the ticks last as long as the page.
  }
}
