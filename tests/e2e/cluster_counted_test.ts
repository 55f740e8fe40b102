import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { readStream } from "../../lib/cluster/peer_stream.ts";
import type { ToClient } from "../../lib/wire/messages.ts";
import { CodedSongs, lacks, layout, tune } from "../support/coded_songs.ts";
import { ClusterWorld, until } from "../support/cluster_world.ts";
import { needsNats } from "../support/nats.ts";
import { openSession } from "../support/sessions.ts";

const SONGS: [name: string, channels: number, words: string][] = [
  ["untagged.mp3", 2, "-q:a 4 -write_xing 0"],
  ["surround.opus", 6, "-c:a libopus"],
];

/**
 * Plays a song, of which most is read once its length has changed.
 *
 * @param changed Resolves then.
 */
async function play(
  session: ClientSession,
  song: string,
  changed: () => Promise<unknown>,
): Promise<{ start: ToClient<"start">; heard: Uint8Array }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const pieces: Uint8Array[] = [];
  let start!: ToClient<"start">;
  let heldBytes = 0;
  let goOn = (bytes: number): void => {
    heldBytes += bytes;
  };
  await session.openStream({ song, offset: 0 }, (stream) => {
    start = stream.start;
    stream.listener = {
      data(piece) {
        pieces.push(piece.slice());
        goOn(piece.length);
      },
      end: resolve,
      stopped: ({ reason }) => reject(new Error(reason)),
      displaced: () => reject(new Error("displaced")),
    };
    changed().then(() => {
      goOn = (bytes) => stream.used(bytes);
      goOn(heldBytes);
    }, reject);
  });
  await promise;
  return { start, heard: concat(pieces) };
}

Deno.test({
  name:
    "the first play of a song of another server ends well though it finds out the length",
  ignore: needsNats.ignore || lacks("ffmpeg"),
  async fn() {
    await using world = await ClusterWorld.start();
    const files: Record<string, Uint8Array> = {};
    for (const [name, channels, words] of SONGS) {
      const format = layout(16, { channels, rate: 48_000 });
      // Not a multiple of 10 ms, to which ffmpeg's report is rounded.
      const pcm = tune(format, 960_123);
      await using songs = await CodedSongs.make(format, pcm);
      files[name] = await songs.encoded(name, words);
    }
    const [attic] = await Promise.all([
      world.server("attic"),
      world.server("cellar", files),
    ]);
    const session = await openSession(attic.ports.session);
    const list = async () => (await session.request({ type: "list" })).songs;
    const listed = await until(list, ({ length }) => length === SONGS.length);
    assert.ok(listed.some(({ estimated }) => estimated));
    for (const { name: song, bytes } of listed) {
      const { start, heard } = await play(
        session,
        song,
        () =>
          until(
            list,
            (now) => now.some((it) => it.name === song && it.bytes !== bytes),
          ),
      );
      assert.equal(heard.length, start.bytes);
      // Who seeks asks for the rest of what has been sent.
      const rest: Uint8Array[] = [];
      const offset = heard.length - 10_000;
      await readStream(session, { song, offset, etag: start.etag! }, {
        data: (piece) => void rest.push(piece.slice()),
      });
      assert.deepEqual(concat(rest), heard.subarray(offset));
    }
    session.close();
  },
});
