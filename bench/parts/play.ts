/**
 * Playing one song in real time: CPU and memory of our client and of the players
 * that people would use instead.
 *
 * @module
 */

import {
  cpuSeconds,
  isThere,
  rssBytes,
  Running,
  sleep,
  task,
} from "../programs.ts";
import { type Results, US } from "../results.ts";
import { startOurs, startSnapserver } from "../servers.ts";
import type { Workshop } from "../workshop.ts";

/** Start-up time that is not measured. */
const START_MS = 3000;

/** All players, one after the other. */
export async function play(shop: Workshop, results: Results): Promise<void> {
  const seconds = shop.options.quick ? 10 : 20;
  await using ours = await startOurs(shop.hotFolder);
  const server = `127.0.0.1:${ours.sessionPort}`;
  const our = (player: string) =>
    task(
      "ondacast",
      ...["play", "song", "--no-cache", "--player", player, "--server", server],
    );
  const players: Record<string, () => Promise<string[]>> = {
    [US]: () => our("null"),
    "ondacast with ffplay, ffplay's own left out": () => our("ffplay"),
    ffplay: () =>
      installed(`ffplay -loglevel error -nodisp -autoexit ${shop.hotSong}`),
    mpv: () =>
      installed(`mpv --no-config --no-video --ao=null ${shop.hotSong}`),
  };
  for (const [who, words] of Object.entries(players)) {
    await add(results, who, words, seconds);
  }
  try {
    await using snapserver = await startSnapserver(shop);
    const address = `--host 127.0.0.1 --port ${snapserver.ask[2]}`;
    const words = `snapclient ${address} --player file:filename=/dev/null`;
    await add(results, "snapclient", () => installed(words), seconds);
  } catch (error) {
    results.note((error as Error).message);
  }
  results.bound("client plays a CD song: CPU", { atMost: 1.5 });
}

async function add(
  results: Results,
  who: string,
  words: () => Promise<string[]>,
  seconds: number,
): Promise<void> {
  try {
    await using program = new Running(await words(), {
      env: { SDL_AUDIODRIVER: "dummy" },
    });
    await sleep(START_MS);
    const before = cpuSeconds(program.pid);
    await sleep(seconds * 1000);
    const cpu = (cpuSeconds(program.pid) - before) / seconds;
    const rss = rssBytes(program.pid);
    results.add("client plays a CD song: CPU", who, "% of a core", [cpu * 100]);
    results.add("client plays a CD song: memory", who, "MB", [rss / 1e6]);
  } catch (error) {
    results.note(`${who}: ${(error as Error).message}`);
  }
}

async function installed(words: string): Promise<string[]> {
  const [program, ...more] = words.split(" ");
  if (await isThere(program)) return [program, ...more];
  throw new Error(`${program} is not installed`);
}
