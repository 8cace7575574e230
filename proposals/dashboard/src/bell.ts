/** The bell of the header: how much is unread, and the latest of it. */

import type { Connection, NotificationItem, NotificationState } from "../../../realtime/client/src/index.ts";
import { describe, isSignedOut } from "./connection-pill.ts";
import { make, need, setText } from "./dom.ts";
import { formatAgo } from "./format.ts";
import type { SystemNotices } from "./system-notices.ts";

/** More than this are not counted out. */
const MOST_SHOWN = 99;

export interface BellActions {
  read(notificationId: string): void;
  /** Rejects when it could not be said to the server. */
  readAll(): Promise<unknown>;
  readonly notices: SystemNotices;
}

export class Bell {
  readonly #root: HTMLElement;
  readonly #actions: BellActions;
  readonly #button: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #list: HTMLElement;
  readonly #status: HTMLElement;
  #state: NotificationState | undefined;

  constructor(root: HTMLElement, actions: BellActions) {
    this.#root = root;
    this.#actions = actions;
    this.#button = need("[data-bell-button]", root);
    this.#panel = need("[data-bell-panel]", root);
    this.#list = need("[data-bell-list]", root);
    this.#status = need("[data-bell-status]", root);
    this.#button.addEventListener("click", () => this.#toggle(this.#panel.hidden !== false));
    need("[data-bell-read-all]", root).addEventListener("click", () => void this.#readAll());
    need("[data-bell-permission]", root).addEventListener("click", () => void this.#askPermission());
    document.addEventListener("click", (event) => this.#closeOutside(event.target));
    root.addEventListener("keydown", (event) => this.#closeByKey(event));
    root.addEventListener("focusout", (event) => this.#closeOutside(event.relatedTarget));
    this.#list.addEventListener("click", (event) => this.#readClicked(event.target));
  }

  show(state: NotificationState): void {
    this.#state = state;
    const { unread_count: unread } = state;
    const count = need("[data-bell-count]", this.#root);
    count.hidden = unread === 0;
    setText(count, unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread));
    this.#button.setAttribute("aria-label", unread === 0 ? "Notifications" : `Notifications, ${sayUnread(unread)}`);
    need("[data-bell-read-all]", this.#root).hidden = unread === 0;
    need("[data-bell-empty]", this.#root).hidden = state.notifications.length > 0;
    if (!this.#panel.hidden) this.#draw();
  }

  /** Say only what is wrong: a bell that is in step needs no words. */
  showConnection(connection: Connection): void {
    const isFine = connection.state === "live" || connection.state === "connecting";
    this.#showNotice(isFine ? "" : describe(connection));
    need("[data-bell-login]", this.#root).hidden = !isSignedOut(connection);
  }

  #showNotice(text: string): void {
    need("[data-bell-connection]", this.#root).hidden = text === "";
    setText(need("[data-bell-notice]", this.#root), text);
  }

  async #readAll(): Promise<void> {
    try {
      await this.#actions.readAll();
    } catch {
      this.#showNotice("Vos notifications n’ont pas pu être marquées comme lues.");
    }
  }

  /** Tell people who listen to the page. */
  announce({ title, text }: NotificationItem): void {
    setText(this.#status, `${title}. ${text}`);
  }

  #toggle(open: boolean): void {
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.#draw();
    this.#showPermission();
  }

  #draw(): void {
    const focused = document.activeElement?.getAttribute("data-notification-id");
    const now = new Date();
    const items = this.#state?.notifications ?? [];
    this.#list.replaceChildren(...items.map((item) => this.#makeItem(item, now)));
    if (focused != null) this.#list.querySelector<HTMLElement>(`[data-notification-id="${focused}"]`)?.focus();
  }

  #makeItem(item: NotificationItem, now: Date): HTMLElement {
    const row = make("li", "bell__item");
    row.dataset["kind"] = item.kind;
    row.toggleAttribute("data-unread", !item.read);
    const link = make("a", "") as HTMLAnchorElement;
    link.href = item.url === "" ? (this.#root.dataset["listUrl"] ?? "") : item.url;
    link.dataset["notificationId"] = item.notification_id;
    const title = make("span", "bell__title", item.title);
    if (!item.read) title.append(make("span", "visually-hidden", " (non lue)"));
    link.append(this.#makeIcon(item.kind), title, make("span", "bell__dot"));
    if (item.text !== "") link.append(make("span", "bell__text", item.text));
    link.append(make("span", "bell__when", formatAgo(new Date(item.created_at), now)));
    row.append(link);
    return row;
  }

  #makeIcon(kind: string): Node {
    const template = this.#root.querySelector<HTMLTemplateElement>(`template[data-bell-icon="${CSS.escape(kind)}"]`);
    return template?.content.cloneNode(true) ?? make("span", "icon");
  }

  #readClicked(target: EventTarget | null): void {
    const link = target instanceof Element ? target.closest<HTMLElement>("[data-notification-id]") : null;
    const id = link?.dataset["notificationId"];
    const item = this.#state?.notifications.find(({ notification_id }) => notification_id === id);
    if (item !== undefined && !item.read) this.#actions.read(item.notification_id);
    // A link to another part of this page leaves the panel open otherwise.
    if (link !== null) this.#toggle(false);
  }

  #closeOutside(target: EventTarget | null): void {
    if (!this.#panel.hidden && target instanceof Node && !this.#root.contains(target)) this.#toggle(false);
  }

  #closeByKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || this.#panel.hidden) return;
    event.stopPropagation();
    this.#toggle(false);
    this.#button.focus();
  }

  async #askPermission(): Promise<void> {
    await this.#actions.notices.request();
    this.#showPermission();
  }

  #showPermission(): void {
    const { permission } = this.#actions.notices;
    need("[data-bell-permission]", this.#root).hidden = permission !== "default";
    need("[data-bell-blocked]", this.#root).hidden = permission !== "denied";
  }
}

function sayUnread(count: number): string {
  return count === 1 ? "1 non lue" : `${count} non lues`;
}
