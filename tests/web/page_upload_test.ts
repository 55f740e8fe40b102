import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { assertBytes } from "../support/assert_bytes.ts";
import { join } from "@std/path";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
  playedFor,
  until,
} from "../support/browser.ts";
import { TempFolder } from "../support/programs.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";

function file(name: string, bytes: Uint8Array) {
  return { name, mimeType: "audio/wav", buffer: Buffer.from(bytes) };
}

browserTest(
  "files are uploaded with progress, and refused ones show the reason",
  async (browser) => {
    const old = wavFile(CD, noise(4000, 1));
    await using server = await PageServer.start({ "old.wav": old });
    const page = await browser.open(server.url);
    const song = wavFile(CD, noise(9_000_000, 2));
    const input = page.getByLabel("Upload songs");
    await page.evaluate(`
    globalThis.progress = new Set();
    new MutationObserver(() => {
      const bar = document.querySelector("progress");
      if (bar) progress.add(bar.value);
    }).observe(document, { subtree: true, attributes: true, childList: true });
  `);
    await input.setInputFiles([
      file("new song.wav", song),
      file("next song.wav", wavFile(CD, noise(4000, 6))),
      file("no music.wav", new TextEncoder().encode("just words")),
      file("old.wav", wavFile(CD, noise(8000, 3))),
      file("<img src=x onerror=alert(1)>.wav", old),
    ]);
    const row = (text: string) =>
      page.locator(".uploads li", { hasText: text });
    await row("new song.wav").getByText("stored, 9.0 MB").waitFor();
    await row("no music.wav").getByText(/expected "RIFF"/).waitFor();
    await row("old.wav").getByText(/there is a song of that name/).waitFor();
    await row("old.wav").getByText("or rename the file").waitFor();
    await row("<img src=x").getByText(/Windows cannot hold/).waitFor();
    // However long they are, the reasons do not lie on each other.
    await page.setViewportSize({ width: 390, height: 720 });
    await becomes(
      () =>
        page.evaluate(`[...document.querySelectorAll(".uploads li")]
        .filter((row) => row.scrollHeight > row.offsetHeight).length`),
      0,
    );
    await until(page, "progress.size > 2");
    assertBytes(
      await Deno.readFile(server.folder.file("music/new song.wav")),
      song,
    );
    // Stored ones are listed at once, also where refused ones come last.
    for (const name of ["Play new song", "Play next song"]) {
      await page.getByRole("button", { name, exact: true }).waitFor();
    }

    await row("old.wav").getByRole("button", { name: "Replace" }).click();
    await row("old.wav").getByText("stored").waitFor();
    assertBytes(
      await Deno.readFile(server.folder.file("music/old.wav")),
      wavFile(CD, noise(8000, 3)),
    );
    await page.getByRole("button", { name: "Dismiss new song.wav" }).click();
    await row("new song.wav").waitFor({ state: "detached" });
  },
);

browserTest(
  "a file dropped onto the page is uploaded while a song plays",
  async (browser) => {
    const pcm = noise(CD.rate * 4 * 10, 4);
    await using server = await PageServer.start({
      "long.wav": wavFile(CD, pcm),
    });
    const page = await browser.open(server.url);
    await page.getByRole("button", { name: "Play long", exact: true }).click();
    await playedFor(page, 1);
    const dropped = wavFile(CD, noise(3_000_000, 5));
    const base64 = Buffer.from(dropped).toString("base64");
    const event = await page.evaluateHandle(`(() => {
    const bytes = Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], "dropped.wav"));
    return transfer;
  })()`);
    await page.dispatchEvent("main", "dragover", { dataTransfer: event });
    await page.getByText("Drop songs to upload them").waitFor();
    await page.dispatchEvent("main", "drop", { dataTransfer: event });
    await page.getByText("stored, 3.0 MB").waitFor();
    assertBytes(
      await Deno.readFile(server.folder.file("music/dropped.wav")),
      dropped,
    );
    await playedFor(page, 3);
    await page.getByRole("button", { name: "Queue" }).click();
    await page.getByRole("button", { name: "About the sound" }).click();
    await page.locator(".details", { hasText: /Gaps\s*0\s*Data/ }).waitFor();
  },
);

browserTest(
  "a read-only server offers no adding, removing and renaming from the start",
  async (browser) => {
    const songs = { "a.wav": wavFile(CD, noise(400)) };
    await using server = await PageServer.start(songs, ["--read-only"]);
    const page = await browser.open(server.url);
    await page.getByRole("button", { name: "More for a" }).click();
    await page.getByRole("button", { name: "Add to queue" }).waitFor();
    for (const none of ["Rename…", "Remove from server"]) {
      assert.equal(await page.getByRole("button", { name: none }).count(), 0);
    }
    await page.keyboard.press("Escape");
    assert.equal(await page.getByLabel("Upload songs").count(), 0);
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await page.getByRole("button", { name: "Stop selecting" }).waitFor();
    const remove = page.getByRole("button", { name: "Remove from server" });
    assert.equal(await remove.count(), 0);
  },
);

browserTest(
  "a dropped folder is uploaded with its paths",
  async (browser) => {
    await using server = await PageServer.start({});
    await using dropped = await TempFolder.make();
    const song = wavFile(CD, noise(4000, 6));
    const album = dropped.file("Album");
    await Deno.mkdir(join(album, "CD 2", "empty"), { recursive: true });
    for (
      const name of [
        ...["10 last.wav", "2 next.WAV", "CD 2/1 first.wav", "...one.wav"],
        ...["cover.jpg", "CD 2/notes.txt", ".hidden.wav", "._2 next.WAV"],
      ]
    ) await Deno.writeFile(join(album, name), song);
    await Deno.writeFile(dropped.file("alone.wav"), song);
    // More in one folder than a browser lists at once.
    await Deno.mkdir(join(album, "many"));
    for (let i = 0; i < 130; i++) {
      await Deno.writeFile(join(album, "many", `${i}.wav`), song);
    }
    const page = await browser.open(server.url);
    await page.getByText("There are no songs yet").waitFor();
    await dropFiles(page, [album, dropped.file("alone.wav")]);
    // This is shown for a limited time, and the files may take longer.
    await page.getByText("Left out 2 files").waitFor();
    await page.getByText("135 of 135 stored").waitFor();
    const first = async () =>
      (await page.locator(".uploads .title").allInnerTexts()).slice(0, 6);
    await becomes(first, [
      ...[
        "alone.wav",
        "Album/...one.wav",
        "Album/2 next.WAV",
        "Album/10 last.wav",
      ],
      ...["Album/CD 2/1 first.wav", "Album/many/0.wav"],
    ]);
    for (const name of ["alone.wav", "Album/CD 2/1 first.wav"]) {
      assertBytes(
        await Deno.readFile(server.folder.file(`music/${name}`)),
        song,
      );
    }
    await page.locator(".song .detail", { hasText: "Album/CD 2" }).waitFor();
    await page.getByRole("button", { name: "Clear finished" }).click();
    await page.locator(".uploads").waitFor({ state: "detached" });
  },
);

browserTest(
  "uploads can be cancelled, repeated and cleared",
  async (browser) => {
    await using server = await PageServer.start({});
    const page = await browser.open("about:blank");
    await page.routeWebSocket(/session$/, (socket) => {
      const far = socket.connectToServer();
      // No data is sent beyond the first window, so the large one never ends.
      far.onMessage((bytes) => {
        if (!saidOnly(bytes, "grant")) socket.send(bytes);
      });
    });
    await page.goto(server.url);
    await page.getByText("There are no songs yet").waitFor();
    const big = wavFile(CD, noise(12_000_000, 7));
    const small = wavFile(CD, noise(4000, 8));
    await page.getByLabel("Upload songs").setInputFiles([
      ...[file("1 big.wav", big), file("2 small.wav", small)],
      ...[file("3 small.wav", small), file("4.wav", new Uint8Array(9))],
    ]);
    const row = (text: string) =>
      page.locator(".uploads li", { hasText: text });
    // the current one, and one that waits
    await page.getByRole("button", { name: "Cancel 3 small.wav" }).click();
    await page.getByRole("button", { name: "Cancel 1 big.wav" }).click();
    await row("1 big").getByText("cancelled").waitFor();
    await row("2 small").getByText("stored").waitFor();
    await row("3 small").getByText("cancelled").waitFor();
    await row("4.wav").getByText("Cannot").waitFor();
    const stored = [];
    for await (const { name } of Deno.readDir(server.folder.file("music"))) {
      stored.push(name);
    }
    assert.deepEqual(stored, ["2 small.wav"]);

    await row("3 small").getByRole("button", { name: "Send again" }).click();
    await row("3 small").getByText("stored").waitFor();
    await row("1 big").getByRole("button", { name: "Send again" }).click();
    await page.getByRole("button", { name: "Clear finished" }).click();
    await becomes(() => page.locator(".uploads li").count(), 1);
    await page.getByRole("button", { name: "Cancel all" }).click();
    await row("1 big").getByText("cancelled").waitFor();
    await page.getByRole("button", { name: "Dismiss 1 big.wav" }).click();
    await page.locator(".uploads").waitFor({ state: "detached" });
  },
);

browserTest(
  "an upload is cancelled at once even if the server is silent, and can be repeated",
  async (browser) => {
    await using server = await PageServer.start({});
    const page = await browser.open("about:blank");
    let silent = false;
    await page.routeWebSocket(/session$/, (socket) => {
      const far = socket.connectToServer();
      far.onMessage((bytes) => {
        if (said(bytes, "ready")) silent = true;
        else if (!silent) socket.send(bytes);
      });
    });
    await page.goto(server.url);
    await page.getByText("There are no songs yet").waitFor();
    const song = wavFile(CD, noise(4000, 8));
    await page.getByLabel("Upload songs").setInputFiles(
      ["1.wav", "2.wav", "3.wav"].map((name) => file(name, song)),
    );
    await becomes(() => silent, true);
    const cancelled = page.locator(".uploads li", { hasText: "cancelled" });
    for (const name of ["3.wav", "1.wav"]) {
      await page.getByRole("button", { name: `Cancel ${name}` }).click();
      await cancelled.filter({ hasText: name }).waitFor({ timeout: 2000 });
    }
    await page.getByRole("button", { name: "Send again 3.wav" }).click();
    await page.getByRole("button", { name: "Cancel all" }).click();
    await page.getByRole("button", { name: "Clear finished" }).click();
    await page.locator(".uploads").waitFor({ state: "detached" });
  },
);

browserTest(
  "an upload counts as stored when only the server's answer is lost",
  async (browser) => {
    await using server = await PageServer.start({});
    const page = await browser.open("about:blank");
    let lost = 0;
    await page.routeWebSocket(/session$/, (socket) => {
      const far = socket.connectToServer();
      far.onMessage((bytes) => {
        if (!said(bytes, "stored") || lost > 0) socket.send(bytes);
        else socket.close();
        if (said(bytes, "stored")) lost++;
      });
    });
    await page.goto(server.url);
    await page.getByText("There are no songs yet").waitFor();
    const song = wavFile(CD, noise(4000, 8));
    const input = page.getByLabel("Upload songs");
    await input.setInputFiles([file("mine.wav", song)]);
    await page.getByText("1 of 1 stored").waitFor();
    assert.equal(lost, 1);
    // A file that existed before is a different case.
    await input.setInputFiles([file("mine.wav", song)]);
    await page.getByText(/there is a song of that name$/).waitFor();
  },
);

browserTest(
  "a file that has changed since it was chosen is reported as changed",
  async (browser) => {
    await using server = await PageServer.start({});
    await using folder = await TempFolder.make();
    const page = await browser.open(server.url);
    await page.getByText("There are no songs yet").waitFor();
    const paths = ["1.wav", "2.wav"].map((name) => folder.file(name));
    await Deno.writeFile(paths[0], wavFile(CD, noise(60_000_000, 7)));
    await Deno.writeFile(paths[1], wavFile(CD, noise(4000, 7)));
    await page.getByLabel("Upload songs").setInputFiles(paths);
    await Deno.remove(paths[1]);
    await page.getByText(/it was changed, moved or deleted/).waitFor();
  },
);

browserTest(
  "a song that is stored while the list is loaded is shown too",
  async (browser) => {
    await using server = await PageServer.start({});
    const page = await browser.open("about:blank");
    const held: (() => void)[] = [];
    let holds = true;
    await page.routeWebSocket(/session$/, (socket) => {
      const far = socket.connectToServer();
      far.onMessage((bytes) => {
        if (!holds || !said(bytes, "songs")) socket.send(bytes);
        else held.push(() => socket.send(bytes));
      });
    });
    await page.goto(server.url);
    await page.getByLabel("Upload songs").setInputFiles([
      file("new.wav", wavFile(CD, noise(4000, 8))),
    ]);
    await page.getByText("1 of 1 stored").waitFor();
    holds = false;
    held.forEach((send) => send());
    await page.getByRole("button", { name: "Play new", exact: true })
      .waitFor();
  },
);

/** Whether bytes from a server contain a message of a type. */
function said(bytes: string | Buffer, type: string): boolean {
  return bytes.toString("latin1").includes(`"type":"${type}"`);
}

/** Whether bytes from a server are exactly one message of a type. */
function saidOnly(bytes: string | Buffer, type: string): boolean {
  const messages = bytes.toString("latin1").split('"type":').length - 1;
  return messages === 1 && said(bytes, type);
}

/** Drops files of the disk onto the page, as a file manager does. */
async function dropFiles(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", {
      ...{ type, x: 200, y: 300, data },
    });
  }
}
