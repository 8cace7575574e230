/** The row of operations: one card for each, "run everything", and what follows by itself. */

import type { OperationState } from "../../../realtime/client/src/index.ts";
import { announce, need, setText } from "./dom.ts";
import { type CardContext, OperationCard } from "./operation-card.ts";
import { findOutdated, isUnfinished } from "./operation-words.ts";

export interface KindLabel {
  readonly kind: string;
  readonly label: string;
}

export interface PipelineOptions extends CardContext {
  readonly kinds: readonly KindLabel[];
  readonly runEverything: () => Promise<void>;
}

/** What the server says of the row, in its fragment. */
export interface RunFacts {
  /** The kinds that follow by themselves. */
  readonly then: readonly string[];
  /** Why nothing can start; "" when it can. */
  readonly need: string;
}

const BUSY = "Une opération est en cours : attendez sa fin ou annulez-la pour tout lancer.";

export class Pipeline {
  readonly #root = need("[data-pipeline]");
  readonly #start = need<HTMLButtonElement>("[data-run-start]", this.#root);
  readonly #options: PipelineOptions;
  readonly #cards: readonly OperationCard[];
  #operations: readonly OperationState[] = [];
  #isAsking = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const roots = [...this.#root.querySelectorAll<HTMLElement>("[data-operation]")];
    this.#cards = roots.map((root) => new OperationCard(root, options));
    this.#start.addEventListener("click", () => void this.#ask());
  }

  /** Show the newest operation of each kind. */
  show(operations: readonly OperationState[]): void {
    this.#operations = operations;
    this.render();
  }

  /** Show it again: the server's facts have changed. */
  render(): void {
    const facts = this.#readFacts();
    const outdated = findOutdated(this.#kinds(), this.#operations);
    for (const card of this.#cards) {
      const isNext = this.#isRunning() && facts.then.includes(card.kind);
      card.show(this.#find(card.kind), { isNext, isOutdated: outdated.has(card.kind) });
    }
    this.#renderRun(facts);
  }

  /** Let the times go on. */
  tick(): void {
    for (const card of this.#cards) card.tick();
  }

  #kinds(): readonly string[] {
    return this.#options.kinds.map(({ kind }) => kind);
  }

  #find(kind: string): OperationState | undefined {
    return this.#operations.find((operation) => operation.kind === kind);
  }

  #isRunning(): boolean {
    return this.#operations.some(isUnfinished);
  }

  #readFacts(): RunFacts {
    const element = need("[data-run-facts]", this.#root);
    const then = (element.dataset["then"] ?? "").split(" ").filter(Boolean);
    return { then, need: element.textContent ?? "" };
  }

  #renderRun(facts: RunFacts): void {
    const done = this.#operations.filter(({ status }) => status === "succeeded").length;
    const isComplete = done === this.#cards.length;
    setText(need("[data-run-count]", this.#root), `${done} sur ${this.#cards.length}`);
    setText(need("[data-label]", this.#start), isComplete ? "Tout relancer" : "Tout lancer");
    this.#start.classList.toggle("button--primary", !isComplete);
    this.#start.disabled = facts.need !== "" || this.#isRunning() || this.#isAsking;
    setText(need("[data-run-next]", this.#root), sayNext(facts, this.#isRunning(), this.#options.kinds));
  }

  async #ask(): Promise<void> {
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
}

/** What comes next, or why "run everything" waits. */
export function sayNext({ then, need: lacking }: RunFacts, isRunning: boolean, kinds: readonly KindLabel[]): string {
  const labels = then.map((kind) => lowerFirst(kinds.find((known) => known.kind === kind)?.label ?? kind));
  const row = labels.join(", puis ");
  if (isRunning) return row === "" ? BUSY : `Ensuite : ${row}. Chaque étape part dès que la précédente a réussi.`;
  if (row !== "") return `La suite (${row}) repartira après un nouvel essai réussi.`;
  return lacking;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
