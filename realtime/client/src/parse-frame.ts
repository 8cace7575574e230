/**
 * Check what came over the wire before anybody believes its type.
 *
 * Source: PROTOCOL.md, "Logged events", "Control frames", "Versions".
 */

import {
  type Checks,
  findBadField,
  isCount,
  isFlag,
  isId,
  isObject,
  isRecordOf,
  isSeconds,
  isText,
  orNull,
} from "./checks.ts";
import type { ControlFrame, LoggedEvent, Snapshot } from "./protocol.ts";

/** Frames of a type that this client does not know are kept apart: a later server may send them. */
export type ParsedFrame<Event = LoggedEvent, State = Snapshot> =
  | { readonly kind: "event"; readonly event: Event }
  | { readonly kind: "snapshot"; readonly snapshot: State }
  | { readonly kind: "control"; readonly frame: ControlFrame }
  | { readonly kind: "pong" }
  | { readonly kind: "unknown"; readonly type: string; readonly sequence: number | null };

export type Parse<Event, State> = (data: unknown) => ParsedFrame<Event, State>;

/** A frame that breaks the protocol. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

const CONTROL_FRAMES: { readonly [Type in ControlFrame["type"]]: Checks } = {
  welcome: {
    protocol: isCount,
    session: isText,
    epoch: isText,
    head: isCount,
    heartbeat_seconds: (value) => isSeconds(value) && value !== 0,
    token_expires_in_seconds: isSeconds,
    resumed: isFlag,
  },
  heartbeat: { head: isCount },
  token_expiring: { seconds: isSeconds },
  draining: { closes_in_ms: isCount },
  reply: { id: orNull(isId), ok: isFlag },
  closing: { code: isText, reason: isText, reconnect: isFlag, retry_after_ms: orNull(isCount) },
};
const REPLY_ACCEPTED = { result: isObject };
const REPLY_REFUSED = { error: isRecordOf({ code: isText, message: isText }) };

/** Return the parser for the frames of one kind of topic: its own events and snapshot, and those that all share. */
export function makeParser<Event, State>(
  events: Readonly<Record<string, Checks>>,
  snapshot: Checks,
): Parse<Event, State> {
  return (data) => {
    if (data === "pong") return { kind: "pong" };
    const fields = parseObject(data);
    const type = fields["type"];
    if (typeof type !== "string") throw new ProtocolError("A frame has no type.");
    if (Object.hasOwn(events, type)) return { kind: "event", event: check<Event>(fields, events[type]) };
    if (type === "snapshot") return { kind: "snapshot", snapshot: check<State>(fields, snapshot) };
    if (Object.hasOwn(CONTROL_FRAMES, type)) return { kind: "control", frame: checkControl(fields, type) };
    const sequence = fields["sequence"];
    return { kind: "unknown", type, sequence: isCount(sequence) ? Number(sequence) : null };
  };
}

function parseObject(data: unknown): Record<string, unknown> {
  if (typeof data !== "string") throw new ProtocolError("A frame is not text.");
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw new ProtocolError("A frame is not JSON.");
  }
  if (!isObject(value)) throw new ProtocolError("A frame is not an object.");
  return value;
}

function checkControl(fields: Record<string, unknown>, type: string): ControlFrame {
  if (type === "reply") check(fields, fields["ok"] === true ? REPLY_ACCEPTED : REPLY_REFUSED);
  return check<ControlFrame>(fields, CONTROL_FRAMES[type as ControlFrame["type"]]);
}

function check<Frame>(fields: Record<string, unknown>, checks: Checks = {}): Frame {
  const bad = findBadField(fields, checks);
  if (bad !== undefined) throw new ProtocolError(`A ${String(fields["type"])} frame has a bad '${bad}'.`);
  return fields as Frame;
}
