/**
 * How players report what they have sounded, in lines on their stderr. It is how a device knows how far it is from the time line.
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

/** The reports of a player. */
export interface PlayerReports {
  readonly grade: "exact" | "approximate";
  /** How old a position is when its line has been read. */
  readonly ageMs: number;
  /** Reads a line; null if it is no report. */
  read(line: string): PlayerReport | null;
}

/**
 * pacat(1) with `--verbose`, 20 times a second: what it has sounded in
 * milliseconds, and in microseconds what it has written beyond that.
 */
export const PACAT_REPORTS: PlayerReports = {
  grade: "exact",
  ageMs: 0.2,
  read: (line) => {
    const found = /^Time: (\d+\.\d{3}) sec; Latency: (-?\d+) usec\./.exec(line);
    if (!found) return null;
    return {
      heardSeconds: Number(found[1]),
      unheardSeconds: Number(found[2]) / 1e6,
    };
  },
};

/** The status line that makes mpv(1) report its position. */
export const MPV_STATUS = "heard ${=audio-pts}";

/** mpv(1) with {@linkcode MPV_STATUS}, about ten times a second. */
export const MPV_REPORTS: PlayerReports = {
  grade: "exact",
  ageMs: 0,
  read: (line) => {
    const found = /^heard (\d+\.\d{6})$/.exec(line);
    return found && { heardSeconds: Number(found[1]) };
  },
};
