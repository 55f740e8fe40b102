/**
 * The end of the walk in a browser with AudioWorklets: it passes samples to the
 * device, on the audio thread. Those of a microphone go the other way.
 *
 * @module
 */

/** Samples of each channel, or `drop` to discard them, or `end` after the last. */
export type PcmWorkletMessage = Float32Array[] | "drop" | "end";

/**
 * By how many sample frames the context's time is ahead of the samples, whenever
 * that has changed; `ended` after the last.
 */
export type PcmWorkletNews = { aheadFrames: number } | "ended";

// The globals of an AudioWorklet, which TypeScript's DOM types leave out
// (Web Audio API, section 1.32).
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, type: unknown): void;
/** The context's time at the beginning of what is processed, in sample frames. */
declare const currentFrame: number;

/** Plays samples in order, and silence while there are none. */
class PcmProcessor extends AudioWorkletProcessor {
  readonly #queue: Float32Array[][] = [];
  /** Sample frames of the first piece that have been played. */
  #played = 0;
  /** Sample frames that were played or dropped, in all. */
  #passed = 0;
  #ahead: number | null = null;
  #ending = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PcmWorkletMessage>) => {
      if (data === "end") this.#ending = true;
      else if (data === "drop") {
        for (const [plane] of this.#queue) this.#passed += plane.length;
        this.#passed -= this.#played;
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
      this.#report(currentFrame + filled - this.#passed);
      const end = Math.min(piece[0].length, this.#played + frames - filled);
      for (let channel = 0; channel < planes.length; channel++) {
        planes[channel].set(piece[channel].subarray(this.#played, end), filled);
      }
      filled += end - this.#played;
      this.#passed += end - this.#played;
      this.#played = end;
      if (end < piece[0].length) break;
      this.#queue.shift();
      this.#played = 0;
    }
    if (!this.#ending || this.#queue.length > 0) return true;
    this.#post("ended");
    return false;
  }

  #report(aheadFrames: number): void {
    if (aheadFrames === this.#ahead) return;
    this.#ahead = aheadFrames;
    this.#post({ aheadFrames });
  }

  #post(news: PcmWorkletNews): void {
    this.port.postMessage(news);
  }
}

/** Sample frames that are passed to the page at once. */
const PIECE_FRAMES = 1024;

/** Passes what a microphone hears to the page, as samples of each channel. */
class MicrophoneProcessor extends AudioWorkletProcessor {
  #piece: Float32Array[] = [];
  #filled = 0;

  process([planes]: Float32Array[][]): boolean {
    if (planes.length === 0) return true;
    if (this.#filled === 0) {
      this.#piece = planes.map(() => new Float32Array(PIECE_FRAMES));
    }
    planes.forEach((plane, i) => this.#piece[i].set(plane, this.#filled));
    this.#filled += planes[0].length;
    if (this.#filled < PIECE_FRAMES) return true;
    this.port.postMessage(this.#piece);
    this.#filled = 0;
    return true;
  }
}

registerProcessor("pcm", PcmProcessor);
registerProcessor("microphone", MicrophoneProcessor);
