//! One song: its container and its decoder.

use symphonia::core::audio::{Channels, GenericAudioBufferRef, sample::i24};
use symphonia::core::codecs::audio::well_known::*;
use symphonia::core::codecs::audio::{
    AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions,
};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatReader, SeekMode, SeekTo, TrackType, probe::Hint};
use symphonia::core::{io::MediaSourceStream, meta::MetadataRevision, units::Timestamp};

use crate::opus::{Opus, has_silk};
use crate::{host::HostFile, pcm, tags};

/// The reason why a song cannot be opened or continued; part of the interface.
#[derive(Clone, Copy)]
pub enum Problem {
    Unsupported = -1,
    Malformed = -2,
    /// One packet could not be decoded; the next may be.
    Damaged = -4,
    /// Another stream follows in the same file (chained Ogg).
    Chained = -5,
    End = -6,
}

/// The result of a call, read by the host; part of the interface.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Answer {
    /// An index into [`CODECS`].
    codec: f64,
    rate_hz: f64,
    channels: f64,
    /// As in WAVE_FORMAT_EXTENSIBLE; 0: unknown.
    channel_mask: f64,
    /// Of lossless songs; 16 of lossy ones. Samples are integers of the fewest
    /// bytes that hold them, in the upper bits, little-endian, and unsigned in one.
    bits: f64,
    /// Sample frames by the container; -1: unknown.
    frames: f64,
    /// The timestamp of the first packet.
    start: f64,
    /// The address of the last result: PCM, tags or a picture.
    data: f64,
    bytes: f64,
    /// Of the packet that was decoded or sought.
    timestamp: f64,
    /// 1: the packet that was decoded depends on all before it; 0: on a second at most.
    remembers: f64,
}

impl Answer {
    fn found(&mut self, data: &[u8]) {
        (self.data, self.bytes) = (data.as_ptr() as usize as f64, data.len() as f64);
    }
}

/// The codecs by number, lossless ones first; the next number is PCM, which the host reads.
const CODECS: [AudioCodecId; 7] = [
    CODEC_ID_FLAC,
    CODEC_ID_ALAC,
    CODEC_ID_MP3,
    CODEC_ID_MP2,
    CODEC_ID_VORBIS,
    CODEC_ID_OPUS,
    CODEC_ID_AAC,
];
const LOSSLESS: usize = 2;

enum Decoder {
    None,
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Opus),
}

pub struct Song {
    format: Box<dyn FormatReader>,
    track: u32,
    params: AudioCodecParameters,
    decoder: Decoder,
    pub answer: Answer,
    pcm: Vec<u8>,
    floats: Vec<f32>,
    tags: Vec<MetadataRevision>,
}

impl Song {
    pub fn open(file: HostFile) -> Result<Song, Problem> {
        let stream = MediaSourceStream::new(Box::new(file), Default::default());
        let mut format = symphonia::default::get_probe()
            .probe(&Hint::new(), stream, Default::default(), Default::default())
            .map_err(problem_of)?;
        let tags = tags::revisions(format.metadata());
        let track = format.default_track(TrackType::Audio).ok_or(Problem::Unsupported)?;
        let params = track.codec_params.as_ref().and_then(|it| it.audio()).cloned();
        let mut params = params.ok_or(Problem::Unsupported)?;
        let codec = CODECS.iter().position(|it| *it == params.codec).unwrap_or(CODECS.len());
        let decoder = decoder_of(&params)?;
        // A decoder may know more than the container does (such as ALAC in CAF).
        if let Decoder::Symphonia(decoder) = &decoder {
            params = decoder.codec_params().clone();
        }
        let answer = Answer {
            codec: codec as f64,
            rate_hz: params.sample_rate.unwrap_or(0).into(),
            channels: params.channels.as_ref().map_or(0, Channels::count) as f64,
            channel_mask: match params.channels.as_ref() {
                // The positions have the bits of WAVE_FORMAT_EXTENSIBLE.
                Some(Channels::Positioned(it)) => (it.bits() & 0x3_FFFF) as f64,
                _ => 0.0,
            },
            bits: if codec < LOSSLESS { bits(&params) } else { 16 }.into(),
            frames: track.num_frames.map_or(-1.0, |it| it as f64),
            start: track.start_ts.get() as f64,
            ..Answer::default()
        };
        let (track, pcm, floats) = (track.id, Vec::new(), Vec::new());
        Ok(Song { format, track, params, decoder, answer, pcm, floats, tags })
    }

    /// Decodes the next packet. Returns its sample frames.
    pub fn decode(&mut self) -> Result<usize, Problem> {
        let packet = loop {
            let packet = self.format.next_packet().map_err(problem_of)?.ok_or(Problem::End)?;
            if packet.track_id == self.track {
                break packet;
            }
        };
        self.answer.timestamp = packet.pts.get() as f64;
        let channels = self.answer.channels as usize;
        let frames = match &mut self.decoder {
            Decoder::None => return Err(Problem::Unsupported),
            Decoder::Symphonia(decoder) => {
                let samples = decoder.decode(&packet).map_err(|_| Problem::Damaged)?;
                let (count, rate) = (samples.spec().channels().count(), samples.spec().rate());
                if count != channels || f64::from(rate) != self.answer.rate_hz {
                    return Err(Problem::Damaged);
                }
                let out = &mut self.pcm;
                match self.answer.bits as u32 {
                    _ if self.answer.codec as usize >= LOSSLESS => match &samples {
                        GenericAudioBufferRef::F32(samples) => pcm::interleave(samples, out),
                        _ => return Err(Problem::Unsupported),
                    },
                    0..=8 => samples.copy_bytes_to_vec_interleaved_as::<u8>(out),
                    9..=16 => samples.copy_bytes_to_vec_interleaved_as::<i16>(out),
                    17..=24 => samples.copy_bytes_to_vec_interleaved_as::<i24>(out),
                    _ => samples.copy_bytes_to_vec_interleaved_as::<i32>(out),
                }
                samples.frames()
            }
            Decoder::Opus(decoder) => {
                self.answer.remembers = has_silk(&packet.data).into();
                let frames = decoder.decode(&packet.data, &mut self.floats);
                pcm::round(&self.floats, &mut self.pcm);
                frames.ok_or(Problem::Damaged)?
            }
        };
        self.answer.found(&self.pcm);
        Ok(frames)
    }

    /// Moves to a packet at or before a timestamp; the decoder loses its history.
    pub fn seek(&mut self, timestamp: i64) -> Result<(), Problem> {
        let to = SeekTo::Timestamp { ts: Timestamp::new(timestamp), track_id: self.track };
        let at = self.format.seek(SeekMode::Accurate, to).map_err(problem_of)?;
        self.answer.timestamp = at.actual_ts.get() as f64;
        match &mut self.decoder {
            Decoder::Symphonia(decoder) => decoder.reset(),
            decoder => *decoder = decoder_of(&self.params)?,
        }
        Ok(())
    }

    /// Answers with the tags as text, or with the picture.
    pub fn find(&mut self, is_text: bool) {
        self.pcm = if is_text { tags::text(&self.tags).into_bytes() } else { Vec::new() };
        let art = tags::art(&self.tags).unwrap_or_default();
        self.answer.found(if is_text { &self.pcm } else { art });
    }
}

fn decoder_of(params: &AudioCodecParameters) -> Result<Decoder, Problem> {
    if !CODECS.contains(&params.codec) {
        return Ok(Decoder::None);
    }
    if params.codec != CODEC_ID_OPUS {
        // The host trims delay and padding.
        let options = AudioDecoderOptions::default().gapless(false);
        let decoder = symphonia::default::get_codecs().make_audio_decoder(params, &options);
        return decoder.map(Decoder::Symphonia).map_err(|_| Problem::Unsupported);
    }
    let channels = params.channels.as_ref().map_or(0, Channels::count);
    // OpusHead: "output gain" is a signed Q7.8 of dB at byte 16 (RFC 7845, section 5.1).
    let gain = params.extra_data.as_ref().and_then(|it| it.get(16..18));
    let gain = gain.map_or(0, |it| i16::from_le_bytes([it[0], it[1]]));
    Opus::new(channels, gain).map(Decoder::Opus).ok_or(Problem::Unsupported)
}

/// As declared, else `bitDepth` of an ALACSpecificConfig ("ALACMagicCookieDescription.txt",
/// Apple), which QuickTime puts behind a `frma` and the head of an `alac` atom.
fn bits(params: &AudioCodecParameters) -> u32 {
    let cookie = params.extra_data.as_deref().unwrap_or_default();
    let start = if cookie.get(4..8) == Some(b"frma") { 24 } else { 0 };
    let told = params.bits_per_sample.filter(|it| *it > 0);
    told.or(cookie.get(start + 5).map(|it| (*it).into())).unwrap_or(16)
}

fn problem_of(error: Error) -> Problem {
    match error {
        Error::ResetRequired => Problem::Chained,
        Error::Unsupported(_) => Problem::Unsupported,
        _ => Problem::Malformed, // or the file could not be read, which the host knows
    }
}
