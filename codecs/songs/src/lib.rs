//! Decoders of music behind a C interface, for a host that reads the file and
//! takes PCM. An instance decodes one song; nothing is imported but `host.read`.
//!
//! Functions return a negative [`song::Problem`]; what they found is in [`song::Answer`].

mod host;
mod opus;
mod pcm;
mod song;
mod tags;

use std::cell::RefCell;

use host::HostFile;
use song::{Answer, Problem, Song};

thread_local! {
    static SONG: RefCell<Option<Song>> = const { RefCell::new(None) };
}

fn with_song(work: impl FnOnce(&mut Song) -> Result<i32, Problem>) -> i32 {
    let result = SONG.with_borrow_mut(|it| it.as_mut().ok_or(Problem::Malformed).and_then(work));
    result.unwrap_or_else(|problem| problem as i32)
}

/// Opens the song in a file of this many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn open(bytes: f64) -> i32 {
    let song = Song::open(HostFile { position: 0, bytes: bytes as u64 });
    song.map(|it| SONG.set(Some(it))).map_or_else(|problem| problem as i32, |()| 0)
}

/// The address of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const Answer {
    SONG.with_borrow(|song| song.as_ref().map_or(std::ptr::null(), |it| &raw const it.answer))
}

/// Decodes the next packet. Returns its sample frames.
#[unsafe(no_mangle)]
pub extern "C" fn decode() -> i32 {
    with_song(|song| song.decode().map(|frames| frames as i32))
}

/// Moves to a packet at or before a timestamp, with a decoder without history.
#[unsafe(no_mangle)]
pub extern "C" fn seek(timestamp: f64) -> i32 {
    with_song(|song| song.seek(timestamp as i64).map(|()| 0))
}

/// Finds the tags, as in [`tags::text`], else the picture; 0 bytes: there is none.
#[unsafe(no_mangle)]
pub extern "C" fn find(is_text: bool) -> i32 {
    with_song(|song| Ok(song.find(is_text)).map(|()| 0))
}
