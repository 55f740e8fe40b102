/**
 * The clients that are connected, live, and what this tab asks of them.
 *
 * @module
 */

import { computed, signal } from "@preact/signals";
import type { ClientSession } from "../../lib/client/client_session.ts";
import type {
  ControlAction,
  OnlineClient,
  ToClient,
} from "../../lib/wire/messages.ts";
import { notify, notifyError } from "./notices.ts";
import type { Tab } from "./tab.ts";
import { titleOf } from "./words.ts";

/** How often the positions of others move on. */
const TICK_MS = 500;

/** Who is online. */
export class Devices {
  /** As the server told last, and when it did. */
  readonly #told = signal<{ clients: OnlineClient[]; atMs: number }>({
    clients: [],
    atMs: 0,
  });
  readonly total = signal(0);
  readonly #nowMs = signal(performance.now());
  readonly #tab: Tab;
  /** The others, those that receive first. */
  readonly others = computed(() => {
    const me = this.#tab.welcome.value?.key;
    return this.#told.value.clients
      .filter(({ key }) => key !== me)
      .toSorted((a, b) =>
        Number(b.receiving) - Number(a.receiving) ||
        a.name.localeCompare(b.name)
      );
  });
  /** Those of them that songs can be cast to. */
  readonly receivers = computed(() =>
    this.others.value.filter(({ receiving }) => receiving)
  );
  /** How many play something now, this tab among them. */
  readonly listeners = computed(() =>
    this.#told.value.clients.filter(({ state }) => state.doing === "playing")
      .length
  );

  constructor(tab: Tab) {
    this.#tab = tab;
    setInterval(() => this.#nowMs.value = performance.now(), TICK_MS);
  }

  /** Watches over a new connection. */
  watch(session: ClientSession): void {
    session.onNews = (message) => {
      if (message.type === "online") this.#take(message);
    };
    session.request({ type: "online", watch: true })
      .then((online) => this.#take(online), () => {}); // It is lost again.
  }

  /** Where a client is in its song by now, in seconds. */
  positionOf({ state }: OnlineClient, lengthSeconds?: number | null): number {
    const { doing, position = 0 } = state;
    if (doing !== "playing") return position;
    const passedMs = Math.max(0, this.#nowMs.value - this.#told.value.atMs);
    return Math.min(position + passedMs / 1000, lengthSeconds ?? Infinity);
  }

  /** Plays a song on another client. */
  async cast(song: string, to: OnlineClient): Promise<void> {
    const { current } = this.#tab.link;
    if (current === null) return;
    try {
      await current.request({ type: "cast", song, to: [to.key] });
      notify(`${titleOf(song)} plays on ${to.name}`);
    } catch (error) {
      notifyError(error);
    }
  }

  /** Asks something of another client. */
  async control(
    to: OnlineClient,
    action: ControlAction,
    value?: number,
  ): Promise<void> {
    const { current } = this.#tab.link;
    if (current === null) return;
    try {
      await current.request({
        type: "control",
        to: [to.key],
        action,
        ...(value !== undefined && { value }),
      });
    } catch (error) {
      notifyError(error);
    }
  }

  #take({ clients, total }: ToClient<"online">): void {
    const atMs = performance.now();
    this.#nowMs.value = atMs;
    this.#told.value = { clients, atMs };
    this.total.value = total;
  }
}
