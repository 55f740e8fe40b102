/**
 * Timers of a worker: browsers slow down those of a page that nobody sees,
 * and would make a song stutter that is cast to it.
 *
 * @module
 */

/** What the page asks for, and what it is answered: which, and after how long. */
export interface TimerRequest {
  id: number;
  ms: number;
}

onmessage = ({ data: { id, ms } }: MessageEvent<TimerRequest>) => {
  setTimeout(() => postMessage(id), ms);
};
