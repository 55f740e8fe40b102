import assert from "node:assert/strict";
import {
  browserTest,
  type Page,
  PageServer,
  playedFor,
} from "../support/browser.ts";
import { AXE } from "../support/axe.ts";
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

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(
    `axe finds no serious problem on the page in ${colorScheme} mode`,
    async (browser) => {
      await using server = await PageServer.start();
      const others = await Promise.all(
        [true, false].map((receive) =>
          openSession(server.ports.session, {
            name: `other ${receive}`,
            receive,
          })
        ),
      );
      others[0].request({ type: "play", song: "canon in d", from: 0 });
      const page = await browser.open(server.url, {
        colorScheme,
        reducedMotion: "reduce",
      });
      await page.getByRole("button", { name: "Play Ode to Joy", exact: true })
        .click();
      await playedFor(page, 1);
      assert.deepEqual(await problemsOf(page), []);
      await page.getByRole("button", { name: /Greensleeves on another/ })
        .click();
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await problemsOf(page), []);
      await page.keyboard.press("Escape");
      await page.setViewportSize({ width: 390, height: 780 });
      assert.deepEqual(await problemsOf(page), []);
      await page.getByRole("button", { name: /^Devices/ }).click();
      await page.getByText("other true", { exact: true }).waitFor();
      assert.deepEqual(await problemsOf(page), []);
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
      await page.locator(".waveform").first().waitFor({ state: "attached" });
      await page.getByRole("button", { name: "Play Ode to Joy", exact: true })
        .click();
      await playedFor(page, 1);
      const shift = await page.evaluate<number>("shift");
      assert.ok(shift < 0.01, `shift of ${shift}`);
      const wide = await page.evaluate(
        "document.documentElement.scrollWidth - innerWidth",
      );
      assert.equal(wide, 0, "it is wider than the screen");
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
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await started, "Greensleeves.wav");
  other.close();
});

for (const [width, height] of [[770, 600], [1240, 700], [1900, 900]]) {
  browserTest(
    `notices cover neither devices nor the buttons of songs at ${width} × ${height}`,
    async (browser) => {
      await using server = await PageServer.start();
      const other = await openSession(server.ports.session, {
        name: "A device with a name that is much longer than any other",
        receive: true,
      });
      const page = await browser.open(server.url, {
        viewport: { width, height },
      });
      await page.getByRole("button", { name: /Greensleeves on another/ })
        .click();
      await page.getByRole("button", { name: /^A device/ }).click();
      await page.getByText(/plays on/).waitFor();
      const [notice, devices, button] = await Promise.all(
        [".notices p", ".devices-room", ".song button.round"]
          .map((what) => page.locator(what).first().boundingBox()),
      );
      assert.ok(notice!.x >= button!.x + button!.width);
      assert.ok(notice!.x + notice!.width <= devices!.x);
      assert.ok(notice!.width > 200);
      other.close();
    },
  );
}
