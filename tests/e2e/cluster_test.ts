import assert from "node:assert/strict";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { NatsServer, needsNats } from "../support/nats.ts";
import {
  MUSIC,
  runClient,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";
import { seen } from "../support/seen.ts";

const SECRET = "nobody else knows this one";
const SONG = "Canon in D.wav";

/** Servers with folders of their own, each with one song or none. */
async function startServers(
  nats: NatsServer,
  folder: TempFolder,
  songs: Record<string, string | null>,
  words: Record<string, string[]> = {},
): Promise<TestServer[]> {
  await Deno.writeTextFile(folder.file("secret"), SECRET);
  return await Promise.all(
    Object.entries(songs).map(async ([node, song]) => {
      await Deno.mkdir(folder.file(node), { recursive: true });
      if (song !== null) {
        await Deno.copyFile(`${MUSIC}/${song}`, folder.file(`${node}/${song}`));
      }
      return await TestServer.start([
        ...["--music", folder.file(node), "--node", node],
        ...["--cluster", nats.url],
        ...["--cluster-secret-file", folder.file("secret")],
        ...words[node] ?? [],
      ]);
    }),
  );
}

/** Two servers with a song each, and a client of the first one that sees both. */
async function startPair() {
  await using stack = new AsyncDisposableStack();
  const nats = stack.use(await NatsServer.start());
  const folder = stack.use(await TempFolder.make());
  const [attic, cellar] = await startServers(nats, folder, {
    attic: SONG,
    cellar: "Greensleeves.wav",
  });
  for (const server of [attic, cellar]) stack.use(server);
  const session = await openSession(attic.ports.session, { name: "me" });
  stack.defer(() => session.close());
  await until(() => songsOf(session), (it) => it.length === 2);
  const started = stack.move();
  return {
    ...{ folder, attic, cellar, session },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

/** Asks until an answer is as expected. */
const until = <T>(ask: () => Promise<T>, isRight: (answer: T) => boolean) =>
  seen(`${isRight}`, ask, isRight);

const songsOf = async (session: ClientSession) =>
  (await session.request({ type: "list" })).songs
    .map(({ name, node }) => `${node}:${name}`);
const onlineAt = async (session: ClientSession) =>
  (await session.request({ type: "online" })).clients
    .map(({ name, node }) => `${node}:${name}`);

Deno.test({
  name: "a client of one server casts its song to a device of another",
  ...needsNats,
  async fn() {
    await using pair = await startPair();
    const { folder, attic, cellar, session } = pair;
    assert.deepEqual(await songsOf(session), [
      `attic:${SONG}`,
      "cellar:Greensleeves.wav",
    ]);
    await using receiver = startClient([
      ...["receive", "--json", "--server", cellar.address],
      ...["--name", "speaker", "--player", `file:${folder.file("heard.wav")}`],
    ], { env: { XDG_DATA_HOME: folder.path, HOME: folder.path } });
    await receiver.printed(/"waiting"/);
    await until(
      () => onlineAt(session),
      (it) => it.includes("cellar:speaker"),
    );
    const to = ["speaker"];
    await session.request({ type: "cast", song: SONG, to });
    await receiver.printed(/"event":"end"/);
    // The lengths in its head are written when the program ends.
    const [heard, sent] = await Promise.all([
      Deno.readFile(folder.file("heard.wav")),
      Deno.readFile(`${MUSIC}/${SONG}`),
    ]);
    assert.deepEqual(heard.subarray(44), sent.subarray(44));
    const { groups } = await session.request({ type: "groups" });
    assert.deepEqual(
      groups?.map(({ name, node }) => ({ name, node })),
      [{ name: "speaker", node: "cellar" }],
    );
    const { places } = await session.request({ type: "places" });
    assert.deepEqual(
      places.map(({ node, state, songs }) => ({ node, state, songs })),
      [
        { node: "attic", state: "here", songs: 1 },
        { node: "cellar", state: "alive", songs: 1 },
      ],
    );
    session.close();
    const { stdout } = await runClient(
      ["nodes", "--server", attic.address],
    );
    assert.match(
      stdout,
      /^attic +\S+ +here +[12] clients? +1 song\ncellar +\S+ +alive +1 client +1 song\n$/,
    );
  },
});

Deno.test({
  name: "what a killed server had is gone from the lists of the others",
  ...needsNats,
  async fn() {
    await using pair = await startPair();
    const { cellar, session } = pair;
    const other = await openSession(cellar.ports.session, { name: "other" });
    await until(() => onlineAt(session), (it) => it.length === 2);
    other.close();
    cellar.program.child.kill("SIGKILL");
    await until(() => songsOf(session), (it) => it.length === 1);
    assert.deepEqual(await onlineAt(session), ["attic:me"]);
    const cast = session.request({
      ...{ type: "cast", song: "cellar:Greensleeves.wav", to: ["me"] },
    });
    await assert.rejects(cast, { code: "not-found" });
  },
});

Deno.test({
  name: "a server with another secret, or another token, does not join",
  ...needsNats,
  async fn() {
    await using nats = await NatsServer.start();
    await using folder = await TempFolder.make();
    await Deno.writeTextFile(folder.file("other"), "something else altogether");
    const [attic, cellar, shed] = await startServers(nats, folder, {
      attic: SONG,
      cellar: null,
      shed: null,
    }, {
      cellar: ["--cluster-secret-file", folder.file("other")],
      shed: ["--token", "a token"],
    });
    await using _attic = attic;
    await using _cellar = cellar;
    await using _shed = shed;
    const session = await openSession(attic.ports.session, { name: "me" });
    const { places } = await until(
      () => session.request({ type: "places" }),
      ({ places }) =>
        places.filter(({ state }) => state === "refused").length === 2,
    );
    assert.match(places[1].reason!, /secret/);
    assert.match(places[2].reason!, /token/);
    session.close();
  },
});
