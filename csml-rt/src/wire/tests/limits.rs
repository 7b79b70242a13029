//! What is too much.

use csml_rt_core::Value;

use super::super::Packet;
use super::super::rejection::RejectionKind;
use super::*;
use crate::transport::Message;

fn nested(levels: usize) -> Value {
    (1..levels).fold(Value::map::<Value>([]), |inner, _| Value::map([("a", inner)]))
}

fn kind_of(codec: &mut Codec, payload: impl Into<Bytes>) -> Option<RejectionKind> {
    let topic = "csml/railway/in/sensor".into();
    let message = Message { topic, payload: payload.into(), ..Message::default() };
    codec.decode(0, &message).err().map(|rejection| rejection.kind)
}

#[test]
fn sender_and_receiver_agree_on_what_is_too_much() {
    for encoding in ENCODINGS {
        let limits = WireLimits { payload_bytes: 1_000, depth: 5, values: 50, ..WireLimits::default() };
        let wide = codec_with(WireOptions { encoding: *encoding, ..WireOptions::default() });
        let mut narrow = codec_with(WireOptions { encoding: *encoding, limits, ..WireOptions::default() });
        let numbers = |count| Value::map([("a", Value::list((0..count).map(Value::from)))]);
        let text = |length| Value::map([("a", "x".repeat(length).into())]);
        let set = |inner: Value| Value::map([("a", Value::set([Value::list([inner])]))]);
        let cases = [
            (nested(5), None),
            (nested(6), Some(RejectionKind::Depth)),
            (numbers(40), None),
            (numbers(50), Some(RejectionKind::Size)),
            (text(900), None),
            (text(1_000), Some(RejectionKind::Size)),
            (set(1.into()), None),
            (set(Value::list([])), None),
            (set(Value::list([Value::list([])])), Some(RejectionKind::Depth)),
        ];
        for (value, kind) in cases {
            assert_eq!(narrow.payload(Some(&value)).err().map(|rejection| rejection.kind), kind, "{value:?}");
            let (bytes, _) = wide.payload(Some(&value)).unwrap();
            assert_eq!(kind_of(&mut narrow, bytes.clone()), kind, "{value:?}");
            let mut event = event();
            event.body.payload = bytes.clone();
            event.body.encoding = *encoding;
            assert_eq!(narrow.value(&event.body).err().map(|rejection| rejection.kind), kind);
            assert_eq!(wide.value(&event.body), Ok(value));
        }
    }
}

#[test]
fn shared_parts_are_not_written_out() {
    let mut value = Value::list([]);
    for _ in 0..60 {
        value = Value::list([value.clone(), value]);
    }
    let rejection = codec().payload(Some(&Value::map([("a", value)]))).unwrap_err();
    assert_eq!(rejection.kind, RejectionKind::Size);
}

#[test]
fn keys_that_are_one_in_json_are_rejected_at_the_sender() {
    let value = Value::map([(Value::from(1), Value::Null), ("1".into(), Value::Null)]);
    let rejection = codec().payload(Some(&value)).unwrap_err();
    assert!(rejection.message.contains("two keys that are the same in JSON"), "{rejection}");
    let value = Value::map([(Value::from(1), Value::Null), (2.into(), Value::Null)]);
    assert!(codec().payload(Some(&value)).is_ok());
}

#[test]
fn deep_and_huge_texts_cost_nothing() {
    let mut codec = codec();
    assert_eq!(kind_of(&mut codec, vec![b'['; 250_000]), Some(RejectionKind::Depth));
    assert_eq!(kind_of(&mut codec, vec![b' '; 400_000]), Some(RejectionKind::Size));
    assert_eq!(kind_of(&mut codec, "[,".repeat(60)), Some(RejectionKind::Payload));
    let list = format!("[{}1]", "1,".repeat(100_000));
    assert_eq!(kind_of(&mut codec, list), Some(RejectionKind::Size));
    assert_eq!(kind_of(&mut codec, vec![b'\xff'; 10]), Some(RejectionKind::Payload));
    assert_eq!(kind_of(&mut codec, &b"{\"a\":\"\xff\"}"[..]), Some(RejectionKind::Payload));
}

#[test]
#[cfg(feature = "cbor")]
fn lengths_of_cbor_are_believed_only_as_far_as_there_are_bytes() {
    let mut codec = codec();
    let cases: [(&[u8], RejectionKind); 12] = [
        (b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", RejectionKind::Payload),
        (b"\xbb\x00\x00\x00\xff\xff\xff\xff\xff\x01", RejectionKind::Payload),
        (b"\x82\x5b\xff\xff\xff\xff\xff\xff\xff\xff", RejectionKind::Payload),
        (&[0x81; 1_000], RejectionKind::Depth),
        (&[0x9f; 1_000], RejectionKind::Depth),
        (&[0xc1; 1_000], RejectionKind::Depth),
        (b"\xa1\x61a\xc2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00", RejectionKind::Payload),
        (b"\xa1\x61a\x1b\xff\xff\xff\xff\xff\xff\xff\xff", RejectionKind::Payload),
        (b"\xa2\x61a\x01\x61a\x02", RejectionKind::Payload),
        (b"\xa0\xa0", RejectionKind::Payload),
        (b"\xbf\x61a\xff", RejectionKind::Payload),
        (b"\xa1\x61a\xc1\x01", RejectionKind::Payload),
    ];
    for (bytes, kind) in cases {
        assert_eq!(kind_of(&mut codec, bytes), Some(kind), "{bytes:02x?}");
    }
    let topic = "csml/railway/in/sensor".into();
    let payload = Bytes::from_static(b"\xbf\x61a\x9f\x01\xff\x61b\x7f\x61x\x61y\xff\xff");
    let packet = codec.decode(0, &Message { topic, payload, ..Message::default() });
    let data = Value::map([("a", Value::list([1.into()])), ("b", "xy".into())]);
    assert_eq!(packet, Ok(Packet::FromOutside { event: 0, data }));
}

#[test]
fn envelopes_have_a_size() {
    let mut codec = limited(WireLimits { properties: 12, envelope_bytes: 400, ..WireLimits::default() });
    let message = codec.event(&event());
    assert!(codec.decode(0, &message).is_ok());
    let mut many = message.clone();
    many.properties.extend([("a", "b"), ("c", "d"), ("e", "f")].map(|(a, b)| (a.into(), b.into())));
    assert_eq!(codec.decode(0, &many).unwrap_err().kind, RejectionKind::Size);
    let mut large = message;
    large.properties.push(("other".into(), "x".repeat(400)));
    assert_eq!(codec.decode(0, &large).unwrap_err().kind, RejectionKind::Size);
}

#[test]
fn events_from_outside_have_a_rate() {
    let limits = WireLimits { outside_per_second: 10, outside_burst: 3, ..WireLimits::default() };
    let mut codec = limited(limits);
    let message = |event: &str| Message { topic: format!("csml/railway/in/{event}"), ..Message::default() };
    let mut taken = |event: &str, now| (0..20).filter(|_| codec.decode(now, &message(event)).is_ok()).count();
    assert_eq!((taken("sensor", 0), taken("sensor", 100), taken("%", 100)), (3, 1, 3));
    assert_eq!(codec.decode(100, &message("sensor")).unwrap_err().kind, RejectionKind::Rate);
}

#[test]
fn a_long_list_of_numbers_is_broken_into_several_properties() {
    let long = "n".repeat(10_000);
    let names: Vec<&'static str> = (0..10).map(|n| &*format!("{long}{n}").leak()).collect();
    let event = |name: &&'static str| EventInfo {
        name,
        receivers: &[0],
        raised: &[],
        from_outside: false,
        compact: false,
    };
    let description = Box::leak(Box::new(Description {
        events: Vec::leak(names.iter().map(event).collect()),
        ..*DESCRIPTION
    }));
    for envelope_in_payload in [false, true] {
        let mut codec =
            Codec::new(description, WireOptions { envelope_in_payload, ..WireOptions::default() });
        let mut data = super::event();
        data.predecessors = (0..10).map(|event| (lane(event, Channel::Global), 3)).collect();
        let message = codec.event(&data);
        assert!(message.properties.iter().all(|(_, text)| text.len() < 65_535));
        assert_eq!(codec.decode(0, &message), Ok(Packet::Event(data)));
    }
}

#[test]
fn an_event_in_the_form_of_another_version_of_mqtt_is_told_apart() {
    let form =
        |envelope_in_payload| codec_with(WireOptions { envelope_in_payload, ..WireOptions::default() });
    for (mut from, mut to, version) in
        [(form(false), form(true), "as with MQTT 5"), (form(true), form(false), "as with MQTT 3.1.1")]
    {
        for payload in ["", r#"{"open":true}"#] {
            let mut event = event();
            event.body.payload = Bytes::from_static(payload.as_bytes());
            let mut message = from.event(&event);
            assert!(from.decode(0, &message).is_ok());
            if version.ends_with('5') {
                // What a broker passes on to a client of 3.1.1.
                message.properties.clear();
                message.content_type = None;
            }
            let rejection = to.decode(0, &message).unwrap_err();
            assert_eq!(rejection.kind, RejectionKind::Version, "{rejection}");
            assert!(rejection.to_string().contains(version), "{rejection}");
        }
    }
}
