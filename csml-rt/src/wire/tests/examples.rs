//! The messages of `docs/wire.md`, byte for byte.

use csml_rt_core::{Value, encode_name};

use super::super::Packet;
use super::super::rejection::RejectionKind;
use super::*;
use crate::link::{Ack, SourceSync};
use crate::transport::{Message, QoS};

fn properties(message: &Message) -> Vec<(&str, &str)> {
    message.properties.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

fn payload(message: &Message) -> &str {
    std::str::from_utf8(&message.payload).unwrap()
}

fn plain(topic: &str, payload: &'static str) -> Message {
    Message { topic: topic.into(), payload: Bytes::from_static(payload.as_bytes()), ..Message::default() }
}

fn with(mut message: Message, properties: &[(&str, &str)]) -> Message {
    message.properties =
        properties.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    message
}

#[test]
fn an_event_of_an_instance() {
    let message = codec().event(&event());
    assert_eq!(message.topic, "csml/railway/ev/barrier/gate");
    assert_eq!(
        properties(&message),
        [
            ("id", "7-42"),
            ("source", "barrier"),
            ("epoch", "7"),
            ("seq", "42"),
            ("prev", "gate=3;gate!=40"),
            ("channel", "global"),
            ("from", "motor/left"),
            ("time", "1790000000000"),
            ("rev", "12"),
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ]
    );
    assert_eq!(payload(&message), r#"{"open":true}"#);
    assert_eq!(message.content_type, Some("application/json"));
    assert_eq!((message.qos, message.retain), (QoS::AtLeastOnce, false));
    assert_eq!(codec().decode(0, &message), Ok(Packet::Event(event())));
}

#[test]
fn an_event_with_its_envelope_in_the_payload() {
    let codec = codec_with(WireOptions { envelope_in_payload: true, ..WireOptions::default() });
    let mut event = event();
    event.predecessors = vec![(event.lane, 41)];
    event.body = Body { nested: "".into(), revision: 0, traceparent: None, ..event.body };
    let message = codec.event(&event);
    assert_eq!(
        payload(&message),
        r#"{"csml":{"channel":"global","epoch":"7","id":"7-42","seq":"42","source":"barrier","time":"1790000000000"},"data":{"open":true}}"#
    );
    assert!(message.properties.is_empty() && message.content_type.is_none());
}

#[test]
fn a_device_says_as_little_as_it_can() {
    let first =
        with(plain("csml/railway/env/panel/sensor", r#"{"value":true}"#), &[("epoch", "9"), ("seq", "1")]);
    let Ok(Packet::Event(event)) = codec().decode(0, &first) else { panic!() };
    assert_eq!((event.epoch, event.seq, event.predecessors), (9, 1, vec![]));
    assert_eq!(event.source, SourceName::Process("panel".into()));
    assert_eq!((event.lane, event.body.channel), (lane(0, Channel::Peripheral), Channel::Peripheral));

    let second = with(first.clone(), &[("epoch", "9"), ("seq", "2")]);
    let Ok(Packet::Event(event)) = codec().decode(0, &second) else { panic!() };
    assert_eq!(event.predecessors, vec![(lane(0, Channel::Peripheral), 1)]);

    let lonely = with(first.clone(), &[("epoch", "9"), ("seq", "2"), ("prev", "-"), ("to", "gate/motor")]);
    let Ok(Packet::Event(event)) = codec().decode(0, &lonely) else { panic!() };
    assert_eq!((event.predecessors, event.body.to.as_deref()), (vec![], Some("gate/motor")));

    let mixed =
        with(first, &[("epoch", "9"), ("seq", "8"), ("prev", "unknown=2;%2B%2F%23%2F%C3%BC=5;sensor=7")]);
    let Ok(Packet::Event(event)) = codec().decode(0, &mixed) else { panic!() };
    assert_eq!(event.predecessors, [(lane(0, Channel::Peripheral), 7), (lane(2, Channel::Peripheral), 5)]);
}

#[test]
fn plain_events_from_outside() {
    let mut codec = codec();
    for (text, data) in [
        (r#"{"value":true}"#, Value::map([("value", true.into())])),
        (" {}\n", Value::map::<Value>([])),
        ("null", Value::Null),
        ("", Value::Null),
    ] {
        let packet = codec.decode(0, &plain("csml/railway/in/sensor", text));
        assert_eq!(packet, Ok(Packet::FromOutside { event: 0, data }));
    }
    assert!(codec.decode(0, &plain("csml/railway/in/%", "")).is_ok());
}

#[test]
fn what_receivers_sources_and_processes_say() {
    let codec = codec();
    let ack = Ack {
        epoch: 5,
        ended: false,
        sources: vec![
            (SourceName::Instance("barrier".into()), 7, Some(41)),
            (SourceName::Process("panel 1".into()), 9, None),
        ],
        ..Ack::default()
    };
    let message = codec.ack("gate", &ack);
    assert_eq!(message.topic, "csml/railway/ack/gate");
    assert_eq!(
        payload(&message),
        r#"{"epoch":5,"sources":[["ev","barrier",7,41],["env","panel%201",9,null]]}"#
    );
    assert_eq!(message.qos, QoS::AtMostOnce);

    let sync = SourceSync {
        epoch: u64::MAX,
        receivers: vec![("gate".into(), 5, Some(41)), ("bell".into(), 6, None)],
        ..SourceSync::default()
    };
    let message = codec.sync(&SourceName::Process("panel 1".into()), &sync);
    assert_eq!(message.topic, "csml/railway/syn/env/panel%201");
    assert_eq!(
        payload(&message),
        r#"{"epoch":"18446744073709551615","receivers":[["gate",5,41],["bell",6,null]]}"#
    );

    let message = codec.presence("host-1", true, &["barrier", "a/b"]);
    assert_eq!(message.topic, "csml/railway/proc/host-1");
    assert_eq!(payload(&message), r#"{"instances":["barrier","a%2Fb"],"online":true}"#);
    assert_eq!((message.qos, message.retain), (QoS::AtLeastOnce, true));
    let gone = Packet::Presence { process: "host-1".into(), online: false };
    assert_eq!(super::codec().decode(0, &plain("csml/railway/proc/host-1", "")), Ok(gone));
}

#[test]
fn a_peripheral_event_leaves() {
    let data = Value::map([("on", true.into())]);
    let message = codec().output_event("barrier", "motor", 0, Some(&data), 5, Some(&trace())).unwrap();
    assert_eq!(message.topic, "csml/railway/out/barrier/sensor");
    assert_eq!(
        properties(&message),
        [("from", "motor"), ("time", "5"), ("traceparent", &trace().to_string())]
    );
    assert_eq!(payload(&message), r#"{"on":true}"#);
    for codec in every_codec() {
        let message = codec.output_event("barrier", "", 0, None, 5, None).unwrap();
        assert!(message.payload.is_empty() && message.content_type.is_none());
    }
}

#[test]
fn filters_of_a_process() {
    let codec = codec();
    let patterns = |filters: Vec<crate::transport::Filter>| -> Vec<String> {
        filters.into_iter().map(|filter| filter.pattern).collect()
    };
    assert_eq!(
        patterns(codec.event_filters(Some("a+b"), &[0, 1])),
        ["csml/railway/ev/a%2Bb/sensor", "csml/railway/ev/a%2Bb/gate"]
    );
    assert_eq!(patterns(codec.event_filters(None, &[1])), ["csml/railway/ev/+/gate"]);
    assert_eq!(patterns(codec.injected_event_filters(None, &[0])), ["csml/railway/env/+/sensor"]);
    assert_eq!(patterns(codec.plain_event_filters(&[3])), ["csml/railway/in/%"]);
    assert_eq!(codec.ack_filter(None).pattern, "csml/railway/ack/+");
    assert_eq!(codec.sync_filter(&SourceName::Instance("".into())).pattern, "csml/railway/syn/ev/%");
    assert_eq!(codec.every_sync_filter()[1].pattern, "csml/railway/syn/env/+");
}

#[test]
fn rejections_say_what_is_wrong() {
    use RejectionKind::{Envelope, Event, Payload, Retained, Topic};
    let ev = "csml/railway/ev/barrier/gate";
    let env = "csml/railway/env/panel/sensor";
    let numbered: &[(&str, &str)] = &[("epoch", "7"), ("seq", "5"), ("channel", "external")];
    let and = |more: (&'static str, &'static str)| {
        let mut all = numbered.to_vec();
        all.push(more);
        with(plain(ev, "{}"), &all)
    };
    let cases = [
        (plain("csml/other/in/sensor", ""), Topic, "begin with `csml/railway/`"),
        (plain("csml/railway/out/barrier/gate", ""), Topic, "topics of `out` are not received"),
        (plain("csml/railway/ack/a%2fb", ""), Topic, "`a%2fb` is not an encoded name"),
        (plain("csml/railway/ack/a/b", ""), Topic, "`a/b` is not an encoded name"),
        (plain("csml/railway/syn/in/a", ""), Topic, "a source is `ev` or `env`, not `in`"),
        (plain("csml/railway/in/sensr", ""), Event, "no event `sensr`; did you mean `sensor`?"),
        (plain("csml/railway/in/gate", ""), Event, "does not accept this event from outside"),
        (
            with(plain("csml/railway/env/p/gate", ""), numbered),
            Event,
            "does not accept this event from outside",
        ),
        (
            Message { retain: true, ..plain("csml/railway/in/sensor", "") },
            Retained,
            "without the retain flag",
        ),
        (plain("csml/railway/in/sensor", "[1]"), Payload, "this is a list"),
        (
            plain("csml/railway/in/sensor", "{\"a\":9223372036854775808}"),
            Payload,
            "does not fit into 64 bits",
        ),
        (plain("csml/railway/in/sensor", "{'a':1}"), Payload, "invalid JSON: line 1"),
        (plain("csml/railway/in/sensor", "{\"a\":1,\"a\":1}"), Payload, "given twice"),
        (plain(ev, "{}"), Envelope, "`channel` is"),
        (with(plain(env, "{}"), &[]), Envelope, "`epoch` and `seq` are missing: send plain events on `in`"),
        (with(plain(env, "{}"), numbered), Envelope, "`channel` is"),
        (with(plain(env, "{}"), &[("epoch", "7"), ("seq", "0")]), Envelope, "`seq` is 0"),
        (with(plain(env, "{}"), &[("epoch", "-7")]), Envelope, "`epoch` is `-7`"),
        (with(plain(env, "{}"), &[("epoch", "7"), ("epoch", "7")]), Envelope, "`epoch` is given twice"),
        (and(("source", "gate")), Envelope, "but the topic belongs to `barrier`"),
        (and(("prev", "gate=5")), Envelope, "a number less than this event's own is missing"),
        (and(("prev", "gate=1;gate=2")), Envelope, "`prev` names an event twice"),
        (and(("prev", "gate")), Envelope, "write it like `event=4;other!=9`"),
        (and(("prev", "")), Envelope, "write it like"),
        (and(("from", "a b")), Envelope, "`from` is `a b`"),
        (plain("csml/railway/ack/gate", "{}"), Envelope, "`sources` is missing"),
        (plain("csml/railway/syn/ev/a", r#"{"receivers":[]}"#), Envelope, "`epoch` is missing"),
        (plain("csml/railway/proc/p", "{}"), Envelope, "`online` is missing"),
    ];
    let mut codec = codec();
    for (message, kind, text) in cases {
        let rejection = codec.decode(0, &message).unwrap_err();
        assert_eq!(rejection.kind, kind, "{rejection}");
        assert!(rejection.message.contains(text), "{rejection}");
        assert!(rejection.to_string().starts_with(&format!("message on `{}` rejected: ", message.topic)));
    }
}

#[test]
fn names_of_a_program_fit_into_topics() {
    let codec = codec();
    assert!(codec.check_names(["barrier", ""]).is_ok());
    assert!(codec.check_names(["a".repeat(65_499).as_str()]).is_ok());
    assert!(codec.check_names(["a".repeat(65_500).as_str()]).is_err());
    let rejection = codec.check_names(["barrier", "+".repeat(30_000).as_str()]).unwrap_err();
    assert_eq!(rejection.kind, RejectionKind::Topic);
    assert_eq!(encode_name("+").len(), 3);
}
