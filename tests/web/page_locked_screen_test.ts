import assert from "node:assert/strict";
import { ascii, chunk, fmt, riff } from "../audio/fixtures/riff.ts";
import { browserTest, PageServer, until } from "../support/browser.ts";
import { somePng } from "../support/pictures.ts";

/** A WAV of five seconds with tags. */
function tagged(texts: Record<string, string>): Uint8Array {
  const info = Object.entries(texts).flatMap(([id, text]) =>
    chunk(id, [...ascii(text), 0])
  );
  const pcm = chunk("data", Array(882_000).fill(1));
  return riff([fmt(), pcm, chunk("LIST", [...ascii("INFO"), ...info])]);
}

browserTest(
  "a locked screen shows title, artist, album and cover, and goes to the next song",
  async (browser) => {
    const album = { IART: "Clara", IPRD: "Days" };
    await using server = await PageServer.start({
      "Days/1.wav": tagged({ INAM: "Dawn", ITRK: "1", ...album }),
      "Days/2.wav": tagged({ INAM: "Noon", ITRK: "2", ...album }),
      "Days/cover.png": somePng(300, 300),
    });
    const page = await browser.openRecorded(server.root);
    await page.getByRole("button", { name: "Play Days" }).first().click();
    const shows = (title: string) =>
      until(page, `navigator.mediaSession.metadata?.title === "${title}"`);
    await shows("Dawn");
    await until(page, "navigator.mediaSession.metadata.artwork.length === 1");
    const { artist, of, type } = await page.evaluate<Record<string, string>>(`
      (async ({ artist, album, artwork: [{ src }] }) => {
        const { headers } = await fetch(src);
        return { artist, of: album, type: headers.get("content-type") };
      })(navigator.mediaSession.metadata)
    `);
    assert.deepEqual([artist, of, type], ["Clara", "Days", "image/jpeg"]);
    await page.evaluate("test.keys.nexttrack()");
    await shows("Noon");
  },
);
