import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import config from "../../deno.json" with { type: "json" };

const { serve, ondacast, demo } = config.tasks;

/** Permissions that need no list: folders and addresses are options. */
const WHOLE: Record<string, string[]> = {
  serve: ["--allow-net", "--allow-read", "--allow-write"],
  ondacast: ["--allow-net", "--allow-read", "--allow-write"],
  demo: ["--allow-read"],
};

Deno.test("tasks have the permissions that options need, and lists of all others", () => {
  for (const [name, task] of Object.entries({ serve, ondacast, demo })) {
    const words = task.split(" ");
    assert.ok(!words.includes("-A") && !words.includes("--allow-all"), name);
    const flags = words.filter((word) => word.startsWith("--allow-"));
    const whole = flags.filter((flag) => !flag.includes("="));
    assert.deepEqual(whole, WHOLE[name], name);
    for (const flag of flags) assert.doesNotMatch(flag, /=.*\*|--allow-ffi/);
  }
});

Deno.test("tasks run only the programs that they are for", () => {
  assert.match(serve, /--allow-run=ffmpeg /);
  assert.match(
    ondacast,
    /--allow-run=ffplay,aplay,pacat,mpv,parec,arecord,ffmpeg,systemctl,loginctl,launchctl,schtasks /,
  );
  assert.match(demo, /--allow-run=ffplay,aplay /);
});

Deno.test("a program without permissions says which it needs, and what for", async () => {
  const programs = [["client.ts", ondacast], ["server.ts", serve]];
  await Promise.all(programs.map(async ([source, task]) => {
    const { code, stdout, stderr } = await run(source);
    assert.deepEqual([code, stdout], [2, ""]);
    for (const [flag] of task.matchAll(/--allow-\w+/g)) {
      assert.match(stderr, new RegExp(`^  ${flag} +[a-z]`, "m"));
    }
  }));
});

Deno.test("a permission that is missing later is named", async () => {
  const { code, stderr } = await run("client.ts", "--allow-env");
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^Requires \w+ access .* --allow-\w+ flag.* \(usage\)\n$/,
  );
});

/** Runs a program from its source to its end, with these flags of Deno alone. */
async function run(source: string, ...flags: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "--no-prompt", "--no-lock", ...flags],
      ...[fromFileUrl(new URL(`../../${source}`, import.meta.url)), "servers"],
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}
