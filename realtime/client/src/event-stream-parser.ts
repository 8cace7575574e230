/**
 * Take a text apart into server-sent events, however it was cut on the way.
 *
 * Source: WHATWG HTML, "Interpreting an event stream".
 */

export interface EventStreamListener {
  message(data: string): void;
  comment(text: string): void;
}

export class EventStreamParser {
  readonly #listener: EventStreamListener;
  /** The line that has not ended yet. */
  #rest = "";
  #data: string[] = [];

  constructor(listener: EventStreamListener) {
    this.#listener = listener;
  }

  /** Take what came next. */
  push(text: string): void {
    // A return at the end may be the first half of a line's end.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    if (line === "") this.#dispatch();
    else if (line.startsWith(":")) this.#listener.comment(line.slice(1).trimStart());
    else if (line.startsWith("data:")) this.#data.push(line.slice(5).replace(/^ /, ""));
  }

  #dispatch(): void {
    const data = this.#data;
    this.#data = [];
    if (data.length > 0) this.#listener.message(data.join("\n"));
  }
}
