/**
 * The basis of every command of `ondacast`: the link to the server, the output,
 * the clock, and the signals that end them.
 *
 * @module
 */

import { interruptedBy } from "../client/interrupted.ts";
import { Link } from "../client/link.ts";
import { Output } from "../client/output.ts";
import { safeJson } from "../safe_text.ts";
import { errorText, toOndacastError } from "../errors.ts";
import { systemClock } from "../io/clock/clock.ts";
import { DiskCache } from "../io/cache/disk_cache.ts";
import { dataFolderIfAny } from "../io/disk/data_folder.ts";
import { defaultCacheFolder } from "../io/disk/default_cache_folder.ts";
import { claimDevice, type KeptDevice } from "../io/disk/kept_device.ts";
import type { AutoOrder } from "../audio/player_args.ts";
import { openResampler } from "../io/sinks/open_resampler.ts";
import { playsToStdout, sinkOpener } from "../io/sinks/open_sink.ts";
import { onEndSignal } from "../io/console/signals.ts";
import {
  print,
  printError,
  stdoutClosed,
} from "../io/console/standard_output.ts";
import type { Line } from "../io/console/styled.ts";
import { terminalColumns } from "../io/console/terminal.ts";
import { isLoopback } from "../model/address.ts";
import type { DeviceKind } from "../model/device_kind.ts";
import type { Clock } from "../ports/common.ts";
import { type ChosenServer, idOf, named, tokenFor } from "./chosen_server.ts";
import { givenName, hostName } from "./own_name.ts";
import { asksByKeys } from "./prompts.ts";
import { serverConnector } from "./server_connector.ts";
import { shown } from "./shown.ts";
import { trustOf } from "./trust.ts";

/** Data that may be in transit, in bytes: to a player, or to a file or pipe. */
const WINDOW_BYTES = { player: 1 << 20, file: 4 << 20 };

/** The options of every command. */
export interface GlobalOptions {
  /** Undefined: it is remembered, or to be found. */
  server?: string;
  name?: string;
  token?: string;
  /** Whether sessions are encrypted; the plain stream never is. */
  tls?: boolean;
  /** A file of certificates to trust; it turns TLS on, too. */
  tlsCa?: string;
  player: string;
  quiet: boolean;
  json: boolean;
  /** False: the cache is neither read nor written. */
  cache: boolean;
  cacheDir?: string;
  cacheSize: number;
  /** Whether others may cast to this client. */
  receive?: boolean;
  /** What others see this client as; by default a computer. */
  shownAs?: DeviceKind;
}

/** One run of a command. */
export class ClientContext implements AsyncDisposable {
  readonly options: GlobalOptions;
  readonly clock: Clock = systemClock;
  /** Random numbers from 0 to below 1. */
  readonly random: () => number = Math.random;
  readonly signal: AbortSignal;
  readonly output: Output;
  /** How `--player auto` chooses, from the next player on. */
  autoOrder: AutoOrder = "play";
  readonly windowBytes: number;
  /** Whether its player plays in real time, and does not just store PCM. */
  readonly isHeard: boolean;
  readonly #end = new AbortController();
  readonly #signals: Disposable;
  #endedBy: Deno.Signal | null = null;
  #device: KeptDevice | null = null;
  #server: ChosenServer | null = null;
  #link: Link | null = null;
  #cache: DiskCache | null = null;

  constructor(options: GlobalOptions) {
    this.options = options;
    this.signal = AbortSignal.any([this.#end.signal, stdoutClosed]);
    this.#signals = onEndSignal((signal) => {
      this.#endedBy ??= signal;
      this.#end.abort();
    });
    this.output = new Output(
      sinkOpener(options.player, () => this.autoOrder),
      null,
      openResampler,
    );
    this.isHeard = isRealTime(options.player);
    this.windowBytes = this.isHeard ? WINDOW_BYTES.player : WINDOW_BYTES.file;
  }

  /** The server that was chosen. @throws {OndacastError} `usage`: none was. */
  get server(): ChosenServer {
    return this.#server ??= named(this.options.server ?? "");
  }

  /** Chooses a server. Closes a link to another. */
  use(server: ChosenServer): void {
    this.#server = server;
    this.#link?.close();
    this.#link = null;
  }

  /** The link to the server. */
  get link(): Link {
    return this.#link ??= this.#openLink();
  }

  /** The cache; null: turned off, or not available. */
  async cache(): Promise<DiskCache | null> {
    if (!this.options.cache) return null;
    try {
      return await this.openCache();
    } catch (error) {
      // A folder from the user must work; the default is a convenience.
      if (this.options.cacheDir !== undefined) throw error;
      this.options.cache = false;
      printError(`note: playing without a cache: ${errorText(error)}`);
      return null;
    }
  }

  /** The cache, even if songs are played without it. */
  async openCache(): Promise<DiskCache> {
    const { cacheDir, cacheSize } = this.options;
    const folder = cacheDir ??
      defaultCacheFolder(Deno.build.os, (name) => Deno.env.get(name));
    if (this.#cache === null) {
      this.#cache = await DiskCache.open(folder, cacheSize);
      if (this.#cache.note) printError(`note: ${this.#cache.note}`);
    }
    return this.#cache;
  }

  /** Whether the program ends only because the reader of its output has closed it. */
  get isUnread(): boolean {
    return stdoutClosed.aborted && !this.#end.signal.aborted;
  }

  /** Whether a signal of the system, not Ctrl-C, ends the program. */
  get isTerminated(): boolean {
    return this.#endedBy !== null && this.#endedBy !== "SIGINT";
  }

  /**
   * Gives the client the same device at each start, unless another program already
   * uses it. Closes a link that was opened as another device.
   *
   * @param file Where its id is kept in the data folder; that of receivers, if left
   * out.
   */
  async keepDevice(file?: string): Promise<void> {
    if (this.#device !== null) return;
    this.#device = await claimDevice(dataFolderIfAny(), file);
    this.#link?.close();
    this.#link = null;
  }

  /** Whether stdout carries PCM, so that text belongs on stderr. */
  get wordsToStderr(): boolean {
    return playsToStdout(this.options.player);
  }

  /** Prints a line for people; not with `--json` or `--quiet`. */
  say(line: Line): void {
    if (this.options.json || this.options.quiet) return;
    const text = typeof line === "string" ? shown(line) : line;
    if (this.wordsToStderr) printError(text);
    else print(text);
  }

  /** Most columns of a line of a table; Infinity: it is not shown in a terminal. */
  get columns(): number {
    return Deno.stdout.isTerminal() && !this.wordsToStderr
      ? terminalColumns()
      : Infinity;
  }

  /** Prints a value for programs. */
  printJson(value: unknown): void {
    print(safeJson(value));
  }

  /** Waits for work unless the user ends the program first. */
  async unlessInterrupted<T>(work: Promise<T>): Promise<T> {
    using interrupted = interruptedBy(this.signal);
    return await Promise.race([work, interrupted.promise]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signals[Symbol.dispose]();
    this.#link?.close();
    this.#device?.[Symbol.dispose]();
    await this.output.abort();
    this.#cache?.[Symbol.dispose]();
  }

  /**
   * Connects to a server that is not known yet, so that the user is asked about
   * it before keys and screen belong to a player.
   */
  async meetServer(): Promise<void> {
    if (!this.encrypts || !asksByKeys(this)) return;
    try {
      await this.link.session();
    } catch (error) {
      // Cached songs play without the server.
      if (toOndacastError(error).code !== "unreachable") throw error;
    }
  }

  /** Whether sessions are encrypted. */
  get encrypts(): boolean {
    const { tls, tlsCa } = this.options;
    return tls === true || tlsCa !== undefined || this.server.tls;
  }

  #openLink(): Link {
    const { server, clock, random, signal, encrypts } = this;
    const { name, receive, shownAs: kind = "computer" } = this.options;
    const token = tokenFor(server, this.options.token);
    const [{ host }] = server.endpoints;
    if (token && !encrypts && host !== "localhost" && !isLoopback(host)) {
      printError(
        `warning: the token goes to ${host} unencrypted; anyone who can read the network traffic can read it (--tls encrypts)`,
      );
    }
    const id = idOf(server);
    const link: Link = new Link({
      connector: serverConnector(server, {
        ...{ clock, random, signal, sendsToken: token !== undefined },
        trust: encrypts ? trustOf(this) : null,
        id: () => link.serverId ?? id,
      }),
      clock,
      identity: {
        name: name === undefined ? hostName() : givenName(name),
        device: this.#device?.device ?? crypto.randomUUID(),
        ...(token && { token }),
        ...(receive && { receive }),
        kind,
      },
      windowBytes: this.windowBytes,
      signal,
      // Of a server that was found, the first one met decides.
      ...(server.how !== "named" && {
        serverId: server.how === "found" ? null : id,
      }),
    });
    return link;
  }
}

function isRealTime(player: string): boolean {
  return !playsToStdout(player) && player !== "null:fast" &&
    !player.startsWith("file:");
}
