/** What needs no reading any more because its page is being looked at. */

import type { NotificationState } from "../../../realtime/client/src/index.ts";

/** Most ids that one command takes (PROTOCOL.md, "Commands"). */
const MOST_IDS = 100;

/** The unread notifications that lead to the page at this path, whatever part of it. */
export function seenHere(state: NotificationState | undefined, path: string): readonly string[] {
  return (state?.notifications ?? [])
    .filter(({ read, url }) => !read && url !== "" && pathOf(url) === path)
    .map(({ notification_id }) => notification_id)
    .slice(0, MOST_IDS);
}

function pathOf(url: string): string {
  return url.replace(/[?#].*$/, "");
}
