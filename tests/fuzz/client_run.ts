/**
 * Plays a song of a server that sends arbitrary bytes: the client must end with
 * a typed error or with the audio that it could play.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Link } from "../../lib/client/link.ts";
import { Output } from "../../lib/client/output.ts";
import { songPlayback } from "../../lib/client/song_playback.ts";
import { OndacastError } from "../../lib/errors.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { IDENTITY } from "../support/memory_client.ts";
import { transportPair } from "../support/memory_transport.ts";
import { Recorder } from "../support/recording_sink.ts";

/** A client tries to reach a lost server for one minute. */
const PATIENCE_MS = 120_000;
const WINDOW_BYTES = 64 * 1024;

/**
 * Runs a client against a server that sends these pieces and closes.
 *
 * @throws {AssertionError} If the client misbehaves.
 */
export async function runClientAgainst(pieces: Uint8Array[]): Promise<void> {
  const clock = new FakeClock();
  const recorder = new Recorder(clock, { realTime: true });
  const pair = transportPair(clock);
  let connections = 0;
  const end = new AbortController();
  const link = new Link({
    connector: {
      place: "raw:4040",
      connect: () =>
        connections++ === 0 ? Promise.resolve(pair.client) : Promise.reject(
          new OndacastError("unreachable", "The server is down"),
        ),
    },
    ...{ clock, identity: IDENTITY, windowBytes: WINDOW_BYTES },
    signal: end.signal,
  });
  const output = new Output(recorder.open);
  const playback = songPlayback({ link, output, song: "tone" });
  const played = playback.run().then(() => null, (error) => error);
  await settle(); // hello and play are sent
  for (const piece of pieces) {
    await pair.server.write(piece).catch(() => {}); // The client has closed.
    await clock.advance(100);
  }
  pair.cut();
  const over = Promise.withResolvers<void>();
  played.then(() => over.resolve());
  clock.sleep(PATIENCE_MS, end.signal).then(over.resolve);
  await clock.runUntil(over.promise, 2 * PATIENCE_MS);
  // The song may be very long, so the listener stops it.
  end.abort();
  const error = await clock.runUntil(played, 10_000);
  await output.abort();
  if (error === null) return;
  assert.ok(error instanceof OndacastError, `an untyped error: ${error}`);
  assert.notEqual(error.code, "internal", String(error.cause ?? error));
}
