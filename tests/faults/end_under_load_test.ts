import assert from "node:assert/strict";
import { newHash } from "../../lib/io/disk/hash_file.ts";
import type { OndacastError } from "../../lib/errors.ts";
import { uploadSong } from "../../lib/client/upload_song.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { TempFolder, TestServer } from "../support/programs.ts";
import { untilHolding } from "../support/server_watch.ts";
import { openSession } from "../support/sessions.ts";
import { encodeMessage } from "../../lib/wire/message_codec.ts";
import { hearStreams } from "../support/hear_streams.ts";

const LISTENERS = 200;
const UPLOADS = 5;
const MUTE = 20;
const END_MS = 5_000;
/** More than are accepted in one turn, so that newcomers wait. */
const CROWD = 130;
const NEWCOMERS = 100;

Deno.test({
  name:
    "SIGTERM under load notifies all clients, leaves no partial song, and exits with 0 within 5 s",
  ignore: Deno.build.os === "windows", // which has no such signal
  async fn() {
    await using folder = await TempFolder.make();
    await Deno.writeFile(
      folder.file("song.wav"),
      wavFile(CD, noise(20_000_000)),
    );
    await using server = await TestServer.start([
      ...["--music", folder.path, "--min-free", "0"],
    ]);
    const { session: port } = server.ports;
    const listeners = await Promise.all(
      Array.from({ length: LISTENERS }, async () => {
        const session = await openSession(port);
        const closed = Promise.withResolvers<OndacastError>();
        let bytes = 0;
        const play = hearStreams(session, {
          data: (piece) => {
            bytes += piece.length;
            session.used(piece.length);
          },
          dataEnd: () => void play({ song: "song" }).catch(() => {}),
          closed: closed.resolve,
        });
        await play({ song: "song" });
        return { closed: closed.promise, bytes: () => bytes };
      }),
    );
    // Some grant much and read no data; some are in the middle of an upload.
    const mute = await Promise.all(Array.from({ length: MUTE }, async () => {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      const device = crypto.randomUUID();
      await conn.write(encodeMessage({
        ...{ type: "hello", version: 1, name: "mute", device, window: 2 ** 30 },
      }));
      await conn.write(encodeMessage({ type: "play", song: "song" }));
      return conn;
    }));
    const uploads = await Promise.all(
      Array.from({ length: UPLOADS }, async (_, i) => {
        const session = await openSession(port);
        const begun = Promise.withResolvers<void>();
        const endless = {
          read(into: Uint8Array) {
            begun.resolve();
            return Promise.resolve(into.length);
          },
        };
        const end = uploadSong(session, {
          song: `half ${i}`,
          source: endless,
          newHash,
        })
          .then(() => "stored", ({ code }) => code as string);
        await begun.promise;
        return { end };
      }),
    );
    await untilHolding(server, ({ streams }) => streams >= LISTENERS);
    const beganMs = performance.now();
    server.program.child.kill("SIGTERM");
    const { code } = await server.program.ended();
    const tookMs = performance.now() - beganMs;
    const errors = await Promise.all(listeners.map(({ closed }) => closed));
    const refused = await Promise.all(uploads.map(({ end }) => end));
    for (const conn of mute) conn.close();
    assert.equal(code, 0);
    assert.ok(tookMs < END_MS, `it took ${tookMs} ms`);
    const told = errors.filter(({ code }) => code === "busy").length;
    assert.equal(told, LISTENERS, String(errors[0]));
    assert.ok(refused.every((code) => ["busy", "lost"].includes(code)));
    const names = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
    assert.deepEqual(names, ["song.wav"]);
    const bytes = listeners.reduce(
      (sum, listener) => sum + listener.bytes(),
      0,
    );
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `SIGTERM with ${LISTENERS} listeners (${
        bytes / 4
      } samples so far), ${UPLOADS} uploads, ${MUTE} that read nothing: exit ${code} after ${
        tookMs.toFixed(0)
      } ms, ${told} were told`,
    );
  },
});

Deno.test({
  name: "SIGTERM also notifies newcomers that wait for admission",
  ignore: Deno.build.os === "windows", // which has no such signal
  async fn() {
    await using server = await TestServer.start();
    const { session: port } = server.ports;
    const crowd = await Promise.all(
      Array.from({ length: CROWD }, () => openSession(port)),
    );
    const newcomers = await Promise.all(
      Array.from({ length: NEWCOMERS }, async () => {
        const conn = await Deno.connect({ hostname: "127.0.0.1", port });
        const device = crypto.randomUUID();
        await conn.write(encodeMessage({
          ...{ type: "hello", version: 1, name: "new", device, window: 0 },
        }));
        return conn;
      }),
    );
    const heard = newcomers.map(async ({ readable }) => {
      let text = "";
      const pieces = readable.pipeThrough(new TextDecoderStream());
      for await (const piece of pieces) text += piece;
      return text;
    });
    // Each answer takes a turn, in which a hundred are accepted.
    for (let i = 0; i < 3; i++) await crowd[i].request({ type: "list" });
    server.program.child.kill("SIGTERM");
    const { code } = await server.program.ended();
    const told = await Promise.all(heard);
    for (const session of crowd) session.close();
    assert.equal(code, 0);
    assert.ok(told.every((text) => text.includes('"code":"busy"')));
    assert.ok(told.some((text) => !text.includes('"type":"welcome"')));
  },
});
