import assert from "node:assert/strict";
import type { ClientSession } from "../../lib/client/client_session.ts";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
  playedFor,
  until,
} from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { openSession } from "../support/sessions.ts";

const SECONDS = 60;
const SONGS = { "long.wav": wavFile(CD, noise(CD.rate * 4 * SECONDS)) };

/** Milliseconds that a slider is held, and watched afterwards. */
const HELD_MS = 1200;

/** Drags a slider to a part of its width and holds it. @returns Its values. */
async function drag(
  page: Page,
  selector: string,
  part: number,
): Promise<{ held: number[]; after: number[] }> {
  const slider = page.locator(selector);
  const { x, y, width, height } = (await slider.boundingBox())!;
  const shown = async () => {
    await page.evaluate(`{
      const slider = document.querySelector(${JSON.stringify(selector)});
      clearInterval(globalThis.watch);
      globalThis.shown = [];
      globalThis.watch = setInterval(() => {
        shown.push(slider.valueAsNumber);
      }, 20);
    }`);
    await page.waitForTimeout(HELD_MS);
    return await page.evaluate<number[]>("shown");
  };
  await page.mouse.move(x + width * 0.3, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * part, y + height / 2, { steps: 5 });
  const held = await shown();
  await page.mouse.up();
  const after = await shown();
  return { held, after };
}

/** Asserts that all values are slightly above a value. */
function assertNear(values: number[], least: number, most: number): void {
  assert.ok(values.length > 10, "it was not watched");
  const off = values.filter((value) => value < least || value > most);
  assert.deepEqual(off, [], `beside ${least}…${most}`);
}

browserTest(
  "the player's sliders stay where they are held and where they are released",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.url);
    await page.getByRole("button", { name: "Play long", exact: true }).click();
    await playedFor(page, 1);
    const seek = await drag(page, ".player .track input", 0.75);
    const [at] = seek.held;
    assert.ok(at > 40 && at < 50, `${at} s`);
    assertNear(seek.held, at, at);
    assertNear(seek.after, at - 0.01, at + 3);

    const volume = await drag(page, ".player .volume input", 0.5);
    const [percent] = volume.held;
    assert.ok(percent > 30 && percent < 70, `${percent} %`);
    assertNear([...volume.held, ...volume.after], percent, percent);

    // A slider that is pressed and released without a move continues.
    const track = page.locator(".player .track input");
    const { x, y, width } = (await track.boundingBox())!;
    const before = await page.evaluate<number>(
      "document.querySelector('.player .track input').valueAsNumber",
    );
    await page.mouse.move(x + width * before / SECONDS, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.2, y + 20, { steps: 3 });
    await page.mouse.move(x + width * before / SECONDS, y + 20, { steps: 3 });
    await page.mouse.up();
    await playedFor(page, before + 2);
  },
);

/** A device that plays what is cast to it, and executes controls with a delay. */
function obeySlowly(session: ClientSession): void {
  let stream = 0;
  const tell = (volume: number) =>
    session.send({
      ...{ type: "state", stream, position: 0, volume },
      ...{ playing: true, underruns: 0 },
    });
  session.listen({
    cast: (incoming) => {
      ({ stream } = incoming.start);
      tell(100);
    },
    control: ({ value }) => void setTimeout(() => tell(Number(value)), 600),
  });
}

browserTest(
  "the sliders of another device stay in place until it has executed the control",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const kitchen = await openSession(server.ports.session, {
      name: "kitchen",
      receive: true,
    });
    obeySlowly(kitchen);
    const { key } = await kitchen.welcome;
    await kitchen.request({ type: "cast", song: "long", to: [key] });
    const page = await browser.open(server.url);
    await page.getByLabel("Position on kitchen").waitFor();
    const seek = await drag(page, ".room .seek input", 0.75);
    const [at] = seek.held;
    assert.ok(at > 40 && at < 50, `${at} s`);
    assertNear(seek.held, at, at);
    assertNear(seek.after, at - 1, at + 3);

    const volume = await drag(page, ".room:not(.me) .volume input", 0.5);
    const [percent] = volume.held;
    assertNear([...volume.held, ...volume.after], percent, percent);
    kitchen.close();
  },
);

browserTest(
  "what is being typed stays while rooms change by themselves",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.url);
    const kitchen = await openSession(server.ports.session, {
      name: "kitchen",
      receive: true,
    });
    const { key } = await kitchen.welcome;
    const online = async () => {
      const { clients } = await kitchen.request({ type: "online" });
      return clients.filter((it) => it.key !== key);
    };
    await becomes(async () => (await online()).length, 1);
    const [own] = await online();
    const setVolume = async (of: string, label: string, value: number) => {
      const slider = page.getByLabel(`Volume of ${label}`);
      await kitchen.request({
        ...{ type: "control", to: [of], action: "volume", value },
      });
      await becomes(async () => Number(await slider.inputValue()), value);
    };

    const name = page.getByLabel("Name of this browser");
    await name.fill("den");
    await setVolume(own.key, "this browser", 30);
    assert.equal(await name.inputValue(), "den");
    await name.press("Enter");
    await becomes(async () => (await online()).map((it) => it.name), ["den"]);

    obeySlowly(kitchen);
    await page.getByLabel("More for kitchen").click();
    await page.getByText("Delay: 0 ms").click();
    const delay = page.getByLabel("Milliseconds");
    await delay.fill("120");
    await setVolume(key, "kitchen", 40);
    assert.equal(await delay.inputValue(), "120");
    kitchen.close();
  },
);

browserTest(
  "a slider that is held while its song ends moves nothing in the next one",
  async (browser) => {
    await using server = await PageServer.start({
      "a.wav": wavFile(CD, noise(CD.rate * 4 * SECONDS, 1)),
      "b.wav": wavFile(CD, noise(CD.rate * 4 * SECONDS, 2)),
    });
    const page = await browser.open(server.url);
    await page.getByRole("button", { name: "Play a", exact: true }).click();
    await playedFor(page, 0.5);
    const track = page.locator(".player .track input");
    const { x, y, width, height } = (await track.boundingBox())!;
    await page.mouse.move(x + width * 0.5, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.8, y + height / 2, { steps: 3 });
    await page.keyboard.press("n");
    await page.locator(".now .title", { hasText: "b" }).waitFor();
    await page.mouse.move(x + width * 0.7, y + height / 2, { steps: 3 });
    await page.mouse.up();
    await until(
      page,
      "/^0:0[1-9]$/.test(document.querySelector('.player .time').innerText)",
    );
  },
);

browserTest(
  "a name that was typed and taken back follows the one that is given elsewhere",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.root);
    const name = page.getByLabel("Name of this browser");
    await name.press("End");
    await name.press("x");
    await name.press("Backspace");
    await name.press("Tab");
    const question = "What should this browser be called?";
    await page.getByRole("button", { name: question }).click();
    const dialog = page.getByRole("dialog", { name: question });
    await dialog.getByLabel("Name").fill("den");
    await dialog.getByRole("button", { name: "Save" }).click();
    await becomes(() => name.inputValue(), "den");
  },
);

browserTest(
  "the delay of a device that has left does not open by itself once it is back",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const kitchen = () =>
      openSession(server.ports.session, {
        ...{ name: "kitchen", receive: true },
        device: "00000000-0000-4000-8000-000000000009",
      });
    const first = await kitchen();
    const page = await browser.open(server.url);
    const more = page.getByLabel("More for kitchen");
    await more.click();
    await page.getByText("Delay: 0 ms").click();
    await page.getByLabel("Milliseconds").waitFor();
    first.close();
    const dialogs = () => page.getByRole("dialog").count();
    await becomes(dialogs, 0);
    const again = await kitchen();
    await more.waitFor();
    assert.equal(await dialogs(), 0);
    again.close();
  },
);
