import assert from "node:assert/strict";
import {
  artAnswer,
  isKeptArt,
  type KeptArt,
  MOST_PICTURE_BYTES,
  MOST_PICTURES,
} from "../../../web/io/kept_art.ts";

/** Keeps pictures in memory. */
class Memory implements KeptArt {
  readonly pictures = new Map<string, Uint8Array>();

  match(url: string): Promise<Response | undefined> {
    const picture = this.pictures.get(url);
    return Promise.resolve(picture && new Response(picture.slice()));
  }

  async put(url: string, response: Response): Promise<void> {
    this.pictures.set(url, await response.bytes());
  }

  keys(): Promise<{ url: string }[]> {
    return Promise.resolve([...this.pictures.keys()].map((url) => ({ url })));
  }

  delete(url: string): Promise<unknown> {
    return Promise.resolve(this.pictures.delete(url));
  }
}

const address = (name: string, more = "") =>
  new URL(`http://home/art/${name}?size=256&etag=1${more}`);
const failing = () => Promise.reject(new TypeError("Failed to fetch"));
const picture = (bytes: number, status = 200) => () =>
  Promise.resolve(
    new Response(new Uint8Array(bytes), {
      status,
      headers: { "content-length": String(bytes) },
    }),
  );

/** Asks for a picture, and waits until it is kept. @returns Its bytes. */
async function asked(
  kept: Memory,
  url: URL,
  ask: () => Promise<Response>,
): Promise<number> {
  const response = await artAnswer(url, { ask, kept });
  const { length } = await response.bytes();
  await new Promise((resolve) => setTimeout(resolve));
  return length;
}

Deno.test("artAnswer() is the picture that was seen, though the server is away and the key another", async () => {
  const kept = new Memory();
  await assert.rejects(asked(kept, address("a"), failing), TypeError);
  assert.equal(await asked(kept, address("a", "&key=old"), picture(7)), 7);
  assert.deepEqual([...kept.pictures.keys()], [address("a").href]);
  assert.equal(await asked(kept, address("a", "&key=new"), failing), 7);
  await assert.rejects(asked(kept, address("b"), failing), TypeError);
});

Deno.test("artAnswer() keeps neither refusals nor large pictures, nor too many", async () => {
  const kept = new Memory();
  await asked(kept, address("a"), picture(7, 404));
  await asked(kept, address("b"), picture(MOST_PICTURE_BYTES + 1));
  await asked(kept, address("c"), () => Promise.resolve(new Response("?")));
  assert.equal(kept.pictures.size, 0);
  for (let i = 0; i <= MOST_PICTURES; i++) {
    await asked(kept, address(String(i)), picture(1));
  }
  assert.equal(kept.pictures.size, MOST_PICTURES);
  assert.ok(!kept.pictures.has(address("0").href));
});

Deno.test("isKeptArt() is true of pictures whose address names their content alone", () => {
  assert.ok(isKeptArt(address("a")));
  assert.ok(!isKeptArt(new URL("http://home/art/a?size=64")));
  assert.ok(!isKeptArt(new URL("http://home/songs/a?etag=1")));
});
