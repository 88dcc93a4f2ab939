//! The media plane against a WebRTC peer of its own, over real UDP.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta};
use str0m::{
    Candidate, Event, Input, Output, Rtc, RtcConfig,
    change::{SdpAnswer, SdpOffer, SdpPendingOffer},
    format::Codec,
    media::{Direction, Frequency, MediaKind, MediaTime, Mid, TelephoneEvent},
    net::{Protocol, Receive},
};
use tokio::{net::UdpSocket, time::timeout};

use super::*;
use crate::{
    media::frame::FRAME,
    seam::{Source, Tap},
};

/// A browser, as far as sound goes.
struct Peer {
    rtc: Rtc,
    socket: UdpSocket,
    address: SocketAddr,
    mid: Mid,
    pending: Option<SdpPendingOffer>,
    heard: Vec<i16>,
    sent: u64,
}

fn instant() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl Peer {
    async fn new() -> (Self, String) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = socket.local_addr().unwrap();
        let mut config = RtcConfig::new()
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .clear_codecs()
            .enable_pcmu(true, false);
        config.codec_config().add_config(
            126.into(),
            None,
            Codec::Tele,
            Frequency::EIGHT_KHZ,
            None,
            str0m::format::FormatParams::default(),
        );
        let mut rtc = config.build(instant());
        rtc.add_local_candidate(Candidate::host(address, "udp").unwrap());
        let mut api = rtc.sdp_api();
        let mid = api.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, pending) = api.apply().unwrap();
        let pending = Some(pending);
        let peer = Self {
            rtc,
            socket,
            address,
            mid,
            pending,
            heard: Vec::new(),
            sent: 0,
        };
        // Browsers name no candidates.
        let offer = offer.to_sdp_string();
        let bare: Vec<&str> = offer
            .lines()
            .filter(|line| !line.contains("candidate"))
            .collect();
        (peer, bare.join("\r\n") + "\r\n")
    }

    fn accept(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).unwrap();
        let pending = self.pending.take().unwrap();
        self.rtc.sdp_api().accept_answer(pending, answer).unwrap();
    }

    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output().unwrap() {
                Output::Timeout(_) => return,
                Output::Transmit(out) => {
                    self.socket
                        .try_send_to(&out.contents, out.destination)
                        .unwrap();
                }
                Output::Event(Event::MediaData(data)) => {
                    self.heard
                        .extend(data.data.iter().map(|byte| g711::decode(*byte)));
                }
                Output::Event(_) => {}
            }
        }
    }

    fn send(&mut self, hertz: f32, key: Option<u8>) {
        let frame = tones::tone(self.sent, hertz, 1, 0);
        let time = MediaTime::new(self.sent, Frequency::EIGHT_KHZ);
        self.sent += FRAME as u64;
        let Some(mut writer) = self.rtc.writer(self.mid) else {
            return;
        };
        let payload = writer
            .payload_params()
            .find(|p| p.spec().codec == Codec::PCMU)
            .unwrap()
            .pt();
        if let Some(event) = key {
            let duration = Duration::from_millis(100);
            writer = writer.telephone_event(TelephoneEvent {
                event,
                end: true,
                volume: 10,
                duration,
            });
        }
        let data: Vec<u8> = frame.iter().map(|sample| g711::encode(*sample)).collect();
        writer.write(payload, instant(), time, data).unwrap();
    }

    /// Talks and listens for a while, in real time.
    async fn talk(&mut self, milliseconds: u64, hertz: f32, keys: &[u8]) {
        let mut keys = keys.iter();
        let mut buffer = [0; 2000];
        let begin = tokio::time::Instant::now();
        for n in 0..milliseconds / 20 {
            let key = if n % 20 == 10 {
                keys.next().copied()
            } else {
                None
            };
            self.send(hertz, key);
            self.rtc.handle_input(Input::Timeout(instant())).unwrap();
            self.drain();
            // By the clock, so that a loaded machine sends late but not less.
            let tick = tokio::time::sleep_until(begin + Duration::from_millis(20 * (n + 1)));
            tokio::pin!(tick);
            loop {
                tokio::select! {
                    () = &mut tick => break,
                    received = self.socket.recv_from(&mut buffer) => {
                        let (length, source) = received.unwrap();
                        let contents = buffer[..length].try_into().unwrap();
                        let receive = Receive { proto: Protocol::Udp, source, destination: self.address, contents };
                        self.rtc.handle_input(Input::Receive(instant(), receive)).unwrap();
                        self.drain();
                    }
                }
            }
        }
    }
}

/// A plane whose time runs as the machine's does.
async fn plane() -> (Media, mpsc::UnboundedReceiver<MediaEvent>, Clock) {
    let begin = tokio::time::Instant::now();
    let clock: Clock = Arc::new(move || {
        let passed = TimeDelta::from_std(begin.elapsed()).unwrap();
        DateTime::from_timestamp(1_795_000_000, 0).unwrap() + passed
    });
    let bind = Ipv4Addr::LOCALHOST.into();
    let config = MediaConfig {
        bind,
        port: 0,
        media_ip: None,
        clock: Arc::clone(&clock),
    };
    let (media, events) = Media::start(config).await.unwrap();
    (media, events, clock)
}

async fn event(events: &mut mpsc::UnboundedReceiver<MediaEvent>) -> MediaEvent {
    timeout(Duration::from_secs(10), events.recv())
        .await
        .expect("in time")
        .expect("lives")
}

#[tokio::test]
async fn a_peer_hears_and_is_recorded_and_each_key_comes_once() {
    let (media, mut events, clock) = plane().await;
    let (mut peer, offer) = Peer::new().await;
    let session = media.session();
    peer.accept(&media.answer(session, offer).await.unwrap());
    let leg = "CA1".to_owned();
    media.bind(session, leg.clone());
    for command in [
        MediaCommand::Open { leg: leg.clone() },
        MediaCommand::Speak {
            leg: leg.clone(),
            source: Source::Outside,
        },
        MediaCommand::Hear {
            leg: leg.clone(),
            source: Source::Tone {
                hertz: 600.0,
                on: 1,
                off: 0,
            },
        },
        MediaCommand::StartRecording {
            recording: "RE1".into(),
            tap: Tap::Leg(leg.clone()),
            channels: 2,
        },
    ] {
        media.command(clock(), command);
    }
    peer.talk(2500, 1100.0, &[1, 1, 11]).await;
    assert_eq!(media.outside(), 1);
    assert!(
        media
            .heard(session)
            .await
            .is_some_and(|ago| ago < Duration::from_secs(1))
    );
    let heard = &peer.heard[peer.heard.len().saturating_sub(8000)..];
    assert!(
        heard.len() == 8000 && tones::strength(heard, 600.0) > 6000.0,
        "{} samples",
        peer.heard.len()
    );
    for key in ['1', '1', '#'] {
        assert_eq!(
            event(&mut events).await,
            MediaEvent::Digit {
                leg: leg.clone(),
                digit: key
            }
        );
    }
    media.command(
        clock(),
        MediaCommand::StopRecording {
            recording: "RE1".into(),
        },
    );
    let MediaEvent::Recorded { channels, .. } = event(&mut events).await else {
        panic!("no recording");
    };
    let end = channels[0].len();
    assert!((18_000..24_000).contains(&end), "{end} samples");
    let last = |channel: usize| &channels[channel][end - 4800..end - 800];
    assert!(
        tones::strength(last(0), 1100.0) > 2000.0,
        "{}",
        tones::strength(last(0), 1100.0)
    );
    assert!(tones::strength(last(0), 600.0) < 200.0);
    assert!(tones::strength(last(1), 600.0) > 6000.0);
    media.close(session);
    media.advance(clock()).await;
    assert_eq!(media.outside(), 0);
}

#[tokio::test]
async fn many_sessions_share_the_port_and_one_that_is_not_known_is_told_so() {
    let (media, _events, clock) = plane().await;
    let mut peers = Vec::new();
    for n in 0..4_u16 {
        let (mut peer, offer) = Peer::new().await;
        let session = media.session();
        peer.accept(&media.answer(session, offer).await.unwrap());
        let leg = format!("CA{n}");
        media.command(clock(), MediaCommand::Open { leg: leg.clone() });
        let hertz = 500.0 + 200.0 * f32::from(n);
        media.command(
            clock(),
            MediaCommand::Hear {
                leg: leg.clone(),
                source: Source::Tone {
                    hertz,
                    on: 1,
                    off: 0,
                },
            },
        );
        media.bind(session, leg);
        peers.push((peer, hertz));
    }
    let mut talks = Vec::new();
    for (mut peer, hertz) in peers {
        talks.push(tokio::spawn(async move {
            peer.talk(2000, 300.0, &[]).await;
            (peer.heard, hertz)
        }));
    }
    for talk in talks {
        let (heard, hertz) = talk.await.unwrap();
        let last = &heard[heard.len().saturating_sub(4000)..];
        assert!(
            tones::strength(last, hertz.into()) > 6000.0,
            "{hertz} is not heard in {} samples",
            heard.len()
        );
    }
    assert_eq!(
        media.accept(999, String::new()).await,
        Err(MediaError::NoSession)
    );
    assert!(matches!(
        media.answer(1000, "rubbish".into()).await,
        Err(MediaError::Description(_))
    ));
    assert!(SdpOffer::from_sdp_string(&media.offer(1001).await.unwrap()).is_ok());
}

#[tokio::test]
async fn beyond_loopback_every_address_is_named_and_the_outer_one_too() {
    let config = MediaConfig {
        bind: Ipv4Addr::UNSPECIFIED.into(),
        port: 0,
        media_ip: Some(Ipv4Addr::new(203, 0, 113, 9).into()),
        clock: plane().await.2,
    };
    let (media, _events) = Media::start(config).await.unwrap();
    let offer = media.offer(media.session()).await.unwrap();
    let candidates: Vec<&str> = offer
        .lines()
        .filter(|line| line.starts_with("a=candidate:"))
        .collect();
    let port = media.address().port();
    for address in [
        format!("127.0.0.1 {port} typ host"),
        format!("203.0.113.9 {port} typ host"),
    ] {
        assert!(
            candidates.iter().any(|line| line.contains(&address)),
            "{address} is not in {candidates:?}"
        );
    }
}
