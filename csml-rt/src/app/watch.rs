//! Everybody who looks at a running application: trace, observers, subscribers, waiters, `tracing`.

use std::collections::VecDeque;

use csml_rt_core::{Channel, Machines};

use super::handle::Waiter;
use crate::node::{Address, Context, Host, Record, View};
use crate::observation::{Observation, ObservationKind, Outgoing, Subscriber};
use crate::service::ServiceError;
use crate::trace::Trace;

/// Called for every observation.
pub(super) type Observer<E> = Box<dyn FnMut(&Observation<E>) + Send>;

/// A peripheral event on its way to the world beyond this process.
#[cfg_attr(not(feature = "distributed"), expect(dead_code, reason = "there is no way out"))]
pub(super) struct GoingOut<E> {
    pub(super) from: Address,
    pub(super) event: E,
    pub(super) context: Context,
}

/// Everybody who looks.
pub(super) struct Watch<A: Machines> {
    pub(super) trace: Option<Trace>,
    pub(super) observers: Vec<Observer<A::Event>>,
    /// Called for dead letters and failed invocations only.
    pub(super) on_failure: Vec<Observer<A::Event>>,
    pub(super) subscribers: Vec<Subscriber<Observation<A::Event>>>,
    pub(super) outgoing: Vec<Subscriber<Outgoing<A::Event>>>,
    pub(super) waiters: Vec<Waiter>,
    /// Peripheral events for the world beyond this process, where there is a way to it.
    pub(super) leaving: Option<VecDeque<GoingOut<A::Event>>>,
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
            leaving: None,
        }
    }

    /// Whether somebody wants to see everything.
    pub(super) fn is_active(&self) -> bool {
        self.trace.is_some()
            || !self.observers.is_empty()
            || !self.subscribers.is_empty()
            || !self.waiters.is_empty()
            || tracing::enabled!(target: "csml::step", tracing::Level::DEBUG)
    }

    fn record(&mut self, view: View<'_>, record: &Record<'_, A>) {
        match record {
            Record::Raise { event, channel } if *channel == Channel::Peripheral => {
                self.leave(view, event);
            }
            Record::DeadLetter { cause, error } => {
                tracing::warn!(
                    target: "csml",
                    at_ms = view.now,
                    instance = %view.directory.path(view.at),
                    trace_id = view.context.trace_id(),
                    event = cause.name(view.at.machine),
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

    fn leave(&mut self, view: View<'_>, event: &A::Event) {
        if let Some(leaving) = &mut self.leaving {
            let context = view.context.context();
            leaving.push_back(GoingOut { from: view.at, event: event.clone(), context });
        }
        self.outgoing.retain_mut(|subscriber| {
            subscriber.offer(Outgoing {
                at: view.now,
                from: view.directory.path(view.at).to_string(),
                event: event.clone(),
            })
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
            // Whoever waited may have given up.
            let _ = waiter.reply.send(());
        }
    }

    /// An invocation has failed for good.
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

/// Tells of a step in a trace.
#[inline]
fn tell_trace(view: View<'_>) {
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

/// Hands everything on.
pub(super) struct Observed<'a, A: Machines>(pub(super) &'a mut Watch<A>);

impl<A: Machines> Host<A> for Observed<'_, A> {
    const OBSERVES: bool = true;
    type Span = tracing::span::EnteredSpan;

    fn begin(&mut self, view: View<'_>) -> Self::Span {
        tell_trace(view);
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

/// Hands on only what is recorded in any case.
pub(super) struct Quiet<'a, A: Machines>(pub(super) &'a mut Watch<A>);

impl<A: Machines> Host<A> for Quiet<'_, A> {
    const OBSERVES: bool = false;
    type Span = ();

    #[inline]
    fn begin(&mut self, view: View<'_>) {
        tell_trace(view);
    }

    fn record(&mut self, view: View<'_>, record: Record<'_, A>) {
        self.0.record(view, &record);
    }
}
