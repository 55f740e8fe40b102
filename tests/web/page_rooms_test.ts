import assert from "node:assert/strict";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
} from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { obedientDevice } from "../support/obedient_device.ts";

const SONGS = Object.fromEntries(
  ["1 Dawn", "2 Noon", "3 Dusk"].map((name, i) => [
    `Days/${name}.wav`,
    wavFile(CD, noise(CD.rate * 4 * 60, i)),
  ]),
);
const DESK = { width: 1280, height: 800 };

/** A server with rooms, of which the first is in the middle of an album. */
async function house(server: PageServer, names: string[]) {
  const rooms = await Promise.all(
    names.map((name) => obedientDevice(server.ports.session, name)),
  );
  const [first] = rooms;
  const { key } = await first.welcome;
  await first.request({ type: "queue", to: key, songs: ["Days/"] });
  return { rooms, close: () => rooms.forEach((room) => room.close()) };
}

const rooms = (page: Page) => page.locator(".room:not(.me) h3").allInnerTexts();

/** Drags by the mouse, as a person does. */
async function drag(
  what: ReturnType<Page["locator"]>,
  onto: ReturnType<Page["locator"]>,
): Promise<void> {
  await what.dragTo(onto, { targetPosition: { x: 40, y: 12 } });
}

browserTest(
  "rooms are dragged together, into this browser's group, and apart",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const { close } = await house(server, ["Attic", "Bath", "Cellar"]);
    const page = await browser.open(`${server.root}#/rooms`, {
      viewport: DESK,
    });
    const room = (name: string) =>
      page.locator(".room:not(.me)", {
        hasText: name,
      });
    const handle = (name: string) => room(name).locator(".name .about");
    await becomes(() => rooms(page), ["Attic", "Bath", "Cellar"]);
    await drag(handle("Bath"), handle("Attic"));
    await becomes(() => rooms(page), ["Attic, Bath", "Cellar"]);
    // One of a group is dragged out of it, beside all rooms.
    const member = (name: string) =>
      page.locator(".member .about", { hasText: name });
    await drag(
      member("Bath"),
      page.getByRole("heading", {
        name: "Rooms",
        exact: true,
      }),
    );
    await becomes(() => rooms(page), ["Attic", "Bath", "Cellar"]);
    // From one group into another.
    await drag(handle("Bath"), handle("Attic"));
    await drag(member("Bath"), handle("Cellar"));
    await becomes(() => rooms(page), ["Attic", "Cellar, Bath"]);
    // What is dropped onto its own room stays.
    await drag(member("Bath"), handle("Cellar, Bath"));
    await drag(handle("Attic"), page.locator(".room.me .name"));
    await becomes(
      () => page.locator(".member").count(),
      4,
    );
    await room("Attic").locator(".member").nth(1).waitFor();
    close();
  },
);

browserTest(
  "rooms that are separated leave the music where it began, and the queue of each is at hand",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const { rooms: [attic], close } = await house(server, ["Attic", "Bath"]);
    await attic.request({ type: "group", devices: ["Attic", "Bath"] });
    const page = await browser.open(`${server.root}#/rooms`, {
      viewport: DESK,
    });
    await page.getByRole("button", { name: "More for Attic, Bath" }).click();
    await page.getByRole("button", { name: "Separate all" }).click();
    await becomes(() => rooms(page), ["Attic", "Bath"]);
    const states = page.locator(".room:not(.me) .chip");
    await becomes(() => states.allInnerTexts(), ["plays", "ready"]);

    await page.getByRole("button", { name: "More for Attic" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Queue" })
      .click();
    const titles = page.locator("dialog .entry .title");
    await becomes(
      () => titles.allInnerTexts(),
      ["1 Dawn", "2 Noon", "3 Dusk"],
    );
    await page.locator("dialog .output", { hasText: "Attic" }).waitFor();
    close();
  },
);

browserTest(
  "songs of the queue are dragged to the very end, but not before the one that plays",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const { close } = await house(server, ["Attic"]);
    const page = await browser.open(`${server.root}#/rooms`, {
      viewport: DESK,
    });
    await page.getByRole("button", { name: "More for Attic" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Queue" })
      .click();
    const titles = () => page.locator("dialog .entry .title").allInnerTexts();
    const entry = (name: string) =>
      page.locator("dialog .entry", { hasText: name });
    await becomes(titles, ["1 Dawn", "2 Noon", "3 Dusk"]);
    await drag(entry("2 Noon"), entry("3 Dusk"));
    await becomes(titles, ["1 Dawn", "3 Dusk", "2 Noon"]);
    await page.getByText("Moved a song").waitFor();
    await drag(entry("2 Noon"), entry("1 Dawn"));
    await becomes(titles, ["1 Dawn", "2 Noon", "3 Dusk"]);
    assert.equal(await entry("1 Dawn").getAttribute("draggable"), "false");
    close();
  },
);

/**
 * Runs in a page whose messages do not reach the server any more: what is shown
 * right after a click, with the labels of the buttons before and after.
 */
const CLICK = (...labels: string[]) =>
  `(async () => {
  WebSocket.prototype.send = () => {};
  const [before, after] = ${JSON.stringify(labels)}.map((label) => () =>
    document.querySelector('.player [aria-label="' + label + '"]'));
  before().click();
  await new Promise(requestAnimationFrame);
  return after()?.getAttribute("aria-pressed") ?? after() !== null;
})()`;

browserTest(
  "the controls of another room show what was asked for before the server has heard of it",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const { close } = await house(server, ["Attic"]);
    const page = await browser.open(`${server.root}#/rooms`, {
      viewport: DESK,
    });
    await page.getByRole("button", { name: /Choose where to play/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: /^Attic/ })
      .click();
    await page.locator(".player").getByRole("button", { name: "Pause" })
      .waitFor();
    const click = (...labels: string[]) => page.evaluate(CLICK(...labels));
    assert.equal(await click("Mute", "Unmute"), true);
    assert.equal(await click("Shuffle", "Shuffle"), "true");
    assert.equal(await click("Repeat: off", "Repeat: all songs"), "true");
    assert.equal(await click("Pause", "Play"), true);
    close();
  },
);

browserTest(
  "a room's page waits for the rooms before it says that one is away",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const { close } = await house(server, ["Attic"]);
    const seen = `globalThis.seen = new Set();
      new MutationObserver(() => {
        const main = document.querySelector("main");
        if (main) seen.add(main.innerText);
      }).observe(document, { childList: true, subtree: true });`;
    const page = await browser.open(`${server.root}#/rooms/nosuch`, {}, seen);
    await page.getByText("This room is away").waitFor();
    const texts = await page.evaluate<string[]>("[...seen]");
    assert.equal(texts[0], "One moment…");
    await page.getByRole("link", { name: "All rooms" }).click();
    await becomes(() => rooms(page), ["Attic"]);
    close();
  },
);
