/**
 * Starting: from a program's start to a port that accepts, and the sizes of the
 * compiled programs, if they have been built.
 *
 * @module
 */

import { ROOT } from "../programs.ts";
import { type Results, US } from "../results.ts";
import {
  ready,
  startFloor,
  startOurs,
  startPython,
  startServer,
} from "../servers.ts";
import { inTurns } from "../stats.ts";
import type { Workshop } from "../workshop.ts";

const BINARIES = ["ondacast-server", "ondacast"];

/** Start to `listening`, and the sizes of the binaries. */
export async function start(shop: Workshop, results: Results): Promise<void> {
  const binary = `${ROOT}dist/${BINARIES[0]}`;
  const starts: Record<string, () => Promise<AsyncDisposable>> = {
    [US]: () => startOurs(shop.hotFolder),
    "floor, which only accepts": () => startFloor("accept", ""),
    "floor, which reads its options": () => startFloor("options", ""),
    "Python, which only accepts": () => startPython(shop, ""),
  };
  if (await sizeOf(binary) !== null) {
    const options = "--port 0 --stream-port 0 --http-port 0 --music";
    starts["ondacast, compiled"] = async () =>
      ready(await startServer([binary, ...options.split(" "), shop.hotFolder]));
  }
  const contenders = Object.entries(starts).map(([who, begin]) => ({
    who,
    run: async () => {
      const startMs = performance.now();
      await using _ = await begin();
      return performance.now() - startMs;
    },
  }));
  const what = "start to listening";
  results.addTurns(what, "ms", await inTurns(shop.options.rounds, contenders));
  results.ratio(what, "Python, which only accepts", { atMost: 1 });
  for (const name of BINARIES) {
    const bytes = await sizeOf(`${ROOT}dist/${name}`);
    if (bytes !== null) results.add("binary", name, "MB", [bytes / 1e6]);
  }
  const runtime = Deno.env.get("DENORT_BIN"); // as used by `deno compile`
  const bytes = runtime === undefined ? null : await sizeOf(runtime);
  if (bytes !== null) {
    results.add("binary", "Deno's runtime, in each", "MB", [bytes / 1e6]);
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return await Deno.stat(path).then(({ size }) => size, () => null);
}
