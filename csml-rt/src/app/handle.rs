//! Reaching a running application from elsewhere in the program.

use std::fmt;
use std::sync::{Arc, OnceLock};

use csml_rt_core::{Machines, Misfit, Value};
use tokio::sync::{mpsc, oneshot};

use crate::node::{Address, Directory};
use crate::observation::{Observation, Outgoing, Subscriber, Subscription};
use crate::snapshot::Snapshot;

use super::home::Home;

/// How many items wait for a slow subscriber before further ones are dropped.
const SUBSCRIPTION_CAPACITY: usize = 65_536;

/// What a handle asks of the running application.
pub(super) enum Command<A: Machines> {
    Send(A::Event),
    SendTo(Address, A::Event),
    State(Address, oneshot::Sender<Option<&'static str>>),
    Snapshot(oneshot::Sender<Snapshot>),
    Subscribe(Subscriber<Observation<A::Event>>),
    Outgoing(Subscriber<Outgoing<A::Event>>),
    Wait(Waiter),
    #[cfg(feature = "distributed")]
    ConnectionStatus(oneshot::Sender<Option<super::ConnectionStatus>>),
    Stop,
}

/// A handle waits until an instance is in a state.
pub(super) struct Waiter {
    pub(super) at: Address,
    pub(super) state: u16,
    pub(super) reply: oneshot::Sender<()>,
}

/// A running application. Clone it freely; any thread may use it. In virtual time, on a runtime with several threads,
/// only the task that has built the application does.
///
/// Events wait in memory until the application takes them, without a limit.
pub struct Handle<A: Machines> {
    pub(super) commands: mpsc::UnboundedSender<Command<A>>,
    pub(super) directory: Arc<Directory>,
    pub(super) end: Arc<OnceLock<Snapshot>>,
    /// In virtual time, where it may be used.
    pub(super) home: Arc<OnceLock<Home>>,
}

impl<A: Machines> Clone for Handle<A> {
    fn clone(&self) -> Self {
        Self {
            commands: self.commands.clone(),
            directory: Arc::clone(&self.directory),
            end: Arc::clone(&self.end),
            home: Arc::clone(&self.home),
        }
    }
}

impl<A: Machines> fmt::Debug for Handle<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("application", &A::DESCRIPTION.name).finish_non_exhaustive()
    }
}

/// Why a handle could not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HandleError {
    /// The application has ended.
    Ended,
    /// The application runs in virtual time, and the handle is used in another task of a runtime with several threads,
    /// or on another thread: what it does would meet the clock at another time in each run.
    OtherTask,
    /// There is no instance at that path.
    UnknownInstance {
        /// The path asked for.
        path: String,
        /// The nearest one.
        suggestion: Option<String>,
    },
    /// The instance's machine has no state of that name.
    UnknownState {
        /// Path of the instance.
        path: String,
        /// The name asked for.
        state: String,
        /// The nearest one.
        suggestion: Option<String>,
    },
    /// The description has no event of that name.
    UnknownEvent {
        /// The name asked for.
        event: String,
        /// The nearest one.
        suggestion: Option<String>,
    },
    /// The instance runs in another process, which this one cannot ask.
    Elsewhere {
        /// Path of the instance.
        path: String,
    },
    /// The event does not come from outside: only machines raise it, or the runtime does.
    NotFromOutside {
        /// Name of the event.
        event: &'static str,
    },
    /// The instance's machine has no `on` for the event.
    NotHandled {
        /// Path of the instance.
        path: String,
        /// Name of the event.
        event: &'static str,
    },
    /// The data do not fit the event.
    Misfit(Misfit),
}

impl fmt::Display for HandleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hint = match self {
            Self::OtherTask => return f.write_str(OTHER_TASK),
            Self::Ended => return f.write_str("the application has ended"),
            Self::NotHandled { path, event } => {
                return write!(f, "`{path}` does not handle the event `{event}`");
            }
            Self::Elsewhere { path } => {
                return write!(f, "the instance `{path}` runs in another process: ask there");
            }
            Self::NotFromOutside { event } => return f.write_str(&not_from_outside(event)),
            Self::Misfit(misfit) => return misfit.fmt(f),
            Self::UnknownInstance { path, suggestion } => {
                write!(f, "there is no instance `{path}`")?;
                suggestion
            }
            Self::UnknownState { path, state, suggestion } => {
                write!(f, "`{path}` has no state `{state}`")?;
                suggestion
            }
            Self::UnknownEvent { event, suggestion } => {
                write!(f, "there is no event `{event}`")?;
                suggestion
            }
        };
        match hint {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for HandleError {}

/// Why an event cannot be sent, and what to do.
pub(crate) fn not_from_outside(event: &str) -> String {
    if event.starts_with("error.invoke.") {
        return format!(
            "the event `{event}` does not come from outside: the runtime raises it when an invocation fails"
        );
    }
    format!(
        "the event `{event}` does not come from outside: machines raise it; if it is to be sent, handle it with `\"channel\": \
         \"peripheral\"` in the `on`"
    )
}

/// What to do about [`HandleError::OtherTask`].
pub(super) const OTHER_TASK: &str = "in virtual time an application and those who use its handles belong to one task, so \
    that every run is the same: run both with `tokio::join!`, or use a runtime with one thread \
    (`#[tokio::main(flavor = \"current_thread\")]`)";

impl<A: Machines> Handle<A> {
    fn command(&self, command: Command<A>) -> Result<(), HandleError> {
        let refused =
            self.home.get().is_some_and(|home| !home.is_here()) && !matches!(command, Command::Stop);
        if refused && self.end.get().is_none() {
            return Err(HandleError::OtherTask);
        }
        self.commands.send(command).map_err(|_| HandleError::Ended)
    }

    fn resolve(&self, path: &str) -> Result<Address, HandleError> {
        self.directory.resolve(path).ok_or_else(|| HandleError::UnknownInstance {
            path: path.into(),
            suggestion: self.directory.nearest(path),
        })
    }

    /// Whether an event may be sent.
    fn sendable(event: &A::Event) -> Result<(), HandleError> {
        match A::DESCRIPTION.events.get(usize::from(A::event_index(event))) {
            Some(info) if !info.from_outside => Err(HandleError::NotFromOutside { event: info.name }),
            _ => Ok(()),
        }
    }

    /// An instance of this process.
    fn resolve_local(&self, path: &str) -> Result<Address, HandleError> {
        let at = self.resolve(path)?;
        match self.directory.is_local(at.instance) {
            true => Ok(at),
            false => Err(HandleError::Elsewhere { path: path.into() }),
        }
    }

    /// Sends a peripheral event to every instance that has an `on` for it.
    ///
    /// # Errors
    /// The description does not take the event from outside, or the application has ended.
    pub fn send(&self, event: A::Event) -> Result<(), HandleError> {
        Self::sendable(&event)?;
        self.command(Command::Send(event))
    }

    /// Sends a peripheral event to one instance, by path.
    ///
    /// # Errors
    /// No such instance, its machine has no `on` for the event, the description does not take the event from outside, or
    /// the application has ended.
    pub fn send_to(&self, path: &str, event: A::Event) -> Result<(), HandleError> {
        let at = self.resolve(path)?;
        let info = A::DESCRIPTION.events.get(usize::from(A::event_index(&event)));
        if let Some(info) = info.filter(|info| !info.receivers.contains(&at.machine)) {
            return Err(HandleError::NotHandled { path: path.into(), event: info.name });
        }
        Self::sendable(&event)?;
        self.command(Command::SendTo(at, event))
    }

    /// Sends a peripheral event given by name and untyped data; `Value::Null` stands for no data.
    ///
    /// # Errors
    /// No such event, one that the description does not take from outside, data that do not fit, or the application has
    /// ended.
    pub fn send_named(&self, event: &str, data: &Value) -> Result<(), HandleError> {
        let events = A::DESCRIPTION.events;
        let index = events
            .iter()
            .position(|info| info.name == event)
            .and_then(|index| u16::try_from(index).ok())
            .ok_or_else(|| HandleError::UnknownEvent {
                event: event.into(),
                suggestion: crate::suggest::nearest(
                    event,
                    events.iter().filter(|info| info.from_outside).map(|info| info.name),
                )
                .map(str::to_owned),
            })?;
        if let Some(info) = events.get(usize::from(index))
            && !info.from_outside
        {
            return Err(HandleError::NotFromOutside { event: info.name });
        }
        self.send(A::event_from(index, data).map_err(HandleError::Misfit)?)
    }

    /// Name of an instance's active state; the last one after the application has ended. `None` if it was not started
    /// yet, or its start has failed.
    ///
    /// # Errors
    /// No such instance in this process, or the application has ended without a last state, because its future was
    /// dropped.
    pub async fn state(&self, path: &str) -> Result<Option<&'static str>, HandleError> {
        let at = self.resolve_local(path)?;
        let (reply, answer) = oneshot::channel();
        match self.command(Command::State(at, reply)) {
            Err(HandleError::OtherTask) => return Err(HandleError::OtherTask),
            Err(_) => {}
            Ok(()) => {
                if let Ok(state) = answer.await {
                    return Ok(state);
                }
            }
        }
        self.end.get().map(|end| end.state(path)).ok_or(HandleError::Ended)
    }

    /// States and data of all instances, read between two steps; the last ones after the application has
    /// ended.
    ///
    /// # Errors
    /// The application has ended without a last snapshot, because its future was dropped.
    pub async fn snapshot(&self) -> Result<Snapshot, HandleError> {
        let (reply, answer) = oneshot::channel();
        match self.command(Command::Snapshot(reply)) {
            Err(HandleError::OtherTask) => return Err(HandleError::OtherTask),
            Err(_) => {}
            Ok(()) => {
                if let Ok(snapshot) = answer.await {
                    return Ok(snapshot);
                }
            }
        }
        self.end.get().cloned().ok_or(HandleError::Ended)
    }

    /// Everything that happens from now on. When 65,536 items wait for a slow subscriber, further ones are
    /// dropped and reported as [`Missed`](crate::ObservationKind::Missed).
    #[must_use]
    pub fn subscribe(&self) -> Subscription<Observation<A::Event>> {
        let (subscriber, subscription) = Subscriber::new(SUBSCRIPTION_CAPACITY);
        // When the application has ended, the subscription ends at once.
        let _ = self.command(Command::Subscribe(subscriber));
        subscription
    }

    /// The events that the description raises on the channel `peripheral` from now on.
    #[must_use]
    pub fn outgoing(&self) -> Subscription<Outgoing<A::Event>> {
        let (subscriber, subscription) = Subscriber::new(SUBSCRIPTION_CAPACITY);
        let _ = self.command(Command::Outgoing(subscriber));
        subscription
    }

    /// Waits until an instance is in a state, at once if it is. A state that is left again within the same
    /// step counts too.
    ///
    /// # Errors
    /// No such instance in this process, no such state, or the instance or the application ended before.
    pub async fn wait_for(&self, path: &str, state: &str) -> Result<(), HandleError> {
        let at = self.resolve_local(path)?;
        let states = self.directory.machine(at.machine).map_or(&[][..], |m| m.states);
        let index = states
            .iter()
            .position(|info| info.name == state)
            .and_then(|index| u16::try_from(index).ok())
            .ok_or_else(|| HandleError::UnknownState {
                path: path.into(),
                state: state.into(),
                suggestion: crate::suggest::nearest(state, states.iter().map(|info| info.name))
                    .map(str::to_owned),
            })?;
        let (reply, answer) = oneshot::channel();
        let waiter = Waiter { at, state: index, reply };
        match self.command(Command::Wait(waiter)) {
            Err(HandleError::OtherTask) => return Err(HandleError::OtherTask),
            Ok(()) if answer.await.is_ok() => return Ok(()),
            _ => {}
        }
        match self.end.get().and_then(|end| end.state(path)) {
            Some(last) if last == state => Ok(()),
            _ => Err(HandleError::Ended),
        }
    }

    /// The status of the connection to other processes; `None` without one, or when the application has ended.
    #[cfg(feature = "distributed")]
    pub async fn connection_status(&self) -> Option<super::ConnectionStatus> {
        let (reply, answer) = oneshot::channel();
        self.command(Command::ConnectionStatus(reply)).ok()?;
        answer.await.ok().flatten()
    }

    /// Asks the application to stop: it takes no more events, cancels its invocations, and `run` returns.
    pub fn stop(&self) {
        // One that has ended has stopped already.
        let _ = self.command(Command::Stop);
    }
}
