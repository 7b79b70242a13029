//! The event queue: work of all instances of one process, first in, first out (docs/semantics.md#4-channels).

use std::mem;

use super::work::Work;

/// Two halves: one batch is worked off while new work joins the other. So a step reads its event in place, while what
/// it raises is written elsewhere. They are vectors and not rings: exchanging two rings reads in one piece what was
/// written in several a moment ago, for which the processor waits.
pub(super) struct EventQueue<E> {
    batch: Batch<E>,
    incoming: Vec<Work<E>>,
    /// How long it may become before its size is checked.
    unchecked: usize,
}

/// What a queue may hold before it is looked at.
const FEW: usize = 64;

/// Work that is taken in order.
pub(super) struct Batch<E> {
    work: Vec<Work<E>>,
    /// Position of the work that comes next.
    next: usize,
}

impl<E> Batch<E> {
    const fn new() -> Self {
        Self { work: Vec::new(), next: 0 }
    }

    fn clear(&mut self) {
        self.work.clear();
        self.next = 0;
    }

    /// The work that comes next.
    #[inline]
    pub(super) fn first(&self) -> Option<&Work<E>> {
        self.work.get(self.next)
    }

    /// The work that comes next is done.
    #[inline]
    pub(super) fn advance(&mut self) {
        self.next += 1;
    }

    /// Takes out the work that comes next; what stays in its place is never read.
    pub(super) fn take_first(&mut self) -> Option<Work<E>> {
        let work = self.work.get_mut(self.next)?;
        self.next += 1;
        let to = work.at();
        Some(mem::replace(work, Work::start(to)))
    }

    fn push_front(&mut self, work: Work<E>) {
        match self.next.checked_sub(1).and_then(|before| Some((before, self.work.get_mut(before)?))) {
            Some((before, place)) => {
                *place = work;
                self.next = before;
            }
            None => self.work.insert(0, work),
        }
    }

    fn len(&self) -> usize {
        self.work.len() - self.next
    }
}

impl<E> EventQueue<E> {
    pub(super) const fn new() -> Self {
        Self { batch: Batch::new(), incoming: Vec::new(), unchecked: FEW }
    }

    pub(super) fn len(&self) -> usize {
        self.batch.len() + self.incoming.len()
    }

    /// Whether the next push needs no more memory.
    #[inline]
    pub(super) fn has_room(&self) -> bool {
        self.incoming.len() < self.incoming.capacity()
    }

    #[inline]
    pub(super) fn push(&mut self, work: Work<E>) {
        self.incoming.push(work);
    }

    /// Whether it has become so long that its size is to be checked.
    #[inline]
    pub(super) fn is_long(&self) -> bool {
        self.incoming.len() >= self.unchecked
    }

    /// Its size has been checked: it may become twice as long before that is done again, but not longer by more than
    /// `more`.
    pub(super) fn checked(&mut self, more: usize) {
        let length = self.incoming.len();
        self.unchecked = length.saturating_add(length.min(more).max(1)).max(FEW);
        // Work that needs no more memory is not checked, so there is memory for just that much.
        self.incoming.shrink_to(self.unchecked);
        self.incoming.reserve_exact(self.unchecked - length);
    }

    /// Everything that waits, what comes next first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Work<E>> {
        self.batch.work.iter().skip(self.batch.next).chain(&self.incoming)
    }

    /// What joined it lately.
    pub(super) fn incoming(&self) -> &[Work<E>] {
        &self.incoming
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
    pub(super) fn split_off(&mut self, mark: usize) -> Vec<Work<E>> {
        self.incoming.split_off(mark.min(self.incoming.len()))
    }

    /// Puts at the end what [`split_off`](Self::split_off) has taken out.
    pub(super) fn append(&mut self, mut work: Vec<Work<E>>) {
        self.incoming.append(&mut work);
    }

    /// Takes out the batch that is worked off, to be put back with [`put_back`](Self::put_back).
    pub(super) fn take_batch(&mut self) -> Batch<E> {
        mem::replace(&mut self.batch, Batch::new())
    }

    /// Exchanges a batch that is used up for the next one. `false` if nothing waits.
    #[inline]
    pub(super) fn refill(&mut self, batch: &mut Batch<E>) -> bool {
        batch.clear();
        mem::swap(&mut self.incoming, &mut batch.work);
        !batch.work.is_empty()
    }

    pub(super) fn put_back(&mut self, batch: Batch<E>) {
        self.batch = batch;
        if self.incoming.len() < FEW {
            self.unchecked = FEW;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Address;
    use super::super::TraceContext;
    use super::super::work::{Origin, Trigger};
    use super::*;

    fn work(number: u32) -> Work<u32> {
        let to = Address { instance: number, machine: 0 };
        Work::new(to, Origin::ENVIRONMENT, TraceContext::NONE, Trigger::Event(number))
    }

    fn number(work: &Work<u32>) -> u32 {
        *work.event().unwrap()
    }

    #[test]
    fn work_is_taken_in_order_while_more_comes() {
        let mut queue = EventQueue::new();
        queue.push(work(0));
        queue.push(work(1));
        let mut batch = queue.take_batch();
        assert!(batch.first().is_none() && queue.refill(&mut batch));
        let mut seen = Vec::new();
        loop {
            let Some(first) = batch.first() else {
                if queue.refill(&mut batch) {
                    continue;
                }
                break;
            };
            seen.push(number(first));
            if number(first) < 2 {
                queue.push(work(number(first) + 2));
            }
            batch.advance();
        }
        queue.put_back(batch);
        assert_eq!((seen, queue.len()), (vec![0, 1, 2, 3], 0));
    }

    #[test]
    fn what_was_taken_out_goes_back_to_the_front() {
        let mut queue = EventQueue::new();
        for number in 0..3 {
            queue.push(work(number));
        }
        let mut batch = queue.take_batch();
        queue.refill(&mut batch);
        let first = batch.take_first().unwrap();
        queue.put_back(batch);
        queue.push(work(3));
        assert_eq!((number(&first), queue.len()), (0, 3));
        queue.push_front(first);
        assert_eq!(queue.len(), 4);
        let mark = queue.mark();
        queue.push(work(4));
        queue.push(work(5));
        let cut = queue.split_off(mark);
        assert_eq!((cut.len(), queue.len()), (2, 4));
        queue.append(cut);
        queue.truncate(mark);
        let mut batch = queue.take_batch();
        let mut seen = Vec::new();
        while batch.first().is_some() || queue.refill(&mut batch) {
            seen.push(number(batch.first().unwrap()));
            batch.advance();
        }
        assert_eq!(seen, [0, 1, 2, 3]);
    }
}
