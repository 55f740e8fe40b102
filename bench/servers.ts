/**
 * The compared servers: how each is started with a song, and the arguments with
 * which the receiver requests its stream.
 *
 * @module
 */

import {
  floor,
  freePort,
  isThere,
  onCores,
  portOpen,
  ROOT,
  Running,
  task,
} from "./programs.ts";
import type { Workshop } from "./workshop.ts";

/** A server that sends one song, until it is disposed. */
export interface Server extends AsyncDisposable {
  readonly pid: number;
  /** Arguments of the receiver: kind, host, port and more. */
  readonly ask: string[];
}

/** Our server, with both ports that send songs. */
export interface Ours extends AsyncDisposable {
  readonly pid: number;
  readonly sessionPort: number;
  readonly streamPort: number;
  /** Time from its start to its first line, in milliseconds. */
  readonly startMs: number;
}

const HOST = "127.0.0.1";
const NGINX = "/usr/sbin/nginx";

/** Our server, as `deno task serve` starts it. */
export function startOurs(music: string, ...more: string[]): Promise<Ours> {
  return startTree(ROOT, music, ...more);
}

/** Our server of another working tree. */
export async function startTree(
  tree: string,
  music: string,
  ...more: string[]
): Promise<Ours> {
  const words = await task(
    "serve",
    ...`--host ${HOST} --port 0 --stream-port 0 --http-port off`.split(" "),
    ...["--max-clients", "20000", "--music", music, ...more],
  );
  return await ready(await startServer(words, tree));
}

/** Waits for our server's ports. */
export async function ready(program: Running): Promise<Ours> {
  const startedMs = performance.now();
  try {
    const [, json] = await program.lineLike(/^listening (.*)/);
    const startMs = performance.now() - startedMs;
    const { session, stream } = JSON.parse(json);
    return {
      pid: program.pid,
      sessionPort: session,
      streamPort: stream,
      startMs,
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

/** Arguments with which the receiver requests a session or the plain stream. */
export function askOurs(ours: Ours, songs: string | null): string[] {
  return songs === null
    ? ["plain", HOST, String(ours.streamPort)]
    : ["session", HOST, String(ours.sessionPort), `song=${songs}`];
}

/** Starts a program on the servers' cores. */
export async function startServer(
  words: string[],
  cwd: string = ROOT,
): Promise<Running> {
  return new Running(await onCores("servers", words), { cwd });
}

/** Starts a program of this folder that prints `listening PORT`. */
async function startListening(
  words: string[],
  kind: string,
): Promise<Server> {
  const program = await startServer(words);
  try {
    const [, port] = await program.lineLike(/^listening (\d+)/);
    return server(program, [kind, HOST, port]);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

function server(
  program: Running,
  ask: string[],
  ...others: AsyncDisposable[]
): Server {
  return {
    pid: program.pid,
    ask,
    async [Symbol.asyncDispose]() {
      for (const other of others) await other[Symbol.asyncDispose]();
      await program[Symbol.asyncDispose]();
    },
  };
}

export function startSender(
  shop: Workshop,
  kind: string,
  ...words: string[]
): Promise<Server> {
  return startListening([shop.sender, ...words], kind);
}

export function startFloor(
  work: string,
  song: string,
  kind = "plain",
): Promise<Server> {
  return startListening(floor(work, song), kind);
}

export async function startPython(
  shop: Workshop,
  song: string,
): Promise<Server> {
  if (shop.python === null) throw new Error("python3 is not installed");
  const script = `${ROOT}bench/python_server.py`;
  return await startListening([shop.python, script, song], "plain");
}

/** Starts nginx with sendfile, and one worker like all others. */
export async function startNginx(
  shop: Workshop,
  folder: string,
  file: string,
): Promise<Server> {
  if (!await isThere(NGINX)) throw new Error("nginx is not installed");
  const port = freePort();
  const prefix = await Deno.makeTempDir({ dir: shop.folder });
  const config = `${prefix}/nginx.conf`;
  await Deno.writeTextFile(
    config,
    `daemon off; master_process off; user root; pid ${prefix}/pid;
error_log ${prefix}/error.log; worker_rlimit_nofile 20000;
events { worker_connections 20000; }
http {
  access_log off; sendfile on; tcp_nodelay on; keepalive_requests 100000;
  server { listen ${HOST}:${port} backlog=4096; root ${folder}; }
}`,
  );
  const program = await startServer([NGINX, "-p", prefix, "-c", config]);
  await portOpen(port);
  return server(program, ["http", HOST, String(port), `path=/${file}`]);
}

/** Starts icecast2, fed in real time by ffmpeg with the song's unchanged PCM. */
export async function startIcecast(shop: Workshop): Promise<Server> {
  if (!await isThere("icecast2")) throw new Error("icecast2 is not installed");
  if (!await isThere("ffmpeg")) throw new Error("ffmpeg is not installed");
  const port = freePort();
  const folder = await Deno.makeTempDir({ dir: shop.folder });
  await Deno.chmod(shop.folder, 0o755);
  await Deno.chmod(folder, 0o777);
  const config = `${folder}/icecast.xml`;
  await Deno.writeTextFile(
    config,
    `<icecast>
  <limits><clients>20000</clients><sources>2</sources>
    <queue-size>4194304</queue-size><burst-size>705600</burst-size></limits>
  <authentication><source-password>bench</source-password>
    <admin-user>admin</admin-user><admin-password>bench</admin-password>
  </authentication>
  <hostname>${HOST}</hostname>
  <listen-socket><port>${port}</port><bind-address>${HOST}</bind-address></listen-socket>
  <paths><basedir>/usr/share/icecast2</basedir><logdir>${folder}</logdir>
    <webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot></paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>1</loglevel></logging>
  <security><chroot>0</chroot><changeowner><user>nobody</user><group>nogroup</group></changeowner></security>
</icecast>`,
  );
  const program = await startServer(["icecast2", "-c", config]);
  await portOpen(port);
  const source = new Running([
    ..."ffmpeg -nostdin -loglevel error -re -stream_loop -1 -i".split(" "),
    shop.hotSong,
    ..."-c copy -f s16le -content_type audio/L16".split(" "),
    `icecast://source:bench@${HOST}:${port}/song`,
  ]);
  await new Promise((resolve) => setTimeout(resolve, 6000)); // fills the burst
  const ask = ["http", HOST, String(port), "path=/song"];
  return server(program, ask, source);
}

/** Starts snapserver with the song's unchanged PCM. */
export async function startSnapserver(shop: Workshop): Promise<Server> {
  if (!await isThere("snapserver")) {
    throw new Error("snapserver is not installed");
  }
  const [port, control] = [freePort(), freePort()];
  const folder = await Deno.makeTempDir({ dir: shop.folder });
  const config = `${folder}/snapserver.conf`;
  await Deno.writeTextFile(
    config,
    `[server]\ndatadir = ${folder}\n[http]\nenabled = false\n[tcp]\nenabled = true\nport = ${control}
[stream]\nbind_to_address = ${HOST}\nport = ${port}\ncodec = pcm
source = file://${shop.hotSong}?name=song&sampleformat=44100:16:2\n`,
  );
  const program = await startServer(["snapserver", "-c", config]);
  await portOpen(port);
  return server(program, ["snap", HOST, String(port)]);
}
