/**
 * Throughput: how fast one song goes to one and to eight listeners that take
 * all they get, hot (in the server's memory) and cold (in the system's page
 * cache at best). The load has the last core, the server the others.
 *
 * @module
 */

import { freePort, isThere, portOpen } from "../programs.ts";
import { throughput } from "../receiver.ts";
import { type Results, US } from "../results.ts";
import {
  askOurs,
  type Server,
  startFloor,
  startNginx,
  startOurs,
  startPython,
  startSender,
  startServer,
} from "../servers.ts";
import { type Contender, inTurns } from "../stats.ts";
import { ALBUMS, type Workshop } from "../workshop.ts";

const LISTENERS = [1, 8];
const SESSION = "ondacast session";

/** The hot song. */
export async function hot(shop: Workshop, results: Results): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const ours = stack.use(await startOurs(shop.hotFolder));
  const asks = new Map<string, string[]>([
    [
      "C from memory",
      await ask(stack, startSender(shop, "plain", "memory", shop.hotSong)),
    ],
    [US, askOurs(ours, null)],
    [SESSION, askOurs(ours, "song")],
    ["floor", await ask(stack, startFloor("send", shop.hotSong))],
    [
      "session floor",
      await ask(stack, startFloor("session", shop.hotSong, "session")),
    ],
  ]);
  await addPeers(stack, shop, results, asks, shop.hotFolder, "song.wav");
  const passes = shop.options.quick ? 16 : 40;
  for (const listeners of LISTENERS) {
    const contenders = askAll(shop, asks, listeners, passes / listeners);
    if (listeners === 1) contenders.push(ffmpeg(shop, passes));
    const what = `hot song, ${listeners} listeners`;
    results.addTurns(
      what,
      "GB/s",
      await inTurns(shop.options.rounds, contenders),
    );
    results.ratio(what, "C from memory", { atLeast: 0.9 });
    results.ratio(what, "nginx", { atLeast: 1.75 });
    results.ratio(what, "Python", { atLeast: listeners === 1 ? 2 : 3 });
    // None of the others is told how much it may send.
    results.ratio(what, "session floor", { atLeast: 0.9 }, SESSION);
  }
}

/** A song that is not in our memory: larger than it, or one of many. */
export async function cold(shop: Workshop, results: Results): Promise<void> {
  await shop.writeAlbum();
  results.note(
    `cold: not in our page memory of 256 MiB, since the album has 512 MiB and ${ALBUMS} names, one for each session; the system's page cache has it`,
  );
  await using stack = new AsyncDisposableStack();
  const ours = stack.use(
    await startOurs(shop.coldFolder, "--stream-song", "album"),
  );
  const songs = Array.from({ length: ALBUMS }, (_, i) => `album ${i + 1}`);
  const asks = new Map<string, string[]>([
    [
      "C readv",
      await ask(stack, startSender(shop, "plain", "file", shop.coldSong)),
    ],
    [US, askOurs(ours, null)],
    [SESSION, askOurs(ours, songs.join(","))],
    ["floor", await ask(stack, startFloor("file", shop.coldSong))],
  ]);
  await addPeers(stack, shop, results, asks, shop.coldFolder, "album.wav");
  for (const listeners of LISTENERS) {
    const contenders = askAll(shop, asks, listeners, listeners === 1 ? 3 : 1);
    const what = `cold song, ${listeners} listeners`;
    results.addTurns(
      what,
      "GB/s",
      await inTurns(shop.options.rounds, contenders),
    );
    results.ratio(what, "C readv", { atLeast: 0.85 });
    results.ratio(what, "nginx", { atLeast: 1 });
    results.ratio(what, "Python", { atLeast: listeners === 1 ? 1.25 : 1.8 });
  }
}

async function ask(
  stack: AsyncDisposableStack,
  server: Promise<Server>,
): Promise<string[]> {
  return stack.use(await server).ask;
}

async function addPeers(
  stack: AsyncDisposableStack,
  shop: Workshop,
  results: Results,
  asks: Map<string, string[]>,
  folder: string,
  file: string,
): Promise<void> {
  const peers = {
    nginx: () => startNginx(shop, folder, file),
    Python: () => startPython(shop, `${folder}/${file}`),
  };
  for (const [who, start] of Object.entries(peers)) {
    try {
      asks.set(who, await ask(stack, start()));
    } catch (error) {
      results.note((error as Error).message);
    }
  }
}

function askAll(
  shop: Workshop,
  asks: Map<string, string[]>,
  listeners: number,
  repeat: number,
): Contender[] {
  return [...asks].map(([who, ask]) => ({
    who,
    run: async () => await throughput(shop, ask, listeners, repeat) / 1e9,
  }));
}

/** ffmpeg serves one listener and ends, so that it is started for each run. */
function ffmpeg(shop: Workshop, passes: number): Contender {
  return {
    who: "ffmpeg",
    async run() {
      if (!await isThere("ffmpeg")) throw new Error("ffmpeg is not installed");
      const port = freePort();
      await using _ = await startServer([
        ..."ffmpeg -nostdin -loglevel error -stream_loop".split(" "),
        ...[String(passes - 1), "-i", shop.hotSong],
        ..."-c copy -f s16le".split(" "),
        `tcp://127.0.0.1:${port}?listen=1`,
      ]);
      await portOpen(port);
      const ask = ["raw", "127.0.0.1", String(port)];
      return await throughput(shop, ask, 1, 1) / 1e9;
    },
  };
}
