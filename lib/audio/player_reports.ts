/**
 * How players report what they have sounded, in lines on their stderr. It is how a
 * device knows how far it is from the time line.
 *
 * @module
 */

/** A position that a player reports, in seconds since its first sample frame. */
export interface PlayerReport {
  readonly heardSeconds: number;
  /**
   * What the player has read and not sounded, if it reports that: it is more
   * precise than `heardSeconds`, once it is known how much the player has read.
   */
  readonly unheardSeconds?: number;
}

/** Reads a player's lines. */
export interface PlayerReader {
  /**
   * Reads a line.
   *
   * @returns Null: it is no report and says nothing of positions; `silent`: it
   * does, but gives none.
   */
  read(line: string): PlayerReport | "silent" | null;
}

/** The reports of a player. */
export interface PlayerReports {
  readonly grade: "exact" | "approximate";
  /** How old a position is when its line has been read. */
  readonly ageMs: number;
  /** A reader for one run of the player at a sample rate. */
  open(rateHz: number): PlayerReader;
}

/**
 * pacat(1) with `--verbose`, 20 times a second: what it has sounded in
 * milliseconds, and in microseconds what it has written beyond that.
 */
export const PACAT_REPORTS: PlayerReports = {
  grade: "exact",
  ageMs: 0.2,
  open: () => ({
    read: (line) => {
      const found = /^Time: (\d+\.\d+) sec; Latency: (-?\d+) usec\./.exec(
        line,
      );
      return found && {
        heardSeconds: Number(found[1]),
        unheardSeconds: Number(found[2]) / 1e6,
      };
    },
  }),
};

/** The status line that makes mpv(1) report its position. */
export const MPV_STATUS = "heard ${=audio-pts}";

/** mpv(1) with {@linkcode MPV_STATUS}, about 20 times a second. */
export const MPV_REPORTS: PlayerReports = {
  grade: "exact",
  ageMs: 0.4,
  open: () => ({
    read: (line) => {
      const found = /^heard (\d+\.\d{6})$/.exec(line);
      return found && { heardSeconds: Number(found[1]) };
    },
  }),
};

/**
 * aplay(1) with `-vv`, which draws a level meter whenever it has written a period:
 * then ALSA's buffer is full but for less than a period, so that all before it has
 * been heard.
 */
export const APLAY_REPORTS: PlayerReports = {
  grade: "exact",
  ageMs: 0.1,
  open: (rateHz) => new AplayReader(rateHz),
};

/**
 * What PulseAudio has beyond the buffer of ALSA's plugin, as measured on its null
 * sink with periods of 1 ms.
 */
const SOUND_SERVER_SECONDS = 0.0008;
/** Meters from one report to the next. */
const METERS = 50;

class AplayReader implements PlayerReader {
  readonly #rateHz: number;
  /** Sample frames of a period and of the buffer. */
  #sizes: Record<string, number> = {};
  #beyondSeconds = 0;
  #meters = 0;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  read(line: string): PlayerReport | "silent" | null {
    if (/^[#+ ]+\| *(\d+%|MAX)$/.test(line)) return this.#metered();
    if (/^(Plug PCM: )?ALSA <-> PulseAudio/.test(line)) {
      this.#beyondSeconds = SOUND_SERVER_SECONDS;
      return "silent";
    }
    const [, name, value] = /^ {2}(\w+) *: (\d*)/.exec(line) ?? [];
    if (name === undefined) return null;
    this.#sizes[name] ??= Number(value);
    return "silent";
  }

  #metered(): PlayerReport | "silent" {
    const { period_size = 0, buffer_size = Infinity } = this.#sizes;
    const heard = ++this.#meters * period_size - buffer_size;
    if (this.#meters % METERS !== 0 || heard <= 0) return "silent";
    return { heardSeconds: heard / this.#rateHz - this.#beyondSeconds };
  }
}
