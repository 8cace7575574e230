/** Listeners by name, typed. A listener that throws is reported and harms neither the others nor the socket. */

export type Listener<Payload> = (payload: Payload) => void;

export class Emitter<Payloads> {
  readonly #listeners = new Map<keyof Payloads, Set<Listener<never>>>();

  /** Call a listener from now on; return the function that ends it. */
  on<Name extends keyof Payloads>(name: Name, listener: Listener<Payloads[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit<Name extends keyof Payloads>(name: Name, payload: Payloads[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as Listener<Payloads[Name]>)(payload);
      } catch (error) {
        reportLater(error);
      }
    }
  }
}

/** Let the error reach the page's own error handling, outside our call stack. */
function reportLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
