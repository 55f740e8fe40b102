//! The tags of a song and its picture.

use symphonia::core::meta::well_known::METADATA_ID_ID3V1;
use symphonia::core::meta::{
    Metadata, MetadataRevision, RawValue, StandardTag, StandardVisualKey, Tag,
};

/// Limits of a value, which is truncated, and of the pairs; further ones are omitted.
const MAX_CHARACTERS: usize = 1024;
const MAX_PAIRS: usize = 256;

/// All sets of tags. ID3v1 is last because its values are cut at 30 characters.
pub fn revisions(mut log: Metadata<'_>) -> Vec<MetadataRevision> {
    let mut all: Vec<_> = std::iter::from_fn(|| log.pop()).collect();
    all.extend(log.current().cloned());
    all.sort_by_key(|it| it.info.metadata == METADATA_ID_ID3V1);
    all
}

/// All known pairs, keys and values each ended by a zero; 1 separates several values of a frame.
pub fn text(revisions: &[MetadataRevision]) -> String {
    let mut pairs: Vec<String> = Vec::new();
    for revision in revisions {
        let tracks = revision.per_track.iter().flat_map(|track| &track.metadata.tags);
        for (key, value) in revision.media.tags.iter().chain(tracks).filter_map(pair_of) {
            let value = value.chars().filter(|it| *it != '\0').take(MAX_CHARACTERS);
            let pair = format!("{key}\0{}\0", value.collect::<String>());
            let is_new = pairs.len() < MAX_PAIRS && !pairs.contains(&pair);
            pairs.extend(is_new.then_some(pair));
        }
    }
    pairs.concat()
}

/// The front cover, else the first picture.
pub fn art(revisions: &[MetadataRevision]) -> Option<&[u8]> {
    let mut all = revisions.iter().flat_map(|it| &it.media.visuals);
    let front = all.clone().find(|it| it.usage == Some(StandardVisualKey::FrontCover));
    front.or_else(|| all.next()).map(|it| &*it.data)
}

fn pair_of(tag: &Tag) -> Option<(&str, String)> {
    use StandardTag::*;
    let Some(standard) = &tag.std else {
        let RawValue::StringList(values) = &tag.raw.value else { return None };
        return Some((&tag.raw.key, values.join("\u{1}")));
    };
    Some(match standard {
        TrackTitle(it) => ("title", it.to_string()),
        Artist(it) => ("artist", it.to_string()),
        Album(it) => ("album", it.to_string()),
        AlbumArtist(it) => ("albumArtist", it.to_string()),
        Genre(it) => ("genre", it.to_string()),
        TrackNumber(it) => ("track", it.to_string()),
        DiscNumber(it) => ("disc", it.to_string()),
        RecordingDate(it) | ReleaseDate(it) | OriginalReleaseDate(it) => ("date", it.to_string()),
        RecordingYear(it) | ReleaseYear(it) | OriginalReleaseYear(it) => ("date", it.to_string()),
        CompilationFlag(it) => ("compilation", it.to_string()),
        ReplayGainTrackGain(it) => ("trackGain", it.to_string()),
        ReplayGainTrackPeak(it) => ("trackPeak", it.to_string()),
        ReplayGainAlbumGain(it) => ("albumGain", it.to_string()),
        _ => return None,
    })
}
