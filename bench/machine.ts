/**
 * Describes the machine and the versions of the programs, without which a result
 * means nothing.
 *
 * @module
 */

import { run } from "./programs.ts";

const VERSIONS = {
  gcc: "gcc --version",
  Python: "python3 --version",
  nginx: "/usr/sbin/nginx -v 2>&1",
  icecast: "icecast2 -v",
  ffmpeg: "ffmpeg -version",
  snapserver: "snapserver --version",
  mpv: "mpv --version",
};

/** One line each; missing programs are marked. */
export async function describeMachine(): Promise<string[]> {
  const cpu = /model name\s*: (.*)/.exec(
    await Deno.readTextFile("/proc/cpuinfo"),
  );
  const memory = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  const lines = [
    new Date().toISOString().slice(0, 10),
    `${navigator.hardwareConcurrency} × ${
      cpu?.[1]
    }, ${memory} GiB, Linux ${Deno.osRelease()}, loopback`,
    `Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
  ];
  const missing: string[] = [];
  for (const [name, command] of Object.entries(VERSIONS)) {
    try {
      const [line] = (await run(["sh", "-c", command])).trim().split("\n");
      lines.push(line);
    } catch {
      missing.push(name);
    }
  }
  if (missing.length > 0) lines.push(`not installed: ${missing.join(", ")}`);
  return lines;
}
