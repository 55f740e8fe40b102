/**
 * The network and the clock of one device of a test: its way to the server is
 * delayed as over Wi-Fi, and the server's clock is hours off and may run fast. So
 * programs on one machine have no clock in common.
 *
 * @module
 */

import { encodeFrame, FRAME_TYPE, FrameDecoder } from "../../lib/wire/frame.ts";
import { writeAll } from "../../lib/write_all.ts";

/** The delay of each way: at least, on average beyond that, and at most. */
const DELAY_MS = { least: 1, mean: 1.2, most: 15 };

/** How late timers are. */
const TIMER_MS = 2;
/** Nobody wakes up who waits for it. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/** The server's clock, for the device behind a proxy. */
export interface ProxyClock {
  /** How far it is ahead. */
  hours: number;
  /** How much faster it runs. */
  ppm: number;
  /** Whether times that are sent to the server are of the device's clock. */
  isMutual: boolean;
}

/** Relays connections to a port of this machine. */
export class ClockProxy implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns = new Set<Deno.TcpConn>();
  readonly #aheadUs: number;
  readonly #pace: number;
  readonly #isMutual: boolean;
  readonly #random: () => number;
  #port: number;
  #silentUntilMs = 0;

  constructor(
    port: number,
    { hours, ppm, isMutual }: ProxyClock,
    random: () => number,
  ) {
    this.#port = port;
    this.#aheadUs = hours * 3_600e6;
    this.#pace = 1 + ppm / 1e6;
    this.#isMutual = isMutual;
    this.#random = random;
    this.#accept().catch(() => {}); // The listener was closed.
  }

  get address(): string {
    return `127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
  }

  /** Relays to another port from the next connection on. */
  set port(port: number) {
    this.#port = port;
  }

  /** Holds all back for a while, as a network does that is away. */
  holdBack(ms: number): void {
    this.#silentUntilMs = performance.now() + ms;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const conn of this.#conns) close(conn);
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener as Deno.TcpListener) {
      try {
        const far = await Deno.connect({
          hostname: "127.0.0.1",
          port: this.#port,
        });
        for (const conn of [near, far]) {
          conn.setNoDelay(true);
          this.#conns.add(conn);
        }
        /** The server's clock, at a time here. */
        let known = { us: 0, atMs: 0 };
        const ahead = (us: number) => this.#aheadUs + us * (this.#pace - 1);
        this.#relay(
          near,
          far,
          this.#isMutual
            ? rewriter((us) => {
              // A line is of the pace of the clock, which has another one there.
              const passedMs = performance.now() - known.atMs;
              return us - ahead(known.us + passedMs * 1000);
            })
            : (piece, out) => out(piece),
        );
        this.#relay(
          far,
          near,
          rewriter((us, name) => {
            if (name === "sent") known = { us, atMs: performance.now() };
            return us + ahead(us);
          }),
        );
      } catch {
        close(near); // There is no server.
      }
    }
  }

  async #relay(
    from: Deno.TcpConn,
    to: Deno.TcpConn,
    pass: (piece: Uint8Array, out: (bytes: Uint8Array) => void) => void,
  ): Promise<void> {
    let last: Promise<unknown> = Promise.resolve();
    let latestMs = 0;
    const buffer = new Uint8Array(1 << 16);
    try {
      while (true) {
        const bytes = await from.read(buffer);
        const read = bytes === null ? null : buffer.slice(0, bytes);
        latestMs = Math.max(latestMs, this.#dueMs());
        const dueMs = latestMs;
        last = last.then(async () => {
          await until(dueMs);
          if (read === null) return close(to);
          const out: Uint8Array[] = [];
          pass(read, (piece) => out.push(piece.slice()));
          for (const piece of out) await writeAll(to, piece);
        });
        last.catch(() => close(from));
        if (read === null) break;
      }
    } catch {
      await last.catch(() => {});
      close(to);
    }
  }

  #dueMs(): number {
    const { least, mean, most } = DELAY_MS;
    const delay = least - mean * Math.log(1 - this.#random());
    return Math.max(performance.now(), this.#silentUntilMs) +
      Math.min(delay, most);
  }
}

/** Passes frames on, and sets the times in those that have some. */
function rewriter(
  set: (us: number, name: string) => number,
): (piece: Uint8Array, out: (bytes: Uint8Array) => void) => void {
  let emit: (bytes: Uint8Array) => void = () => {};
  const decoder = new FrameDecoder({
    data: (piece) => emit(encodeFrame(FRAME_TYPE.data, piece)),
    dataEnd: () => emit(encodeFrame(FRAME_TYPE.data, new Uint8Array(0))),
    message: (payload) =>
      emit(encodeFrame(FRAME_TYPE.message, withTimes(payload, set))),
  }, { maxMessageBytes: 1 << 20 });
  return (piece, out) => {
    emit = out;
    decoder.push(piece);
  };
}

/** @param set Makes a time of the server's clock one of the device's, or back. */
function withTimes(
  payload: Uint8Array,
  set: (us: number, name: string) => number,
): Uint8Array {
  const message = JSON.parse(new TextDecoder().decode(payload));
  // A device that another server has borrowed may begin a stream with its line.
  for (const fields of [message, message.line ?? {}]) {
    for (const name of ["received", "sent", "at", "since"]) {
      if (typeof fields[name] === "number") {
        fields[name] = Math.round(set(fields[name], name));
      }
    }
  }
  return new TextEncoder().encode(JSON.stringify(message));
}

/**
 * Timers are up to 2 ms late, by which the delays would not be what they are said
 * to be: the rest of the time the thread is held.
 */
async function until(dueMs: number): Promise<void> {
  const ms = dueMs - performance.now() - TIMER_MS;
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  const restMs = dueMs - performance.now();
  if (restMs > 0) Atomics.wait(NEVER, 0, 0, restMs);
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It is closed already.
  }
}
