// Built from proposals/dashboard/src by "npm run build". Do not edit.

// proposals/dashboard/src/notifications.ts
import { NotificationSocket } from "../realtime/client.mjs";

// proposals/dashboard/src/api.ts
var NO_NETWORK = "Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.";
var UNEXPECTED = "Le serveur a répondu de façon inattendue. Réessayez.";
var ApiError = class extends Error {
  name = "ApiError";
  status;
  code;
  /** What the answer tells beside: the fields that are wrong, or what is there now. */
  details;
  constructor(status, code, message, details = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
  /** Whether nobody is signed in any more. */
  get isSignedOut() {
    return this.status === 401 || this.code === "not_authenticated";
  }
};
function post(path, body = {}, headers = {}) {
  return send("POST", path, body, headers);
}
function sendAndLeave(path, body) {
  void fetch(path, { ...withBody("POST", body), credentials: "same-origin", keepalive: true }).catch(() => void 0);
}
async function send(method, path, body, headers = {}) {
  const response = await request(path, withBody(method, body, headers));
  return parse(await response.text());
}
function withBody(method, body, headers = {}) {
  return {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), ...headers },
    body: JSON.stringify(body)
  };
}
async function getFragment(path) {
  const response = await request(path, { headers: { Accept: "text/html" } });
  if (response.redirected) throw new ApiError(401, "not_authenticated", "Votre session est terminée.");
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
function toApiError(status, text) {
  if (status === 0) return new ApiError(0, "network", NO_NETWORK);
  const { code, message, details } = parse(text)?.error ?? {};
  return new ApiError(status, code ?? "unexpected", message ?? UNEXPECTED, details ?? {});
}
function csrfToken() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}
async function request(path, init) {
  const response = await fetch(path, { credentials: "same-origin", ...init }).catch(() => null);
  if (response === null) throw toApiError(0, "");
  if (!response.ok) throw toApiError(response.status, await response.text());
  return response;
}
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// proposals/dashboard/src/dom.ts
function need(selector, root2 = document) {
  const found = root2.querySelector(selector);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
}
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

// proposals/dashboard/src/format.ts
var NBSP = " ";
var MINUTE = 60;
var HOUR = 60 * MINUTE;
var DAY = 24 * HOUR;
function formatAgo(instant, now) {
  const seconds = (now.getTime() - instant.getTime()) / 1e3;
  if (seconds < MINUTE) return "à l’instant";
  if (seconds < HOUR) return `il y a ${Math.floor(seconds / MINUTE)}${NBSP}min`;
  if (seconds < DAY) return `il y a ${Math.floor(seconds / HOUR)}${NBSP}h`;
  const days = Math.floor(seconds / DAY);
  if (days === 1) return "hier";
  return days < 7 ? `il y a ${days}${NBSP}j` : instant.toLocaleDateString("fr-FR", { day: "numeric", month: "long" });
}

// proposals/dashboard/src/connection-pill.ts
var LOGIN_REASONS = /* @__PURE__ */ new Set([
  "signed_out",
  "token_missing",
  "token_invalid",
  "token_expired",
  "user_inactive",
  "access_revoked"
]);
function isSignedOut({ state, reason }) {
  return state === "closed" && LOGIN_REASONS.has(reason ?? "");
}
function describe({ state, reason, retryAt, transport }) {
  switch (state) {
    case "connecting":
      return "Connexion…";
    case "live":
      return transport === "websocket" ? "En direct" : "En direct (HTTP)";
    case "waiting":
      return reason === "offline" || retryAt === null ? "Hors ligne" : `Reconnexion dans ${secondsUntil(retryAt)} s`;
    case "closed":
      return describeEnd(reason ?? "");
  }
}
function describeEnd(reason) {
  if (reason === "access_revoked") return "Accès terminé";
  if (LOGIN_REASONS.has(reason)) return "Session terminée";
  if (reason === "forbidden") return "Projet inaccessible";
  if (reason === "too_many_connections") return "Trop d’onglets ouverts : fermez-en, puis rechargez la page";
  return "Suivi interrompu : rechargez la page";
}
function secondsUntil(instant) {
  return Math.max(0, Math.ceil((instant.getTime() - Date.now()) / 1e3));
}

// proposals/dashboard/src/bell.ts
var MOST_SHOWN = 99;
var Bell = class {
  #root;
  #actions;
  #button;
  #panel;
  #list;
  #status;
  #state;
  constructor(root2, actions) {
    this.#root = root2;
    this.#actions = actions;
    this.#button = need("[data-bell-button]", root2);
    this.#panel = need("[data-bell-panel]", root2);
    this.#list = need("[data-bell-list]", root2);
    this.#status = need("[data-bell-status]", root2);
    this.#button.addEventListener("click", () => this.#toggle(this.#panel.hidden !== false));
    need("[data-bell-read-all]", root2).addEventListener("click", () => void this.#readAll());
    need("[data-bell-permission]", root2).addEventListener("click", () => void this.#askPermission());
    document.addEventListener("click", (event) => this.#closeOutside(event.target));
    root2.addEventListener("keydown", (event) => this.#closeByKey(event));
    root2.addEventListener("focusout", (event) => this.#closeOutside(event.relatedTarget));
    this.#list.addEventListener("click", (event) => this.#readClicked(event.target));
  }
  show(state) {
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
  showConnection(connection) {
    const isFine = connection.state === "live" || connection.state === "connecting";
    this.#showNotice(isFine ? "" : describe(connection));
    need("[data-bell-login]", this.#root).hidden = !isSignedOut(connection);
  }
  #showNotice(text) {
    need("[data-bell-connection]", this.#root).hidden = text === "";
    setText(need("[data-bell-notice]", this.#root), text);
  }
  async #readAll() {
    try {
      await this.#actions.readAll();
    } catch {
      this.#showNotice("Vos notifications n’ont pas pu être marquées comme lues.");
    }
  }
  /** Tell people who listen to the page. */
  announce({ title, text }) {
    setText(this.#status, `${title}. ${text}`);
  }
  #toggle(open) {
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.#draw();
    this.#showPermission();
  }
  #draw() {
    const focused = document.activeElement?.getAttribute("data-notification-id");
    const now = /* @__PURE__ */ new Date();
    const items = this.#state?.notifications ?? [];
    this.#list.replaceChildren(...items.map((item) => this.#makeItem(item, now)));
    if (focused != null) this.#list.querySelector(`[data-notification-id="${focused}"]`)?.focus();
  }
  #makeItem(item, now) {
    const row = make("li", "bell__item");
    row.dataset["kind"] = item.kind;
    row.toggleAttribute("data-unread", !item.read);
    const link = make("a", "");
    link.href = item.url === "" ? this.#root.dataset["listUrl"] ?? "" : item.url;
    link.dataset["notificationId"] = item.notification_id;
    const title = make("span", "bell__title", item.title);
    if (!item.read) title.append(make("span", "visually-hidden", " (non lue)"));
    link.append(this.#makeIcon(item.kind), title, make("span", "bell__dot"));
    if (item.text !== "") link.append(make("span", "bell__text", item.text));
    link.append(make("span", "bell__when", formatAgo(new Date(item.created_at), now)));
    row.append(link);
    return row;
  }
  #makeIcon(kind) {
    const template = this.#root.querySelector(`template[data-bell-icon="${CSS.escape(kind)}"]`);
    return template?.content.cloneNode(true) ?? make("span", "icon");
  }
  #readClicked(target) {
    const link = target instanceof Element ? target.closest("[data-notification-id]") : null;
    const id = link?.dataset["notificationId"];
    const item = this.#state?.notifications.find(({ notification_id }) => notification_id === id);
    if (item !== void 0 && !item.read) this.#actions.read(item.notification_id);
    if (link !== null) this.#toggle(false);
  }
  #closeOutside(target) {
    if (!this.#panel.hidden && target instanceof Node && !this.#root.contains(target)) this.#toggle(false);
  }
  #closeByKey(event) {
    if (event.key !== "Escape" || this.#panel.hidden) return;
    event.stopPropagation();
    this.#toggle(false);
    this.#button.focus();
  }
  async #askPermission() {
    await this.#actions.notices.request();
    this.#showPermission();
  }
  #showPermission() {
    const { permission } = this.#actions.notices;
    need("[data-bell-permission]", this.#root).hidden = permission !== "default";
    need("[data-bell-blocked]", this.#root).hidden = permission !== "denied";
  }
};
function sayUnread(count) {
  return count === 1 ? "1 non lue" : `${count} non lues`;
}

// proposals/dashboard/src/notification-list.ts
var PARTS = ["[data-told-head]", "[data-told-list]"];
var NotificationList = class {
  #page;
  #sequence;
  #isLoading = false;
  #isStale = false;
  /** @param read is told when somebody follows a link of the list. */
  constructor(page, read) {
    this.#page = page;
    page.addEventListener("click", ({ target }) => {
      const link = target instanceof Element ? target.closest("[data-notification-id]") : null;
      const id = link?.dataset["notificationId"];
      if (id !== void 0) read(id);
    });
  }
  /** Show what is new; the first state only when it is another than the page was made from. */
  follow(state) {
    const isShown = this.#sequence === void 0 ? this.#page.dataset["unreadCount"] === String(state.unread_count) : this.#sequence === state.sequence;
    this.#sequence = state.sequence;
    if (!isShown) void this.#refresh();
  }
  /** One request at a time, the last change always. */
  async #refresh() {
    this.#isStale = true;
    if (this.#isLoading) return;
    this.#isLoading = true;
    while (this.#isStale) {
      this.#isStale = false;
      await this.#load();
    }
    this.#isLoading = false;
  }
  async #load() {
    const fresh = await getFragment(location.href).catch(() => void 0);
    if (fresh === void 0) return;
    const focused = document.activeElement?.id ?? "";
    for (const part of PARTS) {
      const [shown, made] = [this.#page.querySelector(part), fresh.querySelector(part)];
      if (shown !== null && made !== null) shown.replaceWith(document.importNode(made, true));
    }
    if (focused !== "" && document.activeElement === document.body) document.getElementById(focused)?.focus();
  }
};

// proposals/dashboard/src/seen.ts
var MOST_IDS = 100;
function seenHere(state, path) {
  return (state?.notifications ?? []).filter(({ read, url }) => !read && url !== "" && pathOf(url) === path).map(({ notification_id }) => notification_id).slice(0, MOST_IDS);
}
function pathOf(url) {
  return url.replace(/[?#].*$/, "");
}

// proposals/dashboard/src/system-notices.ts
var WELCOME = "Vous serez prévenu ici de ce qui se passe quand vous ne regardez pas Tenderwire.";
var SystemNotices = class {
  #read;
  #isRefused = false;
  /** @param read is told when a person opens one. */
  constructor(read) {
    this.#read = read;
  }
  get permission() {
    const isSupported = "Notification" in globalThis && isSecureContext && !this.#isRefused;
    return isSupported ? Notification.permission : "unsupported";
  }
  /** Ask the person, only ever after a click, and show how it will look; `unsupported` where a page may not show any. */
  async request() {
    if (this.permission !== "default") return this.permission;
    if (await Notification.requestPermission() === "granted") this.#make("Tenderwire", WELCOME, "welcome");
    return this.permission;
  }
  show({ notification_id, title, text, url }) {
    if (this.permission !== "granted") return;
    const notice = this.#make(title, text, notification_id);
    if (notice === void 0) return;
    notice.onclick = () => {
      notice.close();
      window.focus();
      this.#read(notification_id);
      if (url !== "") location.assign(url);
    };
  }
  #make(title, body, tag) {
    try {
      return new Notification(title, { body, tag, lang: "fr" });
    } catch {
      this.#isRefused = true;
      return void 0;
    }
  }
};

// proposals/dashboard/src/ticket.ts
async function getTicket() {
  try {
    const { ticket } = await post("/api/realtime/tickets/");
    return ticket;
  } catch (error) {
    if (error instanceof ApiError && error.isSignedOut) return null;
    throw error;
  }
}

// proposals/dashboard/src/visible-tabs.ts
var LOCK = "tenderwire.visible";
function tellVisibility() {
  const locks = findLocks();
  const hold = () => {
    if (document.visibilityState === "visible") void locks?.request(LOCK, { mode: "shared" }, untilHidden);
  };
  document.addEventListener("visibilitychange", hold);
  hold();
}
async function isAnyTabVisible() {
  if (document.visibilityState === "visible") return true;
  const held = (await findLocks()?.query())?.held ?? [];
  return held.some(({ name }) => name === LOCK);
}
function findLocks() {
  return navigator.locks;
}
function untilHidden() {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState === "visible") return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
}

// proposals/dashboard/src/notifications.ts
var root = document.querySelector("[data-bell]");
if (root !== null) start(root);
function start(root2) {
  const socket = new NotificationSocket({ url: "/ws/notifications", getToken: getTicket });
  const read = (id) => sendAndLeave("/api/notifications/read/", { notification_ids: [id] });
  const notices = new SystemNotices(read);
  const bell = new Bell(root2, { read, readAll: () => socket.markRead("all"), notices });
  const page = document.querySelector("[data-notification-page]");
  const list = page === null ? void 0 : new NotificationList(page, read);
  const readWhatIsSeen = () => {
    const ids = document.visibilityState === "visible" ? seenHere(socket.state, location.pathname) : [];
    if (ids.length > 0) void socket.markRead(ids).catch(() => void 0);
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
