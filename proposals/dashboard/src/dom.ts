/** Small, typed steps in the document. Text from data only ever goes through `textContent`. */

/** Return the element; the template promises that it is there. */
export function need<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T {
  const found = root.querySelector<T>(selector);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
}

/** Set the text only when it changes, so that a screen reader and a selection are left in peace. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Show a row with a text, or hide it when there is none. */
export function showText(row: HTMLElement, element: Element, text: string): void {
  row.hidden = text === "";
  setText(element, text);
}

export function make(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Say something to people who listen to the page instead of looking at it. */
export function announce(sentence: string): void {
  const announcer = document.querySelector("[data-announcer]");
  if (announcer !== null) announcer.textContent = sentence;
}
