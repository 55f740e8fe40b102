/**
 * `ondacast-server`: runs a server from its options until a signal ends it.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { errorText, OndacastError } from "../errors.ts";
import { systemClock } from "../io/clock/clock.ts";
import { stateFolder } from "../io/disk/data_folder.ts";
import { configureLog } from "../host/log.ts";
import { families } from "../host/metrics.ts";
import { loadAhead } from "../host/load_ahead.ts";
import { RunningServer } from "../host/run_server.ts";
import { onEndSignal } from "../io/console/signals.ts";
import { print, printError } from "../io/console/standard_output.ts";
import { exportMetrics, isObserved } from "../host/telemetry.ts";
import { inFull, onUnhandled } from "../io/console/unhandled.ts";
import { type BlockSize, parseBlockSize } from "../model/block_size.ts";
import { DEFAULT_PORTS } from "../model/right_port.ts";
import {
  checkNotEmpty,
  DEFAULT_MUSIC,
  readToken,
  type ServerOptions,
  withServerOptions,
} from "./server_options.ts";
import { explainPermissions, mayStart } from "./deno_permissions.ts";
import { givenName, hostName } from "./own_name.ts";
import { clusterSettings } from "./server_cluster.ts";
import { checkTlsOptions, tlsIdentity } from "./server_tls.ts";

const log = getLogger(["ondacast", "server"]);

/** How long the last lines of the log may take with a stalled reader. */
const LOG_MS = 200;

/** Runs the program with its words; resolves to its exit code. */
export async function serverProgram(words: string[]): Promise<number> {
  if (!mayStart()) return explainPermissions("serve");
  return await withServerOptions(words, serve);
}

async function serve(options: ServerOptions): Promise<void> {
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
  options: Omit<ServerOptions, "block" | "token"> & {
    block: BlockSize;
    token: string | null;
  },
  logWritten: () => Promise<void>,
): Promise<void> {
  const tls = await tlsIdentity(options);
  const music = options.music ?? await defaultMusic();
  const streamPort = options.streamPort ??
    (options.token === null && !tls ? DEFAULT_PORTS.stream : "off");
  const ports = {
    session: options.port,
    stream: openPort(streamPort),
    http: openPort(options.httpPort),
    snapcast: openPort(options.snapcastPort),
    snapcastControl: openPort(options.snapcastControlPort),
  };
  checkPorts(ports);
  checkSnapcast(options, tls !== undefined);
  const cluster = await clusterSettings(options, tls !== undefined);
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
    control: options.control,
    renditionBytes: options.renditions === "off" ? null : options.renditions,
    limits: {
      maxUploadBytes: options.maxUpload,
      minFreeBytes: options.minFree,
      maxSongs: options.maxSongs,
    },
    keepRemovedMs: options.keepRemoved,
    rescanMs: options.rescan,
    serverName: options.name === undefined
      ? hostName()
      : givenName(options.name),
    announce: options.announce === "on",
    tls,
    cluster,
    data: data.folder,
  });
  server.songs.scanned.then(() => noteNoSongs(server.songs, music));
  if (data.reason !== undefined) {
    log.warn("the index is in memory only: {reason}", data);
  }
  // From here on, an error in one session must not stop the others.
  onUnhandled((error) =>
    log.error("internal: unhandled error: {error}", { error: inFull(error) })
  );
  await logWritten(); // The log precedes the line that the server is listening.
  print(`listening ${JSON.stringify(server.ports)}`);
  if (isObserved()) exportMetrics(() => families(server.numbers));
  await loadAhead();
  await ended;
  await server.close();
}

/** Prints why there is no song to play, if so. */
function noteNoSongs(songs: RunningServer["songs"], music: string): void {
  if (songs.size === 0) {
    printError(
      `note: there are no songs in ${music} yet. Copy some into it, send some with \`ondacast upload FILE\`, or share another folder with \`--music FOLDER\``,
    );
  } else if (!songs.firstPlayable()) {
    printError(
      `note: ${music} has songs, but none of them can be played; \`ondacast list\` shows why`,
    );
  }
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

/** Snapcast has no token and no TLS, so that its ports would go around both. */
function checkSnapcast(
  { snapcastPort, snapcastControlPort, snapcastOpen, token }:
    & Pick<
      ServerOptions,
      "snapcastPort" | "snapcastControlPort" | "snapcastOpen"
    >
    & { token: string | null },
  isTls: boolean,
): void {
  const has = token !== null ? "a token" : isTls ? "TLS" : null;
  if (snapcastOpen || has === null) return;
  const [option, what] = snapcastPort !== "off"
    ? ["--snapcast-port", "hears what is played"]
    : ["--snapcast-control-port", "controls every device"];
  if (snapcastPort === "off" && snapcastControlPort === "off") return;
  throw new OndacastError(
    "usage",
    `Cannot open ${option} beside ${has}: Snapcast has neither token nor TLS, so that anyone who reaches the port ${what}. Add --snapcast-open if that is meant`,
  );
}

/** The folder of the index; null: in memory, with the reason. */
function dataOption(
  given: string | undefined,
): { folder: string | null; reason?: string } {
  checkNotEmpty("--data", given, "a folder, or off");
  if (given === "off") return { folder: null, reason: "--data is off" };
  try {
    return { folder: given ?? stateFolder("Name one by --data") };
  } catch (error) {
    return { folder: null, reason: errorText(error) };
  }
}

async function defaultMusic(): Promise<string> {
  await Deno.mkdir(DEFAULT_MUSIC, { recursive: true });
  return DEFAULT_MUSIC;
}
