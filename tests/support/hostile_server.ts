/**
 * A hostile server: every text that it sends is full of control characters for
 * terminals, and some are a megabyte long.
 *
 * @module
 */

import { wavHeader } from "../../lib/audio/wav_writer.ts";
import { writeAll } from "../../lib/write_all.ts";
import { dataFrame, type Message, messageFrame } from "./raw_peer.ts";

/** A name that clears the screen, sets the title, rings and hides text. */
export const HARM =
  "x\u001b[2J\u001b]0;t\u0007\r\n\t\b\0\u007f\u0085\u009b31m\u061c\u200b\u200d" +
  "\u200e\u202e\u2028\u2029\u2060\u2066\ufeff\u{e0041}\ud800y";

const LONG = HARM + "A".repeat(500_000);
const PCM = new Uint8Array(1600);
const FORMAT = {
  encoding: "s16le" as const,
  rate: 8000,
  channels: 1,
  bits: 16 as const,
  dataOffset: 44,
  dataBytes: PCM.length,
};
const SONG = `${HARM}.wav`;

/** A client in its list, which has a problem and can be controlled. */
function client(name: string, key = HARM) {
  return {
    key,
    id: HARM,
    name,
    receiving: true,
    state: {
      doing: "waiting",
      song: HARM,
      position: 1,
      volume: 50,
      problem: HARM,
    },
  };
}

const REFUSED = [{ to: HARM, code: HARM, message: LONG }];

const START = {
  type: "start",
  stream: 1,
  song: SONG,
  etag: HARM,
  offset: 0,
  bytes: 44 + PCM.length,
  format: FORMAT,
  from: 0,
};

/** Its answer to each message, without `re`. */
const ANSWERS: Record<string, Message> = {
  hello: {
    type: "welcome",
    version: 1,
    you: HARM,
    key: "me",
    server: LONG,
    clock: HARM,
    features: [HARM],
    services: [
      { key: HARM, title: HARM, type: "list" },
      { key: "2", title: "bye", type: "bye" },
    ],
    online: [client(LONG), client(HARM, "other")],
    total: 2,
  },
  list: {
    type: "songs",
    songs: [
      {
        name: SONG,
        bytes: 44 + PCM.length,
        seconds: 1,
        etag: HARM,
        format: FORMAT,
      },
      {
        name: LONG,
        bytes: 1,
        seconds: null,
        etag: HARM,
        format: null,
        problem: HARM,
      },
    ],
    more: false,
  },
  play: START,
  upload: { type: "error", code: HARM, message: LONG },
  receive: { type: "receiving", on: true },
  cast: { type: "casting", to: [HARM, "den"], refused: REFUSED },
  control: { type: "controlled", to: [HARM], refused: REFUSED },
  online: {
    type: "online",
    clients: [client(HARM), client("den", "den")],
    more: false,
    total: 2,
  },
};

/** The complete song as data, which follows a `start`. */
const DATA = [
  dataFrame(wavHeader(FORMAT, PCM.length)),
  dataFrame(PCM),
  messageFrame({ type: "end", stream: 1 }),
  dataFrame(new Uint8Array(0)),
];

/** Listens for sessions and plain streams. */
export class HostileServer implements Disposable {
  readonly #listeners: Deno.TcpListener[] = [];
  readonly #conns = new Set<Deno.Conn>();
  /** `host:port` of its sessions. */
  readonly sessions: string;

  constructor() {
    this.sessions = this.#listen((conn) => this.#serve(conn));
  }

  [Symbol.dispose](): void {
    for (const listener of this.#listeners) listener.close();
    for (const conn of this.#conns) {
      try {
        conn.close();
      } catch {
        // The client has closed it.
      }
    }
  }

  #listen(serve: (conn: Deno.Conn) => Promise<void>): string {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#listeners.push(listener);
    (async () => {
      for await (const conn of listener) {
        this.#conns.add(conn);
        serve(conn).catch(() => {}); // The client has closed.
      }
    })();
    return `127.0.0.1:${listener.addr.port}`;
  }

  async #serve(conn: Deno.Conn): Promise<void> {
    for await (const message of messagesOf(conn)) {
      const answer = ANSWERS[message.type];
      if (answer === undefined) continue;
      await writeAll(conn, messageFrame({ ...answer, re: message.id }));
      if (message.type === "play") {
        for (const frame of DATA) await writeAll(conn, frame);
      }
      if (message.type === "hello" && message.receive) {
        await this.#castTo(conn);
      }
    }
  }

  /** Casts a song, and then ends with a fatal error. */
  async #castTo(conn: Deno.Conn): Promise<void> {
    await writeAll(conn, messageFrame({ ...START, by: HARM }));
    for (const frame of DATA) await writeAll(conn, frame);
    await writeAll(
      conn,
      messageFrame({ type: "error", code: HARM, message: LONG, fatal: true }),
    );
    conn.closeWrite();
  }
}

async function* messagesOf(conn: Deno.Conn): AsyncGenerator<Message> {
  let bytes = new Uint8Array(0);
  for await (const piece of conn.readable) {
    bytes = Uint8Array.from([...bytes, ...piece]);
    while (bytes.length >= 4) {
      const length = bytes[1] << 16 | bytes[2] << 8 | bytes[3];
      if (bytes.length < 4 + length) break;
      const payload = bytes.slice(4, 4 + length);
      if (bytes[0] === 1) yield JSON.parse(new TextDecoder().decode(payload));
      bytes = bytes.slice(4 + length);
    }
  }
}
