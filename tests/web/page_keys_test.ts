import assert from "node:assert/strict";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
  playedFor,
  recorded,
  until,
} from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";

const SONGS = {
  "long.wav": wavFile(CD, noise(CD.rate * 4 * 60, 1)),
  "other.wav": wavFile(CD, noise(CD.rate * 4 * 20, 2)),
};
const SHORT = { "long.wav": wavFile(CD, noise(CD.rate * 4 * 3)) };

async function open(page: Promise<Page>): Promise<Page> {
  const opened = await page;
  await opened.getByText("long", { exact: true }).waitFor();
  return opened;
}

/**
 * Runs in a page: presses the space bar once it reports that a song of 3 s is over,
 * which is while the last of it still sounds. Keys of playwright's come later on a
 * busy machine.
 */
const PRESS_AT_END = `{
  const { send } = WebSocket.prototype;
  globalThis.pressed = false;
  globalThis.press = () => {
    document.body.dispatchEvent(
      new KeyboardEvent("keydown", { key: " ", code: "Space", bubbles: true }),
    );
    pressed = true;
  };
  WebSocket.prototype.send = function (bytes) {
    send.call(this, bytes);
    const text = new TextDecoder().decode(bytes);
    if (!text.includes('"position":3,"playing":false')) return;
    WebSocket.prototype.send = send;
    setTimeout(press);
  };
}`;

/** Plays {@linkcode SHORT}, and pauses it while the last of it sounds. */
async function pauseAtEnd(page: Page): Promise<void> {
  do {
    await page.evaluate(PRESS_AT_END);
    await page.getByRole("button", { name: "Play long", exact: true }).click();
    await until(page, "pressed");
    await untilPaused(page, true);
    // Once more if the page was so busy that nothing sounded by then.
  } while (await page.getByText("Nothing plays").count() > 0);
}

/**
 * Runs in a page whose server is slow to pause: what it sends is held back from
 * there on. The space bar is pressed as soon as the next stream has begun.
 */
const SLOW_PAUSE = `{
  const { send } = WebSocket.prototype;
  const held = [];
  let isBegun = false;
  globalThis.pressed = false;
  WebSocket.prototype.send = function (bytes) {
    const text = new TextDecoder().decode(bytes);
    if (held.length > 0 || text.includes('"action":"pause"')) {
      held.push([this, bytes.slice()]);
    } else send.call(this, bytes);
    if (isBegun || !text.includes('"position":0,"playing":true')) return;
    isBegun = true;
    setTimeout(press);
    // in the order in which the page has sent it
    setTimeout(() => {
      WebSocket.prototype.send = send;
      for (const [socket, bytes] of held) socket.send(bytes);
    }, 100);
  };
}`;

/** Waits until the player is paused or playing. */
function untilPaused(page: Page, paused: boolean): Promise<void> {
  const label = paused ? "Play" : "Pause";
  return until(
    page,
    `document.querySelector(".player .large").ariaLabel === "${label}"`,
  );
}

const position = (page: Page) =>
  page.evaluate<number>(
    "document.querySelector('.player .track input').valueAsNumber",
  );

browserTest(
  "the space bar controls the player wherever the focus is, except in a text field",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await open(browser.open(server.url));
    await page.getByRole("button", { name: "Play long", exact: true }).click();
    await playedFor(page, 0.5);
    let paused = false;
    for (
      const place of [
        page.getByRole("button", { name: "Play other", exact: true }),
        page.getByRole("button", { name: "Play other on another device" }),
        page.getByRole("button", { name: "Next song", exact: true }),
        page.getByRole("slider", { name: "Position", exact: true }),
        page.getByLabel("Volume", { exact: true }),
        page.getByRole("switch"),
        page.getByLabel("Upload songs"),
      ]
    ) {
      await place.focus();
      await page.keyboard.press("Space");
      paused = !paused;
      await untilPaused(page, paused);
      assert.equal(await page.locator(".now .title").innerText(), "long");
    }
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.ok(await page.getByRole("switch").isChecked());

    const playing = page.getByRole("dialog");
    await page.getByTitle("Show the playing song").click();
    await playing.getByRole("button", { name: "Close" }).press("Space");
    paused = !paused;
    await untilPaused(page, paused);
    await page.keyboard.press("Escape");
    await playing.waitFor({ state: "detached" });

    await page.getByLabel("Search songs").fill("");
    await page.getByLabel("Search songs").pressSequentially("lo ng");
    assert.equal(await page.getByLabel("Search songs").inputValue(), "lo ng");
    const name = page.getByLabel("Name of this browser");
    await name.fill("");
    await name.pressSequentially("my tab");
    assert.equal(await name.inputValue(), "my tab");
    await untilPaused(page, paused);

    // Enter activates the focused element.
    await page.getByRole("switch").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("switch", { checked: false }).waitFor();
    await page.getByLabel("Search songs").fill("");
    await page.getByRole("button", { name: "Play other", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".now", { hasText: "other" }).waitFor();
  },
);

browserTest(
  "keys seek past both ends and during a pause, and several add up",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await open(browser.openRecorded(server.url));
    await page.getByRole("button", { name: "Play long", exact: true }).click();
    await until(page, "test.firstAtMs !== null");
    const slider = page.getByRole("slider", { name: "Position", exact: true });
    await slider.focus();
    // Before the beginning: from the start again.
    await page.keyboard.press("ArrowLeft");
    await until(
      page,
      "document.querySelector('.player .track input').valueAsNumber < 3",
    );
    // in quick succession
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    await playedFor(page, 30);
    const sought = await position(page);
    assert.ok(sought < 36, `${sought} s`);

    await page.keyboard.press("Space");
    await until(page, "test.contexts[0].state === 'suspended'");
    await untilPaused(page, true);
    const before = await position(page);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    const isBack = async () =>
      Math.abs(await position(page) - before + 20) < 0.5;
    await becomes(isBack, true);
    await page.waitForTimeout(500);
    assert.ok(await isBack());
    // The device runs, silent, while one stream takes the place of another.
    await until(page, "test.contexts[0].state === 'suspended'");
    await untilPaused(page, true);
    await page.evaluate("test.forget()");
    await page.keyboard.press("Space");
    await until(page, "test.channels[0]?.length > 60");
    assert.ok((await recorded(page))[0].some((value) => value !== 0));
    await playedFor(page, before - 19);

    // Beyond the end: the next song.
    for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
    await page.locator(".now", { hasText: "other" }).waitFor();
  },
);

browserTest(
  "at the end of the last song, pause holds it and seeking goes back",
  async (browser) => {
    await using server = await PageServer.start(SHORT);
    const page = await open(browser.openRecorded(server.url));
    await pauseAtEnd(page);
    await until(page, "test.contexts[0].state === 'suspended'");
    await page.waitForTimeout(800);
    assert.equal(await page.locator(".now .title").innerText(), "long");
    await page.getByRole("slider", { name: "Position", exact: true }).focus();
    await page.keyboard.press("ArrowLeft");
    await until(
      page,
      "document.querySelector('.player .track input').valueAsNumber < 1",
    );
    await page.evaluate("test.forget()");
    await page.keyboard.press("Space");
    await until(page, "test.channels[0]?.length * 128 > 22050");
    await page.getByText("Nothing plays").waitFor();
  },
);

browserTest(
  "a song begun anew during a pause plays if the key comes before the server has paused it",
  async (browser) => {
    await using server = await PageServer.start(SHORT);
    const page = await open(browser.open(server.url));
    await pauseAtEnd(page);
    await page.evaluate(SLOW_PAUSE);
    await page.getByRole("slider", { name: "Position", exact: true }).focus();
    await page.keyboard.press("ArrowLeft");
    await until(page, "pressed");
    await page.getByText("Nothing plays").waitFor();
  },
);

browserTest(
  "the focus stays in place from song to song, and returns after a dialog",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await open(browser.open(server.url));
    const hasFocus = (name: string) =>
      until(
        page,
        `(document.activeElement.ariaLabel ?? "") === ${JSON.stringify(name)}`,
      );
    for (const key of ["Escape", "Enter"]) {
      await page.getByRole("button", { name: "Play long on another" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      if (key === "Enter") {
        await page.getByRole("button", { name: "Cancel" }).focus();
      }
      await page.keyboard.press(key);
      await hasFocus("Play long on another device");
    }
    await page.getByRole("button", { name: "Play long", exact: true }).click();
    await playedFor(page, 1);
    const slider = page.getByRole("slider", { name: "Position", exact: true });
    await slider.focus();
    await page.keyboard.press("End");
    await page.locator(".now", { hasText: "other" }).waitFor();
    // It stays even before the song has begun.
    await page.keyboard.press("PageUp");
    await playedFor(page, 0.5);
    await hasFocus("Position");
    await page.keyboard.press("ArrowRight");
    await playedFor(page, 10);
    await page.getByRole("button", { name: "Next song", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Nothing plays").waitFor();
    await hasFocus("Next song");
    await page.keyboard.press("Enter");
    // It stays where nothing plays for a moment, too, and moves nothing then.
    await slider.focus();
    for (const key of ["ArrowRight", "PageUp", "End"]) {
      await page.keyboard.press(key);
    }
    await hasFocus("Position");
    assert.equal(await slider.inputValue(), "0");
    await page.keyboard.press("Space");
    await page.locator(".now", { hasText: "long" }).waitFor();
    await page.getByRole("button", { name: "Next song", exact: true }).click();
    await page.locator(".now", { hasText: "other" }).waitFor();
    await slider.focus();
    await page.getByRole("button", { name: "Next song", exact: true })
      .dispatchEvent("click");
    await page.getByText("Nothing plays").waitFor();
    await hasFocus("Position");
  },
);
