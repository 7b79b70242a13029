//! What observers of an application see.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csml_rt_core::{Channel, Machines, StepError, TransitionKind, Value};
use tokio::sync::mpsc;

use crate::node::{Record, Source, View, event_name, service_name, state_name, timer_name};
use crate::service::ServiceError;

/// Something that happened at an instance.
#[derive(Debug, Clone)]
pub struct Observation<E> {
    /// When, in milliseconds since the start.
    pub at: u64,
    /// Path of the instance.
    pub instance: String,
    /// What.
    pub kind: ObservationKind<E>,
}

/// What happened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ObservationKind<E> {
    /// The initial state has been entered.
    Started {
        /// The state.
        state: &'static str,
    },
    /// A step begins.
    Event {
        /// The event.
        event: E,
        /// The channel it came on.
        channel: Channel,
        /// What raised it: an instance path, `env`, `timer:<name>` or `invoke:<serviceType>`.
        from: String,
    },
    /// A state has become active.
    Transition {
        /// The state that was left.
        from: &'static str,
        /// The state that was entered.
        to: &'static str,
        /// What led there.
        via: TransitionKind,
    },
    /// An internal transition is taken.
    Internal {
        /// The active state.
        state: &'static str,
    },
    /// An event is raised. On the channel `peripheral` it leaves the application.
    Raised {
        /// The event.
        event: E,
        /// The channel.
        channel: Channel,
    },
    /// A service is called.
    Invoked {
        /// Name of the service type.
        service: &'static str,
        /// The input, a map.
        input: Value,
    },
    /// An invocation has failed after all retries.
    InvocationFailed {
        /// Name of the service type.
        service: &'static str,
        /// Why.
        error: ServiceError,
        /// How often it was tried.
        attempts: u32,
    },
    /// No transition was enabled.
    Unhandled {
        /// The event.
        event: E,
    },
    /// A step was rolled back (docs/semantics.md#8-errors-in-a-step).
    DeadLetter {
        /// Name of the event, `start`, `timer:<name>` or `invoke:<serviceType>`.
        event: String,
        /// The event's data.
        data: Option<Value>,
        /// Why, and where in the description.
        error: StepError,
    },
    /// A terminal state has been entered.
    Terminated {
        /// The state.
        state: &'static str,
    },
    /// The subscriber was too slow: so many observations before this one are missing.
    Missed(u64),
}

/// An event that a description raised on the channel `peripheral`.
#[derive(Debug, Clone)]
pub struct Outgoing<E> {
    /// When, in milliseconds since the start.
    pub at: u64,
    /// Path of the instance that raised it.
    pub from: String,
    /// The event.
    pub event: E,
}

impl<E: Clone> Observation<E> {
    pub(crate) fn new<A: Machines<Event = E>>(view: View<'_>, record: &Record<'_, A>) -> Self {
        let machine = view.at.machine;
        let state = |index: u16| state_name(A::DESCRIPTION, machine, index);
        let kind = match record {
            Record::Start { state: s } => ObservationKind::Started { state: state(*s) },
            Record::Event { event, channel, source } => ObservationKind::Event {
                event: (*event).clone(),
                channel: *channel,
                from: source_name(view, *source),
            },
            Record::Transition { from, to, via } => {
                ObservationKind::Transition { from: state(*from), to: state(*to), via: *via }
            }
            Record::Internal { state: s } => ObservationKind::Internal { state: state(*s) },
            Record::Raise { event, channel } => {
                ObservationKind::Raised { event: (*event).clone(), channel: *channel }
            }
            Record::Invoke { call } => ObservationKind::Invoked {
                service: service_name(A::DESCRIPTION, A::call_service(call)),
                input: A::call_input(call),
            },
            Record::Unhandled { event } => ObservationKind::Unhandled { event: (*event).clone() },
            Record::DeadLetter { cause, event, error } => ObservationKind::DeadLetter {
                event: cause.name(A::DESCRIPTION, machine),
                data: event.and_then(A::event_data),
                error: (*error).clone(),
            },
            Record::Terminated { state: s } => ObservationKind::Terminated { state: state(*s) },
        };
        Self { at: view.now, instance: view.directory.path(view.at).to_string(), kind }
    }
}

/// `from` of an event, as in traces.
pub(crate) fn source_name(view: View<'_>, source: Source) -> String {
    let description = view.directory.description();
    match source {
        Source::Environment => "env".into(),
        Source::Machine(at) => machine_source(view.directory.path(at).to_string()),
        Source::Timer(machine, timer) => {
            format!("timer:{}", timer_name(description, machine, timer))
        }
        Source::Invoke(service) => format!("invoke:{}", service_name(description, service)),
    }
}

/// The path of an instance as the source of an event. `./` tells an instance that is named as another kind of source
/// from that source.
fn machine_source(path: String) -> String {
    let other = path == "env" || path.starts_with("timer:") || path.starts_with("invoke:");
    if other { format!("./{path}") } else { path }
}

/// Name of an observation's event, if it is about one.
impl<E> ObservationKind<E> {
    /// Name in the description of the event that this is about.
    #[must_use]
    pub fn event_name<A: Machines<Event = E>>(&self) -> Option<&'static str> {
        match self {
            Self::Event { event, .. } | Self::Raised { event, .. } | Self::Unhandled { event } => {
                Some(event_name::<A>(event))
            }
            _ => None,
        }
    }
}

/// Receives what a handle has subscribed to.
#[derive(Debug)]
pub struct Subscription<T> {
    receiver: mpsc::Receiver<T>,
    missed: Arc<AtomicU64>,
}

impl<T> Subscription<T> {
    /// The next item; `None` when the application has ended.
    pub async fn next(&mut self) -> Option<T> {
        self.receiver.recv().await
    }

    /// The next item if one waits.
    pub fn try_next(&mut self) -> Option<T> {
        self.receiver.try_recv().ok()
    }

    /// How many items were dropped because this subscriber had too many waiting.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

/// The sending side of a [`Subscription`].
#[derive(Debug)]
pub(crate) struct Subscriber<T> {
    sender: mpsc::Sender<T>,
    missed: Arc<AtomicU64>,
    pub(crate) behind: u64,
}

impl<T> Subscriber<T> {
    pub(crate) fn new(capacity: usize) -> (Self, Subscription<T>) {
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        let missed = Arc::new(AtomicU64::new(0));
        let subscriber = Self { sender, missed: Arc::clone(&missed), behind: 0 };
        (subscriber, Subscription { receiver, missed })
    }

    /// Hands an item over, or counts it as missed. `false` when the subscription was dropped.
    pub(crate) fn offer(&mut self, item: T) -> bool {
        match self.sender.try_send(item) {
            Ok(()) => self.behind = 0,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.behind += 1;
                self.missed.fetch_add(1, Ordering::Relaxed);
            }
            Err(mpsc::error::TrySendError::Closed(_)) => return false,
        }
        true
    }

    /// Whether another item fits.
    pub(crate) fn has_room(&self) -> bool {
        self.sender.capacity() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_slow_subscriber_misses_is_counted() {
        let (mut subscriber, mut subscription) = Subscriber::new(2);
        for item in 0..5 {
            assert!(subscriber.offer(item));
        }
        assert_eq!((subscriber.behind, subscription.missed()), (3, 3));
        assert!(!subscriber.has_room());
        assert_eq!((subscription.try_next(), subscription.try_next()), (Some(0), Some(1)));
        assert_eq!(subscription.try_next(), None);
        assert!(subscriber.has_room() && subscriber.offer(5));
        assert_eq!(subscriber.behind, 0);
        drop(subscription);
        assert!(!subscriber.offer(6));
    }
}
