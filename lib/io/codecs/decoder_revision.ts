/**
 * The revision of the decoders, which is part of what is kept about songs.
 *
 * @module
 */

/**
 * Increased when the PCM of a song that is decoded, or what is found in it,
 * changes.
 */
export const DECODER_REVISION = 3;
