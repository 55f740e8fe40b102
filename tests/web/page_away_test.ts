import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { assertBytes } from "../support/assert_bytes.ts";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
  playedFor,
  until,
} from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { obedientDevice } from "../support/obedient_device.ts";
import { recordShelf } from "../support/record_shelf.ts";

const SONGS = {
  "long.wav": wavFile(CD, noise(CD.rate * 4 * 60, 1)),
  "other.wav": wavFile(CD, noise(CD.rate * 4 * 60, 2)),
};
const WITH_SOUND = { args: ["--autoplay-policy=no-user-gesture-required"] };

const waiting = (page: Page, text: string) =>
  page.locator(".notices p", {
    hasText: `As soon as the server is back: ${text}`,
  });

browserTest(
  "requests made while the server is down are sent when it is back",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const kitchen = await browser.open(server.url);
    const name = kitchen.getByLabel("Name of this browser");
    await name.fill("kitchen");
    await name.press("Enter");
    const page = await browser.open(server.url);
    await page.locator(".rooms-side h3").getByText("kitchen").waitFor();
    const song = wavFile(CD, noise(2_000_000, 3));
    await using _ = await server.restart(async () => {
      await page.getByText("the server is away").waitFor();
      await page.getByRole("button", { name: "Play long", exact: true })
        .click();
      await waiting(page, "play long here").waitFor();
      for (const title of ["long", "other"]) {
        await page.getByRole("button", { name: `Play ${title} on another` })
          .click();
        await page.getByRole("dialog").getByText("kitchen").click();
        await waiting(page, `play ${title} on kitchen`).waitFor();
      }
      // Of several requests for one device, the last counts.
      await becomes(() => page.locator(".notices p").count(), 2);
      await page.getByLabel("Upload songs").setInputFiles([
        ...[{ name: "new.wav", mimeType: "audio/wav" }].map((file) => ({
          ...file,
          buffer: Buffer.from(song),
        })),
      ]);
      await page.getByText("0 B of 2.0 MB").waitFor();
    });
    await until(page, "navigator.mediaSession.metadata?.title === 'long'");
    await kitchen.locator(".now", { hasText: "other" }).waitFor();
    // What was chosen last is where the player looks.
    await page.locator(".now", { hasText: "other" }).waitFor();
    await page.getByText("stored, 2.0 MB").waitFor();
    assertBytes(await Deno.readFile(server.folder.file("music/new.wav")), song);
    await becomes(() => waiting(page, "").count(), 0);
  },
  WITH_SOUND,
);

browserTest(
  "a request that waits for the server can be cancelled, and is offered again after a minute",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.url);
    await page.getByText("other", { exact: true }).waitFor();
    const play = (title: string) =>
      page.getByRole("button", { name: `Play ${title}`, exact: true }).click();
    await using _ = await server.restart(async () => {
      await page.getByText("the server is away").waitFor();
      await play("long");
      await waiting(page, "play long here").getByLabel("Dismiss").click();
      await becomes(() => page.locator(".notices p").count(), 0);
      // Skip the page's minute.
      await page.evaluate(`{
        const { setTimeout } = globalThis;
        globalThis.setTimeout = (act, ms) => setTimeout(act, ms / 600);
      }`);
      await play("other");
      await page.getByText(
        "Not done, because the server was away: play other here",
      )
        .waitFor();
    });
    await page.locator(".status.online").waitFor();
    assert.equal(
      await page.locator(".now .title").innerText(),
      "Nothing plays",
    );
    await page.getByRole("button", { name: "Do it now" }).click();
    await page.locator(".now", { hasText: "other" }).waitFor();
    await playedFor(page, 0.5);
    await becomes(() => page.locator(".notices p").count(), 0);
  },
);

browserTest(
  "a queue goes on while the server is down as far as songs are here, and on from there",
  async (browser) => {
    await using server = await PageServer.start({
      "a.wav": wavFile(CD, noise(CD.rate * 4 * 4, 4)),
      "b.wav": wavFile(CD, noise(CD.rate * 4 * 4, 5)),
      "c.wav": SONGS["long.wav"],
    });
    const page = await browser.open(server.url);
    await page.getByRole("button", { name: "Play a", exact: true }).click();
    await playedFor(page, 0.5);
    await using _ = await server.restart(async () => {
      await page.locator(".now", { hasText: "b" }).waitFor();
    });
    await until(
      page,
      "document.querySelector('.now .title').innerText === 'c'",
    );
  },
);

browserTest(
  "a cast waits for a device that reconnects later than the server",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const kitchen = await browser.open(server.url);
    const name = kitchen.getByLabel("Name of this browser");
    await name.fill("kitchen");
    await name.press("Enter");
    const page = await browser.open(server.url);
    await page.locator(".rooms-side h3").getByText("kitchen").waitFor();
    await using _ = await server.restart(async () => {
      await kitchen.evaluate(`{
        const { WebSocket } = globalThis;
        globalThis.WebSocket = class {
          constructor() { setTimeout(() => this.onerror()); }
          close() {}
        };
        globalThis.letBack = () => globalThis.WebSocket = WebSocket;
      }`);
      await page.getByText("the server is away").waitFor();
      await page.getByRole("button", { name: "Play long on another" }).click();
      await page.getByRole("dialog").getByText("kitchen").click();
    });
    await page.locator(".status.online").waitFor();
    await kitchen.evaluate("letBack()");
    await kitchen.locator(".now", { hasText: "long" }).waitFor();
  },
  WITH_SOUND,
);

browserTest(
  "a page that is opened while the server is down says so, and works when it is back",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.url);
    await until(page, "navigator.serviceWorker.controller !== null");
    await using _ = await server.restart(async () => {
      await page.reload();
      await page.getByText("the server is away").waitFor();
      await page.getByRole("button", { name: "Connect again" }).waitFor();
    });
    await page.getByRole("button", { name: "Play long", exact: true })
      .waitFor();
  },
);

browserTest(
  "covers that were seen are there while the server is away",
  async (browser) => {
    await using server = await PageServer.start(recordShelf(2));
    const page = await browser.open(server.root);
    await until(page, "navigator.serviceWorker.controller !== null");
    await page.reload();
    await until(page, "document.querySelector('.tile img')?.complete");
    const statusOf = (address: string) =>
      page.evaluate(`fetch(${address}, { cache: "no-store" })
        .then(({ status }) => status, () => "away")`);
    const cover = "document.querySelector('.tile img').src";
    await becomes(
      () =>
        page.evaluate(`caches.open("ondacast art")
        .then((kept) => kept.match(${cover}))
        .then((kept) => kept?.status)`),
      200,
    );
    await using _ = await server.restart(async () => {
      await page.getByText("the server is away").waitFor();
      assert.equal(await statusOf(cover), 200);
      assert.equal(await statusOf(`${cover} + "&unseen"`), "away");
    });
  },
);

browserTest(
  "a long queue goes on to its end where that came into view while the server was away",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const kitchen = await obedientDevice(server.ports.session, "Kitchen");
    const { key } = await kitchen.welcome;
    const songs = Array.from({ length: 260 }, () => "long");
    await kitchen.request({ type: "queue", to: key, songs });
    const page = await browser.open(`${server.root}#/rooms`);
    await page.getByRole("button", { name: "More for Kitchen" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Queue" })
      .click();
    const entries = () => page.locator(".entry").count();
    await becomes(entries, 200);
    await using _ = await server.restart(async () => {
      await page.locator(".status", { hasText: "the server is away" })
        .waitFor({ state: "attached" });
      await page.locator(".queue > .empty").scrollIntoViewIfNeeded();
    });
    await becomes(entries, 260);
  },
  WITH_SOUND,
);

browserTest(
  "songs that are removed while the server is away go once it is back, and a rename says that it is away",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.url);
    const press = (name: string) =>
      page.getByRole("button", { name, exact: true }).click();
    await page.getByText("other", { exact: true }).waitFor();
    await using _ = await server.restart(async () => {
      await page.getByText("the server is away").waitFor();
      await press("More for long");
      await press("Rename…");
      await page.getByLabel("Name", { exact: true }).fill("short");
      await press("Rename");
      await page.getByText("The server is away. Try again").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Cancel" })
        .click();
      for (const title of ["long", "other"]) {
        await press(`More for ${title}`);
        await press("Remove from server");
        await waiting(page, `remove ${title}`).waitFor();
      }
      await waiting(page, "remove long").getByLabel("Dismiss").click();
    });
    await page.getByText("Removed other").waitFor();
    await becomes(
      () => page.locator(".song .title").allInnerTexts(),
      ["long"],
    );
    await press("Undo");
    await becomes(() => page.locator(".song").count(), 2);
  },
);
