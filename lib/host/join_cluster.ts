/**
 * Loads what makes a server one of several, which a server that is alone never does.
 *
 * @module
 */

import { getLogger } from "@logtape/logtape";
import { systemClock } from "../io/clock/clock.ts";
import { turns } from "../io/clock/shared_turns.ts";
import { newHash } from "../io/disk/hash_file.ts";
import { TcpConnector } from "../io/net/tcp.ts";
import type { GroupStore } from "../ports/group_store.ts";
import type { SongFiles } from "../io/songs/song_files.ts";
import { TlsConnector } from "../io/tls/tls_connect.ts";
import { formatHostPort, isLoopback } from "../model/address.ts";
import { safeText } from "../safe_text.ts";
import type { ClusterSettings, ServerOptions } from "./server_options.ts";

const log = getLogger(["ondacast", "server"]);

/** A server's part in a cluster. */
export type JoinedCluster = Awaited<ReturnType<typeof joinCluster>>;

/** @param port Of sessions. */
// deno-lint-ignore explicit-module-boundary-types -- its type is in a room that is loaded here.
export async function joinCluster(
  settings: ClusterSettings,
  { songs, groups, options, port, clockName, signal }: {
    songs: SongFiles;
    groups: GroupStore;
    options: ServerOptions;
    port: number;
    clockName: string;
    signal: AbortSignal;
  },
) {
  const { openCluster } = await import("../cluster/open_cluster.ts");
  const { urls, creds, cluster, node: name, secret, advertise } = settings;
  const { token, open, tls } = options;
  return openCluster(
    {
      ...{ urls, creds, cluster, name, secret },
      address: advertise ?? formatHostPort(ownAddress(options.host), port),
      // The secret keys the digest, which tells nothing of the token.
      admission: { token, open },
      ...(tls && { certificate: tls.cert }),
    },
    {
      ...{ clock: systemClock, clockName, turns, wallMs: Date.now },
      ...{ local: songs, groups },
      newId: () => crypto.randomUUID(),
      newHash,
      random: () => crypto.getRandomValues(new Uint8Array(32)).toHex(),
      connector: (host, port, certificate) =>
        certificate === undefined
          ? new TcpConnector(host, port)
          : new TlsConnector(host, port, { certificate }),
      log: (level, text) =>
        log[level]("cluster: {text}", {
          text: safeText(text),
        }),
    },
    signal,
  );
}

/** An address of this machine that others can reach. */
export function ownAddress(host: string): string {
  if (host !== "0.0.0.0" && host !== "::") return host;
  const found = Deno.networkInterfaces()
    .find(({ address, family }) => family === "IPv4" && !isLoopback(address));
  return found?.address ?? "127.0.0.1";
}
