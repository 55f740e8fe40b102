/**
 * Parsers for option values of both programs.
 *
 * @module
 */

import { InvalidArgumentError } from "@commander-js/extra-typings";
import { MAX_DELAY_MS } from "../wire/group_messages.ts";
import {
  CONTAINER_BITS,
  type Encoding,
  type PcmFormat,
  STEP_LAYOUT,
} from "../audio/format.ts";
import { OndacastError } from "../errors.ts";
import { publicAddress } from "../model/web_origin.ts";
import { isOfCharacters } from "../wire/characters.ts";
import { MAX_TEXT } from "../wire/messages.ts";

/** A port: 0 to 65535. */
export function port(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new InvalidArgumentError("Expected a port, 0 to 65535.");
}

/** One more host name, or the address of a proxy. */
export function httpHost(text: string, before: string[] = []): string[] {
  if (!text.includes("/") || publicAddress(text) !== null) {
    return [...before, text];
  }
  throw new InvalidArgumentError(
    "Expected a host name, or an address such as https://example.org/music/.",
  );
}

/**
 * One more list of NATS servers, with commas between.
 *
 * @example
 * ```ts
 * import { natsUrls } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(natsUrls("nats://a:4222,nats://b"), ["nats://a:4222", "nats://b"]);
 * ```
 */
export function natsUrls(text: string, before: string[] = []): string[] {
  const urls = text.split(",");
  const isRight = urls.every((url) =>
    /^(nats|tls):$/.test(URL.parse(url)?.protocol ?? "")
  );
  if (isRight) return [...before, ...urls];
  throw new InvalidArgumentError(
    "Expected URLs such as nats://nats.example:4222, with commas between.",
  );
}

/** A port, or `off`. */
export function portOrOff(text: string): number | "off" {
  return text === "off" ? text : port(text);
}

/**
 * A size: `4096`, `512MiB`, `2GB`.
 *
 * @example
 * ```ts
 * import { size } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(size("1GiB"), 2 ** 30);
 * assert.equal(size("2kB"), 2000);
 * ```
 */
export function size(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?)b?|b)?$/i.exec(text);
  if (!match) {
    throw new InvalidArgumentError("Expected a size such as 512MiB or 2GB.");
  }
  const power = match[2] ? "kmgt".indexOf(match[2].toLowerCase()) + 1 : 0;
  return Math.round(Number(match[1]) * (match[3] ? 1024 : 1000) ** power);
}

/**
 * The layout of a player in a group: `44100:2`, sample rate and channels.
 *
 * @example
 * ```ts
 * import { layout } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * const { rate, channels, encoding } = layout("44100:2");
 * assert.deepEqual([rate, channels, encoding], [44100, 2, "f32le"]);
 * ```
 */
export function layout(text: string): PcmFormat {
  const match = /^(\d{4,6}):([1-8])$/.exec(text);
  const [rate, channels] = [Number(match?.[1]), Number(match?.[2])];
  if (rate >= 8_000 && rate <= 192_000) {
    return { ...STEP_LAYOUT, rate, channels };
  }
  throw new InvalidArgumentError(
    "Expected a sample rate of 8000 to 192000 and 1 to 8 channels, such as 44100:2.",
  );
}

/**
 * The format of raw PCM: `s16le:48000:2`, encoding, sample rate and channels.
 *
 * @example
 * ```ts
 * import { rawFormat } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(rawFormat("s24le:48000:2"), {
 *   encoding: "s24le",
 *   rate: 48_000,
 *   channels: 2,
 *   bits: 24,
 * });
 * ```
 */
export function rawFormat(text: string): PcmFormat {
  const match = /^([a-z0-9]{2,5}):(\d{4,6}):(\d{1,2})$/.exec(text);
  const [, word = "", rate, channels] = match ?? [];
  if (Object.hasOwn(CONTAINER_BITS, word)) {
    const encoding = word as Encoding;
    const format = {
      ...{ encoding, rate: Number(rate), channels: Number(channels) },
      bits: CONTAINER_BITS[encoding],
    };
    const isRight = format.rate >= 4_000 && format.rate <= 768_000 &&
      format.channels >= 1 && format.channels <= 64;
    if (isRight) return format;
  }
  throw new InvalidArgumentError(
    "Expected an encoding, a sample rate and channels, such as s16le:48000:2.",
  );
}

/** A size, or `off`. */
export function sizeOrOff(text: string): number | "off" {
  return text === "off" ? text : size(text);
}

/**
 * A shared secret. An empty one is refused: it is most likely a lost variable,
 * and would disable the protection.
 *
 * @throws {OndacastError} `usage`, rather than Commander's error, which would
 * print the secret; also if it is too long for a `hello`.
 */
export function secret(text: string): string {
  if (text.trim() === "") {
    throw new OndacastError(
      "usage",
      "Cannot use an empty --token or ONDACAST_TOKEN, which protects nothing: give a secret, or leave both out",
    );
  }
  if (isOfCharacters(text, 0, MAX_TEXT)) return text;
  throw new OndacastError(
    "usage",
    `Cannot use the token: it has ${
      [...text].length
    } characters, expected at most ${MAX_TEXT}`,
  );
}

/** Milliseconds of a unit. */
const UNITS: Record<string, number> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * A span of time in milliseconds: `30d`, `12h`, `10m`, `5s`, `0`.
 *
 * @example
 * ```ts
 * import { span } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(span("2h"), 7_200_000);
 * ```
 */
export function span(text: string): number {
  const match = /^(\d{1,6})\s*([smhd])$/i.exec(text);
  if (match) return Number(match[1]) * UNITS[match[2].toLowerCase()];
  if (text === "0") return 0;
  throw new InvalidArgumentError("Expected a time such as 30d, 12h or 10m.");
}

/** A span of time of at least a second, in milliseconds. */
export function longSpan(text: string): number {
  const ms = span(text);
  if (ms > 0) return ms;
  throw new InvalidArgumentError(
    "Expected a time of at least 1s, such as 10m.",
  );
}

/** A whole number of at least 1. */
export function positive(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number of at least 1.");
}

/** A percentage: 0 to 100. */
export function percent(text: string): number {
  const percent = Number(text.replace(/%$/, ""));
  if (/^\d/.test(text) && percent >= 0 && percent <= 100) return percent;
  throw new InvalidArgumentError("Expected 0 to 100.");
}

/** An absolute value, or a change of the current one. */
export interface Amount {
  value: number;
  /** Whether it is a change: `+10`, `-10`. */
  relative: boolean;
}

/**
 * Makes a parser of amounts from one of values: a sign makes them relative.
 *
 * @example
 * ```ts
 * import { amount, percent } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(amount(percent)("-10%"), { value: -10, relative: true });
 * assert.deepEqual(amount(percent)("30"), { value: 30, relative: false });
 * ```
 */
export function amount(
  read: (text: string) => number,
): (text: string) => Amount {
  return (text: string): Amount => {
    const [, sign, rest] = /^([+-]?)(.*)$/s.exec(text)!;
    const value = read(rest);
    return { value: sign === "-" ? -value : value, relative: sign !== "" };
  };
}

/**
 * Allows `seek -1:30` and `volume -5%`: Commander takes all but plain negative
 * numbers for options.
 */
export function plainNegatives(words: readonly string[]): string[] {
  return words.map((word) =>
    /^-\d[\d:.]*[s%]?$/.test(word) ? negative(word) : word
  );
}

function negative(word: string): string {
  try {
    return `-${(word.endsWith("%") ? percent : songTime)(word.slice(1))}`;
  } catch {
    return word;
  }
}

/**
 * A time in a song: `90`, `1:30`, `1:02:03.5`, `90s`.
 *
 * @example
 * ```ts
 * import { songTime } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(songTime("1:30.5"), 90.5);
 * ```
 */
export function songTime(text: string): number {
  const match = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)s?$/.exec(text);
  if (match) {
    const [, hours, minutes, seconds] = match;
    return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 +
      Number(seconds);
  }
  throw new InvalidArgumentError("Expected a time such as 90 or 1:30.");
}

/**
 * Reads a delay in milliseconds.
 *
 * @example
 * ```ts
 * import { milliseconds } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(milliseconds("-40ms"), -40);
 * ```
 */
export function milliseconds(text: string): number {
  const match = /^([+-]?\d{1,5}(?:\.\d{1,3})?)(?:ms)?$/.exec(text);
  const value = Number(match?.[1]);
  if (Math.abs(value) <= MAX_DELAY_MS) return value;
  throw new InvalidArgumentError(
    `Expected milliseconds from -${MAX_DELAY_MS} to ${MAX_DELAY_MS}.`,
  );
}

/** Whether an environment variable means yes. */
export function saysYes(value: string | undefined): boolean {
  return value !== undefined && !/^(|0|no|off|false)$/i.test(value);
}
