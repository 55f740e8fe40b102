import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { assertBytes } from "../support/assert_bytes.ts";
import { browserTest, PageServer, playedFor } from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";

function file(name: string, bytes: Uint8Array) {
  return { name, mimeType: "audio/wav", buffer: Buffer.from(bytes) };
}

browserTest(
  "files are uploaded with progress, and refused ones say why",
  async (browser) => {
    const old = wavFile(CD, noise(4000, 1));
    await using server = await PageServer.start({ "old.wav": old });
    const page = await browser.open(server.url);
    const song = wavFile(CD, noise(9_000_000, 2));
    const input = page.getByLabel("Upload WAV files");
    await page.evaluate(`
    globalThis.progress = new Set();
    new MutationObserver(() => {
      const bar = document.querySelector("progress");
      if (bar) progress.add(bar.value);
    }).observe(document, { subtree: true, attributes: true, childList: true });
  `);
    await input.setInputFiles([
      file("new song.wav", song),
      file("no music.wav", new TextEncoder().encode("just words")),
      file("old.wav", wavFile(CD, noise(8000, 3))),
      file("<img src=x onerror=alert(1)>.wav", old),
    ]);
    const row = (text: string) =>
      page.locator(".uploads li", { hasText: text });
    await row("new song.wav").getByText("stored, 9.0 MB").waitFor();
    await row("no music.wav").getByText(/expected "RIFF"/).waitFor();
    await row("old.wav").getByText(/there is a song of that name/).waitFor();
    await row("<img src=x").getByText(/Windows cannot hold/).waitFor();
    assert.ok(
      await page.evaluate("progress.size > 2"),
      "no progress was shown",
    );
    assertBytes(
      await Deno.readFile(server.folder.file("music/new song.wav")),
      song,
    );
    await page.getByRole("button", { name: "Play new song", exact: true })
      .waitFor();

    await row("old.wav").getByRole("button", { name: "Replace" }).click();
    await row("old.wav").getByText("stored").waitFor();
    assertBytes(
      await Deno.readFile(server.folder.file("music/old.wav")),
      wavFile(CD, noise(8000, 3)),
    );
    await page.getByRole("button", { name: "Dismiss new song.wav" }).click();
    assert.equal(await row("new song.wav").count(), 0);
  },
);

browserTest(
  "a file that is dropped onto the page is uploaded while a song plays",
  async (browser) => {
    const pcm = noise(CD.rate * 4 * 10, 4);
    await using server = await PageServer.start({
      "long.wav": wavFile(CD, pcm),
    });
    const page = await browser.open(server.url);
    await page.getByRole("button", { name: "Play long", exact: true }).click();
    await playedFor(page, 1);
    const dropped = wavFile(CD, noise(3_000_000, 5));
    const base64 = Buffer.from(dropped).toString("base64");
    const event = await page.evaluateHandle(`(() => {
    const bytes = Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], "dropped.wav"));
    return transfer;
  })()`);
    await page.dispatchEvent("main", "dragover", { dataTransfer: event });
    await page.getByText("Drop WAV files to upload them").waitFor();
    await page.dispatchEvent("main", "drop", { dataTransfer: event });
    await page.getByText("stored, 3.0 MB").waitFor();
    assertBytes(
      await Deno.readFile(server.folder.file("music/dropped.wav")),
      dropped,
    );
    await playedFor(page, 3);
    assert.match(await page.locator(".flow").innerText(), /· 0 gaps ·/);
  },
);

browserTest("a server that takes no uploads says so", async (browser) => {
  await using server = await PageServer.start({}, ["--read-only"]);
  const page = await browser.open(server.url);
  await page.getByText("There are no songs yet").waitFor();
  await page.getByLabel("Upload WAV files").setInputFiles([
    file("a.wav", wavFile(CD, noise(400))),
  ]);
  await page.getByText(/started with --read-only/).waitFor();
});
