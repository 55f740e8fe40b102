/**
 * Small inputs that real programs and people have made, as a real server
 * serves them. The scripts beside this file make them, and say what is right.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import type { ClientSession } from "../../lib/client/client_session.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { hasProgram, TempFolder, TestServer } from "../support/programs.ts";
import { concat } from "../support/raw_peer.ts";
import { holdingOf } from "../support/server_watch.ts";
import { openSession, untilListed } from "../support/sessions.ts";

const HERE = fromFileUrl(new URL(".", import.meta.url));
const ignore = !hasProgram("python3") || Deno.build.os === "windows";

/** Runs a script, and returns what it printed. */
async function python(
  script: string,
  words: string[],
  out = "",
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("python3", {
    args: [join(HERE, script), ...words],
    env: { OUT: out, PYTHONDONTWRITEBYTECODE: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function served(folder: string): Promise<TestServer> {
  const words = ["--music", folder, "--min-free", "0", "--data", "off"];
  // What is refused depends on no other program.
  return await TestServer.start([...words, "--renditions", "off"]);
}

async function rowsOf(session: ClientSession): Promise<Map<string, SongRow>> {
  const rows: SongRow[] = [];
  for (let more = true; more;) {
    const page = await session.request({
      type: "list",
      ...(rows.length > 0 && { after: rows[rows.length - 1].name }),
    });
    rows.push(...page.songs);
    more = page.more;
  }
  return new Map(rows.map((row) => [row.name, row]));
}

/** What comes of a song: its PCM from a time on, or the file as it lies. */
async function bytesOf(
  session: ClientSession,
  song: string,
  from?: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const complete = Promise.withResolvers<void>();
  session.listen({ closed: complete.reject });
  const place = { ...(from !== undefined && { from }) };
  await session.openStream({ song, ...place }, (stream) => {
    stream.listener = {
      data: (piece) => {
        pieces.push(piece.slice());
        stream.used(piece.length);
      },
      end: complete.resolve,
      stopped: complete.reject,
      displaced: () => {},
    };
  });
  await complete.promise;
  return concat(pieces);
}

/** What is listed with a problem; everything else plays. */
const REFUSED: Record<string, string> = {
  "adpcm.wav": "unsupported",
  "aifc_sowt.wav": "not-wav",
  "ch65.wav": "unsupported",
  "ext_badguid.wav": "unsupported",
  "ext_cb0.wav": "not-wav",
  "ext_zeroguid.wav": "unsupported",
  "html_named.wav": "not-wav",
  "m4a_named.wav": "not-wav",
  "mp3_in_wav.wav": "unsupported",
  "msadpcm.wav": "unsupported",
  "no_data.wav": "not-wav",
  "rate_1536k.wav": "unsupported",
  "rifx.wav": "unsupported",
  "trunc_in_junk.wav": "not-wav",
  "w16float.wav": "unsupported",
  "w64int.wav": "unsupported",
  "w64sony.wav": "unsupported",
  "wavl.wav": "unsupported",
  "zero_bytes.wav": "not-wav",
};

Deno.test({
  name:
    "WAV files in 60 shapes play to the byte, or are refused by what they are",
  ignore,
  async fn() {
    await using folder = await TempFolder.make();
    const out = folder.file("music");
    await python("parser_cases.py", [], out);
    await using server = await served(out);
    await untilListed(server.ports.session, [...Deno.readDirSync(out)].length);
    const session = await openSession(server.ports.session);
    const refused: Record<string, string> = {};
    for (const [name, row] of await rowsOf(session)) {
      if (row.format === null) {
        refused[name] = row.problem!;
        continue;
      }
      const right = await Deno.readFile(join(`${out}.pcm`, `${name}.pcm`))
        .catch(() => null);
      assert.ok(right, `${name} is played, and no one knows how`);
      const pcm = await bytesOf(session, name, 0);
      assert.equal(pcm.length, right.length, name);
      assertBytes(pcm, right);
      const file = await bytesOf(session, name);
      assertBytes(file, await Deno.readFile(join(out, name)));
    }
    assert.deepEqual(refused, REFUSED);
    session.close();
  },
});

Deno.test({
  name:
    "songs are listed and played under the very names that people gave them",
  ignore: ignore || Deno.build.os === "darwin", // whose file system has no twins
  async fn() {
    await using folder = await TempFolder.make();
    const out = folder.file("music");
    await python("folder_cases.py", [], out);
    await using server = await served(out);
    await untilListed(server.ports.session, FOUND.length);
    const session = await openSession(server.ports.session);
    const rows = await rowsOf(session);
    const unseen = FOUND.filter((name) => !rows.has(name));
    const unexpected = [...rows.keys()].filter((name) => !FOUND.includes(name));
    assert.deepEqual([unseen, unexpected], [[], []]);
    for (const name of rows.keys()) {
      const file = await Deno.readFile(join(out, name));
      assertBytes(await bytesOf(session, name), file);
    }
    session.close();
  },
});

/** Every song of `folder_cases.py` that can be served under its name. */
const FOUND = [
  ...[
    "plain.wav",
    "UPPER.WAV",
    "Wave.Wave",
    "broadcast.bwf",
    "Cafe\u0301 Zoe\u0308.wav",
  ],
  ...["case/Song.wav", "case/song.wav", "case/SONG.WAVE"],
  ...["same/x.wav", "same/x.wave", "R.E.M./Losing.wav", "Vol. 1./a.wav"],
  ...["Who Are You?.wav", "Live: London.wav", 'The "Best".wav'],
  ...["A*Teens.wav", "a|b.wav", "<3.wav", "back\\slash.wav", "Con.wav"],
  ...["aux/x.wav", "trail .wav", "trail /x.wav"],
  ...["...Baby One More Time.wav", "emoji 🎵🎶.wav", "日本語.wav"],
  ...["dir.wav/in.wav", `${"n".repeat(251)}.wav`, "link_in.wav"],
  ...["linkfolder_in/Song.wav", "linkfolder_in/song.wav"],
  ...["linkfolder_in/SONG.WAVE"],
];

Deno.test({
  name:
    "songs beyond 4 GiB are as long as they are, also where sizes have wrapped",
  ignore,
  async fn() {
    await using folder = await TempFolder.make();
    await python("huge_sparse.py", [], folder.path);
    await using server = await served(folder.path);
    await untilListed(server.ports.session, 6);
    const session = await openSession(server.ports.session);
    const rows = await rowsOf(session);
    assert.equal(rows.size, 6);
    for (const [name, { seconds, format }] of rows) {
      assert.equal(Math.floor(seconds ?? 0), 27_962, name); // 7:46:02
      assert.equal(format!.dataBytes, 5 * 2 ** 30, name);
      const end = await bytesOf(session, name, seconds! - 2 / 48_000);
      assert.equal(new TextDecoder().decode(end), "ENDOFPCM", name);
    }
    session.close();
  },
});

for (const mode of ["copy", "rec", "ff"]) {
  Deno.test({
    name:
      `a song that is written while it is served grows, and is right in the end (${mode})`,
    ignore,
    async fn() {
      await using folder = await TempFolder.make();
      await using server = await served(folder.path);
      const session = await openSession(server.ports.session);
      const seconds = 2;
      await python("growing.py", [
        ...[folder.file("take.wav"), mode, String(seconds)],
      ]);
      const dataBytes = seconds * 192_000;
      // Changes are gathered for a moment before the folder is looked at.
      for (const untilMs = performance.now() + 10_000;;) {
        const row = (await rowsOf(session)).get("take.wav");
        if (row?.format?.dataBytes === dataBytes) break;
        assert.ok(performance.now() < untilMs, JSON.stringify(row));
        await new Promise((done) => setTimeout(done, 50));
      }
      const pcm = await bytesOf(session, "take", 0);
      const file = await Deno.readFile(folder.file("take.wav"));
      assertBytes(pcm, file.subarray(44));
      session.close();
    },
  });
}

Deno.test({
  name: "peers that reset at once keep nobody out, on any port",
  ignore,
  async fn() {
    await using server = await TestServer.start(["--data", "off"]);
    const { session, stream, http } = server.ports;
    for (const port of [stream, http, session]) {
      const printed = await python("peers.py", ["reset", String(port)]);
      // The last word is only said on the session port.
      const [, seconds] = /after ([\d.]+) s/.exec(printed) ?? [];
      if (port !== http) assert.ok(Number(seconds) < 2, printed);
    }
  },
});

Deno.test({
  name: "heads that are slow to match are answered at once",
  ignore,
  async fn() {
    await using server = await TestServer.start(["--data", "off"]);
    const { http } = server.ports;
    const printed = await python("peers.py", ["head", String(http)]);
    const times = [...printed.matchAll(/after ([\d.]+) s/g)];
    assert.equal(times.length, 2, printed);
    for (const [, seconds] of times) assert.ok(Number(seconds) < 1, printed);
  },
});

Deno.test({
  name: "what others push at a receiver that reads nothing takes no memory",
  ignore: ignore || Deno.build.os !== "linux",
  async fn() {
    await using folder = await TempFolder.make();
    await Deno.copyFile(
      join(HERE, "../../music/Ode to Joy.wav"),
      folder.file("a.wav"),
    );
    await using server = await served(folder.path);
    const before = await holdingOf(server);
    await python("peers.py", ["push", String(server.ports.session), "4"]);
    const after = await holdingOf(server);
    const grown = after.rssBytes - before.rssBytes;
    assert.ok(grown < 100 * 2 ** 20, `${grown} bytes more`);
  },
});
