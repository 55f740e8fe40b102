import assert from "node:assert/strict";
import { Timeline } from "../../../lib/model/timeline.ts";
import {
  DeviceStreams,
  type Programme,
} from "../../../lib/server/groups/device_streams.ts";
import type { Receiver } from "../../../lib/server/groups/receiver.ts";
import { SharedSong } from "../../../lib/server/groups/shared_song.ts";
import { MemorySongs, PHONE, wavFile } from "../../support/memory_songs.ts";

/** A device that notes what it is sent. */
class NotingReceiver implements Receiver {
  readonly isInStep = true;
  readonly sending = null;
  readonly noted: unknown[] = [];
  #streams = 0;

  start(...[song, frame, { follows }, lined]: Parameters<Receiver["start"]>) {
    song.close();
    this.noted.push(["start", frame, follows]);
    lined?.(++this.#streams);
    return this.#streams;
  }

  line({ stream, frame, atUs }: Parameters<Receiver["line"]>[0]): void {
    this.noted.push(["line", stream, frame, atUs]);
  }

  drop(stream: number): void {
    this.noted.push(["drop", stream]);
  }

  control(): void {}

  post(_: string, deliver: () => void): void {
    deliver();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

async function setUp() {
  const songs = new MemorySongs();
  const entry = songs.add("a.wav", wavFile(PHONE, new Uint8Array(80_000)));
  const song = new SharedSong(await songs.open(entry));
  const timeline = new Timeline();
  timeline.start(
    { entry: 1, rateHz: 8000, fromFrame: 0, endFrame: 80_000 },
    0,
    600_000,
  );
  const programme = (nowUs: number): Programme => ({
    ...{ timeline, row: timeline.takesAt(nowUs), nowUs, lineVersion: 1 },
    ...{ isSeveral: true, isPaused: false, cause: {}, songOf: () => song },
  });
  return {
    timeline,
    programme,
    streams: new DeviceStreams(),
    link: new NotingReceiver(),
  };
}

Deno.test("DeviceStreams.feed() skips nothing of a beginning for the server's own delay", async () => {
  const { programme, streams, link } = await setUp();
  streams.feed(link, programme(70_000), 500_000);
  assert.deepEqual(link.noted, [
    ["start", 0, undefined],
    ["line", 1, 0, 600_000],
  ]);
});

Deno.test("DeviceStreams.feed() lets a device join late that needs its PCM earlier", async () => {
  const { programme, streams, link } = await setUp();
  streams.feed(link, programme(0), 1_900_000);
  assert.deepEqual(link.noted, [
    ["start", 1.4 * 8000, undefined],
    ["line", 1, 0, 2_000_000],
  ]);
});

Deno.test("DeviceStreams.feed() drops what a late device was sent ahead, if the queue loses it", async () => {
  const { timeline, programme, streams, link } = await setUp();
  const follower = { entry: 2, rateHz: 8000, fromFrame: 0, endFrame: 80_000 };
  timeline.follow(1, follower, 0);
  streams.feed(link, programme(9_600_000), 900_000);
  assert.deepEqual(link.noted.splice(0), [
    ["start", 0, undefined],
    ["line", 1, 0, 10_600_000],
  ]);
  timeline.cut(1, 9_700_000);
  streams.feed(link, programme(9_700_000), 900_000);
  assert.deepEqual(link.noted, [["drop", 1]]);
});
