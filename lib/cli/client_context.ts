/**
 * What every command of `ondacast` stands on: the link to the server, the
 * output, and what ends both.
 *
 * @module
 */

import { Link } from "../client/link.ts";
import { Output } from "../client/output.ts";
import { safeJson } from "../safe_text.ts";
import { errorText, OndacastError, toOndacastError } from "../errors.ts";
import { systemClock } from "../io/clock/clock.ts";
import { defaultCacheFolder, DiskCache } from "../io/cache/disk_cache.ts";
import { dataFolder } from "../io/disk/data_folder.ts";
import { claimDevice, type KeptDevice } from "../io/disk/kept_device.ts";
import { playsToStdout, sinkOpener } from "../io/sinks/open_sink.ts";
import { onEndSignal } from "../io/console/signals.ts";
import {
  print,
  printError,
  stdoutClosed,
} from "../io/console/standard_output.ts";
import { TcpConnector } from "../io/net/tcp.ts";
import { TlsConnector } from "../io/tls/tls_connect.ts";
import { isLoopback, parseAddress } from "../model/address.ts";
import { checkDeviceName } from "../model/song_name.ts";
import type { Connector } from "../ports/common.ts";
import { asksByKeys } from "./prompts.ts";
import { shown } from "./text.ts";
import { trustOf } from "./trust.ts";

/** Where a server's session port is unless somebody says otherwise. */
export const SESSION_PORT = 4040;
/** Where its plain stream is. */
export const STREAM_PORT = 4041;
/** Data that may be under way, in bytes. */
const WINDOW_BYTES = { heard: 1 << 20, unheard: 4 << 20 };

/** The options that every command takes. */
export interface GlobalOptions {
  server: string;
  name?: string;
  token?: string;
  /** Whether the connection is encrypted; the plain stream never is. */
  tls?: boolean;
  /** A file of certificates to trust; it means TLS, too. */
  tlsCa?: string;
  player: string;
  quiet: boolean;
  json: boolean;
  /** False: songs are neither looked for in the cache nor stored there. */
  cache: boolean;
  cacheDir?: string;
  cacheSize: number;
  /** Whether others may cast to this client. */
  receive?: boolean;
}

/** One run of a command. */
export class ClientContext implements AsyncDisposable {
  readonly options: GlobalOptions;
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly windowBytes: number;
  readonly #end = new AbortController();
  readonly #signals: Disposable;
  #endedBy: Deno.Signal | null = null;
  #device: KeptDevice | null = null;
  #link: Link | null = null;
  #cache: DiskCache | null = null;

  constructor(options: GlobalOptions) {
    this.options = options;
    this.signal = AbortSignal.any([this.#end.signal, stdoutClosed]);
    this.#signals = onEndSignal((signal) => {
      this.#endedBy ??= signal;
      this.#end.abort();
    });
    this.output = new Output(sinkOpener(options.player));
    this.windowBytes = isHeard(options.player)
      ? WINDOW_BYTES.heard
      : WINDOW_BYTES.unheard;
  }

  /** The server that was named. */
  get link(): Link {
    return this.#link ??= this.#openLink();
  }

  /** The cache, or null where it is not wanted. */
  async cache(): Promise<DiskCache | null> {
    if (!this.options.cache) return null;
    try {
      return await this.openCache();
    } catch (error) {
      // A folder that was named must do; the usual one is a convenience.
      if (this.options.cacheDir !== undefined) throw error;
      this.options.cache = false;
      printError(`note: playing without a cache: ${errorText(error)}`);
      return null;
    }
  }

  /** The cache, whether songs are to be looked for in it or not. */
  async openCache(): Promise<DiskCache> {
    const { cacheDir, cacheSize } = this.options;
    const folder = cacheDir ??
      defaultCacheFolder(Deno.build.os, (name) => Deno.env.get(name));
    return this.#cache ??= await DiskCache.open(folder, cacheSize);
  }

  /** Whether the program ends only because nobody reads its output any more. */
  get isUnread(): boolean {
    return stdoutClosed.aborted && !this.#end.signal.aborted;
  }

  /** Whether the system, and not a person by Ctrl-C, has told the program to end. */
  get isToldToStop(): boolean {
    return this.#endedBy !== null && this.#endedBy !== "SIGINT";
  }

  /**
   * Has the client be the same device at its next start, where no other program
   * is that. A link as another device is closed, and not to be used any more.
   */
  async keepDevice(): Promise<void> {
    if (this.#device !== null) return;
    this.#device = await claimDevice(dataFolderIfAny());
    this.#link?.close();
    this.#link = null;
  }

  /** Whether words would get between the PCM on stdout. */
  get wordsToStderr(): boolean {
    return playsToStdout(this.options.player);
  }

  /** Prints a line for a person; not with `--json` or `--quiet`. */
  say(line: string): void {
    if (this.options.json || this.options.quiet) return;
    if (this.wordsToStderr) printError(shown(line));
    else print(shown(line));
  }

  /** Prints a value for a program. */
  tellJson(value: unknown): void {
    print(safeJson(value));
  }

  /** Waits for something, unless the person ends the program before. */
  async unlessInterrupted<T>(work: Promise<T>): Promise<T> {
    const interrupted = Promise.withResolvers<never>();
    const onAbort = () =>
      interrupted.reject(new OndacastError("interrupted", "Interrupted"));
    this.signal.addEventListener("abort", onAbort);
    if (this.signal.aborted) onAbort();
    try {
      return await Promise.race([work, interrupted.promise]);
    } finally {
      this.signal.removeEventListener("abort", onAbort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signals[Symbol.dispose]();
    this.#link?.close();
    this.#device?.[Symbol.dispose]();
    await this.output.abort();
  }

  /**
   * Meets a server that is not known yet, so that the person is asked about
   * it before keys and screen are a player's.
   */
  async meetServer(): Promise<void> {
    const connector = this.#connector();
    if (!(connector instanceof TlsConnector) || !asksByKeys(this)) return;
    try {
      if (await connector.isNew()) {
        (await connector.connect(this.signal)).close();
      }
    } catch (error) {
      // A cached song is played without it, too.
      if (toOndacastError(error).code !== "unreachable") throw error;
    }
  }

  /** Whether sessions are encrypted. */
  get encrypts(): boolean {
    const { tls, tlsCa } = this.options;
    return tls === true || tlsCa !== undefined;
  }

  #connector(): Connector {
    const { host, port } = parseAddress(this.options.server, SESSION_PORT);
    return this.encrypts
      ? new TlsConnector(host, port, trustOf(this))
      : new TcpConnector(host, port);
  }

  #openLink(): Link {
    const { server, name, token, receive } = this.options;
    const { host } = parseAddress(server, SESSION_PORT);
    if (token && !this.encrypts && host !== "localhost" && !isLoopback(host)) {
      printError(
        `warning: the token goes to ${host} unencrypted; who sees the network can read it (--tls encrypts)`,
      );
    }
    return new Link({
      connector: this.#connector(),
      clock: systemClock,
      identity: {
        name: name === undefined ? hostName() : givenName(name),
        device: this.#device?.device ?? crypto.randomUUID(),
        ...(token && { token }),
        ...(receive && { receive }),
      },
      windowBytes: this.windowBytes,
      signal: this.signal,
    });
  }
}

/** @throws {OndacastError} `usage`. */
function givenName(name: string): string {
  try {
    return checkDeviceName(name);
  } catch (cause) {
    throw new OndacastError("usage", errorText(cause), { cause });
  }
}

/** The machine's name, as far as it can be a device's. */
function hostName(): string {
  try {
    return checkDeviceName(Deno.hostname());
  } catch {
    return "ondacast";
  }
}

function dataFolderIfAny(): string | null {
  try {
    return dataFolder("");
  } catch {
    return null;
  }
}

function isHeard(player: string): boolean {
  return !playsToStdout(player) && player !== "null:fast" &&
    !player.startsWith("file:");
}
