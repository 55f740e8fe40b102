/**
 * A server whose songs are simulated, as many as wanted, at ports of its own: the
 * page and its sessions, over real connections.
 *
 * @module
 */

import { AddressPolicy, shuttingDown } from "../../lib/host/address_policy.ts";
import { HttpPort } from "../../lib/host/http.ts";
import { text } from "../../lib/host/http_answer.ts";
import { SessionPort } from "../../lib/host/session_port.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { turns } from "../../lib/io/clock/shared_turns.ts";
import { acceptAll } from "../../lib/io/net/accept_all.ts";
import { TcpTransport } from "../../lib/io/net/tcp.ts";
import { Framer } from "../../lib/server/framer.ts";
import { UnkeptGroups } from "../../lib/server/groups/unkept_groups.ts";
import { Hub, SWEEP_MS } from "../../lib/server/hub.ts";
import { SongPages } from "../../lib/server/song_pages.ts";
import { CD, MemorySongs } from "./memory_songs.ts";

const SONGS_OF_ALBUM = 10;
const ALBUMS_OF_ARTIST = 5;

/** Adds songs with tags, in folders of artists and albums. */
export function addTaggedSongs(songs: MemorySongs, count: number): void {
  for (let i = 0; i < count; i++) {
    const number = Math.floor(i / SONGS_OF_ALBUM);
    const artist = `Artist ${Math.floor(number / ALBUMS_OF_ARTIST)}`;
    const [track, album] = [1 + i % SONGS_OF_ALBUM, `Album ${number}`];
    songs.addEntry({
      name: `${artist}/${album}/${
        String(track).padStart(2, "0")
      } Song ${i}.flac`,
      bytes: 0,
      etag: crypto.randomUUID(),
      format: { ...CD, dataOffset: 44, dataBytes: 176_400 * (180 + i % 97) },
      codec: "flac",
      added: 1_600_000_000 + number,
      tags: {
        ...{ title: `Song ${i}`, artist, album, albumArtist: artist, track },
        ...{ year: 1970 + number % 50, genre: `Genre ${number % 20}` },
      },
    });
  }
}

export class SimulatedServer implements AsyncDisposable {
  readonly songs = new MemorySongs();
  readonly #closing = new AbortController();
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #work: Promise<unknown>[] = [];
  readonly #hub: Hub;
  #sessions = 0;

  constructor() {
    const { songs } = this;
    const hub = this.#hub = new Hub({
      ...{ songs, turns, clock: systemClock, clockName: "this run" },
      framer: new Framer(
        new SongPages({ bytes: 65_536 }, 64 << 20),
        systemClock,
      ),
      groups: {
        store: new UnkeptGroups(),
        wallMs: Date.now,
        random: Math.random,
        newId: () => crypto.randomUUID(),
      },
    }, {
      ...{ serverName: "simulated", serverId: crypto.randomUUID() },
      ...{ token: null, maxClients: 20, maxClientsPerAddress: 20 },
      readOnly: true,
    });
    const closing = this.#closing.signal;
    const policy = new AddressPolicy({ token: null, open: false }, closing);
    const sessions = new SessionPort(hub, policy, closing);
    const http = new HttpPort({
      ...{ hosts: [], address: null, scheme: "http", sessionPort: 0 },
      ...{ songs, turns, gate: hub.gate },
      takePlace: (ip) => hub.places.take(ip),
      admits: (ip) => policy.admits(ip),
      api: () => Promise.resolve(text(404, "")),
      readiness: () => ({ isReady: true, details: [] }),
      metricsText: () => "",
      peaks: () => Promise.resolve(new Uint8Array(0)),
      serveSession: (it) => sessions.serve(it, ++this.#sessions, "websocket"),
      ended: () => {},
    }, closing);
    const accept = (conn: Deno.TcpConn) =>
      void this.#work.push(http.serve(new TcpTransport(conn)));
    this.#work.push(acceptAll(this.#listener, accept, closing));
    const sweep = setInterval(
      () => http.sweep(systemClock.now(), hub.sweep()),
      SWEEP_MS,
    );
    closing.addEventListener("abort", () => clearInterval(sweep));
  }

  /** The page. */
  get root(): string {
    const { port } = this.#listener.addr as Deno.NetAddr;
    return `http://127.0.0.1:${port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#listener.close();
    await this.#hub.close(shuttingDown());
    await Promise.allSettled(this.#work);
  }
}
