import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };

const { serve, play, demo } = config.tasks;

/** Permissions that need no list: folders and addresses are options. */
const WHOLE: Record<string, string[]> = {
  serve: ["--allow-net", "--allow-read", "--allow-write"],
  play: ["--allow-net", "--allow-read", "--allow-write"],
  demo: ["--allow-read"],
};

Deno.test("tasks have the permissions that options need, and lists of all others", () => {
  for (const [name, task] of Object.entries({ serve, play, demo })) {
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
    play,
    /--allow-run=ffplay,aplay,pacat,mpv,systemctl,loginctl,launchctl,schtasks /,
  );
  assert.match(demo, /--allow-run=ffplay,aplay /);
});
