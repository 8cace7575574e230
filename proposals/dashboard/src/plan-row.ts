/** One section of the plan as two rows of its table: the section, and its details, which unfold. */

import { make } from "./dom.ts";
import { MAX_WORDS, MIN_WORDS, type PlanSection, type Requirement } from "./plan-model.ts";

export interface RowContext {
  readonly requirements: readonly Requirement[];
  readonly statusLabels: Readonly<Record<string, string>>;
  readonly sectionsUrl: string;
  readonly isDisabled: boolean;
  change(key: string, fields: Partial<PlanSection>): void;
  assign(key: string, requirementId: string, isAssigned: boolean): void;
}

export interface RowPlace {
  readonly number: number;
  readonly isLast: boolean;
  readonly isUnfolded: boolean;
}

/** Buttons tell what they do by `data-act`; the page listens once for all of them. */
export function makeRows(section: PlanSection, place: RowPlace, context: RowContext): readonly HTMLElement[] {
  const rows = [makeMainRow(section, place, context), makeDetailRow(section, place, context)];
  for (const row of rows) row.dataset["key"] = section.key;
  return rows;
}

function makeMainRow(section: PlanSection, place: RowPlace, context: RowContext): HTMLElement {
  const row = make("tr", "plan__row");
  row.append(
    cell("plan__number", String(place.number)),
    cell("plan__title", ...titleParts(section, context)),
    cell("plan__words", wordsInput(section, context)),
    cell("plan__requirements", unfoldButton(section, place)),
    cell("plan__moves", ...moveButtons(section, place, context)),
  );
  return row;
}

function titleParts(section: PlanSection, context: RowContext): readonly Node[] {
  // A title may be longer than a line; it is one line all the same.
  const area = makeArea(section.title, `title-${section.key}`, context);
  area.className = "plan__name";
  area.rows = 1;
  area.maxLength = 300;
  area.required = true;
  area.ariaLabel = "Titre de la section";
  area.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  area.addEventListener("input", () => {
    if (area.value.includes("\n")) area.value = area.value.replaceAll("\n", " ");
    context.change(section.key, { title: area.value });
  });
  return [area, about(section, context)];
}

function about({ id, status, locked, criterion }: PlanSection, context: RowContext): HTMLElement {
  const line = make("p", "plan__about");
  if (criterion !== null) line.append(make("span", "", `Critère : ${criterion.name}`));
  if (id === null) line.append(make("span", "", "Nouvelle"));
  else
    line.append(
      make("span", "", context.statusLabels[status] ?? status),
      link(`${context.sectionsUrl}${id}/`, "Ouvrir"),
    );
  if (locked) line.append(make("span", "chip", "Verrouillée"));
  return line;
}

function wordsInput(section: PlanSection, context: RowContext): HTMLElement {
  const input = makeInput("number", String(section.words_budget), `words-${section.key}`, context);
  input.min = String(MIN_WORDS);
  input.max = String(MAX_WORDS);
  input.step = "10";
  input.ariaLabel = "Longueur visée, en mots";
  input.addEventListener("input", () => context.change(section.key, { words_budget: Math.round(input.valueAsNumber) }));
  return input;
}

function unfoldButton(section: PlanSection, place: RowPlace): HTMLElement {
  const total = section.requirement_ids.length;
  const button = makeButton("unfold", section, total === 0 ? "Aucune" : String(total));
  button.classList.add("plan__unfold");
  button.ariaExpanded = String(place.isUnfolded);
  button.ariaLabel = `${total} exigence${total > 1 ? "s" : ""}, consigne : déplier`;
  return button;
}

function moveButtons(section: PlanSection, place: RowPlace, context: RowContext): readonly HTMLElement[] {
  const up = makeButton("up", section, "↑", "Monter");
  const down = makeButton("down", section, "↓", "Descendre");
  const gone = makeButton(
    "remove",
    section,
    "×",
    section.locked ? "Verrouillée : ne peut pas être supprimée" : "Supprimer",
  );
  up.disabled = context.isDisabled || place.number === 1;
  down.disabled = context.isDisabled || place.isLast;
  gone.disabled = context.isDisabled || section.locked;
  return [up, down, gone];
}

function makeDetailRow(section: PlanSection, place: RowPlace, context: RowContext): HTMLElement {
  const row = make("tr", "plan__details");
  row.hidden = !place.isUnfolded;
  const inside = cell(
    "",
    ...(place.isUnfolded ? [guidanceField(section, context), requirementList(section, context)] : []),
  );
  (inside as HTMLTableCellElement).colSpan = 5;
  row.append(inside);
  return row;
}

function guidanceField(section: PlanSection, context: RowContext): HTMLElement {
  const label = make("label", "plan__guidance", "Ce que l’acheteur veut lire ici");
  const area = makeArea(section.guidance, `guidance-${section.key}`, context);
  area.maxLength = 5_000;
  area.rows = 3;
  area.addEventListener("input", () => context.change(section.key, { guidance: area.value }));
  label.append(area);
  return label;
}

function requirementList(section: PlanSection, context: RowContext): HTMLElement {
  const field = make("fieldset", "plan__choice");
  field.append(make("legend", "", "Exigences que cette section doit couvrir"));
  if (context.requirements.length === 0) field.append(make("p", "muted", "Le règlement n’a pas encore d’exigences."));
  const rank = ({ id, is_outside }: Requirement): number =>
    section.requirement_ids.includes(id) ? 0 : is_outside ? 2 : 1;
  // Sorting keeps the order of the codes within each rank.
  const sorted = [...context.requirements].sort((one, other) => rank(one) - rank(other));
  for (const requirement of sorted) field.append(requirementBox(section, requirement, context));
  return field;
}

function requirementBox(section: PlanSection, requirement: Requirement, context: RowContext): HTMLElement {
  const label = make("label", "plan__requirement");
  const box = makeInput("checkbox", "", `requirement-${section.key}-${requirement.id}`, context);
  box.checked = section.requirement_ids.includes(requirement.id);
  box.addEventListener("change", () => context.assign(section.key, requirement.id, box.checked));
  label.append(box, make("strong", "", requirement.code), make("span", "", requirement.text));
  return label;
}

function cell(className: string, ...content: readonly (Node | string)[]): HTMLElement {
  const element = make("td", className);
  element.append(...content);
  return element;
}

function makeInput(type: string, value: string, id: string, { isDisabled }: RowContext): HTMLInputElement {
  const input = document.createElement("input");
  input.type = type;
  input.id = id;
  input.value = value;
  input.disabled = isDisabled;
  return input;
}

function makeArea(value: string, id: string, { isDisabled }: RowContext): HTMLTextAreaElement {
  const area = document.createElement("textarea");
  area.id = id;
  area.value = value;
  area.disabled = isDisabled;
  return area;
}

function makeButton(act: string, section: PlanSection, text: string, label = ""): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small";
  button.id = `${act}-${section.key}`;
  button.dataset["act"] = act;
  button.textContent = text;
  if (label !== "") {
    button.ariaLabel = `${label} : ${section.title}`;
    button.title = label;
  }
  return button;
}

function link(url: string, text: string): HTMLAnchorElement {
  const element = document.createElement("a");
  element.href = url;
  element.textContent = text;
  return element;
}
