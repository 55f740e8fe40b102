/**
 * The connected clients, live, and this tab's requests to them.
 *
 * @module
 */

import { computed, signal } from "./signals.ts";
import type { ClientSession } from "../../lib/client/client_session.ts";
import type {
  ControlAction,
  OnlineClient,
  ToClient,
} from "../../lib/wire/messages.ts";
import type { Errands } from "./errands.ts";
import { notify, type Words } from "./notices.ts";
import type { Tab } from "./tab.ts";
import { timeText, titleOf } from "./words.ts";

/** Interval at which the positions of others advance. */
const TICK_MS = 500;
/** How long a requested state is shown before the client's own state is shown again. */
const EXPECTED_MS = 3000;
/** A client has carried out a seek if it is this close to its target, in seconds. */
const NEAR_SECONDS = 1;

/** A player that reports no problem for this long after its start works. */
const WORKING_MS = 1_000;
/** A device that reports nothing is trusted after this long. */
const WATCH_MS = 5_000;

/** A song that was cast from here. */
interface Cast {
  song: string;
  /** When it was cast. */
  atMs: number;
  /** When its device first reported that it plays; null: not yet. */
  playsSinceMs: number | null;
  /** Whether the user knows that it plays. */
  isSaid: boolean;
}

/** State that was requested of a client, shown until the client reports it. */
interface Expected {
  volume?: number;
  position?: number;
  atMs: number;
}

export class Devices {
  /** The server's latest list, and when it arrived. */
  readonly #latest = signal<{ clients: OnlineClient[]; atMs: number }>({
    clients: [],
    atMs: 0,
  });
  readonly total = signal(0);
  readonly #nowMs = signal(performance.now());
  readonly #tab: Tab;
  readonly #errands: Errands;
  readonly #expected = new Map<string, Expected>();
  /** Whether the first list of this connection is still to come. */
  #isNew = true;
  /** The latest cast from here, by the device's key. */
  readonly #casts = new Map<string, Cast>();
  /** The other clients, receivers first. */
  readonly others = computed(() => {
    const me = this.#tab.welcome.value?.key;
    return this.#latest.value.clients
      .filter(({ key }) => key !== me)
      .toSorted((a, b) =>
        Number(b.receiving) - Number(a.receiving) ||
        a.name.localeCompare(b.name)
      );
  });
  /** Those that songs can be cast to. */
  readonly receivers = computed(() =>
    this.others.value.filter(({ receiving }) => receiving)
  );
  /** Number of clients that play, this tab included. */
  readonly listeners = computed(() =>
    this.#latest.value.clients.filter(({ state }) => state.doing === "playing")
      .length
  );

  constructor(tab: Tab, errands: Errands) {
    this.#tab = tab;
    this.#errands = errands;
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** Watches the list over a new connection. */
  watch(session: ClientSession): void {
    this.#isNew = true;
    session.listen({ online: (page) => this.#take(page) });
    session.request({ type: "online", watch: true })
      .then((online) => this.#take(online), () => {}); // lost again
  }

  /** The current position of a client in its song, in seconds. */
  positionOf(client: OnlineClient, lengthSeconds?: number | null): number {
    const { key, state: { doing, position = 0 } } = client;
    const nowMs = this.#nowMs.value;
    const expected = this.#expected.get(key);
    const [from, sinceMs] = expected?.position === undefined
      ? [position, this.#latest.value.atMs]
      : [expected.position, expected.atMs];
    const passedMs = doing === "playing" ? Math.max(0, nowMs - sinceMs) : 0;
    return Math.min(from + passedMs / 1000, lengthSeconds ?? Infinity);
  }

  /** The volume of a client, 0 to 100. */
  volumeOf({ key, state }: OnlineClient): number {
    this.#nowMs.value; // recomputes with time
    return this.#expected.get(key)?.volume ?? state.volume ?? 100;
  }

  /** Plays a song on another client. */
  cast(song: string, to: OnlineClient): Promise<void> {
    const title = { name: titleOf(song) };
    return this.#errands.do({
      key: `cast ${to.key}`,
      words: ["play ", title, " on ", { name: to.name }],
      isReady: () => this.#isHere(to.key),
      run: async (session) => {
        const atMs = performance.now();
        const cast = { song, atMs, playsSinceMs: null, isSaid: false };
        this.#casts.set(to.key, cast);
        try {
          await session.request({ type: "cast", song, to: [to.key] });
        } catch (error) {
          if (this.#casts.get(to.key) === cast) this.#casts.delete(to.key);
          throw error;
        }
      },
    });
  }

  /** Controls another client. */
  control(
    to: OnlineClient,
    action: ControlAction,
    value?: number,
  ): Promise<void> {
    if (action === "volume" || action === "seek") {
      this.#expect(to.key, {
        [action === "seek" ? "position" : "volume"]: value,
      });
    }
    return this.#errands.do({
      key: `${KINDS[action]} ${to.key}`,
      words: wordsOf(to, action, value),
      isReady: () => this.#isHere(to.key),
      run: (session) =>
        session.request({
          type: "control",
          to: [to.key],
          action,
          ...(value !== undefined && { value }),
        }),
    });
  }

  #isHere(key: string): boolean {
    return !this.#isNew &&
      this.receivers.value.some((client) => client.key === key);
  }

  #expect(key: string, wanted: Partial<Expected>): void {
    const atMs = performance.now();
    const before = this.#expected.get(key);
    this.#expected.set(key, { ...before, ...wanted, atMs });
    this.#nowMs.value = atMs;
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const [key, { atMs }] of this.#expected) {
      if (nowMs - atMs > EXPECTED_MS) this.#expected.delete(key);
    }
    for (const client of this.others.value) this.#confirm(client, nowMs);
    this.#nowMs.value = nowMs;
  }

  /** Says that a song plays once its player works, which may fail late. */
  #confirm({ key, name, state }: OnlineClient, nowMs: number): void {
    const cast = this.#casts.get(key);
    if (cast === undefined || cast.isSaid) return;
    const { song, atMs, playsSinceMs } = cast;
    const works = playsSinceMs !== null && nowMs - playsSinceMs >= WORKING_MS;
    if (!works && nowMs - atMs < WATCH_MS) return;
    if (state.song !== song) {
      this.#casts.delete(key); // stopped, or replaced by another song
      return;
    }
    cast.isSaid = true;
    notify([{ name: titleOf(song) }, " plays on ", { name }]);
  }

  #take({ clients, total }: ToClient<"online">): void {
    this.#isNew = false;
    const atMs = performance.now();
    for (const client of clients) this.#compare(client, atMs);
    this.#nowMs.value = atMs;
    this.#latest.value = { clients, atMs };
    this.total.value = total;
    this.#errands.runReady();
  }

  /** Compares a client's state with the requests from here, and reports failures. */
  #compare({ key, name, state }: OnlineClient, atMs: number): void {
    const expected = this.#expected.get(key);
    if (expected && isFulfilled(expected, state, atMs)) {
      this.#expected.delete(key);
    }
    const cast = this.#casts.get(key);
    if (cast === undefined || cast.song !== state.song) return;
    // Until its first report the server assumes that a device plays.
    if (state.underruns !== undefined) cast.playsSinceMs ??= atMs;
    if (!state.problem) return;
    this.#casts.delete(key); // reported once
    notify([{ name }, ": ", { name: state.problem }]);
  }
}

/** Of requests of the same kind, only the newest counts. */
const KINDS: Record<ControlAction, string> = {
  ...{ pause: "playing", resume: "playing", stop: "playing" },
  ...{ seek: "seek", volume: "volume" },
};

function wordsOf(
  to: OnlineClient,
  action: ControlAction,
  value = 0,
): Words {
  const device = { name: to.name };
  const words: Record<ControlAction, Words> = {
    pause: ["pause ", device],
    resume: ["resume ", device],
    stop: ["stop ", device],
    seek: ["go to ", timeText(value), " on ", device],
    volume: ["set the volume of ", device, ` to ${Math.round(value)}`],
  };
  return words[action];
}

/** Whether a client has reached the requested state. */
function isFulfilled(
  { volume, position, atMs }: Expected,
  state: OnlineClient["state"],
  nowMs: number,
): boolean {
  if (volume !== undefined && volume !== state.volume) return false;
  if (position === undefined) return true;
  const passedMs = state.doing === "playing" ? nowMs - atMs : 0;
  const off = (state.position ?? 0) - position - passedMs / 1000;
  return Math.abs(off) < NEAR_SECONDS;
}
