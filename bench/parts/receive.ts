/**
 * Receiving: how fast clients receive an unpaced stream, and their CPU time per GiB.
 * A short run is subtracted from a long one, so that a program's start is not
 * counted.
 *
 * @module
 */

import { FrameDecoder } from "../../lib/wire/frame.ts";
import { framedBytes, frameInPlace } from "../../lib/wire/batch.ts";
import { floor, onCores, ROOT, run, task } from "../programs.ts";
import { type Results, US } from "../results.ts";
import { type Server, startOurs, startSender } from "../servers.ts";
import { SONG_SECONDS, writeSong } from "../songs.ts";
import { inTurns } from "../stats.ts";
import type { Workshop } from "../workshop.ts";

const GIB = 2 ** 30;
const SESSION = "ondacast session";

/** A client, as a command line for a stream of a number of songs. */
interface Client {
  who: string;
  words(long: boolean): Promise<string[]> | string[];
}

/** Clients that receive a plain stream, or songs of a session. */
export async function receive(shop: Workshop, results: Results): Promise<void> {
  const passes = shop.options.quick ? 40 : 80;
  // In a live stream, no client can know where the PCM ends and the next song begins.
  const live = shop.path("live.wav");
  await writeSong(live, SONG_SECONDS, true);
  const { size } = await Deno.stat(live);
  const bytes = (passes - 1) * size;
  await using stack = new AsyncDisposableStack();
  const sender = (times: number) =>
    startSender(shop, "plain", "memory", live, String(times));
  const [short, long] = [
    stack.use(await sender(1)),
    stack.use(await sender(passes)),
  ];
  const ours = stack.use(await startOurs(shop.hotFolder));
  const port = (isLong: boolean) => portOf(isLong ? long : short);
  const clients: Client[] = [
    {
      who: "C",
      words: (isLong) => [shop.receiver, ...(isLong ? long : short).ask],
    },
    {
      who: US,
      words: (isLong) => client("stream", `127.0.0.1:${port(isLong)}`),
    },
    {
      who: "floor",
      words: (isLong) => floor("receive", port(isLong)),
    },
    {
      who: SESSION,
      words: (isLong) =>
        client(
          "play",
          ...Array(isLong ? passes : 1).fill("song"),
          ...["--server", `127.0.0.1:${ours.sessionPort}`],
        ),
    },
  ];
  if (shop.python !== null) {
    const { python } = shop;
    const script = `${ROOT}bench/python_client.py`;
    clients.push({
      who: "Python",
      words: (isLong) => [python, script, port(isLong)],
    });
  }
  const costs = new Map<string, number[]>();
  const turns = await inTurns(
    shop.options.rounds,
    clients.map(({ who, words }) => ({
      who,
      run: async () => {
        const first = await measured(shop, await words(false));
        const second = await measured(shop, await words(true));
        const cpu = second.cpuSeconds - first.cpuSeconds;
        costs.set(who, [...(costs.get(who) ?? []), cpu / bytes * GIB]);
        return bytes / (second.seconds - first.seconds) / 1e9;
      },
    })),
  );
  results.addTurns("client receives", "GB/s", turns);
  for (const [who, samples] of costs) {
    results.add("client receives, CPU", who, "s/GiB", samples);
  }
  results.ratio("client receives", "C", { atLeast: 0.9 });
  results.ratio("client receives, CPU", "C", { atMost: 2 });
  results.note(
    "client receives: all take what C sends from memory, but for the session, which our server sends as it is granted",
  );
}

/** The decoder alone, on reads of 64 KiB. */
export async function parse(shop: Workshop, results: Results): Promise<void> {
  const block = 8192;
  const framed = new Uint8Array(framedBytes(64 << 20, block));
  frameInPlace(framed, 64 << 20, block);
  const turns = await inTurns(shop.options.rounds, [
    {
      who: US,
      run: () => {
        let heard = 0;
        const decoder = new FrameDecoder({
          data: (piece) => heard += piece.length,
          dataEnd() {},
          message() {},
        }, { maxMessageBytes: 1 << 20 });
        const startMs = performance.now();
        for (let times = 0; times < 16; times++) {
          for (let at = 0; at < framed.length; at += 65536) {
            decoder.push(framed.subarray(at, at + 65536));
          }
        }
        return Promise.resolve(
          (performance.now() - startMs) / 1000 / heard * GIB,
        );
      },
    },
  ]);
  results.addTurns("FrameDecoder alone, 64 KiB reads", "s/GiB", turns);
}

/** Our client, as `deno task ondacast` starts it. */
async function client(command: string, ...words: string[]): Promise<string[]> {
  const player = "--player null:fast --no-cache".split(" ");
  return await task("ondacast", command, ...words, ...player);
}

function portOf(server: Server): string {
  return server.ask[2];
}

/** Time and CPU of a program from its start to its end. */
export async function measured(
  shop: Workshop,
  words: string[],
): Promise<{ seconds: number; cpuSeconds: number; rssBytes: number }> {
  const output = shop.path("measured");
  const onLoad = await onCores("load", words);
  await run([shop.path("measure"), output, ...onLoad], { timeoutMs: 120_000 });
  return JSON.parse(await Deno.readTextFile(output));
}
