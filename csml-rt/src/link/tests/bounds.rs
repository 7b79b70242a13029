//! Memory is bounded.

use super::*;

#[test]
fn capacity_ends_with_the_capacity() {
    let options = LinkOptions { capacity: 3, ..LinkOptions::default() };
    let (mut left, source) = sender_with(options, 1);
    for kept in 0..4 {
        assert_eq!(left.has_room(), kept < 3);
        left.send(0, source, Lane(0), 0);
        // Costs nothing.
        left.send(0, source, Lane(2), 0);
    }
    assert_eq!(left.unacknowledged(), 4, "one step may exceed it");
}

#[test]
fn capacity_ends_with_the_bytes() {
    let options = LinkOptions { capacity_bytes: 2 << 20, ..LinkOptions::default() };
    let (mut left, source) = sender_with(options, 1);
    let mut right = receiver(100);
    for kept in 0..2 {
        assert!(left.has_room(), "{kept}");
        left.send(0, source, Lane(0), 1_000_000);
    }
    assert!(!left.has_room());
    talk(0, &mut left, &mut right);
    consume(&mut right, 0);
    talk(10, &mut left, &mut right);
    assert!(left.has_room() && left.is_idle());
}

#[test]
fn the_window_bounds_what_is_on_its_way() {
    let options = LinkOptions { window: 4, ..LinkOptions::default() };
    let (mut left, source) = sender_with(options, 1);
    (0..10).for_each(|body| left.send(0, source, Lane(0), body));
    assert_eq!(numbers(&events(&mut left, 0)), [1, 2, 3, 4]);
    left.receive_ack(0, X, Ack { epoch: 100, ended: false, sources: vec![(a(), 1, None)], ..Ack::default() });
    left.receive_ack(
        0,
        X,
        Ack { epoch: 100, ended: false, sources: vec![(a(), 1, Some(3))], ..Ack::default() },
    );
    assert_eq!(numbers(&events(&mut left, 0)), [5, 6, 7]);
}

#[test]
fn what_is_held_back_is_bounded_and_comes_again() {
    let options = LinkOptions { hold_back: 3, ..LinkOptions::default() };
    let (mut left, source) = sender(1);
    let mut right = receiver_with(options, 100);
    (0..10).for_each(|body| left.send(0, source, Lane(0), body));
    events(&mut left, 0).into_iter().for_each(|data| right.receive_event(0, data));
    assert_eq!((right.held_back(), right.counters().rejected), (3, 7));
    let (mut now, mut got) = (0, Vec::new());
    while !(left.is_idle() && right.is_idle()) {
        talk(now, &mut left, &mut right);
        got.extend(consume(&mut right, now).into_iter().map(|(_, body)| body));
        now += 10;
    }
    assert!(got.into_iter().eq(0..10));
    assert!(now < 1_000, "{now}");
}

#[test]
fn a_receiver_that_does_not_consume_is_handed_no_more() {
    let options = LinkOptions { hold_back: 3, ..LinkOptions::default() };
    let (mut left, source) = sender(1);
    let mut right = receiver_with(options, 100);
    (0..10).for_each(|body| left.send(0, source, Lane(0), body));
    let mut waiting = Vec::new();
    for now in (0..20_000).step_by(100) {
        talk(now, &mut left, &mut right);
        waiting.extend(std::iter::from_fn(|| right.deliver()));
    }
    assert_eq!(waiting.len(), 3);
    assert!(right.held_back() <= 3);
}

#[test]
fn sources_beyond_the_maximum_are_rejected() {
    let options = LinkOptions { max_sources: 2, ..LinkOptions::default() };
    let mut right = receiver_with(options, 100);
    for (index, rejected) in [(0, 0), (1, 0), (2, 1), (1, 1), (3, 2)] {
        let source = SourceName::Process(format!("p{index}").into());
        right.receive_event(
            0,
            SequencedEvent { source, epoch: 1, seq: 1, predecessors: vec![], lane: Lane(0), body: 0 },
        );
        assert_eq!(right.counters().rejected, rejected, "{index}");
    }
}

#[test]
fn incarnations_without_end_take_no_more_memory() {
    let (_, _, mut right) = acquainted();
    for epoch in 2..1_000 {
        right.receive_event(
            20,
            SequencedEvent { source: a(), epoch, seq: 1, predecessors: vec![], lane: Lane(0), body: 0 },
        );
    }
    assert!(right.held_back() <= 4, "{}", right.held_back());
    let (mut left, source, _) = acquainted();
    left.send(20, source, Lane(0), 1);
    for epoch in 200..1_000 {
        left.receive_ack(20, X, Ack { epoch, ended: false, sources: vec![(a(), 1, None)], ..Ack::default() });
    }
    let said = sends(&mut left, 20);
    assert_eq!(said.len(), 2, "one answer for the receiver, and the event");
}

/// An event of `a` on lane 0 after that with the number before it; a megabyte.
fn large(epoch: u64, seq: u64) -> SequencedEvent<u32> {
    let predecessors = if seq > 1 { vec![(Lane(0), seq - 1)] } else { Vec::new() };
    SequencedEvent { source: a(), epoch, seq, predecessors, lane: Lane(0), body: 1_000_000 }
}

#[test]
fn the_bytes_held_back_are_bounded_for_a_source_and_all_its_incarnations() {
    let options = LinkOptions { hold_back_bytes: 5 << 20, ..LinkOptions::default() };
    let mut right = receiver_with(options, 100);
    for epoch in 1..100 {
        for seq in 2..20 {
            right.receive_event(0, large(epoch, seq));
        }
        assert!(right.held_back() <= 4, "{epoch}: {}", right.held_back());
    }
    assert_eq!(right.next_overflow(), Some(a()));
    assert_eq!(right.next_overflow(), None, "told once");
}

#[test]
fn the_bytes_held_back_are_bounded_for_all_sources_together() {
    let options = LinkOptions { hold_back_total_bytes: 10 << 20, ..LinkOptions::default() };
    let mut right = receiver_with(options, 100);
    for source in 0..100 {
        let source = SourceName::Process(format!("p{source}").into());
        right.receive_event(0, SequencedEvent { source, ..large(1, 2) });
    }
    assert_eq!(right.held_back(), 9);
}

#[test]
fn what_is_not_consumed_is_bounded_in_bytes_and_comes_again() {
    for (one, all) in [(3 << 20, 64 << 20), (64 << 20, 3 << 20), (1, 1)] {
        let options =
            LinkOptions { hold_back_bytes: one, hold_back_total_bytes: all, ..LinkOptions::default() };
        let (mut left, source) = sender(1);
        let mut right = receiver_with(options, 100);
        (0..40).for_each(|_| left.send(0, source, Lane(0), 1_000_000));
        let (mut now, mut got) = (0, 0);
        while !(left.is_idle() && right.is_idle()) {
            talk(now, &mut left, &mut right);
            let waiting: Vec<_> = std::iter::from_fn(|| right.deliver()).collect();
            assert!(waiting.len() <= 3, "{}", waiting.len());
            got += waiting.len();
            waiting.into_iter().for_each(|delivery| right.consumed(now, delivery.token));
            now += 10;
            assert!(now < 600_000, "{got}");
        }
        assert_eq!((got, right.counters().gaps), (40, 0));
    }
}

#[test]
fn what_was_for_a_receiver_that_has_ended_takes_no_room() {
    let options = LinkOptions { hold_back_bytes: 4 << 20, ..LinkOptions::default() };
    let (mut left, source) = sender(1);
    let mut right = receiver_with(options, 100);
    for _ in 0..3 {
        left.send(0, source, Lane(1), 1_000_000);
    }
    talk(0, &mut left, &mut right);
    let waiting: Vec<_> = std::iter::from_fn(|| right.deliver()).collect();
    assert_eq!(waiting.len(), 6);
    right.end_receiver(0, waiting[0].receiver);
    for delivery in waiting {
        right.consumed(0, delivery.token);
    }
    for _ in 0..3 {
        left.send(0, source, Lane(1), 1_000_000);
    }
    talk(0, &mut left, &mut right);
    assert_eq!(consume(&mut right, 0).len(), 3);
}
