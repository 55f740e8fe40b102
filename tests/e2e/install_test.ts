import assert from "node:assert/strict";
import { runClient, TempFolder } from "../support/programs.ts";

Deno.test("install --print prints the file alone, and keeps the token out of it", async () => {
  await using folder = await TempFolder.make();
  const token = folder.file("token");
  await Deno.writeTextFile(token, "s3cret\n");
  for (
    const [option, value] of [["--token", "s3cret"], ["--token-file", token]]
  ) {
    const { code, stdout, stderr } = await runClient([
      ...["install", "receive", "--name", "Kitchen", "--gain", "track"],
      ...[option, value, "--system", "--print", "--kind", "systemd"],
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^\[Unit\]\n/);
    assert.match(
      stdout,
      /^ExecStart=.* receive --name=Kitchen .*--gain=track /m,
    );
    assert.doesNotMatch(stdout, /s3cret/);
    assert.match(stderr, /^note: the token belongs into .*0600/);
  }
});

Deno.test("install refuses wrong options of the program that it installs", async () => {
  const wrong: [string[], RegExp][] = [
    [["receive", "--musik", "x"], /unknown option '--musik'/],
    [["server", "--port", "x"], /Expected a port/],
    [["server", "--gain", "track"], /unknown option '--gain'/],
    [["speaker"], /Allowed choices are receive, server/],
    [["receive", "--name", "a\nb"], /Cannot/],
  ];
  for (const [words, message] of wrong) {
    const { code, stdout, stderr } = await runClient([
      ...["install", ...words, "--print"],
    ]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
    assert.equal(stdout, "");
  }
});
