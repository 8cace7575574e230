/**
 * What the client needs from the world around it. Every part can be handed in, for tests and for other hosts.
 */

/** Milliseconds since any fixed instant, and time-outs in milliseconds. */
export interface Clock {
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/** The part of a browser's `WebSocket` that the client uses. */
export interface WebSocketLike {
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The part of `sessionStorage` that the client uses. */
export type StorageLike = Pick<Storage, "getItem" | "setItem">;

/** The part of `document` that the client uses. */
export interface DocumentLike extends EventTarget {
  readonly visibilityState: string;
}

export interface Environment {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly WebSocket: WebSocketConstructor;
  /** For the transports over HTTP; undefined where there is none, and then there are no such transports. */
  readonly fetch: Fetch | undefined;
  /** Remembers from page to page which transport works; undefined where nothing may be kept. */
  readonly storage: StorageLike | undefined;
  /** What relative URLs are resolved against; undefined where there is no page. */
  readonly baseUrl: string | undefined;
  /** Says `online` and `offline`; undefined where there is no browser. */
  readonly window: EventTarget | undefined;
  /** Says `visibilitychange`; undefined where there is no page. */
  readonly document: DocumentLike | undefined;
}

// The wall clock: it goes on while a laptop sleeps, which `performance.now()` does not in every browser.
const wallClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};

/** Return the browser's environment with some parts replaced. */
export function makeEnvironment(parts: Partial<Environment>): Environment {
  return {
    clock: wallClock,
    random: Math.random,
    WebSocket: globalThis.WebSocket,
    fetch: globalThis.fetch?.bind(globalThis),
    storage: findStorage(),
    baseUrl: globalThis.location?.href,
    window: globalThis.window,
    document: globalThis.document,
    ...parts,
  };
}

/** Some browsers refuse the storage to some pages, with an error. */
function findStorage(): StorageLike | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
