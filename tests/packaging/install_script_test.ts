import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { hasProgram, TempFolder } from "../support/programs.ts";

const SCRIPT = fromFileUrl(
  new URL("../../packaging/install.sh", import.meta.url),
);
const TARGET = "x86_64-unknown-linux-gnu";
const ignore = Deno.build.os !== "linux" || !hasProgram("curl", "--version") ||
  !hasProgram("wget", "--version");

/** What the script runs besides curl and wget. */
const TOOLS = "awk chmod cut id mkdir mktemp mv rm sha256sum";

/** The files of a release, and how they are sent. */
interface Release {
  files?: Record<string, string>;
  sums?: string;
  /** Sends half of this file, and ends the connection. */
  cut?: string;
}

interface Run {
  release?: Release;
  fetcher?: "curl" | "wget" | null;
  machine?: string;
}

const PROGRAMS = {
  [`ondacast-${TARGET}`]: "new client",
  [`ondacast-server-${TARGET}`]: "new server",
};

async function sumsOf(files: Record<string, string>): Promise<string> {
  const lines = Object.entries(files).map(async ([name, text]) => {
    const bytes = new TextEncoder().encode(text);
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    return `${new Uint8Array(hash).toHex()}  ${name}\n`;
  });
  return (await Promise.all(lines)).join("");
}

/** Runs the script where older programs are installed. */
async function install(
  { release = {}, fetcher = "curl", machine = "x86_64" }: Run,
) {
  await using folder = await TempFolder.make();
  const files: Record<string, string> = release.files ?? PROGRAMS;
  const sums = release.sums ?? await sumsOf(files);
  await using server = serve({ ...files, SHA256SUMS: sums }, release.cut);
  const tools = folder.file("tools");
  const target = folder.file("bin");
  await Deno.mkdir(tools);
  await Deno.mkdir(target);
  for (const name of ["ondacast", "ondacast-server"]) {
    await Deno.writeTextFile(`${target}/${name}`, "old");
  }
  for (const name of [...TOOLS.split(" "), ...fetcher ? [fetcher] : []]) {
    await Deno.symlink(await pathOf(name), `${tools}/${name}`);
  }
  await Deno.writeTextFile(
    `${tools}/uname`,
    `#!/bin/sh\n[ "$1" = -s ] && echo Linux || echo ${machine}\n`,
    { mode: 0o755 },
  );
  const { code, stderr } = await new Deno.Command("/bin/sh", {
    args: [SCRIPT, server.url, target],
    clearEnv: true,
    env: { PATH: tools, HOME: folder.path },
  }).output();
  const entries = await Array.fromAsync(Deno.readDir(target));
  return {
    code,
    stderr: new TextDecoder().decode(stderr),
    client: await Deno.readTextFile(`${target}/ondacast`),
    server: await Deno.readTextFile(`${target}/ondacast-server`),
    names: entries.map(({ name }) => name).sort(),
    mode: (await Deno.stat(`${target}/ondacast`)).mode! & 0o777,
  };
}

async function pathOf(program: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", 'command -v "$1"', "sh", program],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** A server that answers one request a connection, below `/release/`. */
function serve(files: Record<string, string>, cut?: string) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answered = (async () => {
    for await (const connection of listener) {
      const request = new Uint8Array(4096);
      const count = await connection.read(request);
      const name = /^GET \/release\/(\S+) /.exec(
        new TextDecoder().decode(request.subarray(0, count ?? 0)),
      )?.[1] ?? "";
      const text = files[name];
      const body = text ?? "";
      const head = `HTTP/1.1 ${text === undefined ? "404 x" : "200 OK"}\r\n` +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
      const sent = head + (name === cut ? body.slice(0, 5) : body);
      await connection.write(new TextEncoder().encode(sent));
      connection.close();
    }
  })();
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/release/`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await answered.catch(() => {});
    },
  };
}

Deno.test({
  name: "install.sh puts both programs in place by curl, and by wget",
  ignore,
  async fn() {
    for (const fetcher of ["curl", "wget"] as const) {
      const { code, stderr, client, server, names, mode } = await install({
        fetcher,
      });
      assert.deepEqual([code, stderr], [0, ""], fetcher);
      assert.deepEqual([client, server], ["new client", "new server"]);
      assert.deepEqual(names, ["ondacast", "ondacast-server"]);
      assert.equal(mode, 0o755);
    }
  },
});

Deno.test({
  name: "install.sh replaces nothing if anything is wrong, and says what",
  ignore,
  async fn() {
    const client = `ondacast-${TARGET}`;
    const sums = await sumsOf(PROGRAMS);
    const cases: [string, Run, RegExp][] = [
      ["a wrong hash", {
        release: { files: { ...PROGRAMS, [client]: "evil client" }, sums },
      }, /ondacast-x86_64\S+ does not have the sum/],
      ["a hash that is listed twice", {
        release: { sums: sums + sums.replaceAll(/^./gm, "0") },
      }, /does not have the sum/],
      ["a hash that is missing", {
        release: { sums: sums.replace(client, "other") },
      }, /SHA256SUMS does not list ondacast-x86_64/],
      ["a hash of a name that only begins the same", {
        release: { sums: sums.replaceAll(TARGET, `${TARGET}.exe`) },
      }, /does not list/],
      ["an interrupted download", { release: { cut: client } }, /cannot fetch/],
      ["an interrupted download by wget", {
        release: { cut: client },
        fetcher: "wget",
      }, /cannot fetch/],
      ["a release without the program", {
        release: { files: { [client]: "new client" }, sums },
      }, /cannot fetch .*ondacast-server-/],
      ["an unknown machine", { machine: "riscv64" }, /Linux on riscv64/],
      ["neither curl nor wget", { fetcher: null }, /neither curl nor wget/],
    ];
    for (const [name, run, message] of cases) {
      const { code, stderr, client, server, names } = await install(run);
      assert.equal(code, 1, name);
      assert.match(stderr, message, name);
      assert.deepEqual([client, server], ["old", "old"], name);
      assert.deepEqual(names, ["ondacast", "ondacast-server"], name);
    }
  },
});
