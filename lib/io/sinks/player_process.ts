/**
 * A player program fed with PCM on its stdin: the end of the walk. It never
 * outlives its use: it exits when its stdin ends, or is killed.
 *
 * @module
 */

import type { PcmFormat } from "../../audio/format.ts";
import { type MixMatrix, mixPcm } from "../../audio/mix.ts";
import { silence } from "../../audio/pcm.ts";
import { installHint, type Player } from "../../audio/player_args.ts";
import { OndacastError } from "../../errors.ts";
import type { AudioSink } from "../../ports/client.ts";
import type { Clock } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";

/** Characters of a player's stderr that are kept for errors. */
const LAST_WORDS = 500;
/** The wait for stderr after the exit: a child of a script may hold it open. */
const WORDS_MS = 500;

/** How often a player that must read PCM, or exit, is checked. */
const LOOK_MS = 1_000;
/**
 * Checks without progress after which a player is killed. Checks are counted,
 * not time, which also passes while a machine sleeps.
 */
const MOST_LOOKS = { taking: 3, ending: 10 };

/** Messages of ffplay and aplay without an audio device. */
const NO_DEVICE = /audio open (failed|error)/;

/** A running player. */
export class PlayerProcess implements AudioSink {
  readonly realTime = true;
  readonly format: PcmFormat;
  readonly label: string;
  readonly failed: Promise<never>;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lastWords: LastWords;
  readonly #mix: MixMatrix | null;
  readonly #tailBytes: number;
  readonly #clock: Clock;
  /** The latest write, which fails when the player exits. */
  #written = Promise.withResolvers<void>();
  #ending = false;
  #hangs = false;

  private constructor(player: Player, format: PcmFormat, clock: Clock) {
    this.format = format;
    this.#clock = clock;
    this.label = player.name;
    this.#mix = player.mix(format);
    this.#tailBytes = player.tailBytes(format);
    this.#child = new Deno.Command(player.program, {
      args: player.args(format),
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdin.closed.catch(() => {}); // A write or the exit status reports it.
    this.#lastWords = new LastWords(this.#child.stderr);
    this.failed = this.#watch();
    this.failed.catch(() => {});
  }

  /**
   * Starts a player.
   *
   * @throws {OndacastError} `no-player` if the program is missing.
   */
  static async start(
    player: Player,
    format: PcmFormat,
    clock: Clock = systemClock,
  ): Promise<PlayerProcess> {
    try {
      const process = new PlayerProcess(player, format, clock);
      const header = player.header(format);
      if (header) await process.#give(header);
      return process;
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      throw new OndacastError(
        "no-player",
        `Cannot find the player ${player.program}. To install one: ${
          installHint(Deno.build.os)
        }`,
        { cause },
      );
    }
  }

  async write(pcm: Uint8Array): Promise<void> {
    await this.#give(this.#mix ? mixPcm(this.format, pcm, this.#mix) : pcm);
  }

  async #give(bytes: Uint8Array): Promise<void> {
    using _ = this.#patience(MOST_LOOKS.taking);
    try {
      await this.#write(bytes);
    } catch {
      // The pipe broke because the player exited; its status gives the reason.
      await this.failed;
    }
  }

  /** A pipe whose reading end a child of the player still has does not break. */
  #write(bytes: Uint8Array): Promise<void> {
    const written = this.#written = Promise.withResolvers<void>();
    this.#stdin.write(bytes).then(written.resolve, written.reject);
    return written.promise;
  }

  async end(): Promise<void> {
    this.#ending = true;
    using _ = this.#patience(MOST_LOOKS.ending);
    try {
      if (this.#tailBytes > 0) {
        await this.#write(silence(this.format, this.#tailBytes));
      }
      await this.#stdin.close();
    } catch {
      // It has already exited, which its status reports.
    }
    const { success, code, signal } = await this.#child.status;
    // Without a device, ffplay exits with 0 but reports it on stderr.
    if (!success || NO_DEVICE.test(await this.#words())) {
      throw await this.#failure(code, signal);
    }
  }

  async abort(): Promise<void> {
    this.#ending = true;
    this.#kill();
    this.#stdin.abort().catch(() => {});
    await this.#child.status;
  }

  /** Kills a hanging player, unless disposed first. */
  #patience(looks: number): Disposable {
    const over = new AbortController();
    this.#killAfter(looks, over.signal);
    return { [Symbol.dispose]: () => over.abort() };
  }

  async #killAfter(looks: number, over: AbortSignal): Promise<void> {
    for (; looks > 0 && !over.aborted; looks--) {
      await this.#clock.sleep(LOOK_MS, over);
    }
    if (over.aborted) return;
    this.#hangs = true;
    this.#kill();
  }

  #kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has already exited.
    }
  }

  /** Rejects when the player exits early. */
  async #watch(): Promise<never> {
    const { code, signal } = await this.#child.status;
    this.#written.promise.catch(() => {}); // It may be over, or not begun.
    this.#written.reject(new Error("the player has exited"));
    if (this.#ending) return await new Promise<never>(() => {});
    throw await this.#failure(code, signal);
  }

  async #words(): Promise<string> {
    const ended = new AbortController();
    const wait = this.#clock.sleep(WORDS_MS, ended.signal);
    await Promise.race([this.#lastWords.ended, wait]);
    ended.abort();
    return this.#lastWords.text;
  }

  async #failure(
    code: number,
    signal: Deno.Signal | null,
  ): Promise<OndacastError> {
    const words = await this.#words();
    if (NO_DEVICE.test(words)) {
      return new OndacastError(
        "player-failed",
        `The player ${this.label} found no audio device: ${words}. \`--player null\` plays in silence`,
      );
    }
    if (this.#hangs) {
      return new OndacastError(
        "player-failed",
        `The player ${this.label} hangs: it stopped reading PCM. \`--player\` chooses another`,
      );
    }
    return new OndacastError(
      "player-failed",
      `The player ${this.label} ended with ${
        signal ?? `code ${code}`
      } before the song did${
        words ? `: ${words}` : ""
      }. \`--player\` chooses another`,
    );
  }
}

/** The end of what a player writes to its stderr. */
class LastWords {
  readonly ended: Promise<void>;
  #text = "";

  constructor(stderr: ReadableStream<Uint8Array>) {
    this.ended = this.#read(stderr);
  }

  get text(): string {
    return this.#text.trim().split(/[\r\n]+/).slice(-2).join("; ");
  }

  async #read(stderr: ReadableStream<Uint8Array>): Promise<void> {
    try {
      for await (const piece of stderr.pipeThrough(new TextDecoderStream())) {
        this.#text = (this.#text + piece).slice(-LAST_WORDS);
      }
    } catch {
      // Keep what was read so far.
    }
  }
}
