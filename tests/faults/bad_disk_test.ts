import assert from "node:assert/strict";
import { join } from "@std/path";
import { newHash } from "../../lib/io/disk/hash_file.ts";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { uploadSong } from "../../lib/client/upload_song.ts";
import type { ToClient } from "../../lib/wire/messages.ts";
import {
  BadMachine,
  ERRNO,
  type Faults,
  needsBadMachine,
} from "../support/bad_machine.ts";
import { MUSIC, TempFolder, TestServer } from "../support/programs.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { openSession } from "../support/sessions.ts";
import { SteadyListener } from "../support/steady_listener.ts";
import { hearStreams } from "../support/hear_streams.ts";
import { seen } from "../support/seen.ts";

const SONG = "Ode to Joy.wav";
/** Too large to be read ahead completely. */
const LONG = wavFile(PHONE, noise(6_000_000));

/** A server whose disk can fail, and a listener to a song that is in memory. */
async function badServer(folder: TempFolder, machine: BadMachine) {
  const file = await Deno.readFile(join(MUSIC, SONG));
  await Deno.writeFile(folder.file(SONG), file);
  await Deno.writeFile(folder.file("long.wav"), LONG);
  const server = await TestServer.start([
    ...["--music", folder.path, "--min-free", "0"],
  ], { env: machine.env });
  const { session: port } = server.ports;
  await playToEnd(await openSession(port), SONG);
  const steady = await SteadyListener.start(port, SONG, file);
  return { server, port, steady };
}

/**
 * Plays a song. @returns The bytes received, and the reason of the end. A file
 * that was just written is examined when it is opened, so that the song may be
 * refused as well as stopped.
 */
async function playToEnd(
  session: ClientSession,
  song: string,
): Promise<{ bytes: number; stopped?: { code?: string; reason: string } }> {
  let bytes = 0;
  const over = Promise.withResolvers<ToClient<"stopped"> | undefined>();
  over.promise.catch(() => {}); // A lost connection fails the request as well.
  const play = hearStreams(session, {
    data: (piece) => {
      bytes += piece.length;
      session.used(piece.length);
    },
    dataEnd: () => over.resolve(undefined),
    stopped: over.resolve,
    closed: over.reject,
  });
  const stopped = await play({ song }).then(
    () => over.promise,
    ({ code, message }) => ({ code, reason: message }),
  );
  session.close();
  return { bytes, ...(stopped && { stopped }) };
}

Deno.test({
  ...needsBadMachine,
  name:
    "a read error stops only its song, which plays again after the disk recovers",
  async fn() {
    await using folder = await TempFolder.make();
    await using machine = await BadMachine.make(folder.path);
    const { server, port, steady } = await badServer(folder, machine);
    await using _ = server;
    machine.set({ read: ERRNO.EIO });
    const { bytes, stopped } = await playToEnd(
      await openSession(port),
      "long",
    );
    assert.ok(bytes < LONG.length);
    assert.equal(stopped?.code, "internal");
    assert.match(stopped?.reason ?? "", /input\/output error/i);
    assert.doesNotMatch(stopped?.reason ?? "", new RegExp(folder.path));
    machine.set({});
    const again = await playToEnd(await openSession(port), "long");
    assert.deepEqual(again, { bytes: LONG.length });
    await steady.hears(1);
    const { samples, seconds } = steady.end();
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `a disk that does not read: ${samples} samples of another song in ${
        seconds.toFixed(1)
      } s without a gap`,
    );
  },
});

const UPLOADS: [what: string, faults: Faults, code: string][] = [
  ["that is full", { write: ERRNO.ENOSPC }, "no-space"],
  ["that does not write", { write: ERRNO.EIO }, "internal"],
  ["that is full when it syncs", { sync: ERRNO.ENOSPC }, "no-space"],
  ["that does not sync", { sync: ERRNO.EIO }, "internal"],
  ["that does not read", { read: ERRNO.EIO }, "internal"],
];

Deno.test({
  ...needsBadMachine,
  name:
    "uploads to a failing disk are refused and leave no file, and work after it recovers",
  async fn() {
    await using folder = await TempFolder.make();
    await using machine = await BadMachine.make(folder.path);
    const { server, port, steady } = await badServer(folder, machine);
    await using _ = server;
    const file = wavFile(PHONE, noise(700_000, 3));
    const upload = async (session: ClientSession) => {
      let rest = file;
      return await uploadSong(session, {
        song: "new",
        replace: true,
        newHash,
        source: {
          read(into) {
            const piece = rest.subarray(0, into.length);
            into.set(piece);
            rest = rest.subarray(piece.length);
            return Promise.resolve(piece.length || null);
          },
        },
      });
    };
    const names = () =>
      [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort();
    const before = names();
    for (const [what, faults, code] of UPLOADS) {
      const session = await openSession(port);
      machine.set(faults);
      await assert.rejects(upload(session), { code }, `a disk ${what}`);
      machine.set({});
      assert.deepEqual(names(), before, `left by a disk ${what}`);
      // The connection is still usable.
      assert.equal((await upload(session)).song, "new.wav");
      assert.deepEqual(await Deno.readFile(folder.file("new.wav")), file);
      await Deno.remove(folder.file("new.wav"));
      session.close();
    }
    await steady.hears(1);
    steady.end();
  },
});

Deno.test({
  ...needsBadMachine,
  name: "a song that could not be read at first is listed once it is readable",
  async fn() {
    await using folder = await TempFolder.make();
    await using machine = await BadMachine.make(folder.path);
    const { server, port, steady } = await badServer(folder, machine);
    await using _ = server;
    const session = await openSession(port);
    const problemOf = async (name: string) => {
      const { songs } = await session.request({ type: "list" });
      return songs.find((song) => song.name === name)?.problem;
    };
    machine.set({ read: ERRNO.EIO });
    await Deno.copyFile(folder.file(SONG), folder.file("new.wav"));
    const problem = (is: string | undefined) =>
      seen("another problem", () => problemOf("new.wav"), (it) => it === is);
    await problem("internal");
    machine.set({});
    // Any change to the folder causes a scan.
    await Deno.writeTextFile(folder.file("note.txt"), "a change");
    await problem(undefined);
    session.close();
    await steady.hears(1);
    steady.end();
  },
});
