/**
 * The end of the walk in a browser with AudioWorklets: it passes samples to the
 * device, on the audio thread.
 *
 * @module
 */

/** Samples of each channel, or `drop` to discard them, or `end` after the last. */
export type PcmWorkletMessage = Float32Array[] | "drop" | "end";

// The globals of an AudioWorklet, which TypeScript's DOM types leave out
// (Web Audio API, section 1.32).
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, type: unknown): void;

/** Plays samples in order, and silence while there are none. */
class PcmProcessor extends AudioWorkletProcessor {
  readonly #queue: Float32Array[][] = [];
  /** Sample frames of the first piece that have been played. */
  #played = 0;
  #ending = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PcmWorkletMessage>) => {
      if (data === "end") this.#ending = true;
      else if (data === "drop") {
        this.#queue.length = 0;
        this.#played = 0;
      } else this.#queue.push(data);
    };
  }

  /** @returns Whether the node is still needed. */
  process(_: unknown, [planes]: Float32Array[][]): boolean {
    const frames = planes[0].length;
    let filled = 0;
    while (filled < frames && this.#queue.length > 0) {
      const [piece] = this.#queue;
      const end = Math.min(piece[0].length, this.#played + frames - filled);
      for (let channel = 0; channel < planes.length; channel++) {
        planes[channel].set(piece[channel].subarray(this.#played, end), filled);
      }
      filled += end - this.#played;
      this.#played = end;
      if (end < piece[0].length) break;
      this.#queue.shift();
      this.#played = 0;
    }
    if (!this.#ending || this.#queue.length > 0) return true;
    this.port.postMessage("ended");
    return false;
  }
}

registerProcessor("pcm", PcmProcessor);
