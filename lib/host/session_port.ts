/**
 * Sessions of both ports that carry them, TCP and WebSocket: admits each as fast
 * as the server can absorb them, and logs its begin and end.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import type { Transport } from "../ports/common.ts";
import type { Hub } from "../server/hub.ts";
import { Session } from "../server/session.ts";
import type { AddressPolicy } from "./address_policy.ts";
import { AdmissionControl } from "./admission_control.ts";

const log = getLogger(["ondacast", "server"]);

export class SessionPort {
  readonly #hub: Hub;
  readonly #policy: AddressPolicy;
  readonly #admission: AdmissionControl;

  /** @param closing Once aborted, no connection waits for admission. */
  constructor(hub: Hub, policy: AddressPolicy, closing: AbortSignal) {
    this.#hub = hub;
    this.#policy = policy;
    this.#admission = new AdmissionControl(() => hub.hasCrowd, closing);
  }

  /**
   * Serves one session to its end; never rejects. Returns the promise itself:
   * with thousands of connections, every frame counts.
   *
   * @param id Identifies the session in the log.
   */
  serve(
    transport: Transport,
    id: number,
    over: "tcp" | "websocket",
  ): Promise<void> {
    const serve = () => this.#run(transport, id, over);
    return this.#admission.enter()?.then(serve) ?? serve();
  }

  #run(
    transport: Transport,
    id: number,
    over: "tcp" | "websocket",
  ): Promise<void> {
    const { peer } = transport;
    this.#hub.counters.sessions[over]++;
    log.info("session {id} from {peer} begins over {over}", { id, peer, over });
    const session = new Session(this.#hub, transport);
    return session.run(this.#policy.refusal(peer)).then((reason) =>
      log.info("session {id} from {peer} ends: {reason}", {
        id,
        peer,
        name: session.member.client?.name,
        reason,
      })
    );
  }
}
