/**
 * Records sessions of the real programs for the fuzzers' corpus:
 *
 *     deno run -A tests/fuzz/record_captures.ts
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { RunningServer } from "../../lib/host/run_server.ts";
import { runClient, startClient, TempFolder } from "../support/programs.ts";
import { CD, noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { concat } from "../support/raw_peer.ts";
import { SlowProxy, type Way } from "../support/slow_proxy.ts";

/** The bytes of one connection, in both directions. */
export interface Capture {
  name: string;
  toServer: string;
  toClient: string;
}

const SESSIONS: Record<string, string[]> = {
  play: ["play", "tone", "--player", "null:fast"],
  from: ["play", "hiss", "--from", "0:00.1", "--player", "null:fast"],
  list: ["list"],
  online: ["online"],
  refused: ["play", "no such song", "--player", "null:fast"],
};

async function record(): Promise<void> {
  await using folder = await TempFolder.make();
  await using source = await TempFolder.make();
  await Deno.writeFile(
    folder.file("tone.wav"),
    wavFile(PHONE, noise(3000), [
      ...new TextEncoder().encode("LIST\x04\0\0\0INFO"),
    ]),
  );
  await Deno.writeFile(folder.file("hiss.wav"), wavFile(CD, noise(20_000, 2)));
  await Deno.writeFile(source.file("new.wav"), wavFile(CD, noise(2_000, 3)));
  const server = await RunningServer.start({
    ...{ host: "127.0.0.1", music: folder.path, serverName: "studio" },
    ports: { session: 0, stream: null, http: null },
    ...{ streamSong: null, loop: false, block: { bytes: 8192 }, token: null },
    ...{ open: false, maxClients: 10, maxClientsPerAddress: 10 },
    ...{ readOnly: false, httpHosts: [] },
    data: null,
    renditionBytes: null,
    limits: { maxUploadBytes: 1 << 30, minFreeBytes: 0, maxSongs: 1000 },
  });
  const captures: Capture[] = [];
  const through = async (
    name: string,
    work: (address: string) => Promise<unknown>,
  ) => {
    const heard: Record<Way, Uint8Array[]> = { toServer: [], toClient: [] };
    using proxy = new SlowProxy(server.ports.session, {
      onPiece: (way, piece) => heard[way].push(piece),
    });
    await work(proxy.address);
    captures.push({
      name,
      toServer: Buffer.from(concat(heard.toServer)).toString("hex"),
      toClient: Buffer.from(concat(heard.toClient)).toString("hex"),
    });
  };
  const common = (
    address: string,
  ) => ["--server", address, "--name", "kitchen"];
  for (const [name, words] of Object.entries(SESSIONS)) {
    await through(name, (address) => runClient([...words, ...common(address)]));
  }
  await through(
    "upload",
    (address) =>
      runClient(["upload", source.file("new.wav"), ...common(address)]),
  );
  await through("receive", async (address) => {
    await using kitchen = startClient([
      ...["receive", "--player", "null:fast", "--json", ...common(address)],
    ]);
    await kitchen.printed(/waiting/);
    await through(
      "cast",
      (other) =>
        runClient([
          "cast",
          "tone",
          "--to",
          "kitchen",
          "--server",
          other,
          "--name",
          "phone",
        ]),
    );
    await kitchen.printed(/"event":"end"/);
    await through(
      "control",
      (other) =>
        runClient([
          "volume",
          "40",
          "--to",
          "kitchen",
          "--server",
          other,
          "--name",
          "phone",
        ]),
    );
    kitchen.child.kill("SIGINT");
    await kitchen.ended();
  });
  await server.close();
  await Deno.writeTextFile(
    new URL("captures/sessions.json", import.meta.url),
    JSON.stringify(captures, null, 1) + "\n",
  );
}

if (import.meta.main) {
  await record();
  Deno.exit(0);
}
