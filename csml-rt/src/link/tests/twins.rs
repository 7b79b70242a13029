//! Two processes of one name, forged messages, and events of earlier runs.

use super::*;

/// Exchanges messages for a while.
fn run(from: u64, to: u64, left: &mut Link<u32>, right: &mut Link<u32>) {
    for now in (from..to).step_by(50) {
        talk(now, left, right);
    }
}

fn reports(link: &mut Link<u32>) -> Vec<LinkReport> {
    std::iter::from_fn(|| link.next_report()).collect()
}

/// `acquainted`, and another process with the source `a` that has sent an event.
fn with_twin() -> (Link<u32>, SourceId, Link<u32>, SourceId, Link<u32>) {
    let (left, source, mut right) = acquainted();
    let (mut twin, twin_source) = sender(2);
    twin.send(20, twin_source, Lane(0), 50);
    talk(20, &mut twin, &mut right);
    assert_eq!(consume(&mut right, 20), [(0, 50)]);
    talk(40, &mut twin, &mut right);
    (left, source, twin, twin_source, right)
}

#[test]
fn a_source_is_heard_again_when_its_twin_has_gone() {
    let (mut left, source, twin, _, mut right) = with_twin();
    drop(twin);
    (1..4).for_each(|body| left.send(1_000, source, Lane(0), body));
    run(1_000, 3_000, &mut left, &mut right);
    assert_eq!(consume(&mut right, 3_000), [(0, 1), (0, 2), (0, 3)]);
    run(3_000, 4_000, &mut left, &mut right);
    assert!(left.is_idle());
    right.conclude(4_000);
    assert!(matches!(&reports(&mut right)[..], [LinkReport::TwinSource(_)]));
    assert!(matches!(&reports(&mut left)[..], [LinkReport::OwnTwin { .. }]));
    let counters = right.counters();
    assert_eq!((counters.twins, counters.dropped, counters.gaps, counters.impossible), (1, 0, 0, 0));
    assert_eq!(left.counters().twins, 1);
}

#[test]
fn twins_that_stay_are_both_heard() {
    let (mut left, source, mut twin, twin_source, mut right) = with_twin();
    let mut got = Vec::new();
    for round in 0..100_u32 {
        let now = 1_000 + u64::from(round) * 50;
        left.send(now, source, Lane(0), round);
        twin.send(now, twin_source, Lane(0), 1_000 + round);
        talk(now, &mut left, &mut right);
        talk(now, &mut twin, &mut right);
        got.extend(consume(&mut right, now).into_iter().map(|(_, body)| body));
    }
    run(7_000, 9_000, &mut left, &mut right);
    run(9_000, 11_000, &mut twin, &mut right);
    got.extend(consume(&mut right, 11_000).into_iter().map(|(_, body)| body));
    let (of_twin, of_left): (Vec<u32>, Vec<u32>) = got.into_iter().partition(|body| *body >= 1_000);
    assert_eq!(of_left, (0..100).collect::<Vec<_>>());
    assert_eq!(of_twin, (1_000..1_100).collect::<Vec<_>>());
}

#[test]
fn nothing_is_lost_or_doubled_when_a_twin_appears_while_events_are_missing() {
    let (mut left, source, mut right) = acquainted();
    (1..6).for_each(|body| left.send(20, source, Lane(0), body));
    let sent = events(&mut left, 20);
    // The second and the fourth are late.
    for index in [0, 2, 4] {
        right.receive_event(20, sent.get(index).unwrap().clone());
    }
    assert_eq!(consume(&mut right, 20), [(0, 1)]);
    let (mut twin, twin_source) = sender(2);
    twin.send(30, twin_source, Lane(0), 50);
    talk(30, &mut twin, &mut right);
    assert_eq!(consume(&mut right, 30), [(0, 3), (0, 5), (0, 50)]);
    assert_eq!(right.counters().gaps, 2);
    run(500, 3_000, &mut left, &mut right);
    assert_eq!(consume(&mut right, 3_000), [(0, 2), (0, 4)]);
    left.send(3_000, source, Lane(0), 6);
    run(3_000, 5_000, &mut left, &mut right);
    assert_eq!(consume(&mut right, 5_000), [(0, 6)]);
    run(5_000, 6_000, &mut left, &mut right);
    assert!(left.is_idle());
    assert_eq!((right.counters().gaps, right.counters().dropped), (0, 0));
}

#[test]
fn a_restart_is_not_taken_for_a_twin() {
    let (mut left, source, mut right) = acquainted();
    left.send(20, source, Lane(0), 1);
    let late = events(&mut left, 20);
    let answer = SourceSync { epoch: 1, receivers: vec![(X.into(), 100, Some(1))], ..SourceSync::default() };
    let (mut anew, source) = sender(2);
    anew.send(30, source, Lane(0), 2);
    talk(30, &mut anew, &mut right);
    assert_eq!(consume(&mut right, 30), [(0, 2)]);
    // Late messages of the run before prove nothing.
    for now in [40, 400, 900] {
        late.iter().for_each(|event| right.receive_event(now, event.clone()));
        right.receive_sync(now, &a(), answer.clone());
        talk(now, &mut anew, &mut right);
    }
    run(1_000, 9_000, &mut anew, &mut right);
    assert_eq!(consume(&mut right, 9_000), []);
    let counters = right.counters();
    assert_eq!((counters.twins, counters.dropped), (0, 1));
    // It is told once, here and to the source.
    let dropped = LinkReport::Dropped { source: a(), events: 1, gaps: 0 };
    assert_eq!(reports(&mut right), [dropped]);
    assert_eq!(reports(&mut anew), [LinkReport::Lost { source: a(), receiver: X.into(), events: 1 }]);
    assert_eq!((anew.counters().lost, anew.counters().twins), (1, 0));
}

#[test]
fn a_clean_restart_is_silent() {
    let (mut left, _, mut right) = acquainted();
    drop(left);
    let (mut anew, source) = sender(2);
    anew.send(30, source, Lane(0), 2);
    run(30, 9_000, &mut anew, &mut right);
    assert_eq!(consume(&mut right, 9_000), [(0, 2)]);
    right.conclude(9_000);
    assert_eq!((reports(&mut right), reports(&mut anew)), (vec![], vec![]));
    (left, _) = sender(3);
    run(9_000, 10_000, &mut left, &mut right);
    right.conclude(10_000);
    assert_eq!((reports(&mut right), reports(&mut left)), (vec![], vec![]));
}

#[test]
fn a_receiver_whose_twin_has_gone_goes_on() {
    let (mut left, source, mut right) = acquainted();
    let mut twin = receiver(200);
    left.send(20, source, Lane(0), 1);
    run(20, 500, &mut left, &mut twin);
    assert_eq!(consume(&mut twin, 500), [(0, 1)]);
    run(500, 800, &mut left, &mut twin);
    drop(twin);
    left.send(1_000, source, Lane(0), 2);
    run(1_000, 4_000, &mut left, &mut right);
    assert_eq!(consume(&mut right, 4_000), [(0, 2)], "the twin has handled the one before");
    run(4_000, 5_000, &mut left, &mut right);
    assert!(left.is_idle());
    assert!(reports(&mut left).contains(&LinkReport::TwinReceiver(X.into())));
}

/// An event of the run 1 of `a` on lane 0.
fn forged(seq: u64, predecessors: Predecessors) -> SequencedEvent<u32> {
    SequencedEvent { source: a(), epoch: 1, seq, predecessors, lane: Lane(0), body: 77 }
}

#[test]
fn a_forged_event_far_ahead_stops_no_stream() {
    for (predecessors, delivered) in [(vec![], false), (vec![(Lane(1), 1), (Lane(2), 20_000)], true)] {
        for seq in [20_001, u64::MAX] {
            let (mut left, source, mut right) = acquainted();
            right.receive_event(20, forged(seq, predecessors.clone()));
            let expected = if delivered { vec![(0, 77)] } else { vec![] };
            assert_eq!(consume(&mut right, 20), expected);
            (1..10).for_each(|body| left.send(30, source, Lane(0), body));
            run(30, 3_000, &mut left, &mut right);
            let got = consume(&mut right, 3_000);
            assert_eq!(got, (1..10).map(|body| (0, body)).collect::<Vec<_>>());
            run(3_000, 4_000, &mut left, &mut right);
            assert!(left.is_idle());
            assert!(right.counters().impossible > 0);
        }
    }
}

#[test]
fn a_forged_answer_skips_nothing() {
    let (mut left, source, mut right) = acquainted();
    let receivers = vec![(X.into(), 100, Some(u64::MAX))];
    right.receive_sync(20, &a(), SourceSync { epoch: 1, receivers, ..SourceSync::default() });
    (1..10).for_each(|body| left.send(30, source, Lane(0), body));
    run(30, 2_000, &mut left, &mut right);
    assert_eq!(consume(&mut right, 2_000).len(), 9);
    assert_eq!(right.counters().impossible, 1);
}

#[test]
fn a_forged_acknowledgement_loses_what_was_missing_and_stops_nothing() {
    let (mut left, source, mut right) = acquainted();
    (1..6).for_each(|body| left.send(20, source, Lane(0), body));
    let sent = events(&mut left, 20);
    // The first two are lost on the way, and acknowledged by somebody else.
    sent.get(2..).unwrap().iter().for_each(|event| right.receive_event(20, event.clone()));
    left.receive_ack(30, X, Ack { epoch: 100, sources: vec![(a(), 1, Some(3))], ..Ack::default() });
    left.receive_ack(30, X, Ack { epoch: 100, sources: vec![(a(), 1, Some(u64::MAX))], ..Ack::default() });
    assert_eq!(left.counters().impossible, 1);
    run(30, 3_000, &mut left, &mut right);
    assert_eq!(consume(&mut right, 3_000), [(0, 3), (0, 4), (0, 5)]);
    assert_eq!((right.counters().gaps, right.counters().impossible), (1, 1));
    run(3_000, 4_000, &mut left, &mut right);
    assert!(left.is_idle());
}

#[test]
fn forged_runs_of_a_source_do_not_silence_it() {
    let (mut left, source, mut right) = acquainted();
    for epoch in 1_000..1_200 {
        for number in [Some(0), Some(0)] {
            let receivers = vec![(X.into(), 100, number)];
            right.receive_sync(20, &a(), SourceSync { epoch, receivers, ..SourceSync::default() });
            right.receive_event(20, SequencedEvent { epoch, ..forged(1, vec![]) });
        }
        sends(&mut right, 20);
    }
    consume(&mut right, 20);
    (1..10).for_each(|body| left.send(30, source, Lane(0), body));
    run(30, 5_000, &mut left, &mut right);
    assert_eq!(consume(&mut right, 5_000), (1..10).map(|body| (0, body)).collect::<Vec<_>>());
    assert!(right.counters().twins > 0);
}

#[test]
fn a_process_may_leave_though_others_have_sent_it_more() {
    let (mut left, source, mut right) = acquainted();
    left.send(20, source, Lane(0), 1);
    talk(20, &mut left, &mut right);
    assert!(right.deliver().is_some());
    assert!(!right.is_idle() && right.may_leave());
    assert!(!left.may_leave(), "its event is not acknowledged");
}
