/**
 * The bench: compares our server and client with the programs that people would
 * use instead, on the same songs and machine, in interleaved rounds. It installs
 * nothing; it names missing programs and measures the others.
 *
 *     deno run -A bench/bench.ts [--rounds N] [--quick] [--only NAME...]
 *         [--against TREE]
 *
 * @module
 */

import { print } from "../lib/io/console/standard_output.ts";
import { growthPicture, type Point } from "./growth.ts";
import { describeMachine } from "./machine.ts";
import { cluster } from "./parts/cluster.ts";
import { clusterCasts } from "./parts/cluster_casts.ts";
import { decoded } from "./parts/decoded.ts";
import { decode } from "./parts/decode.ts";
import { sending } from "./parts/sending.ts";
import { cold, hot } from "./parts/throughput.ts";
import { firstByte, firstPcm } from "./parts/first_byte.ts";
import { library } from "./parts/library.ts";
import { listeners } from "./parts/listeners.ts";
import { live } from "./parts/live.ts";
import { play } from "./parts/play.ts";
import { parse, receive } from "./parts/receive.ts";
import { scan } from "./parts/scan.ts";
import { start } from "./parts/start.ts";
import { upload } from "./parts/upload.ts";
import { markdownTable, Results, textTable } from "./results.ts";
import { type BenchOptions, Workshop } from "./workshop.ts";

type Part = (shop: Workshop, results: Results) => Promise<void | Point[]>;

const PARTS: Record<string, Part> = {
  start,
  "first-byte": firstByte,
  "first-pcm": firstPcm,
  hot,
  cold,
  receive,
  parse,
  play,
  upload,
  decode,
  decoded,
  library,
  scan,
  listeners,
  live,
  sending,
  cluster,
  "cluster-casts": clusterCasts,
};
const DEFAULT_ROUNDS = 5;
const USAGE =
  `deno run -A bench/bench.ts [--rounds N] [--quick] [--only NAME...] [--against TREE]

  --rounds N      how often each is measured, in turns (${DEFAULT_ROUNDS})
  --quick         shorter runs
  --only NAME...  some parts: ${Object.keys(PARTS).join(" ")}
  --against TREE  another working tree, for the part \`sending\``;

/** Reads the words; null: they cannot be understood. */
async function readOptions(
  words: string[],
): Promise<BenchOptions & { parts: string[] } | null> {
  const options: BenchOptions & { parts: string[] } = {
    rounds: DEFAULT_ROUNDS,
    quick: false,
    parts: Object.keys(PARTS),
  };
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "--quick") options.quick = true;
    else if (words[i] === "--rounds") options.rounds = Number(words[++i]);
    else if (words[i] === "--against") {
      options.against = await Deno.realPath(words[++i]);
    } else if (words[i] === "--only") {
      options.parts = [];
      while (words[i + 1] && !words[i + 1].startsWith("--")) {
        options.parts.push(words[++i]);
      }
    } else return null;
  }
  const known = options.parts.every((part) => Object.hasOwn(PARTS, part));
  return known && options.parts.length > 0 && options.rounds >= 1
    ? options
    : null;
}

/** Measures, prints, and writes `results.md` and `growth.svg`. */
async function bench(
  options: BenchOptions & { parts: string[] },
): Promise<void> {
  const results = new Results();
  const machine = await describeMachine();
  const measured: string[] = [];
  {
    await using shop = await Workshop.open(options);
    for (const part of options.parts) {
      print(`${part} …`);
      try {
        const points = await PARTS[part](shop, results);
        if (points) await write("growth.svg", growthPicture(points));
      } catch (error) {
        results.note(`${part}: ${(error as Error).message}`);
      }
      measured.push(part);
      // Written after each part, so that an interrupted run keeps its results.
      const done = { ...options, parts: measured };
      await write("results.md", markdown(results, machine, done));
    }
  }
  const tables = [results.table(), results.goalTable()].map(textTable);
  const text = ["", tables[0], "", tables[1], "", ...results.notes, ...machine];
  for (const line of text.join("\n").split("\n")) print(line);
}

function markdown(
  results: Results,
  machine: string[],
  { rounds, quick, parts }: BenchOptions & { parts: string[] },
): string {
  const list = (lines: string[]) => lines.map((line) => `- ${line}`).join("\n");
  return `# Results

Made by \`deno task bench\`${
    quick ? " with `--quick`" : ""
  }, ${rounds} interleaved rounds; the spread is half the range between the
quarters. Measured here: ${
    parts.join(", ")
  }. Only ratios travel to another machine.

${list(machine)}

## Goals

${markdownTable(results.goalTable())}

## All that was measured

${markdownTable(results.table())}

${list(results.notes)}
`;
}

async function write(name: string, text: string): Promise<void> {
  await Deno.writeTextFile(new URL(name, import.meta.url), text);
}

const options = await readOptions(Deno.args);
if (options === null) {
  print(USAGE);
  Deno.exit(2);
}
await bench(options);
