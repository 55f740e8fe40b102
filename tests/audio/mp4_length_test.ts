import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { type Mp4Length, mp4Length } from "../../lib/audio/mp4_length.ts";
import {
  latin1Bytes as text,
  memoryFile as file,
} from "../support/memory_file.ts";

function u32(...numbers: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((it, i) => view.setUint32(4 * i, it));
  return new Uint8Array(view.buffer);
}

function box(type: string, ...content: Uint8Array[]): Uint8Array {
  const body = concat(content);
  return concat([u32(8 + body.length), text(type), body]);
}

const RATE = 48_000;
const SAMPLES = 100;
const SAMPLE_BYTES = 50;

interface Parts {
  edts?: Uint8Array;
  udta?: Uint8Array;
  mvex?: Uint8Array;
  samples?: number;
  entry?: string;
}

/** A movie of one track, in milliseconds, with 100 samples of 1,024. */
function movie(parts: Parts): Uint8Array {
  const { edts, udta, mvex, samples = SAMPLES } = parts;
  const entry = new Uint8Array(36);
  entry.set(text(parts.entry ?? "mp4a"), 4);
  entry[25] = 2;
  const make = (offset: number) =>
    concat([
      box("ftyp", text("M4A \0\0\0\0")),
      box(
        "moov",
        box("mvhd", u32(0, 0, 0, 1_000, 0)),
        box(
          "trak",
          box("tkhd", u32(0, 0, 0, 1, 0)),
          edts ?? new Uint8Array(),
          box(
            "mdia",
            box("mdhd", u32(0, 0, 0, RATE, 0)),
            box("hdlr", u32(0, 0), text("soun"), u32(0, 0, 0)),
            box(
              "minf",
              box(
                "stbl",
                box("stsd", u32(0, 1), entry),
                box("stts", u32(0, 1, samples, 1_024)),
                box("stsz", u32(0, SAMPLE_BYTES, samples)),
                box("stsc", u32(0, 1, 1, samples, 1)),
                box("stco", u32(0, samples > 0 ? 1 : 0, offset)),
              ),
            ),
          ),
        ),
        udta ?? new Uint8Array(),
        mvex ?? new Uint8Array(),
      ),
      box("mdat", new Uint8Array(samples * SAMPLE_BYTES)),
    ]);
  return make(make(0).length - samples * SAMPLE_BYTES);
}

function elst(...edits: [duration: number, from: number][]): Uint8Array {
  const rows = edits.map(([duration, from]) =>
    u32(duration, from >>> 0, 0x1_0000)
  );
  return box("edts", box("elst", u32(0, edits.length), ...rows));
}

/** The `iTunSMPB` tag: encoder delay, padding and sample count. */
function smpb(delay: number, padding: number, samples: number): Uint8Array {
  const hex = (value: number, digits: number) =>
    value.toString(16).toUpperCase().padStart(digits, "0");
  const value = ` 00000000 ${hex(delay, 8)} ${hex(padding, 8)} ` +
    `${hex(samples, 16)} 00000000`;
  return box(
    "udta",
    box(
      "meta",
      u32(0),
      box(
        "ilst",
        box(
          "----",
          box("mean", u32(0), text("com.apple.iTunes")),
          box("name", u32(0), text("iTunSMPB")),
          box("data", u32(1, 0), text(value)),
        ),
      ),
    ),
  );
}

function heard(bytes: Uint8Array): [from: number, duration: number] {
  const { from, duration } = mp4Length(file(bytes)) as Mp4Length;
  return [from, duration];
}

const ALL = SAMPLES * 1_024;

Deno.test("all samples are played without an edit list or iTunSMPB", () => {
  assert.deepEqual(heard(movie({})), [0, ALL]);
});

Deno.test("the edit list bounds the played samples, except for an empty edit at the start", () => {
  assert.deepEqual(heard(movie({ edts: elst([500, 2_112]) })), [2_112, 24_000]);
  const delayed = elst([100, -1], [500, 2_112]);
  assert.deepEqual(heard(movie({ edts: delayed })), [2_112, 24_000]);
  const open = elst([0, 1_024]);
  assert.deepEqual(heard(movie({ edts: open })), [1_024, ALL - 1_024]);
  const long = elst([99_000, 1_024]);
  assert.deepEqual(heard(movie({ edts: long })), [1_024, ALL - 1_024]);
});

Deno.test("an edit that ends within one movie time unit of the last sample ends at that sample", () => {
  const ms = Math.round((ALL - 1_024) / 48);
  const edts = elst([ms, 1_024]);
  assert.deepEqual(heard(movie({ edts })), [1_024, ALL - 1_024]);
});

Deno.test("mp4Length() reports several edits of a track", () => {
  const edts = elst([500, 0], [500, 48_000]);
  assert.equal(mp4Length(file(movie({ edts }))), "edits");
});

Deno.test("mp4Length() reports encryption, with several edits too", () => {
  const edts = elst([500, 0], [500, 48_000]);
  for (const entry of ["enca", "drms"]) {
    assert.equal(mp4Length(file(movie({ entry }))), "encrypted");
    assert.equal(mp4Length(file(movie({ entry, edts }))), "encrypted");
  }
});

Deno.test("iTunSMPB is used unless an edit list differs", () => {
  const udta = smpb(2_112, 288, 100_000);
  assert.deepEqual(heard(movie({ udta })), [2_112, 100_000]);
  const same = elst([2_000, 2_112]);
  assert.deepEqual(heard(movie({ udta, edts: same })), [2_112, 100_000]);
  const other = elst([500, 1_024]);
  assert.deepEqual(heard(movie({ udta, edts: other })), [1_024, 24_000]);
});

Deno.test("samples beyond the end of a truncated file are not counted", () => {
  const whole = movie({});
  for (const samples of [0, 1, 59, 99]) {
    const missing = (SAMPLES - samples) * SAMPLE_BYTES - 1;
    const cut = whole.subarray(0, whole.length - missing);
    assert.deepEqual(heard(cut), [0, samples * 1_024]);
  }
});

Deno.test("fragments are counted up to the end of the file", () => {
  const mvex = box("mvex", box("trex", u32(0, 1, 1, 960, 40, 0)));
  const head = movie({ mvex, samples: 0 });
  // Each sample has its own length, and the default duration.
  const run = box("trun", u32(0x200, 3, 10, 20, 30));
  const traf = box("traf", box("tfhd", u32(0, 1)), run);
  const other = box("traf", box("tfhd", u32(0, 9)), run);
  const fragment = concat([
    box("moof", other, traf),
    box("mdat", new Uint8Array(200)),
  ]);
  const two = concat([head, fragment, fragment]);
  assert.deepEqual(heard(two), [0, 6 * 960]);
  assert.deepEqual(heard(two.subarray(0, -190)), [0, 6 * 960]);
  const short = two.subarray(0, two.length - fragment.length + 20);
  assert.deepEqual(heard(short), [0, 3 * 960]);
});

Deno.test("a file with a run of more samples than the maximum is refused", () => {
  const mvex = box("mvex", box("trex", u32(0, 1, 1, 960, 40, 0)));
  const run = box("trun", u32(0, 2 ** 31));
  const traf = box("traf", box("tfhd", u32(0, 1)), run);
  const bytes = concat([
    movie({ mvex, samples: 0 }),
    box("moof", traf),
    box("mdat", new Uint8Array(200)),
  ]);
  assert.equal(mp4Length(file(bytes)), null);
});
