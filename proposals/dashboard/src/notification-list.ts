/** The page of notifications follows what comes and what is read, here or elsewhere; preferences are left alone. */

import type { NotificationState } from "../../../realtime/client/src/index.ts";
import { getFragment } from "./api.ts";

const PARTS = ["[data-told-head]", "[data-told-list]"] as const;

export class NotificationList {
  readonly #page: HTMLElement;
  #sequence: number | undefined;
  #isLoading = false;
  #isStale = false;

  /** @param read is told when somebody follows a link of the list. */
  constructor(page: HTMLElement, read: (notificationId: string) => void) {
    this.#page = page;
    page.addEventListener("click", ({ target }) => {
      const link = target instanceof Element ? target.closest<HTMLElement>("[data-notification-id]") : null;
      const id = link?.dataset["notificationId"];
      if (id !== undefined) read(id);
    });
  }

  /** Show what is new; the first state only when it is another than the page was made from. */
  follow(state: NotificationState): void {
    const isShown =
      this.#sequence === undefined
        ? this.#page.dataset["unreadCount"] === String(state.unread_count)
        : this.#sequence === state.sequence;
    this.#sequence = state.sequence;
    if (!isShown) void this.#refresh();
  }

  /** One request at a time, the last change always. */
  async #refresh(): Promise<void> {
    this.#isStale = true;
    if (this.#isLoading) return;
    this.#isLoading = true;
    while (this.#isStale) {
      this.#isStale = false;
      await this.#load();
    }
    this.#isLoading = false;
  }

  async #load(): Promise<void> {
    const fresh = await getFragment(location.href).catch(() => undefined);
    if (fresh === undefined) return; // the next change tries again
    const focused = document.activeElement?.id ?? "";
    for (const part of PARTS) {
      const [shown, made] = [this.#page.querySelector(part), fresh.querySelector(part)];
      if (shown !== null && made !== null) shown.replaceWith(document.importNode(made, true));
    }
    if (focused !== "" && document.activeElement === document.body) document.getElementById(focused)?.focus();
  }
}
