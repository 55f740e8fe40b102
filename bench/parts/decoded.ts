/**
 * Songs that are decoded, beside the same song as WAV: the first audio from places
 * that nobody has played, and what 500 listeners of one song cost.
 *
 * @module
 */

import { run } from "../programs.ts";
import { paced } from "../receiver.ts";
import { type Results, US } from "../results.ts";
import { askOurs, type Ours, startOurs } from "../servers.ts";
import { openSession } from "../session.ts";
import { SONG_SECONDS } from "../songs.ts";
import { inTurns, median } from "../stats.ts";
import type { Workshop } from "../workshop.ts";

/** Each kind, and what ffmpeg makes it with. */
const KINDS = { WAV: "", FLAC: "-c:a flac", MP3: "-c:a libmp3lame -b:a 192k" };
type Kind = keyof typeof KINDS;
/** Places of the song that are played once in a round. */
const PLACES = 40;
const LISTENERS = 500;

export async function decoded(
  shop: Workshop,
  results: Results,
): Promise<void> {
  const folder = shop.path("decoded");
  await Deno.mkdir(folder);
  for (const [kind, words] of Object.entries(KINDS)) {
    await run([
      ..."ffmpeg -v error -stream_loop -1 -i".split(" "),
      ...[`${import.meta.dirname}/../../music/Canon in D.wav`, "-t"],
      ...[`${SONG_SECONDS}`, ...words.split(" ").filter(Boolean)],
      `${folder}/${fileOf(kind as Kind)}`,
    ]);
  }
  const kinds = Object.keys(KINDS) as Kind[];
  const each = async (measure: (ours: Ours, kind: Kind) => Promise<number>) =>
    await inTurns(
      shop.options.rounds,
      kinds.map((kind) => ({
        who: kind === "WAV" ? kind : `${US}, ${kind}`,
        async run() {
          await using ours = await startOurs(folder);
          return await measure(ours, kind);
        },
      })),
    );
  const first = `play to first audio, p50 of ${PLACES} places`;
  results.addTurns(first, "ms", await each(firstAudioMs));
  const cost = `${LISTENERS} listeners of one song: CPU`;
  const seconds = shop.options.quick ? 10 : 30;
  results.addTurns(
    cost,
    "% of a core",
    await each(async (ours, kind) => {
      const server = { pid: ours.pid, ask: askOurs(ours, fileOf(kind)) };
      const words = [LISTENERS, seconds, "ramp=500", "spread=0.05"] as const;
      return 100 * (await paced(shop, server, ...words)).cpu;
    }),
  );
  for (const kind of ["FLAC", "MP3"]) {
    results.bound(first, { atMost: 300 }, `${US}, ${kind}`);
    results.ratio(cost, "WAV", { atMost: 1.3 }, `${US}, ${kind}`);
  }
}

function fileOf(kind: Kind): string {
  return `song.${kind.toLowerCase()}`;
}

/** Of places that are farther apart than what is read ahead. */
async function firstAudioMs(ours: Ours, kind: Kind): Promise<number> {
  const session = await openSession(ours.sessionPort);
  const took: number[] = [];
  for (let i = 0; i < PLACES; i++) {
    const from = 7 * (i * 17 % PLACES) + 1;
    const { promise, resolve } = Promise.withResolvers<void>();
    const beganMs = performance.now();
    await session.openStream({ song: fileOf(kind), from }, (stream) => {
      stream.listener = {
        data: (piece) => {
          resolve();
          session.used(piece.length);
        },
        end() {},
        stopped() {},
        displaced() {},
      };
    });
    await promise;
    took.push(performance.now() - beganMs);
  }
  session.close();
  return median(took);
}
