//! One timer structure for everything a process waits for: a hierarchical timing wheel.
//!
//! Deadlines are milliseconds on a clock of the owner's. Eleven levels of 64 slots cover all of `u64`:
//! level 0 has one slot per millisecond, level *n* one per 64ⁿ. A timer stands in the level of the highest
//! digit (base 64) in which its deadline differs from the wheel's clock, and moves to a finer level when the
//! clock enters its slot. Slots are doubly linked lists through a slab of entries, so arming and disarming
//! touch a few words, whatever the number of pending timers.
//!
//! Invariant: all timers of one deadline stand in one slot, in the order in which they were set. It holds
//! because a slot is emptied as soon as the clock enters it, and lists are appended to at the end only.

use std::fmt;

const BITS: u32 = 6;
const SLOTS: usize = 1 << BITS;
const LEVELS: usize = 11;
const NIL: u32 = u32::MAX;

/// `Entry::place` of an entry that is on the free list.
const FREE: u16 = u16::MAX;
/// `Entry::place` of an entry that has expired and was neither rearmed nor disarmed yet.
const EXPIRED: u16 = u16::MAX - 1;

/// Names one armed timer. Never names another one, even when its memory is used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimerId {
    index: u32,
    generation: u32,
}

impl TimerId {
    /// Position in the wheel's memory; unique among the timers that exist at one time.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }
}

/// A timer whose deadline has come. It keeps its memory until it is rearmed or disarmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expired<T> {
    /// The timer.
    pub id: TimerId,
    /// When it was due.
    pub deadline: u64,
    /// What it was armed with.
    pub value: T,
}

struct TimerEntry<T> {
    deadline: u64,
    next: u32,
    prev: u32,
    generation: u32,
    /// `level * 64 + slot`, or [`FREE`], or [`EXPIRED`].
    place: u16,
    value: T,
}

#[derive(Clone, Copy)]
struct List {
    head: u32,
    tail: u32,
}

const EMPTY: List = List { head: NIL, tail: NIL };

/// Pending timers, each with a small value that says what it is for.
pub struct TimerWheel<T> {
    entries: Vec<TimerEntry<T>>,
    free: u32,
    len: usize,
    /// The wheel's clock: not after any pending deadline, not after the owner's clock.
    elapsed: u64,
    occupied: [u64; LEVELS],
    slots: Box<[List]>,
}

impl<T: Copy> Default for TimerWheel<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for TimerWheel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimerWheel")
            .field("len", &self.len)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

impl<T: Copy> TimerWheel<T> {
    /// A wheel without timers, its clock at 0.
    #[must_use]
    pub fn new() -> Self {
        Self {
            entries: Vec::new(),
            free: NIL,
            len: 0,
            elapsed: 0,
            occupied: [0; LEVELS],
            slots: vec![EMPTY; LEVELS * SLOTS].into_boxed_slice(),
        }
    }

    /// How many timers exist, expired ones that were not dealt with included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no timer exists.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Arms a timer. A deadline in the past is due at once. `None` when four billion timers are pending.
    #[inline]
    pub fn arm(&mut self, deadline: u64, value: T) -> Option<TimerId> {
        let index = self.allocate(value)?;
        let generation = self.entries.get(index as usize)?.generation;
        self.len += 1;
        self.link(index, deadline);
        Some(TimerId { index, generation })
    }

    /// Removes a timer. `false` if it does not exist any more.
    #[inline]
    pub fn disarm(&mut self, id: TimerId) -> bool {
        if self.get(id).is_none() {
            return false;
        }
        self.unlink(id.index);
        let free = self.free;
        if let Some(entry) = self.entries.get_mut(id.index as usize) {
            entry.place = FREE;
            entry.generation = entry.generation.wrapping_add(1);
            entry.next = free;
            self.free = id.index;
            self.len -= 1;
        }
        true
    }

    /// Gives a timer, pending or expired, a new deadline behind all others set for the same time.
    /// `false` if it does not exist any more.
    #[inline]
    pub fn rearm(&mut self, id: TimerId, deadline: u64) -> bool {
        if self.get(id).is_none() {
            return false;
        }
        self.unlink(id.index);
        self.link(id.index, deadline);
        true
    }

    /// What a timer was armed with, if it still exists.
    #[inline]
    #[must_use]
    pub fn get(&self, id: TimerId) -> Option<&T> {
        self.entries
            .get(id.index as usize)
            .filter(|entry| entry.generation == id.generation && entry.place != FREE)
            .map(|entry| &entry.value)
    }

    /// The timer that exists at a position of the wheel's memory, with its value.
    #[inline]
    #[must_use]
    pub fn at(&self, index: u32) -> Option<(TimerId, &T)> {
        self.entries.get(index as usize).filter(|entry| entry.place != FREE).map(|entry| {
            let generation = entry.generation;
            (TimerId { index, generation }, &entry.value)
        })
    }

    /// A time not after the earliest deadline, for choosing how long to sleep: exact when that deadline is
    /// near, earlier by up to one slot when it is far. `None` without pending timers.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        self.first_slot().map(|(_, _, start)| start)
    }

    /// The earliest deadline if it is not after `limit`. Exact, at the price of moving timers to finer
    /// levels: the owner must not arm anything for a time before the result afterwards.
    pub fn next_due(&mut self, limit: u64) -> Option<u64> {
        loop {
            let (level, place, start) = self.first_slot()?;
            if start > limit {
                return None;
            }
            if level == 0 {
                return Some(start);
            }
            self.cascade(level, place, start);
        }
    }

    /// The next timer that is due at `now`, earliest deadline first, equal deadlines in the order in which
    /// they were set. The caller rearms or disarms it.
    pub fn expire(&mut self, now: u64) -> Option<Expired<T>> {
        let Some(start) = self.next_due(now) else {
            self.elapsed = self.elapsed.max(now);
            return None;
        };
        self.elapsed = start;
        let place = (start & (SLOTS as u64 - 1)) as usize;
        let index = self.slots.get(place)?.head;
        self.unlink(index);
        let entry = self.entries.get_mut(index as usize)?;
        entry.place = EXPIRED;
        Some(Expired {
            id: TimerId { index, generation: entry.generation },
            deadline: entry.deadline,
            value: entry.value,
        })
    }

    fn allocate(&mut self, value: T) -> Option<u32> {
        if let Some(entry) = self.entries.get_mut(self.free as usize) {
            let index = self.free;
            self.free = entry.next;
            entry.value = value;
            return Some(index);
        }
        let index = u32::try_from(self.entries.len()).ok().filter(|&i| i != NIL)?;
        self.entries.push(TimerEntry {
            deadline: 0,
            next: NIL,
            prev: NIL,
            generation: 0,
            place: EXPIRED,
            value,
        });
        Some(index)
    }

    /// The occupied slot that the clock reaches first: level, place, and the time at which it does.
    #[inline]
    fn first_slot(&self) -> Option<(usize, usize, u64)> {
        // Finer levels come first: a timer stands in a coarser level only if its deadline is beyond the
        // end of the finer levels' current round.
        let (level, occupied) = self.occupied.iter().enumerate().find(|(_, occupied)| **occupied != 0)?;
        let slot = occupied.trailing_zeros();
        let shift = BITS * level as u32;
        let round = u64::MAX.checked_shl(shift + BITS).unwrap_or(0);
        let start = (self.elapsed & round) | (u64::from(slot) << shift);
        Some((level, level * SLOTS + slot as usize, start))
    }

    /// Moves the timers of a slot that the clock enters to finer levels, keeping their order.
    fn cascade(&mut self, level: usize, place: usize, start: u64) {
        self.elapsed = start;
        let Some(list) = self.slots.get_mut(place) else {
            return;
        };
        let mut index = std::mem::replace(list, EMPTY).head;
        if let Some(occupied) = self.occupied.get_mut(level) {
            *occupied &= !(1 << (place % SLOTS));
        }
        while let Some(entry) = self.entries.get(index as usize) {
            let (next, deadline) = (entry.next, entry.deadline);
            self.link(index, deadline);
            index = next;
        }
    }

    /// Puts an entry that stands nowhere at the end of the slot of its deadline.
    #[inline]
    fn link(&mut self, index: u32, deadline: u64) {
        let deadline = deadline.max(self.elapsed);
        let differing = (self.elapsed ^ deadline) | (SLOTS as u64 - 1);
        let level = ((63 - differing.leading_zeros()) / BITS) as usize;
        let slot = ((deadline >> (BITS * level as u32)) & (SLOTS as u64 - 1)) as usize;
        let place = level * SLOTS + slot;
        let Some(list) = self.slots.get_mut(place) else {
            return;
        };
        let last = std::mem::replace(&mut list.tail, index);
        if last == NIL {
            list.head = index;
            if let Some(occupied) = self.occupied.get_mut(level) {
                *occupied |= 1 << slot;
            }
        } else if let Some(entry) = self.entries.get_mut(last as usize) {
            entry.next = index;
        }
        if let Some(entry) = self.entries.get_mut(index as usize) {
            entry.deadline = deadline;
            entry.prev = last;
            entry.next = NIL;
            entry.place = place as u16;
        }
    }

    /// Takes an entry out of its slot, if it stands in one.
    #[inline]
    fn unlink(&mut self, index: u32) {
        let Some(entry) = self.entries.get(index as usize) else {
            return;
        };
        let (next, prev, place) = (entry.next, entry.prev, entry.place as usize);
        let Some(list) = self.slots.get_mut(place) else {
            return;
        };
        if prev == NIL {
            list.head = next;
        }
        if next == NIL {
            list.tail = prev;
        }
        if list.head == NIL
            && let Some(occupied) = self.occupied.get_mut(place / SLOTS)
        {
            *occupied &= !(1 << (place % SLOTS));
        }
        if let Some(before) = self.entries.get_mut(prev as usize) {
            before.next = next;
        }
        if let Some(after) = self.entries.get_mut(next as usize) {
            after.prev = prev;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use csml_rt_core::Rng;

    use super::*;

    fn drain(wheel: &mut TimerWheel<u32>, now: u64) -> Vec<(u64, u32)> {
        let mut out = Vec::new();
        while let Some(expired) = wheel.expire(now) {
            wheel.disarm(expired.id);
            out.push((expired.deadline, expired.value));
        }
        out
    }

    #[test]
    fn equal_deadlines_fire_in_the_order_they_were_set_across_levels() {
        let mut wheel = TimerWheel::new();
        wheel.arm(10_000, 1).unwrap();
        assert_eq!(drain(&mut wheel, 9_990), vec![]);
        wheel.arm(10_000, 2).unwrap();
        wheel.arm(9_999, 3).unwrap();
        assert_eq!(wheel.next_deadline(), Some(9_999));
        assert_eq!(drain(&mut wheel, 10_000), vec![(9_999, 3), (10_000, 1), (10_000, 2)]);
        assert!(wheel.is_empty());
    }

    #[test]
    fn a_stale_id_names_nothing() {
        let mut wheel = TimerWheel::new();
        let first = wheel.arm(5, 1).unwrap();
        assert!(wheel.disarm(first));
        let second = wheel.arm(6, 2).unwrap();
        assert_eq!(first.index(), second.index());
        assert!(!wheel.disarm(first));
        assert!(!wheel.rearm(first, 9));
        assert_eq!(wheel.get(second), Some(&2));
        assert_eq!(drain(&mut wheel, 6), vec![(6, 2)]);
    }

    #[test]
    fn the_largest_deadline_is_just_another_one() {
        let mut wheel = TimerWheel::new();
        wheel.arm(u64::MAX, 1).unwrap();
        wheel.arm(0, 2).unwrap();
        assert_eq!(wheel.next_due(u64::MAX), Some(0));
        assert_eq!(drain(&mut wheel, 0), vec![(0, 2)]);
        assert_eq!(wheel.next_due(u64::MAX - 1), None);
        assert_eq!(drain(&mut wheel, u64::MAX), vec![(u64::MAX, 1)]);
    }

    #[test]
    fn a_deadline_in_the_past_is_due_at_once() {
        let mut wheel = TimerWheel::new();
        assert_eq!(drain(&mut wheel, 1_000), vec![]);
        wheel.arm(3, 7).unwrap();
        assert_eq!(drain(&mut wheel, 1_000), vec![(1_000, 7)]);
    }

    #[test]
    fn an_entry_is_small() {
        assert!(size_of::<TimerEntry<[u64; 2]>>() <= 64);
    }

    /// The model: (deadline, order of setting) → value.
    #[test]
    fn behaves_like_a_sorted_map_under_random_operations() {
        for seed in 0..60 {
            let mut rng = Rng::new(seed);
            let mut wheel = TimerWheel::new();
            let mut model: BTreeMap<(u64, u64), u32> = BTreeMap::new();
            let mut armed: Vec<(TimerId, (u64, u64))> = Vec::new();
            let (mut now, mut order, mut value) = (rng.next_u64() >> rng.below(64), 0_u64, 0_u32);
            assert!(wheel.expire(now).is_none());
            for _ in 0..3_000 {
                match rng.below(10) {
                    0..5 => {
                        let delay = rng.next_u64() >> (20 + rng.below(44));
                        let deadline = now.saturating_add(delay);
                        order += 1;
                        value += 1;
                        let id = wheel.arm(deadline, value).unwrap();
                        model.insert((deadline, order), value);
                        armed.push((id, (deadline, order)));
                    }
                    5..7 if !armed.is_empty() => {
                        let (id, key) = armed.swap_remove(rng.below(armed.len() as u64) as usize);
                        assert_eq!(wheel.disarm(id), model.remove(&key).is_some());
                        assert!(!wheel.disarm(id));
                    }
                    7 if !armed.is_empty() => {
                        let at = rng.below(armed.len() as u64) as usize;
                        let (id, key) = armed[at];
                        let deadline = now.saturating_add(rng.below(200));
                        order += 1;
                        let existing = model.remove(&key);
                        assert_eq!(wheel.rearm(id, deadline), existing.is_some());
                        if let Some(value) = existing {
                            model.insert((deadline, order), value);
                            armed[at].1 = (deadline, order);
                        }
                    }
                    8 => {
                        now = now.saturating_add(rng.next_u64() >> (24 + rng.below(40)));
                        loop {
                            let expected = model.first_key_value().map(|(k, v)| (*k, *v));
                            let expected = expected.filter(|((deadline, _), _)| *deadline <= now);
                            let found = wheel.expire(now);
                            assert_eq!(
                                found.map(|f| (f.deadline, f.value)),
                                expected.map(|((deadline, _), value)| (deadline, value))
                            );
                            let (Some(found), Some((key, _))) = (found, expected) else {
                                break;
                            };
                            assert!(wheel.disarm(found.id));
                            model.remove(&key);
                        }
                    }
                    _ => {
                        let earliest = model.keys().next().map(|k| k.0);
                        assert!(wheel.next_deadline() <= earliest);
                        assert_eq!(wheel.next_deadline().is_some(), earliest.is_some());
                        if let Some(limit) = earliest
                            && rng.below(4) == 0
                        {
                            assert_eq!(wheel.next_due(limit), Some(limit));
                            now = limit;
                        }
                    }
                }
                assert_eq!(wheel.len(), model.len());
            }
        }
    }
}
