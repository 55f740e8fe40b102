/** The parts of npm's `ws` in use. */

import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";

export interface WebSocket {
  readonly readyState: number;
  readonly OPEN: number;
  /** Bytes that wait to be written. */
  readonly bufferedAmount: number;
  binaryType: "nodebuffer" | "arraybuffer" | "fragments";
  readonly isPaused: boolean;
  on(
    event: "message",
    listener: (data: Buffer | Buffer[], isBinary: boolean) => void,
  ): this;
  on(event: "ping", listener: (data: Buffer) => void): this;
  on(event: "close", listener: (code: number, reason: Buffer) => void): this;
  on(event: "error", listener: (error: Error) => void): this;
  send(
    data: Uint8Array,
    options: { binary: boolean },
    done: (error?: Error | null) => void,
  ): void;
  pong(data: Uint8Array): void;
  pause(): void;
  resume(): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

export class WebSocketServer {
  constructor(options: {
    noServer: true;
    clientTracking: false;
    perMessageDeflate: false;
    autoPong: false;
    maxPayload: number;
    maxFragments: number;
    maxBufferedChunks: number;
    closeTimeout: number;
  });
  handleUpgrade(
    request: { method: string; headers: Record<string, string> },
    socket: Duplex,
    head: Buffer,
    done: (socket: WebSocket) => void,
  ): void;
}
