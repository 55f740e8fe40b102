import assert from "node:assert/strict";
import type { Player } from "../../../lib/audio/player_args.ts";
import { systemClock } from "../../../lib/io/clock/clock.ts";
import { PlayerProcess } from "../../../lib/io/sinks/player_process.ts";
import type { Clock } from "../../../lib/ports/common.ts";
import { TempFolder } from "../../support/programs.ts";

const STEREO = {
  encoding: "s16le",
  rate: 48000,
  channels: 2,
  bits: 16,
} as const;
/** A clock whose sleeps are 20 times as short. */
const FAST: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(ms / 20, signal),
};

let scripts = 0;

/** A player that is a shell script, like those of some packages. */
async function scripted(
  script: string,
  tailBytes: number,
  folder: TempFolder,
  { startsAhead = false, free = Promise.resolve() } = {},
) {
  const program = folder.file(`player${++scripts}`);
  await Deno.writeTextFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const player: Player = {
    ...{ name: "script", program, packages: {} },
    ...{ args: () => [], header: () => null, mix: () => null },
    ...{ tailBytes: () => tailBytes, plays: () => true },
    startsAhead,
  };
  return await PlayerProcess.start(player, STEREO, free, FAST);
}

Deno.test({
  name:
    "a script that hangs or fails is detected even if its child keeps the pipes open",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await TempFolder.make();
    const pids = folder.file("pids");
    const child = `exec 3<&0; sleep 100 <&3 & echo $! >>"${pids}"`;
    const more = new Uint8Array(1 << 20); // more than a pipe holds
    try {
      const stuck = await scripted(`${child}; wait`, 0, folder);
      await assert.rejects(stuck.write(more), /hangs/);
      const ended = await scripted(`${child}; wait`, more.length, folder);
      await assert.rejects(ended.end(), /hangs/);
      const exit = `${child}; echo no card >&2; exit 3`;
      const failed = await scripted(exit, 0, folder);
      await assert.rejects(failed.write(more), /code 3 .*: no card/);
    } finally {
      for (const pid of (await Deno.readTextFile(pids)).trim().split("\n")) {
        Deno.kill(Number(pid), "SIGKILL");
      }
    }
  },
});

Deno.test({
  name:
    "a player is started before the device is free if it does not look for it by then",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await TempFolder.make();
    const never = new Promise<void>(() => {});
    const ahead = { startsAhead: true, free: never };
    await assert.rejects(scripted("exit 3", 0, folder, ahead), /code 3/);
    const { promise: free, reject } = Promise.withResolvers<void>();
    const exit = `echo started >"${folder.file("started")}"; exit 3`;
    const later = scripted(exit, 0, folder, { free });
    const killed = scripted("cat", 0, folder, { startsAhead: true, free });
    free.catch(() => {});
    reject(new Error("The one before has failed"));
    await Promise.all(
      [later, killed].map((it) => assert.rejects(it, /before has failed/)),
    );
    await assert.rejects(Deno.stat(folder.file("started")));
  },
});
