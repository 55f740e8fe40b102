import assert from "node:assert/strict";
import { becomes, browserTest, PageServer, until } from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { obedientDevice } from "../support/obedient_device.ts";
import { openSession } from "../support/sessions.ts";

const SONGS = Object.fromEntries(
  ["1 Dawn", "2 Noon", "3 Dusk"].map((name, i) => [
    `Days/${name}.wav`,
    wavFile(CD, noise(CD.rate * 4 * 60, i)),
  ]),
);

browserTest(
  "an album plays in a chosen room after three taps, and the player controls it",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const kitchen = await obedientDevice(server.ports.session, "Kitchen");
    const page = await browser.open(server.root, {
      viewport: { width: 390, height: 780 },
    });
    const album = page.getByRole("button", { name: "Play Days" }).first();
    await album.waitFor();
    await page.getByRole("button", { name: /Choose where to play/ }).click();
    await page.getByRole("dialog").getByText("Kitchen").click();
    await album.click();

    const now = page.locator(".player .now");
    await now.getByText("1 Dawn").waitFor();
    await page.keyboard.press("n");
    await now.getByText("2 Noon").waitFor();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    // It is the same after a reload.
    await page.reload();
    await now.getByText("2 Noon").waitFor();
    await page.locator(".output", { hasText: "Kitchen" }).waitFor();
    kitchen.close();
  },
);

browserTest(
  "songs of the queue are moved and removed by keys, and come back by Undo",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const kitchen = await obedientDevice(server.ports.session, "Kitchen");
    const { key } = await kitchen.welcome;
    const other = await openSession(server.ports.session);
    await other.request({ type: "queue", to: key, songs: ["Days/"] });
    const page = await browser.open(server.url);
    await page.getByRole("button", { name: "More for Kitchen" }).click();
    await page.getByRole("button", { name: "Choose music for this room" })
      .click();
    await page.getByRole("button", { name: "Queue" }).click();
    const queue = page.locator(".queue");
    const titles = `[...document.querySelectorAll(".entry .title")]
      .map(({ innerText }) => innerText).join()`;
    const areIn = (order: string) => until(page, `${titles} === "${order}"`);
    await areIn("1 Dawn,2 Noon,3 Dusk");

    await queue.getByRole("button", { name: "Play 3 Dusk" })
      .focus();
    await page.keyboard.press("Alt+ArrowUp");
    await areIn("1 Dawn,3 Dusk,2 Noon");
    await queue.getByRole("button", { name: "Play 2 Noon" })
      .focus();
    await page.keyboard.press("Delete");
    await areIn("1 Dawn,3 Dusk");
    // The next key is for the song in its place.
    await until(page, "document.activeElement.ariaLabel === 'Play 3 Dusk'");
    // The notice is on the screen of the queue, which covers the page.
    await page.getByRole("dialog").locator("p", { hasText: "Removed" })
      .getByRole("button", { name: "Undo" }).click();
    await areIn("1 Dawn,3 Dusk,2 Noon");
    await page.getByRole("button", { name: "Clear" }).press("Enter");
    await areIn("1 Dawn");
    await page.getByText("Cleared the queue").waitFor();
    // It stays, and with it the focus.
    await until(page, "document.activeElement.innerText === 'Clear'");
    await page.keyboard.press("Control+z");
    await areIn("1 Dawn,3 Dusk,2 Noon");
    for (const session of [kitchen, other]) session.close();
  },
);

browserTest(
  "rooms are joined and separated by their menus, each at an address of its own",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const rooms = await Promise.all(
      ["Attic", "Bath"].map((name) =>
        obedientDevice(server.ports.session, name)
      ),
    );
    const page = await browser.open(`${server.root}#/rooms`);
    await page.getByRole("button", { name: "More for Attic" }).click();
    await page.getByRole("dialog").getByText("Bath").click();
    const card = page.locator(".room", { hasText: "Attic" });
    await card.locator(".member", { hasText: "Bath" }).waitFor();
    await page.getByRole("button", { name: "More for Attic" }).first().click();
    await page.getByRole("button", { name: "Open room" }).click();
    await until(page, "location.hash.startsWith('#/rooms/')");
    await page.reload();
    await card.locator(".member", { hasText: "Bath" }).waitFor();
    await page.getByRole("button", { name: "More for Bath" }).click();
    await page.getByRole("button", { name: "Mute" }).last().click();
    await card.locator(".member", { hasText: "Bath" }).getByText("muted")
      .waitFor();
    await page.getByRole("button", { name: "More for Bath" }).click();
    await page.getByRole("button", { name: "Take out of the group" }).click();
    await card.locator(".member").first().waitFor({ state: "detached" });
    for (const room of rooms) room.close();
  },
);

browserTest(
  "keys search, list themselves and mute, but not while someone writes",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.root);
    await page.getByRole("button", { name: "Play Days" }).first().waitFor();
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys" });
    await keys.waitFor();
    await page.keyboard.press("Escape");
    await keys.waitFor({ state: "detached" });
    await page.keyboard.press("m");
    await page.getByRole("button", { name: "Unmute", exact: true }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("noon?m");
    const field = page.getByLabel("Search songs");
    await becomes(() => field.inputValue(), "noon?m");
    await field.fill("NÖON");
    await page.getByRole("button", { name: "Play 2 Noon" }).first().waitFor();
    assert.equal(await page.getByRole("dialog").count(), 0);
  },
);
