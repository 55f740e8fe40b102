import assert from "node:assert/strict";
import {
  browserTest,
  type Page,
  PageServer,
  playedFor,
  until,
} from "../support/browser.ts";
import { AXE } from "../support/axe.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { openSession } from "../support/sessions.ts";

/** The serious findings of axe. */
async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return await page.evaluate<string[]>(`axe.run().then(({ violations }) =>
    violations
      .filter(({ impact }) => ["serious", "critical"].includes(impact))
      .map(({ id, nodes }) => id + ": " + nodes[0].html)
  )`);
}

/** What the page shows, and how to get there from the list of songs. */
const STATES: [state: string, steps: (page: Page) => Promise<unknown>][] = [
  ["songs", () => Promise.resolve()],
  [
    "home",
    async (page) => {
      await page.getByRole("link", { name: "Home" }).click();
      await page.getByText("Surprise me").waitFor();
    },
  ],
  [
    "album",
    async (page) => {
      await page.locator(".tiles a").first().click();
      await page.getByRole("heading", { name: "An album" }).waitFor();
      await page.locator(".song").nth(1).waitFor();
    },
  ],
  [
    "menu",
    async (page) => {
      await page.getByRole("button", { name: /^More for/ }).first().click();
      await page.getByRole("dialog").waitFor();
    },
  ],
  [
    "rooms to play in",
    async (page) => {
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Play on…" }).first().click();
      await page.getByRole("dialog").getByText("other true").waitFor();
    },
  ],
  [
    "rooms",
    async (page) => {
      await page.keyboard.press("Escape");
      await page.getByRole("link", { name: "Rooms" }).click();
      await page.getByRole("heading", { name: "other true" }).waitFor();
    },
  ],
  [
    "nothing found",
    async (page) => {
      await page.getByLabel("Search songs").fill("no such song");
      await page.getByText("Nothing found").waitFor();
    },
  ],
  [
    "playing",
    async (page) => {
      await page.locator(".player .now").click();
      await page.getByRole("dialog").waitFor();
    },
  ],
];

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(
    `axe finds no serious problem in any state of the page, ${colorScheme}`,
    async (browser) => {
      await using server = await PageServer.start({
        "An album/One.wav": wavFile(CD, noise(CD.rate * 4 * 60)),
        "An album/Two.wav": wavFile(CD, noise(CD.rate * 4, 2)),
      });
      const others = await Promise.all(
        [true, false].map((receive) =>
          openSession(server.ports.session, {
            name: `other ${receive}`,
            receive,
          })
        ),
      );
      const page = await browser.open(server.url, {
        colorScheme,
        reducedMotion: "reduce",
        // The states are looked at on a desk and on a phone, in turns.
        viewport: colorScheme === "light"
          ? { width: 1280, height: 800 }
          : { width: 390, height: 780 },
      });
      await page.getByRole("button", { name: "Play One", exact: true }).click();
      await playedFor(page, 1);
      for (const [state, show] of STATES) {
        await show(page);
        assert.deepEqual(await problemsOf(page), [], state);
      }
      others.forEach((session) => session.close());
    },
  );
}

browserTest(
  "the layout does not shift while the page loads and plays",
  async (browser) => {
    await using server = await PageServer.start();
    for (const viewport of [undefined, { width: 390, height: 780 }]) {
      const page = await browser.open("about:blank", { viewport });
      await page.addInitScript(`
      globalThis.shift = 0;
      new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) shift += value;
      }).observe({ type: "layout-shift", buffered: true });
    `);
      await page.goto(server.url);
      await page.locator(".song").first().waitFor();
      await page.getByRole("button", { name: "Play Ode to Joy", exact: true })
        .click();
      await playedFor(page, 1);
      const shift = await page.evaluate<number>("shift");
      assert.ok(shift < 0.01, `shift of ${shift}`);
      await until(page, "document.documentElement.scrollWidth === innerWidth");
    }
  },
);

browserTest("every control can be used by keyboard", async (browser) => {
  await using server = await PageServer.start();
  const other = await openSession(server.ports.session, {
    name: "kitchen",
    receive: true,
  });
  const started = new Promise<string>((resolve) => {
    other.listen({ cast: ({ start: { song } }) => resolve(song) });
  });
  const page = await browser.open(server.url);
  await page.getByText("Greensleeves").waitFor();
  const focused = () =>
    page.evaluate<string>(
      "document.activeElement.getAttribute('aria-label') ?? " +
        "document.activeElement.innerText",
    );
  const tabTo = async (name: string) => {
    for (let i = 0; i < 40 && await focused() !== name; i++) {
      await page.keyboard.press("Tab");
    }
    assert.equal(await focused(), name);
  };
  await page.keyboard.press("Space");
  await page.locator(".now", { hasText: "Canon in D" }).waitFor();
  await tabTo("Play Ode to Joy");
  await page.keyboard.press("Enter");
  await page.locator(".now", { hasText: "Ode to Joy" }).waitFor();
  await tabTo("Position");
  await page.keyboard.press("ArrowRight");
  await playedFor(page, 10);
  await page.reload();
  await page.getByText("Greensleeves").waitFor();
  await tabTo("Play Greensleeves on another device");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("kitchen").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await started, "Greensleeves.wav");
  other.close();
});

for (const [width, height] of [[390, 700], [770, 600], [1900, 900]]) {
  browserTest(
    `notices cover neither the player nor the rooms at ${width} × ${height}`,
    async (browser) => {
      await using server = await PageServer.start();
      const page = await browser.open(server.url, {
        viewport: { width, height },
      });
      await page.getByRole("button", { name: "More for Greensleeves" }).click();
      await page.getByRole("button", { name: "Add to queue" }).click();
      await page.getByText(/^Queued/).waitFor();
      const [notice, main, player] = await Promise.all(
        [".notices p", "main", ".player"]
          .map((what) => page.locator(what).first().boundingBox()),
      );
      assert.ok(notice!.x >= main!.x);
      assert.ok(notice!.x + notice!.width <= main!.x + main!.width);
      assert.ok(notice!.y + notice!.height <= player!.y);
      assert.ok(notice!.width > 200);
    },
  );
}
