import assert from "node:assert/strict";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
} from "../support/browser.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { recordShelf } from "../support/record_shelf.ts";

/** Lets a test hold back what the server sends to the page. */
const HOLD = `{
  let held = null;
  Object.assign(globalThis, {
    hold: () => held = [],
    count: () => held.length,
    letGo() {
      const acts = held;
      held = null;
      for (const act of acts) act();
    },
  });
  const { get, set } = Object
    .getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    get,
    set(act) {
      const pass = (event) =>
        held ? held.push(() => act(event)) : act(event);
      set.call(this, pass);
    },
  });
}`;

/** Waits for the frames in which a page acts on what has come. */
const frames = (page: Page) =>
  page.evaluate(`(async () => {
    for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
  })()`);

/** Waits until an answer is held back. */
const isHeld = (page: Page) =>
  becomes(() => page.evaluate<boolean>("count() > 0"), true);

browserTest(
  "who goes elsewhere before the album of a song is found stays there",
  async (browser) => {
    await using server = await PageServer.start(recordShelf(2));
    const page = await browser.open(server.url, {}, HOLD);
    const more = page.getByRole("button", { name: /^More for / });
    await page.locator(".song").first().waitFor();
    await page.evaluate("hold()");
    await more.first().click();
    await page.getByRole("button", { name: "Go to album" }).click();
    await page.getByRole("link", { name: "Artists" }).click();
    await isHeld(page);
    await page.waitForURL(/#\/artists/);
    await page.evaluate("letGo()");
    await page.getByRole("link", { name: /Clara Weiss/ }).waitFor();
    await frames(page);
    assert.match(page.url(), /#\/artists$/);
  },
);

const ALBUMS = {
  ...Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      `Long/song ${i}.wav`,
      wavFile(PHONE, noise(800, i)),
    ]),
  ),
  "Other/else.wav": wavFile(PHONE, noise(800, 99)),
};

browserTest(
  "an album never shows the songs of another one, however late its own come",
  async (browser) => {
    await using server = await PageServer.start(ALBUMS);
    const page = await browser.open(`${server.root}#/albums`, {}, HOLD);
    const open = (album: string) =>
      page.locator("main .tile").getByRole("link", { name: album }).click();
    await open("Other");
    await page.locator(".song", { hasText: "else" }).waitFor();
    await page.goBack();
    await page.locator("main .tile").first().waitFor();
    await page.evaluate(`{
      hold();
      globalThis.seen = [];
      const see = () => {
        const title = document.querySelector("main h1")?.innerText;
        if (title === "Long") seen.push(document.querySelector(".song")?.innerText);
        requestAnimationFrame(see);
      };
      requestAnimationFrame(see);
    }`);
    await open("Long");
    await becomes(() => page.evaluate("seen.length > 2"), true);
    assert.deepEqual(await page.evaluate("seen.filter(Boolean)"), []);
    await page.evaluate("letGo()");
    await page.locator(".song", { hasText: "song 0" }).waitFor();
  },
);

browserTest(
  "the way back leads to the same place of an album, however late its songs come",
  async (browser) => {
    await using server = await PageServer.start(ALBUMS);
    const page = await browser.open(`${server.root}#/albums`, {}, HOLD);
    const open = (album: string) =>
      page.locator("main .tile").getByRole("link", { name: album }).click();
    await open("Long");
    await page.locator(".song").first().waitFor();
    const place = () => page.evaluate<number>("Math.round(scrollY)");
    await page.evaluate("scrollTo(0, 900)");
    await becomes(place, 900);
    const { hash } = new URL(page.url());
    await page.getByRole("link", { name: "Albums", exact: true }).click();
    await open("Other");
    await page.locator(".song", { hasText: "else" }).waitFor();

    await page.evaluate(`hold(), location.hash = ${JSON.stringify(hash)}`);
    await page.getByRole("heading", { name: "Long" }).waitFor();
    await isHeld(page);
    await frames(page);
    // Who leaves before the songs have come has not left the place.
    await page.goBack();
    await page.getByRole("heading", { name: "Other" }).waitFor();
    await page.goForward();
    await page.getByRole("heading", { name: "Long" }).waitFor();
    await frames(page);
    await page.evaluate("letGo()");
    await becomes(place, 900);
  },
);

browserTest(
  "a cover that did not come before the connection was lost comes over the next one",
  async (browser) => {
    await using server = await PageServer.start(recordShelf(20));
    const page = await browser.open(`${server.root}#/albums`, {
      // It would ask in the place of the page.
      serviceWorkers: "block",
    });
    const failed = page.waitForEvent("requestfailed", {
      predicate: (request) => request.url().includes("size=128"),
    });
    await page.route(/size=128/, (route) => route.abort());
    await page.getByRole("button", { name: "Play Harbour Lights" }).click();
    await failed;
    const cover = page.locator(".player .now img");
    await becomes(() => cover.count(), 0);
    await using _ = await server.restart(async () => {
      await page.getByText("the server is away").waitFor();
      await page.unroute(/size=128/);
    });
    await cover.waitFor();
  },
);
