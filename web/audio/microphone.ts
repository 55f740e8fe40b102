/**
 * The microphone of this device, as PCM. Only secure pages have one.
 *
 * @module
 */

import type { PcmFormat } from "../../lib/audio/format.ts";
import { fromFloats, interleave } from "../../lib/audio/pcm.ts";
import { OndacastError } from "../../lib/errors.ts";

const CHANNELS = 2;

export interface Microphone {
  readonly format: PcmFormat;
  stop(): void;
}

/** Whether the browser lets this page have a microphone, if its user does. */
export function hasMicrophone(): boolean {
  return navigator.mediaDevices !== undefined &&
    typeof AudioWorkletNode !== "undefined";
}

/**
 * Asks the user, and records from then on: music as well as speech, so that
 * nothing is filtered.
 *
 * @param heard Called with whole sample frames, about 20 ms at a time.
 * @param ended Called if the device is unplugged, or the permission taken back.
 * @throws {OndacastError} `source-failed`, if the user refuses, or there is none.
 */
export async function openMicrophone(
  heard: (pcm: Uint8Array) => void,
  ended: () => void,
): Promise<Microphone> {
  const media = await navigator.mediaDevices.getUserMedia({
    audio: {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    },
  }).catch(({ message }) => {
    throw new OndacastError(
      "source-failed",
      `Cannot use the microphone: ${message}`,
    );
  });
  // At the device's own rate: Firefox converts no microphone to another.
  const context = new AudioContext();
  const stop = () => {
    for (const track of media.getTracks()) track.stop();
    context.close();
  };
  try {
    await context.audioWorklet.addModule("/pcm_worklet.js");
  } catch (error) {
    stop();
    throw error;
  }
  const format: PcmFormat = {
    encoding: "s16le",
    rate: context.sampleRate,
    channels: CHANNELS,
    bits: 16,
  };
  const node = new AudioWorkletNode(context, "microphone", {
    channelCount: CHANNELS,
    channelCountMode: "explicit",
  });
  node.port.onmessage = ({ data }: MessageEvent<Float32Array[]>) =>
    heard(fromFloats(format, interleave(data, CHANNELS)));
  context.createMediaStreamSource(media).connect(node);
  // What is connected to nothing is not processed; its output is silence.
  node.connect(context.destination);
  for (const track of media.getTracks()) track.onended = ended;
  return { format, stop };
}
