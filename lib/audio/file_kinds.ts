/**
 * The names of files that songs come in. {@link ./containers.ts} recognises them by
 * their content.
 *
 * @module
 */

/** The usual names of the files of one format. */
export interface FileKind {
  /** Name endings, in lower case, the most common one first. */
  readonly endings: readonly string[];
  /** Media types (RFC 6838). */
  readonly mediaTypes: readonly string[];
  /** Whether only ffmpeg decodes it. */
  readonly needsFfmpeg?: true;
}

const KINDS = {
  WAV: {
    // BWF, the Broadcast Wave Format (EBU Tech 3285), is WAV with extra chunks.
    endings: [".wav", ".wave", ".bwf"],
    mediaTypes: ["audio/wav", "audio/x-wav"],
  },
  FLAC: {
    endings: [".flac"],
    mediaTypes: ["audio/flac", "audio/x-flac"],
  },
  MP3: {
    endings: [".mp3", ".mp2"],
    mediaTypes: ["audio/mpeg"],
  },
  Ogg: {
    endings: [".ogg", ".oga", ".opus"],
    mediaTypes: ["audio/ogg", "audio/opus"],
  },
  MP4: {
    endings: [".m4a", ".m4b", ".mp4"],
    mediaTypes: ["audio/mp4", "audio/x-m4a"],
  },
  AAC: {
    endings: [".aac"],
    mediaTypes: ["audio/aac"],
  },
  AIFF: {
    endings: [".aiff", ".aif", ".aifc"],
    mediaTypes: ["audio/aiff", "audio/x-aiff"],
  },
  CAF: {
    endings: [".caf"],
    mediaTypes: ["audio/x-caf"],
  },
  Matroska: {
    needsFfmpeg: true,
    endings: [".mka"],
    mediaTypes: ["audio/x-matroska"],
  },
  WMA: {
    needsFfmpeg: true,
    endings: [".wma"],
    mediaTypes: ["audio/x-ms-wma"],
  },
  "Monkey's Audio": {
    needsFfmpeg: true,
    endings: [".ape"],
    mediaTypes: ["audio/x-ape"],
  },
  WavPack: {
    needsFfmpeg: true,
    endings: [".wv"],
    mediaTypes: ["audio/x-wavpack"],
  },
  Wave64: {
    needsFfmpeg: true,
    endings: [".w64"],
    mediaTypes: ["audio/x-w64"],
  },
} as const satisfies Record<string, FileKind>;

/** The name of a format. */
export type FileKindName = keyof typeof KINDS;

/** All formats, the most common one first. */
export const FILE_KINDS: Readonly<Record<FileKindName, FileKind>> = KINDS;

/** The endings of all formats, the most common one first. */
export const SONG_ENDINGS: readonly string[] = Object.values(FILE_KINDS)
  .flatMap(({ endings }) => endings);

/** The ending added to names without one. */
export const DEFAULT_ENDING: string = SONG_ENDINGS[0];
