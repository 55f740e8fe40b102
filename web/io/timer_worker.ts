/**
 * Timers in a worker. Browsers throttle the timers of a hidden page, which would
 * make a song that is cast to it stutter.
 *
 * @module
 */

/** A request of the page; the answer is its `id`, after `ms`. */
export interface TimerRequest {
  id: number;
  ms: number;
}

onmessage = ({ data: { id, ms } }: MessageEvent<TimerRequest>) => {
  setTimeout(() => postMessage(id), ms);
};
