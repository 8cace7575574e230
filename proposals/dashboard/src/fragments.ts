/** Put fresh parts of the page, rendered by the server, in the place of the old ones. */

import { getFragment } from "./api.ts";

/**
 * Fetch an address and swap in every part of it that the page has too.
 *
 * @returns the parts that are now in the page.
 * @throws ApiError
 */
export async function refreshFragments(url: string): Promise<HTMLElement[]> {
  const fresh = await getFragment(url);
  return [...fresh.querySelectorAll<HTMLElement>("[data-fragment]")].flatMap((part) => swap(part));
}

function swap(part: HTMLElement): HTMLElement[] {
  const old = document.querySelector<HTMLElement>(`[data-fragment="${part.dataset["fragment"] ?? ""}"]`);
  if (old === null) return [];
  const adopted = document.importNode(part, true);
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(adopted);
  if (hadFocus) focusQuietly(adopted);
  return [adopted];
}

/** The keyboard stays where it was, though the element under it is gone. */
function focusQuietly(element: HTMLElement): void {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
