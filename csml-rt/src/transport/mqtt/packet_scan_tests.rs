use super::*;

fn packet(first: u8, rest: &[u8]) -> Vec<u8> {
    let (mut out, mut length) = (vec![first], rest.len());
    loop {
        let more = if length > 127 { 0x80 } else { 0 };
        out.push((length & 0x7f) as u8 | more);
        length >>= 7;
        if more == 0 {
            break;
        }
    }
    out.extend_from_slice(rest);
    out
}

/// A message; without identifier at QoS 0.
fn message(topic: &str, identifier: Option<u16>, payload: usize) -> Vec<u8> {
    let mut rest = (topic.len() as u16).to_be_bytes().to_vec();
    rest.extend_from_slice(topic.as_bytes());
    rest.extend(identifier.into_iter().flat_map(u16::to_be_bytes));
    rest.extend(std::iter::repeat_n(b'x', payload));
    packet(if identifier.is_some() { 0x32 } else { 0x30 }, &rest)
}

/// What is passed on, what is answered, and all that was skipped, when the bytes are read in parts of `size`.
fn scanned(bytes: &[u8], limit: usize, size: usize) -> (Vec<u8>, Vec<u8>, Vec<Skipped>) {
    let (mut scan, mut passed, mut answers) = (PacketScan::new(limit), BytesMut::new(), BytesMut::new());
    let mut all = Vec::new();
    for part in bytes.chunks(size) {
        let skipped = scan.take(part, &mut passed, &mut answers);
        all.extend(skipped);
    }
    (passed.to_vec(), answers.to_vec(), all)
}

#[test]
fn large_messages_are_left_out_and_acknowledged_however_they_are_read() {
    let small = [message("a/b", Some(7), 3), packet(0xd0, &[]), message("c", None, 0)].concat();
    let large = [message("big/one", Some(0x1234), 300), message("big/two", None, 100_000)].concat();
    let bytes = [small.as_slice(), &large, &small].concat();
    let sizes = [message("big/one", Some(1), 300).len(), message("big/two", None, 100_000).len()];
    for size in [1, 2, 3, 7, 64, 1_000, bytes.len()] {
        let (passed, answers, skipped) = scanned(&bytes, 100, size);
        assert_eq!(passed, [small.as_slice(), &small].concat(), "{size}");
        assert_eq!(answers, [0x40, 2, 0x12, 0x34], "{size}");
        assert_eq!(skipped.iter().map(|skipped| skipped.count).sum::<u64>(), 2);
        let last = skipped.last().unwrap();
        assert_eq!((last.topic.as_str(), last.bytes), ("big/two", sizes[1]));
        if size == 1 {
            assert_eq!((skipped[0].topic.as_str(), skipped[0].bytes), ("big/one", sizes[0]));
        }
    }
}

#[test]
fn a_message_of_the_limit_is_passed_on() {
    let bytes = message("a", Some(1), 500);
    for (limit, passes) in [(bytes.len(), true), (bytes.len() - 1, false)] {
        let (passed, answers, skipped) = scanned(&bytes, limit, 16);
        assert_eq!(passed == bytes, passes);
        assert_eq!((answers.is_empty(), skipped.is_empty()), (passes, passes));
    }
}

#[test]
fn what_is_not_a_message_is_left_to_the_client() {
    let others = [
        // Another packet that is large, QoS 2, a length without end, and a message without a whole topic.
        packet(0x90, &[0; 500]),
        packet(0x34, &[0; 500]),
        vec![0x30, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3],
        vec![0x30],
    ];
    for bytes in others {
        let kept = if bytes.len() == 1 { Vec::new() } else { bytes.clone() };
        assert_eq!(scanned(&bytes, 100, 2), (kept, Vec::new(), Vec::new()));
    }
    let torn = packet(0x32, &[[0xff, 0xff].as_slice(), &[b'x'; 500]].concat());
    let (passed, answers, skipped) = scanned(&torn, 100, 9);
    assert_eq!((passed.len(), answers.len(), skipped.len()), (0, 0, 1));
}
