/** How the pages' sockets prove who is there. */

import { ApiError, post } from "./api.ts";

/** A ticket for one connection; null when nobody is signed in. */
export async function getTicket(): Promise<string | null> {
  try {
    const { ticket } = (await post("/api/realtime/tickets/")) as { ticket: string };
    return ticket;
  } catch (error) {
    if (error instanceof ApiError && error.isSignedOut) return null;
    throw error;
  }
}
