/**
 * Whatever reads what a peer, a file or a person wrote takes linear time: each
 * row is 64 KiB of the input that is worst for a regular expression of ours,
 * or for what took its place. Inputs that are bounded before they are matched
 * stand here too, as a bound may move.
 *
 * @module
 */

import assert from "node:assert/strict";
import { OndacastError } from "../lib/errors.ts";
import { fromPem } from "../lib/io/tls/certificate.ts";
import { describeFileError } from "../lib/io/disk/describe_file_error.ts";
import { HttpError } from "../lib/host/http_answer.ts";
import { parseRange } from "../lib/host/http_range.ts";
import { endOfHead, parseHead } from "../lib/host/http_head.ts";
import { plainHost } from "../lib/io/net/tcp.ts";
import { isTemporaryName } from "../lib/io/disk/temporary_name.ts";
import { addressGroup, parseAddress, peerHost } from "../lib/model/address.ts";
import { Catalog } from "../lib/model/catalog.ts";
import { albumOfCursor, placeAmongAlbums } from "../lib/model/album_orders.ts";
import { genreName } from "../lib/model/id3_genres.ts";
import { readPlaylist } from "../lib/model/playlist.ts";
import { parseSelection } from "../lib/model/selection.ts";
import { cleanTag, titleOf as titleOfTag } from "../lib/model/tags.ts";
import { findServer } from "../lib/model/known_servers.ts";
import { naturalKey } from "../lib/model/natural_order.ts";
import {
  checkDeviceName,
  checkNewSongName,
  checkSongName,
  hasSongEnding,
  looksLikeAddress,
  MAX_COMPONENT_BYTES,
  nameKey,
  portabilityProblem,
} from "../lib/model/song_name.ts";
import { placeOfCursor } from "../lib/model/song_orders.ts";
import { searchWords } from "../lib/model/song_search.ts";
import {
  isOwnHost,
  isOwnOrigin,
  machineNames,
} from "../lib/model/web_origin.ts";
import { safeJson, safeText } from "../lib/safe_text.ts";
import { titleOf } from "../web/model/words.ts";

const BYTES = 64 * 1024;
/** A linear one takes some, on a busy machine too; the square of them is seconds. */
const MOST_MS = 1_000;

/** The worst of what comes, as much of it as makes 64 KiB. */
function worst(begin: string, over: string, end = ""): string {
  const times = Math.ceil((BYTES - begin.length - end.length) / over.length);
  return begin + over.repeat(times) + end;
}

const HEAD = "GET / HTTP/1.1\r\nHost: localhost\r\n";
let names = "";
for (let i = 0; names.length < BYTES; i++) names += `\r\na${i}:b`;

const TABLE: [name: string, read: (text: string) => unknown, input: string][] =
  [
    ["a head of blanks, then a bare LF", head, worst(`${HEAD}a:`, " ", "\nb")],
    ["blanks inside a value", head, worst(`${HEAD}a:x`, " ", "y")],
    ["blanks around a value", head, worst(`${HEAD}a:`, " \t", "x")],
    ["a name without a colon", head, worst(HEAD, "a")],
    ["blanks before a colon", head, worst(`${HEAD}a`, " ", ":")],
    ["fields of one name", head, worst(HEAD, "a:b\r\n", "a:b")],
    ["fields of many names", head, HEAD.trimEnd() + names],
    ["empty lines", head, worst("", "\r\n")],
    ["a request line of blanks", head, worst("GET", " ", "HTTP/1.1")],
    ["a target of question marks", head, worst("GET /", "?", " HTTP/1.1")],
    ["a target of slashes", head, worst("GET http:", "/", " HTTP/1.1")],
    ["a query of names", head, worst("GET /?", "a&", " HTTP/1.1\r\nHost: a")],
    [
      "tokens of Connection",
      head,
      worst(`${HEAD}Connection:`, ",a ", "\r\nUpgrade: a"),
    ],
    ["a length of digits", head, worst(`${HEAD}Content-Length: `, "1")],
    ["a Range of digits", range, worst("bytes=", "1", "-")],
    ["a Range of blanks", range, worst("bytes=", " ", "1-")],
    ["a Range of ranges", range, worst("bytes=", "1-1,")],
    ["an authority", head, worst("GET http://", "a.", "/ HTTP/1.1\r\nHost: a")],
    ["a Host of dots", ownHost, worst("a", ".", "b")],
    ["a Host of labels", ownHost, worst("", "a.", "local!")],
    ["a Host in brackets", ownHost, worst("[", ":", "]:")],
    ["a Host of ports", ownHost, worst("a", ":1")],
    ["an Origin of dots", ownOrigin, worst("http://", "a.", "/")],
    ["an Origin of brackets", ownOrigin, worst("http://", "[")],
    [
      "an Origin of capitals with marks",
      ownOrigin,
      worst("http://", "A\u0301"),
    ],
    [
      "a resolv.conf of blanks",
      (text) => machineNames("a", text),
      worst("search", " ", "a"),
    ],
    ["a device name of colons", looksLikeAddress, worst(":", ":", "x")],
    [
      "a device name of digits and colons",
      looksLikeAddress,
      worst("", "1:", "x"),
    ],
    ["a device name of brackets", looksLikeAddress, worst("[", "]:1", "x")],
    ["a device name of numbers", looksLikeAddress, worst("1.1.1.1:", "1", "x")],
    ["a device name of blanks", checkDeviceName, worst("", " ")],
    ["a device name of half pairs", checkDeviceName, worst("", "\ud800")],
    ["a song name of slashes", checkSongName, worst("", "/")],
    ["a song name of dots", checkSongName, worst("a", ".", "/b")],
    ["a song name of devices", checkSongName, worst("", "con.")],
    ["song names of marks", songNames, worst("a", "\u0301\u0323")],
    ["a song name of sigmas", nameKey, worst("", "\u03a3")],
    ["endings", hasSongEnding, worst("", ".wav", "x")],
    ["endings on the page", titleOf, worst("", ".wav", "x")],
    ["a new song name of blanks", checkNewSongName, worst("", " ", "a")],
    ["a new song name of brackets", checkNewSongName, worst("[", "]:1", "x")],
    [
      "new song names of devices",
      (text) => text.split("/").forEach(portabilityProblem),
      worst("con", " ", "x"),
    ],
    ["a song to find", findSong, worst("a", "\u0301\u0323")],
    ["a tag of broken UTF-8", cleanTag, worst("", "\u00c3")],
    ["a tag of blanks", cleanTag, worst("a", " \u2800", "b")],
    ["a genre of digits", genreName, worst("(", "1")],
    ["a title of separators", titleOfName, worst("01", " -")],
    ["a selection of slashes", parseSelection, worst("a", "/")],
    ["a playlist of dots", playlist, worst("a", "/..")],
    ["a playlist of blanks", playlist, worst("a", " \t", "b\n")],
    ["a cursor of brackets", cursor, worst("", "[")],
    ["a cursor of a long name", cursor, worst('["', "\u0301", '"]')],
    ["a cursor of a long album", cursor, worst('["a",1,"","', "\ufdfa", '"]')],
    ["a cursor of albums", albumOf, worst('["', "1\ufdfa", '"]')],
    ["a name to go on after", naturalKey, worst("a", "\u0301\u0323")],
    ["a number to go on after", naturalKey, worst("", "0", "1")],
    ["numbers to go on after", naturalKey, worst("", "1 ")],
    ["marks to search", search, worst("a", "\u0301\u0323")],
    ["words to search", search, worst("", "a ")],
    ["letters to go on after that become many", goOn, worst("", "\ufdfa")],
    ["blanks to search", search, worst("a", " ", "b")],
    ["an address of digits", parse, worst("a:", "1", "x")],
    ["an address of brackets", parse, worst("[", "[", "]:")],
    ["an address of colons", parse, worst("", ":", "x")],
    ["a peer of colons", peerHost, worst("", ":1", "x")],
    ["a network of colons", addressGroup, worst("2001", ":", "1")],
    ["an IPv4 address in IPv6", plainHost, worst("::ffff:1.1.1.", "1", "x")],
    ["controls", safeText, worst("", "\u001b")],
    ["controls in JSON", safeJson, worst("", "\u202e")],
    ["known servers", knownServers, worst("a", " ", "b")],
    [
      "a certificate that begins for ever",
      pem,
      worst("", "-----BEGIN CERTIFICATE-----\nA"),
    ],
    [
      "a certificate of blanks",
      pem,
      worst("-----BEGIN CERTIFICATE-----", "\n"),
    ],
    [
      "an error of the system",
      (text) => describeFileError(new Error(text)),
      worst("", " (os error 1", "\n"),
    ],
    ["a name of a part", isTemporaryName, worst(".ondacast-", "a")],
  ];

for (const [name, read, input] of TABLE) {
  Deno.test(`64 KiB take linear time: ${name}`, () => {
    const beganMs = performance.now();
    try {
      read(input);
    } catch (error) {
      const isRefusal = error instanceof HttpError ||
        error instanceof OndacastError || error instanceof TypeError ||
        error instanceof DOMException;
      if (!isRefusal) throw error;
    }
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs < MOST_MS, `${tookMs} ms`);
  });
}

/** A head is read as its bytes come, and once more when all are there. */
function head(text: string): void {
  const bytes = new TextEncoder().encode(text);
  let refusal: unknown;
  for (let at = 0; at < bytes.length; at += 1024) {
    try {
      endOfHead(bytes.subarray(0, at + 1024), at);
    } catch (error) {
      refusal = error;
    }
  }
  parseHead(bytes);
  if (refusal) throw refusal;
}

function range(field: string): unknown {
  return parseRange(field, BYTES);
}

function ownHost(host: string): boolean {
  return isOwnHost(host, ["radio.example"]);
}

function ownOrigin(origin: string): boolean {
  return isOwnOrigin(origin, origin.slice("http://".length));
}

/**
 * Bringing marks into their order takes the square of how many there are in a
 * row (ICU), so it is the bound of names that keeps it short.
 */
function songNames(text: string): void {
  for (let at = 0; at < text.length; at += MAX_COMPONENT_BYTES) {
    nameKey(text.slice(at, at + MAX_COMPONENT_BYTES));
  }
}

function findSong(name: string): unknown {
  return new Catalog([{ name: "a.wav" }]).find(name);
}

function goOn(after: string): unknown {
  return placeOfCursor("natural", after);
}

function titleOfName(text: string): unknown {
  return titleOfTag(text.slice(0, MAX_COMPONENT_BYTES));
}

function playlist(text: string): unknown {
  return readPlaylist(new TextEncoder().encode(text), "a.m3u");
}

function cursor(after: string): unknown {
  try {
    return placeOfCursor("album", after);
  } catch (error) {
    return error;
  }
}

function albumOf(after: string): unknown {
  return placeAmongAlbums("artist", albumOfCursor(after));
}

function search(match: string): unknown {
  return searchWords(match);
}

function parse(text: string): unknown {
  return parseAddress(text, 4040);
}

function pem(text: string): unknown {
  return fromPem(text);
}

function knownServers(text: string): unknown {
  return findServer(text, "b");
}
