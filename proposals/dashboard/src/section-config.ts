/** What the section's template hands to the script (`section_page.script_config` on the server). */

import type { SectionState } from "../../../realtime/client/src/index.ts";
import { need } from "./dom.ts";

export interface SectionConfig {
  readonly project_id: string;
  readonly section_id: string;
  readonly title: string;
  readonly server_now: string;
  readonly panel_url: string;
  readonly login_url: string;
  readonly section: SectionState;
}

export function readSectionConfig(): SectionConfig {
  return JSON.parse(need("#section-config").textContent ?? "") as SectionConfig;
}
