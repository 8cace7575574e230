/** The script of the library's pages: finds out on which one it is. */

import { LibraryImportPage } from "./library-import.ts";
import { LibraryForm } from "./library-form.ts";
import { LibrarySearch } from "./library-search.ts";

const filters = document.querySelector<HTMLFormElement>("[data-library-filters]");
if (filters !== null) new LibrarySearch(filters);
const form = document.querySelector<HTMLFormElement>("[data-library-form]");
if (form !== null) new LibraryForm(form);
const zone = document.querySelector<HTMLFormElement>("[data-import-form]");
if (zone !== null) new LibraryImportPage(zone);
