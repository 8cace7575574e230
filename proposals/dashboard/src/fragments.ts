/** Put fresh parts of the page, rendered by the server, in the place of the old ones. */

import { getFragment } from "./api.ts";

/**
 * Fetch an address and swap in every part of it that the page has too.
 *
 * What a person did to the old part stays: what they unfolded and typed, and where the keyboard is. Elements are
 * known again by their id.
 *
 * @param isWanted asked when the answer is there: a late answer may be wanted no more.
 * @returns the parts that are now in the page.
 * @throws ApiError
 */
export async function refreshFragments(url: string, isWanted: () => boolean = () => true): Promise<HTMLElement[]> {
  const fresh = await getFragment(url);
  if (!isWanted()) return [];
  const parts = [...fresh.querySelectorAll<HTMLElement>("[data-fragment]")];
  // A part inside of another comes with it.
  return parts.filter((part) => part.parentElement?.closest("[data-fragment]") === null).flatMap((part) => swap(part));
}

function swap(part: HTMLElement): HTMLElement[] {
  const old = document.querySelector<HTMLElement>(`[data-fragment="${part.dataset["fragment"] ?? ""}"]`);
  if (old === null) return [];
  const adopted = document.importNode(part, true);
  keepUnfolded(old, adopted);
  keepTyped(old, adopted);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(adopted);
  if (focused !== null) focusQuietly(twinOf(focused, adopted) ?? adopted);
  return [adopted];
}

function keepUnfolded(old: HTMLElement, adopted: HTMLElement): void {
  for (const details of old.querySelectorAll<HTMLDetailsElement>("details[id]")) {
    const twin = twinOf<HTMLDetailsElement>(details, adopted);
    if (twin !== null) twin.open = details.open;
  }
}

function keepTyped(old: HTMLElement, adopted: HTMLElement): void {
  for (const control of old.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input[id], select[id]")) {
    const twin = twinOf<HTMLInputElement | HTMLSelectElement>(control, adopted);
    if (twin !== null) twin.value = control.value;
  }
}

function twinOf<T extends Element>(element: Element, root: HTMLElement): T | null {
  return element.id === "" ? null : root.querySelector<T>(`#${CSS.escape(element.id)}`);
}

/** The keyboard stays where it was, though the element under it is gone. */
function focusQuietly(element: Element): void {
  if (!(element instanceof HTMLElement)) return;
  if (element.matches("[data-fragment]")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
