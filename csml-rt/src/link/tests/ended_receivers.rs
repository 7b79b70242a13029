//! A receiver that has ended may leave, and its sources know.

use super::*;

fn shutdown(epoch: u64) -> Ack {
    Ack { epoch, ended: true, sources: vec![], ..Ack::default() }
}

#[test]
fn a_shutdown_is_repeated_until_the_source_answers() {
    let (_, _, mut right) = acquainted();
    right.end_receiver(20, ReceiverId(0));
    let said = |sends: Vec<Transmit<u32>>| {
        let ours =
            |message: &Transmit<u32>| matches!(message, Transmit::Ack { ack, .. } if *ack == shutdown(100));
        sends.iter().filter(|message| ours(message)).count()
    };
    assert_eq!(said(sends(&mut right, 20)), 1);
    assert!(!right.is_idle(), "it must not leave yet");
    assert_eq!(said(sends(&mut right, 219)), 0);
    assert_eq!(said(sends(&mut right, 220)), 1);
    let sync = SourceSync { epoch: 1, receivers: vec![(X.into(), 100, None)], ..SourceSync::default() };
    right.receive_sync(300, &a(), sync);
    sends(&mut right, 300);
    assert!(right.is_idle());
    assert_eq!(said(sends(&mut right, 10_000)), 0);
}

#[test]
fn an_answer_from_before_the_end_does_not_confirm_it() {
    // The question was asked twice, and the second answer is late; the shutdown is lost.
    let (mut left, source) = sender(1);
    let mut right = receiver(100);
    left.send(0, source, Lane(0), 1);
    talk(0, &mut left, &mut right);
    assert_eq!(consume(&mut right, 0), [(0, 1)]);
    right.end_receiver(0, ReceiverId(0));
    sends(&mut right, 0);
    for base in [0, 1] {
        right.receive_sync(
            10,
            &a(),
            SourceSync { epoch: 1, receivers: vec![(X.into(), 100, Some(base))], ..SourceSync::default() },
        );
        sends(&mut right, 10);
        assert!(!right.is_idle(), "it must not leave yet");
    }
    talk(200, &mut left, &mut right);
    assert_eq!(left.unacknowledged(), 0);
    talk(210, &mut left, &mut right);
    assert!(left.is_idle() && right.is_idle());
}

#[test]
fn a_confirmed_end_does_not_affect_a_running_receiver() {
    let (mut left, source, mut right) = acquainted();
    right.receive_sync(
        20,
        &a(),
        SourceSync { epoch: 1, receivers: vec![(X.into(), 100, None)], ..SourceSync::default() },
    );
    assert_eq!(right.counters().ignored, 1);
    left.send(30, source, Lane(0), 1);
    talk(30, &mut left, &mut right);
    assert_eq!(consume(&mut right, 30), [(0, 1)]);
}

#[test]
fn waiting_for_a_source_that_is_gone_ends() {
    let (_, _, mut right) = acquainted();
    right.end_receiver(20, ReceiverId(0));
    let mut now = 20;
    while !right.is_idle() {
        sends(&mut right, now);
        now = right.deadline().unwrap_or(now);
        assert!(now < 60_000);
    }
}

#[test]
fn a_known_incarnation_is_answered_at_once_and_believed_if_it_does_not_contradict() {
    let (mut left, source, _) = acquainted();
    left.send(20, source, Lane(0), 1);
    events(&mut left, 20);
    left.receive_ack(30, X, shutdown(100));
    let answers = sends(&mut left, 30);
    assert!(
        matches!(&answers[..], [Transmit::Sync { sync, .. }] if sync.receivers == [(X.into(), 100, None)]),
        "{answers:?}"
    );
    assert_eq!(left.unacknowledged(), 1);
    for now in (30..=1_100).step_by(10) {
        events(&mut left, now);
    }
    assert_eq!(left.unacknowledged(), 0);
}

#[test]
fn a_forged_end_of_a_running_receiver_is_contradicted() {
    for with_number in [false, true] {
        let (mut left, source, mut right) = acquainted();
        left.send(20, source, Lane(0), 1);
        let sent = events(&mut left, 20);
        let sources = if with_number { vec![(a(), 1, Some(1))] } else { Vec::new() };
        left.receive_ack(30, X, Ack { epoch: 100, ended: true, sources, ..Ack::default() });
        talk(30, &mut left, &mut right);
        sent.into_iter().for_each(|event| right.receive_event(40, event));
        for now in (40..5_000).step_by(10) {
            talk(now, &mut left, &mut right);
            left.send(now, source, Lane(0), now as u32);
        }
        talk(5_000, &mut left, &mut right);
        assert_eq!(consume(&mut right, 5_000).len(), 497, "{with_number}");
        assert_eq!((left.counters().impossible, left.counters().lost), (1, 0));
        assert_eq!(right.counters().impossible, 1);
    }
}

#[test]
fn a_forged_end_that_was_believed_is_told_with_the_number_of_lost_events() {
    let (mut left, source, mut right) = acquainted();
    left.receive_ack(30, X, shutdown(100));
    (1..4).for_each(|body| left.send(40, source, Lane(0), body));
    for now in (40..2_000).step_by(10) {
        // The contradiction comes too late.
        events(&mut left, now);
    }
    (4..6).for_each(|body| left.send(2_000, source, Lane(0), body));
    right.receive_sync(
        2_010,
        &a(),
        SourceSync { epoch: 1, receivers: vec![(X.into(), 100, None)], ..SourceSync::default() },
    );
    talk(2_010, &mut left, &mut right);
    assert_eq!((left.counters().lost, left.counters().impossible), (5, 1));
    left.send(2_020, source, Lane(0), 6);
    for now in (2_020..9_000).step_by(10) {
        talk(now, &mut left, &mut right);
    }
    assert_eq!(consume(&mut right, 9_000), [(0, 6)]);
}

#[test]
fn an_unknown_incarnation_is_believed_when_no_other_appears() {
    let (mut left, source) = sender(1);
    left.send(0, source, Lane(0), 1);
    events(&mut left, 0);
    left.receive_ack(10, X, shutdown(100));
    for now in (10..5_000).step_by(10) {
        events(&mut left, now);
    }
    assert_eq!(left.unacknowledged(), 1, "another incarnation may be on its way");
    for now in (5_000..12_000).step_by(10) {
        events(&mut left, now);
    }
    assert_eq!(left.unacknowledged(), 0);
}

#[test]
fn a_retained_shutdown_of_an_old_incarnation_ends_no_new_one() {
    // No process here knows the old one; the new one is there already, or comes soon.
    for known in [false, true] {
        let (mut left, source) = sender(1);
        if known {
            let (again, _, _) = acquainted();
            left = again;
        }
        left.send(20, source, Lane(0), 1);
        events(&mut left, 20);
        left.receive_ack(30, X, shutdown(7));
        left.receive_ack(40, X, Ack { epoch: 100, ended: false, sources: vec![], ..Ack::default() });
        for now in (40..20_000).step_by(10) {
            events(&mut left, now);
        }
        assert_eq!(left.unacknowledged(), 1, "{known}");
    }
}

#[test]
fn late_messages_of_an_ended_incarnation_end_no_later_one() {
    let (mut left, source, _) = acquainted();
    left.receive_ack(20, X, shutdown(100));
    left.receive_ack(
        30,
        X,
        Ack { epoch: 200, ended: false, sources: vec![(a(), 1, None)], ..Ack::default() },
    );
    left.send(40, source, Lane(0), 1);
    left.receive_ack(50, X, shutdown(100));
    for now in (50..20_000).step_by(10) {
        events(&mut left, now);
    }
    assert_eq!(left.unacknowledged(), 1);
}
