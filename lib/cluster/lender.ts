/**
 * Another server that lends devices: the connection to it, and its clock, which is
 * kept while any device is borrowed.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { ServerClock, serverUs } from "../client/server_clock.ts";
import { OndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import type { LoanNews } from "./loan.ts";
import type { RemoteReceiver } from "./remote_receiver.ts";

/** An estimate of the clock that is older is not trusted any more. */
const FRESH_MS = 10_000;
/** How long the clock may take to be known. */
const KNOWN_MS = 3_000;
/** How often lines are compared with the clocks. */
const KEEP_MS = 250;

/** Notified of borrowed devices. */
export interface LenderListener {
  /** Its server reports something of a device. */
  heard(lender: Lender, news: LoanNews): void;
  /** The connection is over: all its devices are away. */
  lost(lender: Lender): void;
}

export interface LenderOptions {
  /** The name of the server. */
  place: string;
  session: ClientSession;
  clock: Clock;
  wallMs(): number;
  listener: LenderListener;
}

export class Lender {
  readonly place: string;
  /** Borrowed devices, by their keys. */
  readonly receivers = new Map<string, RemoteReceiver>();
  readonly #options: LenderOptions;
  readonly #clock: ServerClock;
  #isKeeping = false;

  constructor(options: LenderOptions) {
    const { place, session, clock, wallMs, listener } = options;
    this.place = place;
    this.#options = options;
    const heard = (news: LoanNews) => listener.heard(this, news);
    session.listen({
      "lent-facts": heard,
      "lent-place": heard,
      "lent-stream": heard,
      "lent-rejoin": heard,
      "lent-over": heard,
      closed: () => listener.lost(this),
    });
    this.#clock = new ServerClock({
      clock,
      listen: ({ greeted }) =>
        session.welcome.then((it) => greeted?.(session, it), () => {}),
    }, wallMs);
    this.#clock.listen(() => this.#keepLines());
    // It may have ended before anyone listened.
    if (this.isLost) listener.lost(this);
  }

  get isLost(): boolean {
    return this.#options.session.failure !== null;
  }

  /** @throws {OndacastError} As the other server refuses; `lost`. */
  async borrow(
    message: Omit<ToServer<"borrow">, "type">,
    answered?: () => void,
  ): Promise<Answer<"borrow">> {
    this.#clock.active = true;
    try {
      const [answer] = await Promise.all([
        this.#options.session.request(
          { type: "borrow", ...message },
          answered,
        ),
        this.#known(),
      ]);
      return answer;
    } catch (error) {
      this.#clock.active = this.receivers.size > 0;
      throw error;
    }
  }

  add(key: string, receiver: RemoteReceiver): void {
    this.receivers.set(key, receiver);
    this.#clock.active = true;
    if (!this.#isKeeping) this.#keep();
  }

  delete(key: string): void {
    this.receivers.get(key)?.leave();
    this.receivers.delete(key);
    if (this.receivers.size === 0) this.#clock.active = false;
  }

  send(message: ToServer): void {
    this.#options.session.send(message);
  }

  /** Resolves once it has read what was sent, or is gone. */
  answered(): Promise<void> {
    return this.#options.session.ping().then(() => {}, () => {});
  }

  /** The mean round trip. */
  get rttMs(): number {
    return (this.#clock.rttUs ?? 0) / 1000;
  }

  /** A time of this server's clock by the other's, in microseconds. */
  thereUs(hereUs: number): number {
    return serverUs(this.#clock.current!, hereUs / 1000)!;
  }

  /** Resolves once the other clock is known well enough. */
  async #known(): Promise<void> {
    const { clock, session } = this.#options;
    const isFresh = () => {
      const { estimate } = this.#clock.current ?? {};
      return estimate && clock.now() - estimate.atUs / 1000 < FRESH_MS;
    };
    const untilMs = clock.now() + KNOWN_MS;
    while (!isFresh()) {
      if (clock.now() >= untilMs || session.failure) {
        throw new OndacastError(
          "lost",
          `Cannot borrow a device: the clock of ${this.place} is not known`,
        );
      }
      await clock.sleep(5, session.over);
    }
  }

  async #keep(): Promise<void> {
    const { clock, session } = this.#options;
    this.#isKeeping = true;
    while (this.receivers.size > 0 && !session.over.aborted) {
      await clock.sleep(KEEP_MS, session.over);
      this.#keepLines();
    }
    this.#isKeeping = false;
  }

  #keepLines(): void {
    for (const receiver of this.receivers.values()) receiver.keepLine();
  }
}
