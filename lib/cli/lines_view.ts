/**
 * Shows playback without redrawing lines: as plain lines, as JSON for programs, or
 * as failures only.
 *
 * @module
 */

import { describeFormat } from "../audio/format.ts";
import type { PlaybackSummary } from "../client/playback.ts";
import type { PlaybackState } from "../client/playback_state.ts";
import type { OndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import { safeJson } from "../safe_text.ts";
import { every } from "./every.ts";
import { errorLine } from "./error_line.ts";
import {
  type Controls,
  type PlaybackView,
  type ShownTags,
  tagLine,
} from "./playback_view.ts";
import { stepText } from "./group_text.ts";
import { lengthText } from "./status_line.ts";
import { shown } from "./shown.ts";
import { clockTime, counted } from "./text.ts";

/** How often the position is printed. */
const POSITION_MS = { json: 1_000, lines: 10_000 };

/** The destination of lines. */
export interface LineOutput {
  print(line: string): void;
  printError(line: string): void;
}

/** How the events of a playback become lines. */
export interface Lines {
  /** How often the position is printed, in milliseconds. */
  readonly positionMs: number;
  note(line: string, event: Record<string, unknown>): void;
  start(state: PlaybackState, player: string, tags?: ShownTags): void;
  position(state: PlaybackState): void;
  end(summary: PlaybackSummary): void;
  volume(percent: number, muted: boolean): void;
  problem(error: OndacastError): void;
}

/** Failures only, on stderr. */
export function quietLines({ printError }: LineOutput): Lines {
  return {
    positionMs: POSITION_MS.lines,
    note() {},
    start() {},
    position() {},
    end() {},
    volume() {},
    problem: (error) => printError(errorLine(error)),
  };
}

/** Lines for people. */
export function plainLines(output: LineOutput): Lines {
  const say = (line: string) => output.print(shown(line));
  return {
    ...quietLines(output),
    note: say,
    start: (state, player, tags = {}) => {
      say(
        `playing ${state.song} (${describeFormat(state.format)}, ${
          lengthText(state)
        }) on ${player}`,
      );
      const line = tagLine(tags);
      if (line !== "") say(`  ${line}`);
    },
    position: (state) =>
      say(
        `  ${clockTime(state.positionSeconds)} of ${lengthText(state)}${
          state.step ? `, ${stepText(state.step)}` : ""
        }`,
      ),
    volume: (percent, muted) =>
      say(muted ? "muted" : `volume ${Math.round(percent)} %`),
    end: ({ song, seconds, underruns, reconnects }) =>
      say(
        `played ${song}: ${seconds.toFixed(1)} s, ${
          counted(underruns, "underrun")
        }${reconnects ? `, ${counted(reconnects, "reconnect")}` : ""}`,
      ),
  };
}

/** One JSON object per line, for programs; failures are also printed on stderr. */
export function jsonLines(output: LineOutput): Lines {
  const print = (event: string, fields: object) =>
    output.print(safeJson({ event, ...fields }));
  return {
    positionMs: POSITION_MS.json,
    note: (_line, event) => output.print(safeJson(event)),
    start: (state, player, { title, artist, album } = {}) =>
      print("start", {
        song: state.song,
        ...{ title, artist, album },
        seconds: state.lengthSeconds,
        format: state.format,
        from: state.positionSeconds,
        player,
      }),
    position: (state) =>
      print("position", {
        song: state.song,
        position: state.positionSeconds,
        seconds: state.lengthSeconds,
        buffered: state.bufferedSeconds,
        underruns: state.underruns,
        paused: state.paused,
        ...(state.step && { step: state.step }),
      }),
    end: (summary) => print("end", summary),
    volume: (percent, muted) => print("volume", { volume: percent, muted }),
    problem: (error) => {
      print("problem", { code: error.code, message: error.message });
      output.printError(errorLine(error));
    },
  };
}

/** A view that prints lines. */
export class LinesView implements PlaybackView {
  readonly #lines: Lines;
  readonly #clock: Clock;
  /** Ends the printing of positions. */
  #song = new AbortController();
  #playing: Controls | null = null;

  constructor(lines: Lines, clock: Clock) {
    this.#lines = lines;
    this.#clock = clock;
  }

  start(state: PlaybackState, player: string, tags?: ShownTags): void {
    this.#lines.start(state, player, tags);
    this.#song.abort();
    this.#song = new AbortController();
    every(this.#lines.positionMs, this.#clock, this.#song.signal, () => {
      const now = this.#playing?.state;
      if (now) this.#lines.position(now);
    });
  }

  end(summary: PlaybackSummary): void {
    this.#song.abort();
    this.#lines.end(summary);
  }

  control(playing: Controls | null): void {
    this.#playing = playing;
  }

  volume(percent: number, muted = false): void {
    this.#lines.volume(percent, muted);
  }

  note(line: string, event: Record<string, unknown>): void {
    this.#lines.note(line, event);
  }

  problem(error: OndacastError): void {
    this.#lines.problem(error);
  }

  [Symbol.dispose](): void {
    this.#song.abort();
  }
}
