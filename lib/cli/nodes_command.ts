/**
 * `ondacast nodes`: the servers that are one.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { ToClient } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { shown } from "./shown.ts";
import { table } from "./text.ts";

/** Lists them, with what each has. */
export async function nodesCommand(context: ClientContext): Promise<void> {
  const session = await context.link.session();
  const welcome = await context.unlessInterrupted(session.welcome);
  if (!welcome.features.includes("node")) {
    throw new OndacastError(
      "unsupported",
      "Cannot list the nodes: this server is not one of several. Start it with --cluster",
    );
  }
  const { places, connected } = await context.unlessInterrupted(
    session.request({ type: "places" }),
  );
  if (context.options.json) return context.printJson(places);
  for (const line of table(places.map(cells), context.columns)) {
    context.say(line);
  }
  if (!connected) {
    context.say(
      "this server cannot hear the others now; its log and /readyz say why",
    );
  }
}

type Place = ToClient<"places">["places"][number];

function cells(
  { node, address, state, reason, devices, songs }: Place,
): string[] {
  return [
    shown(node),
    shown(address),
    reason === undefined ? state : `${state}: ${shown(reason)}`,
    `${devices} ${devices === 1 ? "client" : "clients"}`,
    `${songs} ${songs === 1 ? "song" : "songs"}`,
  ];
}
