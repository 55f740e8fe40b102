/**
 * The records of a household, with tags and painted covers, for whatever is to look
 * as it does at home. No file comes from anywhere: all is made here.
 *
 * @module
 */

import { ascii, chunk, fmt, le } from "../audio/fixtures/riff.ts";
import { png } from "./pictures.ts";
import { concat } from "./raw_peer.ts";

interface Album {
  title: string;
  artist: string;
  year: number;
  songs: string[];
  /** Hues of its cover, in degrees; none: it has no cover. */
  hues?: [number, number];
}

const RATE_HZ = 8_000;
const COVER_PIXELS = 256;

export const ALBUMS: readonly Album[] = [
  {
    ...{ title: "Harbour Lights", artist: "Clara Weiss", year: 2019 },
    ...{ hues: [215, 28] },
    songs: ["Low Tide", "Lanterns", "The Ferry Home", "Salt", "Quiet Water"],
  },
  {
    ...{ title: "Kitchen Radio", artist: "The Warm Ups", year: 2022 },
    ...{ hues: [8, 48] },
    songs: ["Toast", "Second Cup", "Sunday Shirt", "Crumbs"],
  },
  {
    ...{ title: "Nachtzug", artist: "Jörg & Änne", year: 2008 },
    ...{ hues: [262, 318] },
    songs: ["Gleis Sieben", "Grenze", "Früh um vier"],
  },
  {
    ...{ title: "Field Notes", artist: "Ines Duarte", year: 2015 },
    ...{ hues: [96, 156] },
    songs: ["Barley", "Hedge", "Rain on Tin", "Stile"],
  },
  {
    ...{ title: "Unlabelled Tapes", artist: "Basement Trio", year: 1998 },
    songs: ["Side One", "Side Two"],
  },
  {
    ...{ title: "Snow Map", artist: "Clara Weiss", year: 2023 },
    ...{ hues: [190, 230] },
    songs: ["White Line", "Cairn", "Thaw"],
  },
];

/** Files by their path. @param seconds Of each song, about. */
export function recordShelf(seconds: number): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const [i, album] of ALBUMS.entries()) {
    const folder = `${album.artist}/${album.title}`;
    for (const [at, title] of album.songs.entries()) {
      const track = String(at + 1);
      files[`${folder}/${track.padStart(2, "0")} ${title}.wav`] = song(
        seconds * (0.8 + (i * 3 + at * 5) % 7 / 15),
        {
          ...{ INAM: title, IART: album.artist, IPRD: album.title },
          ...{ ITRK: track, ICRD: String(album.year) },
        },
        1 + i * 10 + at,
      );
    }
    if (album.hues) files[`${folder}/cover.png`] = cover(...album.hues, i);
  }
  return files;
}

/** A WAV file with tags, as loud as songs are: verses, and a quiet middle. */
function song(
  seconds: number,
  tags: Record<string, string>,
  seed: number,
): Uint8Array {
  // An even length, as chunks have.
  const pcm = new Uint8Array(2 * Math.round(seconds * RATE_HZ / 2));
  for (let i = 0, noise = seed; i < pcm.length; i++) {
    const part = i / pcm.length;
    const verse = 0.35 + 0.3 * Math.abs(Math.sin(part * 9 + seed));
    const loud = verse * Math.min(1, part * 12, (1 - part) * 12) *
      (part > 0.55 && part < 0.65 ? 0.3 : 1);
    noise = noise * 1_103_515_245 + 12_345 >>> 0;
    pcm[i] = 128 + 127 * loud * (noise / 2 ** 31 - 1);
  }
  const info = Object.entries(tags).flatMap(([id, text]) =>
    chunk(id, [...utf8(text), 0])
  );
  const head = [
    ...fmt({ channels: 1, rate: RATE_HZ, bits: 8 }),
    ...chunk("LIST", [...ascii("INFO"), ...info]),
    ...[...ascii("data"), ...le(4, pcm.length)],
  ];
  return concat([
    Uint8Array.from([
      ...[...ascii("RIFF"), ...le(4, 4 + head.length + pcm.length)],
      ...[...ascii("WAVE"), ...head],
    ]),
    pcm,
  ]);
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

/** Hills below a sun, in two hues. */
function cover(sky: number, sun: number, seed: number): Uint8Array {
  return png(COVER_PIXELS, COVER_PIXELS, (x, y) => {
    const [u, v] = [x / COVER_PIXELS, y / COVER_PIXELS];
    const hill = (at: number, high: number) =>
      v > at + high * Math.sin(u * 5 + seed * 2 + at * 9);
    const far = Math.hypot(u - 0.3 - 0.1 * (seed % 5), v - 0.38);
    if (hill(0.8, 0.05)) return rgb(sky, 0.55, 0.16);
    if (hill(0.66, 0.07)) return rgb(sky, 0.5, 0.3);
    if (far < 0.17) return rgb(sun, 0.85, 0.66);
    return rgb(sky, 0.5, 0.42 + 0.28 * v);
  });
}

/** From HSL (CSS Color 4, section 7.1). */
function rgb(
  hue: number,
  saturation: number,
  light: number,
): [number, number, number, number] {
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    const most = saturation * Math.min(light, 1 - light);
    return 255 * (light - most * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [part(0), part(8), part(4), 255];
}
