/**
 * Runs the real programs: from their sources with the flags of their tasks, or
 * the compiled ones if `ONDACAST_BINARIES` names their folder.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { taskFlags } from "../../lib/cli/own_programs.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const BINARIES = Deno.env.get("ONDACAST_BINARIES");

/** The folder of the shipped songs. */
export const MUSIC = join(ROOT, "music");

/**
 * Whether a program is installed; tests that need it are skipped otherwise.
 *
 * @param args Make it end by itself.
 */
export function hasProgram(name: string, ...args: string[]): boolean {
  try {
    new Deno.Command(name, { args, stdout: "null", stderr: "null" })
      .outputSync();
    return true;
  } catch {
    return false;
  }
}

/** The file and arguments that run `ondacast-server`. */
export function serverCommand(words: string[]): [string, string[]] {
  return command("ondacast-server", "server.ts", config.tasks.serve, words);
}

/**
 * The file and arguments that run `ondacast`, by default without a cache.
 */
export function clientCommand(words: string[]): [string, string[]] {
  return command("ondacast", "client.ts", config.tasks.ondacast, [
    ...words,
    ...(words.includes("--cache-dir") ? [] : ["--no-cache"]),
  ]);
}

function command(
  binary: string,
  source: string,
  task: string,
  words: string[],
): [string, string[]] {
  if (BINARIES) return [join(BINARIES, binary), words];
  const flags = taskFlags(task, ROOT);
  return [Deno.execPath(), ["run", ...flags, join(ROOT, source), ...words]];
}

/** The options of a program. */
export interface ProgramOptions {
  env?: Record<string, string>;
  stdin?: "piped" | "null";
  /** False: the test reads stdout itself, or not at all. */
  readStdout?: boolean;
  /** A program and arguments that run the server, such as `prlimit …`. */
  under?: string[];
}

/** The messages of Deno and of the programs for an unhandled error. */
const UNHANDLED = /Uncaught|internal: unhandled error/;

/** More than any test waits for a program on a busy machine. */
const PATIENCE_MS = 120_000;

/** A running program, and its output so far. */
export class RunningProgram implements AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly #texts = { stdout: "", stderr: "" };
  readonly #read: Promise<unknown>;
  #changed = Promise.withResolvers<void>();

  constructor(
    file: string,
    args: string[],
    options: ProgramOptions = {},
  ) {
    this.child = new Deno.Command(file, {
      args,
      // As usual: with NO_COLOR libraries need fewer permissions.
      env: { NO_COLOR: "", ...options.env },
      stdin: options.stdin ?? "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#read = Promise.all([
      ...(options.readStdout === false ? [] : [this.#gather("stdout")]),
      this.#gather("stderr"),
    ]);
  }

  get stdout(): string {
    return this.#texts.stdout;
  }

  get stderr(): string {
    return this.#texts.stderr;
  }

  /**
   * Waits until its output matches.
   *
   * @throws {Error} If it ends before, or takes too long.
   */
  async printed(
    pattern: RegExp,
    on: "stdout" | "stderr" = "stdout",
  ): Promise<RegExpExecArray> {
    const read = this.#read.then(() => "ended" as const);
    return await this.#within(`print ${pattern}`, async (isLate) => {
      while (true) {
        const match = pattern.exec(this.#texts[on]);
        if (match) return match;
        const changed = this.#changed.promise;
        const ended = await Promise.race([changed, read, isLate]);
        if (ended && !pattern.test(this.#texts[on])) {
          throw new Error(`It ended and did not print ${pattern}${this.#said}`);
        }
      }
    });
  }

  /**
   * Waits for its end. @returns Its exit code and output.
   *
   * @throws {Error} If it had an unhandled error, or takes too long.
   */
  async ended(): Promise<{ code: number; stdout: string; stderr: string }> {
    const code = await this.#within("end", async (isLate) => {
      await Promise.race([this.#read, isLate]);
      return (await Promise.race([this.child.status, isLate])).code;
    });
    if (UNHANDLED.test(this.stderr)) {
      throw new Error(`It met an unhandled error:\n${this.stderr}`);
    }
    return { code, ...this.#texts };
  }

  /** Kills it if it is still running. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGKILL");
    } catch {
      // It has already ended.
    }
    await this.ended();
  }

  get #said(): string {
    return `:\n${this.stdout}\n${this.stderr}`;
  }

  /** Waits for something with a limit: a test that never ends says nothing. */
  async #within<T>(
    what: string,
    wait: (isLate: Promise<never>) => Promise<T>,
  ): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    const timer = setTimeout(() => {
      reject(new Error(`It takes too long to ${what}${this.#said}`));
    }, PATIENCE_MS);
    try {
      return await wait(promise);
    } finally {
      clearTimeout(timer);
    }
  }

  async #gather(name: "stdout" | "stderr"): Promise<void> {
    const stream = this.child[name].pipeThrough(new TextDecoderStream());
    for await (const text of stream) {
      this.#texts[name] += text;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
  }
}

/** A server of a test, on free ports. */
export class TestServer implements AsyncDisposable {
  readonly program: RunningProgram;
  readonly ports: {
    session: number;
    stream: number;
    http: number;
    snapcast?: number;
    snapcastControl?: number;
  };

  private constructor(
    program: RunningProgram,
    ports: TestServer["ports"],
  ) {
    this.program = program;
    this.ports = ports;
  }

  static async start(
    words: string[] = [],
    options: ProgramOptions = {},
  ): Promise<TestServer> {
    const program = startServer([
      ...(words.includes("--music") ? [] : ["--music", MUSIC]),
      ...words,
    ], options);
    const [, ports] = await program.printed(/^listening (.*)\n/);
    return new TestServer(program, JSON.parse(ports));
  }

  /** `host:port` of its sessions. */
  get address(): string {
    return `127.0.0.1:${this.ports.session}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }
}

/** Starts `ondacast-server`, by default on free ports. */
export function startServer(
  words: string[],
  options: ProgramOptions = {},
): RunningProgram {
  const [file, args] = serverCommand([
    ...["--host", "127.0.0.1", "--port", "0"],
    ...["--stream-port", "0", "--http-port", "0"],
    ...(words.includes("--data") ? [] : ["--data", "off"]),
    ...(words.includes("--announce") ? [] : ["--announce", "off"]),
    ...words,
  ]);
  const [program, ...under] = [...options.under ?? [], file];
  return new RunningProgram(program, [...under, ...args], options);
}

/** Starts `ondacast`. By default it finds no server: the network may have any. */
export function startClient(
  words: string[],
  options: ProgramOptions = {},
): RunningProgram {
  const env = { ONDACAST_SERVER: "127.0.0.1:1", ...options.env };
  return new RunningProgram(...clientCommand(words), { ...options, env });
}

/** Runs `ondacast` to its end. */
export async function runClient(
  words: string[],
  options: ProgramOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return await startClient(words, options).ended();
}

/** Runs `ondacast-server`, which must end by itself, to its end. */
export async function runServer(
  words: string[],
  options: ProgramOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return await startServer(words, options).ended();
}

/** A temporary folder, removed at the end of a test. */
export class TempFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<TempFolder> {
    return new TempFolder(await Deno.makeTempDir({ prefix: "ondacast-" }));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
