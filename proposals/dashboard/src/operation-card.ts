/** The card of one operation: what it does now, and what a person may do about it. */

import type { OperationState } from "../../../realtime/client/src/index.ts";
import type { ServerClock } from "./clock.ts";
import { announce, need, setText, showText } from "./dom.ts";
import { formatEstimate } from "./format.ts";
import { isUnfinished, sayElapsed, sayEngine, sayResult, sayStep } from "./operation-words.ts";

export interface OperationActions {
  start(kind: string): Promise<void>;
  cancel(operationId: string): Promise<void>;
  retry(operationId: string): Promise<void>;
}

export interface CardContext {
  readonly clock: ServerClock;
  readonly statusLabels: Readonly<Record<string, string>>;
  readonly engineLabels: Readonly<Record<string, string>>;
  readonly actions: OperationActions;
}

/** What the row of operations knows of one of them. */
export interface CardPlace {
  /** It starts by itself after the one before it. */
  readonly isNext: boolean;
  /** An operation before it has run again since. */
  readonly isOutdated: boolean;
}

const ALONE: CardPlace = { isNext: false, isOutdated: false };

export class OperationCard {
  readonly kind: string;
  readonly #root: HTMLElement;
  readonly #context: CardContext;
  #operation: OperationState | undefined;
  #place = ALONE;
  #isAsking = false;

  constructor(root: HTMLElement, context: CardContext) {
    this.#root = root;
    this.#context = context;
    this.kind = root.dataset["operation"] ?? "";
    this.#listen("start", () => context.actions.start(this.kind));
    this.#listen("retry", (id) => context.actions.retry(id));
    this.#listen("cancel", (id) => context.actions.cancel(id));
  }

  /** Show the newest operation of this card's kind. */
  show(operation: OperationState | undefined, place: CardPlace = ALONE): void {
    const before = this.#operation;
    this.#operation = operation;
    this.#place = place;
    this.render();
    if (operation !== undefined && before !== undefined && before.status !== operation.status)
      this.#announce(operation);
  }

  /** Let the times go on. */
  tick(): void {
    this.#renderTimes();
  }

  /** Show it again: what it lacks, which the server says, has changed. */
  render(): void {
    const operation = this.#operation;
    this.#root.dataset["status"] = operation?.status ?? "none";
    this.#renderStatus(operation);
    this.#part("intro").hidden = operation !== undefined;
    this.#part("run").hidden = operation === undefined || operation.status === "succeeded";
    this.#renderProgress(operation);
    this.#renderTimes();
    this.#renderError(operation);
    showText(this.#part("result"), this.#part("result"), operation === undefined ? "" : sayResult(operation));
    this.#part("outdated").hidden = !this.#place.isOutdated;
    this.#renderButtons(operation);
  }

  #part(name: string): HTMLElement {
    return need(`[data-operation-${name}]`, this.#root);
  }

  #listen(name: string, act: (operationId: string) => Promise<void>): void {
    this.#part(name).addEventListener("click", () => void this.#ask(() => act(this.#operation?.operation_id ?? "")));
  }

  async #ask(act: () => Promise<void>): Promise<void> {
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

  #hint(sentence: string): void {
    setText(this.#part("hint"), sentence);
    if (sentence !== "") announce(sentence);
  }

  #announce(operation: OperationState): void {
    const label = this.#context.statusLabels[operation.status] ?? operation.status;
    announce(`${need("h3", this.#root).textContent?.trim() ?? ""} : ${label}. ${operation.error?.error ?? ""}`);
  }

  #renderStatus(operation: OperationState | undefined): void {
    const status = operation?.status ?? "none";
    const isNext = this.#place.isNext && !isUnfinished(operation);
    const label = this.#part("status");
    label.className = `status status--${isNext ? "next" : status}`;
    const said = operation === undefined ? "Pas encore lancée" : (this.#context.statusLabels[status] ?? status);
    setText(label, isNext ? "À suivre" : said);
  }

  #renderProgress(operation: OperationState | undefined): void {
    const progress = operation?.progress ?? 0;
    this.#part("bar").setAttribute("aria-valuenow", String(progress));
    need(".progress__fill", this.#root).setAttribute("width", `${progress}%`);
    setText(this.#part("percent"), `${progress} %`);
    const step = operation === undefined ? "" : sayStep(operation);
    setText(this.#part("step"), step);
    this.#part("bar").setAttribute("aria-valuetext", step === "" ? `${progress} %` : `${progress} %, ${step}`);
    this.#detail("requester", operation?.requested_by ?? "");
    const attempt = operation?.attempt ?? 0;
    this.#detail("attempt", attempt > 1 ? String(attempt) : "");
    this.#detail("engine", sayEngine(operation, this.#context.engineLabels));
  }

  #renderTimes(): void {
    const operation = this.#operation;
    const eta = operation?.status === "running" ? operation.eta_seconds : null;
    this.#detail("eta", eta === null || eta === undefined ? "" : formatEstimate(eta));
    this.#detail("elapsed", sayElapsed(operation, this.#context.clock.now()));
    setText(this.#part("elapsed-label"), isUnfinished(operation) ? "Écoulé" : "Durée");
  }

  #detail(name: string, text: string): void {
    showText(this.#part(`${name}-row`), this.#part(name), text);
  }

  #renderError(operation: OperationState | undefined): void {
    const hasEnded = operation?.status === "failed" || operation?.status === "cancelled";
    const error = hasEnded ? (operation.error?.error ?? "") : "";
    showText(this.#part("error"), this.#part("error-text"), error);
    this.#part("error").classList.toggle("notice--danger", operation?.status === "failed");
  }

  #renderButtons(operation: OperationState | undefined): void {
    const status = operation?.status;
    const needed = this.#part("need");
    const canRetry = status === "cancelled" || (status === "failed" && operation?.error?.retryable !== false);
    const start = this.#button("start", operation === undefined ? "Lancer" : "Relancer");
    start.hidden = isUnfinished(operation) || canRetry || this.#place.isNext;
    start.disabled = needed.textContent !== "" || this.#isAsking;
    needed.hidden = start.hidden || needed.textContent === "";
    const retry = this.#part("retry") as HTMLButtonElement;
    retry.hidden = !canRetry;
    retry.disabled = this.#isAsking;
    const cancel = this.#button("cancel", status === "cancelling" ? "Annulation…" : "Annuler");
    cancel.hidden = !isUnfinished(operation);
    cancel.disabled = status === "cancelling" || this.#isAsking;
    this.#keepFocus();
  }

  #button(name: string, label: string): HTMLButtonElement {
    const button = this.#part(name) as HTMLButtonElement;
    setText(need("[data-label]", button), label);
    return button;
  }

  /** A button that vanishes under the keyboard hands the focus to the one that takes its place. */
  #keepFocus(): void {
    const buttons = [...this.#root.querySelectorAll<HTMLButtonElement>(".operation__actions button")];
    const lost = buttons.find((button) => button === document.activeElement && button.hidden);
    if (lost !== undefined) buttons.find((button) => !button.hidden && !button.disabled)?.focus();
  }
}
