/** The project page: one socket, and every part of the page that follows it. */

import { type OperationState, ProjectSocket, type ProjectState } from "../../../realtime/client/src/index.ts";
import { post } from "./api.ts";
import { initChecklist } from "./checklist.ts";
import { everySecond, ServerClock } from "./clock.ts";
import type { PageConfig } from "./config.ts";
import { ConnectionPill } from "./connection-pill.ts";
import { tickCountdowns } from "./countdown.ts";
import { need } from "./dom.ts";
import { initHandIn } from "./hand-in.ts";
import { makeUuid } from "./ids.ts";
import { initLedger } from "./ledger.ts";
import { LivePanel } from "./live-panel.ts";
import { LiveSections } from "./live-sections.ts";
import { Matches } from "./matches.ts";
import { Pipeline } from "./pipeline.ts";
import { keyOfEnds, keyOfResult, keyOfRow, keyOfSections, keyOfStarts } from "./state-keys.ts";
import { Tabs } from "./tabs.ts";
import { getTicket } from "./ticket.ts";
import { Uploads } from "./uploads.ts";

type Followed = Pick<ProjectState, "operations" | "sections">;

/** No event tells of the decisions of colleagues: this panel is fetched anew when somebody comes back to it. */
const MATRIX_PANEL = "correspondances";

/** A part of the page that the server renders, and what it reflects. */
interface FollowedPanel {
  readonly panel: LivePanel;
  readonly keyOf: (state: Followed) => string;
}

export class ProjectPage {
  readonly #root = need("[data-project-page]");
  readonly #config: PageConfig;
  readonly #clock: ServerClock;
  readonly #socket: ProjectSocket;
  readonly #pill = new ConnectionPill();
  readonly #pipeline: Pipeline;
  readonly #uploads: Uploads;
  readonly #sections: LiveSections;
  readonly #panels: readonly FollowedPanel[];

  constructor(config: PageConfig) {
    this.#config = config;
    this.#clock = new ServerClock(config.server_now);
    this.#pipeline = this.#makePipeline();
    this.#sections = new LiveSections(config.section_labels);
    const matches = new Matches(config.matrix_url);
    const documents = this.#follow(config.documents_url, byStarts, () => this.#proposeKind());
    const facts = this.#follow(config.pipeline_url, byRow, () => this.#pipeline.render());
    const matrix = this.#follow(config.matrix_url, byMatches, () => matches.refreshed());
    this.#panels = [
      documents,
      facts,
      matrix,
      this.#follow(config.analysis_url, byAnalysis, (parts) => this.#takeInAnalysis(parts)),
      this.#follow(config.outline_url, byOutline, () => this.#sections.render()),
      this.#follow(config.outputs_url, byOutputs, () => undefined),
    ];
    this.#uploads = new Uploads({
      maxBytes: config.max_upload_bytes,
      onStored: () => {
        for (const { panel } of [documents, facts]) panel.refresh();
      },
    });
    initHandIn(config.project_id);
    this.#pipeline.show(config.operations);
    this.#sections.show(config.sections);
    this.#takeInAnalysis([document.body]);
    this.#proposeKind();
    new Tabs(need("[data-tabs]"), (panelId) => panelId === MATRIX_PANEL && matrix.panel.refresh());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") matrix.panel.refresh();
    });
    this.#socket = this.#connect();
    everySecond(() => this.#tick());
  }

  #follow(
    url: string,
    keyOf: (state: Followed) => string,
    onFresh: (parts: readonly HTMLElement[]) => void,
  ): FollowedPanel {
    return { panel: new LivePanel({ url, key: keyOf(this.#config), onFresh }), keyOf };
  }

  #connect(): ProjectSocket {
    const socket = new ProjectSocket({ url: `/ws/projects/${this.#config.project_id}`, getToken: getTicket });
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
      engineLabels: this.#config.engine_labels,
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

  #show(state: ProjectState): void {
    this.#pipeline.show(state.operations);
    this.#sections.show(state.sections);
    this.#showTitle(state.operations);
    for (const { panel, keyOf } of this.#panels) panel.follow(keyOf(state));
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

// A new operation may read a document that somebody else brought.
const byStarts = ({ operations }: Followed): string => keyOfStarts(operations);
const byRow = ({ operations }: Followed): string => keyOfRow(operations);
const byAnalysis = ({ operations }: Followed): string => keyOfResult(operations, "rc_analysis");
const byMatches = ({ operations }: Followed): string => keyOfEnds(operations, ["rc_analysis", "matching"]);
const byOutline = ({ operations, sections }: Followed): string =>
  `${keyOfEnds(operations, ["rc_analysis"])} ${keyOfSections(sections)}`.trim();
const byOutputs = ({ operations }: Followed): string => keyOfEnds(operations, ["generation", "document_generation"]);

/** Ask for something new: asked twice with the same key, it is done once. */
async function order(path: string, body: object = {}): Promise<void> {
  await post(path, body, { "Idempotency-Key": makeUuid() });
}
