import assert from "node:assert/strict";
import { join } from "@std/path";
import { assertBytes } from "../support/assert_bytes.ts";
import {
  MUSIC,
  runClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { type NetworkFaults, SlowProxy } from "../support/slow_proxy.ts";

const SONG = "Canon in D.wav";
const seed = Number(Deno.env.get("ONDACAST_SEED") ?? 20_261_121);

/** Networks that lose no data permanently: the complete song arrives. */
const NETWORKS: Record<string, (random: () => number) => NetworkFaults> = {
  "pieces of one byte at first, then of random sizes": (random) => ({
    pieceBytes: (number) =>
      number < 2_000 ? 1 : 1 + Math.floor(random() * 9_000),
  }),
  "100 ms of delay each way": () => ({ delayMs: 100 }),
  "1 MB a second": () => ({ bytesPerSecond: 1_000_000 }),
  "ten lost connections": (random) => ({
    cutAfterBytes: (connection) =>
      connection < 10 ? { toClient: Math.floor(random() * 250_000) } : {},
  }),
  "ten connections lost during requests": (random) => ({
    // A server that was never reached is not tried again: it may be another.
    cutAfterBytes: (connection) =>
      connection < 10
        ? {
          toServer: (connection === 0 ? 400 : 0) + Math.floor(random() * 250),
        }
        : {},
  }),
  "all of these faults": (random) => ({
    delayMs: 10,
    bytesPerSecond: 2_000_000,
    pieceBytes: () => 1 + Math.floor(random() * 3_000),
    cutAfterBytes: (connection) =>
      connection < 3 ? { toClient: Math.floor(random() * 700_000) } : {},
  }),
};

for (const [name, faults] of Object.entries(NETWORKS)) {
  Deno.test(`a song arrives unchanged over a network with ${name}`, async () => {
    await using server = await TestServer.start();
    await using folder = await TempFolder.make();
    using proxy = new SlowProxy(
      server.ports.session,
      faults(seededRandom(seed)),
    );
    const out = folder.file("out.wav");
    const { code, stdout, stderr } = await runClient([
      ...["play", SONG, "--player", `file:${out}`, "--json"],
      ...["--server", proxy.address],
    ]);
    assert.equal(code, 0, stderr);
    const file = await Deno.readFile(join(MUSIC, SONG));
    assertBytes(await Deno.readFile(out), file);
    const { reconnects } = JSON.parse(stdout.trim().split("\n").at(-1)!);
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `${name}: ${
        (file.length - 44) / 2
      } samples, ${proxy.connections} connections, ${reconnects} reconnects (seed ${seed})`,
    );
  });
}
