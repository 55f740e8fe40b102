/**
 * Samples a running server: its metrics, the system's figures of its process,
 * and its response times.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { readMetrics } from "../support/http_request.ts";
import { openSession } from "../support/sessions.ts";

const PING_MS = 500;

/** The server at one moment, and since the previous sample. */
export interface Sample {
  /** Seconds since the first sample. */
  atSeconds: number;
  rssBytes: number;
  heapBytes: number;
  externalBytes: number;
  /** Open file descriptors. */
  files: number;
  threads: number;
  /** As a part of one core. */
  cpu: number;
  /** The mean delay of the server's timer since the previous sample. */
  delayMs: number;
  /** Round trips of pings since the previous sample: median and maximum. */
  pingMs: number;
  worstPingMs: number;
  clients: number;
  /** Streams to sessions. */
  streams: number;
  /** Of the process that runs the listeners. */
  ownRssBytes: number;
}

/** Takes samples of a server on this machine. */
export class Sampler implements Disposable {
  readonly samples: Sample[] = [];
  readonly #pid: number;
  readonly #httpPort: number;
  readonly #session: ClientSession;
  readonly #over = new AbortController();
  readonly #beganMs = performance.now();
  #pings: number[] = [];
  #before = { cpuSeconds: 0, atMs: 0, delaySum: 0, delayCount: 0 };

  private constructor(pid: number, httpPort: number, session: ClientSession) {
    this.#pid = pid;
    this.#httpPort = httpPort;
    this.#session = session;
    this.#ping().catch(() => {}); // The session is over.
  }

  static async start(
    pid: number,
    ports: { session: number; http: number },
  ): Promise<Sampler> {
    const session = await openSession(ports.session, { name: "probe" });
    return new Sampler(pid, ports.http, session);
  }

  async take(): Promise<Sample> {
    const numbers = await readMetrics(this.#httpPort);
    const read = (name: string) => numbers.get(name) ?? NaN;
    const proc = `/proc/${this.#pid}`;
    const atMs = performance.now();
    const cpuSeconds = cpuSecondsOf(await Deno.readTextFile(`${proc}/stat`));
    const delaySum = read("ondacast_event_loop_delay_seconds_sum");
    const delayCount = read("ondacast_event_loop_delay_seconds_count");
    const before = this.#before;
    this.#before = { cpuSeconds, atMs, delaySum, delayCount };
    const pings = this.#pings.splice(0).sort((a, b) => a - b);
    const sample: Sample = {
      atSeconds: (atMs - this.#beganMs) / 1000,
      rssBytes: read("process_resident_memory_bytes"),
      heapBytes: read("ondacast_heap_bytes"),
      externalBytes: read("ondacast_external_bytes"),
      files: countIn(`${proc}/fd`),
      threads: countIn(`${proc}/task`),
      cpu: (cpuSeconds - before.cpuSeconds) / (atMs - before.atMs) * 1000,
      delayMs: (delaySum - before.delaySum) /
        Math.max(1, delayCount - before.delayCount) * 1000,
      pingMs: pings[pings.length >> 1] ?? NaN,
      worstPingMs: pings.at(-1) ?? NaN,
      clients: read("ondacast_clients"),
      streams: read("ondacast_listeners"),
      ownRssBytes: Deno.memoryUsage().rss,
    };
    this.samples.push(sample);
    return sample;
  }

  [Symbol.dispose](): void {
    this.#over.abort();
    this.#session.close();
  }

  async #ping(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const sentMs = performance.now();
      await this.#session.request({ type: "ping" });
      this.#pings.push(performance.now() - sentMs);
      await systemClock.sleep(PING_MS, this.#over.signal);
    }
  }
}

/** User and system time of `/proc/…/stat`, in ticks of 10 ms. */
function cpuSecondsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function countIn(folder: string): number {
  return [...Deno.readDirSync(folder)].length;
}
