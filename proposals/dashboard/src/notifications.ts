/** The script of every page: the bell, what the system shows when no page is looked at, and the list of notifications. */

import { NotificationSocket } from "../../../realtime/client/src/index.ts";
import { sendAndLeave } from "./api.ts";
import { Bell } from "./bell.ts";
import { NotificationList } from "./notification-list.ts";
import { seenHere } from "./seen.ts";
import { SystemNotices } from "./system-notices.ts";
import { getTicket } from "./ticket.ts";
import { isAnyTabVisible, tellVisibility } from "./visible-tabs.ts";

const root = document.querySelector<HTMLElement>("[data-bell]");
if (root !== null) start(root);

function start(root: HTMLElement): void {
  const socket = new NotificationSocket({ url: "/ws/notifications", getToken: getTicket });
  const read = (id: string): void => sendAndLeave("/api/notifications/read/", { notification_ids: [id] });
  const notices = new SystemNotices(read);
  const bell = new Bell(root, { read, readAll: () => socket.markRead("all"), notices });
  const page = document.querySelector<HTMLElement>("[data-notification-page]");
  const list = page === null ? undefined : new NotificationList(page, read);
  const readWhatIsSeen = (): void => {
    const ids = document.visibilityState === "visible" ? seenHere(socket.state, location.pathname) : [];
    if (ids.length > 0) void socket.markRead(ids).catch(() => undefined);
  };

  tellVisibility();
  document.addEventListener("visibilitychange", readWhatIsSeen);
  socket.on("state", (state) => {
    bell.show(state);
    list?.follow(state);
    readWhatIsSeen();
  });
  socket.on("connection", (connection) => bell.showConnection(connection));
  socket.on("notification", ({ notification, replayed }) => {
    bell.announce(notification);
    if (!replayed) void isAnyTabVisible().then((isVisible) => isVisible || notices.show(notification));
  });
}
