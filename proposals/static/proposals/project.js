// Built from proposals/dashboard/src by "npm run build". Do not edit.
"use strict";
(() => {
  // proposals/dashboard/src/dom.ts
  function need(selector, root = document) {
    const found = root.querySelector(selector);
    if (found === null) throw new Error(`The page has no ${selector}.`);
    return found;
  }
  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }
  function showText(row, element, text) {
    row.hidden = text === "";
    setText(element, text);
  }
  function make(tag, className, text = "") {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }
  function announce(sentence) {
    const announcer = document.querySelector("[data-announcer]");
    if (announcer !== null) announcer.textContent = sentence;
  }

  // proposals/dashboard/src/config.ts
  function readConfig() {
    return JSON.parse(need("#project-config").textContent ?? "");
  }

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
    constructor(clock, send3) {
      this.#clock = clock;
      this.#send = send3;
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
    constructor(clock, refresh2) {
      this.#clock = clock;
      this.#timer = new Timer(clock, () => {
        this.#refreshedAt = clock.now();
        refresh2();
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
      const { fetch: fetch2 } = environment;
      if (fetch2 === void 0) throw new AddressError("There is no fetch here.");
      const credential = await credentials.get();
      const url = new URL((await addresses.http())[where]);
      addPosition(url, position);
      if (waitSeconds !== void 0) url.searchParams.set("wait", String(waitSeconds));
      this.credential = credential;
      const headers = { Authorization: `Bearer ${credential}` };
      if (body !== void 0) headers["Content-Type"] = "application/json";
      const response = await fetch2(url.href, {
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
    constructor(transport, context, parse2, owner) {
      const { clock } = context.environment;
      this.transport = transport;
      this.#context = context;
      this.#parse = parse2;
      this.#owner = owner;
      this.#link = makeLink(transport, { ...context, position: () => this.#findPosition() }, this);
      this.#monitor = new Monitor(clock, {
        ping: () => this.#isInBand ? this.#link.send("ping") : this.#owner?.mustSucceed("silence"),
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
      if (this.#isInBand) this.#monitor.probe();
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
    get #isInBand() {
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
          return this.#isInBand ? this.#refresher.notice(frame.seconds) : this.#owner?.mustSucceed("credential");
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
  var Succession = class {
    #environment;
    #make;
    #again;
    #talk;
    #cause = "draining";
    #failures = 0;
    /** Over which transport to try until it succeeds: the present conversation will end. */
    #needed;
    constructor(environment, make2) {
      this.#environment = environment;
      this.#make = make2;
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
      if (cause === "draining") this.#needed = transport;
      if (this.#talk !== void 0) return;
      this.#cause = cause;
      this.#open(transport);
    }
    /** The second has ended: try again if it is needed, and if it may. */
    failed({ reconnect, retryAfterMs }) {
      this.#talk = void 0;
      if (!reconnect) this.#needed = void 0;
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
      if (this.#needed !== void 0) this.start(this.#needed, "draining");
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
    const { window: window2, document: document2 } = environment;
    const listening = new AbortController();
    const { signal } = listening;
    window2?.addEventListener("offline", () => target.wentOffline(), { signal });
    window2?.addEventListener("online", () => target.cameOnline(), { signal });
    document2?.addEventListener(
      "visibilitychange",
      () => {
        if (document2.visibilityState === "visible") target.becameVisible();
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
        replied: (reply) => this.#settle(reply),
        refresh: (token) => this.#commands.request({ type: "refresh", token }, { durable: false }),
        refreshFailed: (error) => this.#owner.errorMet({ code: "refresh_failed", error }),
        mustSucceed: (cause) => this.#mustSucceed(talk, cause),
        ended: (end) => this.#ended(talk, end)
      });
      return talk;
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
    #settle(reply) {
      if (this.#commands.settle(reply) || reply.ok) return;
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
      if (talk === this.#succession.talk) this.#successorEnded(talk, { reconnect: true, retryAfterMs: void 0 });
      else this.#succeed(cause === "silence" ? this.#chooser.after(talk.transport) : talk.transport, cause);
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
    const { section_id, order: order2, title, status, version, locked, edited, words_budget, length, sha256, quality_score } = event;
    const about = { section_id, order: order2, title, status, version, locked, edited, words_budget };
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

  // proposals/dashboard/src/checklist.ts
  var PREFIX = "tenderwire.checklist.";
  function initChecklist(root) {
    const section = root.querySelector("[data-checklist]");
    const boxes = [...section?.querySelectorAll("[data-checklist-item]") ?? []];
    if (section === null || boxes.length === 0) return;
    const key = PREFIX + (section.dataset["checklist"] ?? "");
    const ticked = load(key);
    for (const box of boxes) box.checked = ticked.has(nameOf(box));
    const count2 = () => showCount(section, boxes);
    section.addEventListener("change", () => {
      save(key, boxes.filter((box) => box.checked).map(nameOf));
      count2();
    });
    count2();
  }
  function nameOf(box) {
    return box.dataset["checklistItem"] ?? "";
  }
  function showCount(section, boxes) {
    const ready = boxes.filter((box) => box.checked).length;
    setText(need("[data-checklist-count]", section), `${ready} prête${ready > 1 ? "s" : ""} sur ${boxes.length}`);
  }
  function load(key) {
    try {
      const stored = JSON.parse(localStorage.getItem(key) ?? "[]");
      return new Set(Array.isArray(stored) ? stored.map(String) : []);
    } catch {
      return /* @__PURE__ */ new Set();
    }
  }
  function save(key, names) {
    try {
      localStorage.setItem(key, JSON.stringify(names));
    } catch {
    }
  }

  // proposals/dashboard/src/clock.ts
  var TICK_MS = 1e3;
  var ServerClock = class {
    #offsetMs;
    /** @param serverNow the server's time when it made the page, ISO 8601: clocks of laptops are often wrong. */
    constructor(serverNow) {
      this.#offsetMs = Date.parse(serverNow) - Date.now();
    }
    /** The server's time, in milliseconds since 1970. */
    now() {
      return Date.now() + this.#offsetMs;
    }
  };
  function everySecond(callback) {
    callback();
    setInterval(callback, TICK_MS);
  }

  // proposals/dashboard/src/format.ts
  var NBSP = " ";
  var MINUTE = 60;
  var HOUR = 60 * MINUTE;
  var DAY = 24 * HOUR;
  function formatDuration(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    if (whole < MINUTE) return `${whole}${NBSP}s`;
    if (whole < HOUR) return `${Math.floor(whole / MINUTE)}${NBSP}min${NBSP}${twoDigits(whole % MINUTE)}${NBSP}s`;
    return `${Math.floor(whole / HOUR)}${NBSP}h${NBSP}${twoDigits(Math.floor(whole % HOUR / MINUTE))}${NBSP}min`;
  }
  function formatEstimate(seconds) {
    if (seconds < 1) return "moins d’une seconde";
    if (seconds < 20) return `environ ${formatDuration(seconds)}`;
    if (seconds < MINUTE - 2.5) return `environ ${formatDuration(Math.round(seconds / 5) * 5)}`;
    if (seconds < HOUR) return `environ ${Math.round(seconds / MINUTE)}${NBSP}min`;
    return `environ ${Math.round(seconds / HOUR)}${NBSP}h`;
  }
  function formatClock(instant) {
    return instant.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  }
  function formatNumber(value) {
    return value.toLocaleString("fr-FR");
  }
  function formatPercent(share) {
    return `${Math.round(share * 100)}${NBSP}%`;
  }
  function countdownParts(leftMs) {
    const left = Math.max(0, Math.floor(leftMs / 1e3));
    const days = Math.floor(left / DAY);
    return [
      { value: String(days), unit: days > 1 ? "jours" : "jour" },
      { value: twoDigits(Math.floor(left % DAY / HOUR)), unit: "h" },
      { value: twoDigits(Math.floor(left % HOUR / MINUTE)), unit: "min" },
      { value: twoDigits(left % MINUTE), unit: "s" }
    ];
  }
  function twoDigits(value) {
    return String(value).padStart(2, "0");
  }

  // proposals/dashboard/src/connection-pill.ts
  var LOGIN_REASONS = /* @__PURE__ */ new Set(["signed_out", "token_missing", "token_invalid", "token_expired", "user_inactive"]);
  var GONE_REASONS = /* @__PURE__ */ new Set(["forbidden", "access_revoked", "project_deleted"]);
  var ConnectionPill = class {
    #root = need("[data-connection]");
    #label = need("[data-connection-label]", this.#root);
    #asOf = need("[data-connection-as-of]", this.#root);
    #login = need("[data-connection-login]", this.#root);
    #announced = "";
    /** Show the connection as it is at this moment; called at each change and every second. */
    show(connection) {
      const isOffline = connection.state === "waiting" && connection.reason === "offline";
      this.#root.dataset["state"] = isOffline ? "offline" : connection.state;
      this.#login.hidden = !(connection.state === "closed" && LOGIN_REASONS.has(connection.reason ?? ""));
      setText(this.#label, describe(connection));
      const { dataAsOf } = connection;
      setText(this.#asOf, dataAsOf === null ? "" : `données du ${formatClock(dataAsOf)}`);
      this.#announce(isOffline ? "offline" : connection.state, connection);
    }
    /** Say a change once, not each second of a wait. */
    #announce(state, connection) {
      const isNews = state !== this.#announced && (state !== "connecting" || this.#announced === "");
      if (isNews && this.#announced !== "" && state !== "connecting") announce(`Connexion : ${describe(connection)}`);
      if (state !== "connecting") this.#announced = state;
    }
  };
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
    if (LOGIN_REASONS.has(reason)) return "Session terminée";
    if (GONE_REASONS.has(reason)) return "Projet inaccessible";
    if (reason === "too_many_connections") return "Trop d’onglets ouverts : fermez-en, puis rechargez la page";
    return "Suivi interrompu : rechargez la page";
  }
  function secondsUntil(instant) {
    return Math.max(0, Math.ceil((instant.getTime() - Date.now()) / 1e3));
  }

  // proposals/dashboard/src/countdown.ts
  function tickCountdowns(clock) {
    for (const element of document.querySelectorAll("[data-countdown]")) {
      const left = Date.parse(element.dataset["countdown"] ?? "") - clock.now();
      if (left > 0) showParts(element, left);
      else element.textContent = "Le délai est écoulé.";
    }
  }
  function showParts(element, leftMs) {
    const parts = countdownParts(leftMs).map(({ value, unit }) => {
      const part = make("span", "countdown__part");
      part.append(make("strong", "", value), make("span", "", unit));
      return part;
    });
    element.replaceChildren(...parts);
  }

  // proposals/dashboard/src/ids.ts
  function makeUuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] ?? 0) & 15 | 64;
    bytes[8] = (bytes[8] ?? 0) & 63 | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // proposals/dashboard/src/hand-in.ts
  function initHandIn(projectId) {
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-hand-in]") : null;
      if (button instanceof HTMLButtonElement && !button.disabled) void produce(projectId, button);
    });
  }
  async function produce(projectId, button) {
    const problem = need("[data-hand-in-problem]");
    button.disabled = true;
    setText(problem, "");
    try {
      const order2 = { kind: "document_generation", internal_annexes: false };
      await post(`/api/projects/${projectId}/operations/`, order2, { "Idempotency-Key": makeUuid() });
      announce("Production de la version à remettre lancée.");
    } catch (error) {
      setText(problem, error instanceof ApiError ? error.message : String(error));
    } finally {
      button.disabled = false;
    }
  }

  // proposals/dashboard/src/row-filter.ts
  var RowFilter = class {
    #root;
    #words = /* @__PURE__ */ new WeakMap();
    /** @param root stays in the page; what is inside may be exchanged. */
    constructor(root) {
      this.#root = root;
      root.addEventListener("input", (event) => {
        if (event.target instanceof Element && event.target.matches("[data-filter]")) this.apply();
      });
    }
    /** Choose a value as a person would. */
    choose(name, value) {
      const control = this.#controls().find((candidate) => candidate.dataset["filter"] === name);
      if (control !== void 0) control.value = value;
      this.apply();
    }
    apply() {
      const rows = [...this.#root.querySelectorAll("[data-filter-row]")];
      if (rows.length === 0) return;
      const wanted = this.#read();
      for (const row of rows) row.hidden = !fits(this.#wordsOf(row), row.dataset, wanted);
      const shown = rows.filter((row) => !row.hidden).length;
      setText(need("[data-filter-count]", this.#root), `${shown} sur ${rows.length}`);
      need("[data-filter-none]", this.#root).hidden = shown > 0;
    }
    #controls() {
      return [...this.#root.querySelectorAll("[data-filter]")];
    }
    #read() {
      const values = this.#controls().map(({ dataset, value }) => [dataset["filter"] ?? "", value]);
      const search = values.find(([name]) => name === "search")?.[1] ?? "";
      return { words: toWords(search), choices: Object.fromEntries(values.filter(([name]) => name !== "search")) };
    }
    #wordsOf(row) {
      const known = this.#words.get(row) ?? toPlain(row.textContent ?? "");
      this.#words.set(row, known);
      return known;
    }
  };
  function fits(text, data, wanted) {
    const hasChoices = Object.entries(wanted.choices).every(([name, value]) => value === "" || data[name] === value);
    return hasChoices && wanted.words.every((word) => text.includes(word));
  }
  function toWords(search) {
    return toPlain(search).split(/\s+/).filter(Boolean);
  }
  function toPlain(text) {
    return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
  }

  // proposals/dashboard/src/ledger.ts
  var ACTIONS = { approved: "approve", rejected: "reject" };
  var VERDICTS = { approved: "validée", rejected: "écartée" };
  function initLedger(root) {
    const section = root.querySelector("[data-ledger]");
    if (section !== null && section.querySelector("[data-requirement]") !== null) new Ledger(section);
  }
  var Ledger = class {
    #section;
    #rows;
    constructor(section) {
      this.#section = section;
      this.#rows = [...section.querySelectorAll("[data-requirement]")];
      section.addEventListener("click", (event) => this.#clicked(event));
      new RowFilter(section).apply();
      this.#countReviewed();
    }
    #countReviewed() {
      const reviewed = this.#rows.filter((row) => row.dataset["status"] !== "proposed").length;
      const text = `${reviewed} revue${reviewed > 1 ? "s" : ""} sur ${this.#rows.length}`;
      setText(need("[data-ledger-reviewed]", this.#section), text);
    }
    #clicked(event) {
      const button = event.target instanceof Element ? event.target.closest("[data-review]") : null;
      const row = button?.closest("[data-requirement]") ?? null;
      if (button !== null && row !== null) void this.#review(row, button.dataset["review"]);
    }
    async #review(row, verdict) {
      if (row.dataset["status"] === verdict || row.ariaBusy === "true") return;
      row.ariaBusy = "true";
      showProblem(row, "");
      try {
        await post(`/api/requirements/${row.dataset["requirement"] ?? ""}/${ACTIONS[verdict]}/`);
        this.#mark(row, verdict);
      } catch (error) {
        showProblem(row, error instanceof ApiError ? error.message : String(error));
      } finally {
        row.ariaBusy = "false";
      }
    }
    /** The row stays in sight, even where the filter would hide it: it was just worked on. */
    #mark(row, verdict) {
      row.dataset["status"] = verdict;
      for (const button of row.querySelectorAll("[data-review]")) {
        button.ariaPressed = String(button.dataset["review"] === verdict);
      }
      this.#countReviewed();
      announce(`${need(".requirement__code", row).textContent ?? ""} ${VERDICTS[verdict]}.`);
    }
  };
  function showProblem(row, sentence) {
    const problem = need("[data-requirement-problem]", row);
    problem.hidden = sentence === "";
    setText(problem, sentence);
  }

  // proposals/dashboard/src/fragments.ts
  async function refreshFragments(url, isWanted = () => true) {
    const fresh = await getFragment(url);
    if (!isWanted()) return [];
    const parts = [...fresh.querySelectorAll("[data-fragment]")];
    return parts.filter((part) => part.parentElement?.closest("[data-fragment]") === null).flatMap((part) => swap(part));
  }
  function swap(part) {
    const old = document.querySelector(`[data-fragment="${part.dataset["fragment"] ?? ""}"]`);
    if (old === null) return [];
    const adopted = document.importNode(part, true);
    keepUnfolded(old, adopted);
    keepTyped(old, adopted);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(adopted);
    if (focused !== null) focusQuietly(twinOf(focused, adopted) ?? adopted);
    return [adopted];
  }
  function keepUnfolded(old, adopted) {
    for (const details of old.querySelectorAll("details[id]")) {
      const twin = twinOf(details, adopted);
      if (twin !== null) twin.open = details.open;
    }
  }
  function keepTyped(old, adopted) {
    for (const control of old.querySelectorAll("input[id], select[id]")) {
      const twin = twinOf(control, adopted);
      if (twin !== null) twin.value = control.value;
    }
  }
  function twinOf(element, root) {
    return element.id === "" ? null : root.querySelector(`#${CSS.escape(element.id)}`);
  }
  function focusQuietly(element) {
    if (!(element instanceof HTMLElement)) return;
    if (element.matches("[data-fragment]")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  // proposals/dashboard/src/live-panel.ts
  var RETRY_MS = 3e3;
  var LivePanel = class {
    #options;
    /** What the part should reflect, and what it reflects; null when nobody can say. */
    #wanted;
    #shown;
    #isFetching = false;
    constructor(options) {
      this.#options = options;
      this.#wanted = this.#shown = options.key;
    }
    /** Make the part reflect what `key` names; an empty key names nothing that could be fetched. */
    follow(key) {
      this.#wanted = key;
      if (key === "") this.#shown = "";
      else void this.#catchUp();
    }
    /** Fetch it although nothing is known to have changed. */
    refresh() {
      this.#shown = null;
      void this.#catchUp();
    }
    /** One request at a time; what changed meanwhile is fetched by one more. */
    async #catchUp() {
      if (this.#isFetching) return;
      this.#isFetching = true;
      try {
        while (this.#shown !== this.#wanted) await this.#fetch();
      } catch (error) {
        if (isTemporary(error)) setTimeout(() => void this.#catchUp(), RETRY_MS);
      } finally {
        this.#isFetching = false;
      }
    }
    async #fetch() {
      const key = this.#wanted;
      const { url, onFresh, fetchParts = refreshFragments } = this.#options;
      const parts = await fetchParts(url);
      this.#shown = key;
      onFresh(parts);
    }
  };
  function isTemporary(error) {
    return error instanceof ApiError && (error.status === 0 || error.status >= 500);
  }

  // proposals/dashboard/src/words.ts
  var GAP = /\[\s*à\s+compl[ée]ter\s*:?\s*(?:[^[\]]|\[[^[\]]*\])*\]/giu;
  var WORD = /[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu;
  function countWords(text) {
    return text.replaceAll(GAP, " ").match(WORD)?.length ?? 0;
  }
  function sayWords(count2) {
    return `${formatNumber(count2)} mot${count2 > 1 ? "s" : ""}`;
  }

  // proposals/dashboard/src/live-text.ts
  var NEAR_END_PIXELS = 48;
  var LiveText = class {
    #root;
    #text;
    constructor(root) {
      this.#root = root;
      this.#text = need("[data-live-text]", root);
    }
    show({ status, text }) {
      this.#root.hidden = status !== "writing";
      const isAtEnd = this.#text.scrollHeight - this.#text.scrollTop - this.#text.clientHeight < NEAR_END_PIXELS;
      setText(this.#text, text ?? "");
      setText(need("[data-live-words]", this.#root), sayWords(countWords(text ?? "")));
      if (isAtEnd) this.#text.scrollTop = this.#text.scrollHeight;
    }
    hide() {
      this.#root.hidden = true;
    }
  };

  // proposals/dashboard/src/live-sections.ts
  var LiveSections = class {
    #root = need("#memoire");
    #labels;
    #sections = [];
    constructor(labels) {
      this.#labels = labels;
    }
    show(sections) {
      const before = this.#sections;
      this.#sections = sections;
      this.render();
      for (const section of findFinished(before, sections)) announce(`Section rédigée : ${section.title}.`);
    }
    /** Show it again: the rows are fresh from the server. */
    render() {
      for (const section of this.#sections) {
        const row = this.#root.querySelector(`[data-section="${section.section_id}"]`);
        if (row !== null) this.#renderRow(row, section);
      }
    }
    #renderRow(row, section) {
      const { status } = section;
      row.dataset["status"] = status;
      const label = need("[data-section-status]", row);
      label.className = `status status--section-${status}`;
      setText(label, this.#labels[status] ?? status);
      new LiveText(need("[data-section-live]", row)).show(section);
    }
  };
  function findFinished(before, now) {
    return now.filter(({ section_id, status }) => {
      const earlier = before.find((section) => section.section_id === section_id);
      return status === "written" && earlier?.status === "writing";
    });
  }

  // proposals/dashboard/src/passage-picker.ts
  var PAUSE_MS = 250;
  var PassagePicker = class {
    #dialog = need("[data-picker]");
    #search = need("[data-picker-search]", this.#dialog);
    #matrixUrl;
    #onAttached;
    #requirementId = "";
    #openerId = "";
    #pause;
    /** Tells the answer to the newest search from a late one. */
    #asked = 0;
    /** @param onAttached called once the passage is attached, before the dialog closes. */
    constructor(matrixUrl, onAttached) {
      this.#matrixUrl = matrixUrl;
      this.#onAttached = onAttached;
      need("[data-picker-close]", this.#dialog).addEventListener("click", () => this.#dialog.close());
      this.#search.addEventListener("input", () => {
        clearTimeout(this.#pause);
        this.#pause = setTimeout(() => void this.#find(), PAUSE_MS);
      });
      this.#dialog.addEventListener("click", (event) => this.#clicked(event));
    }
    open({ openerId, requirementId, code, text }) {
      this.#openerId = openerId;
      this.#requirementId = requirementId;
      setText(need("[data-picker-code]", this.#dialog), code);
      setText(need("[data-picker-requirement]", this.#dialog), text);
      this.#search.value = "";
      this.#dialog.showModal();
      this.#search.focus();
      void this.#find();
    }
    #clicked({ target }) {
      const button = target instanceof Element ? target.closest("[data-picker-choose]") : null;
      if (button !== null) void this.#attach(button.dataset["pickerChoose"] ?? "");
    }
    async #find() {
      const asked = this.#asked += 1;
      const query = new URLSearchParams({ q: this.#search.value.trim() });
      await this.#try(async () => {
        await refreshFragments(
          `${this.#matrixUrl}${this.#requirementId}/passages/?${query}`,
          () => asked === this.#asked
        );
      });
    }
    async #attach(itemId) {
      await this.#try(async () => {
        await post(`/api/requirements/${this.#requirementId}/matches/`, { item_id: itemId });
        await this.#onAttached(this.#requirementId);
        this.#dialog.close();
        document.getElementById(this.#openerId)?.focus({ preventScroll: true });
        announce("Passage joint.");
      });
    }
    async #try(act) {
      const problem = need("[data-picker-problem]", this.#dialog);
      setText(problem, "");
      try {
        await act();
      } catch (error) {
        setText(problem, error instanceof ApiError ? error.message : String(error));
      }
    }
  };

  // proposals/dashboard/src/matches.ts
  var SAID = {
    accept: "Passage retenu.",
    reject: "Passage écarté.",
    reset: "Décision annulée."
  };
  var Matches = class {
    #root = need("#correspondances");
    #matrixUrl;
    #filter = new RowFilter(this.#root);
    #picker;
    constructor(matrixUrl) {
      this.#matrixUrl = matrixUrl;
      this.#picker = new PassagePicker(matrixUrl, (requirementId) => this.#refreshRequirement(requirementId));
      this.#root.addEventListener("click", (event) => this.#clicked(event));
      this.#root.addEventListener("toggle", (event) => this.#toggled(event), { capture: true });
      this.#filter.apply();
    }
    /** Take in fresh rows. */
    refreshed() {
      this.#filter.apply();
    }
    #clicked({ target }) {
      if (!(target instanceof Element)) return;
      const share = target.closest("[data-coverage-filter]");
      if (share !== null) this.#filter.choose("strength", share.dataset["coverageFilter"] ?? "");
      const attach = target.closest("[data-attach]");
      if (attach !== null) this.#openPicker(attach);
      const button = target.closest("[data-verdict]");
      const match = button?.closest("[data-match]") ?? null;
      if (button !== null && match !== null) void this.#decide(match, button);
    }
    #openPicker(button) {
      const row = button.closest("[data-requirement-id]");
      if (row === null) return;
      this.#picker.open({
        openerId: button.id,
        requirementId: row.dataset["requirementId"] ?? "",
        code: need(".match-row__code", row).textContent ?? "",
        text: need(".match-row__text", row).textContent ?? ""
      });
    }
    #toggled({ target }) {
      if (!(target instanceof HTMLDetailsElement) || !target.open) return;
      if (target.matches("[data-others-missing]")) void this.#loadOthers(target);
    }
    async #loadOthers(details) {
      try {
        await this.#refreshRow(details);
      } catch (error) {
        setText(need("[data-others-state]", details), error instanceof ApiError ? error.message : String(error));
      }
    }
    async #decide(match, button) {
      if (match.ariaBusy === "true") return;
      const verdict = button.ariaPressed === "true" ? "reset" : button.dataset["verdict"] ?? "";
      match.ariaBusy = "true";
      showProblem2(match, "");
      try {
        await post(`/api/matches/${match.dataset["match"] ?? ""}/${verdict}/`);
        await this.#refreshRow(match);
        announce(SAID[verdict] ?? "");
      } catch (error) {
        showProblem2(match, error instanceof ApiError ? error.message : String(error));
      } finally {
        match.ariaBusy = "false";
      }
    }
    /** The row stays in sight, even where the filter would hide it: it was just worked on. */
    async #refreshRow(part) {
      const row = part.closest("[data-requirement-id]");
      if (row !== null) await this.#refreshRequirement(row.dataset["requirementId"] ?? "");
    }
    async #refreshRequirement(requirementId) {
      await refreshFragments(`${this.#matrixUrl}${requirementId}/`);
    }
  };
  function showProblem2(match, sentence) {
    const problem = need(".match__problem", match);
    problem.hidden = sentence === "";
    setText(problem, sentence);
  }

  // proposals/dashboard/src/operation-words.ts
  var UNFINISHED = ["pending", "running", "cancelling"];
  var WAITING_STEP = "En file d’attente…";
  var LAST = "Complete";
  var TOTALS = {
    rc_analysis: [
      ["criteria_total", "critère", "critères"],
      ["documents_total", "pièce à remettre", "pièces à remettre"],
      ["requirements_total", "exigence", "exigences"],
      ["warnings_total", "point d’attention", "points d’attention"]
    ],
    matching: [
      ["strong_total", "exigence couverte", "exigences couvertes"],
      ["partial_total", "partielle", "partielles"],
      ["gaps_total", "manque", "manques"],
      ["expired_total", "passage périmé", "passages périmés"]
    ],
    generation: [
      ["sections_written", "section rédigée", "sections rédigées"],
      ["words_total", "mot", "mots"],
      ["gaps_total", "point à compléter", "points à compléter"],
      ["violations_total", "mention sans source", "mentions sans source"]
    ],
    document_generation: [["gaps_total", "point à compléter", "points à compléter"]]
  };
  function isUnfinished(operation) {
    return operation !== void 0 && UNFINISHED.includes(operation.status);
  }
  function sayStep(operation) {
    if (operation.status === "pending") return WAITING_STEP;
    const { step } = operation;
    if (step === null || operation.status === "failed") return "";
    if (operation.kind === "matching") return sayMatching(step);
    if (operation.kind === "generation") return sayGeneration(step);
    return textOf(step, "message");
  }
  function sayResult(operation) {
    const { kind, result } = operation;
    if (operation.status !== "succeeded" || result === null) return "";
    const totals = (TOTALS[kind] ?? []).flatMap(([field, one, many]) => count(numberOf(result, field), one, many));
    return [...saySpecial(kind, result), ...totals, ...sayQuality(result)].join(" · ");
  }
  function elapsedSeconds(operation, nowMs) {
    if (operation.started_at === null) return null;
    const end = operation.finished_at === null ? nowMs : Date.parse(operation.finished_at);
    return Math.max(0, (end - Date.parse(operation.started_at)) / 1e3);
  }
  function sayElapsed(operation, nowMs) {
    const seconds = operation === void 0 ? null : elapsedSeconds(operation, nowMs);
    return seconds === null ? "" : formatDuration(seconds);
  }
  function sayEngine(operation, labels = {}) {
    if (operation?.status !== "succeeded" || operation.result === null) return "";
    const engine = textOf(operation.result, "engine");
    return labels[engine] ?? engine;
  }
  function findOutdated(kinds, operations) {
    const outdated = /* @__PURE__ */ new Set();
    let newest = "";
    for (const kind of kinds) {
      const operation = operations.find((candidate) => candidate.kind === kind);
      if (operation?.status !== "succeeded" || operation.finished_at === null) continue;
      if ((operation.started_at ?? operation.created_at) < newest) outdated.add(kind);
      if (operation.finished_at > newest) newest = operation.finished_at;
    }
    return outdated;
  }
  function sayMatching(step) {
    const current = textOf(step, "current_requirement");
    const done = `${numberOf(step, "requirements_completed") ?? 0} sur ${numberOf(step, "requirements_total") ?? 0}`;
    return current === "" || current === LAST ? `${done} exigences` : `${current} – ${done}`;
  }
  function sayGeneration(step) {
    const current = textOf(step, "current_section");
    const done = `${numberOf(step, "sections_completed") ?? 0} sections sur ${numberOf(step, "sections_total") ?? 0}`;
    const quality = numberOf(step, "quality_score");
    const parts = [current === LAST ? "" : current, done, quality === null ? "" : `qualité ${formatPercent(quality)}`];
    return parts.filter((part) => part !== "").join(" – ");
  }
  function saySpecial(kind, result) {
    if (kind !== "document_generation") return [];
    const version = numberOf(result, "version");
    const { documents, not_produced: missing } = result;
    return [
      ...Array.isArray(documents) ? count(documents.length, "document", "documents") : [],
      ...Array.isArray(missing) ? count(missing.length, "document manquant", "documents manquants") : [],
      ...version === null ? [] : [`version ${version}`],
      ...sayPages(result)
    ];
  }
  function sayPages(result) {
    const limit = numberOf(result, "page_limit");
    if (limit === null) return count(numberOf(result, "pages"), "page", "pages");
    const counted = numberOf(result, "pages_counted");
    const goal = result["over_limit"] === true ? `pour ${limit} permises` : `sur ${limit} permises`;
    return count(counted, "page", "pages").map((said) => `${said} ${goal}`);
  }
  function sayQuality(result) {
    const quality = numberOf(result, "quality_score");
    return quality === null ? [] : [`qualité ${formatPercent(quality)}`];
  }
  function count(total, one, many) {
    return total === null || total === 0 ? [] : [`${formatNumber(total)} ${total > 1 ? many : one}`];
  }
  function textOf(source, field) {
    const value = source[field];
    return typeof value === "string" ? value : "";
  }
  function numberOf(source, field) {
    const value = source[field];
    return typeof value === "number" ? value : null;
  }

  // proposals/dashboard/src/operation-card.ts
  var ALONE = { isNext: false, isOutdated: false };
  var OperationCard = class {
    kind;
    #root;
    #context;
    #operation;
    #place = ALONE;
    #isAsking = false;
    constructor(root, context) {
      this.#root = root;
      this.#context = context;
      this.kind = root.dataset["operation"] ?? "";
      this.#listen("start", () => context.actions.start(this.kind));
      this.#listen("retry", (id) => context.actions.retry(id));
      this.#listen("cancel", (id) => context.actions.cancel(id));
    }
    /** Show the newest operation of this card's kind. */
    show(operation, place = ALONE) {
      const before = this.#operation;
      this.#operation = operation;
      this.#place = place;
      this.render();
      if (operation !== void 0 && before !== void 0 && before.status !== operation.status)
        this.#announce(operation);
    }
    /** Let the times go on. */
    tick() {
      this.#renderTimes();
    }
    /** Show it again: what it lacks, which the server says, has changed. */
    render() {
      const operation = this.#operation;
      this.#root.dataset["status"] = operation?.status ?? "none";
      this.#renderStatus(operation);
      this.#part("intro").hidden = operation !== void 0;
      this.#part("run").hidden = operation === void 0 || operation.status === "succeeded";
      this.#renderProgress(operation);
      this.#renderTimes();
      this.#renderError(operation);
      showText(this.#part("result"), this.#part("result"), operation === void 0 ? "" : sayResult(operation));
      this.#part("outdated").hidden = !this.#place.isOutdated;
      this.#renderButtons(operation);
    }
    #part(name) {
      return need(`[data-operation-${name}]`, this.#root);
    }
    #listen(name, act) {
      this.#part(name).addEventListener("click", () => void this.#ask(() => act(this.#operation?.operation_id ?? "")));
    }
    async #ask(act) {
      if (this.#isAsking) return;
      this.#isAsking = true;
      this.render();
      this.#hint("");
      try {
        await act();
      } catch (error) {
        this.#hint(error instanceof Error ? error.message : String(error));
      } finally {
        this.#isAsking = false;
        this.render();
      }
    }
    #hint(sentence) {
      setText(this.#part("hint"), sentence);
      if (sentence !== "") announce(sentence);
    }
    #announce(operation) {
      const label = this.#context.statusLabels[operation.status] ?? operation.status;
      announce(`${need("h3", this.#root).textContent?.trim() ?? ""} : ${label}. ${operation.error?.error ?? ""}`);
    }
    #renderStatus(operation) {
      const status = operation?.status ?? "none";
      const isNext = this.#place.isNext && !isUnfinished(operation);
      const label = this.#part("status");
      label.className = `status status--${isNext ? "next" : status}`;
      const said = operation === void 0 ? "Pas encore lancée" : this.#context.statusLabels[status] ?? status;
      setText(label, isNext ? "À suivre" : said);
    }
    #renderProgress(operation) {
      const progress = operation?.progress ?? 0;
      this.#part("bar").setAttribute("aria-valuenow", String(progress));
      need(".progress__fill", this.#root).setAttribute("width", `${progress}%`);
      setText(this.#part("percent"), `${progress} %`);
      const step = operation === void 0 ? "" : sayStep(operation);
      setText(this.#part("step"), step);
      this.#part("bar").setAttribute("aria-valuetext", step === "" ? `${progress} %` : `${progress} %, ${step}`);
      this.#detail("requester", operation?.requested_by ?? "");
      const attempt = operation?.attempt ?? 0;
      this.#detail("attempt", attempt > 1 ? String(attempt) : "");
      this.#detail("engine", sayEngine(operation, this.#context.engineLabels));
    }
    #renderTimes() {
      const operation = this.#operation;
      const eta = operation?.status === "running" ? operation.eta_seconds : null;
      this.#detail("eta", eta === null || eta === void 0 ? "" : formatEstimate(eta));
      this.#detail("elapsed", sayElapsed(operation, this.#context.clock.now()));
      setText(this.#part("elapsed-label"), isUnfinished(operation) ? "Écoulé" : "Durée");
    }
    #detail(name, text) {
      showText(this.#part(`${name}-row`), this.#part(name), text);
    }
    #renderError(operation) {
      const hasEnded = operation?.status === "failed" || operation?.status === "cancelled";
      const error = hasEnded ? operation.error?.error ?? "" : "";
      showText(this.#part("error"), this.#part("error-text"), error);
      this.#part("error").classList.toggle("notice--danger", operation?.status === "failed");
    }
    #renderButtons(operation) {
      const status = operation?.status;
      const needed = this.#part("need");
      const canRetry = status === "cancelled" || status === "failed" && operation?.error?.retryable !== false;
      const start = this.#button("start", operation === void 0 ? "Lancer" : "Relancer");
      start.hidden = isUnfinished(operation) || canRetry || this.#place.isNext;
      start.disabled = needed.textContent !== "" || this.#isAsking;
      needed.hidden = start.hidden || needed.textContent === "";
      const retry = this.#part("retry");
      retry.hidden = !canRetry;
      retry.disabled = this.#isAsking;
      const cancel = this.#button("cancel", status === "cancelling" ? "Annulation…" : "Annuler");
      cancel.hidden = !isUnfinished(operation);
      cancel.disabled = status === "cancelling" || this.#isAsking;
      this.#keepFocus();
    }
    #button(name, label) {
      const button = this.#part(name);
      setText(need("[data-label]", button), label);
      return button;
    }
    /** A button that vanishes under the keyboard hands the focus to the one that takes its place. */
    #keepFocus() {
      const buttons = [...this.#root.querySelectorAll(".operation__actions button")];
      const lost = buttons.find((button) => button === document.activeElement && button.hidden);
      if (lost !== void 0) buttons.find((button) => !button.hidden && !button.disabled)?.focus();
    }
  };

  // proposals/dashboard/src/pipeline.ts
  var BUSY = "Une opération est en cours : attendez sa fin ou annulez-la pour tout lancer.";
  var Pipeline = class {
    #root = need("[data-pipeline]");
    #start = need("[data-run-start]", this.#root);
    #options;
    #cards;
    #operations = [];
    #isAsking = false;
    constructor(options) {
      this.#options = options;
      const roots = [...this.#root.querySelectorAll("[data-operation]")];
      this.#cards = roots.map((root) => new OperationCard(root, options));
      this.#start.addEventListener("click", () => void this.#ask());
    }
    /** Show the newest operation of each kind. */
    show(operations) {
      this.#operations = operations;
      this.render();
    }
    /** Show it again: the server's facts have changed. */
    render() {
      const facts = this.#readFacts();
      const outdated = findOutdated(this.#kinds(), this.#operations);
      for (const card of this.#cards) {
        const isNext = this.#isRunning() && facts.then.includes(card.kind);
        card.show(this.#find(card.kind), { isNext, isOutdated: outdated.has(card.kind) });
      }
      this.#renderRun(facts);
    }
    /** Let the times go on. */
    tick() {
      for (const card of this.#cards) card.tick();
    }
    #kinds() {
      return this.#options.kinds.map(({ kind }) => kind);
    }
    #find(kind) {
      return this.#operations.find((operation) => operation.kind === kind);
    }
    #isRunning() {
      return this.#operations.some(isUnfinished);
    }
    #readFacts() {
      const element = need("[data-run-facts]", this.#root);
      const then = (element.dataset["then"] ?? "").split(" ").filter(Boolean);
      return { then, need: element.textContent ?? "" };
    }
    #renderRun(facts) {
      const done = this.#operations.filter(({ status }) => status === "succeeded").length;
      const isComplete = done === this.#cards.length;
      setText(need("[data-run-count]", this.#root), `${done} sur ${this.#cards.length}`);
      setText(need("[data-label]", this.#start), isComplete ? "Tout relancer" : "Tout lancer");
      this.#start.classList.toggle("button--primary", !isComplete);
      this.#start.disabled = facts.need !== "" || this.#isRunning() || this.#isAsking;
      setText(need("[data-run-next]", this.#root), sayNext(facts, this.#isRunning(), this.#options.kinds));
    }
    async #ask() {
      const problem = need("[data-run-problem]", this.#root);
      setText(problem, "");
      this.#isAsking = true;
      this.render();
      try {
        await this.#options.runEverything();
      } catch (error) {
        setText(problem, error instanceof Error ? error.message : String(error));
        announce(problem.textContent ?? "");
      } finally {
        this.#isAsking = false;
        this.render();
      }
    }
  };
  function sayNext({ then, need: lacking }, isRunning, kinds) {
    const labels = then.map((kind) => lowerFirst(kinds.find((known) => known.kind === kind)?.label ?? kind));
    const row = labels.join(", puis ");
    if (isRunning) return row === "" ? BUSY : `Ensuite : ${row}. Chaque étape part dès que la précédente a réussi.`;
    if (row !== "") return `La suite (${row}) repartira après un nouvel essai réussi.`;
    return lacking;
  }
  function lowerFirst(text) {
    return text.charAt(0).toLowerCase() + text.slice(1);
  }

  // proposals/dashboard/src/state-keys.ts
  function keyOfResult(operations, kind) {
    const operation = operations.find((candidate) => candidate.kind === kind);
    return operation?.status === "succeeded" ? nameOf2(operation) : "";
  }
  function keyOfEnds(operations, kinds) {
    const ended = operations.filter((operation) => kinds.includes(operation.kind) && !isUnfinished(operation));
    return join(ended.map((operation) => `${nameOf2(operation)}:${operation.status}`));
  }
  function keyOfStarts(operations) {
    return join(operations.map(({ operation_id }) => operation_id));
  }
  function keyOfRow(operations) {
    return join(operations.map(({ operation_id, status }) => `${operation_id}:${status}`));
  }
  function keyOfSections(sections) {
    return sections.map(
      ({ section_id, order: order2, title, words_budget, version, locked, edited, sha256, quality_score }) => JSON.stringify([section_id, order2, title, words_budget, version, locked, edited, sha256, quality_score])
    ).join(" ");
  }
  function join(names) {
    return [...names].sort().join(" ");
  }
  function nameOf2(operation) {
    return `${operation.operation_id}:${operation.attempt ?? 0}`;
  }

  // proposals/dashboard/src/tabs.ts
  var Tabs = class {
    #tabs;
    #list;
    #onChoose;
    /** @param onChoose called with the panel that a person chose by its tab. */
    constructor(root, onChoose) {
      this.#onChoose = onChoose;
      const list = need("[data-tablist]", root);
      this.#list = list;
      this.#tabs = [...list.querySelectorAll("[data-tab]")];
      list.setAttribute("role", "tablist");
      for (const tab of this.#tabs) {
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", panelIdOf(tab));
        this.#panelOf(tab).setAttribute("role", "tabpanel");
      }
      list.addEventListener("click", (event) => this.#clicked(event));
      list.addEventListener("keydown", (event) => this.#pressed(event));
      window.addEventListener("hashchange", () => this.#followAddress());
      this.#select(this.#tabs[0]);
      this.#followAddress();
    }
    #panelOf(tab) {
      return need(`#${panelIdOf(tab)}`);
    }
    #clicked(event) {
      const tab = event.target instanceof Element ? event.target.closest("[data-tab]") : null;
      if (tab === null) return;
      event.preventDefault();
      this.#choose(tab);
    }
    #pressed(event) {
      const current = this.#tabs.findIndex((tab2) => tab2 === document.activeElement);
      const next = nextTab(event.key, current, this.#tabs.length);
      const tab = next === null ? void 0 : this.#tabs[next];
      if (tab === void 0) return;
      event.preventDefault();
      tab.focus();
      this.#choose(tab);
    }
    /** Show a panel because a person asked for it; the page does not jump. */
    #choose(tab) {
      history.replaceState(history.state, "", tab.hash);
      this.#select(tab);
      this.#onChoose(panelIdOf(tab));
    }
    #followAddress() {
      const target = location.hash === "" ? null : document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const panel = target?.closest("[data-tabpanel]") ?? null;
      const tab = this.#tabs.find((candidate) => panel !== null && panelIdOf(candidate) === panel.id);
      if (target === null || tab === void 0) return;
      this.#select(tab);
      for (let details = target.closest("details"); details !== null; details = parentDetails(details))
        details.open = true;
      target.scrollIntoView();
    }
    #select(chosen) {
      for (const tab of this.#tabs) {
        const isChosen = tab === chosen;
        tab.setAttribute("aria-selected", String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        this.#panelOf(tab).hidden = !isChosen;
      }
      if (chosen === void 0) return;
      this.#list.scrollLeft = chosen.offsetLeft - (this.#list.clientWidth - chosen.offsetWidth) / 2;
    }
  };
  function nextTab(key, current, total) {
    switch (key) {
      case "ArrowRight":
        return (current + 1) % total;
      case "ArrowLeft":
        return (current - 1 + total) % total;
      case "Home":
        return 0;
      case "End":
        return total - 1;
      case " ":
        return current;
      default:
        return null;
    }
  }
  function panelIdOf(tab) {
    return tab.hash.slice(1);
  }
  function parentDetails(details) {
    return details.parentElement?.closest("details") ?? null;
  }

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

  // proposals/dashboard/src/uploads.ts
  var OVER = "dropzone--over";
  var PROGRESS_TEMPLATE = "[data-upload-template]";
  var Uploads = class {
    #zone = need("[data-dropzone]");
    #input = need("[data-upload-input]");
    #kind = need("[data-upload-kind]");
    #list = need("[data-uploads]");
    #options;
    /** One file after the other: the newest RC is the last one that somebody chose. */
    #queue = Promise.resolve();
    constructor(options) {
      this.#options = options;
      this.#input.addEventListener("change", () => {
        this.#take(this.#input.files);
        this.#input.value = "";
      });
      this.#zone.addEventListener("submit", (event) => event.preventDefault());
      this.#listenForDrops();
    }
    /** Propose the kind that the project still lacks. */
    propose(kind) {
      if (document.activeElement !== this.#kind) this.#kind.value = kind;
    }
    #listenForDrops() {
      for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
      let depth = 0;
      this.#zone.addEventListener("dragenter", () => this.#mark((depth += 1) > 0));
      this.#zone.addEventListener("dragleave", () => this.#mark((depth -= 1) > 0));
      this.#zone.addEventListener("drop", (event) => {
        depth = 0;
        this.#mark(false);
        this.#take(event.dataTransfer?.files ?? null);
      });
    }
    #mark(isOver) {
      this.#zone.classList.toggle(OVER, isOver);
    }
    #take(files) {
      for (const file of files ?? []) {
        const row = new UploadRow(file.name);
        this.#list.append(row.element);
        const kind = this.#kind.value;
        this.#queue = this.#queue.then(() => this.#upload(file, kind, row));
      }
    }
    async #upload(file, kind, row) {
      try {
        if (file.size > this.#options.maxBytes) throw new Error(tooBig(this.#options.maxBytes));
        await send2(this.#zone.action, file, kind, row);
        row.remove();
        announce(`${file.name} : document déposé.`);
        this.#options.onStored();
      } catch (error) {
        row.fail(error instanceof Error ? error.message : String(error));
      }
    }
  };
  var UploadRow = class {
    element;
    #name;
    #state;
    #bar;
    constructor(name) {
      this.#name = name;
      const template = need(PROGRESS_TEMPLATE);
      this.element = need("li", template.content).cloneNode(true);
      setText(need(".upload__name", this.element), name);
      this.#state = need(".upload__state", this.element);
      this.#bar = need("[role=progressbar]", this.element);
      this.#bar.setAttribute("aria-label", `Envoi de ${name}`);
      setText(this.#state, "en attente");
    }
    progress(percent) {
      this.#bar.setAttribute("aria-valuenow", String(percent));
      need(".progress__fill", this.#bar).setAttribute("width", `${percent}%`);
      setText(this.#state, percent < 100 ? `${percent} %` : "vérification…");
    }
    fail(sentence) {
      this.element.classList.add("upload--failed");
      this.#bar.hidden = true;
      setText(this.#state, "refusé");
      const dismiss = make("button", "button button--small upload__dismiss", "Fermer");
      dismiss.type = "button";
      dismiss.setAttribute("aria-label", `Fermer l’erreur sur ${this.#name}`);
      dismiss.addEventListener("click", () => {
        this.remove();
        need("[data-upload-input]").focus();
      });
      this.element.append(make("p", "upload__error", sentence), dismiss);
      announce(`${this.#name} : ${sentence}`);
    }
    remove() {
      this.element.remove();
    }
  };
  function send2(url, file, kind, row) {
    const body = new FormData();
    body.append("kind", kind);
    body.append("file", file);
    return new Promise((resolve, reject) => {
      const request2 = new XMLHttpRequest();
      request2.upload.addEventListener("progress", ({ loaded, total }) => {
        row.progress(total > 0 ? Math.floor(100 * loaded / total) : 0);
      });
      request2.addEventListener("loadend", () => {
        if (request2.status >= 200 && request2.status < 300) resolve();
        else reject(toApiError(request2.status, request2.responseText));
      });
      request2.open("POST", url);
      request2.setRequestHeader("X-CSRFToken", csrfToken());
      request2.send(body);
    });
  }
  function tooBig(maxBytes) {
    return `Ce fichier dépasse la taille permise (${Math.floor(maxBytes / 1024 / 1024)} Mo).`;
  }

  // proposals/dashboard/src/project-page.ts
  var MATRIX_PANEL = "correspondances";
  var ProjectPage = class {
    #root = need("[data-project-page]");
    #config;
    #clock;
    #socket;
    #pill = new ConnectionPill();
    #pipeline;
    #uploads;
    #sections;
    #panels;
    constructor(config) {
      this.#config = config;
      this.#clock = new ServerClock(config.server_now);
      this.#pipeline = this.#makePipeline();
      this.#sections = new LiveSections(config.section_labels);
      const matches = new Matches(config.matrix_url);
      const documents = this.#follow(config.documents_url, byStarts, () => this.#proposeKind());
      const facts = this.#follow(config.pipeline_url, byRow, () => this.#pipeline.render());
      const matrix = this.#follow(config.matrix_url, byMatches, () => matches.refreshed());
      this.#panels = [
        documents,
        facts,
        matrix,
        this.#follow(config.analysis_url, byAnalysis, (parts) => this.#takeInAnalysis(parts)),
        this.#follow(config.outline_url, byOutline, () => this.#sections.render()),
        this.#follow(config.outputs_url, byOutputs, () => void 0)
      ];
      this.#uploads = new Uploads({
        maxBytes: config.max_upload_bytes,
        onStored: () => {
          for (const { panel } of [documents, facts]) panel.refresh();
        }
      });
      initHandIn(config.project_id);
      this.#pipeline.show(config.operations);
      this.#sections.show(config.sections);
      this.#takeInAnalysis([document.body]);
      this.#proposeKind();
      new Tabs(need("[data-tabs]"), (panelId) => panelId === MATRIX_PANEL && matrix.panel.refresh());
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") matrix.panel.refresh();
      });
      this.#socket = this.#connect();
      everySecond(() => this.#tick());
    }
    #follow(url, keyOf, onFresh) {
      return { panel: new LivePanel({ url, key: keyOf(this.#config), onFresh }), keyOf };
    }
    #connect() {
      const socket = new ProjectSocket({ url: `/ws/projects/${this.#config.project_id}`, getToken: getTicket });
      socket.on("state", (state) => this.#show(state));
      socket.on("connection", (connection) => {
        this.#pill.show(connection);
        this.#root.dataset["live"] = String(connection.state === "live");
      });
      return socket;
    }
    #makePipeline() {
      const api = `/api/projects/${this.#config.project_id}`;
      return new Pipeline({
        clock: this.#clock,
        kinds: this.#config.kinds,
        statusLabels: this.#config.status_labels,
        engineLabels: this.#config.engine_labels,
        runEverything: () => order(`${api}/run/`),
        actions: {
          start: (kind) => order(`${api}/operations/`, { kind }),
          cancel: (operationId) => this.#steer("cancel", operationId),
          retry: (operationId) => this.#steer("retry", operationId)
        }
      });
    }
    /** By the socket while it lives; else by REST, so that a proxy without WebSockets takes no button away. */
    async #steer(action, operationId) {
      if (this.#socket.connection.state === "live") await this.#socket[action](operationId);
      else await post(`/api/operations/${operationId}/${action}/`);
    }
    #show(state) {
      this.#pipeline.show(state.operations);
      this.#sections.show(state.sections);
      this.#showTitle(state.operations);
      for (const { panel, keyOf } of this.#panels) panel.follow(keyOf(state));
    }
    #showTitle(operations) {
      const running = operations.find(({ status }) => status === "running");
      const prefix = running === void 0 ? "" : `(${running.progress} %) `;
      document.title = `${prefix}${this.#config.title} – Tenderwire`;
    }
    #proposeKind() {
      const hasRc = need('[data-fragment="documents"]').dataset["hasRc"] === "true";
      this.#uploads.propose(hasRc ? "other" : "rc");
    }
    #takeInAnalysis(parts) {
      for (const part of parts) {
        initLedger(part);
        initChecklist(part);
      }
      tickCountdowns(this.#clock);
    }
    #tick() {
      this.#pipeline.tick();
      this.#pill.show(this.#socket.connection);
      tickCountdowns(this.#clock);
    }
  };
  var byStarts = ({ operations }) => keyOfStarts(operations);
  var byRow = ({ operations }) => keyOfRow(operations);
  var byAnalysis = ({ operations }) => keyOfResult(operations, "rc_analysis");
  var byMatches = ({ operations }) => keyOfEnds(operations, ["rc_analysis", "matching"]);
  var byOutline = ({ operations, sections }) => `${keyOfEnds(operations, ["rc_analysis"])} ${keyOfSections(sections)}`.trim();
  var byOutputs = ({ operations }) => keyOfEnds(operations, ["generation", "document_generation"]);
  async function order(path, body = {}) {
    await post(path, body, { "Idempotency-Key": makeUuid() });
  }

  // proposals/dashboard/src/project-list.ts
  var INTERVAL_MS = 1e4;
  var LIST = "[data-live-list]";
  function followProjectList() {
    setInterval(() => {
      if (document.visibilityState === "visible") void refresh();
    }, INTERVAL_MS);
  }
  async function refresh() {
    try {
      const fresh = (await getFragment(location.href)).querySelector(LIST);
      const shown = document.querySelector(LIST);
      if (fresh === null || shown === null || shown.contains(document.activeElement)) return;
      if (fresh.textContent !== shown.textContent) shown.replaceWith(document.importNode(fresh, true));
    } catch {
    }
  }

  // proposals/dashboard/src/project.ts
  if (document.querySelector("[data-project-page]") !== null) new ProjectPage(readConfig());
  if (document.querySelector("[data-live-list]") !== null) followProjectList();
})();
