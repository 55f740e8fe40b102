import assert from "node:assert/strict";
import {
  runClient,
  type RunningProgram,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";

Deno.test("rooms are grouped, queued for, moved and controlled by the beginnings of their names", async () => {
  await using server = await TestServer.start();
  await using kitchen = await receiver(server, "Kitchen");
  await using _living = await receiver(server, "Living room");
  const run = async (...words: string[]) => {
    const { code, stdout, stderr } = await ondacast(server, words);
    assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
    return stdout;
  };
  assert.match(
    await run("cast", "ode", "canon", "--to", "kit", "LIVING"),
    /^2 songs → Kitchen, Living room \(in step\)\n/,
  );
  await kitchen.printed(/"event":"queue".*"next":"Canon in D\.wav"/);
  await run("repeat", "one"); // However slow the commands are, no song ends.
  assert.match(
    await run("queue"),
    /^Kitchen, Living room: playing, 2 songs\n> 1 {2}Ode to Joy .*\n {2}2 {2}Canon in D /,
  );
  await run("queue", "add", "greens", "--next");
  await run("queue", "move", "3", "--before", "2");
  await run("queue", "remove", "3");
  const queue = JSON.parse(await run("queue", "--json"));
  assert.deepEqual(
    queue.map(({ song, playing }: { song: string; playing: boolean }) => [
      song,
      playing,
    ]),
    [["Ode to Joy.wav", true], ["Canon in D.wav", false]],
  );
  assert.match(await run("next"), /^Kitchen, Living room: next song\n$/);
  await kitchen.printed(/"event":"start","song":"Canon in D\.wav"/);
  await run("volume", "40", "--to", "living");
  await run("volume", "50");
  const [{ devices }] = JSON.parse(await run("groups", "--json"));
  assert.deepEqual(
    devices.map(({ name, volume }: { name: string; volume: number }) => [
      name,
      volume,
    ]),
    [["Kitchen", 50], ["Living room", 20]],
  );
  assert.match(await run("move", "--to", "living"), /Canon in D → Living room/);
  assert.match(await run("groups"), /Kitchen +stopped/);
  assert.match(
    await run("group", "all", "--as", "Downstairs"),
    /one group, called Downstairs/,
  );
  assert.match(await run("pause", "--to", "downst"), /: paused\n$/);
  assert.match(
    await run("ungroup", "kitchen"),
    /^Kitchen: out of the group\n$/,
  );
  assert.match(
    await run("ungroup", "all"),
    /: alone as before\n$/,
  );
});

Deno.test("a device that is not there is named with the nearest one, and no device with what to do", async () => {
  await using server = await TestServer.start();
  const none = await ondacast(server, ["pause"]);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /ondacast receive --name/);
  await using _kitchen = await receiver(server, "Kitchen");
  const wrong = await ondacast(server, ["pause", "--to", "kichen"]);
  assert.equal(wrong.code, 1);
  assert.match(
    wrong.stderr,
    /"kichen".*; nearest: Kitchen.* \(not-found\)$/m,
  );
  const all = await Promise.all([
    ["cast", "ode", "--to", "kichen"],
    ["queue", "add", "ode", "--to", "kichen"],
    ["cast", "ode", "--to", "kitchen", "kichen"],
    ["group", "kitchen", "kichen"],
    ["ungroup", "kichen"],
  ].map((words) => ondacast(server, words)));
  for (const { stderr } of all) assert.match(stderr, /; nearest: Kitchen\b/);
  const { stdout } = await ondacast(server, ["groups", "--json"]);
  const [group] = JSON.parse(stdout);
  assert.deepEqual([group.state, group.songs], ["stopped", 0]);
});

Deno.test("of several songs, each is cast by a beginning of its name, and one that does not exist is named", async () => {
  await using server = await TestServer.start();
  await using _kitchen = await receiver(server, "Kitchen");
  const { code, stdout, stderr } = await ondacast(server, [
    ...["cast", "Ode to Joy.wav", "canon", "nosuch", "--to", "kitchen"],
  ]);
  assert.equal(code, 1);
  assert.match(stdout, /^2 songs → Kitchen\n/);
  assert.match(stderr, /^nosuch: .* \(not-found\)$/m);
  const queue = await ondacast(server, ["queue", "--json"]);
  assert.deepEqual(
    JSON.parse(queue.stdout).map(({ song }: { song: string }) => song),
    ["Ode to Joy.wav", "Canon in D.wav"],
  );
});

Deno.test("cast fails with the reason when the server cannot play the song", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(folder.file("broken.wav"), "no song");
  await using server = await TestServer.start(["--music", folder.path]);
  await using _kitchen = await receiver(server, "Kitchen");
  const { code, stdout, stderr } = await ondacast(server, [
    ...["cast", "broken", "--to", "kitchen"],
  ]);
  assert.equal(code, 1);
  assert.doesNotMatch(stdout, /playing on/);
  assert.match(stderr, /^Kitchen: Cannot play broken\.wav: .* \(not-wav\)$/m);
});

function ondacast(server: TestServer, words: string[]) {
  return runClient([...words, "--server", server.address]);
}

async function receiver(
  server: TestServer,
  name: string,
): Promise<RunningProgram> {
  const receiver = startClient([
    ...["receive", "--name", name, "--player", "null", "--json"],
    ...["--server", server.address],
  ]);
  await receiver.printed(/"event":"waiting"/);
  return receiver;
}
