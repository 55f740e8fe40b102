/**
 * A server in memory with one sender of live sound, and those who hear it.
 *
 * @module
 */

import type { PcmFormat } from "../../lib/audio/format.ts";
import { MemoryServer } from "./memory_server.ts";
import { noise, PHONE, wavFile } from "./memory_songs.ts";
import { dataFrame, type Message, type RawPeer } from "./raw_peer.ts";

/** PHONE has 8,000 bytes a second. */
export const LIVE: { type: string; name: string; format: PcmFormat } = {
  ...{ type: "live", name: "mic", format: PHONE },
};
export const END: Uint8Array = dataFrame(new Uint8Array(0));
export const FEATURES: string[] = ["tags", "groups", "live"];

/** A device's id. */
export function device(number: number): string {
  return `00000000-0000-4000-8000-00000000000${number}`;
}

/** A client of a server in memory, and how its connection is closed. */
type Connected = Pick<
  Awaited<ReturnType<MemoryServer["connectWelcomed"]>>,
  "peer" | "client"
>;

export interface LiveServer {
  server: MemoryServer;
  /** Has begun {@linkcode LIVE}. */
  sender: RawPeer;
  client: Connected["client"];
  connect(number: number, features?: string[]): Promise<Connected>;
}

/** A server on which `live/mic` is sent; a file is `live/taken.wav`. */
export async function liveServer(
  options?: ConstructorParameters<typeof MemoryServer>[0],
): Promise<LiveServer> {
  const server = new MemoryServer(options);
  server.songs.add("live/taken.wav", wavFile(PHONE, noise(10)));
  const connect = async (number: number, features = FEATURES) => {
    const { peer, client } = await server.connectWelcomed({
      hello: { device: device(number), features },
    });
    return { peer, client };
  };
  const { peer: sender, client } = await connect(1);
  await sender.send(LIVE);
  await sender.next("ready");
  return { server, sender, client, connect };
}

/** Sends PCM as its time passes. */
export async function speak(
  { server, sender }: { server: MemoryServer; sender: RawPeer },
  pcm: Uint8Array,
): Promise<void> {
  for (let at = 0; at < pcm.length; at += 400) {
    await sender.write(dataFrame(pcm.subarray(at, at + 400)));
    await server.clock.advance(50);
  }
}

/** Devices that receive, and what they are named by. */
export async function receivers(
  { server }: { server: MemoryServer },
  numbers: readonly number[],
  window?: number,
): Promise<{ peers: RawPeer[]; to: string[] }> {
  const peers: RawPeer[] = [];
  for (const number of numbers) {
    const { peer } = await server.connectWelcomed({
      hello: {
        ...{ device: device(number), features: FEATURES, receive: true },
        ...(window !== undefined && { window }),
      },
    });
    peers.push(peer);
  }
  await peers[0].send({ type: "online" });
  const { clients } = await peers[0].next("online");
  const to = clients.filter((it: Message) => it.receiving)
    .map((it: Message) => it.key);
  return { peers, to };
}
