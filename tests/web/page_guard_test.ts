import assert from "node:assert/strict";
import {
  becomes,
  browserTest,
  PageServer,
  playedFor,
  until,
} from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { openSession } from "../support/sessions.ts";

const SONGS = { "one.wav": wavFile(CD, noise(CD.rate * 4 * 5)) };
const isFocused = (element: unknown) =>
  element ===
    (globalThis as unknown as { document: { activeElement: unknown } })
      .document.activeElement;
const EVIL = `<img src=x onerror="document.title='bad'">`;

browserTest(
  "the page plays under its strict policy without a violation",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    const response = await fetch(server.root);
    const policy = response.headers.get("content-security-policy")!;
    const html = await response.text();
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
    const rest = policy.replace("'wasm-unsafe-eval'", "");
    assert.doesNotMatch(rest, /unsafe|\*|https?:/);
    assert.doesNotMatch(
      html,
      /<script(?![^>]*src=)|style=|\son\w+=|https?:\/\//,
    );

    const page = await browser.open(server.url);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.reload();
    await page.getByRole("button", { name: "Play one", exact: true }).click();
    await playedFor(page, 1);
    const others = asked.filter((url) =>
      !url.startsWith(server.root) && !url.startsWith("blob:")
    );
    assert.deepEqual(others, []);
    assert.deepEqual(browser.problems, []);
    await page.evaluate(`{
      const script = document.createElement("script");
      script.textContent = "globalThis.ran = true";
      document.body.append(script);
    }`);
    await becomes(() => browser.problems.length, 1);
    assert.match(browser.problems.pop()!, /Content Security Policy/);
    assert.equal(await page.evaluate("globalThis.ran"), undefined);
  },
);

browserTest(
  "names are shown literally, even if they contain markup",
  async (browser) => {
    await using server = await PageServer.start({
      "'&lt;b&gt; $& ${1}.wav": SONGS["one.wav"],
      [`${EVIL.replaceAll("/", "")}.wav`]: SONGS["one.wav"],
    });
    const evil = await openSession(server.ports.session, {
      name: EVIL,
      receive: true,
    });
    const page = await browser.open(server.url);
    await page.getByText("'&lt;b&gt; $& ${1}", { exact: true }).waitFor();
    for (const room of [".songs", ".rooms-side"]) {
      await page.locator(room).getByText(EVIL, { exact: true }).waitFor();
    }
    await page.getByRole("button", { name: "on another device" }).first()
      .click();
    const choice = page.getByRole("dialog").getByText(EVIL, { exact: true });
    await choice.click();
    await page.locator(".output").getByText(EVIL, { exact: true }).waitFor();
    await page.getByLabel("Search songs").fill(`${EVIL}!`);
    await page.getByText(`Nothing found for “${EVIL}!”`).waitFor();
    assert.equal(await page.title(), "Ondacast");
    assert.equal(await page.locator("#page img").count(), 1, "its own icon");
    evil.close();
  },
);

browserTest(
  "texts of other clients can neither hide nor reorder parts of the page",
  async (browser) => {
    await using server = await PageServer.start({
      "שיר.wav": SONGS["one.wav"],
    });
    const other = await openSession(server.ports.session, {
      name: "מטבח",
      receive: true,
    });
    const { stream } = await other.request({
      ...{ type: "play", song: "שיר", from: 0 },
    });
    other.send({
      ...{ type: "state", stream, position: 0, volume: 1, underruns: 0 },
      ...{ playing: true, problem: "broken\u202e\u200b\u0007 \u2066x" },
    });
    const page = await browser.open(server.url);
    await page.getByText("broken\\u202e\\u200b\\u0007 \\u2066x").waitFor();
    await page.getByRole("button", { name: "Play שיר on another" }).click();
    await page.getByRole("dialog").getByText("מטבח").click();
    await page.locator(".output").getByText("מטבח").waitFor();
    await page.locator(".song-name").getByText("שיר").waitFor();
    for (
      const place of [
        ...[".song .title", ".room h3 > *", ".song-name", ".output *"],
      ]
    ) {
      const names = page.locator(`${place}:is(bdi)`);
      assert.match(
        (await names.allTextContents()).join(" "),
        /שיר|מטבח/,
        place,
      );
    }
    other.close();
  },
);

browserTest(
  "the page asks for a token, and stores it only if the user wants that",
  async (browser) => {
    await using server = await PageServer.start(SONGS, ["--token", "geheim ü"]);
    const page = await browser.open(server.url);
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Token").fill("wrong");
    await dialog.getByRole("button", { name: "Enter" }).click();
    await dialog.getByText("the token is not this server's").waitFor();
    // Browsers close a dialog at a second Esc.
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press("Escape");
      await dialog.getByLabel("Token").waitFor();
    }
    await becomes(() => dialog.getByLabel("Token").evaluate(isFocused), true);
    await dialog.getByLabel("Token").fill("geheim ü");
    await dialog.getByLabel("Remember it").check();
    await dialog.getByRole("button", { name: "Enter" }).click();
    await page.locator(".song").getByText("one").waitFor();
    await dialog.waitFor({ state: "hidden" });
    // Waveforms need the token too.
    await page.getByRole("button", { name: "Play one", exact: true }).click();
    await page.locator(".waveform:not(.unknown)").waitFor();
    const { status } = await fetch(`${server.root}peaks?song=one.wav&etag=x`);
    assert.equal(status, 401);
    await page.reload();
    await page.locator(".song").getByText("one").waitFor();
  },
);

browserTest("the page works over TLS", async (browser) => {
  await using server = await PageServer.start(SONGS, [
    ...["--tls-self-signed", "--stream-port", "off"],
  ]);
  const url = server.url.replace("http:", "https:");
  const page = await browser.openRecorded(url, { ignoreHTTPSErrors: true });
  await page.getByRole("button", { name: "Play one", exact: true }).click();
  await until(page, "test.channels[0]?.length * 128 > 4410");
  assert.equal(
    await page.evaluate("location.protocol + isSecureContext"),
    "https:true",
  );
});

browserTest(
  "a page of another origin cannot open a session",
  async (browser) => {
    await using server = await PageServer.start(SONGS);
    await using other = await PageServer.start({});
    const page = await browser.open(other.url, { bypassCSP: true });
    const opened = await page.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket("ws://127.0.0.1:${server.ports.http}/session");
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
  })`);
    assert.equal(opened, false);
  },
);
