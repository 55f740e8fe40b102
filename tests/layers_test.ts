import assert from "node:assert/strict";
import { posix } from "node:path";
import { fromFileUrl, join } from "@std/path";
import { SONG_ENDINGS } from "../lib/audio/file_kinds.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** What the core is made of, and the ports it reaches the world by. */
const CORE = ["", "audio", "ports", "wire", "model"];
/** What of `lib/` runs in a browser as well. */
const ANYWHERE = [...CORE, "client"];

/**
 * Each room, and the rooms it may import from. Those of `lib/` go without its
 * name; its own files are below all.
 */
const MAY_IMPORT: Record<string, string[]> = {
  "": ["audio"],
  audio: [""],
  ports: ["", "audio"],
  wire: ["", "audio", "ports"],
  model: ["", "audio", "ports", "wire"],
  "model/discovery": ["", "model"],
  "server/groups": CORE,
  "server/live": CORE,
  server: [...CORE, "server/groups", "server/live"],
  client: CORE,
  "io/clock": CORE,
  "io/disk": [...CORE, "io/clock"],
  "io/net": [...CORE, "io/clock"],
  "io/discovery": [...CORE, "model/discovery"],
  "io/tls": [...CORE, "io/clock", "io/disk", "io/net"],
  "io/songs": [...CORE, "io/clock", "io/codecs", "io/disk"],
  "io/codecs": CORE,
  "io/cache": [...CORE, "io/clock", "io/disk"],
  "io/groups": [...CORE, "io/clock", "io/disk"],
  "io/console": [...CORE, "io/disk"],
  "io/sources": [...CORE, "io/clock"],
  "io/sinks": [...CORE, "io/clock", "io/disk", "io/console"],
  "adapters/tap": [...CORE, "server/groups", "server/live"],
  "adapters/snapcast": [...CORE, "server", "server/groups"],
  cluster: [...CORE, "server", "server/groups", "server/live", "client"],
  host: [
    ...[...CORE, "server", "server/groups", "io/clock", "io/disk", "io/net"],
    ...["io/tls", "io/songs", "io/groups", "io/discovery", "model/discovery"],
    ...["io/sinks", "adapters/snapcast", "adapters/tap", "cluster"],
  ],
  cli: [
    ...[...CORE, "server", "client", "host", "io/clock", "io/disk", "io/net"],
    ...["io/tls", "io/songs", "io/cache", "io/console", "io/sinks"],
    ...["io/sources"],
    ...["io/discovery", "model/discovery", "cli/service", "."],
  ],
  "cli/service": [""],
  "web/io": CORE,
  "web/audio": [...CORE, "web/io"],
  "web/model": [...ANYWHERE, "web/io", "web/audio"],
  "web/view": [...ANYWHERE, "web/io", "web/audio", "web/model"],
  web: [...ANYWHERE, "web/io", "web/audio", "web/model", "web/view"],
};

/** Where the time, timers and randomness of the machine come in. */
const CLOCK_ROOMS = /^lib\/(io\/clock|host)\//;
const TIME_OR_RANDOM =
  /(?<!\.)\b(?:set(?:Timeout|Interval|Immediate)\(|Date\.now\b|new Date\(\)|performance\.now\b|AbortSignal\.timeout\b|Math\.random\b|crypto\.(?:randomUUID|getRandomValues)\b)/;

/** Other files that reach for them, each with the reason. */
const TIME_OR_RANDOM_ELSEWHERE: Record<string, string> = {
  "lib/cli/client_context.ts": "the randomness of the client program",
  "lib/cli/find_server.ts": "makes a device that only asks who is there",
  "lib/cli/remembered_names.ts": "makes a device that only asks for names",
  "lib/io/cache/disk_cache.ts":
    "the wall clock that dates on disk go by; tests pass their own",
  "lib/io/disk/kept_device.ts": "makes the identifier of this device",
  "lib/io/disk/kept_id.ts": "makes an identifier",
  "lib/io/disk/private_file.ts": "names a temporary file",
  "lib/io/disk/temporary_name.ts": "names a temporary file",
  "lib/io/songs/file_stamp.ts": "the wall clock that dates on disk go by",
  "lib/io/songs/known_songs.ts": "makes an etag that no other content has",
  "lib/io/songs/scanned_songs.ts": "the wall clock that dates on disk go by",
  "lib/io/songs/shared_file.ts": "checks a real file each second",
  "lib/io/songs/song_file.ts": "names a decoding by ffmpeg",
  "lib/io/songs/song_removal.ts": "the wall clock that dates on disk go by",
  "lib/io/songs/song_renaming.ts": "the wall clock that dates on disk go by",
  "lib/io/tls/trusted_certificate.ts": "certificates go by the wall clock",
  "lib/io/tls/tls_identity.ts": "certificates go by the wall clock",
  "web/audio/media_keys.ts": "knows where the browser has moved a position",
  "web/io/device_id.ts": "tells this tab from the others",
  "web/io/random_uuid.ts": "the browser's randomness",
  "web/io/steady_clock.ts": "the browser's clock",
  "web/io/timer_worker.ts": "the browser's timers",
  "web/io/service_worker.ts": "the browser's cache",
  "web/io/web_socket_connector.ts": "watches a real socket",
  "web/model/app.ts": "moves positions on between two reports",
  "web/model/errands.ts": "keeps an errand for a while",
  "web/model/library.ts": "lets a long list rest for a while",
  "web/model/notices.ts": "takes a notice back after a while",
  "web/model/waveforms.ts": "asks for a waveform again",
  "web/model/player.ts": "reads the position for the view",
  "web/model/uploads.ts": "measures the rate of an upload",
  "web/view/home.tsx": "greets by the hour",
  "web/view/long_press.ts": "how long a finger rests",
  "web/view/search_page.tsx": "waits until someone has typed",
  "web/view/slider.tsx": "lets the browser finish an event first",
  "web/view/virtual.tsx": "measures how many rows a device draws in a frame",
};

Deno.test("imports point one way, from the programs and the page down to the core", async () => {
  const wrong: string[] = [];
  for (const { path, room, text } of await sources()) {
    const allowed = [room, ...MAY_IMPORT[room] ?? []];
    for (const [, target] of text.matchAll(IMPORT)) {
      if (!target) wrong.push(`${path} imports what only the run decides`);
      else if (target.startsWith(".")) {
        const to = roomOf(posix.join(posix.dirname(path), target));
        if (!allowed.includes(to)) wrong.push(`${path} imports ${target}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("no file imports itself through others, not even for types", async () => {
  const imports = new Map<string, string[]>();
  for (const { path, text } of await sources()) {
    const targets = [...text.matchAll(IMPORT)]
      .map(([, it]) => it).filter((it) => it?.startsWith("."));
    const to = targets.map((it) => posix.join(posix.dirname(path), it));
    imports.set(path, to);
  }
  assert.ok(imports.get("lib/server/session.ts")!.length > 5);
  assert.equal(circleIn(imports), null);
});

Deno.test("circleIn() finds a circle, and none where two ways meet", () => {
  const meeting = { a: ["b", "c"], b: ["d"], c: ["d"], d: [] };
  assert.equal(circleIn(new Map(Object.entries(meeting))), null);
  const circle = { ...meeting, d: ["e"], e: ["b"] };
  assert.equal(circleIn(new Map(Object.entries(circle))), "b → d → e → b");
});

/** The rooms that a server without `--cluster` is made of. */
const ALONE = /^lib\/(?:audio|ports|model|server|client|adapters)\//;

Deno.test("a server loads cluster/ in one place, and only if it is one of several", async () => {
  const from = (await sources()).filter(({ room }) => room !== "cluster")
    .flatMap(({ path, text }) =>
      text.matchAll(/.*cluster\/.*/g).map(([line]) => `${path}: ${line.trim()}`)
        .filter((line) => /import|from/.test(line)).toArray()
    );
  assert.deepEqual(from, [
    'lib/host/join_cluster.ts: const { openCluster } = await import("../cluster/open_cluster.ts");',
  ]);
});

Deno.test("the core names no node, but as the field of a row", async () => {
  const named = (await sources()).filter(({ path }) => ALONE.test(path))
    .flatMap(({ path, text }) =>
      text.replace(/\bnode: |"node:/g, "").matchAll(/.*\bnodes?\b.*/gi)
        .map(([line]) => `${path}: ${line.trim()}`).toArray()
    );
  assert.deepEqual(named, []);
});

Deno.test("only io, host, cli and the programs touch the system", async () => {
  const touching = (await sources())
    .filter(({ room }) => !/^(io\/|host$|cli$)/.test(room))
    .filter(({ text }) => /\bDeno\./.test(text))
    .map(({ path }) => path);
  assert.deepEqual(touching, []);
});

Deno.test("time and randomness are passed in, but in the places that are listed", async () => {
  const reaching = (await sources())
    .filter(({ path }) => !CLOCK_ROOMS.test(path))
    .filter(({ text }) => TIME_OR_RANDOM.test(text))
    .map(({ path }) => path);
  const listed = Object.keys(TIME_OR_RANDOM_ELSEWHERE);
  assert.deepEqual(reaching.sort(), listed.sort());
});

Deno.test("the endings of songs stand in one table alone", async () => {
  const literal = new RegExp(
    `(?<!\\w)(?:${SONG_ENDINGS.map((it) => RegExp.escape(it)).join("|")})\\b`,
  );
  const naming = (await sources())
    .filter(({ path }) => path !== "lib/audio/file_kinds.ts")
    .filter(({ text }) => literal.test(text))
    .map(({ path }) => path);
  assert.deepEqual(naming, []);
});

/**
 * Imports, exports from elsewhere, and dynamic imports, by what they name;
 * nothing where that is no literal.
 */
const IMPORT =
  /(?:\bfrom\s*|^import\s*|\bimport\s*\(\s*)(?:"([^"]*)"|(?<=\()(?!"))/gm;

/** The files of a circle, in order; null if there is none. */
function circleIn(imports: Map<string, string[]>): string | null {
  const done = new Set<string>();
  const visit = (file: string, way: string[]): string | null => {
    if (way.includes(file)) {
      return [...way.slice(way.indexOf(file)), file].join(" → ");
    }
    if (done.has(file)) return null;
    for (const target of imports.get(file) ?? []) {
      const circle = visit(target, [...way, file]);
      if (circle) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return null;
}

/** The sources of the programs and the page, without their comments. */
async function sources() {
  return [...await sourcesIn("lib"), ...await sourcesIn("web")];
}

async function sourcesIn(folder: string) {
  const found: { path: string; room: string; text: string }[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (path === "web/dist") continue;
    if (isDirectory) found.push(...await sourcesIn(path));
    else if (/(?<!\.d)\.tsx?$/.test(name)) {
      const text = withoutComments(await Deno.readTextFile(join(ROOT, path)));
      found.push({ path, room: roomOf(path), text });
    }
  }
  return found;
}

function roomOf(path: string): string {
  return posix.dirname(path).replace(/^lib\/?/, "");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, "");
}
