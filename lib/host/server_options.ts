/**
 * What a server is started with, and the ports that it then has.
 *
 * @module
 */

import type { UploadLimits } from "../io/songs/song_upload.ts";
import type { TlsIdentity } from "../io/tls/tls_identity.ts";
import type { BlockSize } from "../model/block_size.ts";
import type { HubOptions } from "../server/hub.ts";

/** The settings of `ondacast-server`. */
export interface ServerOptions extends Omit<HubOptions, "serverId"> {
  host: string;
  /** 0: any free port; null: not opened. */
  ports: {
    session: number;
    stream: number | null;
    http: number | null;
    snapcast?: number | null;
    snapcastControl?: number | null;
  };
  music: string;
  limits: UploadLimits;
  /** Most bytes of what ffmpeg decodes to keep; null: it is not used. */
  renditionBytes: number | null;
  /** How long removed songs are kept; 30 days by default. null: for ever. */
  keepRemovedMs?: number | null;
  /** The time between full scans of the folder; a minute by default. */
  rescanMs?: number;
  /** The song of the plain stream; null: the first by name. */
  streamSong: string | null;
  loop: boolean;
  block: BlockSize;
  /** Serve every address, without a token too. */
  open: boolean;
  /** Where the data of all music folders is stored; null: in memory. */
  data: string | null;
  /** Additional host names of the HTTP port, and addresses of proxies. */
  httpHosts: string[];
  /** Whether the server is announced on its networks. */
  announce?: boolean;
  /** The servers that form one with this; absent: it is alone. */
  cluster?: ClusterSettings;
  /** The certificate of the session and HTTP ports; absent: plain TCP. */
  tls?: TlsIdentity;
}

/** How a server is one of several. */
export interface ClusterSettings {
  /** NATS servers. */
  urls: string[];
  /** The text of a credentials file. */
  creds?: Uint8Array;
  cluster: string;
  /** The name of this server. */
  node: string;
  secret: string;
  /** `host:port` where the others reach it; null: found out. */
  advertise: string | null;
}

/** The ports of a running server. */
export interface OpenPorts {
  session: number;
  stream?: number;
  http?: number;
  snapcast?: number;
  snapcastControl?: number;
}
