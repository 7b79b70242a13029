//! Once, and in order.

use super::*;

#[test]
fn events_reach_the_receivers_of_their_lanes() {
    let (mut left, source, mut right) = acquainted();
    for (lane, body) in [(0, 10), (1, 11), (2, 12), (0, 13)] {
        left.send(20, source, Lane(lane), body);
    }
    talk(20, &mut left, &mut right);
    assert_eq!(consume(&mut right, 20), [(0, 10), (0, 11), (1, 11), (0, 13)]);
    talk(30, &mut left, &mut right);
    assert!(left.is_idle() && right.is_idle());
    // The lane without receivers has used no number.
    assert_eq!(left.counters().sent, 4);
    assert_eq!(left.counters().acked, 4);
}

#[test]
fn any_order_of_arrival_gives_the_order_of_sending() {
    // Events on lanes 0, 1, 0, 1; for every order of arrival what `x` and `y` get.
    let mut orders = vec![vec![]];
    for index in 0..4 {
        orders = orders
            .iter()
            .flat_map(|order: &Vec<usize>| {
                (0..=order.len()).map(move |place| {
                    let mut order = order.clone();
                    order.insert(place, index);
                    order
                })
            })
            .collect();
    }
    assert_eq!(orders.len(), 24);
    for order in orders {
        let (mut left, source, mut right) = acquainted();
        (0..4).for_each(|body| left.send(20, source, Lane(body % 2), body));
        let sent = events(&mut left, 20);
        // Each comes twice.
        for index in order.iter().chain(&order) {
            right.receive_event(20, sent.get(*index).unwrap().clone());
        }
        let got = consume(&mut right, 20);
        let of = |receiver| got.iter().filter(move |(to, _)| *to == receiver).map(|(_, body)| *body);
        assert!(of(0).eq([0, 1, 2, 3]), "{order:?}: {got:?}");
        assert!(of(1).eq([1, 3]), "{order:?}: {got:?}");
        assert_eq!(right.held_back(), 0);
        assert_eq!(right.counters().duplicates, 6);
    }
}

#[test]
fn a_receiver_does_not_wait_for_lanes_of_others() {
    let (mut left, source, mut right) = acquainted();
    [(0, 5), (1, 6)].into_iter().for_each(|(lane, body)| left.send(20, source, Lane(lane), body));
    let sent = events(&mut left, 20);
    right.receive_event(20, sent.get(1).unwrap().clone());
    // `x` misses the first, `y` never gets it.
    assert_eq!(consume(&mut right, 20), [(1, 6)]);
    assert_eq!(right.held_back(), 1);
}

#[test]
fn a_process_ignores_its_own_events() {
    let (mut left, source) = sender(1);
    left.add_receiver(X.into());
    left.send(0, source, Lane(0), 1);
    for message in sends(&mut left, 0) {
        hand_in(&mut left, 0, message);
    }
    assert_eq!(left.deliver(), None);
}

#[test]
fn an_acknowledgement_follows_what_is_consumed() {
    let (mut left, source, mut right) = acquainted();
    (0..3).for_each(|body| left.send(20, source, Lane(0), body));
    events(&mut left, 20).into_iter().for_each(|data| right.receive_event(20, data));
    let deliveries: Vec<_> = std::iter::from_fn(|| right.deliver()).collect();
    assert_eq!(deliveries.len(), 3);
    assert!(sends(&mut right, 40).is_empty(), "nothing is consumed yet");
    right.consumed(40, deliveries.first().unwrap().token);
    assert_eq!(right.deadline(), Some(50), "after the delay");
    let said = sends(&mut right, 50);
    let ack = Ack { epoch: 100, ended: false, sources: vec![(a(), 1, Some(2))], ..Ack::default() };
    assert_eq!(said, [Transmit::Ack { receiver: X.into(), ack }]);
    assert!(!right.is_idle());
}

#[test]
fn many_consumed_are_acknowledged_at_once() {
    let options = LinkOptions { ack_every: 3, ..LinkOptions::default() };
    let (mut left, source) = sender(1);
    let mut right = receiver_with(options, 100);
    (0..4).for_each(|body| left.send(0, source, Lane(0), body));
    talk(0, &mut left, &mut right);
    let deliveries: Vec<_> = std::iter::from_fn(|| right.deliver()).collect();
    for (index, delivery) in deliveries.iter().enumerate() {
        right.consumed(1, delivery.token);
        assert_eq!(sends(&mut right, 1).len(), usize::from(index == 2), "{index}");
    }
}
