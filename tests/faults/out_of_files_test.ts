import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  hasProgram,
  MUSIC,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { cpuSecondsOf, filesOf } from "../support/server_watch.ts";
import { seen } from "../support/seen.ts";
import { openSession } from "../support/sessions.ts";
import { SteadyListener } from "../support/steady_listener.ts";

const SONG = "Ode to Joy.wav";
const OTHER = "Canon in D.wav";
/** An idle server has about 30 open. */
const FILES = 64;
const WATCH_MS = 2_000;

Deno.test({
  name:
    "a server out of file descriptors reports it, plays on, and recovers when some are free",
  ignore: Deno.build.os !== "linux" || !hasProgram("prlimit"),
  async fn() {
    await using folder = await TempFolder.make();
    const file = await Deno.readFile(join(MUSIC, SONG));
    await Deno.writeFile(folder.file(SONG), file);
    await Deno.mkdir(folder.file("below"));
    await Deno.copyFile(join(MUSIC, OTHER), folder.file("below/other.wav"));
    await using server = await TestServer.start(["--music", folder.path], {
      under: ["prlimit", `--nofile=${FILES}:${FILES}`],
    });
    const { session: port } = server.ports;
    const { pid } = server.program.child;
    const steady = await SteadyListener.start(port, SONG, file);
    const guest = await openSession(port);
    const listed = async () => (await guest.request({ type: "list" })).songs;
    // The playing song is being hashed, which uses a descriptor for a while.
    await seen("a hash", listed, ([song]) => song?.sha256 !== undefined);
    const conns = await Promise.all(
      Array.from(
        { length: FILES },
        () => Deno.connect({ hostname: "127.0.0.1", port }),
      ),
    );
    await server.program.printed(
      /cannot accept connections: .*too many open files/i,
      "stderr",
    );
    // The next peer gets a descriptor that was open briefly, as for a hash.
    for (let full = 0; full < 10; full++) {
      if (filesOf(pid) < FILES) full = 0;
      await pause(50);
    }
    const cpuBefore = cpuSecondsOf(pid);
    // A request that needs a descriptor is refused with the right code.
    await assert.rejects(guest.request({ type: "play", song: "below/other" }), {
      code: "internal",
      message: /too many open files/i,
    });
    // A scan without free descriptors loses no song.
    await Deno.writeTextFile(folder.file("note.txt"), "a change");
    await pause(WATCH_MS);
    const names = (await listed()).map(({ name }) => name);
    assert.deepEqual(names, [SONG, "below/other.wav"]);
    const cpu = (cpuSecondsOf(pid) - cpuBefore) / WATCH_MS * 1000;
    const told = server.program.stderr.match(/cannot accept/g)!.length;
    assert.ok(cpu < 0.2, `${cpu * 100} % of a core while it waits`);
    assert.ok(told <= 3, `it said so ${told} times`);
    for (const conn of conns) conn.close();
    await server.program.printed(/accepting connections again/, "stderr");
    const later = await openSession(port);
    assert.equal(
      (await later.request({ type: "play", song: "below/other" })).song,
      "below/other.wav",
    );
    later.close();
    guest.close();
    const { samples, seconds } = steady.end();
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `out of ${FILES} descriptors: ${samples} samples in ${
        seconds.toFixed(1)
      } s without a gap, ${
        (cpu * 100).toFixed(1)
      } % of a core, said ${told} times`,
    );
  },
});

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
