/**
 * Shows playback: a status line with keys in a terminal, plain lines elsewhere,
 * JSON lines for programs.
 *
 * @module
 */

import { describeFormat } from "../audio/format.ts";
import type { PlaybackState, PlaybackSummary } from "../client/playback.ts";
import type { OndacastError } from "../errors.ts";
import { print, printError } from "../io/console/standard_output.ts";
import { isInteractive, Keyboard, Screen } from "../io/console/terminal.ts";
import { safeJson } from "../safe_text.ts";
import { bar, clockTime, fit, meter, shown } from "./text.ts";

/** How often the status line is drawn, in milliseconds. */
const DRAW_MS = 100;
/** How often the position is printed where lines cannot be redrawn. */
const TELL_MS = { json: 1_000, lines: 10_000 };

/** Controls of the current playback. */
export interface Controls {
  readonly state: PlaybackState | null;
  pause(): void;
  resume(): void;
  /** False: it cannot seek. */
  seek(seconds: number): boolean;
  skip(): void;
  volume: number;
}

/** Keys that concern more than one song. */
export interface ViewEvents {
  quit(): void;
  /** The key hint while nothing plays; absent: none. */
  readonly atRest?: string;
}

/** Shows one song after the other. */
export interface PlaybackView extends Disposable {
  /** A song has started. */
  start(state: PlaybackState, player: string): void;
  /** A song has ended. */
  end(summary: PlaybackSummary): void;
  /** Sets what the keys control. */
  control(playing: Controls | null): void;
  /** Shows a note as a line or as a JSON event. */
  note(line: string, event: Record<string, unknown>): void;
  /** Shows a failure that is not the end. */
  problem(error: OndacastError): void;
}

/** Chooses the view: JSON where asked for, else by where the output goes. */
export function playbackView(
  options: { json: boolean; quiet: boolean; toStderr: boolean },
  events: ViewEvents,
): PlaybackView {
  const out = options.toStderr ? printError : print;
  const say = (line: string) => out(shown(line));
  if (options.json) return new LinesView(jsonLines(out), TELL_MS.json);
  if (options.quiet) return new LinesView(SILENT, TELL_MS.lines);
  if (!options.toStderr && isInteractive()) return new TerminalView(events);
  return new LinesView(plainLines(say), TELL_MS.lines);
}

interface Lines {
  note(line: string, event: Record<string, unknown>): void;
  start(state: PlaybackState, player: string): void;
  position(state: PlaybackState): void;
  end(summary: PlaybackSummary): void;
  problem(error: OndacastError): void;
}

/** A failure in a line. */
function inWords({ code, message }: OndacastError): string {
  return `${code}: ${message}`;
}

const printProblem = (error: OndacastError) => printError(inWords(error));

const SILENT: Lines = {
  note() {},
  start() {},
  position() {},
  end() {},
  problem: printProblem,
};

function plainLines(out: (line: string) => void): Lines {
  return {
    note: (line) => out(line),
    start: (state, player) =>
      out(
        `playing ${state.song} (${describeFormat(state.format)}, ${
          length(state)
        }) on ${player}`,
      ),
    problem: printProblem,
    position: (state) =>
      out(`  ${clockTime(state.positionSeconds)} of ${length(state)}`),
    end: ({ song, seconds, underruns, reconnects }) =>
      out(
        `played ${song}: ${seconds.toFixed(1)} s, ${underruns} underruns${
          reconnects ? `, ${reconnects} reconnects` : ""
        }`,
      ),
  };
}

function jsonLines(out: (line: string) => void): Lines {
  const tell = (event: string, fields: Record<string, unknown>) =>
    out(safeJson({ event, ...fields }));
  return {
    note: (_line, event) => out(safeJson(event)),
    start: (state, player) =>
      tell("start", {
        song: state.song,
        seconds: state.lengthSeconds,
        format: state.format,
        from: state.positionSeconds,
        player,
      }),
    position: (state) =>
      tell("position", {
        song: state.song,
        position: state.positionSeconds,
        seconds: state.lengthSeconds,
        buffered: state.bufferedSeconds,
        underruns: state.underruns,
        paused: state.paused,
      }),
    end: (summary) => tell("end", { ...summary }),
    problem: (error) => {
      tell("problem", { code: error.code, message: error.message });
      printProblem(error);
    },
  };
}

class LinesView implements PlaybackView {
  readonly #lines: Lines;
  readonly #everyMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;
  #playing: Controls | null = null;

  constructor(lines: Lines, everyMs: number) {
    this.#lines = lines;
    this.#everyMs = everyMs;
  }

  start(state: PlaybackState, player: string): void {
    this.#lines.start(state, player);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      const now = this.#playing?.state;
      if (now) this.#lines.position(now);
    }, this.#everyMs);
  }

  end(summary: PlaybackSummary): void {
    clearInterval(this.#timer);
    this.#lines.end(summary);
  }

  control(playing: Controls | null): void {
    this.#playing = playing;
  }

  note(line: string, event: Record<string, unknown>): void {
    this.#lines.note(line, event);
  }

  problem(error: OndacastError): void {
    this.#lines.problem(error);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** Step of an arrow key in seconds, and in percent. */
const SEEK_SECONDS = 10;
const VOLUME_STEP = 5;

class TerminalView implements PlaybackView {
  readonly #screen = new Screen();
  readonly #keyboard: Keyboard;
  readonly #events: ViewEvents;
  readonly #timer: ReturnType<typeof setInterval>;
  #playing: Controls | null = null;
  #loudest = 0;
  #isOver = false;

  constructor(events: ViewEvents) {
    this.#events = events;
    this.#keyboard = new Keyboard((key) => this.#press(key));
    this.#timer = setInterval(() => this.#draw(), DRAW_MS);
  }

  start(state: PlaybackState, player: string): void {
    this.#say(
      `${state.song}  ${describeFormat(state.format)}, ${player}`,
    );
    this.#say(
      "space pause · ←/→ 10 s · ↑/↓ volume · n next · q quit",
    );
  }

  end({ song, seconds, underruns }: PlaybackSummary): void {
    this.#say(
      `played ${song}: ${clockTime(seconds)}${
        underruns ? `, ${underruns} underruns` : ""
      }`,
    );
  }

  control(playing: Controls | null): void {
    this.#playing = playing;
  }

  problem(error: OndacastError): void {
    this.#say(inWords(error));
  }

  note(line: string): void {
    this.#say(line);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#keyboard[Symbol.dispose]();
    this.#screen[Symbol.dispose]();
  }

  /** Later output would overwrite other text on the screen. */
  #say(line: string): void {
    if (!this.#isOver) this.#screen.print(shown(line));
  }

  #press(key: string): void {
    const playing = this.#playing;
    const state = playing?.state;
    if (["q", "interrupt", "end"].includes(key)) return this.#events.quit();
    if (!playing || !state) return;
    const press: Record<string, () => void> = {
      space: () => state.paused ? playing.resume() : playing.pause(),
      left: () => this.#seek(playing, state.positionSeconds - SEEK_SECONDS),
      right: () => this.#seek(playing, state.positionSeconds + SEEK_SECONDS),
      up: () => playing.volume = state.volume + VOLUME_STEP,
      down: () => playing.volume = state.volume - VOLUME_STEP,
      n: () => playing.skip(),
    };
    press[key]?.();
    this.#draw();
  }

  #seek(playing: Controls, seconds: number): void {
    if (playing.seek(seconds)) return;
    this.#screen.print("Cannot seek in a live stream");
  }

  #draw(): void {
    const state = this.#playing?.state;
    const { atRest } = this.#events;
    if (!state && atRest !== undefined) {
      this.#screen.show([fit(atRest, this.#screen.columns - 1)]);
    }
    if (!state) return;
    // The meter falls slower than it rises, so that the eye can follow.
    this.#loudest = Math.max(state.level, this.#loudest * 0.8);
    this.#screen.show([
      statusLine(state, this.#loudest, this.#screen.columns - 1),
    ]);
  }
}

/** Renders the playback as one line of a number of columns. */
export function statusLine(
  state: PlaybackState,
  level: number,
  columns: number,
): string {
  const time = `${state.paused ? "❚❚" : "▶ "} ${
    clockTime(state.positionSeconds)
  } / ${length(state)}`;
  const rest = [
    `buffer ${state.bufferedSeconds.toFixed(1)} s`,
    meter(level, 8),
    ...(state.volume < 100 ? [`${state.volume} %`] : []),
    ...(state.underruns > 0 ? [`${state.underruns} underruns`] : []),
  ].join("  ");
  const room = columns - time.length - rest.length - 4;
  const middle = state.lengthSeconds !== null && room >= 10
    ? `  ${
      bar(state.positionSeconds / state.lengthSeconds, Math.min(room, 40))
    }`
    : "";
  return fit(`${time}${middle}  ${rest}`, columns);
}

function length(state: PlaybackState): string {
  return state.lengthSeconds === null ? "live" : clockTime(state.lengthSeconds);
}
