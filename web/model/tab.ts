/**
 * This tab as a client of the server: one connection across all reconnects, a
 * name, and a receiver that plays songs chosen here and songs cast by others.
 *
 * @module
 */

import { signal } from "./signals.ts";
import type {
  ClientSession,
  Identity,
} from "../../lib/client/client_session.ts";
import { Link } from "../../lib/client/link.ts";
import { Output } from "../../lib/client/output.ts";
import { Receiver, type ReceiverListener } from "../../lib/client/receiver.ts";
import { type DeviceKind, deviceKind } from "../../lib/model/device_kind.ts";
import { type OndacastError, toOndacastError } from "../../lib/errors.ts";
import type { ToClient } from "../../lib/wire/messages.ts";
import { openResampler } from "../audio/open_resampler.ts";
import { Speakers } from "../audio/speakers.ts";
import { claimDeviceId, type DeviceId } from "../io/device_id.ts";
import { readSetting, writeSetting } from "../io/settings.ts";
import { SteadyClock } from "../io/steady_clock.ts";
import { WebSocketConnector } from "../io/web_socket_connector.ts";
import { browserKind } from "./browser_kind.ts";
import { browserName } from "./browser_name.ts";
import type { Reach } from "./errands.ts";
import { TEXTS } from "./texts.ts";

/** Data in transit, in bytes, unless a song needs more. */
const WINDOW_BYTES = 1 << 20;

/** Until the user chooses another one. */
const OWN_NAME = browserName(navigator.userAgent);

export type Connection =
  | { state: "connecting" | "online" | "away" }
  /** The server needs a token; `message` says what was wrong with the last one. */
  | { state: "locked"; message: string | null }
  /** The server has disconnected this client for good. */
  | { state: "ended"; message: string };

export class Tab implements Reach {
  readonly connection = signal<Connection>({ state: "connecting" });
  /** The latest welcome of the server. */
  readonly welcome = signal<ToClient<"welcome"> | null>(null);
  readonly name = signal(readSetting("name") ?? OWN_NAME);
  /** What others see this device as. */
  readonly kind = signal(
    deviceKind(readSetting("kind") ?? undefined) ??
      browserKind(matchMedia("(pointer: coarse)").matches, screen),
  );
  /** Whether others may cast here. */
  readonly receiving = signal(readSetting("receive") !== "no");
  /** Whether the browser mutes the page until the user interacts with it. */
  readonly silenced = signal(false);
  readonly clock = new SteadyClock();
  readonly connector: WebSocketConnector;
  readonly link: Link;
  readonly receiver: Receiver;
  readonly #speakers = new Speakers(this.clock);
  readonly #identity: Identity;
  #unlock: () => void = () => {};
  #claimed: Promise<void>;
  /** Resolves once another tab turns out to have had the id of this one, too. */
  #contest = Promise.withResolvers<void>();

  /** @param listener Notified of what is played. */
  constructor(listener: Omit<ReceiverListener, "waiting">) {
    this.#speakers.onSilenced = (silenced) => {
      this.silenced.value = silenced;
      this.receiver.problem = silenced ? TEXTS.rooms.silenced : null;
    };
    this.#identity = {
      name: this.name.value,
      kind: this.kind.value,
      device: "", // until it is claimed
      token: readSetting("token") ?? undefined,
      receive: this.receiving.value,
    };
    const settle = () => this.#contest.resolve();
    this.#claimed = this.#take(claimDeviceId({
      kept: settle,
      moved: (id) => {
        this.#claimed = this.#take(id);
        this.connector.drop();
        settle();
      },
    }));
    this.connector = new WebSocketConnector(() => this.#claimed);
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
      output: new Output(this.#speakers.open, this.#speakers, openResampler),
      step: { openResampler, wallMs: () => this.clock.wallMs() },
      listener: { ...listener, waiting: () => {} },
    });
    this.receiver.receiving = this.receiving.value;
  }

  /** Called with each welcomed connection. */
  onWelcome: (session: ClientSession) => void = () => {};

  /** Stays connected until the server disconnects it for good. */
  async run(): Promise<void> {
    while (true) {
      try {
        await this.receiver.run();
      } catch (thrown) {
        const error = toOndacastError(thrown);
        if (error.code === "unauthorized") await this.#waitForToken(error);
        else {
          const { message } = error;
          this.connection.value = { state: "ended", message };
          if (error.code !== "replaced") return;
          await this.#contest.promise;
          this.#contest = Promise.withResolvers();
        }
      }
    }
  }

  /** See {@linkcode Reach}. */
  get session(): ClientSession | null {
    return this.connection.value.state === "online" ? this.link.current : null;
  }

  /** The connection, once the server has welcomed this tab. */
  whenOnline(): Promise<ClientSession> {
    return new Promise((resolve) => {
      const stop = this.connection.subscribe(({ state }) => {
        const { current } = this.link;
        if (state !== "online" || current === null) return;
        queueMicrotask(() => stop()); // `stop` may not be set yet.
        resolve(current);
      });
    });
  }

  /** Retries with a token. @param store Whether to store it permanently. */
  unlock(token: string, store: boolean): void {
    this.#identity.token = token;
    writeSetting("token", token, store);
    this.connection.value = { state: "connecting" };
    this.#unlock();
  }

  /** The server's token, where it has one. */
  get token(): string | undefined {
    return this.#identity.token;
  }

  /** Header fields that authenticate requests outside the session. */
  get credentials(): Record<string, string> {
    const { token, device } = this.#identity;
    if (token === undefined) return {};
    return {
      authorization: `Bearer ${encodeToken(token)}`,
      "ondacast-device": device,
    };
  }

  /** Changes what others see this device as, which takes a new connection. */
  become(kind: DeviceKind): void {
    if (kind === this.kind.value) return;
    writeSetting("kind", kind);
    this.kind.value = this.#identity.kind = kind;
    this.connector.drop();
  }

  /** Changes the name, which takes a new connection. */
  rename(name: string): void {
    writeSetting("name", name);
    if (name === this.name.value) return;
    this.name.value = this.#identity.name = name;
    this.connector.drop();
  }

  /** Allows others to cast here, or stops allowing it. */
  receive(on: boolean): void {
    this.receiving.value = on;
    this.#identity.receive = on;
    writeSetting("receive", on ? "yes" : "no");
    this.receiver.receiving = on;
  }

  /** Pauses or resumes the sound at once. */
  hold(on: boolean): void {
    this.#speakers.hold(on);
  }

  /** Called for a gesture of the user, after which browsers allow sound. */
  touched(): void {
    this.#speakers.allow();
  }

  async #take(claimed: Promise<DeviceId>): Promise<void> {
    const { id, number } = await claimed;
    this.#identity.device = id;
    if (number > 1 && readSetting("name") === null) {
      this.name.value = this.#identity.name = `${OWN_NAME} (${number})`;
    }
  }

  #meet(session: ClientSession): void {
    session.welcome.then((welcome) => {
      this.welcome.value = welcome;
      this.connection.value = { state: "online" };
      this.onWelcome(session);
    }, () => {}); // The failed connection reports it.
  }

  async #waitForToken({ message }: OndacastError): Promise<void> {
    const refused = this.#identity.token !== undefined;
    this.connection.value = {
      state: "locked",
      message: refused ? message : null,
    };
    await new Promise<void>((resolve) => this.#unlock = resolve);
  }
}

/** Encodes a token for a header: each byte of its UTF-8 as a character. */
function encodeToken(token: string): string {
  return String.fromCharCode(...new TextEncoder().encode(token));
}
