/** The server's side of one HTTP request. */

export class FakeExchange {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
  readonly response: Promise<Response>;
  readonly #signal: AbortSignal;
  #answer: (response: Response) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(url: string, { method, headers, body, signal }: RequestInit) {
    this.url = new URL(url);
    this.method = method ?? "GET";
    this.headers = new Headers(headers);
    this.body = typeof body === "string" ? JSON.parse(body) : undefined;
    this.#signal = signal as AbortSignal;
    this.response = new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#fail = reject;
    });
    this.#signal.addEventListener("abort", () => this.breakOff());
  }

  /** Whether the client has left. */
  get isLeft(): boolean {
    return this.#signal.aborted;
  }

  get token(): string | undefined {
    return this.headers.get("Authorization")?.replace("Bearer ", "");
  }

  answer(body: unknown, status = 200, headers: Record<string, string> = {}): void {
    this.#answer(
      new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } }),
    );
  }

  /** Refuse in the API's format. */
  refuse(status: number, code: string, headers: Record<string, string> = {}): void {
    this.answer({ error: { code, message: "Non.", details: null } }, status, headers);
  }

  /** Begin a stream of events. */
  stream(contentType = "text/event-stream"): this {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.#stream = controller) });
    this.#answer(new Response(body, { headers: { "Content-Type": contentType } }));
    return this;
  }

  /** Send a part of the stream. */
  write(text: string): void {
    this.#stream?.enqueue(new TextEncoder().encode(text));
  }

  /** Send frames, each as one message. */
  say(...frames: object[]): void {
    for (const frame of frames) this.write(`data: ${JSON.stringify(frame)}\n\n`);
  }

  end(): void {
    this.#stream?.close();
  }

  /** The connection breaks. */
  breakOff(): void {
    const error = new TypeError("Failed to fetch");
    this.#fail(error);
    this.#stream?.error(error);
  }
}
