//! The bound of the event queue: a step that raises more than one event for each that it handles fills any memory
//! (docs/runtime.md#bounds).

use std::collections::BTreeMap;
use std::fmt;

use csml_rt_core::{Machines, Value};

use super::effects::Sinks;
use super::work::{Trigger, Work};
use super::{Address, Node, Source};

/// Raised events that may wait, where nothing else is said.
pub const DEFAULT_QUEUE_LIMIT: usize = 4_000_000;

/// Bytes that the data of waiting events may have, about.
const MAX_BYTES: usize = 512 << 20;

/// Events whose data are looked at; the others are taken to be like them.
const SAMPLES: usize = 8;

/// Parts of one event's data that are looked at.
const PARTS: usize = 4_096;

/// Events that wait in an event queue that has become too long.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitingEvents {
    /// The event's name.
    pub event: String,
    /// Path of the machine that has raised them; none for those of timers, answers and the outside.
    pub from: Option<String>,
    /// Path of the machine that they wait for.
    pub to: String,
    /// How many there are.
    pub count: usize,
}

impl fmt::Display for WaitingEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { event, from, to, count } = self;
        write!(f, "{count} of `{event}`")?;
        if let Some(from) = from {
            write!(f, " from `{from}`")?;
        }
        write!(f, " to `{to}`")
    }
}

impl<A: Machines> Sinks<A> {
    /// Whether one more raised event may join the queue.
    #[cold]
    pub(super) fn may_grow(&mut self) -> bool {
        let raised = || self.queue.incoming().iter().filter(|work| work.origin.is_raised());
        let count = raised().count();
        let bytes = bytes::<A>(raised(), count);
        if count >= self.queue_limit || bytes > MAX_BYTES {
            return false;
        }
        let average = (bytes / count.max(1)).max(1);
        let more = (MAX_BYTES - bytes) / average;
        self.queue.checked(more.min(self.queue_limit - count));
        true
    }
}

/// About how many bytes the data of `count` events have.
fn bytes<'w, A: Machines>(work: impl Iterator<Item = &'w Work<A::Event>>, count: usize) -> usize
where
    A::Event: 'w,
{
    let step = count.div_ceil(SAMPLES).max(1);
    let events = work.step_by(step).filter_map(Work::event);
    events
        .filter_map(A::event_data)
        .map(|data| size(&data, &mut PARTS.clone()))
        .sum::<usize>()
        .saturating_mul(step)
}

/// About the bytes of a value, as far as it is looked at.
fn size(value: &Value, parts: &mut usize) -> usize {
    if *parts == 0 {
        return 0;
    }
    *parts -= 1;
    let own = size_of::<Value>();
    own + match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(items) => of_items(items.iter(), items.len(), parts),
        Value::Set(items) => of_items(items.iter(), items.len(), parts),
        Value::Map(entries) => {
            of_items(entries.iter().flat_map(|(key, value)| [key, value]), 2 * entries.len(), parts)
        }
        _ => 0,
    }
}

/// What is not looked at is taken to be as large as a plain value.
fn of_items<'v>(items: impl Iterator<Item = &'v Value>, count: usize, parts: &mut usize) -> usize {
    let looked_at = count.min(*parts);
    let sum: usize = items.take(looked_at).map(|item| size(item, parts)).sum();
    sum + (count - looked_at) * size_of::<Value>()
}

impl<A: Machines> Node<A> {
    /// Raised events that may wait before the application is stopped; by default [`DEFAULT_QUEUE_LIMIT`].
    pub fn set_queue_limit(&mut self, limit: usize) {
        self.sinks.queue_limit = limit;
    }

    /// Whether the event queue has become too long, so that the application was stopped.
    pub(crate) fn overflows(&self) -> bool {
        self.sinks.overflows
    }

    /// What waits in the event queue if it has become too long, so that the application was stopped: the most frequent
    /// kinds, those first.
    #[must_use]
    pub fn overflow(&self) -> Option<Vec<WaitingEvents>> {
        if !self.sinks.overflows {
            return None;
        }
        let mut kinds: BTreeMap<(u16, Option<Address>, Address), usize> = BTreeMap::new();
        for work in self.sinks.queue.iter() {
            if let Trigger::Event(event) = &work.trigger {
                let from = match work.origin.source() {
                    Source::Machine(from) => Some(from),
                    _ => None,
                };
                *kinds.entry((A::event_index(event), from, work.at())).or_default() += 1;
            }
        }
        let mut kinds: Vec<_> = kinds.into_iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        kinds.truncate(SHOWN);
        let events = A::DESCRIPTION.events;
        let waiting = kinds.into_iter().map(|((event, from, to), count)| WaitingEvents {
            event: events.get(usize::from(event)).map_or_else(String::new, |event| event.name.to_owned()),
            from: from.map(|from| self.directory.path(from).to_string()),
            to: self.directory.path(to).to_string(),
            count,
        });
        Some(waiting.collect())
    }
}

/// Kinds of events that are told.
const SHOWN: usize = 5;
