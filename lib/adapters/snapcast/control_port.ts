/**
 * The port by which Snapcast's apps control rooms: requests of JSON-RPC, a line
 * each, and notifications of what others change.
 *
 * @module
 */

import { errorText, type OndacastError } from "../../errors.ts";
import { isLoopback, peerHost } from "../../model/address.ts";
import { RateLimit } from "../../model/rate_limit.ts";
import type { Transport } from "../../ports/common.ts";
import type { Caller } from "../../server/caller.ts";
import { messageCost, RATE_LIMIT, rowsCost } from "../../server/cost.ts";
import type { Hub } from "../../server/hub.ts";
import { STUCK_MS } from "../../server/life.ts";
import { SERVER_FEATURES } from "../../wire/features.ts";
import type { ControlWorld } from "./control_call.ts";
import { callMethod } from "./control_methods.ts";
import { answerRpc } from "./json_rpc.ts";
import { LineReader } from "./line_reader.ts";
import { Outbox } from "./outbox.ts";
import { type Notification, StatusNews } from "./status_news.ts";

/** The longest line. */
export const MOST_LINE_BYTES = 64 << 10;
/**
 * Most connections. Beyond, of those of the address that has the most, the one that
 * has been silent the longest is closed: an app may only listen.
 */
export const MOST_CONTROLS = 64;
/** How often what others change is sent. */
const NOTIFY_MS = 250;

const READ_BYTES = 4096;
const encoder = new TextEncoder();

/** What the port needs from the server. */
export interface ControlPortWorld extends ControlWorld {
  readonly hub: Hub;
  /** Why a peer is refused; null: it is not. */
  refusal(peer: string): OndacastError | null;
}

export class ControlPort {
  readonly #world: ControlPortWorld;
  readonly #closing: AbortSignal;
  readonly #controls = new Set<Control>();
  readonly #news: StatusNews;
  #isNotifying = false;

  /** @param closing Once aborted, every peer is disconnected. */
  constructor(world: ControlPortWorld, closing: AbortSignal) {
    this.#world = world;
    this.#closing = closing;
    this.#news = new StatusNews(world.hub.groups, world.status);
    closing.addEventListener("abort", () => {
      for (const it of this.#controls) it.end("the server is shutting down");
    });
  }

  /**
   * Answers what was sent by another way, such as over HTTP.
   *
   * @returns JSON; null: there is nothing to answer.
   */
  async answer(payload: Uint8Array, caller: Caller): Promise<string | null> {
    return await this.#answer(payload, caller, null);
  }

  /**
   * Serves one peer to its end; never rejects.
   *
   * @returns Why the connection has ended.
   */
  async serve(transport: Transport): Promise<{ reason: string }> {
    const { hub, refusal } = this.#world;
    const refused = refusal(transport.peer);
    const leave = refused ? null : hub.places.take(peerHost(transport.peer));
    if (leave === null) {
      transport.close();
      const reason = refused?.message ?? "too many clients are connected";
      return { reason };
    }
    if (this.#controls.size >= MOST_CONTROLS) this.#makeRoom();
    const control = new Control(
      hub,
      transport,
      (line, it) => this.#answer(line, it.caller, it),
    );
    this.#controls.add(control);
    if (!this.#isNotifying) this.#notifyAll();
    try {
      await control.run();
    } catch (error) {
      control.end(errorText(error));
    } finally {
      this.#controls.delete(control);
      leave();
    }
    return control;
  }

  #makeRoom(): void {
    const ofHosts = [
      ...Map.groupBy(this.#controls, ({ host }) => host).values(),
    ];
    const most = Math.max(...ofHosts.map(({ length }) => length));
    const [first, ...others] = ofHosts
      .filter(({ length }) => length === most)
      .flat();
    const oldest = others.reduce(
      (a, b) => b.heardMs < a.heardMs ? b : a,
      first,
    );
    oldest.end(`more than ${MOST_CONTROLS} are connected`);
    this.#controls.delete(oldest);
  }

  async #answer(
    payload: Uint8Array,
    caller: Caller,
    from: Control | null,
  ): Promise<string | null> {
    const { hub: { clock } } = this.#world;
    const { rateLimit } = caller;
    const called = { world: this.#world, caller };
    return await answerRpc(payload, async (method, params) => {
      if (rateLimit.waitMs > 0) {
        await clock.sleep(rateLimit.waitMs);
        rateLimit.refill(clock.now());
      }
      try {
        return await callMethod(called, method, params);
      } finally {
        const sent = this.#notify(from);
        rateLimit.spend(rowsCost(sent));
      }
    });
  }

  /**
   * Sends what is new to all but the one that has caused it.
   *
   * @returns How many notifications were sent.
   */
  #notify(by: Control | null): number {
    if (this.#controls.size === 0) return 0;
    const { notifications, isStructural } = this.#news.take();
    if (isStructural) { for (const it of this.#controls) it.isStale = true; }
    if (notifications.length === 0) return 0;
    const lines = encoder.encode(notifications.map(lineOf).join(""));
    for (const it of this.#controls) if (it !== by) it.notify(lines);
    return notifications.length * this.#controls.size;
  }

  /** Follows what others change while anyone is connected. */
  async #notifyAll(): Promise<void> {
    const { hub: { clock }, status } = this.#world;
    this.#isNotifying = true;
    this.#news.begin();
    while (this.#controls.size > 0 && !this.#closing.aborted) {
      await clock.sleep(NOTIFY_MS, this.#closing);
      this.#notify(null);
      for (const it of this.#controls) it.checkLife(clock.now());
      const stale = [...this.#controls].filter((it) => it.canRenew);
      if (stale.length === 0) continue;
      for (const it of stale) it.isStale = false;
      const params = await status.server();
      const line = lineOf({ method: "Server.OnUpdate", params });
      const bytes = encoder.encode(line);
      for (const it of stale) it.notify(bytes);
    }
    this.#news.end();
    this.#isNotifying = false;
  }
}

function lineOf({ method, params }: Notification): string {
  return `${JSON.stringify({ jsonrpc: "2.0", method, params })}\r\n`;
}

/** One peer. */
class Control {
  /** Its address, without its port. */
  readonly host: string;
  readonly caller: Caller;
  reason = "it has left";
  heardMs: number;
  /** Whether it has missed something, so that it needs the whole state. */
  isStale = false;
  readonly #hub: Hub;
  readonly #transport: Transport;
  readonly #answer: (
    line: Uint8Array,
    control: Control,
  ) => Promise<string | null>;
  readonly #outbox: Outbox;
  #isOver = false;

  constructor(
    hub: Hub,
    transport: Transport,
    answer: (line: Uint8Array, control: Control) => Promise<string | null>,
  ) {
    this.#hub = hub;
    this.#transport = transport;
    this.#answer = answer;
    this.#outbox = new Outbox(transport, (error) => this.end(errorText(error)));
    this.heardMs = hub.clock.now();
    this.host = peerHost(transport.peer);
    const isOver = () => this.#isOver;
    this.caller = {
      ...{ hub, features: SERVER_FEATURES, isInStep: true, device: null },
      rateLimit: new RateLimit(RATE_LIMIT, this.heardMs),
      isLocal: isLoopback(this.host),
      get isEnding() {
        return isOver();
      },
      watch() {}, // It is notified of everything.
    };
  }

  async run(): Promise<void> {
    const { clock } = this.#hub;
    const { rateLimit } = this.caller;
    const reader = new LineReader(MOST_LINE_BYTES);
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.#isOver) {
      const bytes = await this.#transport.read(buffer);
      if (bytes === null) break;
      this.heardMs = clock.now();
      for (const line of reader.push(buffer.subarray(0, bytes))) {
        if (this.#isOver) break;
        rateLimit.refill(clock.now());
        rateLimit.spend(messageCost(line.length));
        await this.#accept(line);
      }
      await clock.sleep(rateLimit.waitMs);
    }
    this.end(this.reason);
  }

  async #accept(line: Uint8Array): Promise<void> {
    const first = line.find((byte) => byte > SPACE);
    if (first === undefined) return;
    const answer = await this.#answer(line, this);
    if (answer !== null) {
      // A notification may be on its way.
      await this.#outbox.drained();
      this.#outbox.send(encoder.encode(`${answer}\r\n`));
      await this.#outbox.drained();
    }
    // A foreign page can have a browser send a request of HTTP whose body has
    // lines of JSON.
    if (!BEGINS.includes(first)) this.end("it does not speak JSON-RPC");
  }

  /** Whether the whole state is due, and can be sent. */
  get canRenew(): boolean {
    return this.isStale && this.#outbox.isEmpty;
  }

  /** Sends notifications, unless it still has to read others: it is stale then. */
  notify(lines: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#outbox.isEmpty) this.#outbox.send(lines);
    else this.isStale = true;
  }

  checkLife(nowMs: number): void {
    const { writing, progressAtMs } = this.#transport;
    if (!writing || nowMs - progressAtMs < STUCK_MS) return;
    this.end(`no data accepted for ${STUCK_MS / 1000} s`);
  }

  /** Ends the connection; the first reason counts. */
  end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.reason = reason;
    this.#transport.close();
  }
}

/** Bytes up to it are white space or controls, by which nothing is asked. */
const SPACE = 32;
/** The first bytes of a request and of a batch. */
const BEGINS = encoder.encode("{[");
