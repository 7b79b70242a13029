//! Incarnations of sources and receivers that follow each other.

use super::*;

#[test]
fn a_new_incarnation_of_a_receiver_goes_on_after_what_was_acknowledged() {
    let (mut left, source, mut right) = acquainted();
    (1..5).for_each(|body| left.send(20, source, Lane(0), body));
    talk(20, &mut left, &mut right);
    // Two are consumed and acknowledged, then the process is gone.
    for _ in 0..2 {
        let token = right.deliver().unwrap().token;
        right.consumed(20, token);
    }
    talk(30, &mut left, &mut right);
    let mut anew = receiver(200);
    talk(300, &mut left, &mut anew);
    assert_eq!(consume(&mut anew, 300), [(0, 3), (0, 4)]);
    talk(310, &mut left, &mut anew);
    assert!(left.is_idle());
}

#[test]
fn a_late_acknowledgement_of_an_earlier_incarnation_leaves_no_gap() {
    let (mut left, source, mut right) = acquainted();
    (1..4).for_each(|body| left.send(20, source, Lane(0), body));
    talk(20, &mut left, &mut right);
    assert_eq!(consume(&mut right, 20).len(), 3);
    let late = sends(&mut right, 30);
    // The new incarnation hears that it begins at the second, and nothing else.
    let mut anew = receiver(200);
    left.receive_ack(
        40,
        X,
        Ack { epoch: 200, ended: false, sources: vec![(a(), 1, None)], ..Ack::default() },
    );
    let answer = sends(&mut left, 40);
    late.into_iter().for_each(|message| hand_in(&mut left, 50, message));
    assert_eq!(left.unacknowledged(), 0, "they were consumed");
    left.send(60, source, Lane(0), 4);
    events(&mut left, 60).into_iter().for_each(|data| anew.receive_event(60, data));
    answer.into_iter().for_each(|message| hand_in(&mut anew, 60, message));
    assert_eq!(consume(&mut anew, 60), []);
    talk(60, &mut left, &mut anew);
    assert_eq!(consume(&mut anew, 60), [(0, 4)]);
}

#[test]
fn a_new_incarnation_of_a_source_follows_the_old_one() {
    let (mut left, source, mut right) = acquainted();
    (1..4).for_each(|body| left.send(20, source, Lane(0), body));
    let sent = events(&mut left, 20);
    // The second is lost for good.
    right.receive_event(20, sent.first().unwrap().clone());
    right.receive_event(20, sent.get(2).unwrap().clone());
    assert_eq!(consume(&mut right, 20), [(0, 1)]);
    let (mut anew, source) = sender(2);
    anew.send(30, source, Lane(0), 5);
    talk(30, &mut anew, &mut right);
    assert_eq!(consume(&mut right, 30), [(0, 3), (0, 5)]);
    assert_eq!(right.counters().gaps, 1);
    // What still comes of the old incarnation is dropped.
    right.receive_event(40, sent.get(1).unwrap().clone());
    assert_eq!(consume(&mut right, 40), []);
    assert_eq!(right.counters().ignored, 1);
}

#[test]
fn late_events_of_an_unknown_old_incarnation_do_not_replace_the_current_one() {
    let (mut old, old_source) = sender(1);
    old.send(0, old_source, Lane(0), 1);
    let late = events(&mut old, 0);
    let (mut left, source) = sender(2);
    let mut right = receiver(100);
    left.send(0, source, Lane(0), 2);
    talk(0, &mut left, &mut right);
    assert_eq!(consume(&mut right, 0), [(0, 2)]);
    late.into_iter().for_each(|data| right.receive_event(10, data));
    left.send(20, source, Lane(0), 3);
    talk(20, &mut left, &mut right);
    assert_eq!(consume(&mut right, 20), [(0, 3)]);
    // It is asked for a while, and forgotten when it does not answer.
    let mut now = 20;
    while right.held_back() > 0 && now < 100_000 {
        now = right.deadline().unwrap();
        talk(now, &mut left, &mut right);
    }
    assert!((10_000..60_000).contains(&now), "{now}");
    talk(now + 10, &mut left, &mut right);
    assert!(left.is_idle() && right.is_idle());
}

#[test]
fn a_source_asked_for_an_old_incarnation_announces_itself() {
    let (mut left, _, mut right) = acquainted();
    sends(&mut left, 1_000);
    right.disconnected(1_000);
    right.connected(1_001);
    let (mut anew, _) = sender(2);
    sends(&mut anew, 0);
    for message in sends(&mut right, 1_001) {
        // Not the announcement, which asks anyway.
        if !matches!(&message, Transmit::Ack { ack, .. } if ack.sources.is_empty()) {
            hand_in(&mut anew, 1_001, message);
        }
    }
    let sync = SourceSync { epoch: 2, receivers: vec![], ..SourceSync::default() };
    assert_eq!(sends(&mut anew, 1_001), [Transmit::Sync { source: a(), sync }]);
}
