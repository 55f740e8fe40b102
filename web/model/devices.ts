/**
 * The connected clients, live.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import type { OnlineClient } from "../../lib/wire/messages.ts";
import { computed, signal } from "./signals.ts";
import type { Tab } from "./tab.ts";

export class Devices {
  readonly total = signal(0);
  readonly #clients = signal<readonly OnlineClient[]>([]);
  readonly #tab: Tab;
  /** The other clients, by name. */
  readonly others = computed(() => {
    const me = this.#tab.welcome.value?.key;
    return this.#clients.value
      .filter(({ key }) => key !== me)
      .toSorted((a, b) => a.name.localeCompare(b.name));
  });
  /** Number of clients that play, this tab included. */
  readonly listeners = computed(() =>
    this.#clients.value.filter(({ state }) => state.doing === "playing").length
  );

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Watches the list over a new connection. */
  watch(session: ClientSession): void {
    const take = (
      { clients, total }: { clients: OnlineClient[]; total: number },
    ) => {
      this.#clients.value = clients;
      this.total.value = total;
    };
    session.listen({ online: take });
    session.request({ type: "online", watch: true })
      .then(take, () => {}); // lost again
  }
}
