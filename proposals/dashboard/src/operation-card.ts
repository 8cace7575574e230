/** The card of one operation: what it does now, and what a person may do about it. */

import type { JsonObject, OperationState, OperationStatus } from "../../../realtime/client/src/index.ts";
import type { ServerClock } from "./clock.ts";
import { announce, need, setText, showText } from "./dom.ts";
import { formatDuration, formatEstimate } from "./format.ts";

export interface OperationActions {
  start(): Promise<void>;
  cancel(operationId: string): Promise<void>;
  retry(operationId: string): Promise<void>;
}

export interface CardContext {
  readonly clock: ServerClock;
  readonly statusLabels: Readonly<Record<string, string>>;
  readonly actions: OperationActions;
}

const UNFINISHED: readonly OperationStatus[] = ["pending", "running", "cancelling"];
/** Fields of the result of an analysis, with the words for one and for many. */
const TOTALS: readonly (readonly [string, string, string])[] = [
  ["criteria_total", "critère", "critères"],
  ["documents_total", "pièce à remettre", "pièces à remettre"],
  ["requirements_total", "exigence", "exigences"],
  ["warnings_total", "point d’attention", "points d’attention"],
];
const WAITING_STEP = "En file d’attente…";

export class OperationCard {
  readonly #root: HTMLElement;
  readonly #context: CardContext;
  #operation: OperationState | undefined;
  #canStart = false;
  #isAsking = false;

  constructor(root: HTMLElement, context: CardContext) {
    this.#root = root;
    this.#context = context;
    this.#listen("start", () => context.actions.start());
    this.#listen("retry", (id) => context.actions.retry(id));
    this.#listen("cancel", (id) => context.actions.cancel(id));
  }

  /** Show the newest operation of this card's kind. */
  show(operation: OperationState | undefined): void {
    const before = this.#operation;
    this.#operation = operation;
    this.#render();
    if (operation !== undefined && before !== undefined && before.status !== operation.status)
      this.#announce(operation);
  }

  /** Whether the project has what the operation needs. */
  allowStart(canStart: boolean): void {
    this.#canStart = canStart;
    this.#render();
  }

  /** Let the times go on. */
  tick(): void {
    this.#renderTimes();
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
    this.#render();
    this.#hint("");
    try {
      await act();
    } catch (error) {
      this.#hint(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isAsking = false;
      this.#render();
    }
  }

  #hint(sentence: string): void {
    setText(this.#part("hint"), sentence);
    if (sentence !== "") announce(sentence);
  }

  #announce(operation: OperationState): void {
    const label = this.#context.statusLabels[operation.status] ?? operation.status;
    announce(`${need("h2", this.#root).textContent?.trim() ?? ""} : ${label}. ${operation.error?.error ?? ""}`);
  }

  #render(): void {
    const operation = this.#operation;
    const status = operation?.status ?? "none";
    this.#root.dataset["status"] = status;
    const label = this.#part("status");
    label.className = `status status--${status}`;
    setText(label, operation === undefined ? "Pas encore lancée" : (this.#context.statusLabels[status] ?? status));
    this.#part("intro").hidden = operation !== undefined;
    this.#part("run").hidden = operation === undefined;
    this.#renderProgress(operation);
    this.#renderTimes();
    this.#renderError(operation);
    const isDone = operation?.status === "succeeded";
    showText(this.#part("result"), this.#part("result"), isDone ? summarise(operation.result) : "");
    this.#renderButtons(operation);
  }

  #renderProgress(operation: OperationState | undefined): void {
    const progress = operation?.progress ?? 0;
    this.#part("bar").setAttribute("aria-valuenow", String(progress));
    need(".progress__fill", this.#root).setAttribute("width", `${progress}%`);
    setText(this.#part("percent"), `${progress} %`);
    const step = stepText(operation);
    setText(this.#part("step"), step);
    this.#part("bar").setAttribute("aria-valuetext", step === "" ? `${progress} %` : `${progress} %, ${step}`);
    showText(this.#part("requester-row"), this.#part("requester"), operation?.requested_by ?? "");
    const attempt = operation?.attempt ?? 0;
    showText(this.#part("attempt-row"), this.#part("attempt"), attempt > 1 ? String(attempt) : "");
  }

  #renderTimes(): void {
    const operation = this.#operation;
    const eta = operation?.status === "running" ? operation.eta_seconds : null;
    const remaining = eta === null || eta === undefined ? "" : `${formatEstimate(eta)} restantes`;
    showText(this.#part("eta-row"), this.#part("eta"), remaining);
    const elapsed = operation === undefined ? null : elapsedSeconds(operation, this.#context.clock.now());
    showText(this.#part("elapsed-row"), this.#part("elapsed"), elapsed === null ? "" : formatDuration(elapsed));
    setText(this.#part("elapsed-label"), isUnfinished(operation) ? "Écoulé" : "Durée");
  }

  #renderError(operation: OperationState | undefined): void {
    const hasEnded = operation?.status === "failed" || operation?.status === "cancelled";
    const error = hasEnded ? (operation.error?.error ?? "") : "";
    showText(this.#part("error"), this.#part("error-text"), error);
    this.#part("error").classList.toggle("notice--danger", operation?.status === "failed");
  }

  #renderButtons(operation: OperationState | undefined): void {
    const status = operation?.status;
    const canRetry = status === "cancelled" || (status === "failed" && operation?.error?.retryable !== false);
    const start = this.#part("start") as HTMLButtonElement;
    start.hidden = isUnfinished(operation) || canRetry;
    start.disabled = !this.#canStart || this.#isAsking;
    start.classList.toggle("button--primary", operation?.status !== "succeeded");
    setText(start, operation === undefined ? "Lancer l’analyse" : "Relancer l’analyse");
    const retry = this.#part("retry") as HTMLButtonElement;
    retry.hidden = !canRetry;
    retry.disabled = this.#isAsking;
    const cancel = this.#part("cancel") as HTMLButtonElement;
    cancel.hidden = !isUnfinished(operation);
    cancel.disabled = status === "cancelling" || this.#isAsking;
    setText(cancel, status === "cancelling" ? "Annulation…" : "Annuler l’analyse");
    this.#explainStart(start);
    this.#keepFocus();
  }

  #explainStart(start: HTMLButtonElement): void {
    const needed = start.hidden || this.#canStart ? "" : "Déposez d’abord le règlement de la consultation (RC).";
    setText(this.#part("need"), needed);
  }

  /** A button that vanishes under the keyboard hands the focus to the one that takes its place. */
  #keepFocus(): void {
    const buttons = [...this.#root.querySelectorAll<HTMLButtonElement>(".operation__actions button")];
    const lost = buttons.find((button) => button === document.activeElement && button.hidden);
    if (lost !== undefined) buttons.find((button) => !button.hidden && !button.disabled)?.focus();
  }
}

function isUnfinished(operation: OperationState | undefined): boolean {
  return operation !== undefined && UNFINISHED.includes(operation.status);
}

/** What the analysis found, in numbers: "4 critères · 18 pièces · 59 exigences". */
function summarise(result: JsonObject | null): string {
  return TOTALS.flatMap(([field, one, many]) => {
    const total = result?.[field];
    return typeof total === "number" && total > 0 ? [`${total} ${total > 1 ? many : one}`] : [];
  }).join(" · ");
}

function stepText(operation: OperationState | undefined): string {
  if (operation === undefined) return "";
  const message = operation.step?.["message"];
  if (operation.status === "pending") return WAITING_STEP;
  return typeof message === "string" && operation.status !== "failed" ? message : "";
}

function elapsedSeconds(operation: OperationState, now: number): number | null {
  if (operation.started_at === null) return null;
  const end = operation.finished_at === null ? now : Date.parse(operation.finished_at);
  return (end - Date.parse(operation.started_at)) / 1000;
}
