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
import type { Errands } from "./errands.ts";
import { notify, type Words } from "./notices.ts";
import type { Tab } from "./tab.ts";
import { timeText, titleOf } from "./words.ts";

/** How often the positions of others move on. */
const TICK_MS = 500;
/** How long a client may take to do what was asked, before it is shown as it is. */
const HOPED_MS = 3000;
/** A client is where it was sent to if it is so near, in seconds. */
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

/** What was asked of a client, and is shown until it tells so itself. */
interface Hope {
  volume?: number;
  position?: number;
  atMs: number;
}

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
  readonly #errands: Errands;
  readonly #hopes = new Map<string, Hope>();
  /** Whether a server has not told yet who is there: others may come later. */
  #isNew = true;
  /** The latest cast from here, by the device's key. */
  readonly #casts = new Map<string, Cast>();
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

  constructor(tab: Tab, errands: Errands) {
    this.#tab = tab;
    this.#errands = errands;
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** Watches over a new connection. */
  watch(session: ClientSession): void {
    this.#isNew = true;
    session.listen({ online: (page) => this.#take(page) });
    session.request({ type: "online", watch: true })
      .then((online) => this.#take(online), () => {}); // It is lost again.
  }

  /** Where a client is in its song by now, in seconds. */
  positionOf(client: OnlineClient, lengthSeconds?: number | null): number {
    const { key, state: { doing, position = 0 } } = client;
    const nowMs = this.#nowMs.value;
    const hope = this.#hopes.get(key);
    const [from, sinceMs] = hope?.position === undefined
      ? [position, this.#told.value.atMs]
      : [hope.position, hope.atMs];
    const passedMs = doing === "playing" ? Math.max(0, nowMs - sinceMs) : 0;
    return Math.min(from + passedMs / 1000, lengthSeconds ?? Infinity);
  }

  /** How loud a client is, 0 to 100. */
  volumeOf({ key, state }: OnlineClient): number {
    this.#nowMs.value; // so that it is looked at again
    return this.#hopes.get(key)?.volume ?? state.volume ?? 100;
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
        this.#casts.set(
          to.key,
          { song, atMs, playsSinceMs: null, isSaid: false },
        );
        await session.request({ type: "cast", song, to: [to.key] });
      },
    });
  }

  /** Asks something of another client. */
  control(
    to: OnlineClient,
    action: ControlAction,
    value?: number,
  ): Promise<void> {
    if (action === "volume" || action === "seek") {
      this.#hope(to.key, {
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

  #hope(key: string, wanted: Partial<Hope>): void {
    const atMs = performance.now();
    const before = this.#hopes.get(key);
    this.#hopes.set(key, { ...before, ...wanted, atMs });
    this.#nowMs.value = atMs;
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const [key, { atMs }] of this.#hopes) {
      if (nowMs - atMs > HOPED_MS) this.#hopes.delete(key);
    }
    for (const client of this.others.value) this.#confirm(client, nowMs);
    this.#nowMs.value = nowMs;
  }

  /** Says that a song plays once its player works, which may fail late. */
  #confirm({ key, name }: OnlineClient, nowMs: number): void {
    const cast = this.#casts.get(key);
    if (cast === undefined || cast.isSaid) return;
    const { song, atMs, playsSinceMs } = cast;
    const works = playsSinceMs !== null && nowMs - playsSinceMs >= WORKING_MS;
    if (!works && nowMs - atMs < WATCH_MS) return;
    cast.isSaid = true;
    notify([{ name: titleOf(song) }, " plays on ", { name }]);
  }

  #take({ clients, total }: ToClient<"online">): void {
    this.#isNew = false;
    const atMs = performance.now();
    for (const client of clients) this.#compare(client, atMs);
    this.#nowMs.value = atMs;
    this.#told.value = { clients, atMs };
    this.total.value = total;
    this.#errands.runReady();
  }

  /** Looks whether a client does what was asked from here, and can. */
  #compare({ key, name, state }: OnlineClient, atMs: number): void {
    const hope = this.#hopes.get(key);
    if (hope && isFulfilled(hope, state, atMs)) this.#hopes.delete(key);
    const cast = this.#casts.get(key);
    if (cast === undefined || cast.song !== state.song) return;
    // Until its first report the server assumes that a device plays.
    if (state.underruns !== undefined) cast.playsSinceMs ??= atMs;
    if (!state.problem) return;
    this.#casts.delete(key); // It is said once.
    notify([{ name }, ": ", { name: state.problem }]);
  }
}

/** Of what is asked in one of these ways, only the last counts. */
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

/** Whether a client does what was asked. */
function isFulfilled(
  { volume, position, atMs }: Hope,
  state: OnlineClient["state"],
  nowMs: number,
): boolean {
  if (volume !== undefined && volume !== state.volume) return false;
  if (position === undefined) return true;
  const passedMs = state.doing === "playing" ? nowMs - atMs : 0;
  const off = (state.position ?? 0) - position - passedMs / 1000;
  return Math.abs(off) < NEAR_SECONDS;
}
