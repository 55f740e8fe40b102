/**
 * The workers that decode songs, so that the main thread never does. Urgent work
 * goes first. A worker that fails or takes too long is replaced.
 *
 * @module
 */

import { fromFileUrl } from "@std/path/from-file-url";
import { ForeignSongError } from "../../audio/foreign_song.ts";
import { RefusedSongError } from "../../audio/refused_song.ts";
import { AbandonedError, type ErrorCode, OndacastError } from "../../errors.ts";
import type { Clock } from "../../ports/common.ts";
import type {
  DecoderJob,
  DecoderReply,
  DecoderResult,
  SongFault,
} from "./decoder_jobs.ts";
import {
  type Deadline,
  DecoderQueue,
  type QueuedJob,
} from "./decoder_queue.ts";

/** Time limit of a job without one of its own. */
const JOB_MS = 10_000;
/** How long an idle worker is kept, with the memory of its decoders. */
const IDLE_MS = 10_000;

/** The part of a `Worker` that is used here. */
export interface DecoderWorker {
  onmessage: ((event: MessageEvent<DecoderReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(job: DecoderJob): void;
  terminate(): void;
}

export interface DecoderPoolOptions {
  readonly spawn: () => DecoderWorker;
  /** Maximum number of workers. */
  readonly size: number;
  readonly clock: Clock;
}

/** A submitted job. */
export interface DecoderTask<J extends DecoderJob = DecoderJob> {
  /**
   * Rejects with an {@linkcode OndacastError} of the song, such as `not-wav` or
   * `unsupported`; with {@linkcode DecoderFailure}, if the decoder failed.
   */
  readonly result: Promise<DecoderResult<J>>;
  /**
   * Makes it more urgent, unless it has begun.
   *
   * @param address As of {@linkcode DecoderPool.run}.
   */
  hurry(deadline: Deadline, address?: string): void;
  /** Rejects it with `changed`, unless it has begun. */
  cancel(): void;
}

/** A decoder that crashed or took too long. */
export class DecoderFailure extends Error {
  override name = "DecoderFailure";
}

interface Waiting extends QueuedJob {
  readonly job: DecoderJob;
  isWanted(): boolean;
  resolve(result: DecoderResult): void;
  reject(error: Error): void;
}

/** A worker and its current job. */
interface Seat {
  readonly worker: DecoderWorker;
  current: Waiting | null;
  /** Aborted when it answers or gets a job. */
  timer: AbortController;
}

/** The default number of workers: the main thread keeps a core to itself. */
export function usualWorkers(cores: number): number {
  return Math.max(1, Math.min(2, cores - 1));
}

/** What the worker runs. */
const MODULES = ["./codecs.bin", "./pictures.bin"];

/** Starts a worker that may read one folder. */
export function decoderWorkerFor(folder: string): DecoderWorker {
  const url = (file: string) => new URL(file, import.meta.url);
  return new Worker(url("./decoder_worker.ts"), {
    type: "module",
    name: "decoder",
    deno: {
      permissions: {
        read: [folder, ...MODULES.map((file) => fromFileUrl(url(file)))],
      },
    },
  });
}

/** Distributes jobs to workers, which start on demand and end when idle. */
export class DecoderPool {
  /** Workers that failed and were replaced. */
  failures = 0;
  readonly #options: DecoderPoolOptions;
  readonly #seats = new Set<Seat>();
  readonly #waiting: DecoderQueue<Waiting>;
  #isClosed = false;

  constructor(options: DecoderPoolOptions) {
    this.#options = options;
    this.#waiting = new DecoderQueue(() => options.clock.now());
  }

  /**
   * Submits a job.
   *
   * @param deadline By the pool's clock.
   * @param address The address of the listener that waits for it, of whose jobs two
   * take part in the queue at once; empty: the server itself.
   * @param isWanted Asked when it is about to begin; it is rejected with an
   * {@linkcode AbandonedError} if nobody waits for it any longer.
   */
  run<J extends DecoderJob>(
    job: J,
    deadline: Deadline,
    address = "",
    isWanted = () => true,
  ): DecoderTask<J> {
    const { promise, resolve, reject } = Promise.withResolvers<
      DecoderResult<J>
    >();
    const waiting: Waiting = {
      job,
      deadline,
      address,
      isWanted,
      resolve: resolve as Waiting["resolve"],
      reject,
    };
    if (this.#isClosed) reject(closed());
    else {
      this.#waiting.add(waiting);
      this.#dispatch();
    }
    return {
      result: promise,
      hurry: (deadline, address = "") =>
        this.#waiting.hurry(waiting, deadline, address),
      cancel: () => {
        if (this.#waiting.remove(waiting)) reject(closed());
      },
    };
  }

  /** Terminates all workers and their jobs. */
  close(): void {
    this.#isClosed = true;
    for (const waiting of this.#waiting.clear()) waiting.reject(closed());
    for (const seat of [...this.#seats]) this.#dismiss(seat, closed());
  }

  #dispatch(): void {
    while (!this.#waiting.isEmpty) {
      const seat = this.#freeSeat();
      if (seat === null) return;
      const waiting = this.#waiting.next()!;
      if (waiting.isWanted()) this.#begin(seat, waiting);
      else waiting.reject(new AbandonedError());
    }
  }

  #freeSeat(): Seat | null {
    for (const seat of this.#seats) if (seat.current === null) return seat;
    if (this.#seats.size >= this.#options.size) return null;
    const worker = this.#options.spawn();
    const timer = new AbortController();
    const seat: Seat = { worker, current: null, timer };
    worker.onmessage = ({ data }) => this.#answered(seat, data);
    worker.onerror = (event) => {
      event.preventDefault(); // It would end the server.
      this.#failed(seat, event.message);
    };
    this.#seats.add(seat);
    return seat;
  }

  #begin(seat: Seat, waiting: Waiting): void {
    seat.current = waiting;
    const { job } = waiting;
    const ms = job.type === "decode" ? job.limitMs ?? JOB_MS : JOB_MS;
    this.#limit(
      seat,
      ms,
      () => this.#failed(seat, `it took more than ${ms / 1000} s`),
    );
    seat.worker.postMessage(job);
  }

  #answered(seat: Seat, reply: DecoderReply): void {
    const { current } = seat;
    if (current === null) return;
    if ("trap" in reply) return this.#failed(seat, reply.trap);
    seat.current = null;
    this.#limit(seat, IDLE_MS, () => this.#dismiss(seat, closed()));
    if (reply.isSpent) this.#dismiss(seat, closed());
    if ("result" in reply) current.resolve(reply.result);
    else current.reject(errorOf(reply.error));
    this.#dispatch();
  }

  #failed(seat: Seat, reason: string): void {
    if (!this.#seats.has(seat)) return;
    this.failures++;
    this.#dismiss(seat, new DecoderFailure(`The decoder failed: ${reason}`));
    this.#dispatch();
  }

  #dismiss(seat: Seat, error: Error): void {
    this.#seats.delete(seat);
    seat.timer.abort();
    seat.worker.terminate();
    seat.current?.reject(error);
    seat.current = null;
  }

  /** Replaces a seat's time limit. */
  #limit(seat: Seat, ms: number, expired: () => void): void {
    seat.timer.abort();
    seat.timer = new AbortController();
    const { signal } = seat.timer;
    this.#options.clock.sleep(ms, signal).then(() => {
      if (!signal.aborted) expired();
    });
  }
}

function errorOf(
  { code, message, isRefused, sampleFrames }: SongFault,
): OndacastError {
  if (isRefused) return new RefusedSongError(message);
  return sampleFrames === undefined
    ? new OndacastError(code as ErrorCode, message)
    : new ForeignSongError(message, sampleFrames);
}

function closed(): OndacastError {
  return new OndacastError("changed", "Cannot decode the song: it was closed");
}
