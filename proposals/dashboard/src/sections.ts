/** The script of the pages of sections and plan: finds out on which one it is. */

import { PlanPage, readPlanConfig } from "./plan-editor.ts";
import { readSectionConfig } from "./section-config.ts";
import { SectionPage } from "./section-page.ts";

if (document.querySelector("[data-section-page]") !== null) new SectionPage(readSectionConfig());
if (document.querySelector("[data-plan-page]") !== null) new PlanPage(readPlanConfig());
