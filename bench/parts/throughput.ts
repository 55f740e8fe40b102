/**
 * Throughput: how fast one song reaches one and eight unpaced listeners, hot (in
 * the server's memory) and cold (in the system's page cache at best). The load has
 * the last core, the server the others.
 *
 * @module
 */

import { freePort, isThere, portOpen } from "../programs.ts";
import { throughput } from "../receiver.ts";
import { type Results, US } from "../results.ts";
import {
  askOurs,
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

/** Starts a server for each run. */
type Start = () => Promise<AsyncDisposable & { readonly ask: string[] }>;

/** The hot song. */
export async function hot(shop: Workshop, results: Results): Promise<void> {
  const { hotFolder: folder, hotSong: song } = shop;
  const servers: Record<string, Start> = {
    "C from memory": () => startSender(shop, "plain", "memory", song),
    [US]: () => ours(null, folder),
    [SESSION]: () => ours("song", folder),
    floor: () => startFloor("send", song),
    "session floor": () => startFloor("session", song, "session"),
    nginx: () => startNginx(shop, folder, "song.wav"),
    Python: () => startPython(shop, song),
  };
  const passes = shop.options.quick ? 16 : 40;
  for (const listeners of LISTENERS) {
    const contenders = askAll(shop, servers, listeners, passes / listeners);
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
    // None of the others uses credit.
    results.ratio(what, "session floor", { atLeast: 0.9 }, SESSION);
  }
}

/** A song that is not in our memory: larger than that, or one of many. */
export async function cold(shop: Workshop, results: Results): Promise<void> {
  await shop.writeAlbum();
  results.note(
    `cold: not in our page memory of 256 MiB, since the album has 512 MiB and ${ALBUMS} names, one for each session; the system's page cache has it`,
  );
  const { coldFolder: folder, coldSong: song } = shop;
  const songs = Array.from({ length: ALBUMS }, (_, i) => `album ${i + 1}`);
  const album = ["--stream-song", "album"];
  const servers: Record<string, Start> = {
    "C readv": () => startSender(shop, "plain", "file", song),
    [US]: () => ours(null, folder, ...album),
    [SESSION]: () => ours(songs.join(","), folder, ...album),
    floor: () => startFloor("file", song),
    nginx: () => startNginx(shop, folder, "album.wav"),
    Python: () => startPython(shop, song),
  };
  for (const listeners of LISTENERS) {
    const passes = listeners === 1 ? 3 : 1;
    const what = `cold song, ${listeners} listeners`;
    results.addTurns(
      what,
      "GB/s",
      await inTurns(
        shop.options.rounds,
        askAll(shop, servers, listeners, passes),
      ),
    );
    results.ratio(what, "C readv", { atLeast: 0.85 });
    results.ratio(what, "nginx", { atLeast: 1 });
    results.ratio(what, "Python", { atLeast: listeners === 1 ? 1.25 : 1.8 });
  }
}

/** Our server, with songs of a session or the plain stream. */
async function ours(
  songs: string | null,
  ...words: [folder: string, ...more: string[]]
): ReturnType<Start> {
  const server = await startOurs(...words);
  return {
    ask: askOurs(server, songs),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/**
 * Each run has its own server, because processes of the same program differ in
 * speed by up to a fifth; a warm-up of the same length is not measured.
 */
function askAll(
  shop: Workshop,
  servers: Record<string, Start>,
  listeners: number,
  repeat: number,
): Contender[] {
  return Object.entries(servers).map(([who, start]) => ({
    who,
    async run() {
      await using server = await start();
      await throughput(shop, server.ask, listeners, repeat);
      return await throughput(shop, server.ask, listeners, repeat) / 1e9;
    },
  }));
}

/** ffmpeg exits after one listener, so it is started for each run. */
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
