import { fuzz, FUZZERS } from "./fuzzers.ts";

const FIXTURES = new URL("fixtures/", import.meta.url);
/** Runs of a few seconds; `deno task fuzz` makes any number. */
const SLICE: Record<string, number> = {
  frames: 5_000,
  messages: 15_000,
  wav: 10_000,
  songs: 300,
  heads: 3_000,
  packets: 5_000,
  names: 150,
  sessions: 250,
  pushes: 60,
  keys: 60,
  uploads: 60,
  senders: 150,
  rooms: 1_000,
  apps: 1_000,
  captures: 1_000,
  clients: 3_000,
};
const seed = Number(Deno.env.get("ONDACAST_SEED") ?? 20_261_121);

for (const [name, runs] of Object.entries(SLICE)) {
  Deno.test(`${runs} ${FUZZERS[name].kind} of the fuzzer ${name} find no fault`, async () => {
    // deno-lint-ignore no-console -- to reproduce a failure
    console.info(`seed ${seed} (ONDACAST_SEED)`);
    const { findings } = await fuzz(name, { seed, runs });
    for (const { seed, finding, error } of findings) {
      throw new Error(`seed ${seed} found ${JSON.stringify(finding)}`, {
        cause: error,
      });
    }
  });
}

for (const { name } of Deno.readDirSync(FIXTURES)) {
  Deno.test(`a former finding stays fixed: ${name}`, async () => {
    const { default: finding } = await import(`./fixtures/${name}`, {
      with: { type: "json" },
    });
    await FUZZERS[finding.fuzzer].run(finding.input);
  });
}
