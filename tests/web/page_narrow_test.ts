import assert from "node:assert/strict";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
  playedFor,
} from "../support/browser.ts";
import { AXE } from "../support/axe.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { openSession } from "../support/sessions.ts";

const LONG =
  "A name of a song that is much longer than a single line on a phone fits";
const SONGS = Object.fromEntries(
  [LONG, "x".repeat(60), ...Array.from({ length: 30 }, (_, i) => `Song ${i}`)]
    .map((name) => [`${name}.wav`, wavFile(PHONE, noise(8000 * 30))]),
);

/** A desktop at 400 % zoom, a small phone, a phone both ways, a desktop. */
const SIZES = [
  [320, 256],
  [320, 568],
  [390, 720],
  [844, 390],
  [1240, 700],
].map(([width, height]) => ({ width, height }));

/** Texts that overflow their elements. */
const CUT_OFF = `[...document.querySelectorAll(
  ".status, .ways a, h1, h3, .chip, .switch, .button, .time, .length, label"
)].filter((element) => {
  const { width, right } = element.getBoundingClientRect();
  if (width <= 1) return false; // visible only to screen readers
  return element.scrollWidth > element.clientWidth + 1 &&
      getComputedStyle(element).display !== "inline" ||
    right > innerWidth + 1;
}).map((element) => element.className + ": " + element.innerText)`;

/** Elements that a bar covers while they have the focus. */
const FOCUS = `(() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const shown = element.type === "file" ? element.parentElement : element;
  const { top, bottom, left, right } = shown.getBoundingClientRect();
  const behind = (bar) => {
    const box = document.querySelector(bar).getBoundingClientRect();
    if (element.closest(bar)) return false;
    return top < box.bottom - 1 && bottom > box.top + 1 &&
      left < box.right - 1 && right > box.left + 1;
  };
  const isOut = top < -1 || bottom > innerHeight + 1 ||
    left < -1 || right > innerWidth + 1;
  const name = element.ariaLabel ?? element.innerText;
  return [name, isOut, ...[".player", "header", ".ways"].map(behind)].join();
})()`;

async function overflow(page: Page): Promise<number> {
  return await page.evaluate<number>(
    "document.documentElement.scrollWidth - innerWidth",
  );
}

for (const viewport of SIZES) {
  const size = `${viewport.width} × ${viewport.height}`;
  browserTest(
    `no text is cut off and no control is behind the bars at ${size}`,
    async (browser) => {
      await using server = await PageServer.start(SONGS);
      const kitchen = await openSession(server.ports.session, {
        name: "a kitchen with a rather long name",
        receive: true,
      });
      await kitchen.request({ type: "play", song: LONG, from: 0 });
      const page = await browser.open(server.url, { viewport });
      const narrow = viewport.width <= 760;
      const isWide = viewport.width > 1020;
      await page.getByRole("button", { name: `Play ${LONG}`, exact: true })
        .click();
      await playedFor(page, 0.5);
      const hasNoProblem = async () => {
        await becomes(() => overflow(page), 0);
        if (narrow) await becomes(() => page.evaluate(CUT_OFF), []);
      };
      await hasNoProblem();
      await page.evaluate("scrollTo(0, 0)");
      await page.getByLabel("Search songs").focus();
      const met = new Set<string>();
      for (const key of ["Tab", "Shift+Tab"]) {
        for (let i = 0; i < 60; i++) {
          await page.keyboard.press(key);
          const focus = await page.evaluate<string | null>(FOCUS);
          if (focus === null) continue;
          assert.match(focus, /,false,false,false,false$/);
          met.add(focus);
        }
      }
      assert.ok(met.size > 40, `only ${met.size} places had the focus`);
      if (narrow) {
        // Nothing else is shown of a name that is too long for a row.
        await page.getByRole("button", { name: `More for ${LONG}` }).click();
        await page.getByRole("heading", { name: LONG }).waitFor();
        await page.keyboard.press("Escape");
      }
      if (!isWide) await page.locator(".player .now").click();
      const place = isWide ? ".player" : ".playing";
      await page.locator(`${place} .volume input`).fill("30");
      await hasNoProblem();
      kitchen.close();
    },
  );
}

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(
    `every element is visible in forced colours, ${colorScheme}`,
    async (browser) => {
      await using server = await PageServer.start(SONGS);
      const page = await browser.open(server.url, {
        ...{ forcedColors: "active", colorScheme },
        viewport: { width: 390, height: 720 },
      });
      await page.getByRole("button", { name: `Play ${LONG}`, exact: true })
        .click();
      await playedFor(page, 3);
      await page.locator(".track .waveform:not(.unknown)")
        .waitFor({ state: "attached" });
      const ground = await page.evaluate<string>(
        "getComputedStyle(document.querySelector('.player')).backgroundColor",
      );
      // The played part, the rest and the background are distinguishable.
      const colors = await page.evaluate<string[]>(`
        [".track .waveform", ".track .waveform .played"].map((place) =>
          getComputedStyle(document.querySelector(place)).fill)
      `);
      assert.equal(new Set([...colors, ground]).size, 3, colors.join());
      const style = await page.evaluate<string>(
        "getComputedStyle(document.querySelector('.song.here')).outlineStyle",
      );
      assert.equal(style, "solid");
      const pressed = await page.evaluate<string[]>(
        `[...document.querySelectorAll(".ways a:not(.desk, .brand)")]
          .map((way) => getComputedStyle(way).backgroundColor)`,
      );
      assert.equal(new Set(pressed).size, 2, "which room is shown is not told");
      await page.getByRole("link", { name: "Rooms" }).click();
      await page.getByRole("heading", { name: "Rooms" }).waitFor();
      await page.evaluate(AXE);
      assert.deepEqual(
        await page.evaluate(`axe.run().then(({ violations }) => violations
          .filter(({ impact }) => ["serious", "critical"].includes(impact))
          .map(({ id, nodes }) => id + ": " + nodes[0].html))`),
        [],
      );
      assert.equal(
        await page.evaluate(
          "getComputedStyle(document.querySelector('[role=switch]')).appearance",
        ),
        "auto",
      );
    },
  );
}

for (const dir of ["ltr", "rtl"]) {
  browserTest(
    `text of twice the size fits into its rows, ${dir}`,
    async (browser) => {
      await using server = await PageServer.start(SONGS);
      const page = await browser.open(
        server.url,
        { viewport: { width: 390, height: 720 } },
        `addEventListener("DOMContentLoaded", () => {
          document.documentElement.dir = "${dir}";
          document.documentElement.style.fontSize = "200%";
        })`,
      );
      await page.locator(".song").first().waitFor();
      await becomes(() => overflow(page), 0);
      const higher = await page.evaluate(
        `[...document.querySelectorAll(".song")]
        .filter((row) => row.querySelector(".about").offsetHeight >
          row.offsetHeight)
        .map((row) => row.innerText)`,
      );
      assert.deepEqual(higher, []);
      // A name of the other direction is cut at its own end, and begins where the
      // others do.
      const cut = await page.evaluate<[string, string, boolean]>(`(() => {
        const name = [...document.querySelectorAll(".song bdi.title")]
          .find((it) => it.innerText === "${LONG}");
        const { direction, textAlign } = getComputedStyle(name);
        return [direction, textAlign, name.scrollWidth > name.clientWidth];
      })()`);
      const side = dir === "ltr" ? "left" : "right";
      assert.deepEqual(cut, ["ltr", side, true]);
    },
  );
}

browserTest(
  "volume and mute are in the player from 600 px on, and below on its screen",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const page = await browser.open(server.url);
    const dialog = page.getByRole("dialog");
    for (const width of [320, 390, 600, 760, 768, 1020, 1024, 1240]) {
      await page.setViewportSize({ width, height: 720 });
      const place = width < 600 ? dialog : page.locator(".player");
      if (width < 600) await page.locator(".player .now").click();
      await place.getByRole("button", { name: "Mute", exact: true }).click();
      const unmute = place.getByRole("button", { name: "Unmute", exact: true });
      await unmute.click();
      const volume = place.getByLabel("Volume", { exact: true });
      const { width: most } = (await volume.boundingBox())!;
      await volume.click({ position: { x: 0, y: 20 } });
      await becomes(() => volume.inputValue(), "0");
      await volume.click({ position: { x: most - 1, y: 20 } });
      await becomes(() => volume.inputValue(), "100");
      assert.equal(await overflow(page), 0, `at ${width} px`);
      if (width < 600) await page.keyboard.press("Escape");
      await becomes(() => dialog.count(), 0);
    }
  },
);
