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
  { key: "3", title: "Who is online", type: "online" },
  { key: "4", title: "Quit", type: "bye" },
];
