import assert from "node:assert/strict";
import { RoomStreams } from "../../lib/adapters/snapcast/room_streams.ts";

const FIRST = { stream: 1, rate: 1000, frames: 500 };

/** Stream and frame at a time; null: silence. */
function at(streams: RoomStreams, us: number) {
  const { stream, ...rest } = streams.at(us);
  return stream && [stream.stream, (rest as { frame: number }).frame];
}

Deno.test("nothing sounds before its line, nor behind the last stream", () => {
  const streams = new RoomStreams();
  assert.deepEqual(streams.at(0), { stream: null, untilUs: Infinity });
  streams.add(FIRST);
  streams.setLine({ stream: 1, frame: 100, atUs: 1e6, sinceUs: 1e6 }, 0);
  assert.deepEqual(streams.at(0), { stream: null, untilUs: 1e6 });
  assert.deepEqual(at(streams, 1e6), [1, 100]);
  assert.equal(streams.at(1e6).untilUs, 1.4e6);
  assert.equal(at(streams, 1.4e6), null);
  assert.deepEqual(
    { ...streams.placeAt(2e6), stream: 1 },
    { stream: 1, frame: 500, isPlaying: false },
  );
});

Deno.test("a follower sounds after the last sample frame, also where the line names it", () => {
  for (
    const line of [
      { stream: 1, frame: 0, atUs: 0, sinceUs: 0 },
      { stream: 2, frame: 0, atUs: 500_000, sinceUs: 0 },
    ]
  ) {
    const streams = new RoomStreams();
    streams.add(FIRST);
    streams.add({ stream: 2, rate: 2000, frames: 1000, follows: 1 });
    streams.setLine(line, 0);
    assert.deepEqual(at(streams, 499_000), [1, 499]);
    assert.deepEqual(at(streams, 500_000), [2, 0]);
    const gone = streams.prune(500_000).map(({ stream }) => stream);
    assert.deepEqual(gone, [1]);
    assert.deepEqual(at(streams, 600_000), [2, 200]);
    assert.equal(at(streams, 1e6), null);
  }
});

Deno.test("a line holds from its time on, and the earlier one until then", () => {
  const streams = new RoomStreams();
  streams.add(FIRST);
  streams.setLine({ stream: 1, frame: 0, atUs: 0, sinceUs: 0 }, 0);
  streams.add({ ...FIRST, stream: 2 });
  streams.setLine(
    { stream: 2, frame: 0, atUs: 300_000, sinceUs: 200_000 },
    100_000,
  );
  assert.deepEqual(at(streams, 199_000), [1, 199]);
  assert.equal(streams.at(199_000).untilUs, 200_000);
  assert.equal(at(streams, 200_000), null);
  assert.deepEqual(at(streams, 300_000), [2, 0]);
  assert.deepEqual(streams.prune(150_000), []);
  assert.deepEqual(streams.prune(300_000).map(({ stream }) => stream), [1]);
});

Deno.test("streams are over once the last one was heard, and not while they pause", () => {
  const streams = new RoomStreams();
  streams.add(FIRST);
  streams.setLine({ stream: 1, frame: 0, atUs: 1e6, sinceUs: 0 }, 0);
  const times = [0, 1e6, 1.4e6, 1.5e6];
  const isOver = () => times.map((us) => streams.isOver(us));
  assert.deepEqual(isOver(), [false, false, false, true]);
  streams.add({ ...FIRST, stream: 2, follows: 1 });
  assert.deepEqual(isOver(), [false, false, false, false]);
  assert.equal(streams.isOver(2e6), true);
  streams.setLine({ stream: 2, frame: 500, atUs: null, sinceUs: 2e6 }, 1.9e6);
  assert.deepEqual([1.9e6, 2e6, 3e6].map((us) => streams.isOver(us)), [
    ...[false, false, false],
  ]);
});

Deno.test("a pause is silence, whose place is known", () => {
  const streams = new RoomStreams();
  streams.add(FIRST);
  streams.setLine({ stream: 1, frame: 0, atUs: 0, sinceUs: 0 }, 0);
  streams.setLine({ stream: 1, frame: 200, atUs: null, sinceUs: 2e5 }, 1e5);
  assert.deepEqual(at(streams, 1e5), [1, 100]);
  assert.equal(at(streams, 3e5), null);
  const { frame, isPlaying } = streams.placeAt(9e5)!;
  assert.deepEqual([frame, isPlaying], [200, false]);
});

Deno.test("what is dropped is silent with all that follows it", () => {
  const streams = new RoomStreams();
  streams.add(FIRST);
  streams.add({ ...FIRST, stream: 2, follows: 1 });
  streams.setLine({ stream: 1, frame: 0, atUs: 0, sinceUs: 0 }, 0);
  assert.deepEqual(streams.drop(2).map(({ stream }) => stream), [2]);
  assert.equal(at(streams, 600_000), null);
  streams.drop(1);
  assert.equal(at(streams, 0), null);
});
