/**
 * Removes songs from the server and renames them, each with a way back.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { OndacastError, toOndacastError } from "../../lib/errors.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import { notify, type Words } from "../model/notices.ts";
import { describe } from "../model/remote.ts";
import { TEXTS } from "../model/texts.ts";

/** Those that were removed before one is refused come back by the same button. */
export function removeSongs(
  app: App,
  songs: readonly SongRow[],
): Promise<void> {
  const words = [TEXTS.errands.remove, ...named(songs)];
  return change(app, words, async (session) => {
    const removed: SongRow[] = [];
    try {
      for (const song of songs) {
        const { name, etag } = song;
        if (etag === null) continue; // live
        await session.request({ type: "remove", song: name, etag })
          .catch(unlessGone);
        removed.push(song);
      }
    } finally {
      if (removed.length > 0) offerRestored(app, removed);
    }
  });
}

function offerRestored(app: App, removed: readonly SongRow[]): void {
  const words = [TEXTS.play.removed, ...named(removed)];
  offerBack(app, words, async (session) => {
    for (const { name: song } of removed) {
      await session.request({ type: "restore", song });
    }
  });
}

function named(songs: readonly SongRow[]): Words {
  const [first] = songs;
  return songs.length === 1
    ? [{ name: describe(first.name, first).title }]
    : [TEXTS.lists.count(songs.length, "song")];
}

/** What somebody else has removed just now is gone as well. */
function unlessGone(thrown: unknown): void {
  if (toOndacastError(thrown).code !== "not-found") throw thrown;
}

/** @throws {OndacastError} The server's refusal; `lost`, while it is away. */
export async function renameSong(
  app: App,
  { name: before }: SongRow,
  to: string,
): Promise<void> {
  const { session } = app.tab;
  if (session === null) throw new OndacastError("lost", TEXTS.rename.away);
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
  const act = () => void change(app, [TEXTS.errands.back, ...words], back);
  notify(words, { label: TEXTS.play.undo, act });
}

/** Never rejects: what is refused is shown. While the server is away, it waits. */
function change(
  app: App,
  words: Words,
  run: (session: ClientSession) => Promise<unknown>,
): Promise<void> {
  return app.player.errands.do({
    key: JSON.stringify(words),
    words,
    run: (session) => run(session).finally(() => app.refresh()),
  });
}
