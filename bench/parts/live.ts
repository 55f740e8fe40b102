/**
 * A hundred listeners of one live song, beside as many of a file, and beside ten
 * more that are too slow.
 *
 * @module
 */

import type { PcmFormat } from "../../lib/audio/format.ts";
import { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import { encodeFrame, FRAME_TYPE } from "../../lib/wire/frame.ts";
import { Running } from "../programs.ts";
import { paced } from "../receiver.ts";
import { type Results, US } from "../results.ts";
import { askOurs, startOurs } from "../servers.ts";
import { CD_RATE } from "../songs.ts";
import type { Workshop } from "../workshop.ts";

const LISTENERS = 100;
const SLOW = 10;
/** What a player has before it starts. */
const AHEAD_SECONDS = 0.3;
const CD: PcmFormat = {
  ...{ encoding: "s16le", rate: 44_100, channels: 2, bits: 16 },
};
/** Pieces of this many sample frames are sent, 20 ms. */
const PIECE_FRAMES = 882;
const LIVE = "live/desk";

/** @param slow Listeners beside the others that take a tenth of the song. */
interface Case {
  who: string;
  song: string;
  slow: number;
}

const CASES: Case[] = [
  { who: `${US}, a file`, song: "song", slow: 0 },
  { who: US, song: LIVE, slow: 0 },
  { who: `${US}, ${SLOW} slow`, song: LIVE, slow: SLOW },
];

const CPU = `${LISTENERS} live listeners: CPU`;
const LATE = `${LISTENERS} live listeners: late`;

export async function live(shop: Workshop, results: Results): Promise<void> {
  const { quick, rounds } = shop.options;
  const seconds = quick ? 10 : 20;
  const found = CASES.map((it) =>
    ({ ...it, cpu: [], late: [], memory: [] }) as
      & Case
      & Record<"cpu" | "late" | "memory", number[]>
  );
  for (let round = 0; round < (quick ? 1 : Math.min(rounds, 3)); round++) {
    for (const it of found) {
      await using server = await startOurs(shop.hotFolder);
      await using _sender = await LiveSender.start(server.sessionPort);
      const ask = askOurs(server, it.song);
      const slow = it.slow > 0 ? slowListeners(shop, ask, it.slow) : null;
      try {
        const { cpu, late, rssBytes } = await paced(
          shop,
          { pid: server.pid, ask },
          LISTENERS,
          seconds,
          `ahead=${AHEAD_SECONDS}`,
        );
        it.cpu.push(cpu * 100);
        it.late.push(late / 1e6);
        it.memory.push(rssBytes / 1e6);
      } finally {
        await slow?.[Symbol.asyncDispose]();
      }
    }
  }
  for (const { who, cpu, late, memory } of found) {
    results.add(CPU, who, "% of a core", cpu);
    results.add(LATE, who, "MB", late);
    results.add(`${LISTENERS} live listeners: memory`, who, "MB", memory);
  }
  results.ratio(CPU, CASES[0].who, { atMost: 3 });
  results.bound(LATE, { atMost: 0 });
  results.bound(LATE, { atMost: 0 }, CASES[2].who);
}

function slowListeners(shop: Workshop, ask: string[], count: number): Running {
  const [rate, window] = [CD_RATE / 10, CD_RATE];
  return new Running([
    ...[shop.receiver, ...ask, `n=${count}`, `rate=${rate}`],
    ...[`window=${window}`, "seconds=600"],
  ]);
}

/** Sends silence in time, as a microphone does. */
class LiveSender implements AsyncDisposable {
  readonly #session: ClientSession;
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(session: ClientSession) {
    this.#session = session;
    const piece = encodeFrame(
      FRAME_TYPE.data,
      new Uint8Array(PIECE_FRAMES * 4),
    );
    const beganMs = performance.now();
    let frames = 0;
    this.#timer = setInterval(() => {
      const dueFrames = (performance.now() - beganMs) * CD.rate / 1000;
      for (; frames + PIECE_FRAMES <= dueFrames; frames += PIECE_FRAMES) {
        session.sendData(piece).catch(() => {});
      }
    }, PIECE_FRAMES / CD.rate * 1000);
  }

  static async start(port: number): Promise<LiveSender> {
    const session = await ClientSession.open(
      new TcpConnector("127.0.0.1", port),
      {
        clock: systemClock,
        identity: { name: "desk", device: crypto.randomUUID(), receive: false },
        windowBytes: 1 << 16,
      },
    );
    await session.welcome;
    await session.live({ name: "desk", format: CD }).ready;
    return new LiveSender(session);
  }

  [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#session.close();
    return Promise.resolve();
  }
}
