/**
 * Removes songs from the server and renames them, each with a way back.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { toOndacastError } from "../../lib/errors.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import { notify, notifyError, type Words } from "../model/notices.ts";
import { describe } from "../model/remote.ts";
import { TEXTS } from "../model/texts.ts";

/** Those that were removed before one is refused come back by the same button. */
export async function removeSongs(
  app: App,
  songs: readonly SongRow[],
): Promise<void> {
  const removed: string[] = [];
  await change(app, async (session) => {
    for (const { name, etag } of songs) {
      if (etag === null) continue; // live
      await session.request({ type: "remove", song: name, etag })
        .catch(unlessGone);
      removed.push(name);
    }
  });
  if (removed.length === 0) return;
  const [first] = songs;
  const what: Words = removed.length === 1
    ? [{ name: describe(first.name, first).title }]
    : [TEXTS.lists.count(removed.length, "song")];
  offerBack(app, [TEXTS.play.removed, ...what], async (session) => {
    for (const song of removed) {
      await session.request({ type: "restore", song });
    }
  });
}

/** What somebody else has removed just now is gone as well. */
function unlessGone(thrown: unknown): void {
  if (toOndacastError(thrown).code !== "not-found") throw thrown;
}

/** @throws {OndacastError} The server's refusal. */
export async function renameSong(
  app: App,
  { name: before }: SongRow,
  to: string,
): Promise<void> {
  const session = await app.tab.whenOnline();
  const { song } = await session
    .request({ type: "rename", song: before, name: to });
  app.refresh();
  if (song === before) return;
  offerBack(
    app,
    [TEXTS.play.renamed, { name: song }],
    (session) => session.request({ type: "rename", song, name: before }),
  );
}

function offerBack(
  app: App,
  words: Words,
  back: (session: ClientSession) => Promise<unknown>,
): void {
  const act = () => void change(app, back);
  notify(words, { label: TEXTS.play.undo, act });
}

/** Never rejects: what is refused is shown. */
async function change(
  app: App,
  run: (session: ClientSession) => Promise<unknown>,
): Promise<void> {
  try {
    await run(await app.tab.whenOnline());
  } catch (error) {
    notifyError(error);
  }
  app.refresh();
}
