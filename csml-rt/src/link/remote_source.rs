//! A source of another process, as this process sees it.

use std::collections::{HashMap, VecDeque};

use super::held_bytes::HeldBytes;
use super::interface::Weight;
use super::protocol::{Lane, Predecessors, SourceName};
use super::source_incarnation::{SourceIncarnation, StreamPosition};

/// Incarnations of a source that are tracked at a time: the current one and some that have not answered.
const MAX_INCARNATIONS: usize = 4;
/// Incarnations that are remembered as gone, so that late messages of theirs are ignored.
const MAX_RETIRED: usize = 16;

/// The events of a source that one local receiver gets.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) receiver: u32,
    /// Sorted.
    lanes: Vec<Lane>,
    /// Bytes of the events that are delivered and not consumed.
    pub(super) delivered_bytes: usize,
}

impl Stream {
    /// The number of the last event of this stream before an event with these predecessors.
    pub(super) fn before(&self, predecessors: &Predecessors) -> u64 {
        let mine = predecessors.iter().filter(|(lane, _)| self.lanes.binary_search(lane).is_ok());
        mine.map(|(_, seq)| *seq).max().unwrap_or(0)
    }
}

/// A source of another process.
#[derive(Debug)]
pub(super) struct RemoteSource<B> {
    pub(super) name: SourceName,
    /// Known lanes, sorted, and the streams that get them, in the order of the receivers.
    lanes: Vec<(Lane, Vec<u32>)>,
    pub(super) streams: Vec<Stream>,
    by_receiver: HashMap<u32, u32>,
    /// In the order in which they became known. For those that ever answer this is the order in which they ran,
    /// since an incarnation only answers questions asked while it runs, and the next one starts after that. So all
    /// incarnations before one that has answered are gone.
    pub(super) incarnations: Vec<SourceIncarnation<B>>,
    /// Those that are gone. One that answers a question asked since then is not.
    pub(super) retired: VecDeque<SourceIncarnation<B>>,
    /// Bytes of the events that are held back.
    pub(super) held_bytes: HeldBytes,
    /// Bytes of the events that are delivered and not consumed.
    pub(super) delivered_bytes: usize,
    /// It has reached its limit of bytes before.
    pub(super) overflowed: bool,
}

impl<B> RemoteSource<B> {
    pub(super) fn new(name: SourceName) -> Self {
        let (incarnations, retired) = (Vec::new(), VecDeque::new());
        Self {
            name,
            lanes: Vec::new(),
            streams: Vec::new(),
            by_receiver: HashMap::new(),
            incarnations,
            retired,
            held_bytes: HeldBytes::default(),
            delivered_bytes: 0,
            overflowed: false,
        }
    }

    pub(super) fn knows(&self, lane: Lane) -> bool {
        self.lanes.binary_search_by_key(&lane, |(lane, _)| *lane).is_ok()
    }

    /// The streams that get a lane.
    pub(super) fn streams_of(&self, lane: Lane) -> &[u32] {
        let place = self.lanes.binary_search_by_key(&lane, |(lane, _)| *lane);
        place.ok().and_then(|place| self.lanes.get(place)).map_or(&[], |(_, streams)| streams)
    }

    pub(super) fn lanes(&self) -> impl Iterator<Item = Lane> {
        self.lanes.iter().map(|(lane, _)| *lane)
    }

    /// Adds a lane that is not known yet.
    pub(super) fn add_lane(&mut self, lane: Lane) {
        if let Err(place) = self.lanes.binary_search_by_key(&lane, |(lane, _)| *lane) {
            self.lanes.insert(place, (lane, Vec::new()));
        }
    }

    /// A receiver gets a lane; called once for each. Returns its stream, and whether that is new.
    pub(super) fn add_interest(&mut self, receiver: u32, lane: Lane) -> (u32, bool) {
        let next = self.streams.len() as u32;
        let stream = *self.by_receiver.entry(receiver).or_insert(next);
        if stream == next {
            self.streams.push(Stream { receiver, lanes: Vec::new(), delivered_bytes: 0 });
            for incarnation in self.incarnations.iter_mut().chain(&mut self.retired) {
                incarnation.positions.push(StreamPosition::default());
            }
        }
        if let Some(lanes) = self.streams.get_mut(stream as usize).map(|stream| &mut stream.lanes)
            && let Err(place) = lanes.binary_search(&lane)
        {
            lanes.insert(place, lane);
        }
        if let Ok(place) = self.lanes.binary_search_by_key(&lane, |(lane, _)| *lane)
            && let Some((_, streams)) = self.lanes.get_mut(place)
        {
            streams.push(stream);
        }
        (stream, stream == next)
    }

    pub(super) fn stream_of(&self, receiver: u32) -> Option<u32> {
        self.by_receiver.get(&receiver).copied()
    }

    pub(super) fn incarnation(&mut self, epoch: u64) -> Option<&mut SourceIncarnation<B>> {
        self.incarnations.iter_mut().find(|incarnation| incarnation.epoch == epoch)
    }

    pub(super) fn is_retired(&self, epoch: u64) -> bool {
        self.retired.iter().any(|incarnation| incarnation.epoch == epoch)
    }

    /// What an event counts in bytes for each stream that gets it. The streams share its memory.
    pub(super) fn share(&self, lane: Lane, body: &B) -> usize
    where
        B: Weight,
    {
        body.weight() / self.streams_of(lane).len().max(1)
    }

    /// An incarnation that is gone.
    pub(super) fn retired(&mut self, epoch: u64) -> Option<&mut SourceIncarnation<B>> {
        self.retired.iter_mut().find(|incarnation| incarnation.epoch == epoch)
    }

    /// An incarnation, gone or not.
    pub(super) fn any_incarnation(&mut self, epoch: u64) -> Option<&mut SourceIncarnation<B>> {
        let mut all = self.incarnations.iter_mut().chain(&mut self.retired);
        all.find(|incarnation| incarnation.epoch == epoch)
    }

    /// Takes back an incarnation that has proved that it runs. It becomes the last one.
    pub(super) fn take_retired(&mut self, epoch: u64) -> Option<SourceIncarnation<B>> {
        let place = self.retired.iter().position(|incarnation| incarnation.epoch == epoch)?;
        self.retired.remove(place)
    }

    /// Whether another incarnation can become current without one of those being given up.
    pub(super) fn is_full(&self) -> bool {
        self.incarnations.len() >= MAX_INCARNATIONS
    }

    /// Adds an incarnation. Returns the one that has to make room for it, if any; it is to be retired.
    pub(super) fn add_incarnation(&mut self, epoch: u64, pause: u64) -> Option<SourceIncarnation<B>> {
        let full = self.incarnations.len() >= MAX_INCARNATIONS;
        let oldest = self.incarnations.iter().position(|incarnation| !incarnation.confirmed).filter(|_| full);
        let gone = oldest.map(|oldest| self.incarnations.remove(oldest));
        self.incarnations.push(SourceIncarnation::new(epoch, self.streams.len(), pause));
        gone
    }

    /// An incarnation has answered. Returns the incarnations before it, which are gone and to be retired.
    pub(super) fn confirm(&mut self, epoch: u64) -> Vec<SourceIncarnation<B>> {
        let Some(index) = self
            .incarnations
            .iter()
            .position(|incarnation| incarnation.epoch == epoch && !incarnation.confirmed)
        else {
            return Vec::new();
        };
        let gone: Vec<_> = self.incarnations.drain(..index).collect();
        if let Some(incarnation) = self.incarnations.first_mut() {
            incarnation.confirmed = true;
        }
        gone
    }

    /// Remembers an incarnation that is gone. Those from which most was received are remembered longest, so that one
    /// that runs is not forgotten because of others that have only been claimed to. Returns the one that is forgotten.
    pub(super) fn retire(&mut self, incarnation: SourceIncarnation<B>) -> Option<SourceIncarnation<B>> {
        self.retired.push_back(incarnation);
        if self.retired.len() <= MAX_RETIRED {
            return None;
        }
        let received = |incarnation: &SourceIncarnation<B>| {
            incarnation.positions.iter().map(|position| position.received).sum::<u64>()
        };
        let least = self.retired.iter().enumerate().min_by_key(|(_, incarnation)| received(incarnation));
        let least = least.map(|(place, _)| place)?;
        self.retired.remove(least)
    }
}
