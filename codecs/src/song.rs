//! One song: its container and its decoder.

use ropus::{Channels as OpusChannels, DecodeMode, Decoder as OpusDecoder};
use symphonia::core::audio::Channels;
use symphonia::core::codecs::audio::well_known::*;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;

use crate::host::HostFile;
use crate::pcm::{self, Encoding};

/// Why a song cannot be opened or goes no further. Part of the interface.
#[derive(Clone, Copy, Debug)]
pub enum Problem {
    Unknown = -1,
    Unsupported = -2,
    Malformed = -3,
    Unreadable = -4,
    /// One packet could not be decoded; the next may be.
    Damaged = -5,
    /// Another stream follows in the same file (chained Ogg).
    Chained = -6,
}

/// What decodes a song's packets.
enum Decoder {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Box<OpusDecoder>, Vec<i16>),
}

/// What is known of a song before it is decoded.
pub struct About {
    pub codec: Codec,
    pub rate_hz: u32,
    pub channels: u32,
    /// As in WAVE_FORMAT_EXTENSIBLE; 0: unknown.
    pub channel_mask: u64,
    /// Of lossless songs; 16 of lossy ones.
    pub valid_bits: u32,
    pub encoding: Encoding,
    /// Sample frames, by the container; None: it does not say.
    pub frames: Option<u64>,
    /// Sample frames to be cut in front and behind, where the container says.
    pub delay: u32,
    pub padding: u32,
}

/// The codec of a song. Part of the interface.
#[derive(Clone, Copy, PartialEq)]
pub enum Codec {
    Pcm = 0,
    Flac = 1,
    Alac = 2,
    Mp3 = 3,
    Mp2 = 4,
    Vorbis = 5,
    Opus = 6,
    Aac = 7,
}

pub struct Song {
    format: Box<dyn FormatReader>,
    track: u32,
    decoder: Decoder,
    pub about: About,
    /// What was decoded last, and the same before it was rounded.
    pub pcm: Vec<u8>,
    floats: Vec<f32>,
    /// The first sample frame that was decoded last, from the stream's start.
    pub timestamp: i64,
}

/// The rate that Opus is decoded at (RFC 7845, section 5.1).
const OPUS_RATE_HZ: u32 = 48_000;
/// The longest Opus packet is 120 ms.
const OPUS_MOST_FRAMES: usize = 5_760;

impl Song {
    pub fn open(file: HostFile) -> Result<Song, Problem> {
        let stream = MediaSourceStream::new(Box::new(file), Default::default());
        let format = symphonia::default::get_probe()
            .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|error| match error {
                Error::Unsupported(_) => Problem::Unknown,
                other => problem_of(&other),
            })?;
        let track = format.default_track(TrackType::Audio).ok_or(Problem::Unknown)?;
        let params =
            track.codec_params.as_ref().and_then(|it| it.audio()).ok_or(Problem::Unsupported)?;
        let codec = codec_of(params).ok_or(Problem::Unsupported)?;
        let decoder = decoder_of(codec, params)?;
        let about = about(codec, params, &decoder, track.num_frames, track.delay, track.padding)?;
        let track = track.id;
        Ok(Song {
            format,
            track,
            decoder,
            about,
            pcm: Vec::new(),
            floats: Vec::new(),
            timestamp: 0,
        })
    }

    pub fn format(&mut self) -> &mut dyn FormatReader {
        &mut *self.format
    }

    /// Decodes the next packet. Returns its sample frames; None at the end.
    pub fn decode(&mut self) -> Result<Option<usize>, Problem> {
        loop {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ok(None),
                Err(Error::ResetRequired) => return Err(Problem::Chained),
                Err(error) => return Err(problem_of(&error)),
            };
            if packet.track_id == self.track {
                return self.decode_packet(&packet).map(Some);
            }
        }
    }

    fn decode_packet(&mut self, packet: &Packet) -> Result<usize, Problem> {
        self.timestamp = packet.pts.get();
        match &mut self.decoder {
            Decoder::Symphonia(decoder) => {
                let samples = decoder.decode(packet).map_err(|_| Problem::Damaged)?;
                if self.about.codec.is_lossy() {
                    samples.copy_to_vec_interleaved(&mut self.floats);
                    pcm::write_rounded(&self.floats, &mut self.pcm);
                } else {
                    pcm::write(&samples, self.about.encoding, &mut self.pcm);
                }
                Ok(samples.frames())
            }
            Decoder::Opus(decoder, buffer) => {
                let frames = decoder
                    .decode(&packet.data, buffer, DecodeMode::Normal)
                    .map_err(|_| Problem::Damaged)?;
                let samples = &buffer[..frames * self.about.channels as usize];
                pcm::write_s16(samples.iter().copied(), &mut self.pcm);
                Ok(frames)
            }
        }
    }

    /// Goes to a packet at or before a sample frame. Returns where that is.
    pub fn seek(&mut self, frame: i64) -> Result<i64, Problem> {
        let to = SeekTo::Timestamp { ts: Timestamp::new(frame), track_id: self.track };
        let at = self.format.seek(SeekMode::Accurate, to).map_err(|error| problem_of(&error))?;
        match &mut self.decoder {
            Decoder::Symphonia(decoder) => decoder.reset(),
            Decoder::Opus(decoder, _) => **decoder = opus_decoder(self.about.channels)?,
        }
        Ok(at.actual_ts.get())
    }
}

impl Codec {
    pub fn is_lossy(self) -> bool {
        !matches!(self, Codec::Pcm | Codec::Flac | Codec::Alac)
    }
}

fn codec_of(params: &AudioCodecParameters) -> Option<Codec> {
    Some(match params.codec {
        CODEC_ID_FLAC => Codec::Flac,
        CODEC_ID_ALAC => Codec::Alac,
        CODEC_ID_MP3 => Codec::Mp3,
        CODEC_ID_MP2 => Codec::Mp2,
        CODEC_ID_VORBIS => Codec::Vorbis,
        CODEC_ID_OPUS => Codec::Opus,
        CODEC_ID_AAC => Codec::Aac,
        // The identifiers of PCM (symphonia-core, codecs/audio.rs).
        id if (CODEC_ID_PCM_S32LE..=CODEC_ID_PCM_MULAW).contains(&id) => Codec::Pcm,
        _ => return None,
    })
}

fn decoder_of(codec: Codec, params: &AudioCodecParameters) -> Result<Decoder, Problem> {
    if codec == Codec::Opus {
        let channels = count(params.channels.as_ref());
        let mut decoder = opus_decoder(channels)?;
        // OpusHead: "output gain" is a signed Q7.8 of dB at byte 16 (RFC 7845, section 5.1).
        if let Some([low, high]) = params.extra_data.as_ref().and_then(|it| it.get(16..18)) {
            let gain = i16::from_le_bytes([*low, *high]);
            decoder.set_gain(gain.into()).map_err(|_| Problem::Unsupported)?;
        }
        let buffer = vec![0; OPUS_MOST_FRAMES * channels as usize];
        return Ok(Decoder::Opus(Box::new(decoder), buffer));
    }
    // What is cut in front and behind is the host's to decide.
    let options = AudioDecoderOptions::default().gapless(false);
    symphonia::default::get_codecs()
        .make_audio_decoder(params, &options)
        .map(Decoder::Symphonia)
        .map_err(|_| Problem::Unsupported)
}

fn opus_decoder(channels: u32) -> Result<OpusDecoder, Problem> {
    let channels = match channels {
        1 => OpusChannels::Mono,
        2 => OpusChannels::Stereo,
        _ => return Err(Problem::Unsupported),
    };
    OpusDecoder::new(OPUS_RATE_HZ, channels).map_err(|_| Problem::Unsupported)
}

fn about(
    codec: Codec,
    params: &AudioCodecParameters,
    decoder: &Decoder,
    frames: Option<u64>,
    delay: Option<u32>,
    padding: Option<u32>,
) -> Result<About, Problem> {
    // A decoder may know more than the container does (ALAC in CAF, say).
    let params = match decoder {
        Decoder::Symphonia(decoder) => decoder.codec_params(),
        Decoder::Opus(..) => params,
    };
    let channels = count(params.channels.as_ref());
    let rate_hz = if codec == Codec::Opus { OPUS_RATE_HZ } else { params.sample_rate.unwrap_or(0) };
    if channels == 0 || rate_hz == 0 {
        return Err(Problem::Malformed);
    }
    let valid_bits = if codec.is_lossy() { 16 } else { bits(codec, params) };
    let encoding = match params.codec {
        CODEC_ID_PCM_F32LE | CODEC_ID_PCM_F32BE => Encoding::F32,
        CODEC_ID_PCM_F64LE | CODEC_ID_PCM_F64BE => Encoding::F64,
        _ => Encoding::of_bits(valid_bits),
    };
    Ok(About {
        codec,
        rate_hz,
        channels,
        channel_mask: mask(params.channels.as_ref()),
        valid_bits,
        encoding,
        frames,
        delay: delay.unwrap_or(0),
        padding: padding.unwrap_or(0),
    })
}

fn bits(codec: Codec, params: &AudioCodecParameters) -> u32 {
    let told = params.bits_per_sample.filter(|it| *it > 0);
    told.or_else(|| alac_bits(codec, params.extra_data.as_deref()?)).unwrap_or(16)
}

/// `bitDepth` of an ALACSpecificConfig ("ALACMagicCookieDescription.txt", Apple),
/// which QuickTime puts behind a `frma` and the head of an `alac` atom.
fn alac_bits(codec: Codec, cookie: &[u8]) -> Option<u32> {
    let start = if cookie.get(4..8) == Some(b"frma") { 24 } else { 0 };
    if codec != Codec::Alac {
        return None;
    }
    cookie.get(start + 5).map(|it| u32::from(*it))
}

fn count(channels: Option<&Channels>) -> u32 {
    channels.map_or(0, |it| it.count() as u32)
}

fn mask(channels: Option<&Channels>) -> u64 {
    match channels {
        // The positions have the bits of WAVE_FORMAT_EXTENSIBLE as far as that has them.
        Some(Channels::Positioned(positions)) => positions.bits() & 0x3_FFFF,
        _ => 0,
    }
}

fn problem_of(error: &Error) -> Problem {
    match error {
        Error::IoError(it) if it.kind() != std::io::ErrorKind::UnexpectedEof => Problem::Unreadable,
        Error::Unsupported(_) => Problem::Unsupported,
        _ => Problem::Malformed,
    }
}
