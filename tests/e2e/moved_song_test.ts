import assert from "node:assert/strict";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { TempFolder, TestServer } from "../support/programs.ts";
import { type Message, RawPeer } from "../support/raw_peer.ts";
import { seen } from "../support/seen.ts";

Deno.test({
  name:
    "watchers of groups are notified when the file of the playing song is moved by hand",
  ignore: Deno.build.os === "windows", // which does not number files
  async fn() {
    await using music = await TempFolder.make();
    const song = wavFile(PHONE, noise(80_000, 1));
    await Deno.writeFile(music.file("a.wav"), song);
    await using server = await TestServer.start(["--music", music.path]);
    const connector = new TcpConnector("127.0.0.1", server.ports.session);
    const peer = new RawPeer(await connector.connect());
    await peer.send(
      {
        ...{ type: "hello", version: 1, name: "kitchen", device: "kitchen" },
        ...{ features: ["groups"], receive: true, window: 1 << 20 },
      },
      { type: "queue", to: "kitchen", songs: ["a"] },
      { type: "control", to: "kitchen", action: "pause" },
      { type: "groups", watch: true },
    );
    const { groups: [row] } = await peer.next("groups");
    assert.equal(row.song, "a.wav");
    const starts = () => peer.messages("start").length;
    await seen("that it is open", starts, (count) => count === 1);
    await Deno.rename(music.file("a.wav"), music.file("z.wav"));
    const titles = () =>
      peer.messages("groups").flatMap(({ changed = [] }) =>
        changed.map(({ title }: Message) => title)
      );
    await seen("the new title", titles, (all) => all.at(-1) === "z");
    peer.transport.close();
  },
});
