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
  get isRunning() {
    return this.#handle !== void 0;
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
var TOKEN_EXPIRED = "token_expired";
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
      const timer = new Timer(this.#clock, () => this.#timedOut(id));
      this.#pending.set(id, { text, durable, timer, refusal: void 0, resolve, reject });
      timer.start(COMMAND_TIMEOUT_MS);
      if (!this.#send(text) && !durable) this.#fail(id, "disconnected", "There is no connection.");
    });
  }
  /**
   * Hand a reply to whom it answers; false when nobody asked.
   *
   * @param isInBand whether it came on the connection, whose credential is about to be replaced; each command over HTTP
   *   has shown one of its own.
   */
  settle(reply, { isInBand }) {
    const pending = reply.id === null ? void 0 : this.#pending.get(reply.id);
    if (reply.id === null || pending === void 0) return false;
    if (reply.ok) this.#take(reply.id)?.resolve(reply.result);
    else {
      const refusal = new CommandError(reply.error.code, reply.error.message);
      if (isInBand && pending.durable && refusal.code === TOKEN_EXPIRED) pending.refusal = refusal;
      else this.#take(reply.id)?.reject(refusal);
    }
    return true;
  }
  /** A connection is there: send what waits for one. */
  resume() {
    for (const pending of this.#pending.values()) this.#repeat(pending);
  }
  /** The connection has a fresh credential: send what was refused for the old one. */
  repeatRefused() {
    for (const pending of this.#pending.values()) if (pending.refusal !== void 0) this.#repeat(pending);
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
  #repeat(pending) {
    if (this.#send(pending.text)) pending.refusal = void 0;
  }
  #timedOut(id) {
    const { refusal } = this.#pending.get(id) ?? {};
    this.#fail(id, refusal?.code ?? "timeout", refusal?.message ?? "The server did not answer in time.");
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
var REMEMBERED = 8;
var Credentials = class {
  #getToken;
  #expired = /* @__PURE__ */ new Set();
  constructor(getToken) {
    this.#getToken = getToken;
  }
  /** @throws CredentialError when there is none, or only one that has expired. */
  async get() {
    const credential = await this.#ask();
    if (credential === null) throw new CredentialError("signed_out", "Nobody is signed in.");
    if (this.#expired.has(credential)) throw new CredentialError("token_expired", "The token is still an expired one.");
    return credential;
  }
  /** The server says that this one has expired. */
  markExpired(credential) {
    this.#expired.add(credential);
    const [oldest] = this.#expired;
    if (this.#expired.size > REMEMBERED && oldest !== void 0) this.#expired.delete(oldest);
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

// realtime/client/src/http-addresses.ts
var AddressError = class extends Error {
  name = "AddressError";
};
var SOCKET_PATH = /^(.*)\/ws\/(.+?)\/?$/;
function findHttpAddresses(url, baseUrl, paths, given = {}) {
  const socket = new URL(url, baseUrl);
  socket.protocol = socket.protocol.replace("ws", "http");
  socket.hash = "";
  const find = (name) => {
    const asked = given[name];
    const address = asked === void 0 ? makeAddress(socket, paths[name]) : new URL(asked, baseUrl);
    if (address.protocol !== socket.protocol) throw new AddressError(`${address.href} is not ${socket.protocol}`);
    return address.href;
  };
  return { stream: find("stream"), events: find("events"), state: find("state"), commands: find("commands") };
}
function makeAddress(socket, path) {
  const [, prefix, topic] = SOCKET_PATH.exec(socket.pathname) ?? [];
  if (topic === void 0) throw new AddressError(`No HTTP address follows from ${socket.pathname}.`);
  const address = new URL(socket);
  address.pathname = `${prefix}/api/${topic}/${path}`;
  return address;
}

// realtime/client/src/addresses.ts
var Addresses = class {
  #url;
  #findHttp;
  #hasHttp = true;
  /**
   * @param paths where the HTTP addresses are, below that of the topic in the API.
   * @param given HTTP addresses that do not follow from the socket's.
   */
  constructor(url, baseUrl, paths, given) {
    this.#url = url;
    this.#findHttp = (socketUrl) => findHttpAddresses(socketUrl, baseUrl, paths, given);
  }
  /** Whether there are HTTP addresses beside the last URL that was asked for. */
  get hasHttp() {
    return this.#hasHttp;
  }
  /** Return the URL of the socket. */
  async socket() {
    const url = typeof this.#url === "string" ? this.#url : await this.#url();
    try {
      this.#findHttp(url);
      this.#hasHttp = true;
    } catch {
      this.#hasHttp = false;
    }
    return url;
  }
  /** @throws AddressError when there are none, or the socket's URL could not be had. */
  async http() {
    try {
      return this.#findHttp(await this.socket());
    } catch (cause) {
      throw cause instanceof AddressError ? cause : new AddressError("The URL could not be had.", { cause });
    }
  }
};

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
    const reason = refused2 ? "refused" : "connection_lost";
    return { reconnect: !refused2, reason, retryAfterMs: void 0 };
  }
  const refused = REFUSALS.includes(code) && closing.code !== "token_expired";
  return {
    reconnect: closing.reconnect && !refused,
    reason: closing.code,
    retryAfterMs: closing.retry_after_ms ?? void 0
  };
}

// realtime/client/src/link.ts
var LOST = 1006;

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

// realtime/client/src/protocol.ts
var PROTOCOL_VERSION = 1;
var SUBPROTOCOL = "tenderwire.v1";
var BEARER_SUBPROTOCOL = "bearer.";
var TICKET_PREFIX = "ticket.";

// realtime/client/src/refresher.ts
var REFRESH_PAUSE_MS = 3e4;
var SHORTEST_WAIT_MS = 1e3;
var Refresher = class {
  #clock;
  #timer;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #endsAt = 0;
  constructor(clock, refresh) {
    this.#clock = clock;
    this.#timer = new Timer(clock, () => {
      this.#refreshedAt = clock.now();
      refresh();
    });
  }
  /** The server says that the credential ends in so many seconds. */
  notice(seconds) {
    const now = this.#clock.now();
    this.#endsAt = now + seconds * 1e3;
    if (now - this.#refreshedAt < REFRESH_PAUSE_MS) this.#startAtHalfTime();
    else this.#timer.start(0);
  }
  /** The refresh did not succeed: try again while there is time. */
  failed() {
    const hasTime = this.#endsAt - this.#clock.now() > SHORTEST_WAIT_MS;
    if (hasTime && !this.#timer.isRunning) this.#startAtHalfTime();
  }
  stop() {
    this.#timer.stop();
  }
  #startAtHalfTime() {
    this.#timer.start(Math.max(SHORTEST_WAIT_MS, (this.#endsAt - this.#clock.now()) / 2));
  }
};

// realtime/client/src/event-stream-parser.ts
var EventStreamParser = class {
  #listener;
  /** The line that has not ended yet. */
  #rest = "";
  #data = [];
  constructor(listener) {
    this.#listener = listener;
  }
  /** Take what came next. */
  push(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line);
  }
  #take(line) {
    if (line === "") this.#dispatch();
    else if (line.startsWith(":")) this.#listener.comment(line.slice(1).trimStart());
    else if (line.startsWith("data:")) this.#data.push(line.slice(5).replace(/^ /, ""));
  }
  #dispatch() {
    const data = this.#data;
    this.#data = [];
    if (data.length > 0) this.#listener.message(data.join("\n"));
  }
};

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

// realtime/client/src/http-refusal.ts
var HttpRefusal = class extends Error {
  name = "HttpRefusal";
  status;
  /** From the API's error. */
  code;
  retryAfterMs;
  constructor(status, code, message, retryAfterMs) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
};
async function readRefusal(response) {
  const body = await response.json().catch(() => void 0);
  const error = isObject(body) ? body["error"] : void 0;
  if (!isObject(error) || !isText(error["code"])) return void 0;
  const retryAfterMs = Number(response.headers.get("Retry-After") ?? Number.NaN) * 1e3;
  return new HttpRefusal(
    response.status,
    String(error["code"]),
    String(error["message"] ?? ""),
    Number.isFinite(retryAfterMs) ? retryAfterMs : null
  );
}
var FINAL = ["user_inactive"];
function toClosing({ status, code, message, retryAfterMs }) {
  const say = (word, reconnect, closeCode) => ({
    closing: {
      type: "closing",
      code: word,
      reason: message,
      reconnect,
      retry_after_ms: reconnect ? retryAfterMs : null
    },
    closeCode
  });
  if (status === 401) return FINAL.includes(code) ? say(code, false, 1008) : say("token_expired", true, 1008);
  if (status === 403 || status === 404) return say("forbidden", false, 1008);
  if (status === 503) return say("restart", true, 1012);
  return say(code, code !== "too_many_connections", status === 429 ? 1013 : 1011);
}

// realtime/client/src/address.ts
function makeAddress2(url, credential, position, baseUrl) {
  const target = new URL(url, baseUrl);
  target.protocol = target.protocol.replace("http", "ws");
  target.hash = "";
  addPosition(target, position);
  if (!credential.startsWith(TICKET_PREFIX)) {
    return { url: target.href, protocols: [SUBPROTOCOL, BEARER_SUBPROTOCOL + credential] };
  }
  target.searchParams.set("ticket", credential);
  return { url: target.href, protocols: [SUBPROTOCOL] };
}
function addPosition(target, position) {
  if (position === void 0) return;
  target.searchParams.set("since", String(position.sequence));
  target.searchParams.set("epoch", position.epoch);
}

// realtime/client/src/http-requests.ts
var HttpRequests = class {
  #context;
  #leaving = new AbortController();
  /** The one that was shown last. */
  credential;
  constructor(context) {
    this.#context = context;
  }
  /**
   * Return a good answer.
   *
   * @throws CredentialError when there is no credential.
   * @throws AddressError when there is no address.
   * @throws HttpRefusal when the server refuses.
   * @throws TypeError when nothing, or nothing of the server's own, came back.
   */
  async send(where, { position, waitSeconds, body } = {}) {
    const { credentials, addresses, environment } = this.#context;
    const { fetch } = environment;
    if (fetch === void 0) throw new AddressError("There is no fetch here.");
    const credential = await credentials.get();
    const url = new URL((await addresses.http())[where]);
    addPosition(url, position);
    if (waitSeconds !== void 0) url.searchParams.set("wait", String(waitSeconds));
    this.credential = credential;
    const headers = { Authorization: `Bearer ${credential}` };
    if (body !== void 0) headers["Content-Type"] = "application/json";
    const response = await fetch(url.href, {
      method: body === void 0 ? "GET" : "POST",
      headers,
      body: body ?? null,
      cache: "no-store",
      signal: this.#leaving.signal
    });
    if (response.ok) return response;
    throw await readRefusal(response) ?? new TypeError(`Something on the way answered ${response.status}.`);
  }
  /** End all of them. */
  abort() {
    this.#leaving.abort();
  }
};

// realtime/client/src/http-commands.ts
var HttpCommands = class {
  #context;
  #requests;
  #owner;
  constructor(context, owner) {
    this.#context = context;
    this.#requests = new HttpRequests(context);
    this.#owner = owner;
  }
  send(text) {
    void this.#send(text);
  }
  drop() {
    this.#owner = void 0;
    this.#requests.abort();
  }
  async #send(text) {
    try {
      this.#owner?.replied(await this.#post(text));
    } catch (error) {
      const code = codeOf(error);
      if (code === void 0) this.#owner?.lost();
      else this.#owner?.replied(refuse(text, code, error.message));
    }
  }
  /** A credential that has just expired is replaced once; it did not carry the command out. */
  async #post(text) {
    const post2 = async () => (await this.#requests.send("commands", { body: text })).text();
    try {
      return await post2();
    } catch (error) {
      if (!(error instanceof HttpRefusal && error.status === 401)) throw error;
      const { credential } = this.#requests;
      if (credential !== void 0) this.#context.credentials.markExpired(credential);
      return post2();
    }
  }
};
function codeOf(error) {
  if (error instanceof CredentialError) return error.code;
  return error instanceof HttpRefusal && error.status !== 503 ? error.code : void 0;
}
function refuse(command, code, message) {
  const { id } = JSON.parse(command);
  const reply = { type: "reply", id, ok: false, error: { code, message } };
  return JSON.stringify(reply);
}

// realtime/client/src/http-link.ts
var HttpLink = class {
  context;
  requests;
  /** Undefined once it is over. */
  owner;
  #commands;
  constructor(context, owner) {
    this.context = context;
    this.owner = owner;
    this.requests = new HttpRequests(context);
    this.#commands = new HttpCommands(context, {
      replied: (text) => this.owner?.linkSaid(text),
      lost: () => this.#close(LOST)
    });
  }
  get credential() {
    return this.requests.credential;
  }
  open() {
    void this.#run();
  }
  send(text) {
    this.#commands.send(text);
  }
  drop() {
    this.owner = void 0;
    this.requests.abort();
    this.#commands.drop();
  }
  async #run() {
    try {
      await this.follow();
      this.#close(LOST);
    } catch (error) {
      this.#fail(error);
    }
  }
  #fail(error) {
    if (error instanceof CredentialError || error instanceof AddressError) {
      const heard = this.owner;
      this.drop();
      heard?.linkFailed(error);
    } else if (error instanceof HttpRefusal) {
      const { closing, closeCode } = toClosing(error);
      this.owner?.linkSaid(JSON.stringify(closing));
      this.#close(closeCode);
    } else this.#close(LOST);
  }
  #close(code) {
    const heard = this.owner;
    this.drop();
    heard?.linkClosed(code);
  }
};

// realtime/client/src/event-stream-link.ts
var HEARTBEAT = /^heartbeat (\d+)$/;
var EventStreamLink = class extends HttpLink {
  async follow() {
    const response = await this.requests.send("stream", { position: this.context.position() });
    const isStream = response.headers.get("Content-Type")?.startsWith("text/event-stream") ?? false;
    if (!isStream || response.body === null) throw new TypeError("This is no stream of events.");
    const parser = new EventStreamParser({
      message: (data) => this.owner?.linkSaid(data),
      comment: (text) => this.#hearComment(text)
    });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parser.push(decoder.decode(chunk.value, { stream: true }));
    }
  }
  /** A heartbeat is a comment here, because an `EventSource` would tell its page of a message. */
  #hearComment(text) {
    const [, head] = HEARTBEAT.exec(text) ?? [];
    if (head === void 0) return this.owner?.linkBreathed();
    const heartbeat = { type: "heartbeat", head: Number(head) };
    this.owner?.linkSaid(JSON.stringify(heartbeat));
  }
};

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

// realtime/client/src/poll-link.ts
var POLL_WAIT_SECONDS = 25;
var POLL_PAUSE_MS = 1e3;
var isAnswer = isRecordOf({
  epoch: isText,
  head: isCount,
  complete: isFlag,
  events: isListOf(isRecordOf({ sequence: isCount }))
});
var isState = isRecordOf({ epoch: isText, sequence: isCount });
var PollLink = class extends HttpLink {
  #pause = new Timer(this.context.environment.clock, () => this.#endPause());
  #endPause = () => void 0;
  #isWelcome = false;
  drop() {
    super.drop();
    this.#pause.stop();
  }
  async follow() {
    let position = this.context.position() ?? await this.#readState();
    while (this.owner !== void 0) {
      const askedAt = this.context.environment.clock.now();
      position = await this.#ask(position);
      await this.#restUntil(askedAt + POLL_PAUSE_MS);
    }
  }
  /** Ask once for what follows a position; return the position after it. */
  async #ask(position) {
    const waitSeconds = this.#isWelcome ? POLL_WAIT_SECONDS : 0;
    const answer = await (await this.requests.send("events", { position, waitSeconds })).json();
    if (!isAnswer(answer)) throw new ProtocolError("This is no list of events.");
    const { complete, epoch, head, events } = answer;
    if (!complete || epoch !== position.epoch) return this.#readState();
    this.#welcome(epoch, head, true);
    this.owner?.linkBreathed();
    for (const event of events) this.owner?.linkSaid(JSON.stringify(event));
    return { epoch, sequence: events.at(-1)?.sequence ?? position.sequence };
  }
  /** Start from the state, as a snapshot does. */
  async #readState() {
    const state = await (await this.requests.send("state")).json();
    if (!isState(state)) throw new ProtocolError("This is no state.");
    const { epoch, sequence } = state;
    this.#welcome(epoch, sequence, false);
    this.owner?.linkSaid(JSON.stringify({ ...state, type: "snapshot" }));
    return { epoch, sequence };
  }
  #welcome(epoch, head, resumed) {
    if (this.#isWelcome) return;
    this.#isWelcome = true;
    const welcome = {
      type: "welcome",
      protocol: PROTOCOL_VERSION,
      session: "",
      epoch,
      head,
      heartbeat_seconds: POLL_WAIT_SECONDS,
      // Each request brings its own credential.
      token_expires_in_seconds: 0,
      resumed
    };
    this.owner?.linkSaid(JSON.stringify(welcome));
  }
  #restUntil(instant) {
    return new Promise((resolve) => {
      this.#endPause = resolve;
      const restMs = Math.max(0, instant - this.context.environment.clock.now());
      if (this.owner !== void 0) this.#pause.start(restMs);
    });
  }
};

// realtime/client/src/web-socket-link.ts
var NORMAL_CLOSURE = 1e3;
var WebSocketLink = class {
  #context;
  #owner;
  #socket;
  credential;
  constructor(context, owner) {
    this.#context = context;
    this.#owner = owner;
  }
  open() {
    void this.#open();
  }
  send(text) {
    this.#socket?.send(text);
  }
  /** On a dead link the browser's own close event may take a minute; nobody waits for it. */
  drop() {
    this.#owner = void 0;
    this.#socket?.close(NORMAL_CLOSURE);
  }
  async #open() {
    try {
      const { credentials, addresses } = this.#context;
      const credential = await credentials.get();
      const url = await addresses.socket();
      if (this.#owner !== void 0) this.#connect(url, credential);
    } catch (error) {
      this.#owner?.linkFailed(error);
    }
  }
  /** @throws DOMException when the browser refuses the URL or the subprotocols. */
  #connect(socketUrl, credential) {
    const { environment, position } = this.#context;
    const { url, protocols } = makeAddress2(socketUrl, credential, position(), environment.baseUrl);
    this.credential = credential;
    this.#socket = new environment.WebSocket(url, protocols);
    this.#socket.onmessage = (event) => this.#owner?.linkSaid(event.data);
    this.#socket.onclose = (event) => {
      const heard = this.#owner;
      this.#owner = void 0;
      heard?.linkClosed(event.code);
    };
  }
};

// realtime/client/src/transports.ts
var TRANSPORTS = ["websocket", "sse", "poll"];
function makeLink(transport, context, owner) {
  if (transport === "websocket") return new WebSocketLink(context, owner);
  return transport === "sse" ? new EventStreamLink(context, owner) : new PollLink(context, owner);
}

// realtime/client/src/conversation.ts
var CONNECT_TIMEOUT_MS = 1e4;
var CLOSE_TIMEOUT_MS = 3e3;
var SUCCEED_BEFORE_MS = 3e4;
var LONGEST_TIMER_MS = 2 ** 31 - 1;
var Conversation = class {
  transport;
  #context;
  #parse;
  #owner;
  #link;
  #monitor;
  #refresher;
  #deadline;
  #renewal;
  #closing;
  /** The credential of an accepted `refresh`. */
  #refreshed;
  #position = 0;
  #isLive = false;
  #hasSpoken = false;
  constructor(transport, context, parse, owner) {
    const { clock } = context.environment;
    this.transport = transport;
    this.#context = context;
    this.#parse = parse;
    this.#owner = owner;
    this.#link = makeLink(transport, { ...context, position: () => this.#findPosition() }, this);
    this.#monitor = new Monitor(clock, {
      ping: () => this.isInBand ? this.#link.send("ping") : this.#owner?.mustSucceed("silence"),
      linkIsDead: () => this.#endWith("silent")
    });
    this.#refresher = new Refresher(clock, () => void this.#refresh());
    this.#deadline = new Timer(clock, () => this.#deadlinePassed());
    this.#renewal = new Timer(clock, () => this.#owner?.mustSucceed("credential"));
  }
  /** Whether the state is up to date, or becomes so by the events that follow at once. */
  get isLive() {
    return this.#isLive;
  }
  /** Whether the server has said anything. */
  get hasSpoken() {
    return this.#hasSpoken;
  }
  /** Whether the server was asked anything. */
  get wasTried() {
    return this.#link.credential !== void 0;
  }
  /** Sequence up to which everything was heard on this link, or before it. */
  get position() {
    return this.#position;
  }
  open() {
    this.#deadline.start(CONNECT_TIMEOUT_MS);
    this.#link.open();
  }
  send(text) {
    this.#link.send(text);
  }
  /** Ask for a sign of life: the machine may have slept or changed its network. */
  probe() {
    if (this.isInBand) this.#monitor.probe();
    else this.#owner?.mustSucceed("probe");
  }
  /** Leave; nothing more is heard. */
  drop() {
    this.#owner = void 0;
    this.#link.drop();
    this.#monitor.stop();
    this.#refresher.stop();
    this.#deadline.stop();
    this.#renewal.stop();
  }
  linkSaid(text) {
    this.linkBreathed();
    const frame = this.#read(text);
    if (frame === void 0) return;
    this.#hasSpoken = true;
    if (frame.kind === "control") this.#obey(frame.frame);
    else this.#pass(frame);
  }
  linkBreathed() {
    this.#monitor.heard();
    this.#owner?.heard();
  }
  linkClosed(code) {
    const verdict = judge(code, this.#closing);
    const credential = this.#refreshed ?? this.#link.credential;
    if (verdict.reason === "token_expired" && credential !== void 0) {
      this.#context.credentials.markExpired(credential);
    }
    this.#end(verdict);
  }
  linkFailed(error) {
    const reason = error instanceof CredentialError ? error.code : "cannot_connect";
    this.#endWith(reason, { reconnect: reason !== "signed_out", error });
  }
  /** Whether commands go on the link itself; over HTTP, `ping` and `refresh` have no meaning. */
  get isInBand() {
    return this.transport === "websocket";
  }
  #findPosition() {
    const position = this.#context.position();
    this.#position = position?.sequence ?? 0;
    return position;
  }
  #read(text) {
    try {
      return this.#parse(text);
    } catch (error) {
      this.#endWith("protocol_error", { error });
      return void 0;
    }
  }
  #pass(frame) {
    if (frame.kind === "event") this.#position = Math.max(this.#position, frame.event.sequence);
    else if (frame.kind === "unknown") this.#position = Math.max(this.#position, frame.sequence ?? 0);
    else if (frame.kind === "snapshot") {
      this.#position = frame.snapshot.sequence;
      this.#goLive();
    }
    this.#owner?.said(frame);
  }
  #obey(frame) {
    switch (frame.type) {
      case "welcome":
        return this.#greet(frame);
      case "heartbeat":
        if (this.#isLive && frame.head > this.#position) this.#endWith("missed_events", { retryAfterMs: 0 });
        return;
      case "token_expiring":
        return this.isInBand ? this.#refresher.notice(frame.seconds) : this.#owner?.mustSucceed("credential");
      case "draining":
        return this.#owner?.mustSucceed("draining");
      case "reply":
        return this.#owner?.replied(frame);
      case "closing":
        this.#closing = frame;
        return this.#deadline.start(CLOSE_TIMEOUT_MS);
    }
  }
  #greet(welcome) {
    if (welcome.protocol !== PROTOCOL_VERSION) return this.#endWith("unsupported_protocol", { reconnect: false });
    this.#monitor.start(welcome.heartbeat_seconds);
    if (this.transport === "sse") {
      const leftMs = welcome.token_expires_in_seconds * 1e3;
      this.#renewal.start(Math.min(LONGEST_TIMER_MS, Math.max(leftMs - SUCCEED_BEFORE_MS, leftMs / 2)));
    }
    if (welcome.resumed) this.#goLive();
    this.#owner?.welcomed(welcome);
  }
  #goLive() {
    this.#isLive = true;
    this.#deadline.stop();
  }
  async #refresh() {
    const { credentials } = this.#context;
    let token;
    try {
      token = await credentials.get();
      await this.#owner?.refresh(token);
      this.#refreshed = token;
    } catch (error) {
      if (this.#owner === void 0) return;
      const isExpired = error instanceof CommandError && error.code === "token_expired";
      if (isExpired && token !== void 0) credentials.markExpired(token);
      this.#refresher.failed();
      this.#owner.refreshFailed(error);
    }
  }
  #deadlinePassed() {
    if (this.#closing === void 0) this.#endWith("connect_timeout", { hasTimedOut: true });
    else this.linkClosed(LOST);
  }
  #endWith(reason, more = {}) {
    this.#end({ reconnect: true, retryAfterMs: void 0, ...more, reason });
  }
  #end(end) {
    const heard = this.#owner;
    this.drop();
    heard?.ended(end);
  }
};

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
    fetch: globalThis.fetch?.bind(globalThis),
    storage: findStorage(),
    baseUrl: globalThis.location?.href,
    window: globalThis.window,
    document: globalThis.document,
    ...parts
  };
}
function findStorage() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return void 0;
  }
}

// realtime/client/src/succession.ts
var ENDING = ["draining", "credential"];
var FULL = "too_many_connections";
var Succession = class {
  #environment;
  #make;
  #again;
  #talk;
  #cause = "draining";
  #failures = 0;
  /** What to try until it succeeds: the present conversation will end. */
  #needed;
  constructor(environment, make) {
    this.#environment = environment;
    this.#make = make;
    this.#again = new Timer(environment.clock, () => this.#begin());
  }
  /** The one that is being opened; undefined when there is none. */
  get talk() {
    return this.#talk;
  }
  /** Why it is being opened. */
  get cause() {
    return this.#cause;
  }
  /** Open a second conversation, unless that is being done. */
  start(transport, cause) {
    if (ENDING.includes(cause)) this.#needed = { transport, cause };
    if (this.#talk !== void 0) return;
    this.#cause = cause;
    this.#open(transport);
  }
  /** The second has ended: try again if it is needed, and if it may. */
  failed({ reconnect, reason, retryAfterMs }) {
    this.#talk = void 0;
    if (!reconnect && reason !== FULL) this.#needed = void 0;
    if (this.#needed === void 0) return;
    this.#again.start(retryDelayMs(this.#failures, this.#environment.random(), retryAfterMs));
    this.#failures += 1;
  }
  /** Return the second, which is the present one from now on. */
  finish() {
    const talk = this.#talk;
    this.#talk = void 0;
    this.stop();
    return talk;
  }
  /** Let go of the second: the present one has ended. */
  stop() {
    this.#talk?.drop();
    this.#talk = void 0;
    this.#again.stop();
    this.#needed = void 0;
    this.#failures = 0;
  }
  #begin() {
    if (this.#needed !== void 0) this.start(this.#needed.transport, this.#needed.cause);
  }
  #open(transport) {
    this.#talk = this.#make(transport);
    this.#talk.open();
  }
};

// realtime/client/src/topic.ts
function skip(state, sequence) {
  return sequence <= state.sequence ? state : { ...state, sequence };
}

// realtime/client/src/topic-state.ts
var TopicState = class {
  #topic;
  #current;
  #isSure = false;
  constructor(topic) {
    this.#topic = topic;
  }
  get current() {
    return this.#current;
  }
  /** Where to resume; undefined when only a snapshot will do. */
  get position() {
    return this.#isSure ? this.#current : void 0;
  }
  /** Sequence of the last event; 0 before there is a state. */
  get sequence() {
    return this.#current?.sequence ?? 0;
  }
  /** Something was lost: from here on only a snapshot will do. */
  doubt() {
    this.#isSure = false;
  }
  /** Take a snapshot in place of everything. */
  start(snapshot) {
    this.#current = this.#topic.start(snapshot);
    this.#isSure = true;
    return this.#current;
  }
  /**
   * Take a snapshot unless the state is further on in the same numbering: events that were told must not come again.
   * Return the state if it changed.
   */
  advance(snapshot) {
    const { epoch, sequence } = this.#topic.start(snapshot);
    return epoch === this.#current?.epoch && sequence <= this.sequence ? void 0 : this.start(snapshot);
  }
  /** Fold an event; return the state if it changed. */
  fold(event) {
    if (this.#current === void 0 || event.sequence <= this.sequence) return void 0;
    this.#current = this.#topic.fold(this.#current, event);
    return this.#current;
  }
  /** Pass over an event of a type that is not known. */
  skip(sequence) {
    if (this.#current !== void 0 && sequence !== null) this.#current = skip(this.#current, sequence);
  }
};

// realtime/client/src/transport-chooser.ts
var STRIKES = 2;
var UPGRADE_BASE_MS = 3e4;
var UPGRADE_LIMIT_MS = 3e5;
var TransportChooser = class {
  #allowed;
  #memory;
  #current;
  /** Those over which the server was heard. */
  #proven = /* @__PURE__ */ new Set();
  #strikes = 0;
  #upgradeMs = UPGRADE_BASE_MS;
  /** @param allowed in order of preference; at least one. */
  constructor(allowed, memory) {
    this.#allowed = allowed;
    this.#memory = memory;
    this.#current = memory.recall(allowed) ?? this.preferred;
  }
  /** The one to try next. */
  get current() {
    return this.#current;
  }
  get preferred() {
    return this.#allowed[0] ?? "websocket";
  }
  /** The one behind another in the order; the last has none behind it and stands for itself. */
  after(transport) {
    return this.#allowed[this.#allowed.indexOf(transport) + 1] ?? transport;
  }
  /** A connection over a transport is live. */
  settle(transport) {
    this.#current = transport;
    this.#proven.add(transport);
    this.#strikes = 0;
    if (transport === this.preferred) this.#upgradeMs = UPGRADE_BASE_MS;
    this.#memory.keep(transport);
  }
  /** A try to connect over the current transport has ended. */
  ended({ hasSpoken, hasTimedOut, hasHttp }) {
    if (hasSpoken) {
      this.#strikes = 0;
      return;
    }
    this.#strikes += hasTimedOut ? STRIKES : 1;
    const isTrusted = this.#current === this.preferred || this.#proven.has(this.#current);
    if (this.#strikes >= (isTrusted ? STRIKES : 1)) this.#moveOn(hasTimedOut, hasHttp);
  }
  /** Another network may let pass what the last one did not. */
  networkChanged() {
    if (this.#current !== this.preferred) {
      this.#current = this.preferred;
      this.#strikes = STRIKES - 1;
    }
    this.#upgradeMs = UPGRADE_BASE_MS;
  }
  /** Return how long to wait before the preferred transport is tried again, in milliseconds: longer each time. */
  nextUpgradeMs() {
    const waitMs = this.#upgradeMs;
    this.#upgradeMs = Math.min(UPGRADE_LIMIT_MS, waitMs * 2);
    return waitMs;
  }
  /** What was silent calls for the next one; what could not be reached at all may be the server's fault. */
  #moveOn(hasTimedOut, hasHttp) {
    const next = this.after(this.#current);
    const isSuspect = this.#current === this.preferred || hasTimedOut;
    this.#current = isSuspect && hasHttp && next !== this.#current ? next : this.preferred;
    this.#strikes = 0;
  }
};

// realtime/client/src/transport-memory.ts
var KEY = "tenderwire.transport";
var REMEMBER_MS = 3e5;
var TransportMemory = class {
  #storage;
  #clock;
  constructor(storage, clock) {
    this.#storage = storage;
    this.#clock = clock;
  }
  /** Return the transport that worked lately, if it is one of these. */
  recall(allowed) {
    const [name, since] = this.#read()?.split(" ") ?? [];
    const isFresh = this.#clock.now() - Number(since) < REMEMBER_MS;
    return isFresh ? allowed.find((transport) => transport === name) : void 0;
  }
  /** Note what works. The time is when that became true, or pages that follow closely would never try another. */
  keep(transport) {
    if (this.recall([transport]) === void 0) this.#write(`${transport} ${this.#clock.now()}`);
  }
  #read() {
    try {
      return this.#storage?.getItem(KEY);
    } catch {
      return void 0;
    }
  }
  /** A storage that is full or forbidden costs the memory, nothing else. */
  #write(value) {
    try {
      this.#storage?.setItem(KEY, value);
    } catch {
      return;
    }
  }
};

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
var STABLE_AFTER_MS = 5e3;
var LiveConnection = class {
  #topic;
  #owner;
  #environment;
  #context;
  #state;
  #chooser;
  #commands;
  #succession;
  #retryTimer;
  #stableTimer;
  #upgradeTimer;
  #stopListening;
  #talk;
  #connection = { state: "waiting", reason: null, retryAt: null };
  #dataAsOf = null;
  /** Up to where events happened while there was no connection. */
  #missedUntil = 0;
  #failures = 0;
  #isOffline = false;
  /** Connects once the present turn is over. */
  constructor(topic, { url, getToken, environment = {}, transports = TRANSPORTS, http }, owner) {
    const world = makeEnvironment(environment);
    const { clock } = world;
    this.#topic = topic;
    this.#owner = owner;
    this.#environment = world;
    this.#state = new TopicState(topic);
    this.#context = {
      environment: world,
      credentials: new Credentials(getToken),
      addresses: new Addresses(url, world.baseUrl, topic.httpPaths, http),
      position: () => this.#state.position
    };
    const allowed = world.fetch === void 0 ? ["websocket"] : transports;
    this.#chooser = new TransportChooser(allowed, new TransportMemory(world.storage, clock));
    this.#commands = new Commands(clock, (text) => this.#sendIfLive(text));
    this.#succession = new Succession(world, (transport) => this.#makeTalk(transport));
    this.#retryTimer = new Timer(clock, () => this.#connect());
    this.#stableTimer = new Timer(clock, () => {
      this.#failures = 0;
    });
    this.#upgradeTimer = new Timer(clock, () => this.#upgrade());
    this.#stopListening = listenForWakeSignals(world, {
      wentOffline: () => this.#goOffline(),
      cameOnline: () => this.#comeOnline(),
      becameVisible: () => this.#isOffline || this.#wake()
    });
    queueMicrotask(() => this.#connection.state === "waiting" && !this.#isOffline && this.#connect());
  }
  get connection() {
    const transport = this.#talk?.transport ?? this.#chooser.current;
    return { ...this.#connection, transport, dataAsOf: this.#dataAsOf };
  }
  /** The state as of `connection.dataAsOf`; undefined before the first snapshot. */
  get state() {
    return this.#state.current;
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
  #connect() {
    this.#release();
    this.#talk = this.#makeTalk(this.#chooser.current);
    this.#change("connecting");
    this.#talk?.open();
  }
  #makeTalk(transport) {
    const talk = new Conversation(transport, this.#context, this.#topic.parse, {
      heard: () => this.#heard(),
      welcomed: (welcome) => this.#welcomed(talk, welcome),
      said: (frame) => this.#take(talk, frame),
      replied: (reply) => this.#settle(talk, reply),
      refresh: (token) => this.#refresh(token),
      refreshFailed: (error) => this.#owner.errorMet({ code: "refresh_failed", error }),
      mustSucceed: (cause) => this.#mustSucceed(talk, cause),
      ended: (end) => this.#ended(talk, end)
    });
    return talk;
  }
  async #refresh(token) {
    await this.#commands.request({ type: "refresh", token }, { durable: false });
    this.#commands.repeatRefused();
  }
  #heard() {
    if (this.#connection.state === "live") this.#dataAsOf = new Date(this.#environment.clock.now());
  }
  #welcomed(talk, { head, resumed }) {
    if (talk !== this.#talk) return this.#handOverIfCaughtUp();
    this.#missedUntil = head;
    if (resumed) this.#goLive(talk);
  }
  #take(talk, frame) {
    if (frame.kind === "event") this.#fold(frame.event);
    else if (frame.kind === "unknown") this.#state.skip(frame.sequence);
    else if (frame.kind === "snapshot") this.#start(talk, frame.snapshot);
    if (talk === this.#succession.talk) this.#handOverIfCaughtUp();
  }
  #fold(event) {
    const state = this.#state.fold(event);
    if (state === void 0) return;
    this.#owner.eventFolded(event, event.sequence <= this.#missedUntil);
    this.#owner.stateChanged(state);
  }
  #start(talk, snapshot) {
    const isPresent = talk === this.#talk;
    const state = isPresent ? this.#state.start(snapshot) : this.#state.advance(snapshot);
    if (isPresent) this.#goLive(talk);
    if (state !== void 0) this.#owner.stateChanged(state);
  }
  #settle({ isInBand }, reply) {
    if (this.#commands.settle(reply, { isInBand }) || reply.ok) return;
    this.#owner.errorMet({ code: reply.error.code, error: reply.error });
  }
  #goLive({ transport }) {
    this.#stableTimer.start(STABLE_AFTER_MS);
    this.#dataAsOf = new Date(this.#environment.clock.now());
    this.#settleOn(transport);
    this.#change("live");
    this.#commands.resume();
  }
  /** A transport works: keep to it, and try the preferred one later. */
  #settleOn(transport) {
    this.#chooser.settle(transport);
    this.#upgradeTimer.stop();
    if (transport !== this.#chooser.preferred) this.#upgradeTimer.start(this.#chooser.nextUpgradeMs());
  }
  #upgrade() {
    this.#upgradeTimer.start(this.#chooser.nextUpgradeMs());
    this.#succeed(this.#chooser.preferred, "upgrade");
  }
  #mustSucceed(talk, cause) {
    if (talk === this.#succession.talk) {
      this.#successorEnded(talk, { reconnect: true, reason: cause, retryAfterMs: void 0 });
      return;
    }
    this.#succeed(cause === "silence" ? this.#chooser.after(talk.transport) : talk.transport, cause);
  }
  #succeed(transport, cause) {
    if (this.#connection.state === "live") this.#succession.start(transport, cause);
  }
  /** The second link has told all that the first has: the first is needed no more. */
  #handOverIfCaughtUp() {
    const second = this.#succession.talk;
    if (second?.isLive === true && second.position >= this.#state.sequence) this.#handOver();
  }
  #handOver() {
    const before = this.#talk;
    this.#talk = this.#succession.finish() ?? before;
    before?.drop();
    this.#commands.suspend();
    this.#commands.resume();
    const { transport } = this.connection;
    if (transport === before?.transport) return;
    this.#settleOn(transport);
    this.#change("live");
  }
  #ended(talk, end) {
    if (end.reason === "protocol_error" && talk === this.#talk) this.#state.doubt();
    if (end.error !== void 0) this.#owner.errorMet({ code: end.reason, error: end.error });
    if (talk === this.#succession.talk) this.#successorEnded(talk, end);
    else if (talk === this.#talk) this.#presentEnded(talk, end);
  }
  #presentEnded(talk, { reconnect, reason, retryAfterMs, hasTimedOut }) {
    if (!reconnect) return this.#end(reason);
    if (this.#succession.talk?.isLive === true) return this.#handOver();
    const { hasHttp } = this.#context.addresses;
    if (talk.wasTried || !hasHttp) {
      this.#chooser.ended({ hasSpoken: talk.hasSpoken, hasTimedOut: hasTimedOut === true, hasHttp });
    }
    this.#retry(reason, retryAfterMs);
  }
  #successorEnded(talk, end) {
    const { cause } = this.#succession;
    talk.drop();
    this.#succession.failed(end);
    if ((cause === "probe" || cause === "silence") && !talk.hasSpoken) this.#retry("silent");
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
    this.#succession.stop();
    this.#talk?.drop();
    this.#talk = void 0;
    for (const timer of [this.#retryTimer, this.#stableTimer, this.#upgradeTimer]) timer.stop();
    this.#commands.suspend();
  }
  #goOffline() {
    this.#isOffline = true;
    this.#retry("offline");
  }
  #comeOnline() {
    this.#chooser.networkChanged();
    this.#wake();
  }
  #wake() {
    this.#isOffline = false;
    if (this.#connection.state === "waiting") this.#connect();
    else if (this.#connection.state === "live") this.#talk?.probe();
  }
  #sendIfLive(text) {
    if (this.#talk === void 0 || this.#connection.state !== "live") return false;
    this.#talk.send(text);
    return true;
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
  fold: foldNotification,
  httpPaths: { stream: "stream", events: "events/", state: "state/", commands: "commands/" }
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
  fold,
  httpPaths: { stream: "events/stream", events: "events/", state: "state/", commands: "commands/" }
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
