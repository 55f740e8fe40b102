/**
 * `ondacast remove`, `restore` and `rename`: changes which songs are in the
 * server's folder, and their names.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { listTagged } from "../client/library_lists.ts";
import { expectFeature } from "../client/server_features.ts";
import { OndacastError } from "../errors.ts";
import { isSelection } from "../model/selection.ts";
import { may } from "../wire/song_rights.ts";
import type { ClientContext } from "./client_context.ts";
import { asksByKeys, confirm } from "./prompts.ts";

/** Removes songs, after a question in a terminal. */
export async function removeCommand(
  context: ClientContext,
  texts: readonly string[],
): Promise<void> {
  const session = await context.link.session();
  await context.unlessInterrupted(expectMayReplace(session, "remove songs"));
  const songs = new Map<string, { name: string; etag: string }>();
  for (const text of texts) {
    const selection = isSelection(text) ? text : `song:${text}`;
    const found = await context.unlessInterrupted(
      listTagged(session, { selection }).catch(async (error) => {
        // A name in another case, or without its ending.
        if (error.code !== "not-found" || isSelection(text)) throw error;
        return await listTagged(session, { selection: text });
      }),
    );
    for (const { name, etag } of found) {
      // What is live has no file to remove.
      if (etag !== null) songs.set(name, { name, etag });
    }
  }
  if (!await mayRemove(context, [...songs.keys()])) return;
  for (const { name, etag } of songs.values()) {
    const { song } = await context.unlessInterrupted(
      session.request({ type: "remove", song: name, etag }),
    );
    if (context.options.json) context.printJson({ event: "removed", song });
    else context.say(`removed ${song}`);
  }
}

/** Brings back songs by their exact names. */
export async function restoreCommand(
  context: ClientContext,
  names: readonly string[],
): Promise<void> {
  const session = await context.link.session();
  await context.unlessInterrupted(
    expectFeature(session, "tags", "restore songs")
      .then(() => expectMayReplace(session, "restore songs")),
  );
  for (const name of names) {
    const { song, etag } = await context.unlessInterrupted(
      session.request({ type: "restore", song: name }),
    );
    if (context.options.json) {
      context.printJson({ event: "restored", song, etag });
    } else context.say(`restored ${song}`);
  }
}

/** Gives a song another name. */
export async function renameCommand(
  context: ClientContext,
  text: string,
  name: string,
): Promise<void> {
  const session = await context.link.session();
  await context.unlessInterrupted(
    expectFeature(session, "rename", "rename songs")
      .then(() => expectMayReplace(session, "rename songs")),
  );
  const { song, etag } = await context.unlessInterrupted(
    session.request({ type: "rename", song: text, name }),
  );
  if (context.options.json) {
    context.printJson({ event: "renamed", song, etag });
  } else context.say(`renamed ${text} to ${song}`);
}

/** Before anything is asked. @throws {OndacastError} `read-only`. */
async function expectMayReplace(
  { welcome }: Pick<ClientSession, "welcome">,
  what: string,
): Promise<void> {
  if (may(await welcome, "replace")) return;
  throw new OndacastError(
    "read-only",
    `Cannot ${what}: the server allows none`,
  );
}

/** Asks in a terminal; elsewhere the command is clear enough. */
async function mayRemove(
  context: ClientContext,
  names: readonly string[],
): Promise<boolean> {
  if (!asksByKeys(context) || context.options.quiet) return true;
  const what = names.length === 1 ? `"${names[0]}"` : `${names.length} songs`;
  if (await confirm(context, `Remove ${what} from the server?`)) return true;
  if (!context.signal.aborted) context.say("nothing was removed");
  throw new OndacastError("interrupted", "Nothing was removed");
}
