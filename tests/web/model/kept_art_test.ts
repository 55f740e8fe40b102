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
  readonly pictures = new Map<string, Response>();

  match(url: string): Promise<Response | undefined> {
    return Promise.resolve(this.pictures.get(url)?.clone());
  }

  async put(url: string, response: Response): Promise<void> {
    const { headers } = response;
    this.pictures.set(url, new Response(await response.bytes(), { headers }));
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
const picture = (bytes: number, status = 200, more = {}) => () =>
  Promise.resolve(
    new Response(new Uint8Array(bytes), {
      status,
      headers: {
        "cache-control": "private, max-age=31536000, immutable",
        ...{ "content-length": String(bytes), ...more },
      },
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

Deno.test("artAnswer() asks again for a picture that may change, and keeps it for while the server is away", async () => {
  const kept = new Memory();
  const private_ = (etag: string) => ({ "cache-control": "private", etag });
  const url = address("a");
  assert.equal(await asked(kept, url, picture(7, 200, private_("1"))), 7);
  const first = kept.pictures.get(url.href);
  await asked(kept, url, picture(7, 200, private_("1")));
  assert.equal(kept.pictures.get(url.href), first, "it is not written again");
  assert.equal(await asked(kept, url, picture(8, 200, private_("2"))), 8);
  assert.equal(await asked(kept, url, failing), 8);
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
