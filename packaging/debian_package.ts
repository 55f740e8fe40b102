/**
 * Lays out the Debian package `ondacast` and builds it by `dpkg-deb`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { dirname, join } from "@std/path";
import { systemdUnit, unitName } from "../lib/cli/service/systemd_unit.ts";
import type { Role, Scope } from "../lib/cli/service/service.ts";

/** What is packaged. */
export interface DebianPackage {
  /** Of the project: `1.2.3`. */
  version: string;
  /** As dpkg names it: `amd64`, `arm64`. */
  architecture: string;
  /** The folder of the two compiled programs. */
  programs: string;
  /** The time of all files and of the changelog, in seconds since 1970. */
  epochSeconds: number;
  /** Further files, by their paths below `/`. */
  files: Record<string, string>;
}

const DEBIAN = new URL("debian/", import.meta.url);
const MAINTAINER = "Ondacast authors <maintainers@ondacast.invalid>";
const DOCS = "usr/share/doc/ondacast";

/** The services that a package brings. None is enabled by it. */
const UNITS: [role: Role, scope: Scope, folder: string][] = [
  ["server", "system", "lib/systemd/system"],
  ["receive", "system", "lib/systemd/system"],
  ["receive", "user", "usr/lib/systemd/user"],
];

const COMMANDS: Record<Role, [string, ...string[]]> = {
  server: ["/usr/bin/ondacast-server"],
  receive: ["/usr/bin/ondacast", "receive"],
};

/**
 * Builds a package.
 *
 * @param folder Where to.
 * @param options Of `dpkg-deb`, such as `-Zgzip`.
 * @returns The path of the package.
 */
export async function buildDebian(
  debian: DebianPackage,
  folder: string,
  options: readonly string[] = [],
): Promise<string> {
  const root = await Deno.makeTempDir({ prefix: "ondacast-deb-" });
  try {
    await Deno.chmod(root, 0o755);
    await layOut(debian, root);
    const path = join(
      folder,
      `ondacast_${debian.version}-1_${debian.architecture}.deb`,
    );
    await run(debian, "dpkg-deb", [
      ...["--root-owner-group", ...options, "--build", root, path],
    ]);
    return path;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function layOut(debian: DebianPackage, root: string): Promise<void> {
  for (const name of ["ondacast", "ondacast-server"]) {
    const to = join(root, "usr/bin", name);
    await Deno.mkdir(dirname(to), { recursive: true });
    await Deno.copyFile(join(debian.programs, name), to);
    await Deno.chmod(to, 0o755);
  }
  for (const [role, scope, path] of UNITS) {
    const unit = systemdUnit({
      ...{ role, scope, command: COMMANDS[role], parts: [], options: [] },
      tokenFile: null,
    });
    await write(root, `${path}/${unitName(role)}.service`, unit);
  }
  for (const [path, text] of Object.entries(debian.files)) {
    await write(root, path, text);
  }
  await write(
    root,
    "usr/share/lintian/overrides/ondacast",
    await Deno.readTextFile(new URL("lintian-overrides", DEBIAN)),
  );
  await write(root, `${DOCS}/changelog.Debian`, changelog(debian));
  await compress(debian, root);
  await writeControl(debian, root);
}

/** Policy 12.1 and 12.7: manual pages and changelogs are compressed. */
async function compress(debian: DebianPackage, root: string): Promise<void> {
  const paths = [
    ...await namesIn(join(root, "usr/share/man/man1")),
    ...["changelog", "changelog.Debian"].map((it) => join(root, DOCS, it)),
  ];
  await run(debian, "gzip", ["-9n", ...paths]);
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => join(folder, name));
}

async function writeControl(
  { version, architecture }: DebianPackage,
  root: string,
): Promise<void> {
  for (const name of ["postinst", "prerm", "postrm"]) {
    const text = await Deno.readTextFile(new URL(name, DEBIAN));
    await write(root, `DEBIAN/${name}`, text, 0o755);
  }
  const paths = (await filesIn(root)).filter((it) => !it.startsWith("DEBIAN/"));
  await write(root, "DEBIAN/md5sums", await sums(root, paths));
  const bytes = paths.map((path) => Deno.statSync(join(root, path)).size);
  const total = bytes.reduce((sum, size) => sum + size, 0);
  await write(
    root,
    "DEBIAN/control",
    `Package: ondacast
Version: ${version}-1
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${Math.ceil(total / 1024)}
Depends: libc6 (>= 2.31), libgcc-s1, init-system-helpers (>= 1.54)
Recommends: pulseaudio-utils | mpv | alsa-utils | ffmpeg
Suggests: ffmpeg
Section: sound
Priority: optional
Description: plays music from one computer on another
 A server shares a folder of songs; clients play them bit for bit through their
 own speakers, cast them to each other, and play in step in several rooms.
 .
 This package has both programs. "ondacast install receive" makes a machine a
 speaker from each start on, "ondacast install server --music FOLDER" a server.
`,
  );
}

function changelog({ version, epochSeconds }: DebianPackage): string {
  const date = new Date(epochSeconds * 1000).toUTCString()
    .replace("GMT", "+0000");
  return `ondacast (${version}-1) stable; urgency=medium

  * Release ${version}; /usr/share/doc/ondacast/changelog.gz has the changes.

 -- ${MAINTAINER}  ${date}
`;
}

async function write(
  root: string,
  path: string,
  text: string,
  mode = 0o644,
): Promise<void> {
  const file = join(root, path);
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.writeTextFile(file, text);
  // Whatever the mask of this process is.
  await Deno.chmod(file, mode);
}

/** All files, by their paths in the root. */
async function filesIn(root: string, folder = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = join(folder, name);
    if (isDirectory) paths.push(...await filesIn(root, path));
    else paths.push(path);
  }
  return paths.sort();
}

/** What `dpkg --verify` compares (deb-md5sums(5)). */
async function sums(root: string, paths: string[]): Promise<string> {
  const lines = paths.map(async (path) => {
    const hash = createHash("md5");
    const file = await Deno.open(join(root, path));
    for await (const part of file.readable) hash.update(part);
    return `${hash.digest("hex")}  ${path}\n`;
  });
  return (await Promise.all(lines)).join("");
}

/** With the time of the package in place of now (reproducible-builds.org). */
async function run(
  { epochSeconds }: DebianPackage,
  program: string,
  args: string[],
): Promise<void> {
  const { success } = await new Deno.Command(program, {
    args,
    env: { SOURCE_DATE_EPOCH: String(epochSeconds) },
    stdin: "null",
    stdout: "null",
  }).spawn().status;
  if (!success) throw new Error(`Cannot build the package: ${program} failed`);
}
