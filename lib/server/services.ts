/**
 * The services that a server offers in its `welcome`, in the order of the
 * menu.
 *
 * @module
 */

import type { ToClient } from "../wire/messages.ts";

/** Key, title and the message type that asks for it. */
export const SERVICES: ToClient<"welcome">["services"] = [
  { key: "1", title: "Play a song here", type: "play" },
  { key: "2", title: "List the songs", type: "list" },
  { key: "3", title: "Upload songs", type: "upload" },
  { key: "4", title: "Wait for songs from others", type: "receive" },
  { key: "5", title: "Play a song on another client", type: "cast" },
  { key: "6", title: "Control what plays on devices", type: "groups" },
  { key: "7", title: "Who is online", type: "online" },
  { key: "8", title: "Quit", type: "bye" },
];
