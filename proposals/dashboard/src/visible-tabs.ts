/**
 * Whether any page of this site is being looked at, in whatever tab or window of this browser.
 *
 * Each visible page holds a shared lock, which the browser frees when the page is hidden, closed or crashes.
 */

const LOCK = "tenderwire.visible";

/** Let the other tabs know from now on whether this one is visible. */
export function tellVisibility(): void {
  const locks = findLocks();
  const hold = (): void => {
    if (document.visibilityState === "visible") void locks?.request(LOCK, { mode: "shared" }, untilHidden);
  };
  document.addEventListener("visibilitychange", hold);
  hold();
}

export async function isAnyTabVisible(): Promise<boolean> {
  if (document.visibilityState === "visible") return true;
  const held = (await findLocks()?.query())?.held ?? [];
  return held.some(({ name }) => name === LOCK);
}

/** Undefined on a page that came over plain HTTP from another machine; each tab then knows of itself alone. */
function findLocks(): LockManager | undefined {
  return (navigator as Partial<Navigator>).locks;
}

function untilHidden(): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.visibilityState === "visible") return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
}
