/**
 * The genres that a tag gives as a number: those of ID3v1, with the extensions
 * of Winamp up to 5.6.
 *
 * @module
 */

/** The name of each number from 0 on. */
// deno-fmt-ignore
const GENRES =
  "Blues|Classic Rock|Country|Dance|Disco|Funk|Grunge|Hip-Hop|Jazz|Metal|New Age|Oldies|Other|Pop|R&B|Rap|Reggae|Rock|Techno|Industrial|Alternative|Ska|Death Metal|Pranks|Soundtrack|Euro-Techno|Ambient|Trip-Hop|Vocal|Jazz+Funk|Fusion|Trance|Classical|Instrumental|Acid|House|Game|Sound Clip|Gospel|Noise|Alternative Rock|Bass|Soul|Punk|Space|Meditative|Instrumental Pop|Instrumental Rock|Ethnic|Gothic|Darkwave|Techno-Industrial|Electronic|Pop-Folk|Eurodance|Dream|Southern Rock|Comedy|Cult|Gangsta|Top 40|Christian Rap|Pop/Funk|Jungle|Native American|Cabaret|New Wave|Psychedelic|Rave|Showtunes|Trailer|Lo-Fi|Tribal|Acid Punk|Acid Jazz|Polka|Retro|Musical|Rock & Roll|Hard Rock|Folk|Folk-Rock|National Folk|Swing|Fast Fusion|Bebop|Latin|Revival|Celtic|Bluegrass|Avantgarde|Gothic Rock|Progressive Rock|Psychedelic Rock|Symphonic Rock|Slow Rock|Big Band|Chorus|Easy Listening|Acoustic|Humour|Speech|Chanson|Opera|Chamber Music|Sonata|Symphony|Booty Bass|Primus|Porn Groove|Satire|Slow Jam|Club|Tango|Samba|Folklore|Ballad|Power Ballad|Rhythmic Soul|Freestyle|Duet|Punk Rock|Drum Solo|A Cappella|Euro-House|Dance Hall|Goa|Drum & Bass|Club-House|Hardcore|Terror|Indie|BritPop|Afro-Punk|Polsk Punk|Beat|Christian Gangsta Rap|Heavy Metal|Black Metal|Crossover|Contemporary Christian|Christian Rock|Merengue|Salsa|Thrash Metal|Anime|JPop|Synthpop"
    .split("|");

/**
 * The name of a genre that ID3 gives by its number, such as `17`, `(17)` or
 * `(17)Hard Rock`, whose words come first; any other text is returned unchanged.
 *
 * @example
 * ```ts
 * import { genreName } from "./id3_genres.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(genreName("(17)"), "Rock");
 * assert.equal(genreName("(17)Hard Rock"), "Hard Rock");
 * assert.equal(genreName("Hard Rock"), "Hard Rock");
 * ```
 */
export function genreName(text: string): string {
  const numbered = /^(?:\((\d{1,3})\)|(\d{1,3})$)/.exec(text);
  if (numbered === null) return text;
  const words = text.slice(numbered[0].length).trim();
  return words || GENRES[Number(numbered[1] ?? numbered[2])] || text;
}
