//! One run of a source outside, as the receivers here see it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Data, Lane, Previous};

/// An event that came too early.
#[derive(Debug)]
pub(super) struct Held<B> {
    pub(super) lane: Lane,
    pub(super) previous: Previous,
    pub(super) body: B,
    /// Streams that wait for it.
    waiting: u32,
}

/// How far a stream is.
#[derive(Debug, Default)]
pub(super) struct Position {
    /// Where it begins is known.
    pub(super) known: bool,
    /// Everything up to this number was handed on, or is not for it.
    pub(super) handed: u64,
    /// Everything up to this number was consumed.
    pub(super) consumed: u64,
    /// Handed on and not consumed.
    pub(super) unconsumed: usize,
    /// Consumed and not acknowledged.
    pub(super) unsaid: u32,
    /// Its receiver has it on its list of what to say.
    pub(super) listed: bool,
    /// Numbers of events held back for it.
    pub(super) early: BTreeSet<u64>,
}

/// One run of a source outside.
#[derive(Debug)]
pub(super) struct Run<B> {
    pub(super) epoch: u64,
    /// It has answered a question of this process.
    pub(super) confirmed: bool,
    /// By stream.
    pub(super) positions: Vec<Position>,
    pub(super) held: BTreeMap<u64, Held<B>>,
    /// When it is asked again what is not known, how long after that again, and how often it was.
    pub(super) alarm: Option<u64>,
    pub(super) pause: u64,
    pub(super) tries: u32,
}

impl<B> Run<B> {
    pub(super) fn new(epoch: u64, streams: usize, pause: u64) -> Self {
        Self {
            epoch,
            confirmed: false,
            positions: std::iter::repeat_with(Position::default).take(streams).collect(),
            held: BTreeMap::new(),
            alarm: None,
            pause,
            tries: 0,
        }
    }

    /// Holds an event back for a stream. `false`: there is no room.
    pub(super) fn hold(&mut self, stream: usize, data: &Data<B>, room: usize) -> bool
    where
        B: Clone,
    {
        let Some(position) = self.positions.get_mut(stream) else {
            return true;
        };
        if let Some(held) = self.held.get_mut(&data.seq) {
            held.waiting += 1;
        } else if self.held.len() < room {
            let (previous, body) = (data.previous.clone(), data.body.clone());
            self.held.insert(data.seq, Held { lane: data.lane, previous, body, waiting: 1 });
        } else {
            return false;
        }
        position.early.insert(data.seq);
        true
    }

    /// Takes the first event that is held back for a stream, if `ready` says so of its number and what is
    /// before it. An event that the stream is already past is dropped.
    pub(super) fn release(
        &mut self,
        stream: usize,
        mut ready: impl FnMut(&Position, &Previous) -> bool,
    ) -> Option<(u64, Lane, B)>
    where
        B: Clone,
    {
        let position = self.positions.get_mut(stream)?;
        loop {
            let seq = *position.early.first()?;
            let held = self.held.get_mut(&seq)?;
            let past = seq <= position.handed;
            if !past && !ready(position, &held.previous) {
                return None;
            }
            position.early.pop_first();
            let event = (!past).then(|| (seq, held.lane, held.body.clone()));
            held.waiting -= 1;
            if held.waiting == 0 {
                self.held.remove(&seq);
            }
            if event.is_some() {
                return event;
            }
        }
    }

    /// Drops what is held back for a stream. The highest number of it.
    pub(super) fn forget(&mut self, stream: usize) -> u64 {
        let Some(position) = self.positions.get_mut(stream) else {
            return 0;
        };
        let early = std::mem::take(&mut position.early);
        for seq in &early {
            if let Some(held) = self.held.get_mut(seq) {
                held.waiting -= 1;
                if held.waiting == 0 {
                    self.held.remove(seq);
                }
            }
        }
        early.last().copied().unwrap_or(0)
    }

    /// Drops everything that is held back.
    pub(super) fn forget_all(&mut self) {
        self.held.clear();
        self.positions.iter_mut().for_each(|position| position.early.clear());
    }

    /// Whether a stream has a question: where it begins, or where something is that it waits for.
    pub(super) fn asks(&self, stream: usize) -> bool {
        self.positions.get(stream).is_some_and(|position| !position.known || !position.early.is_empty())
    }
}
