/** Ask for the version to hand in: the documents without what is for the bid team only. */

import { ApiError, post } from "./api.ts";
import { announce, need, setText } from "./dom.ts";
import { makeUuid } from "./ids.ts";

/** The button comes and goes with the panel of the documents, so the page listens for it. */
export function initHandIn(projectId: string): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-hand-in]") : null;
    if (button instanceof HTMLButtonElement && !button.disabled) void produce(projectId, button);
  });
}

async function produce(projectId: string, button: HTMLButtonElement): Promise<void> {
  const problem = need("[data-hand-in-problem]");
  button.disabled = true;
  setText(problem, "");
  try {
    const order = { kind: "document_generation", internal_annexes: false };
    await post(`/api/projects/${projectId}/operations/`, order, { "Idempotency-Key": makeUuid() });
    announce("Production de la version à remettre lancée.");
  } catch (error) {
    setText(problem, error instanceof ApiError ? error.message : String(error));
  } finally {
    button.disabled = false;
  }
}
