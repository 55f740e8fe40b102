/**
 * The handlers of a client's messages, one for each type: those of any caller, and
 * those that need a session. A handler returns the
 * fields of its answer, which the session sends with the request's id, or throws
 * an error, which is sent instead.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import {
  type Answer,
  type RequestType,
  type ToServer,
} from "../wire/messages.ts";
import { CALLER_REQUESTS } from "./caller_requests.ts";
import { COST } from "./cost.ts";
import type { Elsewhere, LoanCommand } from "./elsewhere.ts";
import { findSong } from "./find_song.ts";
import { peerHost } from "../model/address.ts";
import type { Member } from "./member.ts";
import { SONG_REQUESTS } from "./song_requests.ts";
import { acceptState } from "./state_request.ts";
import { openForServer } from "./stored_song.ts";
import { uploadRights } from "./upload_rights.ts";

/**
 * What a handler returns. A `play` is answered by the stream itself, because
 * nothing may come between its `start` and its data.
 */
export type Handled<K extends HandledType = HandledType> = K extends
  Exclude<RequestType, "play"> ? Answer<K> : void;

/** All but `hello`, which {@link ./hello.ts} answers. */
export type HandledType = Exclude<
  ToServer["type"],
  "hello"
>;

type Handlers = {
  [K in HandledType]: (
    member: Member,
    message: ToServer<K>,
  ) => Handled<K> | Promise<Handled<K>>;
};

/** Message type → its handler. */
export const REQUESTS: Handlers = {
  ...CALLER_REQUESTS,
  ...SONG_REQUESTS,

  prove(member, { proof }) {
    elsewhere(member, "accept the proof").prove(member, proof);
    member.trust();
    return {};
  },

  places(member) {
    return elsewhere(member, "list the servers").places();
  },

  borrow(member, message) {
    return lender(member).borrow(member, message);
  },
  "lent-start": command,
  "lent-line": command,
  "lent-drop": command,
  "lent-control": command,
  "lent-back": command,

  async play(member, message) {
    const { song: name, from, offset, bytes, etag, id } = message;
    const { songs } = member.hub;
    if (from !== undefined && offset !== undefined) {
      throw new OndacastError(
        "bad-message",
        "Cannot play from a time and an offset: expected one of them",
      );
    }
    const entry = findSong(songs, name, etag);
    member.rateLimit.spend(COST.stream);
    const address = peerHost(member.channel.transport.peer);
    const song = message.as === undefined
      ? await songs.open(entry, { address })
      : await openForServer(member, entry, message);
    if (etag !== undefined && !song.live && etag !== song.entry.etag) {
      song.close();
      throw new OndacastError(
        "changed",
        `Cannot continue ${entry.name}: its content has changed`,
      );
    }
    songs.wantHash(song.entry);
    const isWhole = message.as === "live";
    try {
      const place = { seconds: from, offset, bytes, isWhole };
      member.play(song, place, { re: id, entry: message.entry });
    } catch (error) {
      song.close();
      throw error;
    }
  },

  stop({ device, hub, outgoing }, { stream }) {
    const stopped = outgoing.stop("asked to", stream);
    if (device) hub.receivers.stopped(device, stopped.stream);
    return stopped;
  },

  grant({ credit }, { bytes }) {
    credit.grant(bytes);
  },

  upload(member, message) {
    member.rateLimit.spend(COST.upload);
    checkNotSending(member);
    return member.sent.upload.begin(
      message,
      uploadRights(member, message.song),
    );
  },

  live(member, message) {
    member.rateLimit.spend(COST.upload);
    checkNotSending(member);
    uploadRights(member, message.name).mayUpload();
    const isTaken = (name: string) => member.hub.hasFile(name);
    return member.sent.live.begin(message, member.key, isTaken);
  },

  end({ sent }, message) {
    return sent.current.announce(message);
  },

  receive(member, { on }) {
    member.setReceiving(on);
    return { on };
  },

  rejoin({ device, hub }) {
    if (device) hub.receivers.rejoin(device);
  },

  state: acceptState,

  ping({ hub, receivedUs }, { time }) {
    return { time, received: receivedUs, sent: hub.clockUs };
  },

  pong({ echo }, { time }) {
    echo.answered(time);
  },

  bye(member) {
    member.leave("said bye");
  },
};

/** @throws {OndacastError} `unsupported`, by a server that is alone. */
function elsewhere({ hub }: Member, what: string): Elsewhere {
  if (hub.elsewhere) return hub.elsewhere;
  throw new OndacastError(
    "unsupported",
    `Cannot ${what}: this server is not one of several. Start it with --cluster`,
  );
}

function command(member: Member, message: LoanCommand): void {
  lender(member).command(member, message);
}

/** @throws {OndacastError} `unsupported`, to clients that are no servers. */
function lender(member: Member): Elsewhere {
  if (member.isTrusted) return elsewhere(member, "lend a device");
  throw new OndacastError(
    "unsupported",
    "Cannot lend a device: only servers that are one with this can borrow it",
  );
}

/** @throws {OndacastError} `bad-message`, if the client sends data already. */
function checkNotSending({ sent }: Member): void {
  if (!sent.isUnderWay) return;
  throw new OndacastError(
    "bad-message",
    "Cannot begin to send: other data is under way",
  );
}
