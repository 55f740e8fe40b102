/**
 * Makes `crypto.subtle.digest` answer at once, wherever this is imported.
 * The real one works on another thread, so that a fake clock could not tell
 * whether all that can go on without time has gone on.
 *
 * @module
 */

import { createHash } from "node:crypto";

Object.defineProperty(crypto.subtle, "digest", {
  value: (algorithm: string, data: Uint8Array): Promise<ArrayBuffer> => {
    const name = algorithm.replace("-", "").toLowerCase();
    const digest = new Uint8Array(createHash(name).update(data).digest());
    return Promise.resolve(digest.buffer);
  },
});
