/**
 * Fuzzing of any duration: mutated frames, messages and WAV headers for the
 * decoders, and complete sessions for server and client. A finding is written
 * as a fixture, to be named and kept in `fixtures/`.
 *
 *     deno task fuzz [--inputs N] [--scripts N] [--seed N] [--only NAME]
 *
 * @module
 */

import { Command, Option } from "@commander-js/extra-typings";
import { positive } from "../../lib/cli/options.ts";
import { print } from "../../lib/io/console/standard_output.ts";
import { fuzz, FUZZERS } from "./fuzzers.ts";

/** Runs of a batch, after which findings are written. */
const ROUND = { inputs: 100_000, scripts: 1_000 };
/** Findings after which a fuzzer stops. */
const MOST_FINDINGS = 5;

async function main(): Promise<number> {
  const { seed, only, ...counts } = new Command("deno task fuzz")
    .description(
      "Throws mutated inputs at decoders, and scripts at both sides.",
    )
    .option("--inputs <n>", "inputs in all", positive, 1_000_000)
    .option("--scripts <n>", "whole sessions in all", positive, 10_000)
    .option(
      "--seed <n>",
      "what chance begins with",
      Number,
      Date.now() % 2 ** 31,
    )
    .addOption(
      new Option("--only <name>", "one fuzzer").choices(Object.keys(FUZZERS)),
    )
    .parse(Deno.args, { from: "user" }).opts();
  // Refusals are frequent, and capturing their stacks would dominate the work.
  Error.stackTraceLimit = 0;
  let found = 0;
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    found++;
    print(`UNHANDLED ${event.reason?.stack ?? event.reason}`);
  });
  print(`seed ${seed}`);
  for (const [name, { kind, share }] of Object.entries(FUZZERS)) {
    if (only && only !== name) continue;
    const runs = Math.round(counts[kind] * share);
    let [done, seconds, findings] = [0, 0, 0];
    while (done < runs && findings < MOST_FINDINGS) {
      const result = await fuzz(name, {
        seed: (seed + done) % 2 ** 31,
        runs: Math.min(ROUND[kind], runs - done),
        most: MOST_FINDINGS - findings,
      });
      done += result.runs;
      seconds += result.seconds;
      for (const { seed, finding, error } of result.findings) {
        findings++;
        const file = `found-${name}-${seed}.json`;
        await Deno.writeTextFile(file, JSON.stringify(finding, null, 1));
        print(`FOUND ${file}: ${error}`);
      }
    }
    found += findings;
    print(
      `${name}: ${done} ${kind} in ${seconds.toFixed(0)} s, ${findings} found`,
    );
  }
  return found > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
