import assert from "node:assert/strict";
import {
  browserTest,
  hasBrowser,
  PageServer,
  recorded,
  TestBrowser,
  until,
} from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { noiseSong, type Room, Rooms } from "../support/rooms.ts";
import { openSession } from "../support/sessions.ts";
import { spread } from "../support/skew.ts";
import {
  type Channel,
  needsSoundServer,
  pathOf,
} from "../support/sound_server.ts";
import { seen } from "../support/seen.ts";

const WITH_SOUND = ["--autoplay-policy=no-user-gesture-required"];
const PLAYERS: Room[] = [
  { name: "kitchen", player: "pacat", channel: "rear-left" },
  { name: "study", player: "mpv", channel: "front-center" },
  { name: "attic", player: "aplay", channel: "front-left" },
];
/** Where little else runs, rooms are this far apart at most, and each one. */
const MEDIAN_MS = 0.3;
const ONE_MEDIAN_MS = 1;
const MOST_LOAD = 2;
/** Where each tab sounds: browsers know the front alone. */
const TABS: Record<string, Channel> = {
  "tab 1": "front-left",
  "tab 2": "front-right",
};

/** Names a page's device, and leaves one channel of what it sounds. */
function oneChannel(name: string, channel: number): string {
  return `
    localStorage.setItem("ondacast.name", "${name}");
    const { connect } = AudioNode.prototype;
    AudioNode.prototype.connect = function (to, ...rest) {
      const { context } = this;
      if (to !== context.destination) return connect.call(this, to, ...rest);
      const splitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
      const merger = new ChannelMergerNode(context, { numberOfInputs: 2 });
      connect.call(this, splitter);
      connect.call(splitter, merger, 0, ${channel});
      return connect.call(merger, to);
    };`;
}

Deno.test({
  name: "pages are in step with other players of their group",
  ignore: needsSoundServer.ignore || !hasBrowser ||
    ["mpv", "aplay"].some((it) => pathOf(it) === null),
  // playwright keeps resources open.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const loads = [Deno.loadavg()[0]];
    await using home = await Rooms.start(
      { "noise.wav": noiseSong(90) },
      PLAYERS,
      { serverPpm: 0 },
    );
    await using browser = await TestBrowser.start({
      args: WITH_SOUND,
      env: home.soundEnv,
    });
    const { recording, session } = home;
    const open = async (name: string) => {
      const side = TABS[name] === "front-left" ? 0 : 1;
      const tab = await browser.open(home.pageUrl, {}, oneChannel(name, side));
      const isHere = async () => {
        const { groups } = await session.request({ type: "groups" });
        return groups!.some((group) => group.name === name);
      };
      for (let i = 0; !await isHere(); i++) {
        assert.ok(i < 300, `${name} is no device`);
        await tab.waitForTimeout(50);
      }
    };
    /** Milliseconds that others of a group are apart from the kitchen. */
    const apart = async (others: Record<string, Channel>) => {
      const to = ["kitchen", ...Object.keys(others)];
      await session.request({ type: "queue", to, songs: ["noise"] });
      await recording.seconds(10); // The clocks become known.
      for (let trial = 1; !await areIn(others); trial++) {
        assert.ok(trial < 4, "they are not in step");
      }
    };
    const areIn = async (others: Record<string, Channel>) => {
      const from = recording.frames;
      await recording.seconds(6);
      loads.push(Deno.loadavg()[0]);
      const all: number[][] = [];
      for (const [name, channel] of Object.entries(others)) {
        const heard = recording.channel(channel, from);
        const silent = heard.filter((it) => it === 0).length / heard.length;
        assert.ok(silent < 0.5, `${name} is silent`);
        const skews = home.skewsOf(channel, from, recording.frames)
          .filter((it) => it !== null);
        report(`${name}, ms apart`, spread(skews));
        all.push(skews);
      }
      const { median } = spread(all.flat());
      report("all, ms apart", median);
      // A stream that has run dry is told wrong times for seconds.
      return Math.max(...loads) > MOST_LOAD || median < MEDIAN_MS &&
          all.every((it) => spread(it).median < ONE_MEDIAN_MS);
    };
    await open("tab 2");
    await apart({
      ...{ study: "front-center", attic: "front-left" },
      "tab 2": TABS["tab 2"],
    });
    await session.request({ type: "ungroup", devices: ["study", "attic"] });
    await open("tab 1");
    await apart(TABS);
  },
});

function report(what: string, figures: unknown): void {
  // deno-lint-ignore no-console
  console.log(`  ${what}: ${JSON.stringify(figures)}`);
}

browserTest(
  "an album has no gap and no overlap on a page, to the sample",
  async (browser) => {
    const songs = [1, 2, 3].map((seed) => noise(CD.rate * 4 * 1.5, seed));
    await using server = await PageServer.start(
      Object.fromEntries(
        songs.map((pcm, i) => [`song ${i + 1}.wav`, wavFile(CD, pcm)]),
      ),
    );
    const page = await browser.openRecorded(server.url);
    await page.getByRole("button", { name: "Play song 1", exact: true })
      .click();
    await until(page, "test.firstAtMs !== null");
    await page.getByText("Nothing plays").waitFor();
    const [left] = await recorded(page);
    const album = songs.flatMap((pcm) => {
      const samples = new Int16Array(pcm.slice().buffer);
      return Array.from(samples.filter((_, i) => i % 2 === 0), toFloat);
    });
    const first = left.findIndex((value) => value !== 0);
    const begin = album.findIndex((value) => value !== 0);
    const heard = left.subarray(first - begin, first - begin + album.length);
    const off = album.findIndex((value, i) => value !== heard[i]);
    assert.equal(off, -1, `another sample at ${off} of ${album.length}`);
  },
);

function toFloat(sample: number): number {
  return sample / 32768;
}

browserTest(
  "a page follows the line of its group: it pauses, resumes, seeks, and goes on after a reload",
  async (browser) => {
    await using server = await PageServer.start({
      "long.wav": wavFile(CD, noise(CD.rate * 4 * 120, 1)),
    });
    const page = await browser.openRecorded(server.url);
    await page.evaluate("localStorage.setItem('ondacast.name', 'tab')");
    await page.reload();
    await until(page, "document.body.innerText.includes('long')");
    // It says nothing, and so needs nothing.
    const member = await openSession(server.ports.session, {
      ...{ name: "hall", receive: true },
    });
    const to = ["tab", "hall"];
    await member.request({ type: "queue", to, songs: ["long"] });
    const control = (
      action: "pause" | "resume" | "seek",
      value?: number,
    ) => member.request({ type: "control", to: ["hall"], action, value });
    const level = "Math.max(...(test.channels[0]?.at(-1) ?? [0]))";
    await until(page, `${level} > 0`);
    const own = async () => {
      const { groups } = await member.request({ type: "groups" });
      const [row] = groups!;
      return { row, device: row.devices.find(({ name }) => name === "tab")! };
    };
    await seen(
      "a tab that is exactly in step",
      own,
      ({ device }) => device.step?.grade === "exact",
    );
    await control("pause");
    await until(page, `${level} === 0`);
    // The device stays warm.
    assert.equal(
      await page.evaluate("test.contexts.at(-1).state"),
      "running",
    );
    await control("seek", 60);
    await control("resume");
    await until(page, `${level} > 0`);
    await until(
      page,
      "document.querySelector('.player .track input').valueAsNumber > 60",
    );
    await page.reload();
    await until(page, `${level} > 0`);
    const { row } = await own();
    assert.deepEqual([row.devices.length, row.state], [2, "playing"]);
    member.close();
  },
  { args: WITH_SOUND },
);
