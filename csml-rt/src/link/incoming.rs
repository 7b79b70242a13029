//! What comes in: the sources outside and the receivers here.

mod runs;
mod speech;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::alarms::Alarms;
use super::farewell::Farewells;
use super::origin::Origin;
use super::run::Run;
use super::voices::Voices;
use super::{Data, Delivery, Interest, Lane, LinkCounters, LinkOptions};
use super::{ReceiverId, SourceName, Token};

/// Lanes of one source that are remembered: an event of a description has few channels.
const LANES: usize = 1 << 16;

/// How often a run is asked that does not answer while another one has.
const TRIES: u32 = 8;

/// The sources outside and the receivers here.
#[derive(Debug)]
pub(super) struct Incoming<B> {
    epoch: u64,
    connected: bool,
    pub(super) voices: Voices,
    receivers: HashMap<Arc<str>, u32>,
    origins: Vec<Origin<B>>,
    ids: HashMap<SourceName, u32>,
    /// Where the last event came from: most come in rows.
    last: u32,
    queue: VecDeque<Delivery<B>>,
    /// Handed on and not consumed, by receivers that have not ended.
    unconsumed: u64,
    /// Sources outside and their runs that have to be asked again.
    alarms: Alarms<(u32, u64)>,
    farewells: Farewells,
}

/// What everything here needs.
pub(super) struct Means<'a> {
    pub(super) now: u64,
    pub(super) options: &'a LinkOptions,
    pub(super) counters: &'a mut LinkCounters,
    pub(super) interest: &'a Interest,
}

impl<B: Clone> Incoming<B> {
    pub(super) fn new(epoch: u64) -> Self {
        Self {
            epoch,
            connected: false,
            voices: Voices::default(),
            receivers: HashMap::new(),
            origins: Vec::new(),
            ids: HashMap::new(),
            last: 0,
            queue: VecDeque::new(),
            unconsumed: 0,
            alarms: Alarms::new(),
            farewells: Farewells::default(),
        }
    }

    pub(super) fn add_receiver(&mut self, name: Arc<str>, interest: &Interest) -> ReceiverId {
        if let Some(id) = self.receivers.get(&name) {
            return ReceiverId(*id);
        }
        let id = self.voices.add(name.clone());
        self.receivers.insert(name.clone(), id);
        for origin in 0..self.origins.len() as u32 {
            let Some(from) = self.origins.get(origin as usize) else {
                continue;
            };
            let lanes: Vec<_> = from.lanes().filter(|lane| interest(&name, &from.name, *lane)).collect();
            lanes.into_iter().for_each(|lane| self.add_interest(origin, id, lane));
        }
        if self.connected {
            self.voices.hello(id);
        }
        ReceiverId(id)
    }

    fn add_interest(&mut self, origin: u32, receiver: u32, lane: Lane) {
        let Some(from) = self.origins.get_mut(origin as usize) else {
            return;
        };
        let (stream, is_new) = from.add_interest(receiver, lane);
        if !is_new {
            return;
        }
        let epochs: Vec<_> = from.runs.iter().map(|run| run.epoch).collect();
        if let Some(receiver) = self.voices.all.get_mut(receiver as usize) {
            receiver.streams.push((origin, stream));
        }
        epochs.into_iter().for_each(|epoch| self.say_now(origin, epoch, stream));
    }

    /// Whether it is a source outside that is known, or can be from now on.
    pub(super) fn is_known(&self, name: &SourceName) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &SourceName) -> Option<u32> {
        let last = self.origins.get(self.last as usize).filter(|origin| origin.name == *name);
        last.map(|_| self.last).or_else(|| self.ids.get(name).copied())
    }

    /// The source of an event, with everyone here asked about its lanes.
    fn origin_of(&mut self, means: &mut Means<'_>, data: &Data<B>) -> Option<u32> {
        let origin = match self.find(&data.source) {
            Some(origin) => origin,
            None if self.origins.len() >= means.options.max_sources => return None,
            None => {
                let origin = self.origins.len() as u32;
                self.origins.push(Origin::new(data.source.clone()));
                self.ids.insert(data.source.clone(), origin);
                origin
            }
        };
        self.last = origin;
        for lane in data.previous.iter().map(|(lane, _)| *lane).chain([data.lane]) {
            let from = self.origins.get_mut(origin as usize)?;
            if from.knows(lane) {
                continue;
            }
            if from.lanes().count() >= LANES {
                return None;
            }
            from.add_lane(lane);
            let mut wanting = Vec::new();
            for (index, receiver) in self.voices.all.iter().enumerate() {
                if (means.interest)(&receiver.name, &data.source, lane) {
                    wanting.push(index as u32);
                }
            }
            wanting.into_iter().for_each(|receiver| self.add_interest(origin, receiver, lane));
        }
        Some(origin)
    }

    pub(super) fn data(&mut self, means: &mut Means<'_>, data: Data<B>) {
        let Some(origin) = self.origin_of(means, &data) else {
            means.counters.refused += 1;
            return;
        };
        self.add_run(means, origin, data.epoch);
        let Some(from) = self.origins.get_mut(origin as usize) else {
            return;
        };
        if from.is_retired(data.epoch)
            || data.seq == 0
            || data.previous.iter().any(|(_, seq)| *seq >= data.seq)
        {
            means.counters.ignored += 1;
            return;
        }
        let streams = from.streams_of(data.lane).to_vec();
        let mut open = false;
        for stream in streams {
            open |= !self.data_for(means, origin, stream, &data);
        }
        if open {
            self.look_after(means, origin, data.epoch, true);
        }
    }

    /// An event for one stream. Whether that leaves no question open.
    fn data_for(&mut self, means: &mut Means<'_>, origin: u32, stream: u32, data: &Data<B>) -> bool {
        let index = stream as usize;
        let Some(from) = self.origins.get_mut(origin as usize) else { return true };
        let Some(Run { positions, .. }) = from.runs.iter().find(|run| run.epoch == data.epoch) else {
            return true;
        };
        let (Some(to), Some(position)) = (from.streams.get(index), positions.get(index)) else { return true };
        let room = means.options.hold_back.max(1);
        let ended = self.voices.all.get(to.receiver as usize).is_some_and(|receiver| receiver.ended);
        let have = position.known && data.seq <= position.handed || position.early.contains(&data.seq);
        let ready = position.known && to.before(&data.previous) <= position.handed;
        let (known, full) = (position.known, position.unconsumed >= room);
        if ended {
            let run = from.run(data.epoch);
            if let Some(position) = run.and_then(|run| run.positions.get_mut(index)) {
                position.handed = position.handed.max(data.seq);
                position.consumed = position.handed;
            }
            self.say_later(means, origin, data.epoch, stream);
        } else if have {
            means.counters.duplicates += 1;
            self.say_later(means, origin, data.epoch, stream);
        } else if ready && full {
            means.counters.refused += 1;
        } else if ready {
            let body = data.body.clone();
            self.hand_on(origin, data.epoch, stream, (data.seq, data.lane, body));
            self.release(means, origin, data.epoch, stream);
        } else {
            let held = from.run(data.epoch).is_none_or(|run| run.hold(index, data, room));
            *(if held { &mut means.counters.early } else { &mut means.counters.refused }) += 1;
        }
        known && (ended || have || ready)
    }

    fn hand_on(&mut self, origin: u32, epoch: u64, stream: u32, (seq, lane, body): (u64, Lane, B)) {
        let Some(from) = self.origins.get_mut(origin as usize) else {
            return;
        };
        let (source, to) = (from.name.clone(), from.streams.get(stream as usize));
        let Some(receiver) = to.map(|stream| stream.receiver) else {
            return;
        };
        let run = from.run(epoch);
        if let Some(position) = run.and_then(|run| run.positions.get_mut(stream as usize)) {
            position.handed = seq;
            position.unconsumed += 1;
        }
        if let Some(receiver) = self.voices.all.get_mut(receiver as usize) {
            receiver.unconsumed += 1;
            self.unconsumed += 1;
        }
        let token = Token { origin, stream, epoch, seq };
        self.queue.push_back(Delivery { token, receiver: ReceiverId(receiver), source, lane, body });
    }

    /// Hands on what is held back for a stream and need not be any more.
    fn release(&mut self, means: &Means<'_>, origin: u32, epoch: u64, stream: u32) {
        let room = means.options.hold_back.max(1);
        while let Some(from) = self.origins.get_mut(origin as usize) {
            let Some(run) = from.runs.iter_mut().find(|run| run.epoch == epoch) else {
                return;
            };
            let Some(to) = from.streams.get(stream as usize) else {
                return;
            };
            let next = run.release(stream as usize, |position, previous| {
                position.known && position.unconsumed < room && to.before(previous) <= position.handed
            });
            let Some(event) = next else { return };
            self.hand_on(origin, epoch, stream, event);
        }
    }

    pub(super) fn deliver(&mut self, counters: &mut LinkCounters) -> Option<Delivery<B>> {
        loop {
            let delivery = self.queue.pop_front()?;
            if self.voices.all.get(delivery.receiver.index()).is_some_and(|receiver| !receiver.ended) {
                counters.delivered += 1;
                return Some(delivery);
            }
        }
    }

    pub(super) fn consumed(&mut self, means: &mut Means<'_>, token: Token) {
        let Token { origin, stream, epoch, seq } = token;
        let Some(from) = self.origins.get_mut(origin as usize) else {
            return;
        };
        let Some(index) = from.streams.get(stream as usize).map(|stream| stream.receiver) else {
            return;
        };
        let Some(receiver) = self.voices.all.get_mut(index as usize).filter(|receiver| !receiver.ended)
        else {
            return;
        };
        receiver.unconsumed = receiver.unconsumed.saturating_sub(1);
        self.unconsumed = self.unconsumed.saturating_sub(1);
        let run = from.run(epoch);
        let Some(position) = run.and_then(|run| run.positions.get_mut(stream as usize)) else {
            return;
        };
        position.unconsumed = position.unconsumed.saturating_sub(1);
        position.consumed = position.consumed.max(seq);
        position.unsaid += 1;
        let (many, waits) = (position.unsaid >= means.options.ack_every, !position.early.is_empty());
        if many {
            self.say_now(origin, epoch, stream);
        } else {
            self.say_later(means, origin, epoch, stream);
        }
        if waits {
            self.release(means, origin, epoch, stream);
        }
    }

    pub(super) fn end_receiver(&mut self, means: &Means<'_>, receiver: ReceiverId) {
        let Some(to) = self.voices.all.get_mut(receiver.index()) else {
            return;
        };
        to.ended = true;
        self.unconsumed = self.unconsumed.saturating_sub(std::mem::take(&mut to.unconsumed));
        for (origin, stream) in to.streams.clone() {
            let Some(from) = self.origins.get_mut(origin as usize) else {
                continue;
            };
            let mut epochs = Vec::new();
            for run in &mut from.runs {
                epochs.push(run.epoch);
                let highest = run.forget(stream as usize);
                let Some(position) = run.positions.get_mut(stream as usize) else {
                    continue;
                };
                position.handed = position.handed.max(highest);
                position.consumed = position.handed;
                position.unconsumed = 0;
            }
            epochs.into_iter().for_each(|epoch| self.say_now(origin, epoch, stream));
        }
        let streams = self.voices.all.get(receiver.index()).map_or(&[][..], |to| &to.streams);
        let sources = streams.iter().map(|(origin, _)| *origin).collect();
        self.farewells.begin(means.now, receiver.0, sources, means.options);
        self.voices.hello(receiver.0);
    }

    pub(super) fn connected(&mut self, means: &mut Means<'_>) {
        self.connected = true;
        for receiver in 0..self.voices.all.len() as u32 {
            self.voices.hello(receiver);
        }
        for origin in 0..self.origins.len() as u32 {
            let runs = self.origins.get(origin as usize).map_or(&[][..], |from| &from.runs);
            for epoch in runs.iter().map(|run| run.epoch).collect::<Vec<_>>() {
                for stream in 0..self.origins.get(origin as usize).map_or(0, |from| from.streams.len()) {
                    self.say_now(origin, epoch, stream as u32);
                }
                self.look_after(means, origin, epoch, true);
            }
        }
    }

    pub(super) fn disconnected(&mut self) {
        self.connected = false;
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        let next = [self.voices.deadline(), self.alarms.next(), self.farewells.deadline()];
        let next = next.into_iter().flatten().min();
        next.filter(|_| self.connected)
    }

    pub(super) fn held_back(&self) -> usize {
        self.origins.iter().flat_map(|origin| &origin.runs).map(|run| run.held.len()).sum()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.unconsumed == 0 && self.queue.is_empty() && self.voices.is_silent() && self.farewells.is_empty()
    }
}
