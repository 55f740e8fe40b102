/**
 * Captures the traffic of a server's ports with Wireshark's tshark.
 *
 * @module
 */

import { RunningProgram } from "./programs.ts";

/** Options of tests that read captures: they are skipped without tshark. */
export const needsTshark = { ignore: !works("tshark", "--version") };

/** Options of tests that capture: they are skipped if that is not allowed. */
export const needsCapture = {
  ignore: needsTshark.ignore || !works("dumpcap", "-i", "lo", "-L"),
};

/** Captures all traffic of the server's ports while a function runs. */
export async function capture(
  file: string,
  ports: { session: number; stream: number },
  meanwhile: () => Promise<void>,
): Promise<void> {
  using first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using last = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const all = [ports.session, ports.stream, first.addr.port, last.addr.port];
  const filter = all.map((port) => `tcp port ${port}`).join(" or ");
  await using tshark = new RunningProgram("tshark", [
    ...["-i", "lo", "-f", filter, "-B", "64", "-a", "duration:60"],
    ...["-w", file, "-P", "-l", "-T", "fields", "-e", "tcp.dstport"],
  ]);
  // A packet to a port of the test shows that the capture has begun, and at the
  // end that all earlier packets are captured.
  const knock = async ({ port, hostname }: Deno.NetAddr) => {
    const heard = tshark.printed(new RegExp(`^${port}$`, "m"))
      .then(() => true);
    do (await Deno.connect({ port, hostname })).close(); while (
      !await Promise.race([heard, pause(50)])
    );
  };
  await knock(first.addr);
  await meanwhile();
  await knock(last.addr);
  tshark.child.kill("SIGINT");
  await tshark.ended();
}

function pause(milliseconds: number): Promise<false> {
  return new Promise((resolve) =>
    setTimeout(() => resolve(false), milliseconds)
  );
}

function works(program: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(program, { args, stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}
