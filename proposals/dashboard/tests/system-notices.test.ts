import { afterEach, expect, test, vi } from "vitest";

import type { NotificationItem } from "../../../realtime/client/src/index.ts";
import { SystemNotices } from "../src/system-notices.ts";

const ITEM: NotificationItem = {
  notification_id: "a",
  kind: "completion",
  title: "Analyse terminée",
  text: "",
  url: "",
  project_id: null,
  operation_id: null,
  created_at: "2026-03-02T09:15:17.209Z",
  read: false,
};

/** The browser's class as on a phone: it is there and may be permitted, but a page must not make one. */
function stubRefusing(permission: NotificationPermission): void {
  class Refusing {
    static permission = permission;
    static requestPermission(): Promise<NotificationPermission> {
      Refusing.permission = "granted";
      return Promise.resolve("granted");
    }
    constructor() {
      throw new TypeError("Illegal constructor");
    }
  }
  vi.stubGlobal("Notification", Refusing);
  vi.stubGlobal("isSecureContext", true);
}

afterEach(() => vi.unstubAllGlobals());

test("a browser that refuses a notice is not offered them any more", () => {
  stubRefusing("granted");
  const notices = new SystemNotices(() => undefined);

  notices.show(ITEM);

  expect(notices.permission).toBe("unsupported");
});

test("whoever asks for notices learns at once that this browser shows none", async () => {
  stubRefusing("default");
  const notices = new SystemNotices(() => undefined);

  expect(await notices.request()).toBe("unsupported");
});

test("a page over plain HTTP has none", () => {
  stubRefusing("granted");
  vi.stubGlobal("isSecureContext", false);

  expect(new SystemNotices(() => undefined).permission).toBe("unsupported");
});
