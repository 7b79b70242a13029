//! Every valid packet comes back, and nothing that is sent makes a codec panic.

use csml_rt_core::{Rng, Value};

use super::super::{Packet, lane_parts};
use super::*;
use crate::link::{Ack, SourceSync};
use crate::transport::Message;

const NAMES: [&str; 8] = ["barrier", "", "a/b", "ü+#", "%", "x", "\n\0", "panel 1"];

fn name(rng: &mut Rng) -> Arc<str> {
    NAMES[rng.below(8) as usize].into()
}

fn source(rng: &mut Rng) -> SourceName {
    if rng.below(2) == 0 { SourceName::Instance(name(rng)) } else { SourceName::Process(name(rng)) }
}

fn number(rng: &mut Rng) -> u64 {
    let bits = rng.below(64);
    rng.next_u64() >> bits
}

fn value(rng: &mut Rng, depth: u64) -> Value {
    match rng.below(if depth == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => (rng.below(2) == 0).into(),
        2 => (number(rng) as i64).into(),
        3 => [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 1.0, 1e300, rng.unit()]
            [rng.below(7) as usize]
            .into(),
        4 => (&*name(rng)).into(),
        5 => csml_rt_core::Bytes((0..rng.below(6)).map(|n| n as u8).collect()).into(),
        6 => Value::list((0..rng.below(4)).map(|_| value(rng, depth - 1)).collect::<Vec<_>>()),
        7 => Value::set((0..rng.below(4)).map(|_| value(rng, depth - 1)).collect::<Vec<_>>()),
        _ => map(rng, depth),
    }
}

fn map(rng: &mut Rng, depth: u64) -> Value {
    Value::map((0..rng.below(5)).map(|_| (name(rng).to_string(), value(rng, depth - 1))).collect::<Vec<_>>())
}

fn any_event(rng: &mut Rng, codec: &Codec) -> SequencedEvent<Body> {
    let source = source(rng);
    let handed_on = matches!(source, SourceName::Process(_));
    let pick = |rng: &mut Rng| match handed_on {
        true => lane([0, 2, 3][rng.below(3) as usize], Channel::Peripheral),
        false => {
            lane(rng.below(4) as u16, if rng.below(2) == 0 { Channel::External } else { Channel::Global })
        }
    };
    let lane = pick(rng);
    let seq = number(rng).max(1);
    let mut predecessors: Vec<_> =
        (0..rng.below(4)).map(|_| (pick(rng), 1 + rng.below(seq))).filter(|entry| entry.1 < seq).collect();
    predecessors.sort_unstable();
    predecessors.dedup_by_key(|entry| entry.0);
    let data = (rng.below(4) > 0).then(|| map(rng, 3));
    let (payload, encoding) = codec.payload(data.as_ref()).unwrap();
    SequencedEvent {
        source,
        epoch: number(rng),
        seq,
        predecessors,
        lane,
        body: Body {
            channel: lane_parts(lane).unwrap().1,
            nested: name(rng),
            to: (rng.below(2) == 0).then(|| name(rng)),
            time: number(rng),
            revision: number(rng),
            traceparent: (rng.below(2) == 0).then(trace),
            payload,
            encoding,
        },
    }
}

fn any_message(rng: &mut Rng, codec: &Codec) -> (Packet, Message) {
    match rng.below(6) {
        0 => {
            let sources = (0..rng.below(4)).map(|_| {
                let seq = (rng.below(2) == 0).then(|| number(rng));
                (source(rng), number(rng), seq)
            });
            let sources = sources.collect();
            let ack = Ack { epoch: number(rng), ended: rng.below(2) == 0, sources, ..Ack::default() };
            let receiver = name(rng);
            let message = codec.ack(&receiver, &ack);
            (Packet::Ack { receiver, ack }, message)
        }
        1 => {
            let receivers = (0..rng.below(4)).map(|_| {
                let seq = (rng.below(2) == 0).then(|| number(rng));
                (name(rng), number(rng), seq)
            });
            let receivers = receivers.collect();
            let sync = SourceSync { epoch: number(rng), receivers, ..SourceSync::default() };
            let source = source(rng);
            let message = codec.sync(&source, &sync);
            (Packet::Sync { source, sync }, message)
        }
        2 => {
            let (process, online) = (name(rng), rng.below(2) == 0);
            let message = codec.presence(&process, online, &NAMES);
            (Packet::Presence { process, online }, message)
        }
        3 => {
            let data = map(rng, 3);
            let event = [0, 2, 3][rng.below(3) as usize];
            let topic = codec.plain_event_filters(&[event])[0].pattern.clone();
            let (payload, _) = codec.payload(Some(&data)).unwrap();
            (Packet::FromOutside { event, data }, Message { topic, payload, ..Message::default() })
        }
        _ => {
            let event = any_event(rng, codec);
            let message = codec.event(&event);
            (Packet::Event(event), message)
        }
    }
}

#[test]
fn every_packet_comes_back() {
    for mut codec in every_codec() {
        let mut rng = Rng::new(1);
        for now in 0..5_000 {
            let (packet, message) = any_message(&mut rng, &codec);
            assert_eq!(codec.decode(now, &message).as_ref(), Ok(&packet), "{message:?}");
            if let Packet::Event(event) = packet {
                assert!(codec.value(&event.body).is_ok(), "{event:?}");
            }
        }
    }
}

#[test]
fn data_come_back() {
    for mut codec in every_codec() {
        let mut rng = Rng::new(2);
        for _ in 0..5_000 {
            let data = map(&mut rng, 4);
            let mut event = any_event(&mut rng, &codec);
            (event.body.payload, event.body.encoding) = codec.payload(Some(&data)).unwrap();
            let Ok(Packet::Event(back)) = codec.decode(0, &codec.event(&event)) else { panic!("{data:?}") };
            assert_eq!(codec.value(&back.body), Ok(data));
        }
    }
}

fn damage(rng: &mut Rng, bytes: &mut Vec<u8>) {
    for _ in 0..=rng.below(3) {
        let at = rng.below(bytes.len() as u64 + 1) as usize;
        match rng.below(4) {
            0 if at < bytes.len() => bytes[at] = rng.next_u64() as u8,
            1 => bytes.insert(at, b"{}[]\",:%+#/=;!-0\xff\x9f\xbf"[rng.below(19) as usize]),
            2 => bytes.truncate(at),
            _ => {
                let end = (at + rng.below(8) as usize).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
        }
    }
}

fn damaged(rng: &mut Rng, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    damage(rng, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn damaged_messages_are_read_or_rejected() {
    for mut codec in every_codec() {
        let mut rng = Rng::new(4);
        let (mut read, mut rejected) = (0, 0);
        for now in 0..30_000 {
            let (_, mut message) = any_message(&mut rng, &codec);
            match rng.below(3) {
                0 => message.topic = damaged(&mut rng, &message.topic),
                1 if !message.properties.is_empty() => {
                    let at = rng.below(message.properties.len() as u64) as usize;
                    let text = &mut message.properties[at];
                    *text = (damaged(&mut rng, &text.0), damaged(&mut rng, &text.1));
                }
                _ => {
                    let mut bytes = message.payload.to_vec();
                    damage(&mut rng, &mut bytes);
                    message.payload = bytes.into();
                }
            }
            if rng.below(8) == 0 {
                message.content_type = [None, Some("application/json"), Some("application/cbor"), Some("x")]
                    [rng.below(4) as usize];
            }
            match codec.decode(now * 10, &message) {
                Ok(packet) => {
                    read += 1;
                    if let Packet::Event(event) = packet {
                        let _ = codec.value(&event.body);
                        // What was understood can be said again.
                        let again = codec.event(&event);
                        assert_eq!(codec.decode(now * 10, &again), Ok(Packet::Event(event)));
                    }
                }
                Err(rejection) => {
                    rejected += 1;
                    assert!(rejection.to_string().len() < 2_000, "{rejection}");
                }
            }
        }
        assert!(read > 1_000 && rejected > 1_000, "{read} {rejected}");
    }
}
