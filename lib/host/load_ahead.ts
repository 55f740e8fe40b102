/**
 * Preloads modules that the first song, upload or browser needs. Startup does
 * not wait for it.
 *
 * @module
 */

export async function loadAhead(): Promise<void> {
  await Promise.all([
    import("../io/disk/hash_file.ts"),
    import("../io/songs/song_upload.ts"),
    import("./web_socket.ts"),
  ]);
}
