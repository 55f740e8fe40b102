/**
 * The lines that a player writes to its stderr.
 *
 * @module
 */

/** Characters of a player's last words that are kept for errors. */
const KEPT_CHARACTERS = 500;
/** What ends a line, or begins a status line anew: ESC [K clears it. */
// deno-lint-ignore no-control-regex
const LINE_ENDS = /[\r\n]|\x1b\[K/;

/** Reads lines, and keeps the end of those that nobody takes. */
export class PlayerWords {
  /** Resolves once the player has closed the stream. */
  readonly ended: Promise<void>;
  #kept = "";
  #line = "";

  /**
   * @param take Takes a line: true if it is not to be kept. A status line has no
   * end yet, so that it may be offered more than once if it is not taken.
   */
  constructor(
    stream: ReadableStream<Uint8Array>,
    take: (line: string) => boolean,
  ) {
    this.ended = this.#read(stream, take);
  }

  /** The last lines, for an error. */
  get text(): string {
    return `${this.#kept}${this.#line}`.trim().split(/\n+/).slice(-2)
      .join("; ");
  }

  async #read(
    stream: ReadableStream<Uint8Array>,
    take: (line: string) => boolean,
  ): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const piece of stream) {
        const lines = (this.#line + decoder.decode(piece, { stream: true }))
          .split(LINE_ENDS);
        const last = lines.pop()!;
        for (const line of lines) this.#add(line, take);
        this.#line = take(last) ? "" : last.slice(-KEPT_CHARACTERS);
      }
    } catch {
      // Keep what was read so far.
    }
  }

  #add(line: string, take: (line: string) => boolean): void {
    if (line.trim() === "" || take(line)) return;
    this.#kept = `${this.#kept}${line}\n`.slice(-KEPT_CHARACTERS);
  }
}
