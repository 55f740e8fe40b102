import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { isPicture, MAX_PICTURE_BYTES } from "../../../lib/audio/picture.ts";
import { shrinkPicture } from "../../../lib/io/codecs/picture_shrinker.ts";
import { lacks } from "../../support/coded_songs.ts";
import {
  jpegSize,
  jpegSizeOffset,
  PHOTO,
  png,
  PNG_START,
  pngChunk,
  pngHead,
  somePng,
  WEBP,
} from "../../support/pictures.ts";
import { concat } from "../../support/raw_peer.ts";
import { seededRandom } from "../../support/seeded_random.ts";

const UNSUPPORTED = { code: "unsupported" };
const MODULE = new URL("../../../lib/io/codecs/pictures.bin", import.meta.url);

Deno.test("the module that is kept is the one that was built", async () => {
  const bytes = await Deno.readFile(MODULE);
  const sum = createHash("sha256").update(bytes).digest("hex");
  const kept = await Deno.readTextFile(`${MODULE.pathname}.sha256`);
  assert.equal(kept, `${sum}  pictures.bin\n`);
});

Deno.test("the module imports nothing", async () => {
  const module = new WebAssembly.Module(await Deno.readFile(MODULE));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
});

const SIZES: [width: number, height: number, size: number, to: number[]][] = [
  [600, 600, 256, [256, 256]],
  [600, 300, 256, [256, 128]],
  [300, 601, 128, [63, 128]],
  [100, 50, 256, [100, 50]],
  [2000, 2, 64, [64, 1]],
  [1, 1, 64, [1, 1]],
];

for (const [width, height, size, to] of SIZES) {
  Deno.test(`a picture of ${width} x ${height} has ${to.join(" x ")} at ${size}`, () => {
    const small = shrinkPicture(somePng(width, height), size);
    assert.deepEqual(jpegSize(small), to);
    // What was made can be made smaller again, as JPEG.
    assert.deepEqual(jpegSize(shrinkPicture(small, size)), to);
  });
}

Deno.test("a WebP is made a JPEG", () => {
  assert.deepEqual(jpegSize(shrinkPicture(WEBP, 64)), [1, 1]);
});

Deno.test({
  name: "pixels are averages, and what is transparent is white",
  ignore: lacks("ffmpeg"),
  async fn() {
    const file = png(512, 256, (x, y) => {
      if (x >= 256) return [0, 255, 0, 0];
      return (x + y) % 2 === 0 ? [200, 100, 0, 255] : [100, 0, 100, 255];
    });
    const rgb = await decode(shrinkPicture(file, 64));
    for (
      const [x, color] of [[10, [150, 50, 50]], [50, [255, 255, 255]]] as const
    ) {
      const at = 3 * (64 * 16 + x);
      for (const [i, value] of color.entries()) {
        assert.ok(
          Math.abs(rgb[at + i] - value) <= 6,
          `${x}: ${rgb.slice(at, at + 3)}`,
        );
      }
    }
  },
});

Deno.test("a progressive JPEG looks as the baseline one of the same coefficients", () => {
  for (const size of [64, 100, 192]) {
    assert.deepEqual(
      shrinkPicture(PHOTO.progressive, size),
      shrinkPicture(PHOTO.baseline, size),
    );
  }
});

for (const kind of ["baseline", "progressive", "webp"] as const) {
  Deno.test({
    name: `a photograph (${kind}) looks as FFmpeg shows it, smaller or not`,
    ignore: lacks("ffmpeg"),
    async fn() {
      const whole = await decode(PHOTO[kind]);
      for (const size of [64, 96, 192]) {
        const small = await decode(shrinkPicture(PHOTO[kind], size));
        const errors = averages(whole, 192, size)
          .map((it, i) => Math.abs(it - small[i]));
        const mean = errors.reduce((sum, it) => sum + it) / errors.length;
        assert.ok(mean < 5, `${size}: ${mean} of 255 off`);
      }
    },
  });
}

/** A square picture of RGB made smaller by a whole number: averages of squares. */
function averages(rgb: Uint8Array, from: number, to: number): number[] {
  const sums = new Float64Array(3 * to * to);
  const step = from / to;
  for (let y = 0; y < from; y++) {
    for (let x = 0; x < from; x++) {
      const into = 3 * (Math.floor(y / step) * to + Math.floor(x / step));
      for (let i = 0; i < 3; i++) sums[into + i] += rgb[3 * (y * from + x) + i];
    }
  }
  return Array.from(sums, (it) => it / (step * step));
}

/** @returns The RGB of a picture that FFmpeg knows. */
async function decode(file: Uint8Array): Promise<Uint8Array> {
  const child = new Deno.Command("ffmpeg", {
    args: "-v error -i - -f rawvideo -pix_fmt rgb24 -".split(" "),
    ...{ stdin: "piped", stdout: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(file);
  await writer.close();
  return (await child.output()).stdout;
}

Deno.test("a page of 100 covers of 256 pixels has at most 2 MB, noisy ones too", () => {
  const random = seededRandom(1);
  const noisy = png(256, 256, () =>
    [
      ...[random() * 256, random() * 256, random() * 256],
      255,
    ] as [number, number, number, number]);
  assert.ok(100 * shrinkPicture(noisy, 256).length <= 2_000_000);
});

const JPEG = shrinkPicture(somePng(64, 64), 64);

/** A PNG of so many pixels without any. */
const claim = (width: number, height: number) =>
  concat([
    PNG_START,
    pngHead(width, height),
    pngChunk("IDAT", new Uint8Array(9)),
  ]);

/** A JPEG that says another size. */
function resized(width: number, height: number): Uint8Array {
  const file = JPEG.slice();
  const view = new DataView(file.buffer, jpegSizeOffset(file));
  view.setUint16(0, height);
  view.setUint16(2, width);
  return file;
}

const HOSTILE: [what: string, file: Uint8Array][] = [
  ["nothing", new Uint8Array(0)],
  [
    "an SVG",
    new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  ],
  ["a GIF", new TextEncoder().encode("GIF89a\x01\0\x01\0\0\0\0;")],
  ["a head alone", PNG_START],
  ["a PNG that claims 40,000 x 40,000", claim(40_000, 40_000)],
  ["a PNG that claims just more than 40 megapixels", claim(40_000, 1_001)],
  ["a PNG that claims no pixel", claim(0, 100)],
  ["a PNG that claims 2^31 x 2^31", claim(2 ** 31 - 1, 2 ** 31 - 1)],
  ["a PNG of 40 megapixels without them", claim(40_000, 1_000)],
  ["a JPEG that claims 65,535 x 65,535", resized(65_535, 65_535)],
  ["a JPEG that claims no line", resized(64, 0)],
  ["a PNG that is cut", somePng(300, 300).subarray(0, 2000)],
  ["a WebP that is cut", WEBP.subarray(0, 25)],
  ["more than 10 MiB", concat([JPEG, new Uint8Array(MAX_PICTURE_BYTES)])],
];

for (const [what, file] of HOSTILE) {
  Deno.test(`${what} is refused, at once`, () => {
    const beganMs = performance.now();
    assert.throws(() => shrinkPicture(file, 256), UNSUPPORTED);
    assert.ok(performance.now() - beganMs < 2000);
  });
}

Deno.test("a JPEG of 65,535 x 610 pixels that has few of them ends in time", () => {
  try {
    shrinkPicture(resized(65_535, 610), 64);
  } catch (error) {
    assert.equal((error as { code?: string }).code, "unsupported");
  }
});

Deno.test("of an animated PNG, the first picture is taken", () => {
  const [frame] = [somePng(40, 20)];
  const at = PNG_START.length + pngHead(1, 1).length;
  const control = new Uint8Array(8);
  new DataView(control.buffer).setUint32(0, 1000);
  const animated = concat([
    ...[frame.subarray(0, at), pngChunk("acTL", control), frame.subarray(at)],
  ]);
  assert.deepEqual(jpegSize(shrinkPicture(animated, 64)), [40, 20]);
});

Deno.test("damaged pictures of all kinds are refused or shown, and the next one is whole", () => {
  const random = seededRandom(7);
  const whole = [somePng(60, 40), JPEG, WEBP];
  for (let i = 0; i < 600; i++) {
    const file = whole[i % whole.length].slice();
    for (let n = 0; n < 4; n++) {
      file[Math.floor(random() * file.length)] = Math.floor(random() * 256);
    }
    const cut = file.subarray(0, Math.ceil(random() * file.length));
    try {
      shrinkPicture(i % 2 ? file : cut, 64);
    } catch (error) {
      assert.equal((error as { code?: string }).code, "unsupported");
    }
  }
  assert.deepEqual(jpegSize(shrinkPicture(somePng(60, 40), 64)), [60, 40]);
});

Deno.test("isPicture() tells pictures by their beginning and length", () => {
  for (const file of [somePng(2, 2), JPEG, WEBP]) {
    assert.equal(isPicture(file), true);
  }
  for (const [what, file] of HOSTILE.slice(0, 3)) {
    assert.equal(isPicture(file), false, what);
  }
  assert.equal(isPicture(HOSTILE.at(-1)![1]), false);
});
