/**
 * Finds the port of sessions of a server whose page's address is known.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";
import { MAX_PORT, SESSION_PORT_FIELD } from "../../model/right_port.ts";

/** How long the server may take. */
const ANSWER_MS = 2_000;

/**
 * The port of sessions of the server that answers at an address; null if it does
 * not say, or cannot be reached.
 *
 * @param page An address with `http:`.
 */
export async function sessionPort(
  page: string,
  clock: Clock,
  signal?: AbortSignal,
): Promise<number | null> {
  const over = new AbortController();
  clock.sleep(ANSWER_MS, over.signal).then(() => over.abort());
  try {
    const answer = await fetch(new URL("/healthz", page), {
      redirect: "manual",
      signal: AbortSignal.any([over.signal, ...(signal ? [signal] : [])]),
    });
    const port = Number(answer.headers.get(SESSION_PORT_FIELD) ?? 0);
    await answer.body?.cancel();
    return Number.isInteger(port) && port >= 1 && port <= MAX_PORT
      ? port
      : null;
  } catch {
    return null;
  } finally {
    over.abort();
  }
}
