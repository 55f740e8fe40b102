//! Makes a picture smaller, behind a C interface: PNG, JPEG or WebP in, JPEG out. Nothing
//! is imported. An instance keeps the memory that its largest picture took.

mod decode;
mod shrink;

use std::cell::RefCell;

use decode::{Channels, decode};
use jpeg_encoder::{ColorType, Encoder};
use shrink::Shrinker;

/// The reason why there is no smaller picture; part of the interface.
#[derive(Clone, Copy)]
pub enum Problem {
    /// It is no picture of a known kind, or has more pixels than [`MOST_PIXELS`].
    Unsupported = -1,
    Malformed = -2,
}

/// Checked before anything is decoded.
pub const MOST_PIXELS: u64 = 40_000_000;

/// Tried in turn until the result has [`MOST_BYTES`] for each pixel of a square, or less.
const QUALITIES: [u8; 5] = [82, 70, 55, 40, 25];
/// A page of 100 pictures of 256 pixels has less than 2 MB then.
const MOST_BYTES: f64 = 0.3;

thread_local! {
    static BYTES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for a picture's file, and returns where it has to be written.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(bytes: usize) -> *mut u8 {
    BYTES.with_borrow_mut(|it| {
        *it = vec![0; bytes];
        it.as_mut_ptr()
    })
}

/// Replaces the file by a JPEG, whose longer side has at most `size` pixels. Returns its
/// bytes, or a negative [`Problem`].
#[unsafe(no_mangle)]
pub extern "C" fn shrink(size: u32) -> i32 {
    BYTES.with_borrow_mut(|it| match smaller(it, size as usize) {
        Ok(picture) => {
            *it = picture;
            it.len() as i32
        }
        Err(problem) => problem as i32,
    })
}

/// Where the result lies.
#[unsafe(no_mangle)]
pub extern "C" fn result() -> *const u8 {
    BYTES.with_borrow(|it| it.as_ptr())
}

fn smaller(file: &[u8], size: usize) -> Result<Vec<u8>, Problem> {
    let (Shrinker { to: (width, height), pixels, .. }, channels) = decode(file, size)?;
    let color = match channels {
        Channels::Rgb => ColorType::Rgb,
        Channels::YCbCr => ColorType::Ycbcr,
    };
    if pixels.len() != 3 * width * height {
        return Err(Problem::Malformed);
    }
    let most = (MOST_BYTES * (size * size) as f64) as usize;
    let mut picture = Vec::new();
    for quality in QUALITIES {
        picture.clear();
        Encoder::new(&mut picture, quality)
            .encode(&pixels, width as u16, height as u16, color)
            .map_err(|_| Problem::Malformed)?;
        if picture.len() <= most {
            break;
        }
    }
    Ok(picture)
}
