/**
 * The state of a page in memory, at the real server in memory.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { MemoryClient } from "./memory_client.ts";
import { settle } from "./fake_clock.ts";
import type { Message, RawPeer } from "./raw_peer.ts";
import { Errands, type Reach } from "../../web/model/errands.ts";
import { Choices } from "../../web/model/choices.ts";
import { GroupActions } from "../../web/model/group_actions.ts";
import { type GroupRow, Groups } from "../../web/model/groups.ts";

/** A page's model at a server in memory, and devices that receive. */
export class MemoryPage implements Reach {
  readonly client = new MemoryClient();
  readonly groups = new Groups(this.client.clock);
  readonly errands = new Errands(this);
  readonly actions = new GroupActions(this.groups, this.errands, new Choices());
  session: ClientSession | null = null;
  #devices = 1;

  static async open(): Promise<MemoryPage> {
    const page = new MemoryPage();
    page.session = await page.client.link.session();
    await page.session.welcome;
    return page;
  }

  get server(): MemoryClient["server"] {
    return this.client.server;
  }

  /** A device that receives, driven by the test. */
  async device(name: string): Promise<RawPeer> {
    const { peer } = await this.server.connectWelcomed({
      hello: {
        ...{ name, device: `device ${this.#devices++}`, receive: true },
        features: ["groups"],
      },
    });
    return peer;
  }

  /** The group whose name this is. */
  row(name: string): GroupRow {
    const row = this.groups.rows.value?.find((it) => it.name === name);
    if (row) return row;
    throw new Error(`Cannot find the group ${name}`);
  }

  /** Waits until news of groups have come. */
  async news(): Promise<void> {
    await settle();
    await this.client.clock.advance(1_000);
    await settle();
  }
}

/** What was sent to a device of one type. */
export function sent(peer: RawPeer, type: string): Message[] {
  return peer.messages().filter((it) => it.type === type);
}

/** A test of the page's model, whose notices go away by timers of the system. */
export function modelTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false });
}
