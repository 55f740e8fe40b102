/**
 * Takes the pictures of the terminal in `docs/pictures/`: what the real programs
 * print, as drawings. `deno run -A --lock=tests/deno.lock .ci/terminal_pictures.ts`,
 * on Linux, with ffplay.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";
import { TempFolder, TestServer } from "../tests/support/programs.ts";
import { TerminalProgram } from "../tests/support/terminal.ts";

const FOLDER = new URL("../docs/pictures/", import.meta.url);
const COLUMNS = 84;
/** How far a song has played in the picture. */
const PLAYED_MS = 6_000;
/** Until a receiver is there, and until it plays. */
const READY_MS = 4_000;

/** Sizes in pixels. */
const [CHARACTER, LINE, EDGE, BAR] = [8.43, 20, 18, 34];
/** What text without a style is drawn as. */
const PLAIN = 'fill="#d7dce2"';
/** What a colour or weight is drawn as, by its number (ECMA-48, section 8.3.117). */
const STYLES: Record<string, string> = {
  1: 'font-weight="bold" fill="#fff"',
  2: 'fill="#8b949e"',
  32: 'fill="#7ee787"',
  36: 'fill="#58c4dd"',
};

await takePictures();
Deno.exit(); // What the programs keep open is over.

async function takePictures(): Promise<void> {
  await using server = await TestServer.start([]);
  await using home = await TempFolder.make();
  const env = { HOME: home.path, SDL_AUDIODRIVER: "dummy" };
  const open = (words: string[]) =>
    new TerminalProgram([...words, "--server", server.address], COLUMNS, env);
  const shown = async (words: string[], playedMs = 0) => {
    const terminal = open(words);
    if (playedMs > 0) {
      await pause(playedMs);
      await terminal.press("q");
    }
    const command = `\x1b[32m$\x1b[39m \x1b[1mondacast ${words.join(" ")}`;
    return [command, ...screenOf((await terminal.ended()).shown)];
  };
  await draw("play", "A terminal in which ondacast lists and plays songs", [
    ...await shown(["list"]),
    ...await shown(["play", "canon"], PLAYED_MS),
  ]);
  const rooms = ["Kitchen", "'Living room'"];
  const receivers = rooms.map((name) =>
    open(["receive", "--name", name.replaceAll("'", "")])
  );
  await pause(READY_MS);
  await draw("cast", "A terminal in which a song is cast to two rooms", [
    ...await shown(["cast", "canon", "--to", "kitchen", "living"]),
    ...await shown(["volume", "40", "--to", "kitchen"]),
    ...await shown(["groups"]),
  ]);
  for (const receiver of receivers) await receiver.press("q");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The lines as they are in the end; a status line as it was while it played. */
function screenOf(shown: string): string[] {
  const lines = shown.trimEnd().split("\r\n").map((line) => {
    const all = line.split("\r")
      .filter((it) => stripVTControlCharacters(it) !== "");
    return all.findLast((it) => it.includes("▶")) ?? all.at(-1) ?? "";
  });
  const playing = lines.findIndex((line) => line.includes("▶"));
  return playing < 0 ? lines : lines.slice(0, playing + 1);
}

async function draw(
  name: string,
  label: string,
  lines: readonly string[],
): Promise<void> {
  const width = Math.ceil(2 * EDGE + COLUMNS * CHARACTER);
  const height = BAR + lines.length * LINE + 2 * 13;
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map((fill, i) =>
    `<circle cx="${22 + 20 * i}" cy="17" r="6" fill="${fill}"/>`
  );
  const texts = lines.flatMap((line, i) =>
    drawLine(line, BAR + 13 + LINE * (i + 0.7))
  );
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" role="img" aria-label="${label}">`,
    `<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,` +
    `'DejaVu Sans Mono',monospace;white-space:pre}</style>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#14171c"/>`,
    `<path d="M0 ${BAR}h${width}" stroke="#262b33"/>`,
    ...dots,
    ...texts,
    "</svg>",
  ].join("\n");
  await Deno.writeTextFile(new URL(`${name}.svg`, FOLDER), `${svg}\n`);
}

/** Parts of one style, each at its column, whatever the font. */
function drawLine(line: string, y: number): string[] {
  const texts: string[] = [];
  let [column, style] = [0, PLAIN];
  for (const [i, part] of line.split("\x1b[").entries()) {
    const [, value, kind, text] = i === 0
      ? ["", "", "", part]
      : part.match(/^([?\d]*)([A-Za-z])(.*)$/)!;
    if (kind === "m") style = STYLES[value] ?? PLAIN;
    for (const [words] of text.matchAll(/\S+(?: \S+)*|\s+/g)) {
      if (words.trim() !== "") {
        const x = (EDGE + column * CHARACTER).toFixed(1);
        const length = (words.length * CHARACTER).toFixed(1);
        texts.push(
          `<text x="${x}" y="${y}" textLength="${length}" ` +
            `lengthAdjust="spacingAndGlyphs" ${style}>${escaped(words)}</text>`,
        );
      }
      column += words.length;
    }
  }
  return texts;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
