/**
 * The revision of the decoders, which is stored with the metadata of songs.
 *
 * @module
 */

/**
 * Increase this when the decoded PCM of any song, or the metadata found in it,
 * changes.
 */
export const DECODER_REVISION = 14;
