/**
 * Shows playback in a terminal: a status line that is redrawn, and keys.
 *
 * @module
 */

import { describeFormat } from "../audio/format.ts";
import type { PlaybackSummary } from "../client/playback.ts";
import type { PlaybackState } from "../client/playback_state.ts";
import type { OndacastError } from "../errors.ts";
import { Keyboard } from "../io/console/keyboard.ts";
import type { Line } from "../io/console/styled.ts";
import { Screen } from "../io/console/terminal.ts";
import type { Clock } from "../ports/common.ts";
import { every } from "./every.ts";
import { errorLine } from "./error_line.ts";
import {
  type Controls,
  type PlaybackView,
  type ShownTags,
  tagLine,
} from "./playback_view.ts";
import { statusLine } from "./status_line.ts";
import { shown } from "./shown.ts";
import { clockTime, counted, fit, table, wrapped } from "./text.ts";

/** How often the status line is drawn, in milliseconds. */
const DRAW_MS = 100;
/** The step of an arrow key in seconds, and in percent. */
const SEEK_SECONDS = 10;
const VOLUME_STEP = 5;
const KEYS = [
  ...["space pause", "←/→ 10 s", "↑/↓ volume", "n next", "p previous"],
  "q quit",
];
const QUIT_KEYS = ["q", "interrupt", "end"];

/** Keys that concern more than one song. */
export interface ViewEvents {
  quit(): void;
  /** The key hint while nothing plays; absent: none. */
  readonly idleHint?: string;
}

/** The view of an interactive terminal. */
export class TerminalView implements PlaybackView {
  readonly #screen = new Screen();
  readonly #keyboard: Keyboard;
  readonly #events: ViewEvents;
  readonly #over = new AbortController();
  #playing: Controls | null = null;
  #level = 0;

  constructor(events: ViewEvents, clock: Clock) {
    this.#events = events;
    this.#keyboard = new Keyboard((key) => this.#press(key));
    every(DRAW_MS, clock, this.#over.signal, () => this.#draw());
  }

  start(state: PlaybackState, player: string, tags: ShownTags = {}): void {
    const line = tagLine(tags);
    if (line !== "") this.#say(line);
    const about = `${describeFormat(state.format)}, ${player}`;
    this.#print(table([[state.song, about]], this.#screen.columns)[0]);
    const { next } = this.#playing ?? {};
    if (next !== undefined) this.#say(`next: ${next}`);
    for (const line of wrapped(KEYS, this.#screen.columns - 1)) {
      this.#print([{ style: "dim", text: line }]);
    }
  }

  end({ song, seconds, underruns }: PlaybackSummary): void {
    const gaps = underruns ? `, ${counted(underruns, "underrun")}` : "";
    this.#say(`played ${song}: ${clockTime(seconds)}${gaps}`);
  }

  control(playing: Controls | null): void {
    this.#playing = playing;
  }

  problem(error: OndacastError): void {
    this.#print([{ style: "red", text: shown(errorLine(error)) }]);
  }

  /** The status line shows it. */
  volume(): void {}

  note(line: string): void {
    this.#print(shown(line));
  }

  [Symbol.dispose](): void {
    this.#over.abort();
    this.#keyboard[Symbol.dispose]();
    this.#screen[Symbol.dispose]();
  }

  /** After the end, a line would overwrite other text on the screen. */
  #print(line: Line): void {
    if (!this.#over.signal.aborted) this.#screen.print(line);
  }

  /** Prints a line that is cut to the terminal. */
  #say(line: string): void {
    this.#print(fit(line, this.#screen.columns - 1));
  }

  #press(key: string): void {
    if (QUIT_KEYS.includes(key)) return this.#events.quit();
    const playing = this.#playing;
    const state = playing?.state;
    if (!playing || !state) return;
    const press: Record<string, () => void> = {
      space: () => state.paused ? playing.resume() : playing.pause(),
      left: () => this.#seek(playing, state.positionSeconds - SEEK_SECONDS),
      right: () => this.#seek(playing, state.positionSeconds + SEEK_SECONDS),
      up: () => playing.volume = state.volume + VOLUME_STEP,
      down: () => playing.volume = state.volume - VOLUME_STEP,
      n: () => playing.skip(),
      p: () => playing.previous?.(),
    };
    press[key]?.();
    this.#draw();
  }

  #seek(playing: Controls, seconds: number): void {
    if (!playing.seek(seconds)) this.#print("Cannot seek in a live stream");
  }

  #draw(): void {
    const columns = this.#screen.columns - 1;
    const state = this.#playing?.state;
    const { idleHint } = this.#events;
    if (state) {
      // The meter falls slower than it rises, so that the eye can follow.
      this.#level = Math.max(state.level, this.#level * 0.8);
      this.#screen.show([statusLine(state, this.#level, columns)]);
    } else if (idleHint !== undefined) {
      this.#screen.show([fit(idleHint, columns)]);
    }
  }
}
