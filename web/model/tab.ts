/**
 * This tab as a client of the server: one connection, over all reconnects, a
 * name, and a receiver that plays what is chosen here and what others cast.
 *
 * @module
 */

import { signal } from "@preact/signals";
import type {
  ClientSession,
  Identity,
} from "../../lib/client/client_session.ts";
import { Link } from "../../lib/client/link.ts";
import { Output } from "../../lib/client/output.ts";
import { Receiver, type ReceiverListener } from "../../lib/client/receiver.ts";
import { type OndacastError, toOndacastError } from "../../lib/errors.ts";
import type { ToClient } from "../../lib/wire/messages.ts";
import { Speakers } from "../audio/speakers.ts";
import { claimDeviceId } from "../io/device_id.ts";
import { readSetting, writeSetting } from "../io/settings.ts";
import { SteadyClock } from "../io/steady_clock.ts";
import { WebSocketConnector } from "../io/web_socket_connector.ts";
import { browserName } from "./browser_name.ts";

/** Data that may be under way, in bytes, unless a song needs more. */
const WINDOW_BYTES = 1 << 20;

/** What others are told while the browser keeps the page silent. */
const SILENCED =
  "waiting for a tap on the page, as its browser keeps it silent";

/** How it stands with the server. */
export type Connection =
  | { state: "connecting" | "online" | "away" }
  /** It wants a token; `message` says what is wrong with the last one. */
  | { state: "locked"; message: string | null }
  /** It has ended this client for good. */
  | { state: "ended"; message: string };

/** The tab's client. */
export class Tab {
  readonly connection = signal<Connection>({ state: "connecting" });
  /** What the server greeted with last. */
  readonly welcome = signal<ToClient<"welcome"> | null>(null);
  readonly name = signal(
    readSetting("name") ?? browserName(navigator.userAgent),
  );
  /** Whether others may cast here. */
  readonly receiving = signal(readSetting("receive") !== "no");
  /** Whether the browser keeps the page silent until a person does something. */
  readonly silenced = signal(false);
  readonly clock = new SteadyClock();
  readonly connector: WebSocketConnector;
  readonly link: Link;
  readonly receiver: Receiver;
  readonly #speakers = new Speakers(this.clock);
  readonly #identity: Identity;
  #unlock: () => void = () => {};

  /** @param listener Told of what is played. */
  constructor(listener: Omit<ReceiverListener, "waiting">) {
    this.#speakers.onSilenced = (silenced) => {
      this.silenced.value = silenced;
      this.receiver.problem = silenced ? SILENCED : null;
    };
    this.#identity = {
      name: this.name.value,
      device: "", // until it is claimed
      token: readSetting("token") ?? undefined,
      receive: this.receiving.value,
    };
    this.connector = new WebSocketConnector(
      claimDeviceId().then((id) => void (this.#identity.device = id)),
    );
    this.link = new Link({
      connector: this.connector,
      clock: this.clock,
      identity: this.#identity,
      windowBytes: WINDOW_BYTES,
      signal: new AbortController().signal,
    });
    this.link.listen({
      away: () => this.connection.value = { state: "away" },
      opened: (session) => this.#meet(session),
    });
    this.receiver = new Receiver({
      link: this.link,
      output: new Output(this.#speakers.open, this.#speakers),
      listener: { ...listener, waiting: () => {} },
    });
    this.receiver.receiving = this.receiving.value;
  }

  /** Called with each connection that the server has welcomed. */
  onWelcome: (session: ClientSession) => void = () => {};

  /** Stays connected, until the server ends it for good. */
  async run(): Promise<void> {
    while (true) {
      try {
        await this.receiver.run();
      } catch (thrown) {
        const error = toOndacastError(thrown);
        if (error.code === "unauthorized") await this.#waitForToken(error);
        else return this.#end(error);
      }
    }
  }

  /** The connection, once the server has welcomed this tab on it. */
  whenOnline(): Promise<ClientSession> {
    return new Promise((resolve) => {
      const stop = this.connection.subscribe(({ state }) => {
        const { current } = this.link;
        if (state !== "online" || current === null) return;
        queueMicrotask(() => stop()); // It may be called at once.
        resolve(current);
      });
    });
  }

  /** Tries again with a token. @param store Whether to remember it for long. */
  unlock(token: string, store: boolean): void {
    this.#identity.token = token;
    writeSetting("token", token, store);
    this.connection.value = { state: "connecting" };
    this.#unlock();
  }

  /** The fields of requests beside the session, which show the server's token. */
  get credentials(): Record<string, string> {
    const { token, device } = this.#identity;
    if (token === undefined) return {};
    return {
      authorization: `Bearer ${encodeToken(token)}`,
      "ondacast-device": device,
    };
  }

  /** Takes another name, which the server learns by a new connection. */
  rename(name: string): void {
    if (name === this.name.value) return;
    this.name.value = this.#identity.name = name;
    writeSetting("name", name);
    this.connector.drop();
  }

  /** Lets others cast here, or no longer. */
  receive(on: boolean): void {
    this.receiving.value = on;
    this.#identity.receive = on;
    writeSetting("receive", on ? "yes" : "no");
    this.receiver.receiving = on;
  }

  /** Lets what is heard stand still at once, or go on. */
  hold(on: boolean): void {
    this.#speakers.hold(on);
  }

  /** A person has done something, so sound is allowed. */
  touched(): void {
    this.#speakers.allow();
  }

  #meet(session: ClientSession): void {
    session.welcome.then((welcome) => {
      this.welcome.value = welcome;
      this.connection.value = { state: "online" };
      this.onWelcome(session);
    }, () => {}); // Whoever plays or waits is told.
  }

  async #waitForToken({ message }: OndacastError): Promise<void> {
    const refused = this.#identity.token !== undefined;
    this.connection.value = {
      state: "locked",
      message: refused ? message : null,
    };
    await new Promise<void>((resolve) => this.#unlock = resolve);
  }

  #end({ message }: OndacastError): void {
    this.connection.value = { state: "ended", message };
  }
}

/** A token as a header can carry it: its bytes in UTF-8. */
function encodeToken(token: string): string {
  return String.fromCharCode(...new TextEncoder().encode(token));
}
