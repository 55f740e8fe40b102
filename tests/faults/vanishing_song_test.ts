import assert from "node:assert/strict";
import { join } from "@std/path";
import type { ToClient } from "../../lib/wire/messages.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { MUSIC, TempFolder, TestServer } from "../support/programs.ts";
import { concat } from "../support/raw_peer.ts";
import { openSession } from "../support/sessions.ts";
import { SteadyListener } from "../support/steady_listener.ts";
import { hearStreams } from "../support/hear_streams.ts";

const SONG = "Ode to Joy.wav";
const FILE = wavFile(CD, noise(3_000_000));
const OTHER = wavFile(CD, noise(3_000_000, 2));
const WINDOW_BYTES = 500_000;

const CHANGES: Record<string, (path: string) => Promise<void>> = {
  removed: (path) => Deno.remove(path),
  "truncated to a third": (path) => Deno.truncate(path, 1_000_000),
  emptied: (path) => Deno.truncate(path, 0),
  "overwritten": (path) => Deno.writeFile(path, OTHER),
  async "replaced by a rename"(path) {
    await Deno.writeFile(`${path}.new`, OTHER);
    await Deno.rename(`${path}.new`, path);
  },
};

Deno.test({
  name:
    "songs that are removed or changed while they play are stopped, without a byte of other content",
  ignore: Deno.build.os === "windows", // where open files cannot be removed
  async fn() {
    await using folder = await TempFolder.make();
    const file = await Deno.readFile(join(MUSIC, SONG));
    await Deno.writeFile(folder.file(SONG), file);
    const names = Object.keys(CHANGES);
    for (const name of names) {
      await Deno.writeFile(folder.file(`${name}.wav`), FILE);
    }
    await using server = await TestServer.start(["--music", folder.path]);
    const { session: port } = server.ports;
    const steady = await SteadyListener.start(port, SONG, file);
    const lengths = await Promise.all(names.map(async (name) => {
      const session = await openSession(port, { windowBytes: WINDOW_BYTES });
      const stopped = Promise.withResolvers<ToClient<"stopped">>();
      const windowFull = Promise.withResolvers<void>();
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      const play = hearStreams(session, {
        data(piece) {
          pieces.push(piece.slice());
          bytes += piece.length;
          if (bytes === WINDOW_BYTES) windowFull.resolve();
        },
        dataEnd: () => stopped.reject(new Error(`${name}: complete`)),
        closed: stopped.reject,
        stopped: stopped.resolve,
      });
      await play({ song: name });
      await windowFull.promise;
      await CHANGES[name](folder.file(`${name}.wav`));
      session.used(2 * WINDOW_BYTES);
      assert.equal((await stopped.promise).code, "changed", name);
      assertBytes(concat(pieces), FILE.subarray(0, bytes), name);
      session.close();
      return bytes;
    }));
    await steady.hears(1);
    const { samples, seconds } = steady.end();
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `${names.length} songs that change: ${lengths} bytes of each came, all right; ${samples} samples of another in ${
        seconds.toFixed(1)
      } s without a gap`,
    );
  },
});
