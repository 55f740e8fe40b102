/**
 * Latency: from connecting to the first byte of audio, and from the client's
 * connection to the first PCM at its player over a network with 50 ms of delay in
 * each direction.
 *
 * @module
 */

import { type DelayProxy, openDelayProxy } from "../delay_proxy.ts";
import { floor, Running, sleep, task } from "../programs.ts";
import { latencyUs } from "../receiver.ts";
import { type Results, US } from "../results.ts";
import {
  askOurs,
  startFloor,
  startNginx,
  startOurs,
  startPython,
  startSender,
} from "../servers.ts";
import { inTurns } from "../stats.ts";
import type { Workshop } from "../workshop.ts";

const CONNECTIONS = 200;
const DELAYS_MS = [0, 50];

/** Connect → first audio byte. */
export async function firstByte(
  shop: Workshop,
  results: Results,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const ours = stack.use(await startOurs(shop.hotFolder));
  const asks = new Map([
    [US, askOurs(ours, null)],
    ["ondacast session", askOurs(ours, "song")],
  ]);
  const others = {
    "C from memory": () => startSender(shop, "plain", "memory", shop.hotSong),
    floor: () => startFloor("send", shop.hotSong),
    nginx: () => startNginx(shop, shop.hotFolder, "song.wav"),
    Python: () => startPython(shop, shop.hotSong),
  };
  for (const [who, start] of Object.entries(others)) {
    try {
      asks.set(who, stack.use(await start()).ask);
    } catch (error) {
      results.note((error as Error).message);
    }
  }
  const contenders = [...asks].map(([who, ask]) => ({
    who,
    run: () => latencyUs(shop, ask, CONNECTIONS),
  }));
  const what = `connect to first byte, p50 of ${CONNECTIONS}`;
  results.addTurns(what, "us", await inTurns(shop.options.rounds, contenders));
  // 120 us where nginx took 44.
  results.ratio(what, "nginx", { atMost: 2.7 });
}

/** Session → first PCM at the player: the time beyond two round trips. */
export async function firstPcm(
  shop: Workshop,
  results: Results,
): Promise<void> {
  await using ours = await startOurs(shop.hotFolder);
  // The player is our stand-in, under the name that the client may run.
  const player = shop.path("bin/ffplay");
  await Deno.copyFile(shop.path("measure"), player);
  for (const delayMs of DELAYS_MS) {
    await using proxy = openDelayProxy(ours.sessionPort, delayMs);
    const words = {
      [US]: await task(
        "ondacast",
        ...["play", "song", "--server", `127.0.0.1:${proxy.port}`],
        ...["--player", "ffplay", "--no-cache"],
      ),
      floor: floor("play", String(proxy.port)),
    };
    const turns = await inTurns(
      shop.options.rounds,
      Object.entries(words).map(([who, words]) => ({
        who,
        run: () => beyondTwoRoundTrips(shop, words, proxy, delayMs),
      })),
    );
    const what = `first PCM at the player beyond 2 × ${2 * delayMs} ms`;
    results.addTurns(what, "ms", turns);
    results.bound(what, { atMost: 5 });
    results.ratio(what, "floor", { atMost: 2 });
  }
  results.note(
    "first PCM: from the client's connection to what a stand-in for ffplay reads, its start included; the connection's own round trip, which the delaying proxy cannot delay, is counted in full",
  );
}

async function beyondTwoRoundTrips(
  shop: Workshop,
  words: string[],
  proxy: DelayProxy,
  delayMs: number,
): Promise<number> {
  const stamp = shop.path("stamp");
  await Deno.remove(stamp).catch(() => {});
  await using _ = new Running(words, {
    env: {
      PATH: `${shop.path("bin")}:${Deno.env.get("PATH")}`,
      ONDACAST_BENCH_STAMP: stamp,
    },
  });
  for (let tries = 0; tries < 500; tries++) {
    const text = await Deno.readTextFile(stamp).catch(() => "");
    // The proxy adds no delay to the first of the two round trips, the connection.
    if (text !== "") return Number(text) - proxy.acceptedMs - 2 * delayMs;
    await sleep(10);
  }
  throw new Error("no PCM came to the player");
}
