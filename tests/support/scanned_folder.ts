import { SongFiles } from "../../lib/io/songs/song_files.ts";

/**
 * Opens a folder whose scan is over, however slow the machine is: a server begins to
 * serve after a while even if its scan goes on.
 */
export async function openScanned(
  ...args: Parameters<typeof SongFiles.openFolder>
): Promise<SongFiles> {
  const files = await SongFiles.openFolder(...args);
  await files.scanned;
  return files;
}
