import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { isEncrypted } from "../../lib/audio/encrypted_media.ts";
import type { ReadableFile } from "../../lib/audio/readable_file.ts";

function file(bytes: Uint8Array): ReadableFile & { reads: number } {
  return {
    bytes: bytes.length,
    reads: 0,
    read(into, at) {
      this.reads++;
      const piece = bytes.subarray(at, at + into.length);
      into.set(piece);
      return piece.length;
    },
  };
}

/** An element of Matroska; `unknown` leaves out its length (RFC 8794, section 6.2). */
function element(id: string, content: Uint8Array, unknown = false) {
  const length = [1, 0, 0, 0, 0, 0, content.length >> 8, content.length & 255];
  const size = unknown ? [1, ...Array(7).fill(255)] : length;
  return concat([Uint8Array.fromHex(id), Uint8Array.from(size), content]);
}

const EBML = element("1a45dfa3", new Uint8Array(20));
const CLUSTER = element("1f43b675", element("a3", new Uint8Array(300)));
const LIVE_CLUSTER = element(
  "1f43b675",
  element("a3", new Uint8Array(9)),
  true,
);

/** Tracks of one entry, with a compression or an encryption. */
function tracks(kind: "5034" | "5035") {
  const encoding = element("6240", element(kind, new Uint8Array(4)));
  return element(
    "1654ae6b",
    element(
      "ae",
      concat([
        element("d7", Uint8Array.of(1)),
        element("6d80", encoding),
      ]),
    ),
  );
}

function matroska(isLive: boolean, ...parts: Uint8Array[]) {
  return concat([EBML, element("18538067", concat(parts), isLive)]);
}

/** An object of ASF: the first bytes of its id, little-endian, and its content. */
function object(id: number, content: Uint8Array) {
  const head = new DataView(new ArrayBuffer(24));
  head.setUint32(0, id, true);
  head.setBigUint64(16, BigInt(24 + content.length), true);
  return concat([new Uint8Array(head.buffer), content]);
}

function asf(...parts: Uint8Array[]) {
  return object(0x75B22630, concat([new Uint8Array(6), ...parts]));
}

function stream(flags: number) {
  const content = new Uint8Array(60);
  new DataView(content.buffer).setUint16(48, flags, true);
  return object(0xB7DC0791, content);
}

const extension = (part: Uint8Array) =>
  object(0x5FBF03B5, concat([new Uint8Array(22), part]));
const ADVANCED = object(0x43058533, new Uint8Array(8));

const CASES: readonly [string, string, Uint8Array, boolean][] = [
  ...([
    ["a compressed track", matroska(false, tracks("5034"), CLUSTER), false],
    ["an encrypted track", matroska(false, tracks("5035"), CLUSTER), true],
    ["tracks at the end", matroska(false, CLUSTER, tracks("5035")), true],
    ["a live stream", matroska(true, LIVE_CLUSTER, tracks("5035")), true],
  ] as const).map((it) => ["Matroska or WebM", ...it] as const),
  ...([
    ["a plain stream", asf(stream(0x7F)), false],
    ["an encrypted stream", asf(stream(0x8001)), true],
    ["a licence", asf(stream(1), object(0x2211B3FB, new Uint8Array(9))), true],
    ["a new licence", asf(object(0x298AE614, new Uint8Array(9))), true],
    ["an extension", asf(extension(ADVANCED), stream(1)), true],
  ] as const).map((it) => ["Windows Media", ...it] as const),
].map(([format, name, bytes, is]) => [format, name, bytes, is]);

for (const [format, name, bytes, is] of CASES) {
  Deno.test(`isEncrypted() is ${is} for ${format} with ${name}`, () => {
    assert.equal(isEncrypted(file(bytes), format), is);
  });
  Deno.test(`isEncrypted() accepts ${format} with ${name} cut anywhere`, () => {
    for (let end = 0; end < bytes.length; end++) {
      isEncrypted(file(bytes.subarray(0, end)), format);
    }
  });
}

Deno.test("isEncrypted() reads a bounded part of a file of empty parts", () => {
  const empty = element("ec", new Uint8Array()); // Void
  const voids = file(concat(Array(50_000).fill(empty)));
  assert.equal(isEncrypted(voids, "Matroska or WebM"), false);
  const objects = file(concat(Array(50_000).fill(asf())));
  assert.equal(isEncrypted(objects, "Windows Media"), false);
  assert.ok(Math.max(voids.reads, objects.reads) <= 20_000);
});
