//! What looks at a running application: trace, callbacks, subscribers, waiters, `tracing`.

use csml_rt_core::Machines;

use super::handle::Waiter;
use crate::node::{Address, Node, Observer, OutboundEvent, Record, View};
use crate::observation::{Observation, ObservationKind, Outgoing, Subscriber};
use crate::service::ServiceError;
use crate::trace::Trace;

/// Called for every observation.
pub(super) type Callback<E> = Box<dyn FnMut(&Observation<E>) + Send>;

/// Everything that looks at a running application.
pub(super) struct Watch<A: Machines> {
    pub(super) trace: Option<Trace>,
    pub(super) observers: Vec<Callback<A::Event>>,
    /// Called for dead letters and failed invocations only.
    pub(super) on_failure: Vec<Callback<A::Event>>,
    pub(super) subscribers: Vec<Subscriber<Observation<A::Event>>>,
    pub(super) outgoing: Vec<Subscriber<Outgoing<A::Event>>>,
    pub(super) waiters: Vec<Waiter>,
}

impl<A: Machines> Watch<A> {
    pub(super) fn new() -> Self {
        Self {
            trace: None,
            observers: Vec::new(),
            on_failure: Vec::new(),
            subscribers: Vec::new(),
            outgoing: Vec::new(),
            waiters: Vec::new(),
        }
    }

    /// Whether every record is wanted.
    pub(super) fn is_active(&self) -> bool {
        self.trace.is_some()
            || !self.observers.is_empty()
            || !self.subscribers.is_empty()
            || !self.waiters.is_empty()
            || tracing::enabled!(target: "csml::step", tracing::Level::DEBUG)
    }

    fn record(&mut self, view: View<'_>, record: &Record<'_, A>) {
        match record {
            Record::DeadLetter { cause, error, .. } => {
                tracing::warn!(
                    target: "csml",
                    at_ms = view.now,
                    instance = %view.directory.path(view.at),
                    trace_id = view.context.trace_id(),
                    event = cause.name(A::DESCRIPTION, view.at.machine),
                    position = %error.at(),
                    "dead letter: {}",
                    error.message(),
                );
                if !self.on_failure.is_empty() {
                    self.failure(&Observation::new(view, record));
                }
            }
            Record::Start { state } => self.wake(view.at, *state),
            Record::Transition { to, .. } => self.wake(view.at, *to),
            _ => {}
        }
        if let Some(trace) = &mut self.trace {
            trace.record(view, record);
        }
        if !self.observers.is_empty() || !self.subscribers.is_empty() {
            self.publish(Observation::new(view, record));
        }
    }

    fn failure(&mut self, observation: &Observation<A::Event>) {
        for observer in &mut self.on_failure {
            observer(observation);
        }
    }

    /// Offers an event that leaves the application to those who have asked for them.
    pub(super) fn hand_out(&mut self, node: &Node<A>, outbound: &OutboundEvent<A::Event>) {
        let Some(from) = outbound.from.filter(|_| !self.outgoing.is_empty()) else {
            return;
        };
        let from = node.directory().path(from).to_string();
        self.outgoing.retain_mut(|subscriber| {
            subscriber.offer(Outgoing { at: node.now(), from: from.clone(), event: outbound.event.clone() })
        });
    }

    fn publish(&mut self, observation: Observation<A::Event>) {
        for observer in &mut self.observers {
            observer(&observation);
        }
        self.subscribers.retain_mut(|subscriber| {
            if subscriber.behind > 0 && subscriber.has_room() {
                let kind = ObservationKind::Missed(subscriber.behind);
                let missed = Observation { kind, ..observation.clone() };
                if !subscriber.offer(missed) {
                    return false;
                }
            }
            subscriber.offer(observation.clone())
        });
    }

    fn wake(&mut self, at: Address, state: u16) {
        for waiter in self.waiters.extract_if(.., |waiter| (waiter.at, waiter.state) == (at, state)) {
            // The handle may have given up.
            let _ = waiter.reply.send(());
        }
    }

    /// An invocation has failed after its last attempt.
    pub(super) fn invocation_failed(
        &mut self,
        view: View<'_>,
        service: &'static str,
        error: &ServiceError,
        attempts: u32,
    ) {
        tracing::warn!(
            target: "csml",
            at_ms = view.now,
            instance = %view.directory.path(view.at),
            trace_id = view.context.trace_id(),
            service,
            attempts,
            "invocation failed: {error}",
        );
        let observation = Observation {
            at: view.now,
            instance: view.directory.path(view.at).to_string(),
            kind: ObservationKind::InvocationFailed { service, error: error.clone(), attempts },
        };
        self.failure(&observation);
        self.publish(observation);
    }
}

/// Logs a step that belongs to a trace.
#[inline]
fn log_trace(view: View<'_>) {
    if view.context.is_some() {
        tracing::debug!(
            target: "csml::trace",
            at_ms = view.now,
            instance = %view.directory.path(view.at),
            trace_id = view.context.trace_id(),
            span_id = view.context.span_id(),
            "step",
        );
    }
}

/// Passes every record on.
pub(super) struct Observed<'a, A: Machines>(pub(super) &'a mut Watch<A>);

impl<A: Machines> Observer<A> for Observed<'_, A> {
    const OBSERVES: bool = true;
    type Span = tracing::span::EnteredSpan;

    fn begin(&mut self, view: View<'_>) -> Self::Span {
        log_trace(view);
        tracing::debug_span!(
            target: "csml::step",
            "step",
            at_ms = view.now,
            instance = %view.directory.path(view.at),
            trace_id = view.context.trace_id(),
            span_id = view.context.span_id(),
        )
        .entered()
    }

    fn record(&mut self, view: View<'_>, record: Record<'_, A>) {
        if let Record::Event { event, .. } = &record {
            tracing::debug!(target: "csml::step", event = crate::node::event_name::<A>(event));
        }
        self.0.record(view, &record);
    }
}

/// Passes on only what is recorded in any case.
pub(super) struct Quiet<'a, A: Machines>(pub(super) &'a mut Watch<A>);

impl<A: Machines> Observer<A> for Quiet<'_, A> {
    const OBSERVES: bool = false;
    type Span = ();

    #[inline]
    fn begin(&mut self, view: View<'_>) {
        log_trace(view);
    }

    fn record(&mut self, view: View<'_>, record: Record<'_, A>) {
        self.0.record(view, &record);
    }
}
