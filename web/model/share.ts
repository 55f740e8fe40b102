/**
 * Shares this device's microphone as a live song, over all connections until it is
 * stopped. What is said while the server is away is lost.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import type { OutgoingLive } from "../../lib/client/outgoing_live.ts";
import {
  EMPTY_DATA_FRAME,
  encodeFrame,
  FRAME_TYPE,
} from "../../lib/wire/frame.ts";
import { type Microphone, openMicrophone } from "../audio/microphone.ts";
import { notifyError } from "./notices.ts";
import { signal } from "./signals.ts";
import type { Tab } from "./tab.ts";

/** The song on one connection. */
interface Sending {
  session: ClientSession;
  live: OutgoingLive;
}

export class Share {
  /** The name of the song; null: nothing is shared. */
  readonly song = signal<string | null>(null);
  readonly #tab: Tab;
  #name = "";
  #microphone: Microphone | null = null;
  /** Whether its user is being asked for it. */
  #isOpening = false;
  /** The connection on which it was begun. */
  #asked: ClientSession | null = null;
  #sending: Sending | null = null;

  constructor(tab: Tab) {
    this.#tab = tab;
    tab.link.listen({
      opened: (session) => {
        session.welcome.then(() => this.#begin(session), () => {});
      },
    });
  }

  /** Begins, or stops. */
  async toggle(): Promise<void> {
    if (this.#microphone) return this.#stop();
    if (this.#isOpening) return;
    this.#isOpening = true;
    this.#name = this.#tab.name.value;
    try {
      this.#microphone = await openMicrophone(
        (pcm) => this.#send(pcm),
        () => this.#stop(),
      );
    } catch (error) {
      return notifyError(error);
    } finally {
      this.#isOpening = false;
    }
    // One that is yet to come begins it when it is welcomed.
    if (this.#tab.session) await this.#begin(this.#tab.session);
  }

  async #begin(session: ClientSession): Promise<void> {
    const microphone = this.#microphone;
    if (!microphone || this.#asked === session) return;
    this.#asked = session;
    const { format } = microphone;
    const live = session.live({ name: this.#name, format });
    try {
      await live.ready;
    } catch (error) {
      if (session.failure) return; // It begins again with the next connection.
      notifyError(error);
      return this.#stop();
    }
    if (this.#microphone !== microphone) {
      return void session.sendData(EMPTY_DATA_FRAME).catch(() => {});
    }
    this.#sending = { session, live };
    this.song.value = `live/${this.#name}`;
  }

  #send(pcm: Uint8Array): void {
    const { session, live } = this.#sending ?? {};
    if (!session || session.failure || live!.credit.bytes < pcm.length) return;
    live!.credit.spend(pcm.length);
    session.sendData(encodeFrame(FRAME_TYPE.data, pcm)).catch(() => {});
  }

  #stop(): void {
    this.#microphone?.stop();
    const { session } = this.#sending ?? {};
    if (!session?.failure) {
      session?.sendData(EMPTY_DATA_FRAME).catch(() => {});
    }
    this.#microphone =
      this.#asked =
      this.#sending =
      this.song.value =
        null;
  }
}
