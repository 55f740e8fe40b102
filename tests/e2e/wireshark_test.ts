import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { fromFileUrl, join } from "@std/path";
import { capture, needsCapture, needsTshark } from "../support/capture.ts";
import {
  MUSIC,
  runClient,
  RunningProgram,
  TempFolder,
  TestServer,
} from "../support/programs.ts";

const DISSECTOR = fromFileUrl(
  new URL("../../docs/wireshark.lua", import.meta.url),
);

Deno.test({
  name: "Wireshark shows a captured play, list, bad frame and plain stream",
  ...needsCapture,
  async fn() {
    await using folder = await TempFolder.make();
    await using server = await TestServer.start(["--stream-song", "ode"]);
    const file = folder.file("capture.pcapng");
    await capture(file, server.ports, async () => {
      const at = ["--server", server.address];
      const played = await runClient([
        ...["play", "Canon in D.wav", "--player", "null:fast"],
        ...["--no-cache", ...at],
      ]);
      assert.deepEqual([played.code, played.stderr], [0, ""]);
      assert.equal((await runClient(["list", ...at])).code, 0);
      await sendReservedFrame(server.ports.session);
      await readToEnd(server.ports.stream);
    });
    // Segments are reordered even on loopback when the processors are busy.
    const shark = new Shark(file, server.ports, IN_ORDER);

    const rows = await shark.rows("ondacast.type", [
      ...["tcp.stream", "tcp.srcport", "ondacast.type"],
    ]);
    const said = new Map<string, { client: string[]; server: string[] }>();
    for (const [[stream], [port], types] of rows) {
      if (!said.has(stream)) said.set(stream, { client: [], server: [] });
      const side = Number(port) === server.ports.session ? "server" : "client";
      said.get(stream)![side].push(...types);
    }
    const [play, list, raw] = [...said.values()];
    const main = (types: string[]) =>
      types.filter((type) => !/^(grant|state|ping|pong)$/.test(type)).join(" ");
    assert.match(main(play.client), /^hello (list )?play bye$/);
    assert.match(main(play.server), /^welcome (songs )?start end$/);
    assert.equal(main(list.client), "hello list bye");
    assert.equal(main(list.server), "welcome songs");
    assert.deepEqual(raw.server, ["error"]);

    const { size } = await Deno.stat(join(MUSIC, "Canon in D.wav"));
    assert.deepEqual(
      await shark.rows('ondacast.type == "start"', [
        ...["ondacast.stream", "ondacast.song", "ondacast.bytes"],
        ...["ondacast.format.encoding", "ondacast.format.rate"],
      ]),
      [[["1"], ["Canon in D.wav"], [String(size)], ["s16le"], ["44100"]]],
    );
    const data = await shark.rows("ondacast && ondacast.data.piece", [
      ...["ondacast.data.length", "ondacast.data.piece", "ondacast.stream"],
      "ondacast.credit",
    ]);
    assert.equal(sum(data.flatMap(([lengths]) => lengths)), size);
    assert.equal(sum(data.flatMap(([, pieces]) => pieces)), size);
    assert.deepEqual(
      [...new Set(data.flatMap(([, , streams]) => streams))],
      ["1"],
    );
    for (const [, , , credits] of data) {
      for (const credit of credits) assert.ok(Number(credit) >= 0);
    }
    assert.deepEqual(
      await shark.rows("ondacast && ondacast.complete", [
        "ondacast.stream_bytes",
      ]),
      [[[String(size)]]],
    );

    assert.deepEqual(
      await shark.rows("ondacast.expert.fatal", [
        ...["ondacast.code", "ondacast.fatal", "_ws.col.Info"],
      ]),
      [[["bad-frame"], ["1"], ["error bad-frame"]]],
    );
    assert.deepEqual(
      await shark.rows("ondacast.expert.reserved", ["ondacast.frame.type"]),
      [[["7"]]],
    );

    const plain = await shark.rows("ondacast_plain", ["ondacast.data.piece"]);
    const ode = await Deno.stat(join(MUSIC, "Ode to Joy.wav"));
    assert.equal(sum(plain.flat(2)), ode.size);
    const end = "ondacast_plain && ondacast.complete";
    assert.deepEqual(
      await shark.rows(end, ["ondacast.stream_bytes"]),
      [[[String(ode.size)]]],
    );
    const wrong = [
      ...["no_stream", "short", "over_credit", "too_long", "bad_message"],
      "unknown_type",
    ];
    await shark.assertNoTrouble(
      wrong.map((kind) => `ondacast.expert.${kind}`).join(" || "),
    );
  },
});

for (const bytes of [1, 7]) {
  Deno.test({
    name: `Wireshark shows frames that arrive ${bytes} bytes at a time`,
    ...needsTshark,
    async fn() {
      await using folder = await TempFolder.make();
      const shark = await Shark.of(folder, [
        ...split("client", joined(hello(60), ask("play")), bytes),
        ...split("server", joined(start(90), data(50), data(40), END), bytes),
      ]);
      for (const twice of [[], ["-2"]]) {
        assert.deepEqual(await shark.types(twice), ["hello", "play", "start"]);
        const [pieces, lengths, credits, totals] = await shark.columns([
          ...["ondacast.data.piece", "ondacast.data.length"],
          ...["ondacast.credit", "ondacast.stream_bytes"],
        ], twice);
        assert.deepEqual([sum(pieces), lengths], [90, ["50", "40"]]);
        assert.deepEqual([credits, totals], [["10", "-30"], ["90"]]);
      }
      const over = await shark.rows("ondacast.expert.over_credit", []);
      assert.equal(over.length, 1);
      await shark.assertNoTrouble("ondacast.expert.lost");
    },
  });
}

Deno.test({
  name: "Wireshark stays in sync when bytes of a data frame are missing",
  ...needsTshark,
  async fn() {
    await using folder = await TempFolder.make();
    const segments = split(
      "server",
      joined(start(5000), data(5000), END, ask("pong")),
      1000,
    );
    segments.splice(2, 1);
    const shark = await Shark.of(folder, segments);
    assert.deepEqual(await shark.types(), ["start", "pong"]);
    const [totals] = await shark.columns(["ondacast.stream_bytes"]);
    assert.deepEqual(totals, ["5000"]);
    await shark.assertNoTrouble("ondacast.expert.lost");
  },
});

Deno.test({
  name: "Wireshark finds the next message when a message is missing",
  ...needsTshark,
  async fn() {
    await using folder = await TempFolder.make();
    const segments = [
      ...split("server", ask("pong")),
      ...split("server", start(9)),
      ...split("server", joined(data(50), ask("ping")), 20),
    ];
    const missing = segments.splice(1, 1)[0].bytes.length;
    let at = 0;
    for (const segment of segments) {
      segment.at = at;
      at += segment.bytes.length + (at === 0 ? missing : 0);
    }
    const shark = await Shark.of(folder, segments);
    assert.deepEqual(await shark.types(), ["pong", "ping"]);
    const lost = await shark.rows("ondacast.expert.lost", []);
    assert.ok(lost.length > 0);
    await shark.assertNoTrouble("ondacast.expert.bad_message");
  },
});

Deno.test({
  name: "Wireshark dissects a session that was captured from the middle",
  ...needsTshark,
  async fn() {
    await using folder = await TempFolder.make();
    const all = joined(start(90), data(90), ask("pong"), data(5));
    const segments = split("server", all, 80).slice(1);
    const shark = await Shark.of(folder, segments, { withoutSyn: true });
    assert.deepEqual(await shark.types(), ["pong"]);
    const [lengths] = await shark.columns(["ondacast.data.length"]);
    assert.deepEqual(lengths, ["5"]);
    await shark.assertNoTrouble("ondacast.expert.reserved");
  },
});

Deno.test({
  name: "Wireshark dissects a session with reordered segments",
  ...needsTshark,
  async fn() {
    await using folder = await TempFolder.make();
    const all = joined(start(200), data(120), data(80), END, ask("pong"));
    const count = split("server", all, 60).length;
    for (let swapped = 0; swapped + 1 < count; swapped++) {
      const segments = split("server", all, 60);
      segments.splice(swapped, 2, segments[swapped + 1], segments[swapped]);
      const shark = await Shark.of(folder, segments);
      const [types, pieces, totals] = await shark.columns([
        ...["ondacast.type", "ondacast.data.piece", "ondacast.stream_bytes"],
      ], IN_ORDER);
      assert.deepEqual(types, ["start", "pong"]);
      assert.deepEqual([sum(pieces), totals], [200, ["200"]]);
      // Without the option some frames are missing, but none is wrong.
      await shark.assertNoTrouble(
        "ondacast.expert.bad_message || ondacast.expert.reserved",
      );
    }
  },
});

Deno.test({
  name: "Wireshark counts a retransmitted segment once",
  ...needsTshark,
  async fn() {
    await using folder = await TempFolder.make();
    const segments = split("server", joined(start(90), data(90), END), 60);
    segments.splice(2, 0, segments[1]);
    const shark = await Shark.of(folder, segments);
    const [pieces, totals] = await shark.columns([
      ...["ondacast.data.piece", "ondacast.stream_bytes"],
    ]);
    assert.deepEqual([sum(pieces), totals], [90, ["90"]]);
    await shark.assertNoTrouble("ondacast.expert.lost");
  },
});

Deno.test({
  name: "Wireshark marks errors in frames, messages and streams",
  ...needsTshark,
  async fn() {
    await using folder = await TempFolder.make();
    const shark = await Shark.of(
      folder,
      split(
        "server",
        joined(
          ...[data(5), start(9), data(5), END],
          ...[message('{"type":'), message("[]"), message("")],
          message(String.raw`{"type":"new","song":"a\\u0041\u00e9\"😀"}`),
          message('{"type":"error","code":"not-found","message":"No"}'),
        ),
      ),
    );
    const kinds = ["no_stream", "short", "bad_message", "unknown_type"];
    const fields = [...kinds, "error"].map((kind) => `ondacast.expert.${kind}`);
    const found = await shark.columns(fields);
    assert.deepEqual(found.map((all) => all.length), [1, 1, 3, 1, 1]);
    assert.deepEqual(
      await shark.columns(["ondacast.type", "ondacast.song"]),
      [["start", "new", "error"], ["x.wav", 'a\\u0041é"😀']],
    );
    await shark.assertNoTrouble();
  },
});

async function sendReservedFrame(port: number): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new Uint8Array([7, 0, 0, 2, 1, 2]));
  for await (const _ of conn.readable) { /* Until the server closes. */ }
}

async function readToEnd(port: number): Promise<void> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  for await (const _ of conn.readable) { /* Until the server closes. */ }
}

/** Makes tshark reorder segments, and stop at a missing one. */
const IN_ORDER = ["-o", "tcp.reassemble_out_of_order:TRUE"];

/** The dissection of a capture by tshark. */
class Shark {
  readonly #args: string[];

  constructor(
    file: string,
    ports: { session: number; stream: number },
    more: string[] = [],
  ) {
    this.#args = [
      ...["-r", file, "-X", `lua_script:${DISSECTOR}`],
      ...["-o", `ondacast.session_port:${ports.session}`],
      ...["-o", `ondacast.stream_port:${ports.stream}`],
      ...more,
    ];
  }

  static async of(
    folder: TempFolder,
    segments: Segment[],
    options?: { withoutSyn: boolean },
  ): Promise<Shark> {
    const file = folder.file("made.pcap");
    await Deno.writeFile(file, pcap(segments, options));
    return new Shark(file, { session: SERVER_PORT, stream: 1 });
  }

  /** The values of each field, for each packet that the filter shows. */
  async rows(
    filter: string,
    fields: string[],
    more: string[] = [],
  ): Promise<string[][][]> {
    const { code, stdout, stderr } = await new RunningProgram("tshark", [
      ...this.#args,
      ...["-Y", filter, ...more],
      ...["-T", "fields", "-E", "aggregator=|", "-e", "frame.number"],
      ...fields.flatMap((field) => ["-e", field]),
    ]).ended();
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /lua/i);
    return stdout.split("\n").filter((line) => line !== "").map((line) =>
      line.split("\t").slice(1)
        .map((values) => values === "" ? [] : values.split("|"))
    );
  }

  /** All values of each field. */
  async columns(fields: string[], more: string[] = []): Promise<string[][]> {
    const rows = await this.rows("ondacast", fields, more);
    return fields.map((_, i) => rows.flatMap((row) => row[i]));
  }

  /** The types of all messages, in order. */
  async types(more: string[] = []): Promise<string[]> {
    return (await this.columns(["ondacast.type"], more))[0];
  }

  async assertNoTrouble(also = "_ws.malformed"): Promise<void> {
    const filter = `_ws.lua.error || _ws.malformed || ${also}`;
    assert.deepEqual(await this.rows(filter, ["_ws.col.Info"]), []);
  }
}

type Side = "client" | "server";

/** Bytes sent by one side, and their offset in its stream. */
interface Segment {
  side: Side;
  at: number;
  bytes: Uint8Array;
}

const SERVER_PORT = 4040;
const CLIENT_PORT = 50_000;
const UTF8 = new TextEncoder();
const END = frame(0, new Uint8Array());

function split(side: Side, all: Uint8Array, bytes = all.length): Segment[] {
  const segments: Segment[] = [];
  for (let at = 0; at < all.length; at += bytes) {
    segments.push({ side, at, bytes: all.subarray(at, at + bytes) });
  }
  return segments;
}

function frame(type: number, payload: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4));
  header.setUint32(0, type * 2 ** 24 + payload.length);
  return joined(new Uint8Array(header.buffer), payload);
}

function message(json: string): Uint8Array {
  return frame(1, UTF8.encode(json));
}

function ask(type: string): Uint8Array {
  return message(JSON.stringify({ type, id: 1 }));
}

function hello(window: number): Uint8Array {
  return message(JSON.stringify({ type: "hello", name: "kitchen", window }));
}

function start(bytes: number): Uint8Array {
  return message(
    JSON.stringify({ type: "start", stream: 1, song: "x.wav", bytes }),
  );
}

function data(bytes: number): Uint8Array {
  return frame(0, new Uint8Array(bytes).fill(0x55));
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return concat(parts);
}

/** A capture of one connection, by default from its first packet. */
function pcap(
  segments: Segment[],
  { withoutSyn } = { withoutSyn: false },
): Uint8Array {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b2c3d4);
  header.setUint16(4, 2);
  header.setUint16(6, 4);
  header.setUint32(16, 0x40000);
  header.setUint32(20, 101); // raw IP
  const said = { client: 0, server: 0 };
  const none = new Uint8Array();
  const packets = [
    ...(withoutSyn ? [] : [
      packet({ side: "client", at: -1, bytes: none }, 0, 0x02),
      packet({ side: "server", at: -1, bytes: none }, 0, 0x12),
      packet({ side: "client", at: 0, bytes: none }, 0, 0x10),
    ]),
    ...segments.map((segment) => {
      const { side, at, bytes } = segment;
      said[side] = at + bytes.length;
      return packet(segment, said[side === "client" ? "server" : "client"]);
    }),
  ];
  return joined(new Uint8Array(header.buffer), ...packets);
}

function packet(
  { side, at, bytes }: Segment,
  heard: number,
  flags = 0x18,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(16 + 40));
  view.setUint32(8, 40 + bytes.length);
  view.setUint32(12, 40 + bytes.length);
  const ip = 16, tcp = 36;
  view.setUint8(ip, 0x45);
  view.setUint16(ip + 2, 40 + bytes.length);
  view.setUint8(ip + 8, 64);
  view.setUint8(ip + 9, 6);
  view.setUint32(ip + 12, 0x7f000001);
  view.setUint32(ip + 16, 0x7f000001);
  const ports = side === "client"
    ? [CLIENT_PORT, SERVER_PORT]
    : [SERVER_PORT, CLIENT_PORT];
  view.setUint16(tcp, ports[0]);
  view.setUint16(tcp + 2, ports[1]);
  view.setUint32(tcp + 4, 1001 + at);
  view.setUint32(tcp + 8, 1001 + heard);
  view.setUint8(tcp + 12, 0x50);
  view.setUint8(tcp + 13, flags);
  view.setUint16(tcp + 14, 0xffff);
  return joined(new Uint8Array(view.buffer), bytes);
}

function sum(texts: string[]): number {
  return texts.reduce((total, text) => total + Number(text), 0);
}
