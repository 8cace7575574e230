/** What the template hands to the script (`page.script_config` on the server). */

import type { OperationState, SectionState } from "../../../realtime/client/src/index.ts";
import { need } from "./dom.ts";
import type { KindLabel } from "./pipeline.ts";

export interface PageConfig {
  readonly project_id: string;
  readonly title: string;
  readonly server_now: string;
  readonly analysis_url: string;
  readonly documents_url: string;
  readonly pipeline_url: string;
  readonly matrix_url: string;
  readonly outline_url: string;
  readonly outputs_url: string;
  readonly login_url: string;
  readonly max_upload_bytes: number;
  /** In the order in which they follow each other. */
  readonly kinds: readonly KindLabel[];
  readonly status_labels: Readonly<Record<string, string>>;
  readonly engine_labels: Readonly<Record<string, string>>;
  readonly section_labels: Readonly<Record<string, string>>;
  readonly operations: readonly OperationState[];
  readonly sections: readonly SectionState[];
}

export function readConfig(): PageConfig {
  return JSON.parse(need("#project-config").textContent ?? "") as PageConfig;
}
