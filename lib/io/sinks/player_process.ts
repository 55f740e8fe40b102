/**
 * A player program fed with PCM on its stdin: the end of the walk. It never
 * outlives its use: it exits when its stdin ends, or is killed.
 *
 * @module
 */

import { type PcmFormat, sampleFrameBytes } from "../../audio/format.ts";
import { type MixMatrix, mixPcm } from "../../audio/mix.ts";
import { silence } from "../../audio/pcm.ts";
import { installHint, type Player } from "../../audio/player_args.ts";
import { PlayerPosition } from "../../audio/player_position.ts";
import { OndacastError } from "../../errors.ts";
import type { AudioSink, HeardAt, StepGrade } from "../../ports/client.ts";
import type { Clock } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";
import { PlayerWords } from "./player_words.ts";

/** The wait for stderr after the exit: a child of a script may hold it open. */
const WORDS_MS = 500;

/** How often a player that must read PCM, or exit, is checked. */
const LOOK_MS = 1_000;
/**
 * Checks without progress after which a player is killed. Checks are counted,
 * not time, which also passes while a machine sleeps.
 */
const MOST_LOOKS = { taking: 3, ending: 10 };

/** How long a player may take to find its device. */
const READY_MS = 3_000;

/** Messages of players without an audio device: ffplay, aplay, pacat, mpv. */
const NO_DEVICE =
  /audio open (failed|error)|Connection failure|Stream error|Could not open\/initialize audio device/;

/** A running player. */
export class PlayerProcess implements AudioSink {
  readonly realTime = true;
  readonly format: PcmFormat;
  readonly label: string;
  readonly failed: Promise<never>;
  readonly leadSeconds?: number;
  readonly grade?: StepGrade;
  readonly heard?: () => HeardAt | null;
  readonly #frameBytes: number;
  readonly #position: PlayerPosition | null;
  readonly #ready = Promise.withResolvers<void>();
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #words: PlayerWords;
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
    this.#frameBytes = sampleFrameBytes(format);
    this.leadSeconds = player.leadSeconds;
    const { reports, ready } = player;
    this.#position = reports ? new PlayerPosition(reports, format.rate) : null;
    if (reports) {
      this.grade = reports.grade;
      this.heard = () => this.#heard();
    }
    this.#child = new Deno.Command(player.program, {
      args: player.args(format),
      env: player.env,
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdin.closed.catch(() => {}); // A write or the exit status reports it.
    this.#words = new PlayerWords(this.#child.stderr, (line) => {
      if (ready?.test(line)) this.#ready.resolve();
      return this.#report(line);
    });
    this.failed = this.#watch();
    this.failed.catch(() => {});
  }

  /**
   * Starts a player, ahead of time if it does not look for its device by then: the
   * gap to the song before is shorter.
   *
   * @param free As in {@linkcode OpenSink}.
   * @throws {OndacastError} `no-player` if the program is missing;
   * `player-failed` if it says that it has no device.
   */
  static async start(
    player: Player,
    format: PcmFormat,
    free: Promise<void> = Promise.resolve(),
    clock: Clock = systemClock,
  ): Promise<PlayerProcess> {
    if (!player.startsAhead) await free;
    try {
      const process = new PlayerProcess(player, format, clock);
      await process.#isFree(free);
      const header = player.header(format);
      if (header) await process.#give(header);
      if (player.ready) await process.#isReady();
      return process;
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      throw new OndacastError(
        "no-player",
        `Cannot find the player ${player.program}. To install one: ${
          installHint(Deno.build.os, [player])
        }`,
        { cause },
      );
    }
  }

  async #isFree(free: Promise<void>): Promise<void> {
    try {
      await Promise.race([free, this.failed]);
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  /** One that says nothing is fed all the same, and watched as any other. */
  async #isReady(): Promise<void> {
    const found = new AbortController();
    const wait = this.#clock.sleep(READY_MS, found.signal);
    try {
      await Promise.race([this.#ready.promise, this.failed, wait]);
    } finally {
      found.abort();
    }
  }

  #report(line: string): boolean {
    return this.#position?.read(line, this.#clock.now()) ?? false;
  }

  #heard(): HeardAt | null {
    const atMs = this.#clock.now();
    const { drift = null } = this.#position ?? {};
    const frames = this.#position?.at(atMs) ?? null;
    return frames === null ? null : { frames, atMs, drift };
  }

  async write(pcm: Uint8Array): Promise<void> {
    this.#position?.wrote(pcm.length / this.#frameBytes);
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
    if (!success || NO_DEVICE.test(await this.#lastWords())) {
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

  async #lastWords(): Promise<string> {
    const ended = new AbortController();
    const wait = this.#clock.sleep(WORDS_MS, ended.signal);
    await Promise.race([this.#words.ended, wait]);
    ended.abort();
    return this.#words.text;
  }

  async #failure(
    code: number,
    signal: Deno.Signal | null,
  ): Promise<OndacastError> {
    const words = await this.#lastWords();
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
