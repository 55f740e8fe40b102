import assert from "node:assert/strict";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { BadMachine, needsBadMachine } from "../support/bad_machine.ts";
import {
  ClusterWorld,
  until,
  untilAlive,
  untilHashed,
} from "../support/cluster_world.ts";
import { LineDevice } from "../support/line_device.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { NatsServer, needsNats, startThreeNats } from "../support/nats.ts";
import {
  type ProgramOptions,
  startClient,
  TempFolder,
} from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";

/** A device has a song ahead: longer than it takes to have another owner. */
const SECONDS = 15;
const FRAMES = SECONDS * PHONE.rate;
const SONG = { "a.wav": wavFile(PHONE, noise(FRAMES, 1)) };

const groupAt = async (session: ClientSession, id: string) =>
  (await session.request({ type: "groups" })).groups!
    .find(({ group }) => group === id);

/** The time of a program that is hours ahead of that of the machine. */
const HOURS_AHEAD = ["unshare", "--time", "--monotonic", `${7 * 3600}`];
const needsTimes = {
  ignore: needsNats.ignore || needsBadMachine.ignore || !hasTimes(),
};

/** Whether this process may give others another time, as root may on Linux. */
function hasTimes(): boolean {
  try {
    const [file, ...args] = [...HOURS_AHEAD, "true"];
    return new Deno.Command(file, { args }).outputSync().success;
  } catch {
    return false;
  }
}

/** A group of the attic that plays there and, by its line, at the cellar. */
async function playAtBoth(
  { nats, attic: ofAttic, cellar: ofCellar }: {
    nats?: NatsServer[];
    attic?: ProgramOptions;
    cellar?: ProgramOptions;
  } = {},
) {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await ClusterWorld.start(nats));
  const [attic, cellar] = await Promise.all([
    world.server("attic", SONG, [], undefined, ofAttic),
    world.server("cellar", SONG, [], undefined, ofCellar),
  ]);
  const asker = await openSession(attic.ports.session, { name: "me" });
  const person = await openSession(cellar.ports.session, { name: "you" });
  stack.defer(() => [asker, person].forEach((it) => it.close()));
  await untilAlive(asker, "cellar");
  await untilAlive(person, "attic");
  for (const it of [asker, person]) await untilHashed(it, 1);
  const up = stack.use(startClient([
    ...["receive", "--json", "--name", "up", "--player", "null"],
    ...["--server", attic.address],
  ], { env: { XDG_DATA_HOME: world.folder.file("data of up") } }));
  await up.printed(/"waiting"/);
  const down = stack.use(
    await LineDevice.open(cellar.ports.session, "down", FRAMES),
  );
  await until(
    async () => (await asker.request({ type: "online" })).clients,
    (clients) => clients.filter(({ receiving }) => receiving).length === 2,
  );
  const { group, refused } = await asker.request({
    ...{ type: "queue", to: ["up", "down"] },
    songs: new Array(20).fill("a.wav"),
  });
  assert.deepEqual(refused, []);
  const { device } = down;
  await until(
    () => Promise.resolve(device.hears(device.nowUs)),
    (heard) => heard !== null,
  );
  down.begin();
  const started = stack.move();
  return {
    ...{ world, attic, cellar, person, up, down, group },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Waits until the cellar runs a group, with its devices. @returns How long that took. */
async function untilMoved(
  person: ClientSession,
  group: string,
  devices: number,
): Promise<number> {
  const fromMs = performance.now();
  await until(
    () => groupAt(person, group),
    (it) =>
      it?.node === "cellar" && it.state === "playing" &&
      it.devices.filter(({ away }) => !away).length >= devices,
  );
  return performance.now() - fromMs;
}

/** Waits until a device has heard the line of another owner for a while. */
async function hearOn({ device }: LineDevice): Promise<void> {
  const isOfOther = (line: string) => line.includes(" from ");
  await until(() => Promise.resolve(device.log), (it) => it.some(isOfOther));
  const untilUs = device.nowUs + 2e6;
  await until(() => Promise.resolve(device.nowUs), (nowUs) => nowUs > untilUs);
}

/** Longer than the time between two beats, and two looks at who is there. */
const JUMP_MS = 1_100;
const pass = (ms: number) => new Promise((done) => setTimeout(done, ms));

const inMs = (ms: number) => `${ms.toFixed(1)} ms`;

Deno.test({
  name:
    "a server that is stopped leaves its group to another one at once, without a gap of its line, and its device follows",
  ...needsNats,
  async fn() {
    await using rooms = await playAtBoth();
    const { attic, person, up, down, group } = rooms;
    attic.program.child.kill("SIGTERM");
    const ownerMs = await untilMoved(person, group, 1);
    const { code } = await attic.program.ended();
    assert.equal(code, 0);
    const deviceMs = await untilMoved(person, group, 2);
    assert.doesNotMatch(up.stdout, /"error"/);
    await hearOn(down);
    const { looks, silentMs, offMs } = down.heard;
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `owner after ${inMs(ownerMs)}, its device ${inMs(deviceMs)} later; ` +
        `${looks} looks at the line, ${inMs(silentMs)} silent, ${
          inMs(offMs)
        } off`,
    );
    assert.equal(silentMs, 0);
    // Before it would be taken for dead.
    assert.ok(ownerMs < 4_000, inMs(ownerMs));
    assert.ok(offMs < 50, inMs(offMs));
  },
});

Deno.test({
  name:
    "a line goes on from another server when its owner and one of three NATS servers are killed at once",
  ...needsNats,
  async fn() {
    const nats = await startThreeNats();
    await using rooms = await playAtBoth({ nats });
    const { attic, person, down, group } = rooms;
    attic.program.child.kill("SIGKILL");
    await nats[0].kill();
    const ownerMs = await untilMoved(person, group, 1);
    await hearOn(down);
    const { looks, silentMs, offMs } = down.heard;
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `owner after ${inMs(ownerMs)}; ${looks} looks at the line, ` +
        `${inMs(silentMs)} silent, ${inMs(offMs)} off`,
    );
    assert.ok(ownerMs < 12_000, inMs(ownerMs));
    assert.equal(silentMs, 0);
    assert.ok(offMs < 50, inMs(offMs));
  },
});

Deno.test({
  name:
    "a group has the same owner and line while wall clocks jump by an hour, and the same line when another one with another time takes over",
  ...needsTimes,
  async fn() {
    await using folder = await TempFolder.make();
    await using machines = new AsyncDisposableStack();
    const [first, second] = [
      machines.use(await BadMachine.make(folder.path)),
      machines.use(await BadMachine.make(folder.path)),
    ];
    await using rooms = await playAtBoth({
      attic: { env: first.env },
      cellar: { env: second.env, under: HOURS_AHEAD },
    });
    const { attic, cellar, person, down, group } = rooms;
    for (const hours of [1, -1]) {
      first.set({ aheadSeconds: 3600 * hours });
      await pass(JUMP_MS);
      second.set({ aheadSeconds: -3600 * hours });
      await pass(JUMP_MS);
    }
    assert.equal((await groupAt(person, group))?.node, "attic");
    for (const { program } of [attic, cellar]) {
      assert.doesNotMatch(program.stderr, /is dead|takes over|internal/);
    }
    const before = down.heard;
    attic.program.child.kill("SIGKILL");
    const ownerMs = await untilMoved(person, group, 1);
    await hearOn(down);
    const { looks, silentMs, offMs } = down.heard;
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `${before.looks} looks, ${inMs(before.offMs)} off while clocks jumped; ` +
        `owner after ${inMs(ownerMs)}; ${looks} looks, ${inMs(silentMs)} ` +
        `silent, ${inMs(offMs)} off`,
    );
    assert.equal(silentMs, 0);
    assert.ok(offMs < 50, inMs(offMs));
  },
});
