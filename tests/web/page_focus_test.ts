import assert from "node:assert/strict";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
} from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";

const NAMES = ["a", "b", "c", "d", "e"];
const PLAYLIST = NAMES.map((name) => `x/${name}.wav\n`).join("");

/** What has the focus, by its label. */
const focus = (page: Page) => () =>
  page.evaluate<string>(`{
    const { activeElement: it } = document;
    it.getAttribute("aria-label") ?? it.localName;
  }`);

/** Removes a song by keys, from the menu of its row. */
async function remove(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `More for ${name}`, exact: true })
    .press("Enter");
  const item = page.getByRole("button", { name: "Remove from server" });
  await item.press("Enter");
}

for (
  const place of ["#/songs", "#/folders/x", "#/playlists/list", "an album"]
) {
  browserTest(
    `the focus stays in the list where songs are removed and come back, in ${place}`,
    async (browser) => {
      const songs = NAMES.map((name, i) =>
        [`x/${name}.wav`, wavFile(CD, noise(CD.rate * 4, i))] as const
      );
      await using server = await PageServer.start({
        ...Object.fromEntries(songs),
        "list.m3u8": new TextEncoder().encode(PLAYLIST),
      });
      const isAlbum = place === "an album";
      const page = await browser.open(
        server.root + (isAlbum ? "#/albums" : place),
      );
      if (isAlbum) await page.locator(".tile a").first().click();
      await page.locator(".song", { hasText: "E" }).waitFor();
      const now = focus(page);
      await remove(page, "b");
      await becomes(now, "More for c");
      await remove(page, "e");
      await becomes(now, "Play d");
      await remove(page, "d");
      await becomes(now, "Play c");
      await page.keyboard.press("Control+z");
      await page.locator(".song", { hasText: "D" }).waitFor();
      assert.equal(await now(), "Play c");
      for (const [i, name] of ["d", "c", "a"].entries()) {
        await remove(page, name);
        await becomes(() => page.locator(".song").count(), 2 - i);
      }
      await becomes(now, "main");
      const undo = page.getByRole("button", { name: "Undo" });
      await undo.last().press("Enter");
      await page.locator(".song").first().waitFor();
      assert.notEqual(await now(), "body");
    },
  );
}

browserTest(
  "the focus stays on the screen of the playing song when what has it is gone",
  async (browser) => {
    await using server = await PageServer.start({
      "a.wav": wavFile(CD, noise(CD.rate * 4 * 60, 1)),
      "b.wav": wavFile(CD, noise(CD.rate * 4, 2)),
    });
    const page = await browser.open(`${server.root}#/songs`);
    await page.getByRole("button", { name: "Play a", exact: true }).click();
    await page.locator(".now .title", { hasText: "a" }).waitFor();
    await remove(page, "b");
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await page.locator(".player .now").press("Enter");
    const screen = page.getByRole("dialog", { name: "Player" });
    await screen.getByRole("button", { name: "Undo" }).press("Enter");
    await becomes(focus(page), "Close");

    const more = screen.getByRole("button", {
      name: "More for a",
      exact: true,
    });
    await more.press("Enter");
    await page.getByRole("button", { name: "Remove from server" })
      .press("Enter");
    await more.waitFor({ state: "detached" });
    await becomes(focus(page), "Close");
  },
);
