/**
 * `ondacast trust`: the servers whose certificates are trusted, and how to forget
 * one that has a new certificate.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { dataFolder } from "../io/disk/data_folder.ts";
import { KnownServersFile } from "../io/tls/known_servers_file.ts";
import { placeOf } from "../model/server_address.ts";
import { named } from "./chosen_server.ts";
import type { ClientContext } from "./client_context.ts";
import { knownAs } from "../model/known_servers.ts";
import { rememberedServers } from "./take_server.ts";
import { shown } from "./shown.ts";
import { table } from "./text.ts";

/** Lists the trusted servers, or forgets one. */
export async function trustCommand(
  context: ClientContext,
  { forget }: { forget?: string },
): Promise<void> {
  const known = new KnownServersFile(dataFolder("Nothing is trusted"));
  if (forget !== undefined) return await forgetServer(context, known, forget);
  const servers = await known.list();
  if (context.options.json) return context.printJson(servers);
  const rows = servers.map(({ place, fingerprint }) => [
    place,
    fingerprint ?? "signed by a public authority",
  ]);
  for (const line of table(rows, context.columns)) context.say(line);
  if (rows.length === 0) context.say("No server's certificate is known yet.");
}

async function forgetServer(
  context: ClientContext,
  known: KnownServersFile,
  words: string,
): Promise<void> {
  const removed = await known.forget(await placesFor(words));
  if (removed.length > 0) {
    if (context.options.json) return context.printJson({ removed });
    return context.say(
      `${
        removed.join(", ")
      }: forgotten. The next connection asks about its certificate.`,
    );
  }
  const places = (await known.list()).map(({ place }) => place);
  throw new OndacastError(
    "not-found",
    `Cannot forget "${shown(words)}": it is not known. ${
      places.length > 0
        ? `Known are ${shown(places.join(", "))}`
        : "No server is known yet"
    }`,
  );
}

/** The places in the list that a user may mean: as written, by address, by id. */
async function placesFor(words: string): Promise<string[]> {
  const places = words.startsWith("id:")
    ? []
    : named(words).endpoints.map(placeOf);
  const { used, received } = await rememberedServers()?.read() ?? {};
  const ids = [used, received].flatMap((server) => {
    if (!server || server.id === null) return [];
    const names = [server.name, server.host, placeOf(server)]
      .map((name) => name.toLowerCase());
    return names.includes(words.toLowerCase()) ? [knownAs(server.id)] : [];
  });
  return [words, ...places, ...ids];
}
