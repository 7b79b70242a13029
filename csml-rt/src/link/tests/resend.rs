//! Sending again.

use super::*;

#[test]
fn pauses_double_up_to_the_maximum() {
    let (mut left, source, _) = acquainted();
    left.send(1_000, source, Lane(0), 1);
    assert_eq!(numbers(&events(&mut left, 1_000)), [2]);
    let mut now = 1_000;
    for pause in [200, 400, 800, 1_600, 3_200, 5_000, 5_000] {
        assert_eq!(left.deadline(), Some(now + pause));
        assert_eq!(events(&mut left, now + pause - 1), []);
        now += pause;
        assert_eq!(numbers(&events(&mut left, now)), [2], "{now}");
    }
    assert_eq!(left.counters().resent, 7);
}

#[test]
fn the_oldest_comes_first_and_only_what_is_missing() {
    let (mut left, source, mut right) = acquainted();
    (1..=40).for_each(|body| left.send(20, source, Lane(0), body));
    let sent = events(&mut left, 20);
    assert_eq!(sent.len(), 40);
    // The third is lost.
    for data in sent.into_iter().filter(|data| data.seq != 4) {
        right.receive_event(20, data);
    }
    assert_eq!(consume(&mut right, 20).len(), 2);
    talk(30, &mut left, &mut right);
    let again = events(&mut left, 230);
    assert_eq!(again.first().unwrap().seq, 4);
    again.into_iter().for_each(|data| right.receive_event(230, data));
    assert_eq!(consume(&mut right, 230).len(), 38);
    talk(240, &mut left, &mut right);
    assert!(left.is_idle());
    assert!(left.counters().resent <= 16, "{:?}", left.counters());
}

#[test]
fn a_new_connection_sends_again_at_once() {
    let (mut left, source, _) = acquainted();
    left.send(20, source, Lane(0), 1);
    events(&mut left, 20);
    events(&mut left, 3_000);
    left.disconnected(3_010);
    left.send(3_020, source, Lane(0), 2);
    assert_eq!(sends(&mut left, 4_000), []);
    assert_eq!(left.deadline(), None);
    left.connected(4_010);
    assert_eq!(numbers(&events(&mut left, 4_010)), [2, 3]);
    assert_eq!(left.deadline(), Some(4_210), "from the shortest pause");
}

#[test]
fn a_receiver_that_connects_is_sent_again_at_once() {
    let (mut left, source, _) = acquainted();
    left.send(20, source, Lane(0), 1);
    events(&mut left, 20);
    (1..=4).for_each(|second| drop(events(&mut left, second * 1_000)));
    left.receive_ack(4_900, X, Ack { epoch: 100, ended: false, sources: vec![], ..Ack::default() });
    assert_eq!(numbers(&events(&mut left, 4_900)), [2]);
}

#[test]
fn one_copy_serves_all_receivers() {
    let (mut left, source, _) = acquainted();
    left.send(20, source, Lane(1), 1);
    events(&mut left, 20);
    assert_eq!(numbers(&events(&mut left, 220)), [2], "though both have not acknowledged it");
}

#[test]
fn a_receiver_that_is_away_does_not_stop_the_others() {
    let options = LinkOptions { window: 4, ..LinkOptions::default() };
    let (mut left, source) = sender_with(options, 1);
    let mut right = receiver(100);
    // `x` never says anything.
    for round in 0..20 {
        left.send(round, source, Lane(1), 0);
        events(&mut left, round).into_iter().for_each(|data| right.receive_event(round, data));
        consume(&mut right, round);
        for message in sends(&mut right, round + 10) {
            if matches!(&message, Transmit::Ack { receiver, .. } if &**receiver == Y) {
                hand_in(&mut left, round, message);
            }
        }
        for message in sends(&mut left, round) {
            hand_in(&mut right, round, message);
        }
    }
    assert_eq!(left.counters().sent, 20);
    assert_eq!(left.unacknowledged(), 20);
}
