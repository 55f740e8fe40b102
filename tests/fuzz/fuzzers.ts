/**
 * The fuzzers: each makes an input from a seed, so that a finding can be
 * reproduced, and runs it. A finding is a thrown error.
 *
 * @module
 */

import fc from "../support/fast_check.ts";
import { unhex } from "../support/decoded.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { runClientAgainst } from "./client_run.ts";
import { TO_CLIENT, TO_SERVER } from "./corpus.ts";
import { DECODER_TARGETS } from "./decoder_targets.ts";
import { makeHead, runHead } from "./head_run.ts";
import { KEY_SCRIPT, runKeys } from "./key_run.ts";
import { below, mutate, oneOf } from "./mutate.ts";
import { mutateFrames } from "./mutate_frames.ts";
import { NAMES, runNames } from "./name_run.ts";
import { PACKETS, runPacket } from "./packet_run.ts";
import { PUSH_SCRIPT, runPushes } from "./push_run.ts";
import { runScript, wildScript } from "./session_run.ts";
import { SCRIPT } from "./session_script.ts";
import { APP_LINES, ROOM_BYTES, runApp, runRoom } from "./snapcast_run.ts";
import { runSong, songCorpus } from "./song_run.ts";
import { LIVE_SCRIPT, runLive } from "./live_run.ts";
import { runUploads, UPLOAD_SCRIPT } from "./upload_run.ts";

/** An input that caused a fault, as kept in JSON. */
export interface Finding {
  fuzzer: string;
  /** Bytes in hexadecimal, a list of pieces, or a script. */
  input: unknown;
}

/** Makes and runs inputs of one kind. */
export interface Fuzzer {
  /** The option that sets the number of its runs. */
  kind: "inputs" | "scripts";
  /** Its part of that number. */
  share: number;
  make(seed: number): unknown;
  run(input: unknown): Promise<void> | void;
}

function decoder(name: string): Fuzzer {
  const { corpus, check } = DECODER_TARGETS[name];
  return {
    kind: "inputs",
    share: 1 / Object.keys(DECODER_TARGETS).length,
    make: (seed) => wildBytes(seed, corpus),
    run(input) {
      const bytes = unhex(input as string);
      check(bytes, seededRandom(bytes.length));
    },
  };
}

/** Mutated bytes, in hexadecimal. */
function wildBytes(seed: number, corpus: readonly Uint8Array[]): string {
  const random = seededRandom(seed);
  const bytes = mutate(oneOf(random, corpus), random, corpus);
  return bytes.toHex();
}

/** A mutated capture, in a few pieces. */
function wildPieces(seed: number, corpus: Uint8Array[]): string[] {
  const random = seededRandom(seed);
  const change = random() < 0.7 ? mutateFrames : mutate;
  const bytes = change(oneOf(random, corpus), random, corpus);
  const pieces: string[] = [];
  const most = 1 + below(random, bytes.length + 1);
  for (let at = 0; at < bytes.length && pieces.length < 50;) {
    const isLast = pieces.length === 49;
    const end = isLast ? bytes.length : at + 1 + below(random, most);
    pieces.push(bytes.subarray(at, end).toHex());
    at = end;
  }
  return pieces;
}

/** All fuzzers, by name. */
export const FUZZERS: Record<string, Fuzzer> = {
  frames: decoder("frames"),
  messages: decoder("messages"),
  wav: decoder("wav"),
  songs: {
    kind: "inputs",
    share: 0.1,
    make: (seed) => wildBytes(seed, songCorpus()),
    run(input) {
      const bytes = unhex(input as string);
      runSong(bytes, seededRandom(bytes.length));
    },
  },
  heads: {
    kind: "inputs",
    share: 0.1,
    make: (seed) => makeHead(seededRandom(seed)).toHex(),
    run: (input) => runHead(unhex(input as string)),
  },
  packets: {
    kind: "inputs",
    share: 0.1,
    make: (seed) => wildBytes(seed, PACKETS),
    run: (input) => runPacket(unhex(input as string)),
  },
  names: {
    kind: "inputs",
    share: 0.02,
    make: (seed) => fc.sample(NAMES, { numRuns: 1, seed })[0],
    run: (input) => runNames(input as string[]),
  },
  sessions: {
    kind: "scripts",
    share: 0.5,
    make: (seed) => fc.sample(SCRIPT, { numRuns: 1, seed })[0],
    run: (input) => runScript(input as Parameters<typeof runScript>[0]),
  },
  pushes: {
    kind: "scripts",
    share: 0.1,
    make: (seed) => fc.sample(PUSH_SCRIPT, { numRuns: 1, seed })[0],
    run: (input) => runPushes(input as Parameters<typeof runPushes>[0]),
  },
  keys: {
    kind: "scripts",
    share: 0.05,
    make: (seed) => fc.sample(KEY_SCRIPT, { numRuns: 1, seed })[0],
    run: (input) => runKeys(input as Parameters<typeof runKeys>[0]),
  },
  uploads: {
    kind: "scripts",
    share: 0.05,
    make: (seed) => fc.sample(UPLOAD_SCRIPT, { numRuns: 1, seed })[0],
    run: (input) => runUploads(input as Parameters<typeof runUploads>[0]),
  },
  senders: {
    kind: "scripts",
    share: 0.05,
    make: (seed) => fc.sample(LIVE_SCRIPT, { numRuns: 1, seed })[0],
    run: (input) => runLive(input as Parameters<typeof runLive>[0]),
  },
  captures: {
    kind: "scripts",
    share: 0.25,
    make: (seed) => wildPieces(seed, TO_SERVER),
    run: (input) => runScript(wildScript((input as string[]).map(unhex))),
  },
  rooms: {
    kind: "scripts",
    share: 0.05,
    make: (seed) => wildBytes(seed, ROOM_BYTES),
    run: (input) => runRoom(unhex(input as string)),
  },
  apps: {
    kind: "scripts",
    share: 0.05,
    make: (seed) => wildBytes(seed, APP_LINES),
    run: (input) => runApp(unhex(input as string)),
  },
  clients: {
    kind: "scripts",
    share: 0.25,
    make: (seed) => wildPieces(seed, TO_CLIENT),
    run: (input) => runClientAgainst((input as string[]).map(unhex)),
  },
};

/** The findings of a fuzzer, and the number of its runs. */
export interface FuzzResult {
  runs: number;
  seconds: number;
  findings: { seed: number; finding: Finding; error: unknown }[];
}

/** Runs a fuzzer with `count` consecutive seeds. */
export async function fuzz(
  name: string,
  options: { seed: number; runs: number; most?: number },
): Promise<FuzzResult> {
  const { make, run } = FUZZERS[name];
  const { seed, runs, most = 1 } = options;
  const findings: FuzzResult["findings"] = [];
  const beganMs = performance.now();
  let done = 0;
  for (; done < runs && findings.length < most; done++) {
    const input = make(seed + done);
    try {
      await run(input);
    } catch (error) {
      findings.push({
        seed: seed + done,
        finding: { fuzzer: name, input },
        error,
      });
    }
  }
  return {
    runs: done,
    seconds: (performance.now() - beganMs) / 1000,
    findings,
  };
}
