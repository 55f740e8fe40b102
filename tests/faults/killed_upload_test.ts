import assert from "node:assert/strict";
import { newHash } from "../../lib/io/disk/hash_file.ts";
import { uploadSong } from "../../lib/client/upload_song.ts";
import { TempFolder, TestServer } from "../support/programs.ts";
import { CD, noise, sha256Hex, wavFile } from "../support/memory_songs.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { openSession } from "../support/sessions.ts";

/** The number of kills; docs/reliability.md reports `ONDACAST_KILLS=100`. */
const KILLS = Number(Deno.env.get("ONDACAST_KILLS") ?? 10);
const seed = Number(Deno.env.get("ONDACAST_SEED") ?? 20_261_121);
/** Two contents to upload, and one that is present from the start. */
const CONTENTS = [8_000_000, 8_000_000, 50_000].map((bytes, number) =>
  wavFile(CD, noise(bytes, number + 1))
);
const OLD = 2;
const HASHES = CONTENTS.map(sha256Hex);

Deno.test({
  name:
    `SIGKILL of the server at ${KILLS} moments of uploads leaves no partial song and loses none`,
  ignore: Deno.build.os === "windows", // which has no such signal
  async fn() {
    const random = seededRandom(seed);
    await using folder = await TempFolder.make();
    await Deno.writeFile(folder.file("old.wav"), CONTENTS[OLD]);
    const start = () =>
      TestServer.start(["--music", folder.path, "--min-free", "0"]);
    let server = await start();
    /** The content of each song, by name. */
    const songs = new Map([["old.wav", OLD]]);
    let uploadMs = 100;
    const counts = { "not stored": 0, stored: 0, "half files swept up": 0 };
    for (let i = 0; i < KILLS; i++) {
      // a new song, or a replacement
      const name = random() < 0.5 ? "song.wav" : `new ${i}.wav`;
      const sends = i % 2;
      const session = await openSession(server.ports.session);
      let isStored = false;
      const beganMs = performance.now();
      const uploading = uploadSong(session, {
        ...{ song: name, replace: true, newHash },
        source: sourceOf(CONTENTS[sends]),
      }).then(() => {
        isStored = true;
        uploadMs = performance.now() - beganMs;
      }, () => {}); // The server was killed.
      // Sometimes shortly after the end of the upload.
      const killAtMs = random() * uploadMs * 1.2;
      await new Promise((done) => setTimeout(done, killAtMs));
      server.program.child.kill("SIGKILL");
      await Promise.all([uploading, server.program.ended()]);
      const left = [...(await contentsOf(folder)).keys()];
      counts["half files swept up"] += left.filter((name) =>
        name.endsWith(".part")
      ).length;
      server = await start();
      const now = await contentsOf(folder);
      const isThere = now.get(name) === sends;
      assert.ok(isThere || !isStored, "what was stored is lost");
      if (isThere) songs.set(name, sends);
      counts[isThere ? "stored" : "not stored"]++;
      assert.deepEqual(new Map([...now].sort()), new Map([...songs].sort()));
    }
    await server[Symbol.asyncDispose]();
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `${KILLS} kills within ${uploadMs.toFixed(0)} ms of an upload: ${
        JSON.stringify(counts)
      } (seed ${seed})`,
    );
  },
});

/** All files, including hidden ones, with the index of their content, or -1. */
async function contentsOf(folder: TempFolder): Promise<Map<string, number>> {
  const contents = new Map<string, number>();
  for await (const { name } of Deno.readDir(folder.path)) {
    const sha256 = sha256Hex(await Deno.readFile(folder.file(name)));
    contents.set(name, HASHES.indexOf(sha256));
  }
  return contents;
}

function sourceOf(file: Uint8Array) {
  let rest = file;
  return {
    read(into: Uint8Array): Promise<number | null> {
      const piece = rest.subarray(0, into.length);
      into.set(piece);
      rest = rest.subarray(piece.length);
      return Promise.resolve(piece.length || null);
    },
  };
}
