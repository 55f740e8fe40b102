/**
 * A PulseAudio server of a test, whose one sink of six channels is silent: each
 * player has a channel of its own, and one recording has what all of them
 * sounded, on one clock, to the sample.
 *
 * @module
 */

import { join } from "@std/path";
import { TempFolder } from "./programs.ts";

/**
 * The path of a program, if it is installed. It is not run: where a sound server
 * is, parec would record for ever.
 */
export function pathOf(program: string): string | null {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      if (Deno.statSync(join(folder, program)).isFile) {
        return join(folder, program);
      }
    } catch {
      // It is not there.
    }
  }
  return null;
}

/** Options of tests that need it. */
export const needsSoundServer = {
  ignore: Deno.build.os !== "linux" ||
    ["pulseaudio", "pacat", "parec"].some((it) => pathOf(it) === null),
};

export const RATE_HZ = 48_000;

/** Of a device whose clock is 104 ppm fast. */
const FAST_HZ = 48_005;

/** Channels of the sink: PulseAudio's names, in order. */
export const CHANNELS = [
  ...["front-left", "front-right", "rear-left", "rear-right"],
  ...["front-center", "lfe"],
] as const;
export type Channel = typeof CHANNELS[number];

/** The names that mpv and ALSA have for channels. */
const MPV_NAMES: Record<Channel, string> = {
  "front-left": "FL",
  "front-right": "FR",
  "rear-left": "BL",
  "rear-right": "BR",
  "front-center": "FC",
  "lfe": "LFE",
};

/** A running sound server. */
export class SoundServer implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly #child: Deno.ChildProcess;
  /** For programs that are to use it. */
  readonly env: Record<string, string>;

  private constructor(
    folder: TempFolder,
    child: Deno.ChildProcess,
    env: Record<string, string>,
  ) {
    this.#folder = folder;
    this.#child = child;
    this.env = env;
  }

  static async start(): Promise<SoundServer> {
    const folder = await TempFolder.make();
    const socket = folder.file("native");
    await Deno.writeTextFile(
      folder.file("default.pa"),
      [
        `load-module module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
        `load-module module-null-sink sink_name=six rate=${RATE_HZ} format=float32le ` +
        `channels=6 channel_map=${CHANNELS.join(",")}`,
        "set-default-sink six",
        "",
      ].join("\n"),
    );
    await Deno.writeTextFile(
      folder.file("daemon.conf"),
      [
        "enable-remixing = no",
        "realtime-scheduling = no",
        "flat-volumes = no",
        // Browsers take it for the sink's, and resample to it.
        `default-sample-rate = ${RATE_HZ}`,
        "resample-method = trivial", // Others sound later than is reported.
        "",
      ].join("\n"),
    );
    const env = {
      XDG_RUNTIME_DIR: folder.path,
      HOME: folder.path,
      PULSE_CONFIG: folder.file("daemon.conf"),
      LC_ALL: "C",
    };
    const child = new Deno.Command("pulseaudio", {
      args: [
        ..."-n --daemonize=no --system=no --use-pid-file=no".split(" "),
        ..."--exit-idle-time=-1 --disallow-exit=yes".split(" "),
        `--file=${folder.file("default.pa")}`,
      ],
      env,
      ...{ stdin: "null", stdout: "null", stderr: "null" },
    }).spawn();
    const server = new SoundServer(folder, child, {
      XDG_RUNTIME_DIR: folder.path,
      PULSE_SERVER: `unix:${socket}`,
      PULSE_COOKIE: folder.file("cookie"),
    });
    await server.#answers(socket);
    return server;
  }

  async #answers(socket: string): Promise<void> {
    for (let i = 0; i < 200; i++) {
      try {
        (await Deno.connect({ transport: "unix", path: socket })).close();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
    throw new Error("pulseaudio does not start");
  }

  /**
   * The environment of a program whose players sound their first channel on one
   * of the sink's.
   *
   * @param isFast Whether pacat's device has a clock that is 104 ppm fast.
   */
  async device(
    channel: Channel,
    isFast = false,
  ): Promise<Record<string, string>> {
    const folder = this.#folder.file(channel);
    await Deno.mkdir(folder);
    // The second channel has a name that the sink lacks, and so is dropped.
    await wrap(
      folder,
      "pacat",
      [`--channel-map=${channel},aux0`, ...isFast ? [`--rate=${FAST_HZ}`] : []],
      isFast ? REPORT_AS_NOMINAL : "",
    );
    await wrap(folder, "mpv", [
      "--ao=pulse",
      `--af=lavfi=[pan=5.1|${MPV_NAMES[channel]}=c0]`,
    ]);
    // ALSA's plugin knows no channels: aplay sounds in front, as browsers do.
    await Deno.writeTextFile(
      join(folder, "asound.conf"),
      "pcm_type.pulse { lib libasound_module_pcm_pulse.so }\n" +
        "pcm.six { type pulse }\n" +
        "pcm.!default { type plug slave.pcm six }\n",
    );
    return {
      ...this.env,
      PATH: `${folder}:${Deno.env.get("PATH")}`,
      ALSA_CONFIG_PATH: join(folder, "asound.conf"),
    };
  }

  /** Records all channels until it is disposed. */
  record(maxSeconds = 200): Recording {
    return new Recording(this.env, maxSeconds);
  }

  /** Kills it: its players lose their device. */
  async end(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** Reports that pacat makes at {@linkcode FAST_HZ}, as a device at 48 kHz does. */
const REPORT_AS_NOMINAL = `2> >(exec perl -e '
  $fast = ${FAST_HZ / RATE_HZ};
  while (sysread STDIN, $_, 65536) {
    s/Time: ([\\d.]+) sec; Latency: (-?\\d+)/sprintf
      "Time: %.6f sec; Latency: %.0f", $1 * $fast, $2 * $fast/eg;
    syswrite STDERR, $_;
  }')`;

/**
 * A program of the PATH, with arguments behind those it is given.
 *
 * @param redirection Of bash.
 */
async function wrap(
  folder: string,
  program: string,
  args: string[],
  redirection = "",
): Promise<void> {
  const path = pathOf(program);
  if (path === null) return;
  // Options come before a file: mpv's `-` for stdin stays the last.
  const words = args.map((arg) => `'${arg}'`).join(" ");
  const script = program === "mpv"
    ? `exec ${path} ${words} "$@"`
    : `exec ${path} "$@" ${words} ${redirection}`;
  await Deno.writeTextFile(join(folder, program), `#!/bin/bash\n${script}\n`, {
    mode: 0o755,
  });
}

/** What all channels have sounded. */
export class Recording implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #read: Promise<void>;
  readonly #channels: Float32Array[];
  #frames = 0;
  #waiting: { frames: number; resolve: () => void }[] = [];

  constructor(env: Record<string, string>, maxSeconds: number) {
    this.#channels = CHANNELS.map(() => new Float32Array(RATE_HZ * maxSeconds));
    this.#child = new Deno.Command("parec", {
      args: [
        ..."--record --raw --no-remix --device=six.monitor".split(" "),
        ..."--format=float32le --latency-msec=20".split(" "),
        ...[`--rate=${RATE_HZ}`, "--channels=6"],
        `--channel-map=${CHANNELS.join(",")}`,
      ],
      env,
      ...{ stdin: "null", stdout: "piped", stderr: "null" },
    }).spawn();
    this.#read = this.#gather();
  }

  /** Sample frames recorded so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Resolves once that many more seconds are recorded. */
  async seconds(seconds: number): Promise<void> {
    const frames = this.#frames + Math.round(seconds * RATE_HZ);
    await new Promise<void>((resolve) =>
      this.#waiting.push({ frames, resolve })
    );
  }

  /** The samples of one channel. */
  channel(channel: Channel, from = 0, to = this.#frames): Float32Array {
    return this.#channels[CHANNELS.indexOf(channel)].subarray(from, to);
  }

  async #gather(): Promise<void> {
    const frameBytes = 4 * CHANNELS.length;
    let rest = new Uint8Array(0);
    for await (const piece of this.#child.stdout) {
      const bytes = new Uint8Array(rest.length + piece.length);
      bytes.set(rest);
      bytes.set(piece, rest.length);
      const frames = Math.floor(bytes.length / frameBytes);
      const samples = new Float32Array(
        bytes.buffer,
        0,
        frames * CHANNELS.length,
      );
      for (let i = 0; i < samples.length; i++) {
        this.#channels[i % CHANNELS.length][
          this.#frames + Math.floor(i / CHANNELS.length)
        ] = samples[i];
      }
      this.#frames += frames;
      rest = bytes.slice(frames * frameBytes);
      const due = this.#waiting.filter((it) => it.frames <= this.#frames);
      this.#waiting = this.#waiting.filter((it) => it.frames > this.#frames);
      for (const { resolve } of due) resolve();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#read.catch(() => {});
  }
}
