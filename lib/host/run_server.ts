/**
 * A running server: starts all parts, and shuts them down. The program, the demo
 * and the tests all use it.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { systemClock } from "../io/clock/clock.ts";
import { AfterInput } from "../io/clock/after_input.ts";
import { turns } from "../io/clock/shared_turns.ts";
import type { Announcer } from "../io/discovery/announcer.ts";
import type { ServerData } from "../io/disk/server_data.ts";
import { TcpTransport } from "../io/net/tcp.ts";
import type { SongFiles } from "../io/songs/song_files.ts";
import type { Transport } from "../ports/common.ts";
import type { GroupStore } from "../ports/group_store.ts";
import { Framer } from "../server/framer.ts";
import { Hub, SWEEP_MS } from "../server/hub.ts";
import { SongPages } from "../server/song_pages.ts";
import { Acceptor } from "./acceptor.ts";
import { AddressPolicy, shuttingDown } from "./address_policy.ts";
import { AdmittedTable } from "./admitted_table.ts";
import { announce, serverId } from "./announce.ts";
import { HttpPort } from "./http.ts";
import { HttpApi } from "./http_api.ts";
import { HttpCallers } from "./http_callers.ts";
import type { HttpWorld } from "./http_world.ts";
import { joinCluster, type JoinedCluster } from "./join_cluster.ts";
import { openGroups } from "./kept_data.ts";
import { clusterStatus } from "./cluster_metrics.ts";
import { LoopDelay, metricsText, type ServerNumbers } from "./metrics.ts";
import { type Listeners, openListeners, portsOf } from "./open_listeners.ts";
import { openMusic } from "./open_music.ts";
import { httpNames } from "./own_names.ts";
import { PlainPort } from "./plain_port.ts";
import type { OpenPorts, ServerOptions } from "./server_options.ts";
import { SessionPort } from "./session_port.ts";
import { keepSongs, lookAgain } from "./song_upkeep.ts";
import { PlainSources } from "./plain_sources.ts";
import { type StreamChoice, streamChoice } from "./stream_song.ts";
import { TaskGroup } from "./task_group.ts";
import { WaveformTable } from "./waveform_table.ts";
import { Waveforms } from "./waveforms.ts";

const log = getLogger(["ondacast", "server"]);

/** Memory for framed pages, shared by all listeners. */
const PAGES_BUDGET_BYTES = 256 << 20;
/** How long a shutdown may take before remaining connections are dropped. */
const CLOSE_MS = 4000;

/** What a server consists of. */
interface ServerParts {
  songs: SongFiles;
  data: ServerData;
  groups: GroupStore;
  listeners: Listeners;
  /** See `io/discovery`. */
  serverId: string;
  /** The server is one of several; null: it is alone. */
  cluster: JoinedCluster | null;
  clockName: string;
  closing: AbortController;
  plainChoice: StreamChoice;
  afterInput: AfterInput | null;
}

/** A server whose every port accepts. */
export class RunningServer {
  readonly ports: OpenPorts;
  readonly songs: SongFiles;
  readonly #hub: Hub;
  readonly #options: ServerOptions;
  readonly #closing: AbortController;
  readonly #work = new TaskGroup((error) =>
    log.error("internal: {error}", { error: String(error) })
  );
  readonly #acceptor: Acceptor;
  #connections = 0;
  readonly #policy: AddressPolicy;
  readonly #sessions: SessionPort;
  readonly #plain: PlainPort;
  /** The senders of messages over HTTP. */
  readonly #callers: HttpCallers;
  /** Answers apps of Snapcast; null: they are not served. */
  #rpc: HttpWorld["rpc"] | null = null;
  readonly #loopDelay = new LoopDelay();
  readonly #data: ServerData;
  readonly #groups: GroupStore;
  readonly #cluster: JoinedCluster | null;
  readonly #announcers: Announcer[];
  readonly #afterInput: AfterInput | null;

  private constructor(
    options: ServerOptions,
    { songs, data, groups, listeners, serverId, ...parts }: ServerParts,
  ) {
    const { cluster, clockName, closing, plainChoice, afterInput } = parts;
    this.#afterInput = afterInput;
    if (afterInput) turns.later = afterInput.run;
    this.#cluster = cluster;
    this.#closing = closing;
    this.#options = options;
    this.songs = songs;
    this.#acceptor = new Acceptor(listeners.tls, this.#work, closing.signal);
    this.#data = data;
    this.#groups = groups;
    const pages = new SongPages(options.block, PAGES_BUDGET_BYTES);
    // Each with buffers of its own: a plain stream's peer is slow by nature.
    const newFramer = () => new Framer(pages, systemClock);
    const admitted = new AdmittedTable(data.db);
    this.#hub = new Hub(
      {
        ...{ framer: newFramer(), turns, admitted, clockName },
        songs: cluster?.songs ?? songs,
        clock: systemClock,
        groups: {
          store: cluster?.groups ?? groups,
          wallMs: Date.now,
          random: Math.random,
          newId: () => crypto.randomUUID(),
        },
      },
      { ...options, serverId },
    );
    songs.listenMoved((names) => this.#hub.renamed(names));
    this.#callers = new HttpCallers(this.#hub);
    const policy = this.#policy = new AddressPolicy(options, closing.signal);
    this.#sessions = new SessionPort(this.#hub, policy, closing.signal);
    const sources = new PlainSources(plainChoice, {
      ...{ hub: this.#hub, files: songs },
      ...{ framer: newFramer(), loop: options.loop },
    });
    this.#plain = new PlainPort(options, {
      open: (use) => sources.open(use),
      block: options.block,
      counters: this.#hub.counters,
      refusal: (peer) => policy.refusal(peer),
    });
    this.ports = portsOf(listeners);
    this.#announcers = options.announce
      ? announce(options, listeners, policy, serverId)
      : [];
  }

  /** Accepts on every port, and begins what is done all the time. */
  #serve(listeners: Listeners): void {
    const { songs } = this;
    const closing = this.#closing.signal;
    this.#acceptor.begin();
    const { session, stream } = listeners;
    this.#acceptor.acceptTransports(
      session,
      (it) => this.#converse(it, "tcp"),
    );
    if (stream) {
      this.#acceptor.accept(stream, (conn) => {
        const transport = new TcpTransport(conn);
        return this.#plain.serve(transport, ++this.#connections, closing);
      });
    }
    const http = listeners.http && this.#httpPort(listeners.tls !== null);
    if (listeners.http && http) {
      this.#acceptor.acceptTransports(listeners.http, (it) => http.serve(it));
    }
    keepSongs({ songs, work: this.#work, signal: closing }, this.#options);
    let sweptAtMs = systemClock.now();
    const sweep = setInterval(() => {
      const nowMs = systemClock.now();
      this.#loopDelay.observe(nowMs - sweptAtMs - SWEEP_MS);
      sweptAtMs = nowMs;
      const awakeSinceMs = this.#hub.sweep();
      this.#plain.sweep(nowMs, awakeSinceMs);
      http?.sweep(nowMs, awakeSinceMs);
    }, SWEEP_MS);
    closing.addEventListener("abort", () => clearInterval(sweep));
  }

  /** Loads what serves Snapcast, if it is asked for. */
  async #serveSnapcast(listeners: Listeners): Promise<void> {
    const { snapcast, snapcastControl } = listeners;
    if (!snapcast && !snapcastControl) return;
    const { serveSnapcast } = await import("./snapcast_host.ts");
    this.#rpc = await serveSnapcast(listeners, {
      ...{ hub: this.#hub, policy: this.#policy, callers: this.#callers },
      closing: this.#closing.signal,
      accept: (...accepted) => this.#acceptor.accept(...accepted),
    });
  }

  /**
   * Opens the folder and the ports.
   *
   * @throws {OndacastError} `bad-folder`, `no-songs`, `port-in-use`, …
   */
  static async start(options: ServerOptions): Promise<RunningServer> {
    const { songs, data } = await openMusic(options);
    try {
      const plainChoice = await streamChoice(songs, options.streamSong);
      const listeners = openListeners(options);
      const groups = await openGroups(data.path);
      const clockName = crypto.randomUUID();
      const closing = new AbortController();
      const cluster = options.cluster
        ? await joinCluster(options.cluster, {
          ...{ songs, groups, options, clockName, signal: closing.signal },
          port: listeners.session.addr.port,
        })
        : null;
      const server = new RunningServer(
        options,
        {
          ...{ songs, data, groups, listeners, cluster, clockName, closing },
          plainChoice,
          afterInput: await AfterInput.open(),
          serverId: await serverId(data.path),
        },
      );
      await server.#hub.groups.load();
      cluster?.begin(server.#hub);
      await server.#serveSnapcast(listeners);
      server.#serve(listeners);
      return server;
    } catch (error) {
      songs.close();
      data.close();
      throw error;
    }
  }

  /** Clients connected now. */
  get clients(): number {
    return this.#hub.sessions;
  }

  /** A snapshot for metrics. */
  get numbers(): ServerNumbers {
    return {
      counters: this.#hub.counters,
      pages: this.#hub.framer.pages.lookups,
      clients: this.#hub.sessions,
      plainListeners: this.#plain.listeners,
      songs: this.songs.size,
      decoded: this.songs.decoded,
      loopDelay: this.#loopDelay,
      ...(this.#cluster && { cluster: this.#cluster.numbers }),
    };
  }

  /**
   * Stops accepting, notifies the clients, and resolves when all connections
   * have ended.
   */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      for (const it of this.#announcers) this.#work.add(it.close());
      // It notes where groups are, while their devices are here.
      if (this.#cluster) this.#work.add(this.#cluster.close());
      this.#work.add(this.#hub.close(shuttingDown()));
    }
    const waiting = new AbortController();
    await Promise.race([
      this.#work.over(),
      systemClock.sleep(CLOSE_MS, waiting.signal),
    ]);
    waiting.abort();
    this.#acceptor.cutAll();
    this.songs.close();
    await this.#groups.close();
    this.#data.close();
    this.#afterInput?.[Symbol.dispose]();
  }

  #httpPort(isSecure: boolean): HttpPort {
    const { httpHosts } = this.#options;
    const songs = this.#hub.songs;
    const peaks = new Waveforms(songs, new WaveformTable(this.#data.db));
    const api = new HttpApi({
      ...{ hub: this.#hub, songs: this.songs },
      rescan: () =>
        lookAgain({
          ...{ songs: this.songs, work: this.#work },
          signal: this.#closing.signal,
        }),
    }, this.#callers);
    return new HttpPort({
      ...httpNames(Deno.hostname(), httpHosts),
      scheme: isSecure ? "https" : "http",
      sessionPort: this.ports.session,
      gate: this.#hub.gate,
      songs,
      takePlace: (ip) => this.#hub.places.take(ip),
      turns,
      admits: (ip) => this.#policy.admits(ip),
      api: (request) => api.answer(request),
      ...(this.#rpc && { rpc: this.#rpc }),
      readiness: () => ({
        isReady: !this.#closing.signal.aborted &&
          this.#cluster?.isReady !== false,
        details: this.#cluster ? clusterStatus(this.#cluster.numbers) : [],
      }),
      metricsText: () => metricsText(this.numbers),
      peaks: (...asked) => peaks.of(...asked),
      serveSession: (transport) => this.#converse(transport, "websocket"),
      ended: (peer, reason) =>
        log.info("request from {peer} ends: {reason}", { peer, reason }),
    }, this.#closing.signal);
  }

  #converse(transport: Transport, over: "tcp" | "websocket"): Promise<void> {
    return this.#sessions.serve(transport, ++this.#connections, over);
  }
}
