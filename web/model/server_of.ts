/**
 * Where a room or a song is, if the server is one of several.
 *
 * @module
 */

import type { ToClient } from "../../lib/wire/messages.ts";

/**
 * The name of its server; undefined where there is one only.
 *
 * @param welcome Of the server that the page is connected to.
 */
export function serverOf(
  welcome: Pick<ToClient<"welcome">, "also"> | null,
  { node }: { node?: string },
): string | undefined {
  return welcome?.also?.length ? node : undefined;
}
