/**
 * The songs that one client sends: an upload, or what it sends live. At most one
 * of them is under way on a connection.
 *
 * @module
 */

import type { Channel } from "../wire/channel.ts";
import type { Hub } from "./hub.ts";
import type { Incoming } from "./incoming.ts";
import { LiveReceiver } from "./live_receiver.ts";
import { UPLOAD_STUCK_MS, UploadReceiver } from "./upload_receiver.ts";

export class SentSongs {
  readonly #channel: Channel;
  readonly #hub: Hub;
  // Created on demand: most clients send none.
  #upload: UploadReceiver | null = null;
  #live: LiveReceiver | null = null;

  constructor(channel: Channel, hub: Hub) {
    this.#channel = channel;
    this.#hub = hub;
  }

  get upload(): UploadReceiver {
    return this.#upload ??= new UploadReceiver(this.#channel, this.#hub);
  }

  get live(): LiveReceiver {
    return this.#live ??= new LiveReceiver(this.#channel, this.#hub);
  }

  /** What data belongs to. */
  get current(): Incoming {
    const isLive = this.#live?.takesEnd && !this.#upload?.active;
    return isLive ? this.#live! : this.upload;
  }

  /** Whether data is expected. */
  get isUnderWay(): boolean {
    return (this.#live?.active || this.#upload?.active) ?? false;
  }

  /** See {@linkcode Incoming.noteRead}. */
  noteRead(): void {
    this.#upload?.noteRead();
    this.#live?.noteRead();
  }

  /**
   * The upload of which nothing has come for too long; null: there is none. A live
   * song ends by itself then.
   *
   * @param awakeSinceMs When the process last resumed after a suspension.
   */
  stuck(
    nowMs: number,
    awakeSinceMs: number,
  ): { problem: string } & Pick<Incoming, "re"> | null {
    const upload = this.#upload;
    if (!upload?.isStuck(nowMs, awakeSinceMs)) return null;
    const problem = `no data of the upload for ${UPLOAD_STUCK_MS / 1000} s`;
    return { problem, re: upload.re };
  }

  /** The connection is over. */
  async abandon(): Promise<void> {
    this.#live?.abandon();
    await this.#upload?.abandon();
  }
}
