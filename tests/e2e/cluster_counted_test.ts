import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
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
    const { songs } = await until(
      () => session.request({ type: "list" }),
      ({ songs }) => songs.length === SONGS.length,
    );
    assert.ok(songs.some(({ estimated }) => estimated));
    for (const [song] of SONGS) {
      const pieces: Uint8Array[] = [];
      let start: ToClient<"start">;
      await readStream(session, { song, offset: 0 }, {
        begun: (begun) => void (start = begun),
        data: (piece) => void pieces.push(piece.slice()),
      });
      const heard = concat(pieces);
      assert.equal(heard.length, start!.bytes);
      // Who seeks asks for the rest of what has been sent.
      const rest: Uint8Array[] = [];
      const offset = start!.bytes! - 10_000;
      await readStream(session, { song, offset, etag: start!.etag! }, {
        data: (piece) => void rest.push(piece.slice()),
      });
      assert.deepEqual(concat(rest), heard.subarray(offset));
    }
    session.close();
  },
});
