/**
 * What a server does at each message of a client: a row a type. A row throws
 * an error with a code; the session tells the client.
 *
 * @module
 */

import { bytesToSeconds } from "../audio/format.ts";
import { type ErrorCode, OndacastError } from "../errors.ts";
import { peerHost } from "../model/address.ts";
import { deviceKey, resting } from "../model/presence.ts";
import { checkDeviceName, checkSongName } from "../model/song_name.ts";
import type { SongEntry, SongPage, SongQuery } from "../ports/server.ts";
import { encodePage } from "../wire/message_codec.ts";
import {
  MAX_ROWS,
  PROTOCOL_VERSION,
  type RequestId,
  type SongRow,
  type ToServer,
  WELCOME_ROWS,
} from "../wire/messages.ts";
import { CAST, castTo, checkControl, controlAll } from "./cast.ts";
import { answerCost, COST, searchCost } from "./cost.ts";
import { onlineFrame } from "./online_frame.ts";
import { SERVICES } from "./services.ts";
import type { Session } from "./session.ts";

/** What a `state` names where no stream is heard. */
const NO_STREAM = 0;
/** A state within so much of a song's end is that of its end. */
const END_SECONDS = 0.5;

type Requests = {
  [K in ToServer["type"]]: (
    session: Session,
    message: ToServer<K>,
  ) => void | Promise<void>;
};

/** Message type → what is done. */
export const REQUESTS: Requests = {
  async hello(session, message) {
    const { hub, channel } = session;
    session.rateLimit.spend(COST.hello);
    await hub.gate.check(message.token, {
      ip: peerHost(channel.transport.peer),
      device: message.device,
    });
    if (session.isEnding) return; // It went, or the server did, meanwhile.
    checkDeviceName(message.name);
    const key = deviceKey(message.device);
    hub.settle(session, key);
    session.credit.grant(message.window);
    const receiving = message.receive ?? false;
    session.client = {
      key,
      id: channel.transport.peer,
      name: message.name,
      receiving,
      activity: resting(receiving),
      activityAtMs: hub.clock.now(),
      link: session,
    };
    const before = hub.presence.join(session.client);
    before?.link.end(
      new OndacastError(
        "replaced",
        "Cannot keep the connection: the same device has connected again",
      ),
    ).catch(() => {});
    const { rows, total } = hub.online(undefined, WELCOME_ROWS);
    session.rateLimit.spend(answerCost(rows.length, 0));
    channel.send({
      type: "welcome",
      version: PROTOCOL_VERSION,
      you: session.client.id,
      key,
      server: hub.options.serverName,
      clock: hub.clockName,
      features: [],
      services: SERVICES,
      online: rows,
      total,
      ...answering(message.id),
    });
  },

  async list(session, message) {
    const { songs } = session.hub;
    const { match, after, limit = MAX_ROWS, sort } = message;
    const isPlain = !match && sort === undefined;
    const { rows, more } = isPlain
      ? songs.page({ after, limit })
      : await searched(session, { match, after, limit, sort });
    const frame = encodePage({
      type: "songs",
      songs: rows.map(describeSong),
      more,
      ...answering(message.id),
    });
    session.rateLimit.spend(answerCost(rows.length, frame.length));
    session.channel.sendMessageFrame(frame);
  },

  async play(session, message) {
    const { songs } = session.hub;
    if (message.from !== undefined && message.offset !== undefined) {
      throw new OndacastError(
        "bad-message",
        "Cannot play from a time and an offset: expected one of them",
      );
    }
    const entry = playable(
      songs.find(checkSongName(message.song)),
      message.song,
    );
    session.rateLimit.spend(COST.stream);
    const song = await songs.open(entry);
    if (message.etag !== undefined && message.etag !== song.entry.etag) {
      song.close();
      throw new OndacastError(
        "changed",
        `Cannot go on with ${entry.name}: its content has changed`,
      );
    }
    songs.wantHash(song.entry);
    session.notices.discard(CAST); // An older choice than this one.
    session.play(
      song,
      { seconds: message.from, offset: message.offset },
      answering(message.id),
    );
  },

  stop(session, message) {
    session.outgoing.stop("asked to", {
      stream: message.stream,
      re: message.id,
    });
  },

  grant(session, message) {
    session.credit.grant(message.bytes);
  },

  upload(session, message) {
    session.rateLimit.spend(COST.upload);
    return session.incoming.begin(message, {
      mayUpload: () => checkMayUpload(session),
      mayReplace: () => checkMayReplace(session, message.song),
    });
  },

  end(session, message) {
    return session.incoming.announce(message);
  },

  receive(session, message) {
    session.receive(message.on);
    session.channel.send({
      type: "receiving",
      on: message.on,
      ...answering(message.id),
    });
  },

  async cast(session, message) {
    const { hub, rateLimit } = session;
    const { song, from, to } = message;
    const entry = playable(hub.songs.find(checkSongName(song)), song);
    const by = session.welcomed.key;
    rateLimit.spend(COST.row * to.length);
    const reached = await castTo(hub, { entry, to, from, by });
    rateLimit.spend(COST.stream * reached.to.length);
    hub.counters.casts += reached.to.length;
    session.channel.send({
      type: "casting",
      ...reached,
      ...answering(message.id),
    });
  },

  async control(session, message) {
    const { action, value } = message;
    const to = typeof message.to === "string" ? [message.to] : message.to;
    checkControl(action, value);
    const by = session.welcomed.key;
    session.rateLimit.spend(COST.row * to.length);
    const reached = await controlAll(session.hub, { to, action, value, by });
    session.channel.send({
      type: "controlled",
      ...reached,
      ...answering(message.id),
    });
  },

  state(session, message) {
    const { latest, stream } = session.outgoing;
    const { position, playing, volume, underruns, problem } = message;
    const isMeant = message.stream === NO_STREAM
      ? session.shown.heardStream === null
      : message.stream === latest?.stream;
    if (!isMeant) {
      throw new OndacastError(
        "stale",
        `Cannot take the state of stream ${message.stream}: it is over`,
      );
    }
    const isHeard = latest !== null && !playing && stream === null &&
      position >= latest.lengthSeconds - END_SECONDS;
    if (message.stream === NO_STREAM || latest === null || isHeard) {
      return session.shown.rests({ problem, volume });
    }
    session.shown.does({
      doing: playing ? "playing" : "paused",
      song: latest.song,
      position,
      volume,
      underruns,
      ...(problem && { problem }),
    });
  },

  online(session, message) {
    if (message.watch !== undefined) session.hub.watch(session, message.watch);
    const page = session.hub.online(message.after, message.limit);
    const frame = onlineFrame(page, answering(message.id));
    session.rateLimit.spend(answerCost(page.rows.length, frame.length));
    session.channel.sendMessageFrame(frame);
  },

  ping(session, message) {
    session.channel.send({
      type: "pong",
      time: message.time,
      received: session.receivedUs,
      sent: session.hub.clockUs,
      ...answering(message.id),
    });
  },

  pong() {},

  bye(session) {
    session.leave("said bye");
  },
};

function checkMayUpload(session: Session): void {
  if (!session.hub.options.readOnly) return;
  throw new OndacastError(
    "read-only",
    "Cannot store songs: the server was started with --read-only",
  );
}

function checkMayReplace(session: Session, song: string): void {
  if (session.hub.options.token !== null || session.isLocal) return;
  throw new OndacastError(
    "read-only",
    `Cannot replace ${song}: without a token only clients on the server's machine may`,
  );
}

/** Songs that are searched for, which costs what it takes. */
async function searched(
  session: Session,
  query: SongQuery,
): Promise<SongPage> {
  const { songs } = session.hub;
  const { rows, more, compared } = await songs.search(
    query,
    () => session.isEnding,
  );
  const { match = "", after = "" } = query;
  session.rateLimit.spend(searchCost(compared, match.length + after.length));
  return { rows, more };
}

function describeSong(entry: SongEntry): SongRow {
  const { name, bytes, etag, format, sha256, problem } = entry;
  return {
    name,
    bytes,
    seconds: format?.dataBytes == null
      ? null
      : bytesToSeconds(format, format.dataBytes),
    etag,
    format,
    ...(sha256 && { sha256 }),
    ...(problem && { problem }),
  };
}

/** The song, if it is there and can be played. */
export function playable(
  entry: SongEntry | undefined,
  name: string,
): SongEntry {
  if (entry === undefined) {
    throw new OndacastError(
      "not-found",
      `Cannot find the song ${JSON.stringify(name)}`,
    );
  }
  if (entry.format === null) {
    throw new OndacastError(
      (entry.problem ?? "unsupported") as ErrorCode,
      `Cannot play ${entry.name}: ${entry.problemText ?? entry.problem}`,
    );
  }
  return entry;
}

function answering(id: RequestId | undefined): { re?: RequestId } {
  return id === undefined ? {} : { re: id };
}
