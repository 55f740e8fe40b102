import assert from "node:assert/strict";
import { join } from "@std/path";
import { BadMachine, needsBadMachine } from "../support/bad_machine.ts";
import {
  MUSIC,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";
import { SteadyListener } from "../support/steady_listener.ts";

const SONG = "Ode to Joy.wav";
const DAY_SECONDS = 24 * 60 * 60;
const JUMPS = [400 * DAY_SECONDS, -400 * DAY_SECONDS, 3600, -30, 0];
/** The time between jumps: the server sweeps twice a second. */
const STAY_MS = 600;

Deno.test({
  ...needsBadMachine,
  name:
    "wall clocks of server and player that jump by years and back have no effect",
  async fn() {
    await using folder = await TempFolder.make();
    await using machine = await BadMachine.make(folder.path);
    const { env } = machine;
    await using server = await TestServer.start([], { env });
    const { session: port } = server.ports;
    const file = await Deno.readFile(join(MUSIC, SONG));
    const steady = await SteadyListener.start(port, SONG, file);
    const idle = await openSession(port);
    await using player = startClient([
      ...["play", SONG, "--from", "0:09", "--player", "null", "--json"],
      ...["--server", server.address],
    ], { env });
    await player.printed(/"event":"start"/);
    for (const aheadSeconds of JUMPS) {
      machine.set({ aheadSeconds });
      await new Promise((done) => setTimeout(done, STAY_MS));
    }
    const { code, stdout } = await player.ended();
    assert.equal(code, 0);
    const end = JSON.parse(stdout.trim().split("\n").at(-1)!);
    assert.deepEqual([end.underruns, end.reconnects], [0, 0]);
    assert.equal(idle.failure, null);
    idle.close();
    const { samples, seconds } = steady.end();
    const log = server.program.stderr;
    assert.doesNotMatch(log, /timeout|internal/);
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `${JUMPS.length} jumps of the clock: ${samples} samples in ${
        seconds.toFixed(1)
      } s without a gap; a player had ${end.underruns} underruns`,
    );
  },
});

Deno.test({
  ...needsBadMachine,
  name: "a test can make the wall clock of a program jump",
  async fn() {
    await using folder = await TempFolder.make();
    await using machine = await BadMachine.make(folder.path);
    machine.set({ aheadSeconds: 400 * DAY_SECONDS });
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "console.log(Date.now())"],
      env: machine.env,
    }).output();
    const ahead = Number(new TextDecoder().decode(stdout)) - Date.now();
    assert.ok(Math.abs(ahead / 1000 - 400 * DAY_SECONDS) < 60);
  },
});
