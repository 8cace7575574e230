/** The project page: one socket, and every part of the page that follows it. */

import { type OperationState, ProjectSocket, type ProjectState } from "../../../realtime/client/src/index.ts";
import { ApiError, post } from "./api.ts";
import { initChecklist } from "./checklist.ts";
import { everySecond, ServerClock } from "./clock.ts";
import type { PageConfig } from "./config.ts";
import { ConnectionPill } from "./connection-pill.ts";
import { tickCountdowns } from "./countdown.ts";
import { need } from "./dom.ts";
import { initLedger } from "./ledger.ts";
import { LivePanel } from "./live-panel.ts";
import { Pipeline } from "./pipeline.ts";
import { keyOfResult, keyOfRow, keyOfStarts } from "./state-keys.ts";
import { Uploads } from "./uploads.ts";

export class ProjectPage {
  readonly #root = need("[data-project-page]");
  readonly #config: PageConfig;
  readonly #clock: ServerClock;
  readonly #socket: ProjectSocket;
  readonly #pill = new ConnectionPill();
  readonly #pipeline: Pipeline;
  readonly #uploads: Uploads;
  readonly #analysis: LivePanel;
  /** The documents of the tender, and what the operations lack: an operation of somebody else tells of both. */
  readonly #documents: LivePanel;
  readonly #facts: LivePanel;

  constructor(config: PageConfig) {
    this.#config = config;
    this.#clock = new ServerClock(config.server_now);
    this.#pipeline = this.#makePipeline();
    this.#uploads = new Uploads({
      maxBytes: config.max_upload_bytes,
      onStored: () => {
        this.#documents.refresh();
        this.#facts.refresh();
      },
    });
    const { operations } = config;
    this.#analysis = new LivePanel({
      url: config.analysis_url,
      key: keyOfResult(operations, "rc_analysis"),
      onFresh: (parts) => this.#takeInAnalysis(parts),
    });
    this.#documents = new LivePanel({
      url: config.documents_url,
      key: keyOfStarts(operations),
      onFresh: () => this.#proposeKind(),
    });
    this.#facts = new LivePanel({
      url: config.pipeline_url,
      key: keyOfRow(operations),
      onFresh: () => this.#pipeline.render(),
    });
    this.#pipeline.show(operations);
    this.#takeInAnalysis([document.body]);
    this.#proposeKind();
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

  #makePipeline(): Pipeline {
    const api = `/api/projects/${this.#config.project_id}`;
    return new Pipeline({
      clock: this.#clock,
      kinds: this.#config.kinds,
      statusLabels: this.#config.status_labels,
      runEverything: () => order(`${api}/run/`),
      actions: {
        start: (kind) => order(`${api}/operations/`, { kind }),
        cancel: (operationId) => this.#steer("cancel", operationId),
        retry: (operationId) => this.#steer("retry", operationId),
      },
    });
  }

  /** By the socket while it lives; else by REST, so that a proxy without WebSockets takes no button away. */
  async #steer(action: "cancel" | "retry", operationId: string): Promise<void> {
    if (this.#socket.connection.state === "live") await this.#socket[action](operationId);
    else await post(`/api/operations/${operationId}/${action}/`);
  }

  #show({ operations }: ProjectState): void {
    this.#pipeline.show(operations);
    this.#showTitle(operations);
    this.#documents.follow(keyOfStarts(operations));
    this.#facts.follow(keyOfRow(operations));
    this.#analysis.follow(keyOfResult(operations, "rc_analysis"));
  }

  #showTitle(operations: readonly OperationState[]): void {
    const running = operations.find(({ status }) => status === "running");
    const prefix = running === undefined ? "" : `(${running.progress} %) `;
    document.title = `${prefix}${this.#config.title} – Tenderwire`;
  }

  #proposeKind(): void {
    const hasRc = need('[data-fragment="documents"]').dataset["hasRc"] === "true";
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
    this.#pipeline.tick();
    this.#pill.show(this.#socket.connection);
    tickCountdowns(this.#clock);
  }
}

/** Ask for something new: asked twice with the same key, it is done once. */
async function order(path: string, body: object = {}): Promise<void> {
  await post(path, body, { "Idempotency-Key": crypto.randomUUID() });
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
