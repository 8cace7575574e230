/** The script of the library's pages: finds out on which one it is. */

import { LibraryForm } from "./library-form.ts";
import { LibrarySearch } from "./library-search.ts";

const filters = document.querySelector<HTMLFormElement>("[data-library-filters]");
if (filters !== null) new LibrarySearch(filters);
const form = document.querySelector<HTMLFormElement>("[data-library-form]");
if (form !== null) new LibraryForm(form);
