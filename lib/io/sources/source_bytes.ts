/**
 * Bytes of stdin, or of the stdout of a program that ends with its use.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { safeText } from "../../safe_text.ts";
import { systemClock } from "../clock/clock.ts";

/** Most of what a program says that is kept for an error. */
const WORDS_BYTES = 4096;
/** How long a program may take to end when it is asked to. */
const END_MS = 1_000;

export interface Bytes {
  /** @throws {OndacastError} `source-failed`. */
  read(into: Uint8Array): Promise<number | null>;
  /** A read that waits ends with null. Idempotent. */
  close(): Promise<void>;
}

export function stdinBytes(): Bytes {
  return new StreamBytes(Deno.stdin.readable);
}

/**
 * Starts a program.
 *
 * @param act What it is for, in an error.
 * @returns Null: it is not installed.
 */
export function programBytes(
  program: string,
  args: readonly string[],
  act: string,
): Bytes | null {
  try {
    const child = new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new ProgramBytes(child, act);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

class StreamBytes implements Bytes {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  async read(into: Uint8Array): Promise<number | null> {
    if (this.#rest.length === 0) {
      const { value } = await this.#reader.read();
      if (value === undefined) return null;
      this.#rest = value;
    }
    const some = this.#rest.subarray(0, into.length);
    into.set(some);
    this.#rest = this.#rest.subarray(some.length);
    return some.length;
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }
}

class ProgramBytes implements Bytes {
  readonly #child: Deno.ChildProcess;
  readonly #bytes: StreamBytes;
  readonly #words: Promise<string>;
  readonly #act: string;
  #closing: Promise<void> | null = null;

  constructor(child: Deno.ChildProcess, act: string) {
    this.#child = child;
    this.#act = act;
    this.#bytes = new StreamBytes(child.stdout);
    this.#words = firstWords(child.stderr);
  }

  async read(into: Uint8Array): Promise<number | null> {
    const count = await this.#bytes.read(into);
    if (count !== null || this.#closing) return count;
    const { success, code } = await this.#child.status;
    if (success || this.#closing) return null;
    const words = safeText(reasonOf(await this.#words, this.#act));
    throw new OndacastError(
      "source-failed",
      `Cannot ${this.#act}: ${words || `its program ended with ${code}`}`,
    );
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#kill("SIGTERM");
    const ended = new AbortController();
    systemClock.sleep(END_MS, ended.signal).then(() => {
      // ffmpeg waits for the writer of a pipe, whatever it is asked to.
      if (!ended.signal.aborted) this.#kill("SIGKILL");
    });
    await this.#bytes.close();
    await this.#child.status;
    ended.abort();
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has already exited.
    }
  }
}

/**
 * The reason in the first line of what a program says. ffmpeg begins it with the
 * name of its part, and of what it reads, which the act names, too.
 *
 * @example
 * ```ts
 * import { reasonOf } from "./source_bytes.ts";
 * import assert from "node:assert/strict";
 *
 * const words = "[in#0 @ 0x5581] a.mp3: No such file\nError opening";
 * assert.equal(reasonOf(words, "read a.mp3"), "No such file");
 * ```
 */
export function reasonOf(words: string, act: string): string {
  const [line] = words.trim().split("\n");
  const plain = line.startsWith("[") ? line.slice(line.indexOf("]") + 1) : line;
  const [subject, ...reason] = plain.trim().split(": ");
  const isRepeated = reason.length > 0 && act.endsWith(` ${subject}`);
  return isRepeated ? reason.join(": ") : plain.trim();
}

/** The beginning of what a program says; the rest is read, so that it goes on. */
async function firstWords(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    if (text.length < WORDS_BYTES) {
      text += decoder.decode(bytes, { stream: true });
    }
  }
  return text;
}
