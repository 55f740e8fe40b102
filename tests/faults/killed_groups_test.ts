import assert from "node:assert/strict";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { TempFolder, TestServer } from "../support/programs.ts";
import { type Message, RawPeer } from "../support/raw_peer.ts";
import { seen } from "../support/seen.ts";

/** A client of a real server, whose device is the same after a restart. */
async function connect(
  { ports }: TestServer,
  name: string,
  receive = false,
): Promise<{ peer: RawPeer; ask(message: Message): Promise<Message> }> {
  const connector = new TcpConnector("127.0.0.1", ports.session);
  const peer = new RawPeer(await connector.connect());
  await peer.send({
    ...{ type: "hello", version: 1, name, device: `device of ${name}` },
    ...{ window: 1 << 22, features: ["groups", "rename"], receive },
  });
  await peer.next("welcome");
  let id = 0;
  const ask = async (message: Message) => {
    await peer.send({ ...message, id: ++id });
    const answer = () => peer.messages().find(({ re }) => re === id);
    return (await seen(`the answer to ${message.type}`, answer, Boolean))!;
  };
  return { peer, ask };
}

Deno.test({
  name:
    "SIGKILL of the server keeps groups, their queues and settings, and loses a second of position at most",
  ignore: Deno.build.os === "windows", // which has no such signal
  async fn() {
    await using folder = await TempFolder.make();
    const start = () => TestServer.start(["--data", folder.path]);
    let server = await start();
    await connect(server, "kitchen", true);
    await connect(server, "study", true);
    let { ask } = await connect(server, "person");
    const { group } = await ask({
      ...{ type: "queue", to: ["kitchen", "study"], repeat: "all" },
      songs: ["Canon in D", "Ode to Joy", "Greensleeves", "Ode to Joy"],
    });
    await ask({ type: "control", to: group, action: "shuffle", value: true });
    await ask({ type: "control", to: "study", action: "volume", value: 40 });
    await ask({ type: "control", to: "study", action: "delay", value: -20 });
    const { revision } = await ask({
      ...{ type: "edit", group, action: "remove", entries: [3] },
    });
    const before = await ask({ type: "entries", group });
    assert.equal(before.revision, revision);
    await ask({ type: "control", to: group, action: "seek", value: 5 });
    // Until its place has been noted, once it plays.
    await systemClock.sleep(2700);
    const { groups: [row] } = await ask({ type: "groups" });
    server.program.child.kill("SIGKILL");
    await server.program.ended();

    server = await start();
    await using _ = server;
    ({ ask } = await connect(server, "person"));
    const after = await ask({ type: "entries", group });
    assert.deepEqual(
      [after.entries, after.revision, after.playing],
      [before.entries, revision, before.playing],
    );
    const { groups: [again] } = await ask({ type: "groups" });
    assert.deepEqual(
      [again.group, again.repeat, again.shuffle, again.songs],
      [row.group, "all", true, 3],
    );
    const settings = (device: Message) => [
      ...[device.key, device.name, device.volume, device.muted, device.delay],
    ];
    assert.deepEqual(again.devices.map(settings), row.devices.map(settings));
    assert.deepEqual(again.devices[1].volume, 40);
    const positions = `${row.position} s, then ${again.position} s`;
    assert.ok(row.position > 5.5, positions);
    assert.ok(again.position >= row.position - 1.1, positions);
    assert.ok(again.position < row.position + 0.1, positions);
  },
});

Deno.test({
  name:
    "entries follow songs that were renamed before SIGKILL of the server, or while it was away",
  ignore: Deno.build.os === "windows", // which has no such signal
  async fn() {
    await using data = await TempFolder.make();
    await using music = await TempFolder.make();
    await Deno.mkdir(music.file("box"));
    for (const [i, name] of ["a", "b", "box/c"].entries()) {
      const song = wavFile(PHONE, noise(80_000, i + 1));
      await Deno.writeFile(music.file(`${name}.wav`), song);
    }
    const args = ["--data", data.path, "--music", music.path];
    let server = await TestServer.start(args);
    await connect(server, "kitchen", true);
    let { ask } = await connect(server, "person");
    const songs = ["a", "b", "box/c"];
    const { group } = await ask({ type: "queue", to: "kitchen", songs });
    for (const [song, name] of [["a", "x"], ["x", "y"]]) {
      await ask({ type: "rename", song, name });
    }
    server.program.child.kill("SIGKILL");
    await server.program.ended();
    await Deno.rename(music.file("b.wav"), music.file("z.wav"));
    await Deno.rename(music.file("box"), music.file("chest"));

    server = await TestServer.start(args);
    await using _ = server;
    ({ ask } = await connect(server, "person"));
    const entries = async () =>
      (await ask({ type: "entries", group })).entries
        .map(({ song, problem }: Message) => problem ?? song);
    const all = ["y.wav", "z.wav", "chest/c.wav"].join();
    // A scan that takes long goes on behind.
    await seen("the present names", entries, (names) => names.join() === all);
  },
});
