//! What a song says of itself, as JSON: a list of [key, value] pairs, and the
//! picture of its front cover.

use symphonia::core::formats::FormatReader;
use symphonia::core::meta::{MetadataRevision, StandardTag, StandardVisualKey, Visual};

/// The most characters of one value; more is cut.
const MOST_CHARACTERS: usize = 1024;
/// The most pairs; more are left out.
const MOST_PAIRS: usize = 256;

/// All pairs that are understood, in the order of the file.
pub fn pairs(format: &mut dyn FormatReader) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    each_revision(format, |revision| {
        let tracks = revision.per_track.iter().flat_map(|track| &track.metadata.tags);
        for tag in revision.media.tags.iter().chain(tracks) {
            if let Some(pair) = tag.std.as_ref().and_then(pair_of)
                && found.len() < MOST_PAIRS
                && !found.contains(&pair)
            {
                found.push(pair);
            }
        }
    });
    found
}

/// The front cover, else the first picture.
pub fn art(format: &mut dyn FormatReader) -> Option<Vec<u8>> {
    let mut best: Option<Visual> = None;
    each_revision(format, |revision| {
        for visual in &revision.media.visuals {
            let is_front = visual.usage == Some(StandardVisualKey::FrontCover);
            let is_better = best
                .as_ref()
                .is_none_or(|it| it.usage != Some(StandardVisualKey::FrontCover) && is_front);
            if is_better {
                best = Some(visual.clone());
            }
        }
    });
    best.map(|visual| visual.data.into_vec())
}

/// Pairs as JSON.
pub fn json(pairs: &[(&'static str, String)]) -> String {
    let rows: Vec<String> =
        pairs.iter().map(|(key, value)| format!("[\"{key}\",{}]", quoted(value))).collect();
    format!("[{}]", rows.join(","))
}

fn each_revision(format: &mut dyn FormatReader, mut see: impl FnMut(&MetadataRevision)) {
    let mut log = format.metadata();
    loop {
        if let Some(revision) = log.current() {
            see(revision);
        }
        if log.pop().is_none() {
            return;
        }
    }
}

fn pair_of(tag: &StandardTag) -> Option<(&'static str, String)> {
    use StandardTag::*;
    let (key, value) = match tag {
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
    };
    Some((key, value.chars().take(MOST_CHARACTERS).collect()))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        match it {
            '"' | '\\' => out.extend(['\\', it]),
            '\0'..='\x1f' => out.push_str(&format!("\\u{:04x}", it as u32)),
            _ => out.push(it),
        }
    }
    out.push('"');
    out
}
