//! A source outside, as this process sees it.

use std::collections::{HashMap, VecDeque};

use super::run::Run;
use super::{Lane, Previous, SourceName};

/// Runs of a source that are looked at together: the current one and some that have not answered.
const RUNS: usize = 4;
/// Runs that are remembered as gone.
const RETIRED: usize = 16;

/// What a receiver here gets of a source.
#[derive(Debug)]
pub(super) struct Stream {
    pub(super) receiver: u32,
    /// Sorted.
    lanes: Vec<Lane>,
}

impl Stream {
    /// The number of the last event for it before one with these numbers before it.
    pub(super) fn before(&self, previous: &Previous) -> u64 {
        let mine = previous.iter().filter(|(lane, _)| self.lanes.binary_search(lane).is_ok());
        mine.map(|(_, seq)| *seq).max().unwrap_or(0)
    }
}

/// A source outside.
#[derive(Debug)]
pub(super) struct Origin<B> {
    pub(super) name: SourceName,
    /// Lanes that were asked about, sorted, and the streams that get them, in the order of the receivers.
    lanes: Vec<(Lane, Vec<u32>)>,
    pub(super) streams: Vec<Stream>,
    by_receiver: HashMap<u32, u32>,
    /// In the order in which they became known, which is the order in which those lived that ever answer: a
    /// run answers only what it is asked while it lives, and the next one begins after that. So whatever
    /// comes before a run that has answered is gone.
    pub(super) runs: Vec<Run<B>>,
    retired: VecDeque<u64>,
}

impl<B> Origin<B> {
    pub(super) fn new(name: SourceName) -> Self {
        let (runs, retired) = (Vec::new(), VecDeque::new());
        Self { name, lanes: Vec::new(), streams: Vec::new(), by_receiver: HashMap::new(), runs, retired }
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

    /// A lane nobody was asked about yet.
    pub(super) fn add_lane(&mut self, lane: Lane) {
        if let Err(place) = self.lanes.binary_search_by_key(&lane, |(lane, _)| *lane) {
            self.lanes.insert(place, (lane, Vec::new()));
        }
    }

    /// A receiver gets a lane; said once. Its stream, and whether that is new.
    pub(super) fn add_interest(&mut self, receiver: u32, lane: Lane) -> (u32, bool) {
        let next = self.streams.len() as u32;
        let stream = *self.by_receiver.entry(receiver).or_insert(next);
        if stream == next {
            self.streams.push(Stream { receiver, lanes: Vec::new() });
            for run in &mut self.runs {
                run.positions.push(super::run::Position::default());
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

    pub(super) fn run(&mut self, epoch: u64) -> Option<&mut Run<B>> {
        self.runs.iter_mut().find(|run| run.epoch == epoch)
    }

    pub(super) fn is_retired(&self, epoch: u64) -> bool {
        self.retired.contains(&epoch)
    }

    /// A run that was not known. The one that has to make room for it, if any.
    pub(super) fn add_run(&mut self, epoch: u64, pause: u64) -> Option<Run<B>> {
        let full = self.runs.len() >= RUNS;
        let oldest = self.runs.iter().position(|run| !run.confirmed).filter(|_| full);
        let gone = oldest.map(|oldest| self.runs.remove(oldest));
        if let Some(gone) = &gone {
            self.retire(gone.epoch);
        }
        self.runs.push(Run::new(epoch, self.streams.len(), pause));
        gone
    }

    /// A run has answered. The runs before it, which are gone.
    pub(super) fn confirm(&mut self, epoch: u64) -> Vec<Run<B>> {
        let Some(index) = self.runs.iter().position(|run| run.epoch == epoch && !run.confirmed) else {
            return Vec::new();
        };
        let gone: Vec<_> = self.runs.drain(..index).collect();
        for run in &gone {
            self.retire(run.epoch);
        }
        if let Some(run) = self.runs.first_mut() {
            run.confirmed = true;
        }
        gone
    }

    fn retire(&mut self, epoch: u64) {
        if self.retired.len() >= RETIRED {
            self.retired.pop_front();
        }
        self.retired.push_back(epoch);
    }
}
