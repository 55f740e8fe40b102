/**
 * The options of `ondacast-server`.
 *
 * @module
 */

import { Option } from "@commander-js/extra-typings";
import type { LogFormat } from "../host/log.ts";
import { OndacastError } from "../errors.ts";
import { DEFAULT_PORTS } from "../model/right_port.ts";
import {
  httpHost,
  longSpan,
  natsUrls,
  port,
  portOrOff,
  positive,
  secret,
  size,
  sizeOrOff,
  span,
} from "./options.ts";
import { newProgram, runProgram } from "./run_program.ts";
import { readTokenFile } from "./token_file.ts";

/** The song folder if none is given; it is created if missing. */
export const DEFAULT_MUSIC = "./music";

/** The values of the options. */
export type ServerOptions = ReturnType<
  ReturnType<typeof serverCommand>["opts"]
>;

/**
 * Runs work with the options in a program's words.
 *
 * @returns The exit code.
 */
export function withServerOptions(
  words: string[],
  work: (options: ServerOptions) => Promise<void>,
): Promise<number> {
  const program = serverCommand();
  program.action((options) => work(options));
  return runProgram(program, words);
}

/** `ondacast-server` with its options. */
// deno-lint-ignore explicit-module-boundary-types -- its type is its options.
export function serverCommand() {
  return newProgram(
    "ondacast-server",
    "Serves the songs of a folder to Ondacast clients, and to anything that reads a plain length-prefixed stream. Songs are WAV, FLAC, MP3, Ogg, Opus, AAC, ALAC and AIFF, and with ffmpeg others, too.",
  )
    .option("--host <address>", "address to listen on", "0.0.0.0")
    .option(
      "--port <port>",
      "session port; 0: any free one",
      port,
      DEFAULT_PORTS.session,
    )
    .option(
      "--stream-port <port>",
      `plain stream port, or \`off\` (default: ${DEFAULT_PORTS.stream}; off with a token or TLS)`,
      portOrOff,
    )
    .option(
      "--http-port <port>",
      "port of the page, WebSockets, metrics and health, or `off`",
      portOrOff,
      DEFAULT_PORTS.http as number | "off",
    )
    .option(
      "--snapcast-port <port>",
      "port of Snapcast clients, which are devices then (usually 1704), or `off`",
      portOrOff,
      "off" as number | "off",
    )
    .option(
      "--snapcast-control-port <port>",
      "port of Snapcast's apps, which control all devices (usually 1705), or `off`",
      portOrOff,
      "off" as number | "off",
    )
    .option(
      "--snapcast-open",
      "open both beside a token or TLS, too, of which they have neither",
      false,
    )
    .option(
      "--http-host <name...>",
      "additional host names of the HTTP port, or its address behind a proxy",
      httpHost,
    )
    .option(
      "--name <name>",
      "name shown to clients, and announced (default: this machine's name)",
    )
    .addOption(
      new Option(
        "--announce <how>",
        "announce the server to the local network by mDNS, as _ondacast._tcp",
      ).choices(["on", "off"]).default("on"),
    )
    .option(
      "--music <folder>",
      `the song folder, with its subfolders (default: "${DEFAULT_MUSIC}", made if missing)`,
    )
    .option(
      "--stream-song <name>",
      "what the plain stream sends: a song, a selection, live/NAME or group:NAME (default: the first song by name)",
    )
    .option("--loop", "repeat the plain stream endlessly", false)
    .option(
      "--block <size>",
      "payload of a data frame: bytes (512 to 1048576, 64KiB) or a time (30s)",
      "8192",
    )
    .addOption(
      new Option(
        "--token <secret>",
        "shared secret that every client must present",
      ).env("ONDACAST_TOKEN").argParser(secret),
    )
    .option("--token-file <path>", "file that contains the token")
    .option("--tls-cert <file>", "TLS: certificate (PEM), with --tls-key")
    .option("--tls-key <file>", "TLS: private key (PEM)")
    .option(
      "--tls-self-signed",
      "TLS: self-signed certificate, created once and stored",
      false,
    )
    .option("--tls-dir <folder>", "folder of the self-signed certificate")
    .option(
      "--open",
      "without a token, serve all addresses, not only the local network",
      false,
    )
    .option("--read-only", "accept no uploads", false)
    .addOption(
      new Option("--control <whose>", "whose devices a client may command")
        .choices(["all", "own"] as const)
        .default("all" as const),
    )
    .addOption(
      new Option("--max-upload <size>", "largest upload")
        .argParser(size)
        .default(2 ** 30, "1GiB"),
    )
    .addOption(
      new Option("--min-free <size>", "disk space to keep free")
        .argParser(size)
        .default(2 ** 30, "1GiB"),
    )
    .option(
      "--max-songs <n>",
      "most songs; further ones are left out",
      positive,
      200_000,
    )
    .addOption(
      new Option(
        "--rescan <time>",
        "time between full scans of the song folder, for changes that the system does not report",
      ).argParser(longSpan).default(600_000, "10m"),
    )
    .addOption(
      new Option(
        "--keep-removed <time>",
        "how long removed songs are kept in .removed of the song folder",
      ).argParser(span).default(30 * 24 * 3_600_000, "30d"),
    )
    .option(
      "--data <folder>",
      "folder of the song index, or `off` (default: $STATE_DIRECTORY, else the user's data folder)",
    )
    .addOption(
      new Option(
        "--renditions <size>",
        "disk space for what ffmpeg decodes, or `off`: not to use it",
      ).argParser(sizeOrOff).default(2 * 2 ** 30 as number | "off", "2GiB"),
    )
    .option(
      "--max-clients <n>",
      "most clients; further ones are refused as `busy`",
      positive,
      4096,
    )
    .option(
      "--max-clients-per-address <n>",
      "the same per address, except for this machine",
      positive,
      1024,
    )
    .addOption(
      new Option(
        "--cluster <url...>",
        "be one of several servers, over NATS with JetStream (nats:// or tls://, with user and password or a token)",
      ).argParser(natsUrls),
    )
    .option("--cluster-name <name>", "name of the cluster", "home")
    .option(
      "--cluster-secret-file <path>",
      "file with the secret that its servers prove to each other",
    )
    .option("--cluster-creds <file>", "credentials file of NATS")
    .option(
      "--cluster-plain",
      "talk to servers of the cluster without TLS, also beyond this machine",
      false,
    )
    .option(
      "--node <name>",
      "name of this server in the cluster (default: this machine's name)",
    )
    .option(
      "--advertise <host:port>",
      "where the other servers reach this one (default: its first address)",
    )
    .addOption(
      new Option("--log <format>", "format of the log on stderr")
        .choices(["text", "json"] as const)
        .default("text" as LogFormat),
    )
    .addHelpText(
      "after",
      `
Once every port accepts, one line is printed: listening ${
        JSON.stringify(DEFAULT_PORTS)
      }

Examples:
  ondacast-server --music ~/Music --name "Living room"
  ondacast-server --tls-self-signed --token-file ~/.ondacast-token
  ondacast-server --port 0 --stream-port off --http-port off
  ondacast-server --block 30s --stream-song "Canon in D" --loop`,
    );
}

/**
 * The token of the options; null: none.
 *
 * @throws {OndacastError} `usage`, if its file is empty or cannot be read.
 */
export async function readToken(
  options: ServerOptions,
): Promise<string | null> {
  if (options.tokenFile === undefined) return options.token ?? null;
  return await readTokenFile(options.tokenFile);
}

/**
 * Refuses an empty value, which is most likely a lost variable.
 *
 * @throws {OndacastError} `usage`.
 */
export function checkNotEmpty(
  option: string,
  value: string | undefined,
  expected: string,
): void {
  if (value !== "") return;
  throw new OndacastError(
    "usage",
    `Cannot use an empty ${option}: expected ${expected}`,
  );
}
