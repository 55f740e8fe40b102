//! The kinds of pictures, each read row by row. What is transparent becomes white.

use std::io::Cursor;

use image_webp::{UpsamplingMethod, WebPDecoder};
use png::{ColorType, Transformations};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use crate::{MOST_PIXELS, Problem, shrink::Shrinker};

/// What the channels of the pixels are.
#[derive(Clone, Copy, PartialEq)]
pub enum Channels {
    Rgb,
    /// As JPEG has them, full range.
    YCbCr,
}

/// Decodes a picture into a smaller one.
pub fn decode(file: &[u8], size: usize) -> Result<(Shrinker, Channels), Problem> {
    let rgb = |it| (it, Channels::Rgb);
    match file {
        [0xFF, 0xD8, 0xFF, ..] => jpeg(file, size),
        [0x89, b'P', b'N', b'G', ..] => png(file, size).map(rgb),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            webp(file, size).map(rgb)
        }
        _ => Err(Problem::Unsupported),
    }
}

fn shrinker(width: usize, height: usize, size: usize) -> Result<Shrinker, Problem> {
    match width as u64 * height as u64 {
        0 => Err(Problem::Malformed),
        1..=MOST_PIXELS => Ok(Shrinker::new(width, height, size)),
        _ => Err(Problem::Unsupported),
    }
}

/// Channels that the result has as well are not converted, forth and back.
fn jpeg(file: &[u8], size: usize) -> Result<(Shrinker, Channels), Problem> {
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|_| Problem::Malformed)?;
    let info = decoder.info().ok_or(Problem::Malformed)?;
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    let mut shrinker = shrinker(width, height, size)?;
    let kind = match decoder.input_colorspace() {
        Some(ColorSpace::YCbCr) => Channels::YCbCr,
        _ => Channels::Rgb,
    };
    if kind == Channels::YCbCr {
        decoder.set_options(options.jpeg_set_out_colorspace(ColorSpace::YCbCr));
    }
    let pixels = decoder.decode().map_err(|_| Problem::Malformed)?;
    let channels = pixels.len() / (width * height);
    for row in pixels.chunks_exact(width * channels) {
        push(&mut shrinker, row, channels);
    }
    Ok((shrinker, kind))
}

fn png(file: &[u8], size: usize) -> Result<Shrinker, Problem> {
    let mut decoder = png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    let mut reader = decoder.read_info().map_err(|_| Problem::Malformed)?;
    let info = reader.info();
    let (width, height) = (info.width as usize, info.height as usize);
    let is_interlaced = info.interlaced;
    let mut shrinker = shrinker(width, height, size)?;
    let channels = match reader.output_color_type().0 {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        _ => 4,
    };
    if is_interlaced {
        let mut pixels = vec![0; channels * width * height];
        reader.next_frame(&mut pixels).map_err(|_| Problem::Malformed)?;
        for row in pixels.chunks_exact(width * channels) {
            push(&mut shrinker, row, channels);
        }
    } else {
        for _ in 0..height {
            let row = reader.next_row().ok().flatten().ok_or(Problem::Malformed)?;
            push(&mut shrinker, row.data(), channels);
        }
    }
    Ok(shrinker)
}

fn webp(file: &[u8], size: usize) -> Result<Shrinker, Problem> {
    let mut decoder = WebPDecoder::new(Cursor::new(file)).map_err(|_| Problem::Malformed)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    let mut shrinker = shrinker(width, height, size)?;
    if 4 * shrinker.to.0 < 3 * width && 4 * shrinker.to.1 < 3 * height {
        // Edges of blocks and steps of color vanish in the average; libwebp has the same rule.
        decoder.set_lossy_upsampling(UpsamplingMethod::Simple);
    }
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut pixels = vec![0; channels * width * height];
    // Of an animation, this is the first picture.
    decoder.read_image(&mut pixels).map_err(|_| Problem::Malformed)?;
    for row in pixels.chunks_exact(width * channels) {
        push(&mut shrinker, row, channels);
    }
    Ok(shrinker)
}

/// Adds a row of one channel or three, with alpha where it has an even number of them.
fn push(shrinker: &mut Shrinker, row: &[u8], channels: usize) {
    let rgb: Vec<[u8; 3]> = match channels {
        1 => row.iter().map(|it| [*it; 3]).collect(),
        2 => row.chunks_exact(2).map(|it| [on_white(it[0], it[1]); 3]).collect(),
        3 => return shrinker.push(row),
        _ => {
            let pixels = row.chunks_exact(4).map(|it| ([it[0], it[1], it[2]], it[3]));
            pixels.map(|(rgb, alpha)| rgb.map(|it| on_white(it, alpha))).collect()
        }
    };
    shrinker.push(rgb.as_flattened());
}

fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}
