/**
 * A running server: its ports, its sessions and its shutdown. The program, the
 * demo and the tests all start this.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { getLogger } from "@logtape/logtape";
import { OndacastError } from "../errors.ts";
import { isHomeAddress, peerHost } from "../model/address.ts";
import { chooseOne } from "../model/choose.ts";
import type { BlockSize } from "../model/block_size.ts";
import type { Transport } from "../ports/common.ts";
import type { SongEntry } from "../ports/server.ts";
import { Hub, type HubOptions, SWEEP_MS } from "../server/hub.ts";
import { PageMemory } from "../server/page_memory.ts";
import { playable } from "../server/find_song.ts";
import { Session } from "../server/session.ts";
import { AdmittedTable } from "./admitted_table.ts";
import { acceptAll } from "../io/net/accept_all.ts";
import { systemClock } from "../io/clock/clock.ts";
import { turns } from "../io/clock/shared_turns.ts";
import { AdmissionControl } from "./admission_control.ts";
import type { FolderChanges } from "../io/songs/folder_changes.ts";
import { HttpPort } from "./http.ts";
import { listen } from "../io/net/listen.ts";
import { LoopDelay, metricsText, type ServerNumbers } from "./metrics.ts";
import { TaskGroup } from "./task_group.ts";
import { ownNames } from "./own_names.ts";
import { WaveformTable } from "./waveform_table.ts";
import { PlainPort } from "./plain_port.ts";
import { openData, type ServerData } from "../io/disk/server_data.ts";
import { SongFiles } from "../io/songs/song_files.ts";
import { SongIndex } from "../io/songs/song_index.ts";
import { Waveforms } from "./waveforms.ts";
import type { UploadLimits } from "../io/songs/song_upload.ts";
import { watchFolder } from "../io/songs/watch_folder.ts";
import { plainHost, TcpTransport } from "../io/net/tcp.ts";
import type { TlsIdentity } from "../io/tls/tls_identity.ts";
import { TlsServer } from "../io/tls/tls_server.ts";

const log = getLogger(["ondacast", "server"]);

/** Memory for framed pages, shared by all listeners. */
const PAGES_BUDGET_BYTES = 256 << 20;
/** How long a shutdown may take before remaining connections are dropped. */
const CLOSE_MS = 4000;

/** The settings of `ondacast-server`. */
export interface ServerOptions extends HubOptions {
  host: string;
  /** 0: any free port; null: not opened. */
  ports: { session: number; stream: number | null; http: number | null };
  music: string;
  limits: UploadLimits;
  /** The song of the plain stream; null: the first by name. */
  streamSong: string | null;
  loop: boolean;
  block: BlockSize;
  /** Serve every address, without a token too. */
  open: boolean;
  /** Where the data of all music folders is stored; null: in memory. */
  data: string | null;
  /** Additional host names of the HTTP port. */
  httpHosts: string[];
  /** The certificate of the session and HTTP ports; absent: plain TCP. */
  tls?: TlsIdentity;
}

/** The ports of a running server. */
export interface OpenPorts {
  session: number;
  stream?: number;
  http?: number;
}

/**
 * Preloads modules that the first song, upload or browser needs. Startup does
 * not wait for it.
 */
export async function loadAhead(): Promise<void> {
  await Promise.all([
    import("../io/disk/hash_file.ts"),
    import("../io/songs/song_upload.ts"),
    import("./web_socket.ts"),
  ]);
}

/** Creates the server's database tables. */
function makeTables(db: DatabaseSync): void {
  new SongIndex(db, 0);
  new AdmittedTable(db);
  new WaveformTable(db);
}

/** A server whose every port accepts. */
export class RunningServer {
  readonly ports: OpenPorts;
  readonly songs: SongFiles;
  readonly #hub: Hub;
  readonly #options: ServerOptions;
  readonly #closing = new AbortController();
  readonly #work = new TaskGroup((error) =>
    log.error("internal: {error}", { error: String(error) })
  );
  readonly #tls: TlsServer | null;
  #connections = 0;
  readonly #plain: PlainPort;
  readonly #loopDelay = new LoopDelay();
  readonly #admission = new AdmissionControl(
    () => this.#hub.hasCrowd,
    this.#closing.signal,
  );
  readonly #data: ServerData;

  private constructor(
    options: ServerOptions,
    songs: SongFiles,
    data: ServerData,
    listeners: {
      session: Deno.TcpListener;
      stream: Deno.TcpListener | null;
      http: Deno.TcpListener | null;
    },
    tls: TlsServer | null,
  ) {
    this.#options = options;
    this.songs = songs;
    this.#tls = tls;
    this.#data = data;
    if (data.note !== null) log.warn("{note}", { note: data.note });
    const memory = new PageMemory(options.block, PAGES_BUDGET_BYTES);
    const admitted = new AdmittedTable(data.db);
    this.#hub = new Hub(
      {
        ...{ songs, memory, turns, admitted },
        clock: systemClock,
        clockName: crypto.randomUUID(),
      },
      options,
    );
    this.#plain = new PlainPort(options, {
      song: () => songs.open(this.#streamSong()),
      memory,
      counters: this.#hub.counters,
      refusal: (peer) => this.#refusal(peer),
    });
    this.ports = {
      session: listeners.session.addr.port,
      ...(listeners.stream && { stream: listeners.stream.addr.port }),
      ...(listeners.http && { http: listeners.http.addr.port }),
    };
    if (tls) {
      this.#accept(tls.listener, (conn) => tls.arrive(conn));
      this.#closing.signal.addEventListener("abort", () => tls.cutUnfinished());
    }
    this.#accept(
      listeners.session,
      (conn) =>
        this.#open(conn, (transport) => this.#serveSession(transport, "tcp")),
    );
    if (listeners.stream) {
      this.#accept(
        listeners.stream,
        (conn) =>
          this.#plain.serve(
            new TcpTransport(conn),
            ++this.#connections,
            this.#closing.signal,
          ),
      );
    }
    if (listeners.http) {
      const http = this.#httpPort();
      this.#accept(
        listeners.http,
        (conn) =>
          this.#open(
            conn,
            (transport) => http.serve(transport, this.#closing.signal),
          ),
      );
    }
    this.#work.add(
      watchFolder(
        songs.root,
        (changes) => this.#rescan(changes),
        this.#closing.signal,
        { hasLinks: songs.hasLinks && Deno.build.os === "linux" },
      ),
    );
    this.#lookFurther();
    let sweptAtMs = systemClock.now();
    const sweep = setInterval(() => {
      const nowMs = systemClock.now();
      this.#loopDelay.observe(nowMs - sweptAtMs - SWEEP_MS);
      sweptAtMs = nowMs;
      this.#plain.sweep(nowMs, this.#hub.sweep());
    }, SWEEP_MS);
    this.#closing.signal.addEventListener("abort", () => clearInterval(sweep));
  }

  /**
   * Opens the folder and the ports.
   *
   * @throws {OndacastError} `bad-folder`, `no-songs`, `port-in-use`, …
   */
  static async start(options: ServerOptions): Promise<RunningServer> {
    let data!: ServerData;
    const songs = await SongFiles.openFolder(options.music, options.limits, {
      skipped: (path, reason) =>
        log.warn("left out {path}: {reason}", { path, reason }),
      unreadable: (path, reason) =>
        log.warn("cannot read {path}: {reason}", { path, reason }),
      silent: (path, reason) =>
        log.warn("{path} is silent in part: {reason}", { path, reason }),
      indexFailed: (error) =>
        log.warn("cannot write the index: {error}", { error: error.message }),
    }, async (root) => {
      data = await openData(options.data, root, makeTables);
      return data;
    });
    const { rows } = songs.page({});
    const streamSong = options.streamSong === null
      ? null
      : playable(chooseOne(rows, options.streamSong), "").name;
    const opened: { close(): void }[] = [];
    const open = (port: number) => {
      const listener = listen(options.host, port);
      opened.push(listener);
      return listener;
    };
    try {
      const tls = options.tls ? new TlsServer(options.tls, options) : null;
      if (tls) opened.push(tls.listener);
      const { session, stream, http } = options.ports;
      const listeners = {
        session: open(session),
        stream: stream === null ? null : open(stream),
        http: http === null ? null : open(http),
      };
      return new RunningServer(
        { ...options, streamSong },
        songs,
        data,
        listeners,
        tls,
      );
    } catch (error) {
      for (const listener of opened) listener.close();
      songs.close();
      data.close();
      throw error;
    }
  }

  /** Clients connected now. */
  get clients(): number {
    return this.#hub.sessions;
  }

  /** What is known of the server now. */
  get numbers(): ServerNumbers {
    return {
      counters: this.#hub.counters,
      pages: this.#hub.memory.lookups,
      clients: this.#hub.sessions,
      plainListeners: this.#plain.listeners,
      songs: this.songs.size,
      loopDelay: this.#loopDelay,
    };
  }

  /**
   * Stops accepting, notifies the clients, and resolves when all connections
   * have ended.
   */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      this.#work.add(this.#hub.close(ending()));
    }
    const waiting = new AbortController();
    await Promise.race([
      this.#work.over(),
      systemClock.sleep(CLOSE_MS, waiting.signal),
    ]);
    waiting.abort();
    this.#tls?.cutAll();
    this.songs.close();
    this.#data.close();
  }

  async #rescan(changes: FolderChanges): Promise<void> {
    await this.songs.rescan(changes);
    this.#lookFurther();
  }

  /** Reads in the background what a scan has left. */
  #lookFurther(): void {
    const { signal } = this.#closing;
    this.#work.add(this.songs.retag(systemClock, signal));
    this.#work.add(this.songs.probeNew(systemClock, signal));
  }

  #httpPort(): HttpPort {
    const { httpHosts, serverName } = this.#options;
    const peaks = new Waveforms(this.songs, new WaveformTable(this.#data.db));
    return new HttpPort({
      hosts: [...ownNames(serverName), ...httpHosts],
      gate: this.#hub.gate,
      admits: (ip) => this.#admits(ip),
      isReady: () => !this.#closing.signal.aborted,
      metricsText: () => metricsText(this.numbers),
      peaks: (song, etag) => peaks.of(song, etag),
      serveSession: (transport) => this.#serveSession(transport, "websocket"),
      ended: (peer, reason) =>
        log.info("request from {peer} ends: {reason}", { peer, reason }),
    });
  }

  /** Serves a connection as a transport, over TLS where enabled. */
  #open(
    conn: Deno.TcpConn,
    serve: (transport: Transport) => Promise<void>,
  ): Promise<void> {
    return this.#tls
      ? this.#tls.serve(conn, serve)
      : serve(new TcpTransport(conn));
  }

  #accept<Conn>(
    listener: { accept(): Promise<Conn>; close(): void },
    serve: (conn: Conn) => Promise<void> | void,
  ): void {
    this.#closing.signal.addEventListener("abort", () => listener.close());
    const track = (conn: Conn) => {
      try {
        const serving = serve(conn);
        if (serving) this.#work.add(serving);
      } catch (error) {
        this.#work.add(Promise.reject(error)); // The connection was lost at once.
      }
    };
    this.#work.add(acceptAll(listener, track, this.#closing.signal));
  }

  /**
   * Returns the promise itself: with thousands of connections, every frame
   * counts.
   */
  #serveSession(
    transport: Transport,
    over: "tcp" | "websocket",
  ): Promise<void> {
    const serve = () => this.#runSession(transport, over);
    return this.#admission.enter()?.then(serve) ?? serve();
  }

  #runSession(
    transport: Transport,
    over: "tcp" | "websocket",
  ): Promise<void> {
    const id = ++this.#connections;
    this.#hub.counters.sessions[over]++;
    const { peer } = transport;
    log.info("session {id} from {peer} begins over {over}", { id, peer, over });
    const session = new Session(this.#hub, transport);
    return session.run(this.#refusal(peer)).then((reason) =>
      log.info("session {id} from {peer} ends: {reason}", {
        id,
        peer,
        name: session.member.client?.name,
        reason,
      })
    );
  }

  /** The current song of the plain stream. */
  #streamSong(): SongEntry {
    const { streamSong } = this.#options;
    if (streamSong !== null) {
      return playable(this.songs.find(streamSong), streamSong);
    }
    const first = this.songs.firstPlayable();
    if (first) return first;
    throw new OndacastError(
      "no-songs",
      this.songs.size === 0
        ? "There are no songs to stream"
        : "None of the songs can be played",
    );
  }

  /** Why a new connection is refused; null: it is not. */
  #refusal(peer: string): OndacastError | null {
    if (this.#closing.signal.aborted) return ending();
    return this.#admits(peerHost(peer)) ? null : stranger(peer);
  }

  #admits(hostname: string): boolean {
    const { token, open } = this.#options;
    return token !== null || open || isHomeAddress(plainHost(hostname));
  }
}

function ending(): OndacastError {
  return new OndacastError("busy", "The server is shutting down");
}

function stranger(peer: string): OndacastError {
  return new OndacastError(
    "unauthorized",
    `Cannot serve ${peer}: without a token only loopback, private and link-local addresses are served (--token or --open on the server)`,
  );
}
