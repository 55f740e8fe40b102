import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  clientCommand,
  MUSIC,
  RunningProgram,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";
import { hasShell, Shell, SHELLS } from "../support/shells.ts";

const SONGS = [
  "Greensleeves.wav",
  'Green $HOME "x".wav',
  "It's a `date`.wav",
  "back\\slash.wav",
  "a:b=c.wav",
  "夜に駆ける.wav",
  "Help! me.wav",
  "(1) & [2] *; #3.wav",
  "My Song.wav",
  "My$Song.wav",
];
const DEVICE = 'Kid\'s "Room"';

/** Keys, and the arguments that they lead to. */
const CASES: [string, string[]][] = [
  ["rece\t--gain t\t", ["receive", "--gain", "track"]],
  ["play Greens\t", ["play", "Greensleeves.wav"]],
  ["play greens\t", ["play", "Greensleeves.wav"]],
  ['play "Green \\$\t', ["play", 'Green $HOME "x".wav']],
  ["play It\t", ["play", "It's a `date`.wav"]],
  ["play 'It\t", ["play", "It's a `date`.wav"]],
  ["play back\t", ["play", "back\\slash.wav"]],
  ["play a:b\t", ["play", "a:b=c.wav"]],
  ["play song:a:b\t", ["play", "song:a:b=c.wav"]],
  ["play 夜\t", ["play", "夜に駆ける.wav"]],
  ["play Help\t", ["play", "Help! me.wav"]],
  ["play '(1\t", ["play", "(1) & [2] *; #3.wav"]],
  ["play \\(1\t", ["play", "(1) & [2] *; #3.wav"]],
  ["play albu\t", ["play", "album:"]],
  ["queue add Greens\t", ["queue", "add", "Greensleeves.wav"]],
  ["cast x --to Ki\t", ["cast", "x", "--to", DEVICE]],
  ['cast x --to "Ki\t', ["cast", "x", "--to", DEVICE]],
];

for (const name of Object.keys(SHELLS) as (keyof typeof SHELLS)[]) {
  Deno.test({
    name: `${name} completes commands, songs and devices, whatever their names`,
    ignore: !hasShell(name),
    async fn() {
      await using home = await Home.make();
      await using server = await TestServer.start(["--music", home.music]);
      const device = await openSession(server.ports.session, {
        ...{ name: DEVICE, receive: true },
      });
      await home.use(server.address);
      {
        await using shell = await Shell.start(
          name,
          home.folder.file("script"),
          home.env,
        );
        for (const [keys, words] of CASES) {
          const expected = words.map((word) => `<${word}>`).join("");
          assert.equal(await shell.enter(keys), expected, keys);
        }
      }
      device.close();
    },
  });
}

Deno.test("completion is silent where the remembered server is away", async () => {
  await using home = await Home.make();
  assert.deepEqual(await home.complete("play", "Gr"), []);
  let address: string;
  {
    await using server = await TestServer.start(["--music", home.music]);
    address = server.address;
    await home.use(address);
    assert.deepEqual(await home.complete("play", "Green"), [
      'Green $HOME "x".wav',
      "Greensleeves.wav",
    ]);
    assert.deepEqual(
      await home.complete("--server", "127.0.0.1:1", "play", "Green"),
      [],
    );
    assert.equal((await home.complete("play", "")).length, SONGS.length + 3);
  }
  assert.deepEqual(await home.complete("play", "Gr"), []);
  assert.deepEqual(await home.complete("cast", "x", "--to", ""), []);
  // It accepts, and says nothing.
  using mute = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await Deno.writeTextFile(
    home.remembered,
    (await Deno.readTextFile(home.remembered))
      .replace(/"port":\d+/, `"port":${(mute.addr as Deno.NetAddr).port}`),
  );
  assert.deepEqual(await home.complete("--patience=50", "play", "Gr"), []);
});

/** A user's folder, and songs with hostile names. */
class Home implements AsyncDisposable {
  readonly folder: TempFolder;
  readonly music: string;
  readonly env: Record<string, string>;
  readonly remembered: string;

  private constructor(folder: TempFolder) {
    this.folder = folder;
    this.music = folder.file("music");
    const data = folder.file("data");
    this.env = { HOME: folder.path, XDG_DATA_HOME: data, ONDACAST_SERVER: "" };
    this.remembered = join(data, "ondacast", "servers.json");
  }

  static async make(): Promise<Home> {
    const home = new Home(await TempFolder.make());
    await Deno.mkdir(home.music);
    for (const song of SONGS) {
      await Deno.copyFile(
        join(MUSIC, "Greensleeves.wav"),
        join(home.music, song),
      );
    }
    return home;
  }

  async use(address: string): Promise<void> {
    const { code } = await this.#run(["use", address]);
    assert.equal(code, 0);
  }

  async complete(...words: string[]): Promise<string[]> {
    const patience = words[0].startsWith("--patience")
      ? words.shift()!
      : "--patience=20000";
    const { code, stdout, stderr } = await this.#run([
      ...["complete", patience, "--", ...words],
    ]);
    assert.equal(stderr, "");
    assert.equal(code, 0);
    return stdout.split("\n").filter(Boolean);
  }

  async #run(words: string[]) {
    const [file, args] = clientCommand(["--cache-dir"]);
    const program = [...args.slice(0, -1), ...words];
    await using running = new RunningProgram(file, program, { env: this.env });
    return await running.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.folder[Symbol.asyncDispose]();
  }
}
