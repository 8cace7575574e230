/** The project page: one socket, and every part of the page that follows it. */

import { type OperationState, ProjectSocket, type ProjectState } from "../../../realtime/client/src/index.ts";
import { ApiError, post } from "./api.ts";
import { initChecklist } from "./checklist.ts";
import { everySecond, ServerClock } from "./clock.ts";
import type { PageConfig } from "./config.ts";
import { ConnectionPill } from "./connection-pill.ts";
import { tickCountdowns } from "./countdown.ts";
import { need } from "./dom.ts";
import { refreshFragments } from "./fragments.ts";
import { initLedger } from "./ledger.ts";
import { OperationCard } from "./operation-card.ts";
import { Uploads } from "./uploads.ts";

const KIND = "rc_analysis";
/** Wait before the analysis is asked for again, when the server could not give it. */
const RETRY_MS = 3_000;

export class ProjectPage {
  readonly #root = need("[data-project-page]");
  readonly #config: PageConfig;
  readonly #clock: ServerClock;
  readonly #socket: ProjectSocket;
  readonly #pill = new ConnectionPill();
  readonly #card: OperationCard;
  readonly #uploads: Uploads;
  /** What the analysis on the page is known to reflect; see `#keyOf`. */
  #shownResult: string;
  /** The operation whose documents the page has already asked for. */
  #shownOperation: string | undefined;

  constructor(config: PageConfig) {
    this.#config = config;
    this.#clock = new ServerClock(config.server_now);
    this.#card = new OperationCard(need(`[data-operation="${KIND}"]`), {
      clock: this.#clock,
      statusLabels: config.status_labels,
      actions: this.#actions(),
    });
    this.#uploads = new Uploads({
      maxBytes: config.max_upload_bytes,
      onStored: () => void this.#refreshDocuments(),
    });
    const operation = find(config.operations);
    this.#shownResult = keyOf(operation);
    this.#shownOperation = operation?.operation_id;
    this.#card.show(operation);
    this.#takeInAnalysis([document.body]);
    this.#readDocuments();
    this.#socket = this.#connect();
    everySecond(() => this.#tick());
  }

  #connect(): ProjectSocket {
    const socket = new ProjectSocket({ url: `/ws/projects/${this.#config.project_id}`, getToken });
    socket.on("state", (state) => this.#show(state));
    socket.on("connection", (connection) => {
      this.#pill.show(connection);
      this.#root.dataset["live"] = String(connection.state === "live");
    });
    return socket;
  }

  #actions(): ConstructorParameters<typeof OperationCard>[1]["actions"] {
    return {
      start: async () => {
        const path = `/api/projects/${this.#config.project_id}/operations/`;
        await post(path, { kind: KIND }, { "Idempotency-Key": crypto.randomUUID() });
      },
      cancel: (operationId) => this.#steer("cancel", operationId),
      retry: (operationId) => this.#steer("retry", operationId),
    };
  }

  /** By the socket while it lives; else by REST, so that a proxy without WebSockets takes no button away. */
  async #steer(action: "cancel" | "retry", operationId: string): Promise<void> {
    if (this.#socket.connection.state === "live") await this.#socket[action](operationId);
    else await post(`/api/operations/${operationId}/${action}/`);
  }

  #show(state: ProjectState): void {
    const operation = find(state.operations);
    this.#card.show(operation);
    this.#showTitle(operation);
    if (operation !== undefined && operation.operation_id !== this.#shownOperation) {
      // Somebody else may have brought the document that this operation reads.
      this.#shownOperation = operation.operation_id;
      void this.#refreshDocuments();
    }
    const key = keyOf(operation);
    if (key !== this.#shownResult) void this.#refreshAnalysis(key);
  }

  #showTitle(operation: OperationState | undefined): void {
    const prefix = operation?.status === "running" ? `(${operation.progress} %) ` : "";
    document.title = `${prefix}${this.#config.title} – Tenderwire`;
  }

  async #refreshAnalysis(key: string): Promise<void> {
    this.#shownResult = key;
    if (key === "") return;
    try {
      this.#takeInAnalysis(await refreshFragments(this.#config.analysis_url));
    } catch (error) {
      if (isTemporary(error)) setTimeout(() => this.#shownResult === key && void this.#refreshAnalysis(key), RETRY_MS);
    }
  }

  async #refreshDocuments(): Promise<void> {
    try {
      await refreshFragments(this.#config.documents_url);
      this.#readDocuments();
    } catch {
      // The list stays as it was; the next upload or a reload shows it.
    }
  }

  #readDocuments(): void {
    const hasRc = need('[data-fragment="documents"]').dataset["hasRc"] === "true";
    this.#card.allowStart(hasRc);
    this.#uploads.propose(hasRc ? "other" : "rc");
  }

  #takeInAnalysis(parts: readonly ParentNode[]): void {
    for (const part of parts) {
      initLedger(part);
      initChecklist(part);
    }
    tickCountdowns(this.#clock);
  }

  #tick(): void {
    this.#card.tick();
    this.#pill.show(this.#socket.connection);
    tickCountdowns(this.#clock);
  }
}

/** A ticket for one connection; null when nobody is signed in. */
async function getToken(): Promise<string | null> {
  try {
    const { ticket } = (await post("/api/realtime/tickets/")) as { ticket: string };
    return ticket;
  } catch (error) {
    if (error instanceof ApiError && error.isSignedOut) return null;
    throw error;
  }
}

function isTemporary(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

function find(operations: readonly OperationState[]): OperationState | undefined {
  return operations.find((operation) => operation.kind === KIND);
}

/** Names the result that an operation has left; empty while there is none. */
function keyOf(operation: OperationState | undefined): string {
  return operation?.status === "succeeded" ? `${operation.operation_id}:${operation.attempt ?? 0}` : "";
}
