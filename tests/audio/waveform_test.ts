import assert from "node:assert/strict";
import type { SongFormat } from "../../lib/audio/format.ts";
import {
  addToWaveform,
  MOST_PIECE_BYTES,
  WAVEFORM_POINTS,
  waveformPieces,
} from "../../lib/audio/waveform.ts";
import fc from "../support/fast_check.ts";
import { CD, PHONE } from "../support/memory_songs.ts";

function song(format: typeof CD, dataBytes: number | null): SongFormat {
  return { ...format, dataOffset: 44, dataBytes };
}

Deno.test("waveformPieces() yields every byte of a short song once", () => {
  fc.assert(fc.property(
    fc.integer({ min: WAVEFORM_POINTS, max: 7_000_000 }),
    (frames) => {
      let at = 44;
      for (
        const { offsetBytes, bytes } of waveformPieces(song(CD, frames * 4))
      ) {
        assert.equal(offsetBytes, at);
        assert.equal(bytes % 4, 0);
        at += bytes;
      }
      assert.equal(at, 44 + frames * 4);
    },
  ));
});

Deno.test("waveformPieces() stays inside the song, and yields at least one piece per peak within the limit", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 2 ** 40 }),
    fc.integer({ min: 1, max: 64 }),
    (frames, channels) => {
      const format = { ...CD, channels };
      const end = 44 + frames * channels * 2;
      const seen = new Set<number>();
      let read = 0;
      for (
        const { peak, offsetBytes, bytes } of waveformPieces(
          song(format, end - 44),
        )
      ) {
        seen.add(peak);
        read += bytes;
        assert.ok(bytes > 0 && bytes <= MOST_PIECE_BYTES);
        assert.equal((offsetBytes - 44) % (channels * 2), 0);
        assert.ok(offsetBytes >= 44 && offsetBytes + bytes <= end);
      }
      assert.equal(seen.size, WAVEFORM_POINTS);
      assert.ok(read <= WAVEFORM_POINTS * 4 * MOST_PIECE_BYTES);
    },
  ));
});

Deno.test("waveformPieces() yields no piece of an empty or live song", () => {
  assert.deepEqual([...waveformPieces(song(CD, 0))], []);
  assert.deepEqual([...waveformPieces(song(CD, null))], []);
});

Deno.test("addToWaveform() keeps the loudest piece of each peak", () => {
  const peaks = new Uint8Array(WAVEFORM_POINTS);
  for (const level of [0x80, 0x00, 0xA0]) {
    addToWaveform(peaks, PHONE, 3, Uint8Array.of(level));
  }
  assert.equal(peaks[3], 255);
  addToWaveform(peaks, PHONE, 4, Uint8Array.of(0x80, 0x80));
  assert.equal(peaks[4], 0);
});
