//! After a partition.

use std::collections::VecDeque;

use super::*;

/// Events raised while a receiver is away.
const BACKLOG: u64 = 50_000;

/// Three processes: a source, and `x` and `y` in one each; a millisecond from each to each.
struct World {
    now: u64,
    links: [Link<u32>; 3],
    way: VecDeque<(u64, usize, Transmit<u32>)>,
    away: bool,
    consumed: [u64; 3],
}

impl World {
    fn new() -> (Self, SourceId) {
        let (mut left, source) = (empty(LinkOptions::default(), 1), SourceId(0));
        left.add_source(a());
        left.add_route(source, Lane(1), [X, Y].map(Arc::from));
        let mut links = [left, empty(LinkOptions::default(), 2), empty(LinkOptions::default(), 3)];
        for (link, name) in links.iter_mut().skip(1).zip([X, Y]) {
            link.add_receiver(name.into());
        }
        links.iter_mut().for_each(|link| link.connected(0));
        (Self { now: 0, links, way: VecDeque::new(), away: false, consumed: [0; 3] }, source)
    }

    /// A millisecond. The process of `x` may be away: nothing gets there or comes from there.
    fn pass(&mut self) {
        self.now += 1;
        while self.way.front().is_some_and(|(at, ..)| *at <= self.now) {
            let (_, from, message) = self.way.pop_front().unwrap();
            for (index, link) in self.links.iter_mut().enumerate() {
                if index != from && !(self.away && (index == 1 || from == 1)) {
                    hand_in(link, self.now, message.clone());
                }
            }
        }
        for (index, link) in self.links.iter_mut().enumerate() {
            let got = consume(link, self.now);
            *self.consumed.get_mut(index).unwrap() += got.len() as u64;
            let sent = sends(link, self.now).into_iter();
            self.way.extend(sent.map(|message| (self.now + 1, index, message)));
        }
    }
}

#[test]
fn a_backlog_of_a_minute_is_delivered_in_seconds() {
    let (mut world, source) = World::new();
    let first = world.links.first_mut().unwrap();
    first.send(0, source, Lane(1), 0);
    (0..50).for_each(|_| world.pass());
    assert_eq!(world.consumed, [0, 1, 1]);
    world.away = true;
    let begun = world.now;
    let mut raised = 0;
    while world.now < begun + 60_000 {
        while raised < BACKLOG * (world.now - begun) / 60_000 {
            let first = world.links.first_mut().unwrap();
            assert!(first.has_room());
            first.send(world.now, source, Lane(1), 0);
            raised += 1;
        }
        world.pass();
    }
    let before = world.links.first().unwrap().counters();
    assert!(world.consumed[2] > raised - 100, "the other one goes on: {:?}", world.consumed);
    assert!(before.resent < 1_000, "{before:?}");
    // It is back, and does not know that it was away.
    world.away = false;
    let back = world.now;
    while world.consumed[1] < raised {
        world.pass();
        assert!(world.now < back + 8_000, "{:?}", world.consumed);
    }
    let after = world.links.first().unwrap().counters();
    let resent = after.resent - before.resent;
    assert!(resent < raised + 5_000, "{resent}");
}
