import assert from "node:assert/strict";
import {
  browserTest,
  type Page,
  PageServer,
  recorded,
  until,
} from "../support/browser.ts";
import { toFloats } from "../../lib/audio/pcm.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { openSession } from "../support/sessions.ts";
import { seen } from "../support/seen.ts";

const PCM = noise(CD.rate * 4 * 20, 11);
const SONGS = {
  "long.wav": wavFile(CD, PCM),
  "other.wav": wavFile(CD, noise(CD.rate * 4 * 20, 12)),
};

/** A named tab in a browser profile of its own. */
async function tabNamed(
  open: () => Promise<Page>,
  name: string,
): Promise<Page> {
  const page = await open();
  const field = page.getByLabel("Name of this browser");
  await field.fill(name);
  await field.press("Enter");
  await page.locator(".status.online").waitFor();
  return page;
}

/** Waits until an online client is in the expected state. */
async function untilSeen(
  server: PageServer,
  wanted: (
    client: { name: string; state: { doing: string; problem?: string } },
  ) => boolean,
): Promise<void> {
  const session = await openSession(server.ports.session);
  await seen(
    "a client",
    () => session.request({ type: "online" }),
    ({ clients }) => clients.some(wanted),
  );
  session.close();
}

/**
 * Waits until a page is blocked from playing sound until a tap. The page is
 * examined last: that counts as a tap if no sound was requested before.
 */
async function untilSilenced(server: PageServer, page: Page): Promise<void> {
  await untilSeen(
    server,
    ({ state }) => state.problem?.startsWith("waiting for a tap") ?? false,
  );
  await page.getByText("keeps this page silent").waitFor();
}

browserTest(
  "a tab is online under its name, and a terminal casts to it and controls it",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await tabNamed(
      () => browser.openRecorded(server.url),
      "kitchen tab",
    );
    await untilSeen(
      server,
      ({ name, state }) => name === "kitchen tab" && state.doing === "waiting",
    );
    const ondacast = async (...words: string[]) => {
      const { code, stderr } = await server.client(words);
      assert.equal(code, 0, stderr);
    };
    await ondacast("cast", "long", "--to", "kitchen tab");
    await until(page, "test.channels[0]?.length * 128 > 4410");
    await page.getByText("cast here").waitFor();
    const [left] = await recorded(page);
    const first = left.findIndex((value) => value !== 0);
    assert.deepEqual(
      left.slice(first, first + 4000),
      toFloats(CD, PCM)[0].slice(0, 4000),
    );
    await ondacast("pause", "--to", "kitchen tab");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await ondacast("volume", "30", "--to", "kitchen tab");
    await until(
      page,
      "document.querySelector('.player .volume input').value === '30'",
    );
    await ondacast("seek", "15", "--to", "kitchen tab");
    await until(
      page,
      "document.querySelector('.player .time').innerText === '0:15'",
    );
    await ondacast("stop", "--to", "kitchen tab");
    await page.getByText("Nothing plays").waitFor();
    await untilSeen(server, ({ state }) => state.doing === "waiting");

    await page.getByRole("switch").click();
    await untilSeen(server, ({ state }) => state.doing === "idle");
    const refused = await server.client([
      "cast",
      "long",
      "--to",
      "kitchen tab",
    ]);
    assert.match(refused.stderr, /\(not-receiving\)$/m);
  },
  { args: ["--autoplay-policy=no-user-gesture-required"] },
);

browserTest(
  "a tab casts to another tab, sees what it plays, and controls it",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const open = () => browser.openRecorded(server.url);
    const kitchen = await tabNamed(open, "kitchen");
    const desk = await tabNamed(open, "desk");
    await desk.getByRole("button", { name: "Play long on another device" })
      .click();
    await desk.getByRole("dialog").getByRole("button", { name: "kitchen" })
      .click();
    // It is the output now, and the player shows what plays there.
    await desk.locator(".player .output", { hasText: "kitchen" }).waitFor();
    await desk.locator(".player .now", { hasText: "long" }).waitFor();
    await until(kitchen, "test.firstAtMs !== null");
    const device = desk.locator(".room", { hasText: "kitchen" });
    await device.getByText("plays", { exact: true }).waitFor();
    await device.getByText("long").waitFor();
    // The position moves on by itself.
    await device.getByText(/^0:0[3-9]/).waitFor();

    await device.getByRole("button", { name: "Pause kitchen" }).click();
    await device.getByText("paused").waitFor();
    await kitchen.getByRole("button", { name: "Play", exact: true }).waitFor();
    await device.getByRole("button", { name: "Resume kitchen" }).click();
    await device.getByText("plays", { exact: true }).waitFor();
    const slider = device.getByLabel("Position on kitchen");
    const { width, height } = (await slider.boundingBox())!;
    await slider.click({ position: { x: width * 0.75, y: height / 2 } });
    await until(
      kitchen,
      "/0:1[5-9]/.test(document.querySelector('.player .time').innerText)",
    );
    await device.getByLabel("Volume of kitchen").fill("40");
    await until(
      kitchen,
      "document.querySelector('.player .volume input').value === '40'",
    );

    await desk.locator(".song", { hasText: "other" }).dragTo(device);
    await kitchen.locator(".now", { hasText: "other" }).waitFor();
    await device.getByText("other").waitFor();
    await device.getByRole("button", { name: "Stop kitchen" }).click();
    await device.getByText("ready").waitFor();
    await kitchen.context().close();
    await desk.getByText("Open this page on another device").waitFor();
  },
  { args: ["--autoplay-policy=no-user-gesture-required"] },
);

browserTest(
  "no song is said to play where its cast was refused, or another song took its place",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    // Devices that report nothing: they are trusted after a while.
    const [attic, bath, den] = await Promise.all(
      ["attic", "bath", "den"].map((name) =>
        openSession(server.ports.session, { name, receive: true })
      ),
    );
    const page = await browser.open(server.url);
    const choose = (song: string) =>
      page.getByRole("button", { name: `Play ${song} on another` }).click();
    const castTo = (device: string) =>
      page.getByRole("dialog").getByRole("button", { name: device }).click();
    await choose("other");
    await castTo("bath");
    const onBath = page.locator(".room", { hasText: "bath" });
    await onBath.getByText("other").waitFor();
    const { key } = await bath.welcome;
    await den.request({ type: "cast", song: "long", to: [key] });
    await onBath.getByText("long").waitFor();
    await choose("long");
    const removed = await server.client(["remove", "long"]);
    assert.equal(removed.code, 0, removed.stderr);
    await castTo("attic");
    await page.locator(".notices").getByText("long").waitFor();
    await page.locator(".player").getByText("Nothing plays").waitFor();
    await choose("other");
    await castTo("den");
    await page.locator(".player .now", { hasText: "other" }).waitFor();
    await page.locator(".player .output", { hasText: "den" }).waitFor();
    for (const device of [attic, bath, den]) device.close();
  },
);

browserTest(
  "a tab that the browser blocks from playing reports it, to others too, and plays after a click",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.openRecorded(server.url);
    // No earlier access to the page, as that would count as a tap.
    await untilSeen(server, ({ state }) => state.doing === "waiting");
    const desk = await browser.open(server.url);
    await desk.getByRole("button", { name: "Play long on another device" })
      .click();
    await desk.getByRole("dialog").getByRole("button", { name: /ready$/ })
      .click();
    await untilSilenced(server, page);
    await desk.locator(".player").getByText("waiting for a tap").waitFor();
    const problem = desk.locator(".room .problem");
    await problem.getByText("waiting for a tap").waitFor();
    const seen = await server.client(["online", "--json"]);
    assert.match(seen.stdout, /"problem":"waiting for a tap/);
    assert.equal(await page.evaluate("test.firstAtMs"), null);
    await page.getByRole("button", { name: "Turn on sound" }).click();
    await until(page, "test.channels[0]?.length * 128 > 4410");
    // No sample was lost: playback begins with the song's first.
    const [left] = await recorded(page);
    const first = left.findIndex((value) => value !== 0);
    assert.deepEqual(
      left.slice(first, first + 4000),
      toFloats(CD, PCM)[0].slice(0, 4000),
    );
    await page.getByText("keeps this page silent").waitFor({ state: "hidden" });
    await problem.waitFor({ state: "hidden" });
  },
);

browserTest(
  "the click that unblocks a silent tab never pauses the song, wherever it is",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    for (
      const wake of [
        (page: Page) => page.keyboard.press("Space"),
        (page: Page) =>
          page.getByRole("button", { name: "Pause", exact: true }).click(),
        (page: Page) =>
          page.getByRole("button", { name: "Pause long", exact: true }).click(),
        (page: Page) => page.getByText("Ondacast", { exact: true }).click(),
      ]
    ) {
      const page = await browser.openRecorded(server.url);
      await untilSeen(server, ({ state }) => state.doing === "waiting");
      const session = await openSession(server.ports.session);
      const { clients } = await session.request({ type: "online" });
      const tab = clients.find(({ receiving }) => receiving)!;
      await session.request({ type: "cast", song: "long", to: [tab.key] });
      session.close();
      await untilSilenced(server, page);
      await wake(page);
      await until(page, "test.channels[0]?.length * 128 > 4410");
      // The next click pauses.
      await page.keyboard.press("Space");
      await until(page, "test.contexts[0].state === 'suspended'");
      await page.context().close();
    }
  },
);
