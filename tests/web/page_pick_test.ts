import assert from "node:assert/strict";
import { AXE } from "../support/axe.ts";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
  until,
} from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";

const SONGS = Object.fromEntries(
  ["a", "b", "c", "d"].map((name, i) => [
    `${name}.wav`,
    wavFile(CD, noise(200_000, i)),
  ]),
);

/** The songs that are selected, by the names of their checkboxes. */
function selected(page: Page): Promise<string> {
  return page.evaluate(
    `[...document.querySelectorAll(".pick:checked")]
      .map((it) => it.ariaLabel.at(-1)).join("")`,
  );
}

function said(page: Page): Promise<string> {
  return page.locator(".picks [role=status]").innerText();
}

const press = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).click();

browserTest(
  "songs are selected by a button, the mouse and keys, and played together",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.url);
    await press(page, "Select");
    await until(page, `document.activeElement.matches(".pick")`);
    await page.keyboard.press("Space");
    await becomes(() => selected(page), "a");
    await becomes(() => said(page), "1 song selected");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await becomes(() => selected(page), "abc");
    await page.keyboard.press("Shift+ArrowUp");
    await becomes(() => selected(page), "ab");
    await page.evaluate(AXE);
    const wrong = await page.evaluate(
      `axe.run().then(({ violations }) => violations
        .filter(({ impact }) => ["serious", "critical"].includes(impact))
        .map(({ id, help }) => id + ": " + help))`,
    );
    assert.deepEqual(wrong, []);
    await page.keyboard.press("Escape");
    await becomes(() => page.locator(".pick").count(), 0);
    await until(page, `document.activeElement.matches("button.whole")`);

    await page.getByRole("button", { name: "Play b", exact: true })
      .click({ modifiers: ["Control"] });
    await becomes(() => selected(page), "b");
    await page.locator(".song").nth(3).click({ modifiers: ["Shift"] });
    await becomes(() => selected(page), "bcd");
    await page.locator(".song").nth(2).click();
    await becomes(() => selected(page), "bd");
    await page.locator(".picks").getByRole("button", {
      name: "Play",
      exact: true,
    }).click();
    await page.getByRole("button", { name: "Pause b" }).waitFor();
    await becomes(() => page.locator(".pick").count(), 0);
    await press(page, "Next song");
    await page.getByRole("button", { name: "Pause d" }).waitFor();
  },
);

browserTest(
  "a long press selects, and what is removed comes back by one button",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.url, { hasTouch: true });
    // Rows are drawn from the middle of the view on.
    await becomes(() => page.locator(".song").count(), 4);
    const row = page.locator(".song .whole").first();
    await row.dispatchEvent("pointerdown", { pointerType: "touch" });
    await becomes(() => selected(page), "a");
    await page.locator(".song").nth(1).click();
    await becomes(() => selected(page), "ab");
    await press(page, "Remove from server");
    await page.getByText("Removed 2 songs").waitFor();
    await becomes(() => page.locator(".song").count(), 2);
    await press(page, "Undo");
    await becomes(() => page.locator(".song").count(), 4);
  },
);

browserTest(
  "who removes what somebody else has just removed sees it gone, and gets it back",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const [first, later] = [
      await browser.open(server.url),
      await browser.open(server.url),
    ];
    for (const page of [first, later]) await press(page, "More for a");
    await press(first, "Remove from server");
    await first.getByText("Removed a").waitFor();
    await press(later, "Remove from server");
    await later.getByText("Removed a").waitFor();
    await becomes(() => later.locator(".song").count(), 3);
    assert.equal(await later.getByText("no such song").count(), 0);
    await press(later, "Undo");
    await becomes(() => later.locator(".song").count(), 4);
  },
);

browserTest(
  "a song is renamed in a dialog that says what is wrong, and back",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.url);
    await press(page, "More for a");
    await press(page, "Rename…");
    const field = page.getByLabel("Name", { exact: true });
    assert.equal(await field.inputValue(), "a");
    await field.fill("b");
    await press(page, "Rename");
    await page.getByText(/there is a song of that name/).waitFor();
    // What was refused is there to be mended.
    assert.equal(await field.inputValue(), "b");
    await field.fill("new/z");
    await press(page, "Rename");
    await page.getByText("Renamed to new/z.wav").waitFor();
    const play = (name: string) =>
      page.getByRole("button", { name: `Play ${name}`, exact: true });
    await play("z").waitFor();
    await press(page, "Undo");
    await play("a").waitFor();
    await becomes(() => play("z").count(), 0);
  },
);

browserTest(
  "a song that cannot be played can be selected, and only removed",
  async (browser) => {
    await using server = await PageServer.start({
      "broken.wav": new TextEncoder().encode("RIFF but no music"),
      ...SONGS,
    });
    const page = await browser.open(server.url);
    await press(page, "Select");
    await page.getByLabel("Select broken").check();
    await becomes(() => said(page), "1 song selected");
    const button = (name: string) =>
      page.locator(".picks").getByRole("button", { name, exact: true });
    const states = () =>
      Promise.all(
        ["Play", "Play next", "Add to queue", "Remove from server"]
          .map((name) => button(name).getAttribute("aria-disabled")),
      );
    await becomes(states, ["true", "true", "true", "false"]);
  },
);
