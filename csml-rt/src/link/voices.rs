//! Which receivers here have something to say, and when.

use std::collections::VecDeque;
use std::sync::Arc;

/// Sources that one message says something about.
const SOURCES: usize = 256;

/// A source outside, a stream of it and its run.
pub(super) type Topic = (u32, u32, u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Never,
    At(u64),
    Now,
}

/// A receiver here.
#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) name: Arc<str>,
    pub(super) ended: bool,
    /// Events it was handed and has not consumed.
    pub(super) unconsumed: u64,
    /// Sources outside and its stream of each.
    pub(super) streams: Vec<(u32, u32)>,
    /// It has not announced itself yet.
    hello: bool,
    /// What it has to say something about.
    topics: VecDeque<Topic>,
    when: When,
}

/// The receivers here. All delays are the same, so they wait in a queue.
#[derive(Debug, Default)]
pub(super) struct Voices {
    pub(super) all: Vec<Receiver>,
    waiting: VecDeque<(u64, u32)>,
    speaking: VecDeque<u32>,
}

impl Voices {
    pub(super) fn add(&mut self, name: Arc<str>) -> u32 {
        self.all.push(Receiver {
            name,
            ended: false,
            unconsumed: 0,
            streams: Vec::new(),
            hello: false,
            topics: VecDeque::new(),
            when: When::Never,
        });
        self.all.len() as u32 - 1
    }

    pub(super) fn hello(&mut self, receiver: u32) {
        if let Some(receiver) = self.all.get_mut(receiver as usize) {
            receiver.hello = true;
        }
        self.now(receiver);
    }

    /// Adds something to say. Once, until it was said: the caller sees to that.
    pub(super) fn about(&mut self, receiver: u32, topic: Topic) {
        if let Some(receiver) = self.all.get_mut(receiver as usize) {
            receiver.topics.push_back(topic);
        }
    }

    /// A receiver says at once what it has to say.
    pub(super) fn now(&mut self, index: u32) {
        if let Some(receiver) = self.all.get_mut(index as usize)
            && receiver.when != When::Now
        {
            receiver.when = When::Now;
            self.speaking.push_back(index);
        }
    }

    /// A receiver says what it has to say at a time that is not before any asked for earlier.
    pub(super) fn at(&mut self, index: u32, time: u64) {
        if let Some(receiver) = self.all.get_mut(index as usize)
            && receiver.when == When::Never
        {
            receiver.when = When::At(time);
            self.waiting.push_back((time, index));
        }
    }

    pub(super) fn tick(&mut self, now: u64) {
        while let Some((time, index)) = self.waiting.front().copied().filter(|(time, _)| *time <= now) {
            self.waiting.pop_front();
            if self.all.get(index as usize).is_some_and(|receiver| receiver.when == When::At(time)) {
                self.now(index);
            }
        }
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        self.waiting.front().map(|(time, _)| *time)
    }

    pub(super) fn is_silent(&self) -> bool {
        self.speaking.is_empty() && self.waiting.is_empty()
    }

    /// The next receiver that speaks, and about what: nothing if it announces itself.
    pub(super) fn speak(&mut self) -> Option<(u32, Vec<Topic>)> {
        while let Some(index) = self.speaking.pop_front() {
            let Some(receiver) = self.all.get_mut(index as usize) else {
                continue;
            };
            receiver.when = When::Never;
            let announces = std::mem::take(&mut receiver.hello);
            let count = if announces { 0 } else { receiver.topics.len().min(SOURCES) };
            let topics: Vec<_> = receiver.topics.drain(..count).collect();
            if !receiver.topics.is_empty() {
                self.now(index);
            }
            if announces || !topics.is_empty() {
                return Some((index, topics));
            }
        }
        None
    }
}
