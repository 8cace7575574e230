/** The script of the pages: finds out on which one it is. */

import { readConfig } from "./config.ts";
import { ProjectPage } from "./project-page.ts";
import { followProjectList } from "./project-list.ts";

if (document.querySelector("[data-project-page]") !== null) new ProjectPage(readConfig());
if (document.querySelector("[data-live-list]") !== null) followProjectList();
