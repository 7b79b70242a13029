//! The trace context of events (W3C), which goes with them from step to step.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use csml_rt_core::Machines;

use super::{Node, View};
use crate::TraceParent;

/// The trace context of an event, or of a step; mostly none.
#[derive(Clone)]
pub(crate) struct Context(Option<Arc<TraceParent>>);

// Entries of the line stay small.
const _: () = assert!(size_of::<Context>() == size_of::<usize>());

impl Context {
    pub(super) const NONE: Self = Self(None);

    /// Of a step that something with this context leads to: the same trace, and a span of its own.
    #[inline]
    pub(super) fn step(&self, spans: &mut Spans) -> Self {
        match &self.0 {
            None => Self(None),
            Some(from) => Self(Some(Arc::new(from.led_on_by(spans.next())))),
        }
    }

    pub(crate) fn into_inner(self) -> Option<Arc<TraceParent>> {
        self.0
    }
}

/// Numbers for spans, different in every process.
pub(super) struct Spans {
    /// Made with the first number.
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

/// What is recorded of a step's context.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a>(&'a Context);

impl<'a> From<&'a Context> for Seen<'a> {
    fn from(context: &'a Context) -> Self {
        Self(context)
    }
}

impl Seen<'_> {
    pub(crate) fn context(self) -> Context {
        self.0.clone()
    }

    #[inline]
    pub(crate) fn is_some(self) -> bool {
        self.0.0.is_some()
    }

    /// Number of the trace.
    pub(crate) fn trace_id(self) -> Option<String> {
        self.0.0.as_ref().map(|context| context.trace_id())
    }

    /// Number of the step in it.
    pub(crate) fn span_id(self) -> Option<String> {
        self.0.0.as_ref().map(|context| context.parent_id())
    }
}

impl fmt::Debug for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.fmt(f)
    }
}

impl View<'_> {
    /// The trace that the step belongs to, and the step's span as the parent of what it leads to.
    #[must_use]
    pub fn traceparent(&self) -> Option<&TraceParent> {
        self.context.0.0.as_deref()
    }
}

impl<A: Machines> Node<A> {
    /// Gives a trace context to what joins the line from now on, from outside or from other processes, until it
    /// is set again or a step is taken.
    pub fn set_traceparent(&mut self, traceparent: Option<Arc<TraceParent>>) {
        self.context = Context(traceparent);
    }
}
