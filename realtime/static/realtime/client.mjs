// Built from realtime/client/src by "npm run build". Do not edit.

// realtime/client/src/timer.ts
var Timer = class {
  #clock;
  #callback;
  #handle = void 0;
  constructor(clock, callback) {
    this.#clock = clock;
    this.#callback = callback;
  }
  /** Call back once after this time, and not at the time set before. */
  start(ms) {
    this.stop();
    this.#handle = this.#clock.setTimeout(() => {
      this.#handle = void 0;
      this.#callback();
    }, ms);
  }
  stop() {
    if (this.#handle !== void 0) this.#clock.clearTimeout(this.#handle);
    this.#handle = void 0;
  }
};

// realtime/client/src/commands.ts
var COMMAND_TIMEOUT_MS = 3e4;
var COMMANDS_LIMIT = 15;
var CommandError = class extends Error {
  name = "CommandError";
  code;
  constructor(code, message) {
    super(message);
    this.code = code;
  }
};
var Commands = class {
  #clock;
  #send;
  #pending = /* @__PURE__ */ new Map();
  #lastId = 0;
  /** @param send sends now and returns true, or returns false when there is no connection. */
  constructor(clock, send) {
    this.#clock = clock;
    this.#send = send;
  }
  /**
   * Send a command; resolve with the reply's result.
   *
   * @param durable whether it may wait for a connection and be repeated on the next one: for idempotent commands.
   * @throws CommandError (as rejection) when the server refuses or no reply comes.
   */
  request(command, { durable }) {
    if (this.#pending.size >= COMMANDS_LIMIT) {
      return Promise.reject(new CommandError("queue_full", "Too many commands are waiting."));
    }
    const id = ++this.#lastId;
    const text = JSON.stringify({ ...command, id });
    return new Promise((resolve, reject) => {
      const timer = new Timer(this.#clock, () => this.#fail(id, "timeout", "The server did not answer in time."));
      this.#pending.set(id, { text, durable, timer, resolve, reject });
      timer.start(COMMAND_TIMEOUT_MS);
      if (!this.#send(text) && !durable) this.#fail(id, "disconnected", "There is no connection.");
    });
  }
  /** Hand a reply to whom it answers; false when nobody asked. */
  settle(reply) {
    const pending = reply.id === null ? void 0 : this.#take(reply.id);
    if (pending === void 0) return false;
    if (reply.ok) pending.resolve(reply.result);
    else pending.reject(new CommandError(reply.error.code, reply.error.message));
    return true;
  }
  /** A connection is there: send what waits for one. */
  resume() {
    for (const { text } of this.#pending.values()) this.#send(text);
  }
  /** The connection is lost: what cannot be repeated has failed. */
  suspend() {
    for (const [id, { durable }] of [...this.#pending]) {
      if (!durable) this.#fail(id, "disconnected", "The connection was lost before the reply.");
    }
  }
  /** There will be no more connection. */
  close() {
    for (const id of [...this.#pending.keys()]) this.#fail(id, "closed", "The socket is closed.");
  }
  #fail(id, code, message) {
    this.#take(id)?.reject(new CommandError(code, message));
  }
  #take(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.timer.stop();
    return pending;
  }
};

// realtime/client/src/credentials.ts
var CredentialError = class extends Error {
  name = "CredentialError";
  code;
  constructor(code, message, options) {
    super(message, options);
    this.code = code;
  }
};
var Credentials = class {
  #getToken;
  #last;
  #expired;
  constructor(getToken) {
    this.#getToken = getToken;
  }
  /** @throws CredentialError when there is none, or only the one that has expired. */
  async get() {
    const credential = await this.#ask();
    if (credential === null) throw new CredentialError("signed_out", "Nobody is signed in.");
    if (credential === this.#expired) throw new CredentialError("token_expired", "The token is still the expired one.");
    this.#last = credential;
    return credential;
  }
  /** The server says that the last one has expired. */
  markExpired() {
    this.#expired = this.#last;
  }
  async #ask() {
    try {
      return await this.#getToken();
    } catch (cause) {
      throw new CredentialError("token_unavailable", "No token could be had.", { cause });
    }
  }
};

// realtime/client/src/emitter.ts
var Emitter = class {
  #listeners = /* @__PURE__ */ new Map();
  /** Call a listener from now on; return the function that ends it. */
  on(name, listener) {
    const listeners = this.#listeners.get(name) ?? /* @__PURE__ */ new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }
  emit(name, payload) {
    for (const listener of [...this.#listeners.get(name) ?? []]) {
      try {
        listener(payload);
      } catch (error) {
        reportLater(error);
      }
    }
  }
};
function reportLater(error) {
  queueMicrotask(() => {
    throw error;
  });
}

// realtime/client/src/protocol.ts
var PROTOCOL_VERSION = 1;
var SUBPROTOCOL = "tenderwire.v1";
var BEARER_SUBPROTOCOL = "bearer.";
var TICKET_PREFIX = "ticket.";

// realtime/client/src/address.ts
function makeAddress(url, credential, position, baseUrl) {
  const target = new URL(url, baseUrl);
  target.protocol = target.protocol.replace("http", "ws");
  target.hash = "";
  if (position !== void 0) {
    target.searchParams.set("since", String(position.sequence));
    target.searchParams.set("epoch", position.epoch);
  }
  if (!credential.startsWith(TICKET_PREFIX)) {
    return { url: target.href, protocols: [SUBPROTOCOL, BEARER_SUBPROTOCOL + credential] };
  }
  target.searchParams.set("ticket", credential);
  return { url: target.href, protocols: [SUBPROTOCOL] };
}

// realtime/client/src/backoff.ts
var BACKOFF_BASE_MS = 500;
var BACKOFF_LIMIT_MS = 2e4;
var MAX_DOUBLINGS = 16;
function backoffMs(failures, random) {
  const longest = Math.min(BACKOFF_LIMIT_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, MAX_DOUBLINGS));
  return Math.round(random * longest);
}
function retryDelayMs(failures, random, retryAfterMs) {
  if (retryAfterMs === void 0) return backoffMs(failures, random);
  return failures === 0 ? retryAfterMs : Math.max(retryAfterMs, backoffMs(failures, random));
}

// realtime/client/src/closing.ts
var REFUSALS = [1008, 4008];
function judge(code, closing) {
  if (closing === void 0) {
    const refused2 = REFUSALS.includes(code);
    return { reconnect: !refused2, reason: refused2 ? "refused" : "connection_lost", retryAfterMs: void 0 };
  }
  const refused = REFUSALS.includes(code) && closing.code !== "token_expired";
  return {
    reconnect: closing.reconnect && !refused,
    reason: closing.code,
    retryAfterMs: closing.retry_after_ms ?? void 0
  };
}

// realtime/client/src/environment.ts
var wallClock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => clearTimeout(handle)
};
function makeEnvironment(parts) {
  return {
    clock: wallClock,
    random: Math.random,
    WebSocket: globalThis.WebSocket,
    baseUrl: globalThis.location?.href,
    window: globalThis.window,
    document: globalThis.document,
    ...parts
  };
}

// realtime/client/src/link.ts
var Link = class {
  #socket;
  #owner;
  /** @throws DOMException when the browser refuses the URL or the subprotocols. */
  constructor(WebSocket, { url, protocols }, owner) {
    this.#owner = owner;
    this.#socket = new WebSocket(url, protocols);
    this.#socket.onmessage = (event) => this.#owner?.linkMessage(event.data);
    this.#socket.onclose = (event) => {
      const heard = this.#owner;
      this.#owner = void 0;
      heard?.linkClosed(event.code);
    };
  }
  send(text) {
    this.#socket.send(text);
  }
  /** Close without waiting: on a dead link the browser's own close event may take a minute. */
  drop() {
    this.#owner = void 0;
    this.#socket.close();
  }
};

// realtime/client/src/monitor.ts
var PING_AFTER_HEARTBEATS = 1.2;
var DEAD_AFTER_HEARTBEATS = 2.4;
var PROBE_TIMEOUT_MS = 5e3;
var Monitor = class {
  #clock;
  #target;
  #timer;
  #heartbeatMs = 0;
  #heardAt = 0;
  #pinged = false;
  #deadAt = 0;
  constructor(clock, target) {
    this.#clock = clock;
    this.#target = target;
    this.#timer = new Timer(clock, () => this.#check());
  }
  /** Watch a link whose server speaks at least this often. */
  start(heartbeatSeconds) {
    this.#heartbeatMs = heartbeatSeconds * 1e3;
    this.heard();
    this.#check();
  }
  /** Something came. Cheap: it is called for every frame, so it only notes the time. */
  heard() {
    this.#heardAt = this.#clock.now();
    this.#deadAt = this.#heardAt + this.#heartbeatMs * DEAD_AFTER_HEARTBEATS;
    this.#pinged = false;
  }
  /** Ask now, and do not wait long for an answer: the machine may have slept or changed its network. */
  probe() {
    this.#deadAt = Math.min(this.#deadAt, this.#clock.now() + PROBE_TIMEOUT_MS);
    this.#ping();
    this.#check();
  }
  stop() {
    this.#timer.stop();
  }
  #check() {
    const now = this.#clock.now();
    const pingAt = this.#heardAt + this.#heartbeatMs * PING_AFTER_HEARTBEATS;
    if (now >= this.#deadAt) {
      this.stop();
      this.#target.linkIsDead();
      return;
    }
    if (now >= pingAt && !this.#pinged) this.#ping();
    this.#timer.start((this.#pinged ? this.#deadAt : Math.min(pingAt, this.#deadAt)) - now);
  }
  #ping() {
    this.#pinged = true;
    this.#target.ping();
  }
};

// realtime/client/src/refresher.ts
var REFRESH_PAUSE_MS = 3e4;
var SHORTEST_WAIT_MS = 1e3;
var Refresher = class {
  #clock;
  #timer;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  constructor(clock, refresh) {
    this.#clock = clock;
    this.#timer = new Timer(clock, () => {
      this.#refreshedAt = clock.now();
      refresh();
    });
  }
  /** The server says that the credential ends in so many seconds. */
  notice(seconds) {
    const isRecent = this.#clock.now() - this.#refreshedAt < REFRESH_PAUSE_MS;
    this.#timer.start(isRecent ? Math.max(SHORTEST_WAIT_MS, seconds * 500) : 0);
  }
  stop() {
    this.#timer.stop();
  }
};

// realtime/client/src/topic.ts
function skip(state, sequence) {
  return sequence <= state.sequence ? state : { ...state, sequence };
}

// realtime/client/src/wake-signals.ts
function listenForWakeSignals(environment, target) {
  const { window, document } = environment;
  const listening = new AbortController();
  const { signal } = listening;
  window?.addEventListener("offline", () => target.wentOffline(), { signal });
  window?.addEventListener("online", () => target.cameOnline(), { signal });
  document?.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") target.becameVisible();
    },
    { signal }
  );
  return () => listening.abort();
}

// realtime/client/src/live-connection.ts
var CONNECT_TIMEOUT_MS = 1e4;
var CLOSE_TIMEOUT_MS = 3e3;
var STABLE_AFTER_MS = 5e3;
var LiveConnection = class {
  #topic;
  #owner;
  #url;
  #environment;
  #credentials;
  #commands;
  #monitor;
  #refresher;
  #retryTimer;
  #deadline;
  #stableTimer;
  #stopListening;
  #connection = { state: "waiting", reason: null, retryAt: null };
  #dataAsOf = null;
  #state;
  /** Up to where events happened while there was no connection. */
  #missedUntil = 0;
  /** Whether the state may be resumed; after a frame that could not be read only a snapshot will do. */
  #isResumable = false;
  #link;
  #closing;
  /** Tells a step of an attempt that was given up from one of the present attempt. */
  #attempt = 0;
  #failures = 0;
  #isOffline = false;
  /** Connects at once; listeners added in the same turn miss nothing. */
  constructor(topic, { url, getToken, environment = {} }, owner) {
    this.#topic = topic;
    this.#owner = owner;
    const world = makeEnvironment(environment);
    this.#url = url;
    this.#environment = world;
    this.#credentials = new Credentials(getToken);
    this.#commands = new Commands(world.clock, (text) => this.#sendIfLive(text));
    this.#monitor = new Monitor(world.clock, {
      ping: () => this.#sendIfLive("ping"),
      linkIsDead: () => this.#retry("silent")
    });
    this.#refresher = new Refresher(world.clock, () => void this.#refresh());
    this.#retryTimer = new Timer(world.clock, () => void this.#connect());
    this.#deadline = new Timer(world.clock, () => this.#deadlinePassed());
    this.#stableTimer = new Timer(world.clock, () => {
      this.#failures = 0;
    });
    this.#stopListening = listenForWakeSignals(world, {
      wentOffline: () => this.#goOffline(),
      cameOnline: () => this.#wake(),
      becameVisible: () => this.#isOffline || this.#wake()
    });
    queueMicrotask(() => this.#attempt === 0 && void this.#connect());
  }
  get connection() {
    return { ...this.#connection, dataAsOf: this.#dataAsOf };
  }
  /** The state as of `connection.dataAsOf`; undefined before the first snapshot. */
  get state() {
    return this.#state;
  }
  /**
   * Carry out an idempotent command: it waits for a connection and is repeated when the connection breaks.
   *
   * @throws CommandError (as rejection) when the server refuses or no reply comes.
   */
  request(command) {
    return this.#commands.request(command, { durable: true });
  }
  /** End it for good. */
  close() {
    if (this.#connection.state !== "closed") this.#end("closed_here");
  }
  async #connect() {
    this.#release();
    const attempt = this.#attempt;
    this.#closing = void 0;
    this.#deadline.start(CONNECT_TIMEOUT_MS);
    this.#change("connecting");
    try {
      const credential = await this.#credentials.get();
      const url = typeof this.#url === "string" ? this.#url : await this.#url();
      if (attempt !== this.#attempt) return;
      const position = this.#isResumable ? this.#state : void 0;
      const address = makeAddress(url, credential, position, this.#environment.baseUrl);
      this.#link = new Link(this.#environment.WebSocket, address, {
        linkMessage: (data) => this.#take(data),
        linkClosed: (code) => this.#linkClosed(code)
      });
    } catch (error) {
      if (attempt === this.#attempt) this.#connectFailed(error);
    }
  }
  #connectFailed(error) {
    const code = error instanceof CredentialError ? error.code : "cannot_connect";
    this.#owner.errorMet({ code, error });
    if (code === "signed_out") this.#end(code);
    else this.#retry(code);
  }
  #linkClosed(code) {
    const { reconnect, reason, retryAfterMs } = judge(code, this.#closing);
    if (reason === "token_expired") this.#credentials.markExpired();
    if (reconnect) this.#retry(reason, retryAfterMs);
    else this.#end(reason);
  }
  #deadlinePassed() {
    if (this.#closing === void 0) this.#retry("connect_timeout");
    else this.#linkClosed(1006);
  }
  #retry(reason, retryAfterMs) {
    this.#release();
    if (this.#isOffline) {
      this.#change("waiting", "offline");
      return;
    }
    const delayMs = retryDelayMs(this.#failures, this.#environment.random(), retryAfterMs);
    this.#failures += 1;
    this.#retryTimer.start(delayMs);
    this.#change("waiting", reason, new Date(this.#environment.clock.now() + delayMs));
  }
  #end(reason) {
    this.#release();
    this.#stopListening();
    this.#commands.close();
    this.#change("closed", reason);
  }
  /** Let go of the present attempt, wherever it stands. */
  #release() {
    this.#attempt += 1;
    this.#link?.drop();
    this.#link = void 0;
    this.#monitor.stop();
    this.#refresher.stop();
    for (const timer of [this.#retryTimer, this.#deadline, this.#stableTimer]) timer.stop();
    this.#commands.suspend();
  }
  #goOffline() {
    this.#isOffline = true;
    this.#retry("offline");
  }
  #wake() {
    this.#isOffline = false;
    if (this.#connection.state === "waiting") void this.#connect();
    else if (this.#connection.state === "live") this.#monitor.probe();
  }
  #sendIfLive(text) {
    if (this.#link === void 0 || this.#connection.state !== "live") return false;
    this.#link.send(text);
    return true;
  }
  #take(data) {
    this.#monitor.heard();
    if (this.#connection.state === "live") this.#dataAsOf = new Date(this.#environment.clock.now());
    const frame = this.#parse(data);
    if (frame !== void 0) this.#handle(frame);
  }
  #parse(data) {
    try {
      return this.#topic.parse(data);
    } catch (error) {
      this.#isResumable = false;
      this.#owner.errorMet({ code: "protocol_error", error });
      this.#retry("protocol_error");
      return void 0;
    }
  }
  #handle(frame) {
    if (frame.kind === "event") this.#foldEvent(frame.event);
    else if (frame.kind === "snapshot") this.#startFrom(frame.snapshot);
    else if (frame.kind === "control") this.#obey(frame.frame);
    else if (frame.kind === "unknown" && frame.sequence !== null && this.#state !== void 0) {
      this.#state = skip(this.#state, frame.sequence);
    }
  }
  #foldEvent(event) {
    if (this.#state === void 0 || event.sequence <= this.#state.sequence) return;
    this.#state = this.#topic.fold(this.#state, event);
    this.#owner.eventFolded(event, event.sequence <= this.#missedUntil);
    this.#owner.stateChanged(this.#state);
  }
  #startFrom(snapshot) {
    this.#state = this.#topic.start(snapshot);
    this.#isResumable = true;
    this.#goLive();
    this.#owner.stateChanged(this.#state);
  }
  #obey(frame) {
    switch (frame.type) {
      case "welcome":
        if (frame.protocol !== PROTOCOL_VERSION) return this.#end("unsupported_protocol");
        this.#missedUntil = frame.head;
        this.#monitor.start(frame.heartbeat_seconds);
        if (frame.resumed) this.#goLive();
        return;
      case "heartbeat":
        if (this.#state !== void 0 && frame.head > this.#state.sequence) this.#retry("missed_events", 0);
        return;
      case "token_expiring":
        return this.#refresher.notice(frame.seconds);
      case "draining":
        return;
      case "reply":
        if (!this.#commands.settle(frame) && !frame.ok) {
          this.#owner.errorMet({ code: frame.error.code, error: frame.error });
        }
        return;
      case "closing":
        this.#closing = frame;
        return this.#deadline.start(CLOSE_TIMEOUT_MS);
    }
  }
  #goLive() {
    this.#deadline.stop();
    this.#stableTimer.start(STABLE_AFTER_MS);
    this.#dataAsOf = new Date(this.#environment.clock.now());
    this.#change("live");
    this.#commands.resume();
  }
  async #refresh() {
    const attempt = this.#attempt;
    try {
      const token = await this.#credentials.get();
      if (attempt === this.#attempt) await this.#commands.request({ type: "refresh", token }, { durable: false });
    } catch (error) {
      if (attempt === this.#attempt) this.#owner.errorMet({ code: "refresh_failed", error });
    }
  }
  #change(state, reason = null, retryAt = null) {
    this.#connection = { state, reason, retryAt };
    this.#owner.connectionChanged(this.connection);
  }
};

// realtime/client/src/notification-store.ts
var NOTIFICATIONS_LIMIT = 50;
function fromNotificationSnapshot(snapshot) {
  const { epoch, sequence, unread_count, notifications } = snapshot;
  return { epoch, sequence, unread_count, notifications };
}
function foldNotification(state, event) {
  if (event.sequence <= state.sequence) return state;
  const { sequence, unread_count } = event;
  const notifications = event.type === "notification" ? post(state, event) : markRead(state, event);
  return { ...state, sequence, unread_count, notifications };
}
function toItem(event) {
  const { notification_id, kind, title, text, url, project_id, operation_id, timestamp } = event;
  return { notification_id, kind, title, text, url, project_id, operation_id, created_at: timestamp, read: false };
}
function post({ notifications }, event) {
  return [toItem(event), ...notifications].slice(0, NOTIFICATIONS_LIMIT);
}
function markRead({ notifications }, event) {
  const ids = event.notification_ids;
  return notifications.map(
    (item) => ids === "all" || ids.includes(item.notification_id) ? { ...item, read: true } : item
  );
}

// realtime/client/src/checks.ts
var TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
var UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
var isText = (value) => typeof value === "string";
var isFlag = (value) => typeof value === "boolean";
var isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
var isCount = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
var isPercent = (value) => isCount(value) && Number(value) <= 100;
var isSeconds = (value) => typeof value === "number" && value >= 0;
var isScore = (value) => isSeconds(value) && Number(value) <= 1;
var isUuid = (value) => typeof value === "string" && UUID.test(value);
var isTimestamp = (value) => typeof value === "string" && TIMESTAMP.test(value);
var isId = (value) => isText(value) || Number.isSafeInteger(value);
function isOneOf(...values) {
  const allowed = new Set(values);
  return (value) => allowed.has(value);
}
function orNull(check2) {
  return (value) => value === null || check2(value);
}
function isListOf(check2) {
  return (value) => Array.isArray(value) && value.every(check2);
}
function isRecordOf(checks) {
  return (value) => isObject(value) && findBadField(value, checks) === void 0;
}
function findBadField(fields, checks) {
  return Object.keys(checks).find((name) => checks[name]?.(fields[name]) !== true);
}

// realtime/client/src/parse-frame.ts
var ProtocolError = class extends Error {
  name = "ProtocolError";
};
var CONTROL_FRAMES = {
  welcome: {
    protocol: isCount,
    session: isText,
    epoch: isText,
    head: isCount,
    heartbeat_seconds: (value) => isSeconds(value) && value !== 0,
    token_expires_in_seconds: isSeconds,
    resumed: isFlag
  },
  heartbeat: { head: isCount },
  token_expiring: { seconds: isSeconds },
  draining: { closes_in_ms: isCount },
  reply: { id: orNull(isId), ok: isFlag },
  closing: { code: isText, reason: isText, reconnect: isFlag, retry_after_ms: orNull(isCount) }
};
var REPLY_ACCEPTED = { result: isObject };
var REPLY_REFUSED = { error: isRecordOf({ code: isText, message: isText }) };
function makeParser(events, snapshot) {
  return (data) => {
    if (data === "pong") return { kind: "pong" };
    const fields = parseObject(data);
    const type = fields["type"];
    if (typeof type !== "string") throw new ProtocolError("A frame has no type.");
    if (Object.hasOwn(events, type)) return { kind: "event", event: check(fields, events[type]) };
    if (type === "snapshot") return { kind: "snapshot", snapshot: check(fields, snapshot) };
    if (Object.hasOwn(CONTROL_FRAMES, type)) return { kind: "control", frame: checkControl(fields, type) };
    const sequence = fields["sequence"];
    return { kind: "unknown", type, sequence: isCount(sequence) ? Number(sequence) : null };
  };
}
function parseObject(data) {
  if (typeof data !== "string") throw new ProtocolError("A frame is not text.");
  let value;
  try {
    value = JSON.parse(data);
  } catch {
    throw new ProtocolError("A frame is not JSON.");
  }
  if (!isObject(value)) throw new ProtocolError("A frame is not an object.");
  return value;
}
function checkControl(fields, type) {
  if (type === "reply") check(fields, fields["ok"] === true ? REPLY_ACCEPTED : REPLY_REFUSED);
  return check(fields, CONTROL_FRAMES[type]);
}
function check(fields, checks = {}) {
  const bad = findBadField(fields, checks);
  if (bad !== void 0) throw new ProtocolError(`A ${String(fields["type"])} frame has a bad '${bad}'.`);
  return fields;
}

// realtime/client/src/notification-topic.ts
var ENVELOPE = {
  sequence: isCount,
  project_id: orNull(isUuid),
  operation_id: orNull(isUuid),
  attempt: orNull(isCount),
  timestamp: isTimestamp
};
var NOTIFICATION = { notification_id: isUuid, kind: isText, title: isText, text: isText, url: isText };
var isListOfIds = isListOf(isUuid);
var EVENTS = {
  notification: { ...ENVELOPE, ...NOTIFICATION, unread_count: isCount },
  notification_read: {
    ...ENVELOPE,
    notification_ids: (value) => value === "all" || isListOfIds(value),
    unread_count: isCount
  }
};
var ITEM = {
  ...NOTIFICATION,
  project_id: orNull(isUuid),
  operation_id: orNull(isUuid),
  created_at: isTimestamp,
  read: isFlag
};
var SNAPSHOT = { sequence: isCount, epoch: isText, unread_count: isCount, notifications: isListOf(isRecordOf(ITEM)) };
var parseNotificationFrame = makeParser(EVENTS, SNAPSHOT);
var NOTIFICATION_TOPIC = {
  parse: parseNotificationFrame,
  start: fromNotificationSnapshot,
  fold: foldNotification
};

// realtime/client/src/notification-socket.ts
var NotificationSocket = class {
  #emitter = new Emitter();
  #live;
  /** Connects at once; listeners added in the same turn miss nothing. */
  constructor(options) {
    this.#live = new LiveConnection(NOTIFICATION_TOPIC, options, {
      eventFolded: (event, replayed) => this.#tell(event, replayed),
      stateChanged: (state) => this.#emitter.emit("state", state),
      connectionChanged: (connection) => this.#emitter.emit("connection", connection),
      errorMet: (error) => this.#emitter.emit("error", error)
    });
  }
  get connection() {
    return this.#live.connection;
  }
  /** The state as of `connection.dataAsOf`; undefined before the first snapshot. */
  get state() {
    return this.#live.state;
  }
  /** Call a listener from now on; return the function that ends it. */
  on(name, listener) {
    return this.#emitter.on(name, listener);
  }
  /**
   * Mark some notifications (at most 100) or all as read; the state follows with the server's event. Like all commands:
   * waits for a connection, is repeated when the connection breaks, and rejects with `CommandError`.
   */
  async markRead(notificationIds) {
    return await this.#live.request({ type: "read", notification_ids: notificationIds });
  }
  /** Read the state from the database. `state` needs no such reading: it follows by itself. */
  async status() {
    return await this.#live.request({ type: "status" });
  }
  /** End it for good. */
  close() {
    this.#live.close();
  }
  #tell(event, replayed) {
    if (event.type === "notification") this.#emitter.emit("notification", { notification: toItem(event), replayed });
  }
};

// realtime/client/src/store.ts
function fromSnapshot(snapshot) {
  const { epoch, sequence, operations, sections } = snapshot;
  return { epoch, sequence, operations, sections };
}
function fold(state, event) {
  if (event.sequence <= state.sequence) return state;
  const operations = foldOperations(state.operations, event);
  return { ...state, sequence: event.sequence, operations, sections: foldSections(state.sections, event) };
}
function foldOperations(operations, event) {
  if (event.operation_id === null) return operations;
  const known = operations.find((operation) => operation.operation_id === event.operation_id);
  if (event.type === "operation") {
    return replace(operations, changeState(known ?? createOperation(event, event.operation_id), event));
  }
  return known === void 0 ? operations : replace(operations, foldDetail(known, event));
}
function replace(operations, changed) {
  return operations.some((operation) => operation.kind === changed.kind) ? operations.map((operation) => operation.kind === changed.kind ? changed : operation) : [...operations, changed];
}
function createOperation(event, operationId) {
  return {
    operation_id: operationId,
    kind: event.kind,
    status: event.status,
    attempt: event.attempt,
    progress: event.progress,
    eta_seconds: event.eta_seconds,
    requested_by: event.requested_by,
    step: null,
    error: null,
    result: null,
    created_at: event.timestamp,
    started_at: null,
    finished_at: null
  };
}
function changeState(operation, event) {
  const { kind, status, attempt, progress, eta_seconds, requested_by } = event;
  return { ...operation, kind, status, attempt, progress, eta_seconds, requested_by, ...consequencesOf(event) };
}
function consequencesOf(event) {
  switch (event.status) {
    case "pending":
      return { step: null, error: null, result: null, started_at: null, finished_at: null };
    case "running":
      return { step: null, error: null, result: null, started_at: event.timestamp, finished_at: null };
    case "cancelling":
      return {};
    case "succeeded":
    case "failed":
    case "cancelled":
      return { finished_at: event.timestamp };
  }
}
function foldDetail(operation, event) {
  switch (event.type) {
    case "rc_analysis_progress":
    case "matching_progress":
    case "generation_progress":
    case "document_generation_progress": {
      const { progress, eta_seconds, attempt } = event;
      return { ...operation, progress, eta_seconds, attempt, step: stepOf(event) };
    }
    case "error":
      return { ...operation, error: { code: event.code, error: event.error, retryable: event.retryable } };
    case "completion":
      return { ...operation, result: event.result };
    case "section":
    case "section_text":
    case "section_done":
      return operation;
  }
}
function foldSections(sections, event) {
  switch (event.type) {
    case "section":
      return placeSection(sections, event);
    case "section_text":
    case "section_done":
      return sections.map((section) => section.section_id === event.section_id ? foldText(section, event) : section);
    default:
      return sections;
  }
}
function placeSection(sections, event) {
  const before = sections.find((section) => section.section_id === event.section_id);
  const others = sections.filter((section) => section !== before);
  if (event.status === "removed") return others;
  const { section_id, order, title, status, version, locked, edited, words_budget, length, sha256, quality_score } = event;
  const about = { section_id, order, title, status, version, locked, edited, words_budget };
  const text = status === "writing" ? before?.text ?? "" : null;
  return [...others, { ...about, length, sha256, quality_score, text }].sort(compareSections);
}
function compareSections(one, other) {
  return one.order - other.order || (one.section_id < other.section_id ? -1 : 1);
}
function foldText(section, event) {
  if (event.type === "section_done") {
    return { ...section, length: event.length, sha256: event.sha256, quality_score: event.quality_score };
  }
  const kept = section.text === null ? null : cutAt(section.text, event.position);
  return kept === null ? section : { ...section, text: kept + event.text };
}
function cutAt(text, codePoints) {
  let units = 0;
  for (let left = codePoints; left > 0; left -= 1) {
    const sign = text.codePointAt(units);
    if (sign === void 0) return null;
    units += sign > 65535 ? 2 : 1;
  }
  return text.slice(0, units);
}
function stepOf(event) {
  const { type, sequence, project_id, operation_id, attempt, timestamp, progress, eta_seconds, ...step } = event;
  return step;
}

// realtime/client/src/project-topic.ts
var isStatus = isOneOf("pending", "running", "cancelling", "succeeded", "failed", "cancelled");
var isSectionStatus = isOneOf("planned", "writing", "written");
var ENVELOPE2 = {
  sequence: isCount,
  project_id: isUuid,
  operation_id: orNull(isUuid),
  attempt: orNull(isCount),
  timestamp: isTimestamp
};
var PROGRESS = { ...ENVELOPE2, progress: isPercent, eta_seconds: orNull(isSeconds) };
var OPERATION_ERROR = { code: isText, error: isText, retryable: isFlag };
var SECTION = {
  section_id: isUuid,
  order: isCount,
  title: isText,
  version: isCount,
  locked: isFlag,
  edited: isFlag,
  words_budget: isCount,
  length: isCount,
  sha256: isText,
  quality_score: orNull(isScore)
};
var EVENTS2 = {
  rc_analysis_progress: { ...PROGRESS, status: isText, message: isText },
  matching_progress: {
    ...PROGRESS,
    current_requirement: isText,
    requirements_completed: isCount,
    requirements_total: isCount
  },
  generation_progress: {
    ...PROGRESS,
    current_section: isText,
    sections_completed: isCount,
    sections_total: isCount,
    quality_score: orNull(isScore)
  },
  document_generation_progress: { ...PROGRESS, status: isText, message: isText },
  error: { ...ENVELOPE2, operation: isText, ...OPERATION_ERROR },
  completion: { ...ENVELOPE2, operation: isText, result: isObject },
  operation: { ...PROGRESS, kind: isText, status: isStatus, requested_by: orNull(isText) },
  section: { ...ENVELOPE2, ...SECTION, status: (value) => value === "removed" || isSectionStatus(value) },
  section_text: { ...ENVELOPE2, section_id: isUuid, position: isCount, text: isText },
  section_done: { ...ENVELOPE2, section_id: isUuid, length: isCount, sha256: isText, quality_score: orNull(isScore) }
};
var OPERATION_STATE = {
  operation_id: isUuid,
  kind: isText,
  status: isStatus,
  attempt: orNull(isCount),
  progress: isPercent,
  eta_seconds: orNull(isSeconds),
  requested_by: orNull(isText),
  step: orNull(isObject),
  error: orNull(isRecordOf(OPERATION_ERROR)),
  result: orNull(isObject),
  created_at: isTimestamp,
  started_at: orNull(isTimestamp),
  finished_at: orNull(isTimestamp)
};
var SECTION_STATE = { ...SECTION, status: isSectionStatus, text: orNull(isText) };
var SNAPSHOT2 = {
  sequence: isCount,
  epoch: isText,
  operations: isListOf(isRecordOf(OPERATION_STATE)),
  sections: isListOf(isRecordOf(SECTION_STATE))
};
var parseFrame = makeParser(EVENTS2, SNAPSHOT2);
var PROJECT_TOPIC = {
  parse: parseFrame,
  start: fromSnapshot,
  fold
};

// realtime/client/src/project-socket.ts
var ProjectSocket = class {
  #emitter = new Emitter();
  #live;
  /** Connects at once; listeners added in the same turn miss nothing. */
  constructor(options) {
    this.#live = new LiveConnection(PROJECT_TOPIC, options, {
      eventFolded: (event) => this.#emitter.emit("event", event),
      stateChanged: (state) => this.#emitter.emit("state", state),
      connectionChanged: (connection) => this.#emitter.emit("connection", connection),
      errorMet: (error) => this.#emitter.emit("error", error)
    });
  }
  get connection() {
    return this.#live.connection;
  }
  /** The state as of `connection.dataAsOf`; undefined before the first snapshot. */
  get state() {
    return this.#live.state;
  }
  /** Call a listener from now on; return the function that ends it. */
  on(name, listener) {
    return this.#emitter.on(name, listener);
  }
  /**
   * Ask an operation to stop. Like all commands: waits for a connection, is repeated when the connection breaks, and
   * rejects with `CommandError`.
   */
  async cancel(operationId) {
    return await this.#live.request({ type: "cancel", operation_id: operationId });
  }
  /** Start a failed or cancelled operation again. */
  async retry(operationId) {
    return await this.#live.request({ type: "retry", operation_id: operationId });
  }
  /** Read the state from the database. `state` needs no such reading: it follows by itself. */
  async status() {
    return await this.#live.request({ type: "status" });
  }
  /** End it for good. */
  close() {
    this.#live.close();
  }
};
export {
  CommandError,
  CredentialError,
  NOTIFICATIONS_LIMIT,
  NotificationSocket,
  ProjectSocket,
  ProtocolError,
  fold,
  foldNotification,
  fromNotificationSnapshot,
  fromSnapshot,
  parseFrame,
  parseNotificationFrame,
  skip
};
