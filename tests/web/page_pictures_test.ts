import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import type { ClientSession } from "../../lib/client/client_session.ts";
import type { DeviceKind } from "../../lib/model/device_kind.ts";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
  TestBrowser,
  until,
} from "../support/browser.ts";
import { differences } from "../support/kept_pictures.ts";
import { type Pixels, pngPixels } from "../support/pictures.ts";
import { obedientDevice } from "../support/obedient_device.ts";
import { ALBUMS, recordShelf } from "../support/record_shelf.ts";

/** Set, the pictures are kept anew. */
const KEEP = Deno.env.has("ONDACAST_KEEP_PICTURES");
const FOLDER = new URL("fixtures/", import.meta.url);

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

interface Kept {
  name: string;
  viewport: { width: number; height: number };
  colorScheme: "light" | "dark";
  /** Goes there from the first page. */
  show(page: Page): Promise<void>;
  /** Changes that must be seen, and those that must not, as style sheets. */
  seen?: Record<string, string>;
  unseen?: Record<string, string>;
}

const SEEN: Record<string, string> = {
  "a menu is missing": ".song[aria-posinset='3'] .more { visibility: hidden }",
  "a button is missing": ".actions :nth-child(2) { visibility: hidden }",
  "an icon is missing": ".output .icon { visibility: hidden }",
  "a title is missing":
    ".song[aria-posinset='2'] .title { visibility: hidden }",
  "the accent is another colour": ":root { --accent: #5fb0d6 }",
  "details are as bright as titles": ":root { --soft: var(--ink) }",
  "the cover is gone": ".head .art img { display: none }",
  "the songs begin lower": ".head { margin-bottom: 32px }",
};
const UNSEEN: Record<string, string> = {
  "all is a pixel further": "#page > * { translate: 1px 1px }",
  "text is a pixel higher": ".title, .detail { translate: 0 -1px }",
  "a line of text is a pixel longer": "#page { letter-spacing: 0.02px }",
};

const PICTURES: Kept[] = [
  {
    ...{ name: "home", viewport: DESK, colorScheme: "light" },
    show: (page: Page) => page.getByText("Surprise me").waitFor(),
  },
  {
    ...{ name: "album", viewport: PHONE, colorScheme: "dark" },
    ...{ seen: SEEN, unseen: UNSEEN },
    async show(page: Page) {
      await page.getByRole("link", { name: /Harbour Lights/ }).first().click();
      await page.locator(".song", { hasText: "Quiet Water" }).waitFor();
    },
  },
  {
    ...{ name: "playing", viewport: PHONE, colorScheme: "light" },
    async show(page: Page) {
      await page.locator(".player .now").click();
      await page.locator(".playing .waveform:not(.unknown)").waitFor();
      await page.locator(".playing .entry").first().waitFor();
    },
  },
  {
    ...{ name: "rooms", viewport: DESK, colorScheme: "dark" },
    async show(page: Page) {
      await page.getByRole("link", { name: "Rooms" }).click();
      await page.getByRole("heading", { name: "Bath" }).waitFor();
    },
  },
];

/** Whatever would differ from time to time, or from machine to machine. */
const SETTLED = (place: unknown) => `
  Date.prototype.getHours = () => 9;
  localStorage.setItem("ondacast.name", "Tablet");
  localStorage.setItem("ondacast.place", ${
  JSON.stringify(JSON.stringify(place))
});
  addEventListener("DOMContentLoaded", () => {
    document.documentElement.style.fontFamily = "DejaVu Sans";
  });`;

/** Whether all covers in view are there. */
const IS_WHOLE = `document.images.length > 1 &&
  [...document.images]
    .filter((image) => {
      const { left, top, width } = image.getBoundingClientRect();
      return width > 0 && left < innerWidth && top < innerHeight;
    })
    .every(({ complete, naturalWidth }) => complete && naturalWidth > 0)`;

const DEVICES: [name: string, kind?: DeviceKind][] = [
  ["Kitchen", "tablet"],
  ["Bath"],
  ["Garden", "phone"],
  ["Terrace", "tv"],
];

/** Rooms that stand still, of which the kitchen is in the middle of a song. */
async function house(server: PageServer): Promise<ClientSession[]> {
  const rooms = await Promise.all(
    DEVICES.map(([name, kind]) =>
      obedientDevice(server.ports.session, name, kind)
    ),
  );
  const [kitchen] = rooms;
  await kitchen.request({ type: "group", devices: ["Garden", "Terrace"] });
  const shelf = async () => {
    const { albums } = await kitchen.request({ type: "albums" });
    return albums;
  };
  // Covers are looked for after songs are listed.
  const covers = async () => (await shelf()).filter(({ art }) => art).length;
  await becomes(covers, ALBUMS.filter(({ hues }) => hues).length);
  const albums = await shelf();
  const { key } = albums.find(({ album }) => album === "Harbour Lights")!;
  const [to, songs] = [["Kitchen"], [`album:${key}`]];
  await kitchen.request({ type: "queue", to, songs });
  const group = async () => {
    const { groups } = await kitchen.request({ type: "groups" });
    return groups!.find(({ name }) => name === "Kitchen")!;
  };
  await becomes(async () => (await group()).state, "playing");
  await kitchen.request({ type: "control", to, action: "pause" });
  await becomes(async () => (await group()).state, "paused");
  await kitchen.request({ type: "control", to, action: "seek", value: 8 });
  await becomes(async () => (await group()).position, 8);
  return rooms;
}

/** Opens the page where music plays in the kitchen, and shows what a picture has. */
async function open(
  browser: TestBrowser,
  server: PageServer,
  place: unknown,
  { viewport, colorScheme, show }: Kept,
): Promise<Page> {
  const page = await browser.open(
    server.root,
    { viewport, colorScheme, bypassCSP: true },
    SETTLED(place),
  );
  await show(page);
  await page.locator(".status.online").waitFor({ state: "attached" });
  // The kitchen, the bath, and two that play together.
  await page.locator(".room:not(.me)").nth(2).waitFor({ state: "attached" });
  await page.locator(".player .waveform:not(.unknown)")
    .waitFor({ state: "attached" });
  await until(page, IS_WHOLE);
  await page.mouse.move(0, 0);
  return page;
}

/** In how many squares a page looks different with another style. */
async function changes(
  page: Page,
  kept: Pixels,
  content: string,
): Promise<number> {
  await page.addStyleTag({ content });
  const found = differences(kept, pngPixels(await take(page)));
  await page.evaluate("document.head.lastElementChild.remove()");
  return found.length;
}

const take = (page: Page) => page.screenshot({ animations: "disabled" });

browserTest(
  "four pages look as they are kept: a missing control is seen, a pixel is not",
  async (browser) => {
    const files = recordShelf(20);
    await using server = await PageServer.start(files, ["--name", "Home"]);
    const rooms = await house(server);
    const groups = async () =>
      (await rooms[0].request({ type: "groups" })).groups!;
    const { group, devices } = (await groups())
      .find(({ name }) => name === "Kitchen")!;
    const place = { group, devices: devices.map(({ key }) => key) };
    const problems: string[] = [];
    for (const it of PICTURES) {
      const page = await open(browser, server, place, it);
      const file = new URL(`${it.name}.png`, FOLDER);
      const png = await take(page);
      if (KEEP) await Deno.writeFile(file, png);
      const kept = pngPixels(await Deno.readFile(file));
      const found = differences(kept, pngPixels(png));
      if (found.length > 0) {
        const path = await Deno.makeTempFile({ suffix: `-${it.name}.png` });
        await Deno.writeFile(path, png);
        const squares = `${found.length} squares, first at ${found[0]}`;
        problems.push(`${path} is not ${fromFileUrl(file)}: ${squares}`);
      }
      for (const [change, style] of Object.entries(it.seen ?? {})) {
        if (await changes(page, kept, style) > 0) continue;
        problems.push(`It is not seen that ${change}`);
      }
      for (const [change, style] of Object.entries(it.unseen ?? {})) {
        if (await changes(page, kept, style) === 0) continue;
        problems.push(`It is seen that ${change}`);
      }
      await page.context().close();
      await becomes(async () => (await groups()).length, 3);
    }
    for (const room of rooms) room.close();
    assert.deepEqual(problems, []);
  },
  // Letters are drawn alike wherever the font is the same.
  {
    args: [
      ...["--font-render-hinting=none", "--disable-lcd-text"],
      "--force-color-profile=srgb",
    ],
  },
);
