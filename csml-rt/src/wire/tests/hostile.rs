//! Names that try to be more than names.

use std::collections::BTreeSet;

use csml_rt_core::{Rng, decode_name, encode_name};

use super::super::Packet;
use super::*;
use crate::link::{Ack, SourceSync};
use crate::transport::memory::topic_match::topic_matches;

fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "",
        "%",
        "%%",
        "%2F",
        "+",
        "#",
        "/",
        "//",
        "a/b",
        "../..",
        ".",
        "..",
        "$SYS",
        "$share/g/x",
        "self",
        "super",
        "crate",
        "Self",
        "_",
        "r#gen",
        "\"#",
        "*/",
        "/*",
        "\n",
        "\r\n",
        "\0",
        "\u{7f}",
        "\u{feff}",
        "\u{202e}abc",
        "\u{200b}",
        "é",
        "e\u{301}",
        "а",
        "a",
        "😀",
        "{}",
        "{0}",
        "\u{fffe}",
        "\u{10ffff}",
        "-",
        "=",
        ";",
        "!",
        "gate!",
        "a=1;b",
        "csml",
        "ev",
        "env",
        "in",
        "ack",
        "syn",
        "proc",
        "out",
    ]
    .map(String::from)
    .into();
    names.push("x".repeat(64 << 10));
    names.push("#/+".repeat(20_000));
    let mut rng = Rng::new(11);
    for _ in 0..500 {
        let length = rng.below(12);
        let mut name = String::new();
        for _ in 0..length {
            let range = [0x80, 0x800, 0x11_0000][rng.below(3) as usize];
            name.extend(char::from_u32(rng.below(range) as u32));
        }
        names.push(name);
    }
    names
}

/// Descriptions need static names.
fn named(name: &str, events: &[String]) -> Codec {
    let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let event = |name: &String| EventInfo {
        name: leak(name),
        receivers: &[0],
        raised: &[],
        from_outside: true,
        compact: false,
    };
    let events: Vec<EventInfo> = events.iter().map(event).collect();
    let description = Description {
        name: leak(name),
        memory_mode: MemoryMode::Distributed,
        machines: MACHINES,
        events: Box::leak(events.into_boxed_slice()),
        services: &[],
        instances: &[],
        processes: &[],
        separate_data: false,
        persistent: &[],
    };
    Codec::new(Box::leak(Box::new(description)), WireOptions::default())
}

#[test]
fn a_name_is_one_level_and_comes_back() {
    let mut levels = BTreeSet::new();
    let names: BTreeSet<String> = names().into_iter().collect();
    for name in &names {
        let level = encode_name(name);
        assert!(!level.is_empty() && level.is_ascii(), "{name:?}");
        assert!(level.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)), "{name:?}");
        assert_eq!(decode_name(&level).as_deref(), Some(name.as_str()));
        assert!(levels.insert(level), "{name:?}");
    }
    // Whatever is read as a name is spelt as that name is.
    let mut rng = Rng::new(3);
    let letters = b"%%%0123456789ABCDEFabcdef-_.~/+#$ ";
    for _ in 0..100_000 {
        let text: String = (0..rng.below(9))
            .map(|_| char::from(letters[rng.below(letters.len() as u64) as usize]))
            .collect();
        if let Some(name) = decode_name(&text) {
            assert_eq!(encode_name(&name), text);
        }
    }
}

#[test]
fn no_name_reaches_another_topic() {
    let mut names: Vec<String> = names().into_iter().filter(|name| name.len() < 100).collect();
    names.sort();
    names.dedup();
    for application in ["railway", "", "+", "#", "a/b", "$SYS"] {
        let mut codec = named(application, &names);
        for (event, name) in (0_u16..).zip(&names) {
            for (source, instance) in [(name.as_str(), true), ("other", true), (name.as_str(), false)] {
                let channel = if instance { Channel::External } else { Channel::Peripheral };
                let mut data = super::event();
                data.source = match instance {
                    true => SourceName::Instance(source.into()),
                    false => SourceName::Process(source.into()),
                };
                data.lane = lane(event, channel);
                data.predecessors = if event > 0 { vec![(lane(event - 1, channel), 5)] } else { Vec::new() };
                data.body.channel = channel;
                data.body.nested = name.as_str().into();
                data.body.to = Some(name.as_str().into());
                let message = codec.event(&data);
                assert_eq!(message.topic.split('/').count(), 5, "{name:?}");
                for (_, text) in &message.properties {
                    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{name:?}: {text:?}");
                }
                let mine = codec.event_filters(Some(source), &[event]);
                assert_eq!(topic_matches(&mine[0].pattern, &message.topic), instance);
                let mine = codec.injected_event_filters(Some(source), &[event]);
                assert_eq!(topic_matches(&mine[0].pattern, &message.topic), !instance);
                let others = codec.event_filters(Some("neighbour"), &[event]);
                assert!(!topic_matches(&others[0].pattern, &message.topic));
                assert_eq!(codec.decode(0, &message), Ok(Packet::Event(data)));
            }
        }
    }
}

#[test]
fn notes_name_anything() {
    let mut codec = codec();
    for name in names() {
        let name: Arc<str> = name.into();
        let ack = Ack {
            epoch: 1,
            ended: true,
            sources: vec![
                (SourceName::Instance(Arc::clone(&name)), u64::MAX, Some(u64::MAX)),
                (SourceName::Process(Arc::clone(&name)), 1 << 53, None),
            ],
            ..Ack::default()
        };
        let packet = Packet::Ack { receiver: Arc::clone(&name), ack: ack.clone() };
        let message = codec.ack(&name, &ack);
        if message.payload.len() < 300_000 {
            assert_eq!(codec.decode(0, &message), Ok(packet));
        }
        let source = SourceName::Process(Arc::clone(&name));
        let sync = SourceSync {
            epoch: (1 << 53) + 1,
            receivers: vec![(Arc::clone(&name), 2, Some(0))],
            ..SourceSync::default()
        };
        let message = codec.sync(&source, &sync);
        assert_eq!(codec.decode(0, &message), Ok(Packet::Sync { source, sync }));
        let message = codec.presence(&name, true, &[&name]);
        assert_eq!(codec.decode(0, &message), Ok(Packet::Presence { process: name, online: true }));
    }
}
