/**
 * The soak: one real server for an hour under a crowd of listeners that connect
 * and leave, with uploads, casts and kills. Every stream is checked by its
 * hash, and the server's memory, descriptors and event-loop delay are charted.
 *
 *     deno task soak [--minutes N] [--listeners N] [--seed N] [--out FOLDER]
 *
 * It writes `soak.md`, `soak.svg` and `soak.json`, and fails if a stream was
 * wrong or a metric kept growing.
 *
 * @module
 */

import { Command } from "@commander-js/extra-typings";
import { join } from "@std/path";
import { positive } from "../../lib/cli/options.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { print } from "../../lib/io/console/standard_output.ts";
import { TempFolder, TestServer } from "../support/programs.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { openSession } from "../support/sessions.ts";
import { Crowd } from "./crowd.ts";
import { disturb, UPLOADS } from "./disturbances.ts";
import { soakPicture } from "./picture.ts";
import { Sampler } from "./sampler.ts";
import { SoakSongs } from "./songs.ts";
import { StreamCounts } from "./stream_check.ts";
import { faultsOf, type Run, tableOf } from "./verdict.ts";

const SAMPLE_MS = 5_000;
/** A song's file is closed 5 s after its last listener, so all are by then. */
const LAST_MS = 7_000;
const LOOK_MS = 250;

/** The options of a soak. */
export interface SoakOptions {
  minutes: number;
  listeners: number;
  seed: number;
}

/** Runs a soak. @returns Its figures and faults, which are also printed. */
export async function soak(
  { minutes, listeners, seed }: SoakOptions,
  say: (line: string) => void,
): Promise<{ run: Run; faults: string[] }> {
  const random = seededRandom(seed);
  await using folder = await TempFolder.make();
  const songs = await SoakSongs.write(folder.path, random);
  const plainSong = songs.songs.at(-1)!;
  await using server = await TestServer.start([
    ...["--music", folder.path, "--min-free", "0"],
    ...["--stream-song", plainSong.name],
  ]);
  const { ports, program } = server;
  using sampler = await Sampler.start(program.child.pid, ports);
  await learnEtags(songs, ports.session);
  const before = await sampler.take();
  const counts = new StreamCounts(songs);
  const crowd = new Crowd({
    ...{ ports, songs, counts, random, listeners, uploads: UPLOADS },
  });
  const over = new AbortController();
  const disturbing = disturb({
    ...{ ports, songs, plainSong, crowd, counts, random },
    folder: folder.path,
    signal: over.signal,
  });
  const samples = [];
  const endMs = performance.now() + minutes * 60_000;
  while (performance.now() < endMs) {
    await systemClock.sleep(Math.min(SAMPLE_MS, endMs - performance.now()));
    const sample = await sampler.take();
    samples.push(sample);
    counts.finishLate();
    say(
      `${(sample.atSeconds / 60).toFixed(1)} min: ${sample.clients} clients, ${
        (sample.rssBytes / 2 ** 20).toFixed(0)
      } MiB, ${sample.files} files, ${
        (sample.cpu * 100).toFixed(1)
      } % CPU, delay ${
        sample.delayMs.toFixed(2)
      } ms, ${counts.streams} streams, ${counts.wrongCount} wrong`,
    );
  }
  over.abort();
  crowd.end();
  const done = { ...await disturbing, ...crowd.acts };
  counts.finishLate();
  const lastMs = performance.now() + LAST_MS;
  let run: Run;
  let faults: string[];
  do {
    await systemClock.sleep(LOOK_MS);
    const after = await sampler.take();
    run = { seed, minutes, listeners, before, samples, after, counts, done };
    faults = faultsOf(run);
  } while (faults.length > 0 && performance.now() < lastMs);
  faults.push(...await endOf(server, folder));
  return { run, faults };
}

/** Stops the server, and checks the files that it leaves. */
async function endOf(
  { program }: TestServer,
  folder: TempFolder,
): Promise<string[]> {
  const faults: string[] = [];
  program.child.kill("SIGTERM");
  const { code, stderr } = await program.ended();
  if (code !== 0) faults.push(`the server ended with ${code}`);
  for (const line of stderr.split("\n")) {
    if (/\[error\]|internal|Uncaught/.test(line)) {
      faults.push(`it said: ${line}`);
    }
  }
  for await (const { name } of Deno.readDir(folder.path)) {
    if (name.endsWith(".part")) faults.push(`${name} is left in the folder`);
  }
  return faults.slice(0, 50);
}

async function learnEtags(songs: SoakSongs, port: number): Promise<void> {
  const session = await openSession(port);
  for (const row of (await session.request({ type: "list" })).songs) {
    songs.learn(row.etag!, songs.named(row.name)!);
  }
  session.close();
}

if (import.meta.main) {
  const { out, ...options } = new Command("deno task soak")
    .description("Serves a crowd that comes and goes, and checks all of it.")
    .option("--minutes <n>", "how long", Number, 60)
    .option("--listeners <n>", "how many at a time", positive, 500)
    .option("--seed <n>", "what chance begins with", Number, Date.now() % 1e9)
    .option("--out <folder>", "where table and picture go", ".")
    .parse(Deno.args, { from: "user" }).opts();
  await Deno.mkdir(out, { recursive: true });
  print(`seed ${options.seed}`);
  const { run, faults } = await soak(options, print);
  const table = tableOf(run);
  await Deno.writeTextFile(join(out, "soak.md"), table);
  await Deno.writeTextFile(join(out, "soak.svg"), soakPicture(run.samples));
  await Deno.writeTextFile(join(out, "soak.json"), JSON.stringify(run));
  for (const line of table.split("\n")) print(line);
  for (const fault of faults) print(`FAULT ${fault}`);
  Deno.exit(faults.length > 0 ? 1 : 0);
}
