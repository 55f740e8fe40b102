import assert from "node:assert/strict";
import { join } from "@std/path";
import { launchdPlist } from "../../../lib/cli/service/launchd_plist.ts";
import { scheduledTask } from "../../../lib/cli/service/scheduled_task.ts";
import {
  checkService,
  ROLES,
  type Service,
  type ServiceOption,
} from "../../../lib/cli/service/service.ts";
import { systemdUnit } from "../../../lib/cli/service/systemd_unit.ts";
import { hasProgram, TempFolder } from "../../support/programs.ts";

const PROGRAM = Deno.execPath();

function service(
  words: Record<string, string | null> = {},
  changes: Partial<Service> = {},
): Service {
  const options = Object.entries(words).map(([flag, value]): ServiceOption => ({
    flag,
    value,
    isPath: value?.startsWith("/") ?? false,
  }));
  return {
    ...{ role: "server", scope: "system", command: ["/usr/bin/ondacast"] },
    ...{ parts: ["/usr/bin/ondacast"], options, tokenFile: null },
    ...changes,
  };
}

const lineOf = (text: string, key: string) =>
  text.split("\n").filter((line) => line.startsWith(`${key}=`));

Deno.test("systemdUnit() escapes what systemd would replace, and nothing else", () => {
  const values: [string, string][] = [
    ["Kitchen", "--name=Kitchen"],
    ["a b", '"--name=a b"'],
    ["50%", '"--name=50%%"'],
    ["$HOME ${X}", '"--name=$$HOME $${X}"'],
    ['say "x" \\n', '"--name=say \\"x\\" \\\\n"'],
    ["it's; #1", '"--name=it\'s; #1"'],
    ["Küche", '"--name=Küche"'],
  ];
  for (const [value, word] of values) {
    const unit = systemdUnit(service({ "--name": value }));
    assert.deepEqual(lineOf(unit, "ExecStart"), [
      `ExecStart=/usr/bin/ondacast ${word}`,
    ]);
  }
});

Deno.test("systemdUnit() passes a token by a credential, never in its words", () => {
  const tokenFile = "/etc/ondacast/server.token";
  const unit = systemdUnit(service({}, { tokenFile }));
  assert.match(unit, /^LoadCredential=token:%E\/ondacast\/server\.token$/m);
  assert.match(unit, / --token-file=\$\{CREDENTIALS_DIRECTORY\}\/token$/m);
});

Deno.test("systemdUnit() opens homes for named files alone, and for writing where needed", () => {
  const music = { "--music": "/home/ann/My Music", "--tls-cert": "/etc/x.pem" };
  const open = systemdUnit(service(music));
  assert.deepEqual(lineOf(open, "ProtectHome"), ["ProtectHome=tmpfs"]);
  assert.deepEqual(lineOf(open, "BindPaths"), [
    'BindPaths="/home/ann/My Music"',
  ]);
  const readOnly = systemdUnit(service({ ...music, "--read-only": null }));
  assert.deepEqual(lineOf(readOnly, "BindPaths"), []);
  assert.deepEqual(lineOf(readOnly, "BindReadOnlyPaths"), [
    'BindReadOnlyPaths="/home/ann/My Music"',
  ]);
  const elsewhere = systemdUnit(service({ "--music": "/srv/music" }));
  assert.deepEqual(lineOf(elsewhere, "ProtectHome"), ["ProtectHome=yes"]);
  assert.deepEqual(lineOf(elsewhere, "ReadWritePaths"), [
    "ReadWritePaths=/srv/music",
  ]);
});

Deno.test("systemdUnit() gives a capability only for a port below 1024", () => {
  const set = (port: string) =>
    lineOf(
      systemdUnit(service({ "--http-port": port })),
      "CapabilityBoundingSet",
    );
  assert.deepEqual(set("80"), ["CapabilityBoundingSet=CAP_NET_BIND_SERVICE"]);
  for (const port of ["4042", "0", "off"]) {
    assert.deepEqual(set(port), ["CapabilityBoundingSet="]);
  }
});

Deno.test("checkService() refuses line breaks and invisible characters", () => {
  for (
    const bad of ["a\nExecStart=/bin/sh", "a\rb", "a\0b", "a\u202eb", "a\uffff"]
  ) {
    assert.throws(
      () => checkService(service({ "--name": bad })),
      { code: "usage" },
    );
  }
  checkService(service({ "--name": "Küche 1" }));
});

Deno.test("launchdPlist() and scheduledTask() escape XML", () => {
  const odd = service({ "--name": 'A & B <"x">' });
  assert.match(
    launchdPlist(odd),
    /<string>--name=A &amp; B &lt;&quot;x&quot;&gt;<\/string>/,
  );
  assert.match(
    scheduledTask(odd),
    /<Arguments>&quot;--name=A &amp; B &lt;\\&quot;x\\&quot;&gt;&quot;<\/Arguments>/,
  );
});

Deno.test("scheduledTask() quotes arguments as Windows splits them", () => {
  const cases: [string, string][] = [
    ["C:\\Music", "--music=C:\\Music"],
    ["C:\\My Music\\", '"--music=C:\\My Music\\\\"'],
    ['a\\" b', '"--music=a\\\\\\" b"'],
  ];
  for (const [value, expected] of cases) {
    const [, text] = /<Arguments>(.*)<\/Arguments>/.exec(
      scheduledTask(service({ "--music": value })),
    )!;
    assert.equal(text.replaceAll("&quot;", '"'), expected);
  }
  assert.throws(() => scheduledTask(service({ "--name": "%PATH%" })), {
    code: "usage",
  });
  scheduledTask(service({ "--name": "50%" }));
});

Deno.test({
  name: "systemd accepts the units, and rates the server at most 3.0",
  ignore: !hasProgram("systemd-analyze", "--version"),
  async fn() {
    await using folder = await TempFolder.make();
    const tokenFile = "/etc/ondacast/x.token";
    for (const role of ROLES) {
      for (const scope of ["system", "user"] as const) {
        const words = {
          "--name": '50% $x "q" \\',
          "--music": "/srv/a b",
          "--port": "80",
        };
        const unit = systemdUnit(
          service(words, { role, scope, command: [PROGRAM], tokenFile }),
        );
        const file = folder.file(`ondacast-${role}.service`);
        await Deno.writeTextFile(file, unit);
        const verified = await analyze("verify", "--recursive-errors=no", file);
        assert.deepEqual(verified, { code: 0, stderr: "" }, `${role} ${scope}`);
        if (scope === "user") continue;
        const threshold = role === "server" ? 30 : 40;
        const rated = await analyze(
          ...["security", "--offline=true", `--threshold=${threshold}`, file],
        );
        assert.equal(rated.code, 0, join(role, rated.stderr));
      }
    }
  },
});

async function analyze(...args: string[]) {
  const { code, stderr } = await new Deno.Command("systemd-analyze", {
    args,
    stdout: "null",
    stderr: "piped",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test({
  name: "launchdPlist() and scheduledTask() write well-formed XML for any name",
  ignore: !hasProgram("python3", "--version"),
  async fn() {
    const name = "Küche 🎵 a & b &amp; ]]> <!-- \"'";
    for (const text of [launchdPlist, scheduledTask]) {
      const read = await textsIn(text(service({ "--name": name })));
      // In a task's line of arguments, quotes are escaped for Windows.
      assert.ok(read.replaceAll('\\"', '"').includes(`--name=${name}`), read);
    }
  },
});

/** The text of all elements, as an XML parser of its own reads it. */
async function textsIn(xml: string): Promise<string> {
  const program =
    "import sys, xml.etree.ElementTree as e; sys.stdout.buffer.write(''.join(e.fromstring(sys.stdin.buffer.read()).itertext()).encode())";
  const python = new Deno.Command("python3", {
    args: ["-c", program],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await new Blob([xml]).stream().pipeTo(python.stdin);
  const { code, stdout } = await python.output();
  assert.equal(code, 0, xml);
  return new TextDecoder().decode(stdout);
}
