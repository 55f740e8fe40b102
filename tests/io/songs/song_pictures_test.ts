import assert from "node:assert/strict";
import { join } from "@std/path";
import { OndacastError } from "../../../lib/errors.ts";
import { DecoderFailure } from "../../../lib/io/codecs/decoder_pool.ts";
import { SongFolder } from "../../../lib/io/songs/song_folder.ts";
import { SongPictures } from "../../../lib/io/songs/song_pictures.ts";
import { SongFiles } from "../../../lib/io/songs/song_files.ts";
import {
  MemorySongs,
  noise,
  PHONE,
  wavFile,
} from "../../support/memory_songs.ts";
import { id3Chunk, jpegSize, somePng } from "../../support/pictures.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1e9, minFreeBytes: 0, maxSongs: 1000 };
const SVG = new TextEncoder().encode("<svg/>");

/** A folder of songs and pictures; its files are taken away at the end. */
class Library implements AsyncDisposable {
  readonly #folder: string;
  readonly files: SongFiles;

  private constructor(folder: string, files: SongFiles) {
    this.#folder = folder;
    this.files = files;
  }

  static async open(content: Record<string, Uint8Array>): Promise<Library> {
    const folder = await Deno.makeTempDir();
    await write(folder, content);
    return new Library(folder, await openScanned(folder, LIMITS));
  }

  async change(content: Record<string, Uint8Array>): Promise<void> {
    await write(this.#folder, content);
    await this.files.rescan();
  }

  async remove(name: string): Promise<void> {
    await Deno.remove(join(this.#folder, name));
    await this.files.rescan();
  }

  /** The size of a song's picture; null: it has none. */
  async sizeOf(name: string, size = 64): Promise<number[] | null> {
    const picture = await this.files.picture(this.files.find(name)!);
    return picture && jpegSize(await picture.shrunk(size));
  }

  /** Whether its row, and that of its album, say that there is a picture. */
  async isFlagged(name: string): Promise<boolean> {
    const { hasArt, hasCover } = this.files.find(name)!;
    const is = Boolean(hasArt || hasCover);
    const { rows } = await this.files.library.albums({
      match: name.split("/")[0],
    });
    assert.equal(rows[0].facts.art, is);
    return is;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.files.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function write(
  folder: string,
  content: Record<string, Uint8Array>,
): Promise<void> {
  for (const [name, bytes] of Object.entries(content)) {
    const path = join(folder, name);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeFile(path, bytes);
  }
}

const WAV = wavFile(PHONE, noise(100));

Deno.test("a song has the picture of its folder, told by its content", async () => {
  await using library = await Library.open({
    "one/a.wav": WAV,
    "one/Cover.JPG": somePng(50, 40),
    "one/folder.png": somePng(9, 9),
    "two/a.wav": WAV,
    "two/cover.png": SVG,
    "two/folder.png": somePng(30, 20),
    "three/a.wav": WAV,
    "three/cover.svg": SVG,
    "three/cover.jpg": SVG,
    "three/other.png": somePng(9, 9),
    "three/.cover.png": somePng(9, 9),
  });
  assert.deepEqual(await library.sizeOf("one/a.wav"), [50, 40]);
  assert.deepEqual(await library.sizeOf("two/a.wav"), [30, 20]);
  assert.equal(await library.sizeOf("three/a.wav"), null);
  assert.equal(await library.isFlagged("one/a.wav"), true);
  assert.equal(await library.isFlagged("two/a.wav"), true);
  assert.equal(await library.isFlagged("three/a.wav"), false);
});

Deno.test("a picture that comes, changes and goes is seen by the next scan", async () => {
  await using library = await Library.open({ "one/a.wav": WAV });
  assert.equal(await library.isFlagged("one/a.wav"), false);
  await library.change({ "one/cover.png": somePng(50, 40) });
  assert.equal(await library.isFlagged("one/a.wav"), true);
  assert.deepEqual(await library.sizeOf("one/a.wav"), [50, 40]);
  await library.change({ "one/cover.png": somePng(33, 44) });
  assert.deepEqual(await library.sizeOf("one/a.wav"), [33, 44]);
  await library.change({ "one/b.wav": WAV });
  assert.equal(await library.isFlagged("one/b.wav"), true);
  await library.remove("one/cover.png");
  assert.equal(await library.isFlagged("one/a.wav"), false);
  assert.equal(await library.sizeOf("one/a.wav"), null);
});

Deno.test("the picture in a song comes before that of its folder, unless it is damaged", async () => {
  const embedded = (picture: Uint8Array) =>
    wavFile(PHONE, noise(100), [...id3Chunk(picture)]);
  await using library = await Library.open({
    "one/a.wav": embedded(somePng(20, 10)),
    "one/b.wav": embedded(somePng(20, 10).subarray(0, 60)),
    "one/cover.png": somePng(50, 40),
    "two/a.wav": embedded(somePng(20, 10)),
    "three/a.wav": embedded(SVG),
  });
  assert.deepEqual(await library.sizeOf("one/a.wav"), [20, 10]);
  assert.deepEqual(await library.sizeOf("one/b.wav"), [50, 40]);
  assert.deepEqual(await library.sizeOf("two/a.wav"), [20, 10]);
  assert.equal(await library.isFlagged("two/a.wav"), true);
  assert.equal(await library.sizeOf("three/a.wav"), null);
  assert.equal(await library.isFlagged("three/a.wav"), false);
});

Deno.test("a damaged picture is tried once, one whose making failed again", async () => {
  const path = await Deno.makeTempDir();
  await write(path, { "cover.png": SVG });
  const errors = [
    new DecoderFailure("it took more than 10 s"),
    new OndacastError("unsupported", "it is damaged"),
  ];
  const addresses: string[] = [];
  const pictures = new SongPictures(await SongFolder.open(path), {
    run: (_job, _priority, address = "") => {
      addresses.push(address);
      const result = Promise.reject(errors[addresses.length - 1]);
      return { result, hurry() {}, cancel() {} };
    },
  }, () => Promise.resolve(null));
  const song = new MemorySongs().addEntry({ name: "a.wav", bytes: 1 });
  const picture = (await pictures.of(song, "cover.png"))!;
  for (const address of ["10.0.0.1", "10.0.0.2", "10.0.0.3"]) {
    await assert.rejects(picture.shrunk(64, address), { code: "unsupported" });
  }
  assert.deepEqual(addresses, ["10.0.0.1", "10.0.0.2"]);
  await Deno.remove(path, { recursive: true });
});

Deno.test("one address cannot fill the queue of pictures", async () => {
  const path = await Deno.makeTempDir();
  await write(path, { "cover.png": somePng(50, 40) });
  const pictures = new SongPictures(await SongFolder.open(path), {
    run: () => ({ result: new Promise(() => {}), hurry() {}, cancel() {} }),
  }, () => Promise.resolve(null));
  const song = new MemorySongs().addEntry({ name: "a.wav", bytes: 1 });
  const picture = (await pictures.of(song, "cover.png"))!;
  const ask = (size: number, address: string) => {
    const asked = picture.shrunk(size, address);
    return Promise.race([asked, Promise.resolve("waits")]);
  };
  for (let size = 1; size <= 64; size++) {
    assert.equal(await ask(size, "192.0.2.7"), "waits");
  }
  const refused = picture.shrunk(65, "192.0.2.7");
  await assert.rejects(refused, { code: "busy" });
  assert.equal(await ask(65, "192.0.2.8"), "waits");
  await Deno.remove(path, { recursive: true });
});

Deno.test("a picture is made once, and for all songs of its folder", async () => {
  await using library = await Library.open({
    "one/a.wav": WAV,
    "one/b.wav": WAV,
    "one/cover.png": somePng(50, 40),
  });
  const { files } = library;
  const made = await Promise.all(
    ["one/a.wav", "one/b.wav"].map(async (name) =>
      await (await files.picture(files.find(name)!))!.shrunk(64)
    ),
  );
  assert.equal(made[0], made[1]);
  const again = await files.picture(files.find("one/a.wav")!);
  assert.equal(await again!.shrunk(64), made[0]);
});
