//! A receiver outside, as one source here sees it.

use std::sync::Arc;

use super::LinkOptions;

/// Runs of a receiver that are remembered; older ones are forgotten.
const RUNS: usize = 8;

/// Events sent again before anything shows that they arrive.
const FIRST_BATCH: usize = 16;

/// A run of the receiver, known since it first asked.
#[derive(Debug, Clone, Copy)]
struct Run {
    epoch: u64,
    /// It has acknowledged something, so it has had an answer: it lived when the question came. Runs that do
    /// so have asked in the order in which they lived, since one asks only after the one before is gone, and
    /// the one before was answered while it was there. That is why late messages of dead runs confuse nobody.
    proved: bool,
    /// Last number of the source when it first asked.
    mark: u64,
    /// It has said that it has ended.
    left: bool,
}

/// What an acknowledgement means for a source.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Nothing.
    Nothing,
    /// Not from an honest receiver, or from a run nobody knows.
    Ignored,
    /// Everything up to this number is consumed.
    Consumed(u64),
    /// The same, and it handles nothing more.
    Ended(u64),
    /// A new run of a receiver that had ended.
    Rejoined,
}

/// A receiver outside, as one source here sees it.
#[derive(Debug)]
pub(super) struct Contact {
    pub(super) name: Arc<str>,
    /// Positions of the lanes of the source that it gets.
    pub(super) lanes: Vec<u32>,
    /// Everything up to this number is consumed.
    pub(super) acked: u64,
    acked_by: u64,
    pub(super) ended: bool,
    /// A run that nobody here has heard before says that it has ended, and since when.
    leaving: Option<(u64, u64)>,
    runs: Vec<Run>,
    /// The run that waits for an answer.
    pub(super) answer: Option<u64>,

    /// It is being sent things again, up to this number so far.
    pub(super) recovering: bool,
    pub(super) resent_to: u64,
    /// Events that may be on their way again, and that are.
    batch: usize,
    outstanding: usize,
    /// Waits for its turn to be sent something again.
    pub(super) queued: bool,
    /// When it is taken for not having heard, and how long that takes.
    pub(super) due: Option<u64>,
    pause: u64,
    /// Its entry in the list of alarms.
    pub(super) alarm: Option<u64>,
}

impl Contact {
    pub(super) fn new(name: Arc<str>, last: u64, pause: u64) -> Self {
        Self {
            name,
            lanes: Vec::new(),
            acked: last,
            acked_by: 0,
            ended: false,
            leaving: None,
            runs: Vec::new(),
            answer: None,
            recovering: false,
            resent_to: 0,
            batch: 0,
            outstanding: 0,
            queued: false,
            due: None,
            pause,
            alarm: None,
        }
    }

    /// A run of it says that it has ended. One that is known and the newest has. One that nobody has heard before
    /// may be the newest, or one of long ago whose word the broker has kept: it counts if no other one shows
    /// itself for a while, and not at all if another one has proved itself.
    pub(super) fn leaves(&mut self, now: u64, epoch: u64) -> bool {
        let known = self.runs.iter().rposition(|run| run.epoch == epoch);
        // One that has not asked yet does so, and says it again.
        if let Some(run) = known.and_then(|index| self.runs.get_mut(index)) {
            run.left = true;
            self.answer = Some(epoch);
        }
        if self.ended {
            return false;
        }
        let (last, proved) = (self.runs.len().checked_sub(1), self.runs.iter().any(|run| run.proved));
        match known {
            // One that came after it may be there.
            Some(_) if known != last => false,
            Some(index) if self.runs.get(index).is_some_and(|run| run.proved) => true,
            None if proved => false,
            _ => {
                self.leaving.get_or_insert((epoch, now));
                false
            }
        }
    }

    /// The answer for a run: where its events begin, or nothing more if it has said that it has ended. An answer to
    /// what it asked before would let it leave without anybody knowing.
    pub(super) fn answer_to(&self, epoch: u64) -> Option<u64> {
        let left = self.runs.iter().any(|run| run.epoch == epoch && run.left);
        (!left).then_some(self.acked)
    }

    /// A run of it is there.
    pub(super) fn is_there(&mut self, epoch: u64) {
        self.leaving = self.leaving.filter(|(leaving, _)| *leaving == epoch);
    }

    /// Whether it has said that it has ended, and no other run of it has shown itself for so long.
    pub(super) fn has_left(&self, now: u64, patience: u64) -> bool {
        self.leaving.is_some_and(|(_, since)| now >= since.saturating_add(patience))
    }

    /// A run of it asks where its events begin. `last` is the last number of the source.
    pub(super) fn asked(&mut self, epoch: u64, last: u64) -> Heard {
        self.answer = Some(epoch);
        self.is_there(epoch);
        if self.runs.iter().any(|run| run.epoch == epoch) {
            return Heard::Nothing;
        }
        if self.runs.len() >= RUNS {
            self.runs.remove(0);
        }
        self.runs.push(Run { epoch, proved: false, mark: last, left: false });
        if self.ended { Heard::Rejoined } else { Heard::Nothing }
    }

    /// A run of it has consumed everything up to `number`. `limit` is the highest number that it can have.
    pub(super) fn acknowledged(&mut self, epoch: u64, number: u64, ended: bool, limit: u64) -> Heard {
        let Some(index) = self.runs.iter().position(|run| run.epoch == epoch) else {
            return Heard::Ignored;
        };
        if number > limit {
            return Heard::Ignored;
        }
        self.is_there(epoch);
        if let Some(run) = self.runs.get_mut(index) {
            run.proved = true;
        }
        if self.ended {
            // It hears what others get, and says so. Nothing is kept for it.
            return Heard::Nothing;
        }
        let newest = self.runs.iter().rposition(|run| run.proved) == Some(index);
        if ended && newest {
            // One that asked later but cannot be there: this one has got something since.
            self.runs.truncate(
                self.runs.iter().rposition(|run| run.epoch == epoch || run.mark >= number).unwrap_or(index)
                    + 1,
            );
            if self.runs.len() == index + 1 {
                self.acked_by = epoch;
                return Heard::Ended(number);
            }
        }
        if number > self.acked {
            self.acked_by = epoch;
            return Heard::Consumed(number);
        }
        if number < self.acked && self.acked_by != epoch {
            // What an earlier run has consumed is nothing for this one: it would wait for it for ever.
            let by = self.runs.iter().position(|run| run.epoch == self.acked_by);
            if by.is_none_or(|by| by < index) {
                self.answer = Some(epoch);
            }
        }
        Heard::Nothing
    }

    /// It has consumed `count` events more, up to `number`. `waiting`: more were sent to it.
    pub(super) fn advance(
        &mut self,
        now: u64,
        number: u64,
        count: usize,
        waiting: bool,
        options: &LinkOptions,
    ) {
        self.acked = number;
        self.pause = options.resend_min_ms;
        self.due = waiting.then_some(now.saturating_add(self.pause));
        if !self.recovering {
            return;
        }
        if number > self.resent_to || !waiting {
            // It had more than was sent again.
            self.recovering = false;
            return;
        }
        self.outstanding = self.outstanding.saturating_sub(count);
        self.batch = self.batch.saturating_add(count).min(options.window.max(1));
    }

    /// Begins to send again what it has not acknowledged.
    pub(super) fn recover(&mut self, now: u64, window: usize) {
        self.recovering = true;
        self.resent_to = self.acked;
        self.batch = FIRST_BATCH.min(window.max(1));
        self.outstanding = 0;
        self.due = Some(now.saturating_add(self.pause));
    }

    /// It was silent for too long: the next pause is twice as long.
    pub(super) fn back_off(&mut self, max: u64) {
        self.pause = self.pause.saturating_mul(2).min(max);
    }

    /// It is there again: pauses start from the shortest.
    pub(super) fn reset_pause(&mut self, min: u64) {
        self.pause = min;
    }

    /// Whether it is to be sent something again as soon as it shows itself.
    pub(super) fn is_slow(&self, min: u64) -> bool {
        !self.recovering || self.pause > min
    }

    /// Something was sent to it for the first time. The alarm that this needs, if any.
    pub(super) fn arm(&mut self, now: u64) -> Option<u64> {
        if self.ended || self.due.is_some() {
            return None;
        }
        self.due = Some(now.saturating_add(self.pause));
        self.new_alarm()
    }

    /// The alarm that is needed to look after it in time, if it has none.
    pub(super) fn new_alarm(&mut self) -> Option<u64> {
        let due = self.due.filter(|due| self.alarm.is_none_or(|alarm| alarm > *due))?;
        self.alarm = Some(due);
        Some(due)
    }

    /// Whether another event may be sent again now.
    pub(super) fn may_resend(&self) -> bool {
        self.recovering && self.outstanding < self.batch
    }

    /// The event with this number was sent again, or just before.
    pub(super) fn resent(&mut self, seq: u64) {
        self.resent_to = seq;
        self.outstanding += 1;
    }

    /// It handles nothing more.
    pub(super) fn end(&mut self, last: u64) {
        self.ended = true;
        self.leaving = None;
        self.acked = last;
        self.recovering = false;
        self.due = None;
    }

    /// A new run of it begins after `last`.
    pub(super) fn rejoin(&mut self, last: u64, min: u64) {
        self.ended = false;
        self.acked = last;
        self.acked_by = 0;
        self.pause = min;
    }
}
