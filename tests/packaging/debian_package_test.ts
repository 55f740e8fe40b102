import assert from "node:assert/strict";
import { buildDebian } from "../../packaging/debian_package.ts";
import { sharedFiles } from "../../packaging/package.ts";
import { VERSION } from "../../lib/version.ts";
import { hasProgram, TempFolder } from "../support/programs.ts";

const EPOCH_SECONDS = 1_750_000_000;
const ignore = !hasProgram("dpkg-deb", "--version") ||
  !hasProgram("dpkg", "--version") || Deno.uid() !== 0;

/** A package with a program of the system in the place of each of ours. */
async function build(
  folder: TempFolder,
  architecture: string,
): Promise<string> {
  for (const name of ["ondacast", "ondacast-server"]) {
    await Deno.copyFile("/bin/true", folder.file(name));
  }
  return await buildDebian({
    ...{ version: VERSION, architecture, programs: folder.path },
    epochSeconds: EPOCH_SECONDS,
    files: await sharedFiles(EPOCH_SECONDS),
  }, folder.path);
}

async function run(program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: { LC_ALL: "C.UTF-8" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout);
  assert.equal(code, 0, `${program}: ${text}${decoder.decode(stderr)}`);
  return text;
}

Deno.test({
  name: "a Debian package has both programs and all that belongs to them",
  ignore,
  async fn() {
    await using folder = await TempFolder.make();
    for (const architecture of ["amd64", "arm64"]) {
      const path = await build(folder, architecture);
      assert.equal(
        await run("dpkg-deb", "--field", path, "Architecture"),
        `${architecture}\n`,
      );
      const contents = await run("dpkg-deb", "--contents", path);
      const files = contents.trim().split("\n")
        .map((line) => line.split(/\s+/))
        .filter(([mode]) => !mode.startsWith("d"))
        .map(([mode, owner, , , , file]) => `${mode} ${owner} ${file}`);
      assert.deepEqual(files.sort(), FILES.sort());
    }
  },
});

const FILES = [
  ..."./usr/bin/ondacast ./usr/bin/ondacast-server".split(" ")
    .map((path) => `-rwxr-xr-x root/root ${path}`),
  ...`./lib/systemd/system/ondacast-receive.service
./lib/systemd/system/ondacast-server.service
./usr/lib/systemd/user/ondacast-receive.service
./usr/share/bash-completion/completions/ondacast
./usr/share/doc/ondacast/changelog.Debian.gz
./usr/share/doc/ondacast/changelog.gz
./usr/share/doc/ondacast/copyright
./usr/share/doc/ondacast/sbom.cdx.json
./usr/share/fish/vendor_completions.d/ondacast.fish
./usr/share/lintian/overrides/ondacast
./usr/share/man/man1/ondacast-server.1.gz
./usr/share/man/man1/ondacast.1.gz
./usr/share/zsh/vendor-completions/_ondacast`.split("\n")
    .map((path) => `-rw-r--r-- root/root ${path}`),
];

Deno.test({
  name: "a Debian package is the same to the byte when it is built again",
  ignore,
  async fn() {
    await using folder = await TempFolder.make();
    const first = await Deno.readFile(await build(folder, "amd64"));
    const second = await Deno.readFile(await build(folder, "amd64"));
    assert.ok(first.length === second.length);
    assert.ok(first.every((byte, i) => byte === second[i]));
  },
});

Deno.test({
  name: "dpkg installs, removes and purges the package, but never a song",
  ignore,
  async fn() {
    await using folder = await TempFolder.make();
    const path = await build(folder, await architecture());
    const root = folder.file("root");
    const info = `${root}/var/lib/dpkg`;
    await Deno.mkdir(`${info}/info`, { recursive: true });
    await Deno.writeTextFile(`${info}/status`, "");
    const dpkg = (...words: string[]) =>
      run("dpkg", `--root=${root}`, `--log=${folder.file("log")}`, ...[
        ...["--force-script-chrootless", "--force-depends", ...words],
      ]);
    await dpkg("--install", path);
    assert.ok((await Deno.stat(`${root}/usr/bin/ondacast`)).isFile);
    assert.equal(await dpkg("--verify", "ondacast"), "");

    const state = `${root}/var/lib/private/ondacast-server`;
    const song = `${state}/music/song.wav`;
    await Deno.mkdir(`${state}/music`, { recursive: true });
    await Deno.writeTextFile(song, "");
    await Deno.writeTextFile(`${state}/id`, "");
    await dpkg("--remove", "ondacast");
    assert.ok((await Deno.stat(`${state}/id`)).isFile);
    await assert.rejects(Deno.stat(`${root}/usr/bin/ondacast`));

    await dpkg("--install", path);
    assert.match(await dpkg("--purge", "ondacast"), /songs in .*music stay/);
    assert.ok((await Deno.stat(song)).isFile);
    await assert.rejects(Deno.stat(`${state}/id`));
  },
});

Deno.test({
  name: "lintian finds nothing wrong that is not explained",
  ignore: ignore || !hasProgram("lintian", "--version"),
  async fn() {
    await using folder = await TempFolder.make();
    const path = await build(folder, await architecture());
    // Without the libraries of the programs, its override is not used.
    const output = await run("lintian", "--allow-root", "--fail-on", ...[
      ...["error,warning", "--suppress-tags", "unused-override", path],
    ]);
    assert.equal(output, "");
  },
});

async function architecture(): Promise<string> {
  return (await run("dpkg", "--print-architecture")).trim();
}
