import assert from "node:assert/strict";
import { becomes, browserTest, PageServer } from "../support/browser.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

/** Without tags, and in no folder. */
const SONGS = {
  "One.wav": wavFile(PHONE, noise(8000, 1)),
  "Two.wav": wavFile(PHONE, noise(8000, 2)),
};

browserTest(
  "each place shows something to choose, or leads to one that does",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.root);
    const main = page.locator("main");
    // There are no albums to show first.
    await main.getByRole("button", { name: "Play Two", exact: true }).waitFor();

    const question = "What should this browser be called?";
    await main.getByRole("button", { name: question }).click();
    const dialog = page.getByRole("dialog", { name: question });
    const name = await dialog.getByLabel("Name").inputValue();
    await dialog.getByRole("button", { name: "Save" }).click();
    await becomes(() => main.getByText(question).count(), 0);
    assert.equal(
      await page.getByLabel("Name of this browser").inputValue(),
      name,
    );

    const search = page.getByLabel("Search songs");
    await search.fill("two");
    await becomes(() => main.locator(".song").count(), 1);
    await page.getByRole("link", { name: "Songs" }).click();
    await becomes(() => main.locator(".song").count(), 2);
    assert.equal(await search.inputValue(), "");
    await page.goBack();
    await becomes(() => search.inputValue(), "two");

    await page.goto(`${server.root}#/rooms/gone`);
    await main.getByText("This room is away").waitFor();
    await main.getByRole("link", { name: "All rooms" }).click();
    await main.getByRole("heading", { name: "This browser" }).waitFor();
  },
);

browserTest(
  "a menu is inside the window, whichever way the page is read",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    for (const dir of ["ltr", "rtl"]) {
      const page = await browser.open(
        server.url,
        { viewport: { width: 1280, height: 720 } },
        `addEventListener("DOMContentLoaded", () => {
          document.documentElement.dir = "${dir}";
        })`,
      );
      await page.getByRole("button", { name: "More for One" }).click();
      const menu = page.getByRole("dialog", { name: "One" });
      await menu.waitFor();
      const { x, width } = (await menu.boundingBox())!;
      assert.ok(x >= 0 && x + width <= 1280, `${dir}: ${x} and ${width}`);
    }
  },
);
