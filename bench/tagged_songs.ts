/**
 * Libraries of tagged songs: copies of one short FLAC with tags of their own, by
 * the layout of RFC 9639, section 8.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { run } from "./programs.ts";

const SONGS_OF_ALBUM = 10;
const ALBUMS_OF_ARTIST = 5;
const ENCODER = new TextEncoder();

/** Writes songs into folders of artists and albums. */
export async function writeTaggedSongs(
  folder: string,
  count: number,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const path = `${folder}/first.flac`;
  const source = "-f lavfi -i sine=duration=0.05:sample_rate=44100";
  await run(`ffmpeg -v error -y ${source} ${path}`.split(" "));
  const song = await Deno.readFile(path);
  await Deno.remove(path);
  const [streamInfo, frames] = partsOf(song);
  for (let i = 0; i < count; i++) {
    const album = Math.floor(i / SONGS_OF_ALBUM);
    const artist = `Artist ${Math.floor(album / ALBUMS_OF_ARTIST)}`;
    const place = `${folder}/${artist}/Album ${album}`;
    const track = 1 + i % SONGS_OF_ALBUM;
    if (track === 1) await Deno.mkdir(place, { recursive: true });
    const tags = tagsBlock({
      ...{ TITLE: `Études ${i}`, ARTIST: artist, ALBUM: `Album ${album}` },
      ...{ ALBUMARTIST: artist, TRACKNUMBER: `${track}`, DATE: "1999" },
      GENRE: `Genre ${album % 20}`,
    });
    const parts = [ENCODER.encode("fLaC"), streamInfo, tags, frames];
    const name = `${String(track).padStart(2, "0")} Études ${i}.flac`;
    await Deno.writeFile(`${place}/${name}`, concat(parts));
  }
}

/** The block STREAMINFO of a FLAC, and all behind its blocks. */
function partsOf(song: Uint8Array): [Uint8Array, Uint8Array] {
  let at = 4;
  for (let isLast = false; !isLast;) {
    isLast = song[at] >= 0x80;
    at += 4 + (song[at + 1] << 16 | song[at + 2] << 8 | song[at + 3]);
  }
  return [song.slice(4, 42), song.slice(at)];
}

/** The last block of metadata: a Vorbis comment. */
function tagsBlock(tags: Record<string, string>): Uint8Array {
  const texts = ["", ...Object.entries(tags).map((tag) => tag.join("="))]
    .map((text) => ENCODER.encode(text));
  const parts = texts.flatMap((text, i) => [
    ...[littleEndian(text.length), text],
    ...(i === 0 ? [littleEndian(texts.length - 1)] : []),
  ]);
  const bytes = concat(parts);
  const { length } = bytes;
  const head = [0x84, length >> 16, length >> 8 & 0xff, length & 0xff];
  return concat([Uint8Array.from(head), bytes]);
}

function littleEndian(number: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(number).buffer);
}
