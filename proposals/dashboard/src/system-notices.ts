/** Notifications that the operating system shows, while no page is looked at. Nothing is asked before a person wants it. */

import type { NotificationItem } from "../../../realtime/client/src/index.ts";

/** `unsupported`: this browser, or a page over plain HTTP, has none. */
export type Permission = NotificationPermission | "unsupported";

const WELCOME = "Vous serez prévenu ici de ce qui se passe quand vous ne regardez pas Tenderwire.";

export class SystemNotices {
  readonly #read: (notificationId: string) => void;
  #isRefused = false;

  /** @param read is told when a person opens one. */
  constructor(read: (notificationId: string) => void) {
    this.#read = read;
  }

  get permission(): Permission {
    const isSupported = "Notification" in globalThis && isSecureContext && !this.#isRefused;
    return isSupported ? Notification.permission : "unsupported";
  }

  /** Ask the person, only ever after a click, and show how it will look; `unsupported` where a page may not show any. */
  async request(): Promise<Permission> {
    if (this.permission !== "default") return this.permission;
    if ((await Notification.requestPermission()) === "granted") this.#make("Tenderwire", WELCOME, "welcome");
    return this.permission;
  }

  show({ notification_id, title, text, url }: NotificationItem): void {
    if (this.permission !== "granted") return;
    // Several hidden tabs show the same one: the tag makes them one notice.
    const notice = this.#make(title, text, notification_id);
    if (notice === undefined) return;
    notice.onclick = () => {
      notice.close();
      window.focus();
      this.#read(notification_id);
      if (url !== "") location.assign(url);
    };
  }

  #make(title: string, body: string, tag: string): Notification | undefined {
    try {
      return new Notification(title, { body, tag, lang: "fr" });
    } catch {
      // Browsers of phones have the class but want a service worker.
      this.#isRefused = true;
      return undefined;
    }
  }
}
