import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import type { ParsedFrame } from "../src/parse-frame.ts";
import { parseFrame } from "../src/project-topic.ts";
import type { ProjectState } from "../src/protocol.ts";
import { fold, fromSnapshot } from "../src/store.ts";
import { skip } from "../src/topic.ts";
import { makeRandom } from "./random.ts";
import { EPOCH, operation, progress, section, sectionText, snapshot } from "./samples.ts";

/** Events and the state after each, which the Python twin of this test folds too. */
interface Script {
  readonly events: readonly object[];
  readonly states: readonly ProjectState[];
}

function readScript(name: string): Script {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as Script;
}

function take(state: ProjectState, frame: ParsedFrame): ProjectState {
  if (frame.kind === "event") return fold(state, frame.event);
  return frame.kind === "unknown" && frame.sequence !== null ? skip(state, frame.sequence) : state;
}

describe.each(["fold-script.json", "fold-sections.json"])("the recorded script %s", (name) => {
  const script = readScript(name);
  const frames = script.events.map((event) => parseFrame(JSON.stringify(event)));
  const finalState = stateAt(frames.length);
  const positions = script.states.map((_, position) => position);

  function stateAt(position: number): ProjectState {
    const state = script.states[position];
    if (state === undefined) throw new Error(`The script has no state ${position}.`);
    return fromSnapshot({ type: "snapshot", ...state });
  }

  test.each(positions.slice(1))("event %i gives the recorded state", (position) => {
    const frame = frames[position - 1];

    expect(frame && take(stateAt(position - 1), frame)).toEqual(stateAt(position));
  });

  test.each(positions)("a snapshot at %i and the events after it give the final state", (position) => {
    expect(frames.slice(position).reduce(take, stateAt(position))).toEqual(finalState);
  });

  test.each(positions)("a snapshot at %i and all events, old ones included, give the final state", (position) => {
    expect(frames.reduce(take, stateAt(position))).toEqual(finalState);
  });

  test.each(positions)("a run that is cut at %i and resumed from there gives the final state", (position) => {
    const before = frames.slice(0, position).reduce(take, stateAt(0));

    expect(frames.filter((_, index) => index >= before.sequence).reduce(take, before)).toEqual(finalState);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("repetitions and returns of old events change nothing (seed %i)", (seed) => {
    const random = makeRandom(seed);
    const noisy = frames.flatMap((frame, index) => {
      const old = frames[Math.floor(random() * (index + 1))];
      return random() < 0.5 && old !== undefined ? [frame, old, frame] : [frame];
    });

    expect(noisy.reduce(take, stateAt(0))).toEqual(finalState);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("leaving out superseded progress changes nothing (seed %i)", (seed) => {
    const random = makeRandom(seed);
    const kept = frames.filter((frame, index) => {
      if (frame.kind !== "event" || !("progress" in frame.event) || frame.event.type === "operation") return true;
      const { operation_id, type } = frame.event;
      const next = frames.slice(index + 1).find((f) => f.kind === "event" && f.event.operation_id === operation_id);
      const isSuperseded = next?.kind === "event" && next.event.type === type;
      return !isSuperseded || random() < 0.3;
    });

    expect(kept.length).toBeLessThan(frames.length);
    expect(kept.reduce(take, stateAt(0))).toEqual(finalState);
  });
});

test("an event that was folded before gives the very same state", () => {
  const state = fold(fromSnapshot(snapshot(3)), operation(4));

  expect(fold(state, progress(4))).toBe(state);
  expect(skip(state, 2)).toBe(state);
});

test("folding leaves the given state as it was", () => {
  const state = Object.freeze({
    epoch: EPOCH,
    sequence: 3,
    operations: Object.freeze([]),
    sections: Object.freeze([]),
  });

  const folded = fold(state, operation(4));

  expect(state.operations).toEqual([]);
  expect(folded.operations).toHaveLength(1);
});

test("a step holds the fields that are the event's own, also those of a later version", () => {
  const running = fold(fromSnapshot(snapshot(0)), operation(1));
  const event = { ...progress(2), pages_read: 7 };

  expect(fold(running, event).operations[0]?.step).toEqual({
    status: "analyzing",
    message: "Recherche des critères",
    pages_read: 7,
  });
});

test.each([
  ["a", 1, "b", "ab"],
  ["🙂é", 1, "x", "🙂x"],
  ["🙂é", 2, "x", "🙂éx"],
  ["🙂é", 3, "x", "🙂é"],
  ["👩‍💻", 2, "", "👩‍"],
  ["", 0, "🙂", "🙂"],
])("the text %j cut at code point %i, with %j behind, is %j", (text, position, added, expected) => {
  const state = { ...fromSnapshot(snapshot(0)), sections: [section({ text })] };

  expect(fold(state, sectionText(1, { position, text: added })).sections[0]?.text).toBe(expected);
});
