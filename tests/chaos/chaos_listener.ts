/**
 * A listener of the chaos: hears one song after the other to the end, at whichever
 * server has it, and compares the SHA-256 of each.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { PeerError } from "../../lib/errors.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import { openSession } from "../support/sessions.ts";
import type { ChaosMachine } from "./chaos_machine.ts";
import type { ChaosNode } from "./chaos_node.ts";

/** A megabyte a second. */
const WINDOW_BYTES = 256 * 1024;
const GRANT_MS = 250;
const AGAIN_MS = 100;

export interface ChaosListenerOptions {
  name: string;
  nodes: readonly ChaosMachine<ChaosNode>[];
  songs: ReadonlyMap<string, Uint8Array>;
  random(): number;
  fault(text: string): void;
}

export class ChaosListener implements Disposable {
  readonly #options: ChaosListenerOptions;
  readonly #closing = new AbortController();
  /** Songs that were heard whole, and streams that were begun for them. */
  songs = 0;
  streams = 0;
  bytes = 0;
  #node: ChaosMachine<ChaosNode> | null = null;

  constructor(options: ChaosListenerOptions) {
    this.#options = options;
    this.#listen();
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  async #listen(): Promise<void> {
    const { songs, random, name, fault } = this.#options;
    const names = [...songs.keys()];
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const song = names[Math.floor(random() * names.length)];
      const hash = createHash("sha256");
      await this.#hear(song, songs.get(song)!.length, (it) => hash.update(it));
      if (signal.aborted) return;
      const wanted = createHash("sha256").update(songs.get(song)!).digest();
      if (hash.digest().equals(wanted)) this.songs++;
      else fault(`${name} has heard another ${song}`);
    }
  }

  async #hear(
    song: string,
    bytes: number,
    on: (piece: Uint8Array) => void,
  ): Promise<void> {
    const { signal } = this.#closing;
    let [at, etag] = [0, undefined as string | undefined];
    while (at < bytes && !signal.aborted) {
      try {
        using session = await this.#session();
        this.streams++;
        await take(session.it, { song, offset: at, etag }, {
          began: (now) => etag ??= now,
          data: (piece) => {
            on(piece);
            at += piece.length;
            this.bytes += piece.length;
          },
        }, signal);
      } catch (error) {
        this.#node = null;
        if (error instanceof PeerError && error.code === "changed") {
          return this.#options.fault(`${song} has changed at ${at}`);
        }
        await systemClock.sleep(AGAIN_MS, signal);
      }
    }
  }

  /** Of the same server as before, unless it was lost. */
  async #session(): Promise<{ it: ClientSession } & Disposable> {
    const { nodes, random, name } = this.#options;
    const running = nodes.filter((it) => it.isRunning);
    const node = this.#node ??= running[Math.floor(random() * running.length)];
    const { home, port } = node.program;
    const it = await openSession(port, {
      ...{ name, windowBytes: WINDOW_BYTES },
    }, new TcpConnector(home, port));
    return { it, [Symbol.dispose]: () => it.close() };
  }
}

/** Until the stream or the connection ends. */
async function take(
  session: ClientSession,
  asked: { song: string; offset: number; etag?: string },
  on: { began(etag: string | undefined): void; data(piece: Uint8Array): void },
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {}); // It is awaited below.
  session.over.addEventListener("abort", () => reject(session.failure));
  signal.addEventListener("abort", () => resolve());
  await session.openStream(asked, (stream) => {
    on.began(stream.start.etag ?? undefined);
    stream.listener = {
      data(piece) {
        on.data(piece);
        const { length } = piece;
        setTimeout(() => session.failure || stream.used(length), GRANT_MS);
      },
      end: resolve,
      stopped: ({ reason }) => reject(new Error(reason)),
      displaced: () => reject(new Error("it was displaced")),
    };
  });
  await promise;
}
