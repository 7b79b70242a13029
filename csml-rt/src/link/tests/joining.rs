//! First messages between processes, and receivers that end.

use super::*;

#[test]
fn a_process_that_connects_announces_itself() {
    let (mut left, _) = sender(1);
    let sync = SourceSync { epoch: 1, receivers: vec![], ..SourceSync::default() };
    assert_eq!(sends(&mut left, 0), [Transmit::Sync { source: a(), sync }]);
    let hello = |name: &str| Transmit::Ack {
        receiver: name.into(),
        ack: Ack { epoch: 100, ended: false, sources: vec![], ..Ack::default() },
    };
    let mut right = receiver(100);
    assert_eq!(sends(&mut right, 0), [hello(X), hello(Y)]);
    right.disconnected(10);
    assert!(sends(&mut right, 1_000).is_empty());
    right.connected(2_000);
    assert_eq!(sends(&mut right, 2_000), [hello(X), hello(Y)]);
}

#[test]
fn a_receiver_asks_until_it_gets_an_answer() {
    let (mut left, source) = sender(1);
    let mut right = receiver(100);
    sends(&mut right, 0);
    left.send(0, source, Lane(0), 7);
    events(&mut left, 0).into_iter().for_each(|data| right.receive_event(0, data));
    assert_eq!(consume(&mut right, 0), [], "where the events begin is not known");
    let ask = Ack { epoch: 100, ended: false, sources: vec![(a(), 1, None)], ..Ack::default() };
    let asks = [Transmit::Ack { receiver: X.into(), ack: ask.clone() }];
    assert_eq!(sends(&mut right, 0), asks);
    // Pauses grow to the maximum.
    let mut now = 0;
    for pause in [200, 400, 800, 1_600, 3_200, 5_000, 5_000] {
        assert!(sends(&mut right, now + pause - 1).is_empty());
        now += pause;
        assert_eq!(sends(&mut right, now), asks, "{now}");
    }
    left.receive_ack(now, X, ask);
    let sync = SourceSync { epoch: 1, receivers: vec![(X.into(), 100, Some(0))], ..SourceSync::default() };
    let answers: Vec<_> = sends(&mut left, now)
        .into_iter()
        .filter(|message| matches!(message, Transmit::Sync { .. }))
        .collect();
    assert_eq!(answers, [Transmit::Sync { source: a(), sync: sync.clone() }]);
    right.receive_sync(now, &a(), sync);
    assert_eq!(consume(&mut right, now), [(0, 7)]);
}

#[test]
fn answers_for_other_receivers_are_ignored() {
    let (mut left, source) = sender(1);
    let mut right = receiver(100);
    left.send(0, source, Lane(0), 7);
    events(&mut left, 0).into_iter().for_each(|data| right.receive_event(0, data));
    // Another incarnation, another receiver, an unknown source.
    right.receive_sync(
        0,
        &a(),
        SourceSync {
            epoch: 1,
            receivers: vec![(X.into(), 99, Some(5)), ("z".into(), 100, Some(5))],
            ..SourceSync::default()
        },
    );
    right.receive_sync(
        0,
        &SourceName::Process("a".into()),
        SourceSync { epoch: 1, receivers: vec![(X.into(), 100, Some(5))], ..SourceSync::default() },
    );
    assert_eq!(consume(&mut right, 0), []);
}

#[test]
fn nothing_is_kept_for_a_receiver_that_has_ended() {
    let (mut left, source, mut right) = acquainted();
    left.send(20, source, Lane(0), 1);
    talk(20, &mut left, &mut right);
    right.end_receiver(20, ReceiverId(0));
    assert_eq!(right.deliver(), None, "nothing is delivered to it any more");
    talk(20, &mut left, &mut right);
    assert!(left.is_idle() && right.is_idle(), "what was for it counts as consumed");
    // It could have contradicted within a second.
    left.send(2_000, source, Lane(0), 2);
    [2_000, 2_010].into_iter().for_each(|now| talk(now, &mut left, &mut right));
    left.send(2_030, source, Lane(0), 2);
    left.send(2_030, source, Lane(1), 3);
    assert_eq!(left.backlog(), [(a(), Arc::from(Y), 1)]);
    talk(2_030, &mut left, &mut right);
    assert_eq!(consume(&mut right, 2_030), [(1, 3)]);
    talk(2_050, &mut left, &mut right);
    assert!(left.is_idle() && right.is_idle());
}

#[test]
fn a_receiver_that_had_ended_before_the_first_event_says_so_then() {
    let (mut left, source) = sender(1);
    let mut right = receiver(100);
    right.end_receiver(0, ReceiverId(0));
    talk(0, &mut left, &mut right);
    left.send(10, source, Lane(0), 1);
    talk(10, &mut left, &mut right);
    assert!(left.is_idle());
    left.send(2_000, source, Lane(0), 2);
    [2_000, 2_010].into_iter().for_each(|now| talk(now, &mut left, &mut right));
    left.send(2_020, source, Lane(0), 3);
    assert_eq!(events(&mut left, 2_020), [], "no receiver gets the lane");
}

#[test]
fn a_new_incarnation_of_a_receiver_that_had_ended_begins_with_what_comes_then() {
    let (mut left, source, mut right) = acquainted();
    right.end_receiver(20, ReceiverId(0));
    talk(20, &mut left, &mut right);
    let mut anew = receiver(200);
    [(0, 1), (1, 2)].into_iter().for_each(|(lane, body)| left.send(30, source, Lane(lane), body));
    for now in (30..2_000).step_by(50) {
        events(&mut left, now);
    }
    talk(2_300, &mut left, &mut anew);
    assert_eq!(consume(&mut anew, 2_300), [(1, 2)]);
    talk(2_310, &mut left, &mut anew);
    left.send(2_320, source, Lane(0), 3);
    talk(2_320, &mut left, &mut anew);
    assert_eq!(consume(&mut anew, 2_320), [(0, 3)]);
    // Late words of the incarnation that had ended change nothing.
    left.receive_ack(
        2_330,
        X,
        Ack { epoch: 100, ended: true, sources: vec![(a(), 1, Some(1))], ..Ack::default() },
    );
    assert_eq!(left.backlog(), [(a(), Arc::from(X), 1)]);
}

#[test]
fn impossible_messages_are_ignored_and_counted() {
    let ack = |epoch, number| Ack { epoch, ended: false, sources: vec![(a(), 1, number)], ..Ack::default() };
    let other = Ack { epoch: 100, ended: false, sources: vec![(a(), 7, Some(1))], ..Ack::default() };
    let cases = [
        ("beyond what was sent", X, ack(100, Some(9))),
        ("an unknown incarnation", X, ack(101, Some(2))),
        ("another incarnation of the source", X, other),
        ("an unknown receiver", "z", ack(100, Some(2))),
    ];
    for (what, receiver, ack) in cases {
        let (mut left, source, _) = acquainted();
        left.send(20, source, Lane(0), 1);
        events(&mut left, 20);
        let before = left.counters().ignored;
        left.receive_ack(20, receiver, ack);
        assert_eq!(left.counters().ignored, before + 1, "{what}");
        assert_eq!(left.unacknowledged(), 1, "{what}");
    }
}

#[test]
fn impossible_numbers_are_ignored() {
    let data = |seq, predecessors| SequencedEvent {
        source: a(),
        epoch: 1,
        seq,
        predecessors,
        lane: Lane(0),
        body: 0,
    };
    for (seq, predecessors) in [(0, vec![]), (2, vec![(Lane(0), 2)]), (5, vec![(Lane(0), u64::MAX)])] {
        let (_, _, mut right) = acquainted();
        right.receive_event(20, data(seq, predecessors));
        assert_eq!(right.counters().ignored, 1, "{seq}");
        assert_eq!(right.held_back(), 0);
    }
}
