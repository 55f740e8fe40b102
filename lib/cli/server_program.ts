/**
 * `ondacast-server`: its options, and its life from `listening` to the end.
 *
 * @module
 */

import { Option } from "@commander-js/extra-typings";
import { getLogger } from "@logtape/logtape";
import { errorText, OndacastError } from "../errors.ts";
import { systemClock } from "../io/clock/clock.ts";
import { stateFolder } from "../io/disk/data_folder.ts";
import { describeFileError } from "../io/disk/describe_file_error.ts";
import { configureLog, type LogFormat } from "../host/log.ts";
import { families } from "../host/metrics.ts";
import { loadAhead } from "../host/load_ahead.ts";
import { RunningServer } from "../host/run_server.ts";
import { onEndSignal } from "../io/console/signals.ts";
import { print, printError } from "../io/console/standard_output.ts";
import { isObserved, tellNumbers } from "../host/telemetry.ts";
import { inFull, onUnhandled } from "../io/console/unhandled.ts";
import { type BlockSize, parseBlockSize } from "../model/block_size.ts";
import { port, portOrOff, positive, secret, size } from "./options.ts";
import { newProgram, runProgram } from "./run_program.ts";
import { checkTlsOptions, tlsIdentity } from "./server_tls.ts";

const log = getLogger(["ondacast", "server"]);

const DEFAULT_MUSIC = "./music";
/** How long the last lines of the log may take with a stalled reader. */
const LOG_MS = 200;

/** Runs the program with its words; resolves to its exit code. */
export function serverProgram(words: string[]): Promise<number> {
  const program = command();
  program.action((options) => serve(options));
  return runProgram(program, words);
}

function command() {
  return newProgram(
    "ondacast-server",
    "Serves the WAV songs of a folder to Ondacast clients, and to anything that reads a plain length-prefixed stream.",
  )
    .option("--host <address>", "address to listen on", "0.0.0.0")
    .option("--port <port>", "session port; 0: any free one", port, 4040)
    .option(
      "--stream-port <port>",
      "plain stream port, or `off` (default: 4041; off with a token or TLS)",
      portOrOff,
    )
    .option(
      "--http-port <port>",
      "port of the page, WebSockets, metrics and health, or `off`",
      portOrOff,
      4042 as number | "off",
    )
    .option(
      "--http-host <name...>",
      "additional host names of the HTTP port",
    )
    .option(
      "--music <folder>",
      `the song folder, with its subfolders (default: "${DEFAULT_MUSIC}", made if missing)`,
    )
    .option(
      "--stream-song <name>",
      "song of the plain stream (default: the first by name)",
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
    .option(
      "--data <folder>",
      "folder of the song index, or `off` (default: $STATE_DIRECTORY, else the user's data folder)",
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
      new Option("--log <format>", "format of the log on stderr")
        .choices(["text", "json"] as const)
        .default("text" as LogFormat),
    )
    .addHelpText(
      "after",
      `
Once every port accepts, one line is printed: listening {"session":4040,"stream":4041,"http":4042}

Examples:
  ondacast-server --music ~/Music
  ondacast-server --tls-self-signed --token-file ~/.ondacast-token
  ondacast-server --port 0 --stream-port off --http-port off
  ondacast-server --block 30s --stream-song "Canon in D" --loop`,
    );
}

type Options = ReturnType<ReturnType<typeof command>["opts"]>;

async function serve(options: Options): Promise<void> {
  const block = parseBlockSize(options.block);
  checkTlsOptions(options);
  checkNotEmpty("--music", options.music, "a folder");
  const token = await readToken(options);
  const flushLog = await configureLog(options.log);
  const logWritten = () =>
    Promise.race([flushLog(), systemClock.sleep(LOG_MS)]);
  try {
    await runServer({ ...options, block, token }, logWritten);
  } finally {
    await logWritten(); // An error that ends the program is its last line.
  }
}

/** Serves until a signal ends it. */
async function runServer(
  options: Omit<Options, "block" | "token"> & {
    block: BlockSize;
    token: string | null;
  },
  logWritten: () => Promise<void>,
): Promise<void> {
  const tls = await tlsIdentity(options);
  const music = options.music ?? await defaultMusic();
  const streamPort = options.streamPort ??
    (options.token === null && !tls ? 4041 : "off");
  const ports = {
    session: options.port,
    stream: openPort(streamPort),
    http: openPort(options.httpPort),
  };
  checkPorts(ports);
  const ended = new Promise<void>((resolve) => {
    // A second signal changes nothing: the shutdown takes 5 s at most.
    onEndSignal(() => resolve());
  });
  const data = dataOption(options.data);
  const server = await RunningServer.start({
    host: options.host,
    ports,
    httpHosts: options.httpHost ?? [],
    music,
    streamSong: options.streamSong ?? null,
    loop: options.loop,
    block: options.block,
    token: options.token,
    open: options.open,
    maxClients: options.maxClients,
    maxClientsPerAddress: options.maxClientsPerAddress,
    readOnly: options.readOnly,
    limits: {
      maxUploadBytes: options.maxUpload,
      minFreeBytes: options.minFree,
      maxSongs: options.maxSongs,
    },
    serverName: Deno.hostname(),
    tls,
    data: data.folder,
  });
  if (server.songs.size > 0 && !server.songs.firstPlayable()) {
    printError(
      `note: ${music} has songs, but none of them can be played; \`ondacast list\` shows why`,
    );
  }
  if (server.songs.size === 0) {
    printError(
      `note: no songs in ${music} yet; put WAV files there`,
    );
  }
  if (data.reason !== undefined) {
    log.warn("the index is in memory only: {reason}", data);
  }
  // From here on, an error in one session must not stop the others.
  onUnhandled((error) =>
    log.error("internal: nobody handled {error}", { error: inFull(error) })
  );
  await logWritten(); // The log precedes the line that the server is listening.
  print(`listening ${JSON.stringify(server.ports)}`);
  if (isObserved()) tellNumbers(() => families(server.numbers));
  await loadAhead();
  await ended;
  await server.close();
}

function openPort(port: number | "off"): number | null {
  return port === "off" ? null : port;
}

/**
 * One port cannot serve two protocols; the system's error would blame another
 * program.
 */
function checkPorts(ports: Record<string, number | null>): void {
  const taken = new Map<number, string>();
  for (const [use, port] of Object.entries(ports)) {
    if (port === null || port === 0) continue;
    const before = taken.get(port);
    if (before !== undefined) {
      throw new OndacastError(
        "usage",
        `Cannot use the port ${port} for both ${before} and ${use}: choose another for one (0: any free one)`,
      );
    }
    taken.set(port, use);
  }
}

/** An empty value is most likely a lost variable. */
function checkNotEmpty(
  option: string,
  told: string | undefined,
  expected: string,
): void {
  if (told !== "") return;
  throw new OndacastError(
    "usage",
    `Cannot use an empty ${option}: expected ${expected}`,
  );
}

/** The folder of the index; null: in memory, with the reason. */
function dataOption(
  told: string | undefined,
): { folder: string | null; reason?: string } {
  checkNotEmpty("--data", told, "a folder, or off");
  if (told === "off") return { folder: null, reason: "--data is off" };
  try {
    return { folder: told ?? stateFolder("Name one by --data") };
  } catch (error) {
    return { folder: null, reason: errorText(error) };
  }
}

async function defaultMusic(): Promise<string> {
  await Deno.mkdir(DEFAULT_MUSIC, { recursive: true });
  return DEFAULT_MUSIC;
}

async function readToken(options: Options): Promise<string | null> {
  if (options.tokenFile === undefined) return options.token ?? null;
  let token: string;
  try {
    token = (await Deno.readTextFile(options.tokenFile)).trim();
  } catch (cause) {
    throw new OndacastError(
      "usage",
      `Cannot read the token from ${options.tokenFile}: ${
        describeFileError(cause)
      }`,
      { cause },
    );
  }
  if (token !== "") return secret(token);
  throw new OndacastError(
    "usage",
    `Cannot use the token file ${options.tokenFile}: it is empty, which protects nothing. Write a token into it, or leave the option out`,
  );
}
