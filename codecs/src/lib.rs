//! Decoders of music behind a C interface, for a host that reads the file and
//! takes PCM. An instance decodes one song; nothing is imported but
//! `host.read`.
//!
//! Functions that can fail return a [`song::Problem`] as a negative number.

mod host;
mod pcm;
mod song;
mod tags;

use std::cell::RefCell;

use host::HostFile;
use song::Song;

#[derive(Default)]
struct Instance {
    song: Option<Song>,
    /// What [`text`] and [`art`] have found last.
    found: Vec<u8>,
}

thread_local! {
    static INSTANCE: RefCell<Instance> = RefCell::default();
}

fn with<T>(work: impl FnOnce(&mut Instance) -> T) -> T {
    INSTANCE.with_borrow_mut(work)
}

fn with_song<T>(none: T, work: impl FnOnce(&mut Song) -> T) -> T {
    with(|instance| instance.song.as_mut().map_or(none, work))
}

/// Opens the song in a file of so many bytes. Returns 0 or a problem.
#[unsafe(no_mangle)]
pub extern "C" fn open(bytes: f64) -> i32 {
    match Song::open(HostFile::new(bytes as u64)) {
        Ok(song) => {
            with(|instance| instance.song = Some(song));
            0
        }
        Err(problem) => problem as i32,
    }
}

/// A number that is known of the song: 0 codec, 1 rate, 2 channels, 3 channel
/// mask, 4 valid bits, 5 encoding, 6 sample frames or -1, 7 delay, 8 padding.
#[unsafe(no_mangle)]
pub extern "C" fn about(which: u32) -> f64 {
    with_song(f64::NAN, |song| {
        let about = &song.about;
        match which {
            0 => about.codec as u32 as f64,
            1 => about.rate_hz.into(),
            2 => about.channels.into(),
            3 => about.channel_mask as f64,
            4 => about.valid_bits.into(),
            5 => about.encoding as u32 as f64,
            6 => about.frames.map_or(-1.0, |it| it as f64),
            7 => about.delay.into(),
            8 => about.padding.into(),
            _ => f64::NAN,
        }
    })
}

/// Decodes the next packet. Returns its sample frames, -100 at the end, or a problem.
#[unsafe(no_mangle)]
pub extern "C" fn decode() -> i32 {
    with_song(-100, |song| match song.decode() {
        Ok(Some(frames)) => frames as i32,
        Ok(None) => -100,
        Err(problem) => problem as i32,
    })
}

/// Where the PCM of the packet lies that was decoded last.
#[unsafe(no_mangle)]
pub extern "C" fn pcm() -> *const u8 {
    with_song(std::ptr::null(), |song| song.pcm.as_ptr())
}

/// The first sample frame of that packet, from the start of the stream.
#[unsafe(no_mangle)]
pub extern "C" fn timestamp() -> f64 {
    with_song(f64::NAN, |song| song.timestamp as f64)
}

/// Goes to a packet at or before a sample frame, with a decoder that knows
/// nothing of what was before. Returns its first sample frame; NaN: it cannot.
#[unsafe(no_mangle)]
pub extern "C" fn seek(frame: f64) -> f64 {
    with_song(f64::NAN, |song| song.seek(frame as i64).map_or(f64::NAN, |at| at as f64))
}

/// Finds what the song says of itself, as JSON. Returns its bytes.
#[unsafe(no_mangle)]
pub extern "C" fn text() -> usize {
    find(|song| tags::json(&tags::pairs(song.format())).into_bytes())
}

/// Finds the picture of the song. Returns its bytes, 0: there is none.
#[unsafe(no_mangle)]
pub extern "C" fn art() -> usize {
    find(|song| tags::art(song.format()).unwrap_or_default())
}

/// Where lies what was found last.
#[unsafe(no_mangle)]
pub extern "C" fn found() -> *const u8 {
    with(|instance| instance.found.as_ptr())
}

fn find(look: impl FnOnce(&mut Song) -> Vec<u8>) -> usize {
    with(|instance| {
        instance.found = instance.song.as_mut().map(look).unwrap_or_default();
        instance.found.len()
    })
}
