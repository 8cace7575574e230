/** Notifications that the operating system shows, while no page is looked at. Nothing is asked before a person wants it. */

import type { NotificationItem } from "../../../realtime/client/src/index.ts";

/** `unsupported`: this browser, or a page over plain HTTP, has none. */
export type Permission = NotificationPermission | "unsupported";

export class SystemNotices {
  readonly #read: (notificationId: string) => void;

  /** @param read is told when a person opens one. */
  constructor(read: (notificationId: string) => void) {
    this.#read = read;
  }

  get permission(): Permission {
    return "Notification" in globalThis && isSecureContext ? Notification.permission : "unsupported";
  }

  /** Ask the person; only ever after a click. */
  async request(): Promise<Permission> {
    return this.permission === "unsupported" ? "unsupported" : await Notification.requestPermission();
  }

  show({ notification_id, title, text, url }: NotificationItem): void {
    if (this.permission !== "granted") return;
    // Several hidden tabs show the same one: the tag makes them one notice.
    const notice = new Notification(title, { body: text, tag: notification_id, lang: "fr" });
    notice.onclick = () => {
      notice.close();
      window.focus();
      this.#read(notification_id);
      if (url !== "") location.assign(url);
    };
  }
}
