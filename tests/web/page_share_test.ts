import assert from "node:assert/strict";
import { becomes, browserTest, PageServer } from "../support/browser.ts";
import { hearStreams } from "../support/hear_streams.ts";
import { openSession } from "../support/sessions.ts";

/** Chromium's own microphone, which beeps each second. */
const MICROPHONE = {
  args: [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
  ],
};

browserTest(
  "a page shares its microphone as a live song until it is stopped, over another connection too",
  async (browser) => {
    await using server = await PageServer.start({});
    const page = await browser.open(`${server.root}#/rooms`);
    await page.getByLabel("Name of this browser").fill("desk");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Share this microphone" }).click();
    await page.getByText("Others hear it as “live/desk”").waitFor();
    const session = await openSession(server.ports.session);
    let loud = Promise.withResolvers<void>();
    const play = hearStreams(session, {
      data(piece) {
        if (piece.subarray(44).some((it) => it !== 0)) loud.resolve();
      },
    });
    const { format } = await play({ song: "live/desk" });
    assert.equal(format.channels, 2);
    await loud.promise;
    const drawn = await fetch(`${server.root}waveform/live/desk`);
    assert.equal(drawn.headers.get("cache-control"), "no-store");
    const peaks = await drawn.bytes();
    assert.equal(peaks.length, 480);
    assert.ok(peaks.some((it) => it > 0));
    // Renaming takes another connection, on which the song goes on.
    await page.getByLabel("Name of this browser").fill("table");
    await page.keyboard.press("Enter");
    await page.locator(".status.online").waitFor();
    loud = Promise.withResolvers();
    await loud.promise;
    await page.getByRole("button", { name: "Stop sharing" }).click();
    await page.getByRole("button", { name: "Share this microphone" }).waitFor();
    await becomes(
      async () =>
        (await session.request({ type: "list" })).songs
          .filter(({ live }) => live).length,
      0,
    );
    session.close();
  },
  MICROPHONE,
);

browserTest(
  "a page names the reason if its microphone is refused",
  async (browser) => {
    await using server = await PageServer.start({});
    const page = await browser.open(`${server.root}#/rooms`);
    await page.getByRole("button", { name: "Share this microphone" }).click();
    await page.getByText("Cannot use the microphone").waitFor();
  },
);

browserTest(
  "a microphone that is asked for twice is opened once",
  async (browser) => {
    await using server = await PageServer.start({});
    const page = await browser.open(
      `${server.root}#/rooms`,
      {},
      `globalThis.asked = 0;
      MediaDevices.prototype.getUserMedia = () => {
        asked++;
        return new Promise((_, refuse) =>
          globalThis.refuse = () => refuse(new Error("not now")));
      };`,
    );
    const share = page.getByRole("button", { name: "Share this microphone" });
    await share.click();
    await share.click();
    assert.equal(await page.evaluate("asked"), 1);
    await page.evaluate("refuse()");
    await page.getByText("Cannot use the microphone: not now").waitFor();
    await share.click();
    assert.equal(await page.evaluate("asked"), 2);
  },
);
