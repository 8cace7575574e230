/** The page of notifications follows what comes and what is read, here or elsewhere. */

import type { NotificationState } from "../../../realtime/client/src/index.ts";

const PAGE = "[data-notification-page]";

/** Load the page anew when what is unread differs from what it shows; not while somebody changes preferences. */
export function followNotificationList(state: NotificationState): void {
  const page = document.querySelector<HTMLElement>(PAGE);
  if (page === null || page.dataset["unreadCount"] === String(state.unread_count)) return;
  if (page.querySelector("form table")?.contains(document.activeElement) === true) return;
  location.reload();
}
