import assert from "node:assert/strict";
import { settle } from "../../support/fake_clock.ts";
import { MemoryPage, modelTest } from "../../support/memory_page.ts";
import { WAVEFORM_POINTS } from "../../../lib/audio/waveform.ts";
import { Pictures } from "../../../web/model/pictures.ts";
import { Waveforms } from "../../../web/model/waveforms.ts";

modelTest(
  "an album keeps its cover while the songs are asked for again",
  async () => {
    const page = await MemoryPage.open();
    page.server.songs.addEntry({ name: "a/1.wav", tags: { album: "a" } });
    const { albums: [{ key }] } = await page.session!.request({
      type: "albums",
    });
    const pictures = new Pictures(page);
    const cover = pictures.coverOf(key);
    await settle();
    assert.equal(cover.value!.name, "a/1.wav");
    pictures.refresh();
    assert.equal(pictures.coverOf(key).value!.name, "a/1.wav");
    await settle();
  },
);

modelTest(
  "a waveform is asked for as long as the server is away",
  async () => {
    const { fetch, setTimeout } = globalThis;
    let left = 20;
    globalThis.fetch = () => {
      if (left-- > 0) return Promise.reject(new TypeError("away"));
      return Promise.resolve(new Response(new Uint8Array(WAVEFORM_POINTS)));
    };
    globalThis.setTimeout =
      ((act: () => void) => setTimeout(act)) as unknown as typeof setTimeout;
    try {
      const song = { name: "a.wav", etag: "1" };
      const waveforms = new Waveforms({ credentials: {} });
      const come = Promise.withResolvers<void>();
      waveforms.of(song).subscribe((peaks) => peaks && come.resolve());
      const late = setTimeout(() => come.reject(new Error("gave up")), 2_000);
      const stop = waveforms.watch(song);
      await come.promise;
      clearTimeout(late);
      stop();
    } finally {
      Object.assign(globalThis, { fetch, setTimeout });
    }
  },
);
