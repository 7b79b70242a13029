//! The trace context of events (W3C), which goes with them from step to step.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use super::View;
use crate::TraceParent;

/// The trace context of an event, or of a step; mostly none.
#[derive(Debug, Clone, Default)]
pub struct TraceContext(Option<Arc<TraceParent>>);

// Work in the event queue stays small.
const _: () = assert!(size_of::<TraceContext>() == size_of::<usize>());

impl TraceContext {
    /// No trace.
    pub const NONE: Self = Self(None);

    /// Of the step that an event with this context leads to: the same trace, and a span of its own.
    #[inline]
    pub(super) fn of_step(&self, spans: &mut Spans) -> Self {
        match &self.0 {
            None => Self(None),
            Some(from) => Self(Some(Arc::new(from.led_on_by(spans.next())))),
        }
    }

    /// The `traceparent`, if there is a trace.
    #[must_use]
    pub fn into_inner(self) -> Option<Arc<TraceParent>> {
        self.0
    }

    #[inline]
    pub(crate) fn is_some(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn trace_id(&self) -> Option<String> {
        self.0.as_ref().map(|context| context.trace_id())
    }

    /// Of the step.
    pub(crate) fn span_id(&self) -> Option<String> {
        self.0.as_ref().map(|context| context.parent_id())
    }
}

impl From<Option<Arc<TraceParent>>> for TraceContext {
    fn from(traceparent: Option<Arc<TraceParent>>) -> Self {
        Self(traceparent)
    }
}

/// Makes span ids, different in every process.
pub(super) struct Spans {
    /// Made with the first id.
    key: Option<RandomState>,
    count: u64,
}

impl Spans {
    pub(super) const fn new() -> Self {
        Self { key: None, count: 0 }
    }

    #[cold]
    fn next(&mut self) -> u64 {
        self.count += 1;
        self.key.get_or_insert_default().hash_one(self.count)
    }
}

impl View<'_> {
    /// The trace that the step belongs to, and the step's span as the parent of what it leads to.
    #[must_use]
    pub fn traceparent(&self) -> Option<&TraceParent> {
        self.context.0.as_deref()
    }
}
