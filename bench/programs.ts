/**
 * Runs programs for the bench: each is started from its command line, observed
 * through /proc, and always ended. Its CPU time is that of all its threads, to the
 * nanosecond, from the scheduler.
 *
 * @module
 */

/** A program that runs longer is killed. */
const LIFE_MS = 300_000;
/** The last core runs the load and the clients, the others run the servers. */
const CORES = navigator.hardwareConcurrency;

/** Time that a program has to exit before it is killed. */
const END_MS = 6_000;

/** Path of the repository. */
export const ROOT = new URL("..", import.meta.url).pathname;

/**
 * A command line that pins a program to the cores of the servers or to that of the
 * load. Otherwise the kernel sometimes puts both ends of a connection on one core,
 * and runs are not comparable.
 */
export async function onCores(
  side: "servers" | "load",
  words: string[],
): Promise<string[]> {
  if (CORES < 2 || !await isThere("taskset")) return words;
  const cores = side === "load" ? `${CORES - 1}` : `0-${CORES - 2}`;
  return ["taskset", "-c", cores, ...words];
}

/** A program that runs in the background. */
export class Running implements AsyncDisposable {
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #killer: ReturnType<typeof setTimeout>;
  #over = false;

  constructor(words: string[], options: RunOptions = {}) {
    this.#child = command(words, options).spawn();
    this.pid = this.#child.pid;
    this.#lines = linesOf(this.#child.stdout).getReader();
    this.#killer = setTimeout(() => this.#kill("SIGKILL"), LIFE_MS);
    this.#child.status.then(() => this.#over = true);
  }

  /** The next line of its stdout; null: it has ended. */
  async line(): Promise<string | null> {
    const { value, done } = await this.#lines.read();
    return done ? null : value;
  }

  /** Waits for a line like this one. */
  async lineLike(pattern: RegExp): Promise<RegExpExecArray> {
    for (let line; (line = await this.line()) !== null;) {
      const match = pattern.exec(line);
      if (match) return match;
    }
    throw new Error(`it ended before it said ${pattern.source}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill("SIGTERM");
    const hurry = setTimeout(() => this.#kill("SIGKILL"), END_MS);
    await this.#child.status;
    clearTimeout(hurry);
    clearTimeout(this.#killer);
    await this.#lines.cancel().catch(() => {});
  }

  #kill(signal: Deno.Signal): void {
    if (!this.#over) this.#child.kill(signal);
  }
}

export interface RunOptions {
  env?: Record<string, string>;
  /** The folder it runs in; the repository by default. */
  cwd?: string;
  timeoutMs?: number;
}

/**
 * Runs a program to its end.
 *
 * @returns Its stdout.
 * @throws {Error} If it fails or takes too long, with its last output.
 */
export async function run(
  words: string[],
  options: RunOptions = {},
): Promise<string> {
  const child = command(words, options, "piped").spawn();
  const killer = setTimeout(
    () => child.kill("SIGKILL"),
    options.timeoutMs ?? LIFE_MS,
  );
  const { success, signal, stdout, stderr } = await child.output();
  clearTimeout(killer);
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  const said = decoder.decode(stderr).trim().split("\n").at(-1) ?? "";
  throw new Error(said || `${words[0]} ended with ${signal ?? "an error"}`);
}

function command(
  words: string[],
  { env, cwd = ROOT }: RunOptions,
  stderr: "piped" | "null" = "null",
): Deno.Command {
  return new Deno.Command(words[0], {
    args: words.slice(1),
    cwd,
    // Deno's daily update check would disturb a measurement.
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr,
  });
}

/** The command line of a task in deno.json, with more arguments. */
export async function task(name: string, ...more: string[]): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const task = tasks[name];
  const words: string[] = (task.command ?? task).split(" ");
  return [Deno.execPath(), ...words.slice(1), ...more];
}

/** The command line of a floor. */
export function floor(...words: string[]): string[] {
  return [Deno.execPath(), "run", "-A", `${ROOT}bench/floor.ts`, ...words];
}

export async function isThere(program: string): Promise<boolean> {
  try {
    await run(["sh", "-c", `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}

/**
 * CPU time of a process in seconds. Threads report it to the nanosecond, but only
 * while they live; the process reports the total, in hundredths of a second. The
 * larger one is more accurate.
 */
export function cpuSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]); // utime and stime
  let ns = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    try {
      const file = `/proc/${pid}/task/${name}/schedstat`;
      ns += Number(Deno.readTextFileSync(file).split(" ")[0]);
    } catch {
      // A thread that ended meanwhile.
    }
  }
  return Math.max(ns / 1e9, ticks / 100);
}

/** Resident memory of a process, in bytes. */
export function rssBytes(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1024;
}

/** Waits until a program listens on a port of this machine. */
export async function portOpen(port: number): Promise<void> {
  const listening = new RegExp(
    `: [0-9A-F]{8}:${port.toString(16).toUpperCase().padStart(4, "0")} .{14}0A`,
  );
  for (let tries = 0; tries < 500; tries++) {
    if (listening.test(await Deno.readTextFile("/proc/net/tcp"))) return;
    await sleep(10);
  }
  throw new Error(`no program listens on port ${port}`);
}

/** A port that is free now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function linesOf(bytes: ReadableStream<Uint8Array>): ReadableStream<string> {
  let rest = "";
  return bytes.pipeThrough(new TextDecoderStream() as TransformStream)
    .pipeThrough(
      new TransformStream<string, string>({
        transform(text, controller) {
          const lines = (rest + text).split("\n");
          rest = lines.pop()!;
          for (const line of lines) controller.enqueue(line);
        },
      }),
    );
}
