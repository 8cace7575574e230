/** One connection to the server over one transport, from opening to end; knows nothing of what is said on it. */

import type { Position } from "./address.ts";
import type { Addresses } from "./addresses.ts";
import type { Credentials } from "./credentials.ts";
import type { Environment } from "./environment.ts";

/** Who is told; each link ends with at most one `linkClosed` or `linkFailed`. */
export interface LinkOwner {
  /** A frame came. */
  linkSaid(text: unknown): void;
  /** A sign of life without a frame. */
  linkBreathed(): void;
  /** @param code of a WebSocket close, or what it would have been. */
  linkClosed(code: number): void;
  /** It could not even be tried: no credential, or no address. */
  linkFailed(error: unknown): void;
}

/** What every link is opened with. */
export interface LinkContext {
  readonly environment: Environment;
  readonly credentials: Credentials;
  readonly addresses: Addresses;
  /** Return where to resume; undefined to start from a snapshot. Asked once, right before the server is. */
  readonly position: () => Position | undefined;
}

export interface Link {
  /** The credential that the server was last shown; undefined before it was asked anything. */
  readonly credential: string | undefined;
  open(): void;
  send(text: string): void;
  /** Leave, without waiting for anything; the owner hears nothing more. */
  drop(): void;
}

/** What a link's end is called when nobody said why: the code of a WebSocket that broke. */
export const LOST = 1006;
