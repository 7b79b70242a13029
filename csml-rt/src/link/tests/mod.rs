mod bounds;
mod catch_up;
mod ended_receivers;
mod joining;
mod order;
mod resend;
mod restarts;
mod twins;

use std::sync::Arc;

use super::*;

/// A body: any number; a megabyte each from 1,000,000 on.
impl Weight for u32 {
    fn weight(&self) -> usize {
        if *self < 1_000_000 { 4 } else { 1 << 20 }
    }
}

const X: &str = "x";
const Y: &str = "y";

/// The source `a` of most tests.
fn a() -> SourceName {
    SourceName::Instance("a".into())
}

/// `x` gets lanes 0 and 1, `y` lane 1, no receiver lane 2.
fn wants(receiver: &str, lane: Lane) -> bool {
    lane.0 == 1 && receiver == Y || lane.0 < 2 && receiver == X
}

fn empty(options: LinkOptions, epoch: u64) -> Link<u32> {
    Link::new(options, epoch, Box::new(|receiver, _, lane| wants(receiver, lane)))
}

/// A process with the source `a`.
fn sender(epoch: u64) -> (Link<u32>, SourceId) {
    sender_with(LinkOptions::default(), epoch)
}

fn sender_with(options: LinkOptions, epoch: u64) -> (Link<u32>, SourceId) {
    let mut link = empty(options, epoch);
    let source = link.add_source(a());
    for lane in (0..3).map(Lane) {
        let to = [X, Y].into_iter().filter(|receiver| wants(receiver, lane));
        link.add_route(source, lane, to.map(Arc::from));
    }
    link.connected(0);
    (link, source)
}

/// A process with the receivers `x` and `y`.
fn receiver(epoch: u64) -> Link<u32> {
    receiver_with(LinkOptions::default(), epoch)
}

fn receiver_with(options: LinkOptions, epoch: u64) -> Link<u32> {
    let mut link = empty(options, epoch);
    link.add_receiver(X.into());
    link.add_receiver(Y.into());
    link.connected(0);
    link
}

/// All messages that a link has to send.
fn sends(link: &mut Link<u32>, now: u64) -> Vec<Transmit<u32>> {
    link.tick(now);
    std::iter::from_fn(|| link.transmit(now)).collect()
}

/// The events among what a link has to send.
fn events(link: &mut Link<u32>, now: u64) -> Vec<SequencedEvent<u32>> {
    let all = sends(link, now).into_iter();
    all.filter_map(|message| if let Transmit::Event { event, .. } = message { Some(event) } else { None })
        .collect()
}

/// The numbers of these events.
fn numbers(events: &[SequencedEvent<u32>]) -> Vec<u64> {
    events.iter().map(|event| event.seq).collect()
}

fn hand_in(link: &mut Link<u32>, now: u64, message: Transmit<u32>) {
    match message {
        Transmit::Event { event, .. } => link.receive_event(now, event),
        Transmit::Ack { receiver, ack } => link.receive_ack(now, &receiver, ack),
        Transmit::Sync { source, sync } => link.receive_sync(now, &source, sync),
    }
}

/// Exchanges messages between two processes, without faults, until neither has any left at this time.
fn talk(now: u64, left: &mut Link<u32>, right: &mut Link<u32>) {
    loop {
        let (from_left, from_right) = (sends(left, now), sends(right, now));
        if from_left.is_empty() && from_right.is_empty() {
            return;
        }
        from_left.into_iter().for_each(|message| hand_in(right, now, message));
        from_right.into_iter().for_each(|message| hand_in(left, now, message));
    }
}

/// What is delivered, as receiver and body; everything is consumed at once.
fn consume(link: &mut Link<u32>, now: u64) -> Vec<(usize, u32)> {
    let mut all = Vec::new();
    while let Some(delivery) = link.deliver() {
        all.push((delivery.receiver.index(), delivery.body));
        link.consumed(now, delivery.token);
    }
    all
}

/// A sender and a receiver past their first peer, at number 1.
fn acquainted() -> (Link<u32>, SourceId, Link<u32>) {
    let (mut left, source) = sender(1);
    let mut right = receiver(100);
    left.send(0, source, Lane(1), 0);
    talk(0, &mut left, &mut right);
    assert_eq!(consume(&mut right, 0), [(0, 0), (1, 0)]);
    talk(10, &mut left, &mut right);
    assert!(left.is_idle() && right.is_idle());
    (left, source, right)
}
