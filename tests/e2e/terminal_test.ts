import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { WELCOME } from "../support/memory_client.ts";
import { runClient, TestServer } from "../support/programs.ts";
import { messageFrame } from "../support/raw_peer.ts";
import { HAS_TERMINAL, TerminalProgram } from "../support/terminal.ts";

/** Presses a key once a text has come, and gives all that has come by its end. */
async function heardUntilEnd(
  connection: Deno.Conn,
  terminal: TerminalProgram,
  text: string,
  key: string,
): Promise<string> {
  let heard = "";
  const pieces = connection.readable.pipeThrough(new TextDecoderStream());
  for await (const piece of pieces) {
    const before = heard.includes(text);
    heard += piece;
    if (!before && heard.includes(text)) await terminal.press(key);
  }
  return heard;
}

const SHOW_CURSOR = "\x1b[?25h";
const PLAY = ["play", "--player", "null"];

const LEAVING: [words: string[], shown: RegExp, key: string, code: number][] = [
  [[], /What would you like/, "\x1b", 0],
  [[], /What would you like/, "\x04", 0],
  [[], /What would you like/, "\x03", 130],
  [PLAY, /Which song/, "\x1b", 130],
  [PLAY, /Which song/, "\x04", 130],
  [PLAY, /Which song/, "\x03", 130],
  [[...PLAY, "canon"], /0:00 \/ 0:12/, "q", 0],
  [[...PLAY, "canon"], /0:00 \/ 0:12/, "\x04", 0],
  [[...PLAY, "canon"], /0:00 \/ 0:12/, "\x03", 130],
  [["online"], /q: back/, "\x1b", 0],
  [["online"], /q: back/, "\x04", 0],
];

for (const [words, shown, key, code] of LEAVING) {
  const name = ["ondacast", ...words].join(" ");
  Deno.test({
    name: `${
      JSON.stringify(key)
    } ends ${name} with ${code}, and restores the cursor`,
    ignore: !HAS_TERMINAL,
    async fn() {
      await using server = await TestServer.start();
      await using terminal = new TerminalProgram([
        ...[...words, "--server", server.address],
      ]);
      await terminal.program.printed(shown);
      await terminal.press(key);
      const ended = await terminal.ended();
      assert.equal(ended.code, code);
      assert.ok(
        ended.shown.lastIndexOf(SHOW_CURSOR) > ended.shown.lastIndexOf("?25l"),
      );
    },
  });
}

for (const words of [["list"], ["online"], ["restore", "x.wav"]]) {
  Deno.test({
    name: `Ctrl-C ends ondacast ${words.join(" ")} while its server hangs`,
    ignore: !HAS_TERMINAL,
    async fn() {
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = listener.addr;
      await using terminal = new TerminalProgram([
        ...[...words, "--server", `127.0.0.1:${port}`],
      ]);
      using connection = await listener.accept();
      const heard = await heardUntilEnd(
        ...[connection, terminal, '"hello"', "\x03"] as const,
      );
      // It has waited for no heartbeat.
      assert.doesNotMatch(heard, /"ping"/);
      assert.equal((await terminal.ended()).code, 130);
    },
  });
}

Deno.test({
  name: "q ends ondacast online while a server that has greeted hangs",
  ignore: !HAS_TERMINAL,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    await using terminal = new TerminalProgram([
      ...["online", "--server", `127.0.0.1:${port}`],
    ]);
    using connection = await listener.accept();
    await connection.write(messageFrame({ ...WELCOME, re: 1 }));
    const heard = await heardUntilEnd(
      ...[connection, terminal, '"watch":true', "q"] as const,
    );
    assert.doesNotMatch(heard, /"ping"/);
    assert.equal((await terminal.ended()).code, 0);
  },
});

Deno.test({
  name:
    "Ctrl-C at a question of the menu ends the program without another menu",
  ignore: !HAS_TERMINAL,
  async fn() {
    await using server = await TestServer.start();
    await using terminal = new TerminalProgram(["--server", server.address]);
    await terminal.program.printed(/8\) Quit/);
    await terminal.press("3\r");
    await terminal.program.printed(/Which file or folder/);
    await terminal.press("\x03");
    const { code, shown } = await terminal.ended();
    assert.equal(code, 130);
    const after = shown.slice(shown.lastIndexOf("Which file or folder"));
    assert.doesNotMatch(after, /What would you like/);
    assert.ok(after.includes(SHOW_CURSOR));
  },
});

Deno.test({
  name: "remove reports that nothing was removed after any answer but yes",
  ignore: !HAS_TERMINAL,
  async fn() {
    await using server = await TestServer.start();
    await using terminal = new TerminalProgram([
      ...["remove", "ode to joy", "--server", server.address],
    ]);
    await terminal.program.printed(/Remove "Ode to Joy\.wav"[^]*\[y\/N\]/);
    await terminal.press("n\r");
    const { code, shown } = await terminal.ended();
    assert.equal(code, 130);
    assert.match(shown, /nothing was removed\r\n$/);
  },
});

Deno.test({
  name: "Ctrl-C ends its line where the terminal shows it",
  ignore: !HAS_TERMINAL,
  async fn() {
    await using server = await TestServer.start();
    await using terminal = new TerminalProgram([
      ...["receive", "--json", "--player", "null", "--server", server.address],
    ]);
    await terminal.program.printed(/waiting/);
    await terminal.press("\x03");
    const { code, shown } = await terminal.ended();
    assert.equal(code, 130);
    assert.match(shown, /\^C\r\n$/);
  },
});

Deno.test({
  name: "no control sequence is sent to a dumb terminal",
  ignore: !HAS_TERMINAL,
  async fn() {
    await using server = await TestServer.start();
    for (const words of [[], ["play", "--player", "null:fast"]]) {
      await using terminal = new TerminalProgram(
        [...words, "--server", server.address],
        80,
        { TERM: "dumb" },
      );
      await terminal.program.printed(/What would you like|Which song/);
      await terminal.press("2\n");
      const { code, shown } = await terminal.ended();
      assert.equal(code, 0);
      assert.ok(!shown.includes("\x1b"));
    }
  },
});

Deno.test({
  name: "redrawn lines never exceed a terminal of 20 columns",
  ignore: !HAS_TERMINAL,
  async fn() {
    await using server = await TestServer.start();
    await using terminal = new TerminalProgram(
      [...PLAY, "--server", server.address],
      20,
    );
    await terminal.program.printed(/Which song/);
    await terminal.press("\r");
    await terminal.program.printed(/▶/);
    await terminal.press("q");
    const { shown } = await terminal.ended();
    // Each redrawn line ends with the sequence that clears the rest of it.
    for (const drawn of shown.split("\x1b[K").slice(0, -1)) {
      const line = stripVTControlCharacters(
        drawn.split(/[\n\r]|\?25l/).at(-1)!,
      );
      assert.ok(line.length < 20, line);
    }
  },
});

Deno.test({
  name: "the menu is shown completely after waiting for songs",
  ignore: !HAS_TERMINAL,
  async fn() {
    await using server = await TestServer.start();
    await using terminal = new TerminalProgram([
      ...["--player", "null", "--name", "den", "--server", server.address],
    ]);
    await terminal.program.printed(/8\) Quit/);
    await terminal.press("4");
    await terminal.press("\r");
    await terminal.program.printed(/waiting for songs[\s\S]*q: stop waiting/);
    const cast = await runClient([
      ...["cast", "canon", "--to", "den", "--server", server.address],
    ]);
    assert.equal(cast.code, 0);
    await terminal.program.printed(/▶/);
    await terminal.press("q");
    await terminal.program.printed(
      /played Canon in D\.wav[\s\S]*What would you like[\s\S]*8\) Quit/,
    );
    await terminal.press("\x1b");
    const { shown } = await terminal.ended();
    const menu = shown.slice(shown.lastIndexOf("What would you like"));
    assert.doesNotMatch(menu, /played/);
  },
});

Deno.test("play without a song and without a terminal reports that a song is missing", async () => {
  await using server = await TestServer.start();
  const { code, stderr } = await runClient([
    "play",
    "--server",
    server.address,
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /none was named.* \(usage\)$/m);
});
