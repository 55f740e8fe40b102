/**
 * Uses ffmpeg to examine and decode songs that the server's own decoders do not
 * support. ffmpeg is limited to audio formats and to one file, so that a playlist
 * cannot make it open others.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { isAbsolute } from "@std/path/is-absolute";
import { join } from "@std/path/join";
import type { Encoding } from "../../audio/format.ts";
import { MAX_PICTURE_BYTES } from "../../audio/picture.ts";
import type { DecodedPcm } from "../../audio/rendition.ts";
import { OndacastError } from "../../errors.ts";
import type { Clock } from "../../ports/common.ts";
import {
  type FfmpegSong,
  readFfmpegPicture,
  readFfmpegReport,
  readFfmpegTags,
} from "./ffmpeg_report.ts";
import { FfmpegTurns } from "./ffmpeg_turns.ts";

/** Allowed demuxers. */
const FORMATS = [
  ...["aac", "ac3", "aiff", "amr", "ape", "asf", "au", "caf", "dsf", "dts"],
  ...["eac3", "flac", "iff", "matroska", "webm", "mov", "mp4", "m4a", "3gp"],
  ...["3g2", "mj2", "mp3", "mpc", "mpc8", "ogg", "tak", "tta", "w64", "wav"],
  ...["wv", "xwma"],
].join(",");

/** Time limit for examining a file, or for decoding the next piece. */
const STALL_MS = 10_000;
/** Most bytes of a report that are read. */
const REPORT_BYTES = 64 * 1024;
/** ffmpeg's name of each encoding. */
const RAW: Readonly<Record<Encoding, string>> = {
  ...{ u8: "u8", s16le: "s16le", s24le: "s24le", s32le: "s32le" },
  ...{ f32le: "f32le", f64le: "f64le", alaw: "alaw", mulaw: "mulaw" },
};

/** Receives the next PCM. @returns Whether to continue. */
export type TakePcm = (pcm: Uint8Array) => Promise<boolean>;

/** A file's audio, its tags, and whether it has a picture. */
export interface FfmpegProbe {
  readonly song: FfmpegSong;
  readonly hasArt: boolean;
  readonly tags: readonly (readonly [key: string, value: string])[];
}

export class Ffmpeg {
  /** Such as `5.1.6-0+deb12u1`. */
  readonly version: string;
  readonly #path: string;
  readonly #clock: Clock;
  readonly turns: FfmpegTurns;

  private constructor(path: string, version: string, clock: Clock) {
    this.#path = path;
    this.version = version;
    this.#clock = clock;
    this.turns = new FfmpegTurns(clock);
  }

  /** Looks for it in the folders of `PATH`; null: it is missing. */
  static async find(clock: Clock): Promise<Ffmpeg | null> {
    const [separator, name] = Deno.build.os === "windows"
      ? [";", "ffmpeg.exe"]
      : [":", "ffmpeg"];
    const folders = (Deno.env.get("PATH") ?? "").split(separator);
    for (const folder of folders.filter((it) => isAbsolute(it))) {
      try {
        const path = join(folder, name);
        const { isFile } = await Deno.stat(path);
        if (!isFile) continue;
        const probe = new Ffmpeg(path, "", clock);
        const text = await probe.#output(["-version"], "stdout");
        const version = /^ffmpeg version (\S{1,64})/.exec(text)?.[1];
        return version ? new Ffmpeg(path, version, clock) : null;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) continue;
        return null; // permission to run it was denied
      }
    }
    return null;
  }

  /**
   * Examines a file.
   *
   * @param path Its real path.
   * @throws {OndacastError} `unsupported`, if ffmpeg does not support it either.
   */
  async probe(path: string): Promise<FfmpegProbe> {
    const report = await this.turns.run(() => this.#report(path), "probe");
    const song = readFfmpegReport(report);
    if (song !== null) {
      const hasArt = readFfmpegPicture(report) !== null;
      return { song, hasArt, tags: readFfmpegTags(report) };
    }
    throw new OndacastError(
      "unsupported",
      "Cannot decode the song: ffmpeg finds no audio of known length in it",
    );
  }

  /**
   * Decodes a file from its start until its end, or until `take` returns false, in
   * one of the {@linkcode turns}.
   *
   * @param path Its real path.
   * @returns Whether it came to the end of the file. ffmpeg also reports success
   * after failures.
   */
  async decode(path: string, pcm: DecodedPcm, take: TakePcm): Promise<boolean> {
    const raw = RAW[pcm.encoding];
    const child = this.#spawn([
      ...[...inputOf(path), "-map", "0:a:0", "-vn", "-sn", "-dn"],
      ...["-ar", `${pcm.rate}`, "-ac", `${pcm.channels}`],
      ...["-c:a", `pcm_${raw}`, "-f", raw, "pipe:1"],
    ], "stdout");
    return await this.#readAll(child, child.stdout, take);
  }

  /**
   * Reads the picture in a song's file, as it is.
   *
   * @param path Its real path.
   * @param address The client's; of each, two turns take part in the queue.
   * @returns At most one byte more than a picture may have; empty: there is none.
   */
  picture(path: string, address?: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.turns.run(
      async () => {
        const stream = readFfmpegPicture(await this.#report(path));
        if (stream === null) return new Uint8Array();
        const child = this.#spawn([
          ...[...inputOf(path), "-map", `0:${stream}`, "-frames:v", "1"],
          ...["-c", "copy", "-f", "image2pipe", "pipe:1"],
        ], "stdout");
        const pieces: Uint8Array[] = [];
        let bytes = 0;
        await this.#readAll(child, child.stdout, (piece) => {
          pieces.push(piece);
          bytes += piece.length;
          return Promise.resolve(bytes <= MAX_PICTURE_BYTES);
        });
        return concat(pieces).slice(0, MAX_PICTURE_BYTES + 1);
      },
      "probe",
      address,
    );
  }

  #report(path: string): Promise<string> {
    return this.#output(inputOf(path), "stderr");
  }

  /** Its output, up to a limit. */
  async #output(
    args: string[],
    from: "stdout" | "stderr",
  ): Promise<string> {
    const child = this.#spawn(args, from);
    let text = "";
    const decoder = new TextDecoder();
    await this.#readAll(child, child[from], (bytes) => {
      text += decoder.decode(bytes, { stream: true });
      return Promise.resolve(text.length < REPORT_BYTES);
    });
    return text;
  }

  #spawn(args: string[], read: "stdout" | "stderr"): Deno.ChildProcess {
    return new Deno.Command(this.#path, {
      args: ["-hide_banner", "-nostdin", ...args],
      stdin: "null",
      stdout: read === "stdout" ? "piped" : "null",
      stderr: read === "stderr" ? "piped" : "null",
    }).spawn();
  }

  /**
   * Reads a stream of a process, which is killed if it stalls.
   *
   * @returns Whether it ended by itself, and the process with success.
   */
  async #readAll(
    child: Deno.ChildProcess,
    stream: ReadableStream<Uint8Array>,
    take: TakePcm,
  ): Promise<boolean> {
    const reader = stream.getReader();
    try {
      while (true) {
        const read = await this.#unlessStalled(reader.read());
        if (read?.done) {
          return (await this.#unlessStalled(child.status))?.success ?? false;
        }
        if (read === null || !await take(read.value)) return false;
      }
    } finally {
      await reader.cancel().catch(() => {});
      try {
        child.kill("SIGKILL");
      } catch {
        // It has already exited.
      }
      await child.status;
    }
  }

  /** What a process has promised; null if it takes too long. */
  async #unlessStalled<T>(promised: Promise<T>): Promise<T | null> {
    const waiting = new AbortController();
    const stalled = this.#clock.sleep(STALL_MS, waiting.signal)
      .then(() => null);
    const result = await Promise.race([promised, stalled]);
    waiting.abort();
    return result;
  }
}

function inputOf(path: string): string[] {
  return [
    ...["-protocol_whitelist", "file,pipe", "-format_whitelist", FORMATS],
    ...["-i", `file:${path}`],
  ];
}
