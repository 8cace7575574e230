/** What changed between two texts, as the server tells it. */

export interface Piece {
  readonly change: "equal" | "insert" | "delete";
  readonly text: string;
}

/** Kept text longer than this, in signs, is shown by its ends. */
const LONG_EQUAL = 600;
const SHOWN_END = 200;

const TAGS = { equal: "span", insert: "ins", delete: "del" } as const;

/** Put a difference in the place of what the element shows. */
export function showDifference(root: HTMLElement, pieces: readonly Piece[]): void {
  const shown = shorten(pieces).map(({ change, text }) => {
    const element = document.createElement(TAGS[change]);
    element.textContent = text;
    return element;
  });
  root.replaceChildren(...shown);
  if (pieces.every(({ change }) => change === "equal")) root.textContent = "Les deux textes sont les mêmes.";
}

/** Leave out the middle of long kept pieces: people look for what changed. */
export function shorten(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.map((piece, index) => {
    if (piece.change !== "equal" || piece.text.length <= LONG_EQUAL) return piece;
    const start = index === 0 ? "" : piece.text.slice(0, SHOWN_END).replace(/\S*$/, "");
    const end = index === pieces.length - 1 ? "" : piece.text.slice(-SHOWN_END).replace(/^\S*/, "");
    return { change: piece.change, text: `${start}\n[…]\n${end}` };
  });
}
