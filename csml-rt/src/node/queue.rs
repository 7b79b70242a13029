//! The event queue: work of all instances of one process, first in, first out (docs/semantics.md#4-channels).

use std::collections::VecDeque;
use std::mem;

use super::work::Work;

/// Two halves: `batch` is worked off while new work goes to `incoming`. So a step reads its event in place, while
/// what it raises is written elsewhere.
pub(super) struct EventQueue<E> {
    batch: VecDeque<Work<E>>,
    incoming: VecDeque<Work<E>>,
}

impl<E> EventQueue<E> {
    pub(super) const fn new() -> Self {
        Self { batch: VecDeque::new(), incoming: VecDeque::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.batch.len() + self.incoming.len()
    }

    #[inline]
    pub(super) fn push(&mut self, work: Work<E>) {
        self.incoming.push_back(work);
    }

    /// Puts back what was taken out last.
    pub(super) fn push_front(&mut self, work: Work<E>) {
        self.batch.push_front(work);
    }

    /// How much new work there is, for [`truncate`](Self::truncate) and [`split_off`](Self::split_off).
    #[inline]
    pub(super) fn mark(&self) -> usize {
        self.incoming.len()
    }

    /// Drops what was pushed since the mark.
    pub(super) fn truncate(&mut self, mark: usize) {
        self.incoming.truncate(mark);
    }

    /// Takes out what was pushed since the mark.
    pub(super) fn split_off(&mut self, mark: usize) -> VecDeque<Work<E>> {
        self.incoming.split_off(mark.min(self.incoming.len()))
    }

    /// Puts at the end what [`split_off`](Self::split_off) has taken out.
    pub(super) fn append(&mut self, mut work: VecDeque<Work<E>>) {
        self.incoming.append(&mut work);
    }

    /// Takes out the work that comes next, to be put back with [`put_back`](Self::put_back).
    pub(super) fn take_batch(&mut self) -> VecDeque<Work<E>> {
        mem::take(&mut self.batch)
    }

    /// Exchanges a batch that is used up for the next one. `false` if nothing waits.
    #[inline]
    pub(super) fn refill(&mut self, batch: &mut VecDeque<Work<E>>) -> bool {
        mem::swap(&mut self.incoming, batch);
        !batch.is_empty()
    }

    pub(super) fn put_back(&mut self, batch: VecDeque<Work<E>>) {
        self.batch = batch;
    }
}
