import assert from "node:assert/strict";
import { toFloats } from "../../lib/audio/pcm.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { browserTest, indexIn, recorded, until } from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { NetworkNamespace } from "../support/network_namespace.ts";
import {
  RunningProgram,
  serverCommand,
  TempFolder,
} from "../support/programs.ts";
import { Buffer } from "node:buffer";

const SECONDS = 2;

/** Blocks the page for longer than it schedules ahead, at the worst moment. */
const HOLD_UP = `{
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (when) {
    AudioBufferSourceNode.prototype.start = start;
    const { currentTime } = this.context;
    const until = performance.now() + 5_000;
    while (this.context.currentTime <= when && performance.now() < until);
    test.heldUpSeconds = this.context.currentTime - currentTime;
    start.call(this, when);
  };
}`;

/** Asserts that a song was played without a gap in the recorded part. */
function assertHeard(heard: Float32Array, song: Float32Array): void {
  const from = heard.findIndex((value) => value !== 0);
  const at = from - indexIn(song, heard.subarray(from, from + 16));
  const part = song.map((_, i) => heard[at + i] ?? NaN);
  const lost = part.filter(Number.isNaN).length;
  assert(lost < song.length / 2, `${lost} of ${song.length} not recorded`);
  const expected = song.map((value, i) => Number.isNaN(part[i]) ? NaN : value);
  assertBytes(new Uint8Array(part.buffer), new Uint8Array(expected.buffer));
}

browserTest(
  "a page over plain HTTP from another machine uploads, and plays every sample even when blocked",
  async (browser) => {
    await using folder = await TempFolder.make();
    const pcm = noise(CD.rate * 4 * SECONDS, 21);
    const music = folder.file("music");
    await Deno.mkdir(music);
    await Deno.writeFile(`${music}/song.wav`, wavFile(CD, pcm));
    await using elsewhere = await NetworkNamespace.make();
    const [file, words] = serverCommand([
      ...["--host", elsewhere.address, "--port", "0", "--http-port", "0"],
      ...["--stream-port", "off", "--music", music],
    ]);
    await using server = new RunningProgram(
      ...elsewhere.command(file, words),
      { env: { XDG_DATA_HOME: folder.path } },
    );
    const [, ports] = await server.printed(/^listening (.*)\n/);
    const page = await browser.openRecorded(
      `http://${elsewhere.address}:${JSON.parse(ports).http}/#/songs`,
    );
    assert.deepEqual(
      await page.evaluate(
        "[isSecureContext, typeof crypto.subtle, typeof crypto.randomUUID, " +
          "typeof new OfflineAudioContext(1, 1, 8000).audioWorklet]",
      ),
      [false, "undefined", "undefined", "undefined"],
    );
    await page.evaluate(HOLD_UP);
    await page.getByRole("button", { name: "Play song", exact: true }).click();
    await until(
      page,
      "test.channels[0]?.reduce((sum, { length }) => sum + length, 0) > " +
        (SECONDS + 0.5) * CD.rate,
    );
    assert(await page.evaluate("test.heldUpSeconds > 0"));
    const heard = await recorded(page);
    toFloats(CD, pcm).forEach((plane, channel) => {
      assertHeard(heard[channel], plane);
    });

    const song = wavFile(CD, noise(2_000_000, 22));
    await page.getByLabel("Upload songs").setInputFiles([
      { name: "new.wav", mimeType: "audio/wav", buffer: Buffer.from(song) },
    ]);
    await page.getByText("stored, 2.0 MB").waitFor();
    assertBytes(await Deno.readFile(`${music}/new.wav`), song);
  },
  { ignore: !NetworkNamespace.possible },
);
