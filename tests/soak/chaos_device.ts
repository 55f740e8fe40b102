/**
 * A device of the chaos: it receives at its server, or at another one while that is
 * dead.
 *
 * @module
 */

import { systemClock } from "../../lib/io/clock/clock.ts";
import { deviceKey } from "../../lib/model/presence.ts";
import { openSession } from "../support/sessions.ts";
import type { ChaosNode } from "./chaos_node.ts";

const AGAIN_MS = 250;

export class ChaosDevice implements Disposable {
  readonly name: string;
  readonly key: string;
  readonly #device = crypto.randomUUID();
  readonly #closing = new AbortController();

  constructor(name: string, home: ChaosNode, others: readonly ChaosNode[]) {
    this.name = name;
    this.key = deviceKey(this.#device);
    this.#stay([home, ...others]);
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  async #stay(nodes: readonly ChaosNode[]): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const node = nodes.find((it) => it.isRunning);
      if (node) await this.#receive(node.port).catch(() => {});
      await systemClock.sleep(AGAIN_MS, signal);
    }
  }

  async #receive(port: number): Promise<void> {
    const { name } = this;
    const session = await openSession(port, {
      ...{ name, receive: true, device: this.#device },
    });
    const over = new Promise<void>((resolve) => {
      session.listen({
        closed: () => resolve(),
        // It hears all of it at once.
        cast: (stream) => {
          stream.listener = {
            data: (piece) => stream.used(piece.length),
            end() {},
            stopped() {},
            displaced() {},
          };
        },
      });
      this.#closing.signal.addEventListener("abort", () => session.close());
    });
    await over;
  }
}
