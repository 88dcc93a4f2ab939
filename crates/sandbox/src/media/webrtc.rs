//! One WebRTC session: PCMU and telephone-event over str0m as an ICE-lite peer.

use std::{sync::Arc, time::Instant};

use str0m::{
    Candidate, Event, Input, Output, Rtc, RtcConfig,
    change::{SdpAnswer, SdpOffer, SdpPendingOffer},
    config::{CryptoProvider, DtlsCert},
    format::{Codec, CodecExtra, FormatParams},
    media::{Direction, Frequency, MediaData, MediaKind, MediaTime, Mid, Pt},
    net::{Protocol, Receive},
};

use super::{
    MediaError, dtmf,
    frame::{FRAME, Frame},
    g711,
    line::{Line, Underway, Way},
    sockets::Sockets,
};
use crate::seam::Sid;

/// Payload type offered for telephone events; the peer's own number is used once it is known.
const TELEPHONE_EVENT: u8 = 101;
/// Frames sent in one go; what is older is not worth sending.
const BURST: u32 = 10;

/// What all sessions share.
pub(super) struct Stack {
    provider: Arc<CryptoProvider>,
    certificate: Option<DtlsCert>,
    candidates: Vec<Candidate>,
}

impl Stack {
    pub(super) fn new(candidates: Vec<Candidate>) -> Self {
        let provider = Arc::new(str0m::crypto::from_feature_flags());
        let certificate = provider.dtls_provider.generate_certificate();
        Self {
            provider,
            certificate,
            candidates,
        }
    }

    fn rtc(&self, now: Instant) -> Rtc {
        let mut config = RtcConfig::new()
            .set_crypto_provider(Arc::clone(&self.provider))
            .set_ice_lite(true)
            .set_reordering_size_audio(3)
            .clear_codecs()
            .enable_pcmu(true, false);
        config.codec_config().add_config(
            Pt::new_with_value(TELEPHONE_EVENT),
            None,
            Codec::Tele,
            Frequency::EIGHT_KHZ,
            None,
            FormatParams::default(),
        );
        if let Some(certificate) = &self.certificate {
            config = config.set_dtls_cert(certificate.clone());
        }
        let mut rtc = config.build(now);
        for candidate in &self.candidates {
            rtc.add_local_candidate(candidate.clone());
        }
        rtc
    }
}

/// What a session received.
pub(super) enum Arrived {
    Sound(Vec<i16>),
    Key(char),
}

/// A peer connection of a Voice SDK client.
pub(super) struct Session {
    rtc: Rtc,
    mid: Option<Mid>,
    pending: Option<SdpPendingOffer>,
    /// The leg whose outside sound this is.
    pub(super) leg: Option<Sid>,
    /// RTP clock of what was sent.
    sent: u64,
    burst: u32,
    /// RTP time of the last key: its packets come many times.
    last_key: Option<u64>,
    /// When the last packet with sound came.
    pub(super) heard: Option<Instant>,
    /// How good the way to the client is.
    pub(super) line: Line,
    coming: Underway<Vec<i16>>,
    going: Underway<(MediaTime, Frame)>,
}

fn refused(error: &impl ToString) -> MediaError {
    MediaError::Description(error.to_string())
}

impl Session {
    pub(super) fn new(stack: &Stack, line: Line, now: Instant) -> Self {
        Self {
            line,
            coming: Underway::default(),
            going: Underway::default(),
            rtc: stack.rtc(now),
            mid: None,
            pending: None,
            leg: None,
            sent: 0,
            burst: 0,
            last_key: None,
            heard: None,
        }
    }

    /// The answer to an offer, a first one or one that restarts ICE.
    pub(super) fn answer(&mut self, offer: &str) -> Result<String, MediaError> {
        let offer = SdpOffer::from_sdp_string(offer).map_err(|error| refused(&error))?;
        let answer = self
            .rtc
            .sdp_api()
            .accept_offer(offer)
            .map_err(|error| refused(&error))?;
        Ok(answer.to_sdp_string())
    }

    /// An offer of one voice, both ways.
    pub(super) fn offer(&mut self) -> Result<String, MediaError> {
        let mut api = self.rtc.sdp_api();
        // No event tells of media that we added ourselves.
        self.mid = Some(api.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None));
        let (offer, pending) = api.apply().ok_or_else(|| refused(&"nothing to offer"))?;
        self.pending = Some(pending);
        Ok(offer.to_sdp_string())
    }

    /// The client's answer to our offer.
    pub(super) fn accept(&mut self, answer: &str) -> Result<(), MediaError> {
        let pending = self
            .pending
            .take()
            .ok_or_else(|| refused(&"no offer is open"))?;
        let answer = SdpAnswer::from_sdp_string(answer).map_err(|error| refused(&error))?;
        self.rtc
            .sdp_api()
            .accept_answer(pending, answer)
            .map_err(|error| refused(&error))
    }

    /// Whether a datagram is for this session.
    pub(super) fn accepts(&self, input: &Input<'_>) -> bool {
        self.rtc.accepts(input)
    }

    pub(super) fn is_alive(&self) -> bool {
        self.rtc.is_alive()
    }

    /// Takes a datagram or the time, and does what follows from it.
    pub(super) fn handle(
        &mut self,
        input: Input<'_>,
        sockets: &Sockets,
        arrived: &mut Vec<Arrived>,
    ) {
        if let Err(error) = self.rtc.handle_input(input) {
            tracing::debug!(%error, "a media session ends");
            self.rtc.disconnect();
        }
        self.drain(sockets, arrived);
    }

    /// A tick begins: as many frames may be sent as a burst has.
    pub(super) fn begin_burst(&mut self) {
        self.burst = 0;
    }

    /// Sends 20 ms of sound.
    pub(super) fn send(
        &mut self,
        frame: &Frame,
        now: Instant,
        sockets: &Sockets,
        arrived: &mut Vec<Arrived>,
    ) {
        let time = MediaTime::new(self.sent, Frequency::EIGHT_KHZ);
        self.sent += FRAME as u64;
        self.burst += 1;
        if self.burst > BURST {
            return;
        }
        if !self.line.loses(Way::Out) {
            let due = self.line.arrival(now);
            self.going.push(due, (time, *frame));
        }
        while let Some((time, frame)) = self.going.arrived(now) {
            self.write(time, &frame, now);
        }
        self.handle(Input::Timeout(now), sockets, arrived);
    }

    /// Takes what the client says, and gives what of it has arrived.
    pub(super) fn comes(&mut self, samples: Vec<i16>, now: Instant) -> Vec<Vec<i16>> {
        if !self.line.loses(Way::In) {
            let due = self.line.arrival(now);
            self.coming.push(due, samples);
        }
        self.came(now)
    }

    /// What of the client's sound has arrived meanwhile.
    pub(super) fn came(&mut self, now: Instant) -> Vec<Vec<i16>> {
        std::iter::from_fn(|| self.coming.arrived(now)).collect()
    }

    fn write(&mut self, time: MediaTime, frame: &Frame, now: Instant) {
        let Some(writer) = self.mid.and_then(|mid| self.rtc.writer(mid)) else {
            return;
        };
        let Some(payload) = writer
            .payload_params()
            .find(|params| params.spec().codec == Codec::PCMU)
            .map(str0m::format::PayloadParams::pt)
        else {
            return;
        };
        let data: Arc<[u8]> = frame.iter().map(|sample| g711::encode(*sample)).collect();
        if let Err(error) = writer.write(payload, now, time, data) {
            tracing::debug!(%error, "sound was not sent");
        }
    }

    /// Says goodbye.
    pub(super) fn close(&mut self, now: Instant, sockets: &Sockets) {
        if let Err(error) = self.rtc.close() {
            tracing::debug!(%error, "a media session ended without a goodbye");
        }
        self.handle(Input::Timeout(now), sockets, &mut Vec::new());
    }

    fn drain(&mut self, sockets: &Sockets, arrived: &mut Vec<Arrived>) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(_)) => return,
                Ok(Output::Transmit(transmit)) => sockets.send(&transmit),
                Ok(Output::Event(event)) => self.event(event, arrived),
                Err(error) => {
                    tracing::debug!(%error, "a media session ends");
                    self.rtc.disconnect();
                    return;
                }
            }
        }
    }

    fn event(&mut self, event: Event, arrived: &mut Vec<Arrived>) {
        match event {
            Event::MediaAdded(added) => self.mid = Some(added.mid),
            Event::MediaData(data) => arrived.extend(self.data(&data)),
            Event::IceConnectionStateChange(state) => tracing::debug!(?state, "ice"),
            _ => {}
        }
    }

    fn data(&mut self, data: &MediaData) -> Option<Arrived> {
        self.heard = Some(data.network_time);
        if let CodecExtra::Tele(event) = &data.codec_extra {
            // All packets of one key press carry the RTP time of its beginning.
            let time = data.time.numer();
            if self.last_key.replace(time) == Some(time) {
                return None;
            }
            return dtmf::key_of_event(event.event).map(Arrived::Key);
        }
        (data.params.spec().codec == Codec::PCMU)
            .then(|| Arrived::Sound(data.data.iter().map(|byte| g711::decode(*byte)).collect()))
    }
}

/// A datagram as str0m takes it; `None` if it is none of WebRTC's.
pub(super) fn datagram(
    now: Instant,
    source: std::net::SocketAddr,
    destination: std::net::SocketAddr,
    contents: &[u8],
) -> Option<Input<'_>> {
    let contents = contents.try_into().ok()?;
    Some(Input::Receive(
        now,
        Receive {
            proto: Protocol::Udp,
            source,
            destination,
            contents,
        },
    ))
}
