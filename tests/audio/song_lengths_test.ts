import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { adtsLength } from "../../lib/audio/adts_length.ts";
import { flacInfo, lastFlacFrames } from "../../lib/audio/flac_frames.ts";
import { aacConfig } from "../../lib/audio/mpeg4_audio.ts";
import { mpegFrame } from "../../lib/audio/mpeg_frame.ts";
import { mpegLength } from "../../lib/audio/mpeg_length.ts";
import { mp4Length } from "../../lib/audio/mp4_length.ts";
import { oggLinks } from "../../lib/audio/ogg_length.ts";
import { id3v2Bytes, songBounds } from "../../lib/audio/song_bounds.ts";
import { songKind } from "../../lib/audio/song_kind.ts";
import {
  latin1Bytes as text,
  memoryFile as file,
} from "../support/memory_file.ts";

function whole(bytes: Uint8Array) {
  return { from: 0, to: bytes.length };
}

/** MPEG-1 layer 3 at 128 kbit/s and 44,100 Hz in stereo: 417 bytes of silence. */
const MP3_HEADER = [0xff, 0xfb, 0x90, 0x00];

function mp3(frames: number): Uint8Array {
  const all = new Uint8Array(417 * frames);
  for (let i = 0; i < frames; i++) all.set(MP3_HEADER, 417 * i);
  return all;
}

/** A first frame with the tags of Xing and LAME. */
function xing(frames: number, bytes: number, delay: number, padding: number) {
  const frame = mp3(1);
  const view = new DataView(frame.buffer);
  frame.set(text("Xing\0\0\0\x03"), 36);
  view.setUint32(44, frames);
  view.setUint32(48, bytes);
  frame.set(text("LAME3.100"), 52);
  view.setUint32(72, delay << 12 | padding);
  return frame;
}

Deno.test("mpegFrame() computes the length of a frame from its header", () => {
  const bytes = (header: number) => mpegFrame(header)?.bytes ?? null;
  assert.equal(bytes(0xfffb9000), 417);
  assert.equal(bytes(0xfffb9200), 418);
  assert.equal(bytes(0xfff38000), 208);
  assert.equal(bytes(0xfffd9000), 522);
  // a reserved version, layer 1, a free bit rate, and reserved values
  for (const no of [0xffeb9000, 0xffff9000, 0xfffb0000, 0xfffbf000]) {
    assert.equal(bytes(no), null);
  }
});

Deno.test("mpegLength() uses a tag that matches the file", () => {
  const song = concat([xing(100, 101 * 417, 576, 1_105), mp3(100)]);
  for (const effort of ["ends", "whole"] as const) {
    const found = mpegLength(file(song), whole(song), effort);
    assert.equal(found?.firstFrame, 1_105);
    assert.equal(found?.sampleFrames, 100 * 1_152 - 1_105 - 576);
    assert.equal(found?.isEstimated, false);
  }
});

Deno.test("mpegLength() counts the frames when the tag announces fewer or more", () => {
  const delay = 576 + 529;
  for (const [announced, there] of [[50, 100], [200, 100]]) {
    const tag = xing(announced, (announced + 1) * 417, 576, 1_105);
    const song = concat([tag, mp3(there)]);
    const found = mpegLength(file(song), whole(song), "whole");
    assert.equal(found?.sampleFrames, there * 1_152 - delay);
    assert.equal(
      mpegLength(file(song), whole(song), "ends")?.isEstimated,
      true,
    );
  }
});

Deno.test("a gap counts as the number of frames that its bytes would hold", () => {
  const song = mp3(100);
  song.fill(0, 50 * 417 - 10, 56 * 417 - 10);
  const found = mpegLength(file(song), whole(song), "whole");
  assert.equal(found?.sampleFrames, 100 * 1_152);
  assert.deepEqual(
    found?.runs.map(({ firstFrame, frames }) => [firstFrame, frames]),
    [[0, 50], [56, 44]],
  );
});

Deno.test("adtsLength() counts frames of 1,024 sample frames", () => {
  const frame = new Uint8Array(200);
  frame.set([0xff, 0xf1, 0x50, 0x80, 200 >> 3, (200 & 7) << 5 | 0x1f, 0xfc]);
  const song = concat(Array.from({ length: 40 }, () => frame));
  const found = adtsLength(file(song), whole(song), "whole");
  assert.equal(found?.sampleFrames, 40 * 1_024);
  assert.equal(found?.first.rate, 44_100);
  assert.equal(found?.first.channelConfig, 2);
  assert.equal(found?.isHighEfficiency, false);
});

Deno.test("aacConfig() detects HE-AAC in any of its three signallings", () => {
  const isHigh = (...bytes: number[]) =>
    aacConfig(new Uint8Array(bytes))?.isHighEfficiency;
  assert.equal(isHigh(0x12, 0x10), false);
  assert.equal(isHigh(0x2b, 0x92, 0x08, 0x00), true);
  assert.equal(isHigh(0xeb, 0x92, 0x08, 0x00), true);
  // AAC-LC with a sync extension, which old decoders ignore.
  assert.equal(isHigh(0x13, 0x90, 0x56, 0xe5, 0xa0), true);
  assert.equal(isHigh(0x13, 0x90, 0x56, 0xe5, 0x00), false);
});

Deno.test("songBounds() excludes the tags at both ends", () => {
  const id3 = concat([text("ID3\x04\0\0\0\0\0\x05"), new Uint8Array(5)]);
  const id3v1 = concat([text("TAG"), new Uint8Array(125)]);
  const ape = new Uint8Array(40);
  ape.set(text("APETAGEX\xd0\x07\0\0\x28"), 8);
  const song = new Uint8Array(1_000);
  const all = concat([id3, id3, song, ape, id3v1]);
  assert.deepEqual(songBounds(file(all)), { from: 30, to: 1_030 });
  assert.deepEqual(songBounds(file(song)), { from: 0, to: 1_000 });
  assert.equal(id3v2Bytes(text("ID3\x04\0\0\0\0\x01\x00")), 138);
  assert.equal(id3v2Bytes(text("ID3\x04\0\0\0\0\0\x80")), 0);
});

Deno.test("songKind() recognizes the content, after a tag too", () => {
  const kind = (bytes: string) => songKind(file(text(bytes))).kind;
  assert.equal(kind("fLaC\0\0\0\x22"), "flac");
  assert.equal(kind("ID3\x04\0\0\0\0\0\0fLaC\0\0\0\x22"), "flac");
  assert.equal(kind("\0\0\0\x20ftypM4A "), "mp4");
  assert.equal(kind("RIFF\0\0\0\0WAVEfmt "), "wav");
  assert.equal(kind("\x1aE\xdf\xa3\0\0\0\0"), "foreign");
  assert.equal(kind("#EXTM3U\nx.wav"), "frames");
  assert.equal(kind(""), "frames");
});

Deno.test("a file truncated anywhere is measured or refused, and not read past its end", () => {
  const song = concat([xing(20, 21 * 417, 576, 1_105), mp3(20)]);
  for (let length = 0; length < song.length; length += 7) {
    const cut = song.subarray(0, length);
    const frames = Math.max(0, Math.floor(length / 417) - 1);
    const found = mpegLength(file(cut), whole(cut), "whole");
    const most = Math.max(0, frames * 1_152 - 1_105);
    assert.ok((found?.sampleFrames ?? 0) <= most);
    for (const kind of [text("fLaC"), text("OggS"), text("\0\0\0\x18ftyp")]) {
      const bytes = concat([kind, cut]);
      const bounds = whole(bytes);
      const info = flacInfo(file(bytes), bounds);
      if (info) lastFlacFrames(file(bytes), bounds, info);
      assert.deepEqual(oggLinks(file(bytes), bounds, "whole").links, []);
      assert.equal(mp4Length(file(bytes)), null);
    }
  }
});
