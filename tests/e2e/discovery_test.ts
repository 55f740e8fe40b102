import assert from "node:assert/strict";
import { Household, type Machine, on } from "../support/household.ts";
import { HAS_TERMINAL, TerminalProgram } from "../support/terminal.ts";
import {
  clientCommand,
  hasProgram,
  MUSIC,
  type RunningProgram,
  serverCommand,
  TempFolder,
} from "../support/programs.ts";
import { seen } from "../support/seen.ts";

const hasAvahi = ["avahi-daemon", "avahi-browse", "dbus-daemon"]
  .every((name) => hasProgram(name, "--version"));

/** They wait for the network most of the time, and so run side by side. */
Deno.test({
  name: "servers are found between machines",
  ignore: !Household.possible,
  async fn(t) {
    await Promise.all(CASES.map((step) =>
      t.step({
        ...{ sanitizeOps: false, sanitizeResources: false },
        ...{ sanitizeExit: false, ...step },
      })
    ));
  },
});

const CASES: { name: string; ignore?: boolean; fn(): Promise<void> }[] = [{
  name: "a client finds the server of its network, and names it",
  async fn() {
    await using home = await Home.make(2);
    const [pi, laptop] = home.machines;
    await using server = await home.serve(pi, ["--name", "Living room"]);
    await home.until(laptop, "Living room");
    const { code, stdout, stderr } = await home.ondacast(laptop, ["list"]);
    assert.equal(code, 0);
    assert.match(stdout, /^Ode to Joy/m);
    assert.equal(stderr, `note: using Living room at ${pi.address}:4040\n`);
    // What answers at the usual port, and is no server, is passed over.
    await using other = home.network.run(laptop, [Deno.execPath(), [
      "eval",
      "Deno.serve({ port: 4040, onListen: () => console.log('up') }, () => new Response())",
    ]]);
    await other.printed(/up/);
    const beside = await home.ondacast(laptop, ["list"]);
    assert.equal(beside.stderr, stderr);
    // At the machine itself it is found by its port, before the network is asked.
    const here = await home.ondacast(pi, ["list"]);
    assert.match(here.stderr, /^note: using Living room at localhost:4040$/m);
    const rows = await home.servers(laptop);
    assert.match(rows[0].id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(rows, [{
      ...{ id: rows[0].id, name: "Living room", host: pi.address, port: 4040 },
      ...{ http: 4042, tls: false, token: false, remembered: false },
    }]);
    server.child.kill("SIGTERM");
    await server.ended();
    assert.deepEqual(await home.servers(laptop), []);
    const none = await home.ondacast(laptop, ["list"]);
    assert.equal(none.code, 1);
    assert.match(
      none.stderr,
      /^Cannot find a server: .*--server.* \(unreachable\)$/m,
    );
  },
}, {
  name: "of several servers none is taken unseen, and one can be remembered",
  async fn() {
    await using home = await Home.make(3);
    const [pi, attic, laptop] = home.machines;
    await using _one = await home.serve(pi, ["--name", "Music"]);
    await home.until(laptop, "Music");
    await using two = await home.serve(attic, ["--name", "Music"]);
    const others = ["--port", "4050", "--http-port", "off"];
    await using _three = await home.serve(attic, [
      ...["--name", "Attic", ...others],
    ]);
    await home.until(laptop, "Music (2)");
    await home.until(laptop, "Attic");
    const list = await home.ondacast(laptop, ["list"]);
    assert.equal(list.code, 1);
    assert.match(
      list.stderr,
      /3 servers: Attic \(10\.77\.0\.2:4050\), Music \(10\.77\.0\.1:4040\), Music \(2\) \(10\.77\.0\.2:4040\)\. .*--server.* \(ambiguous\)$/m,
    );
    const online = await home.ondacast(laptop, ["online"]);
    assert.equal(online.code, 2);
    assert.match(
      online.stderr,
      /^Cannot choose a server: .*--server.* \(usage\)$/m,
    );
    const use = await home.ondacast(laptop, ["use", "music (2)"]);
    assert.equal(use.code, 0, use.stderr);
    assert.match(use.stdout, /^Music at 10\.77\.0\.2:4040 is remembered;/);
    assert.equal((await home.ondacast(laptop, ["online"])).code, 0);
    const used = (await home.servers(laptop)).filter((row) => row.remembered);
    assert.deepEqual(used.map(({ name }) => name), ["Music (2)"]);
    // Away at its address, it is found elsewhere, and no other is taken.
    two.child.kill("SIGTERM");
    await two.ended();
    const away = await home.ondacast(laptop, ["list"]);
    assert.equal(away.code, 1);
    assert.match(away.stderr, /\(unreachable\)$/m);
    await using _four = await home.serve(attic, ["--name", "Imposter"]);
    const other = await home.ondacast(laptop, ["list"]);
    assert.equal(other.code, 1);
    assert.match(
      other.stderr,
      /neither at 10\.77\.0\.2:4040 nor.* \(unreachable\)$/m,
    );
    await home.ondacast(laptop, ["use", "auto"]);
    const again = await home.ondacast(laptop, ["list"]);
    assert.match(again.stderr, /\(ambiguous\)$/m);
  },
}, {
  name:
    "a server that was found is never sent a token, also not at another address",
  async fn() {
    await using home = await Home.make(2);
    const [pi, laptop] = home.machines;
    const kept = ["--token", "right", "--data", home.file("data")];
    const wrongly = { ONDACAST_TOKEN: "right" };
    {
      await using _server = await home.serve(pi, kept);
      await home.until(laptop);
      const list = await home.ondacast(laptop, ["list"], wrongly);
      assert.equal(list.code, 1);
      assert.match(
        list.stderr,
        /only found.*ondacast use.* \(unauthorized\)$/m,
      );
      const here = await home.ondacast(pi, ["list"], wrongly);
      assert.match(here.stderr, /only found.* \(unauthorized\)$/m);
      const use = await home.ondacast(
        laptop,
        ["use", `http://${pi.address}:4042/`],
        wrongly,
      );
      assert.equal(use.code, 0, use.stderr);
      const remembered = await home.ondacast(laptop, ["list"]);
      assert.equal(remembered.code, 0, remembered.stderr);
    }
    await using _server = await home.serve(pi, [...kept, "--port", "4050"]);
    await home.until(laptop);
    const moved = await home.ondacast(laptop, ["list"]);
    assert.equal(moved.code, 1);
    assert.match(
      moved.stderr,
      /^Cannot send the token to 10\.77\.0\.1:4050: .*ondacast use.* \(unauthorized\)$/m,
    );
  },
}, {
  name: "in a terminal a server is chosen, and asked for by its token",
  ignore: !HAS_TERMINAL,
  async fn() {
    await using home = await Home.make(3);
    const [pi, attic, laptop] = home.machines;
    await using _one = await home.serve(pi, [
      ...["--name", "Pi", "--token", "right"],
    ]);
    await using _two = await home.serve(attic, ["--name", "Attic"]);
    await home.until(laptop, "Pi");
    await home.until(laptop, "Attic");
    await using terminal = home.terminal(laptop, ["list"]);
    await terminal.program.printed(/Which server\?[^]*Attic[^]*Pi/);
    await terminal.press("Pi\r");
    await terminal.program.printed(/The token of Pi at 10\.77\.0\.1:4040:/);
    // Both tries are typed at once: no answer is lost, and none is shown.
    await terminal.press("wrong\rright\r");
    const { code, shown } = await terminal.ended();
    assert.equal(code, 0, shown);
    assert.match(shown, /That is not its token\./);
    assert.match(shown, /Pi at .* is remembered, and its token;/);
    assert.match(shown, /Ode to Joy/);
    assert.doesNotMatch(shown, /wrong|right/);
    const online = await home.ondacast(laptop, ["online"]);
    assert.equal(online.code, 0, online.stderr);
  },
}, {
  name:
    "over TLS a server is found, and followed with its token by its certificate",
  async fn() {
    await using home = await Home.make(2);
    const [pi, laptop] = home.machines;
    const tls = ["--tls-self-signed", "--tls-dir", home.file("tls")];
    const kept = ["--data", home.file("data"), ...tls];
    const id = async () => (await home.servers(laptop))[0].id;
    let first: string;
    {
      await using _server = await home.serve(pi, kept);
      await home.until(laptop);
      first = await id();
      const list = await home.ondacast(laptop, ["list"]);
      assert.equal(list.code, 0, list.stderr);
      assert.match(list.stderr, /trusting 10\.77\.0\.1:4040 on first use/);
    }
    {
      const secret = ["--token", "right", "--port", "4050"];
      await using _server = await home.serve(pi, [...kept, ...secret]);
      await home.until(laptop);
      assert.equal(await id(), first);
      const use = await home.ondacast(laptop, [
        ...["use", `${pi.address}:4050`, "--token", "right"],
      ]);
      assert.equal(use.code, 0, use.stderr);
    }
    {
      const secret = ["--token", "right", "--port", "4060"];
      await using _server = await home.serve(pi, [...kept, ...secret]);
      await home.until(laptop);
      const moved = await home.ondacast(laptop, ["online"]);
      assert.equal(moved.code, 0, moved.stderr);
      const { used } = JSON.parse(await home.remembered(laptop));
      assert.equal(used.port, 4060);
    }
    // Another one has its id, and not its certificate.
    const forged = ["--tls-self-signed", "--tls-dir", home.file("other")];
    await using _server = await home.serve(pi, [
      ...["--data", home.file("data"), ...forged, "--port", "4060"],
    ]);
    await home.until(laptop);
    const list = await home.ondacast(laptop, ["list"]);
    assert.equal(list.code, 1);
    assert.match(list.stderr, / \((bad-certificate|unreachable)\)$/m);
  },
}, {
  name: "receive waits for a server, and keeps to the first one that it took",
  async fn() {
    await using home = await Home.make(3);
    const [pi, kitchen, attic] = home.machines;
    const kept = ["--name", "Living room", "--data", home.file("data")];
    const receive = ["receive", "--player", "null:fast", "--json"];
    let receiver = home.start(kitchen, receive);
    await receiver.printed(/^note: .*Waiting/m, "stderr");
    {
      await using server = await home.serve(pi, kept);
      await receiver.printed(/"event":"waiting","server":"Living room"/);
      server.child.kill("SIGTERM");
      await receiver.printed(/"event":"away"/);
      await server.ended();
    }
    await using other = await home.serve(pi, ["--name", "Other"]);
    await other.printed(/session \d+ .* ends/, "stderr");
    {
      await using _server = await home.serve(attic, kept);
      await receiver.printed(/"event":"back","server":"Living room"/);
    }
    await receiver[Symbol.asyncDispose]();
    receiver = home.start(kitchen, receive);
    await using _server = await home.serve(attic, kept);
    await receiver.printed(/"event":"waiting","server":"Living room"/);
    await receiver[Symbol.asyncDispose]();
    assert.doesNotMatch(receiver.stdout, /Other/);
  },
}, {
  name: "a server is announced over an interface that is added later",
  async fn() {
    await using home = await Home.make(2);
    const [pi, laptop] = home.machines;
    await using _server = await home.serve(pi, []);
    await home.until(laptop);
    await home.network.plug(pi, "eth1", "10.78.0.1/24");
    await home.network.plug(laptop, "eth1", "10.78.0.2/24");
    await home.network.unplug(laptop, "eth0");
    await home.until(laptop);
    const [{ host }] = await home.servers(laptop);
    assert.equal(host, "10.78.0.1");
  },
}, {
  name: "over IPv6 alone a server is found, also with TLS",
  async fn() {
    await using home = await Home.make(2);
    const [pi, laptop] = home.machines;
    const tls = ["--tls-self-signed", "--tls-dir", home.file("tls")];
    await using _server = await home.serve(pi, ["--host", "::", ...tls]);
    await home.network.takeIpv4(laptop, "eth0");
    await home.until(laptop);
    const [{ host }] = await home.servers(laptop);
    assert.match(host, /^fe80:.*%\d+$/);
    const { code, stderr } = await home.ondacast(laptop, ["list"]);
    assert.equal(code, 0, stderr);
    const again = await home.ondacast(laptop, ["list"]);
    assert.doesNotMatch(again.stderr, /trusting/);
  },
}, {
  name: "avahi finds our server and its end, and we find avahi's",
  ignore: !hasAvahi,
  async fn() {
    await using home = await Home.make(2);
    const [pi, desk] = home.machines;
    await using server = await home.serve(pi, ["--name", "R.E.M. & I"]);
    await using avahi = home.avahi(
      desk,
      `avahi-publish -s Attic _ondacast._tcp 4045 v=1 http=0 tls=1 token=1 id=7f &
       exec avahi-browse -rpk _ondacast._tcp`,
    );
    const found = await avahi.printed(
      /^=;eth0;IPv4;R\\\.E\\\.M\\\.\\032\\038\\032I;_ondacast\._tcp;local;(.*)$/m,
    );
    const [, host, address, port, texts] =
      /^(ondacast-.*\.local);(.*);(.*);(.*)$/.exec(found[1]) ?? [];
    assert.equal(host, `ondacast-${/"id=([^"]*)"/.exec(texts)?.[1]}.local`);
    assert.deepEqual([address, port], [pi.address, "4040"]);
    for (const text of ["v=1", "http=4042", "tls=0", "token=0"]) {
      assert.ok(texts.includes(`"${text}"`), texts);
    }
    await avahi.printed(/^=;eth0;IPv6;R\\\.E/m);
    await home.until(pi, "Attic");
    const attic = (await home.servers(pi)).find(({ name }) => name === "Attic");
    assert.deepEqual(attic, {
      ...{ id: "7f", name: "Attic", host: desk.address, port: 4045 },
      ...{ http: null, tls: true, token: true, remembered: false },
    });
    // Beside avahi, on its own machine, there is room for another server.
    await using _other = await home.serve(desk, ["--name", "Desk"]);
    await home.until(pi, "Desk");
    server.child.kill("SIGTERM");
    await avahi.printed(/^-;eth0;IPv4;R\\\.E/m);
    await avahi.printed(/^-;eth0;IPv6;R\\\.E/m);
  },
}];

interface ServerRow {
  id: string;
  name: string;
  host: string;
  port: number;
  remembered: boolean;
}

/** A household whose clients remember what they learn. */
class Home implements AsyncDisposable {
  readonly network: Household;
  readonly #folder: TempFolder;

  private constructor(network: Household, folder: TempFolder) {
    this.network = network;
    this.#folder = folder;
  }

  static async make(machines: number): Promise<Home> {
    return new Home(await Household.make(machines), await TempFolder.make());
  }

  get machines(): Machine[] {
    return this.network.machines;
  }

  file(name: string): string {
    return this.#folder.file(name);
  }

  /** Starts a server on the usual ports, and waits until it listens. */
  async serve(machine: Machine, words: string[]): Promise<RunningProgram> {
    const data = words.includes("--data") ? [] : ["--data", "off"];
    const command = serverCommand([
      ...["--music", MUSIC, "--stream-port", "off", ...data, ...words],
    ]);
    const server = this.network.run(machine, command);
    await server.printed(/^listening /);
    return server;
  }

  start(
    machine: Machine,
    words: string[],
    env: Record<string, string> = {},
  ): RunningProgram {
    return this.network.run(machine, clientCommand(words), {
      ...this.#env(machine),
      ...env,
    });
  }

  #env(machine: Machine): Record<string, string> {
    return {
      ONDACAST_SERVER: "",
      XDG_DATA_HOME: this.file(`home-${machine.address}`),
    };
  }

  ondacast(machine: Machine, words: string[], env?: Record<string, string>) {
    return this.start(machine, words, env).ended();
  }

  /** What the clients of a machine remember, as JSON. */
  remembered(machine: Machine): Promise<string> {
    const folder = `${this.file(`home-${machine.address}`)}/ondacast`;
    return Deno.readTextFile(`${folder}/servers.json`);
  }

  terminal(machine: Machine, words: string[]): TerminalProgram {
    return new TerminalProgram(words, 80, this.#env(machine), on(machine));
  }

  async servers(machine: Machine): Promise<ServerRow[]> {
    const { stdout } = await this.ondacast(machine, ["servers", "--json"]);
    return JSON.parse(stdout);
  }

  /** Waits until a machine finds a server, or any. */
  async until(machine: Machine, name?: string): Promise<void> {
    const isFound = (row: ServerRow) => name === undefined || row.name === name;
    await seen(
      `server ${name ?? ""}`,
      () => this.servers(machine),
      (rows) => rows.some(isFound),
    );
  }

  /** Runs commands beside an avahi daemon of their own. */
  avahi(machine: Machine, commands: string): RunningProgram {
    const script = `
      mount -t tmpfs none /run && mkdir /run/dbus
      dbus-daemon --system --fork --nopidfile
      avahi-daemon --no-rlimits --no-chroot --no-drop-root --no-proc-title -D
      ${commands}`;
    return this.network.run(machine, [
      "unshare",
      [
        ...["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
        ...["bash", "-c", script],
      ],
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.network[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}
