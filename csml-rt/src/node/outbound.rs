//! The outbound queue: every event that leaves this process, for instances of other processes or for the world
//! outside the application, and whether it may leave (docs/semantics.md#7-a-step-is-a-transaction).

use csml_rt_core::{Channel, EventInfo, Machines, Position, StepError, StepErrorKind};

use super::{Address, Node, TraceContext};

/// Events in the outbound queue from which on no step is taken.
pub(super) const OUTBOUND_CAPACITY: usize = 65_536;

/// An event that leaves this process.
#[derive(Debug, Clone)]
pub struct OutboundEvent<E> {
    /// The event.
    pub event: E,
    /// The channel it was raised on; `Peripheral` also for one from outside.
    pub channel: Channel,
    /// The machine that raised it; `None` for an event from outside that another process has to handle.
    pub from: Option<Address>,
    /// The only machine it is for; `None` for every receiver of the channel.
    pub to: Option<Address>,
    /// Its trace context.
    pub context: TraceContext,
}

impl<E> OutboundEvent<E> {
    /// Whether it leaves the application: a machine raised it on the channel `peripheral`.
    #[must_use]
    pub fn leaves_application(&self) -> bool {
        self.channel == Channel::Peripheral && self.from.is_some()
    }
}

/// Which outbound events make their step fail, because what takes them is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rejects {
    /// Events for instances of other processes.
    pub remote: bool,
    /// Events that leave the application.
    pub peripheral: bool,
}

/// Says why an event cannot be sent, if it cannot.
type Check<E> = Box<dyn Fn(&E) -> Result<(), String> + Send>;

/// Which events are checked before they leave.
pub(super) struct OutboundCheck<E> {
    check: Check<E>,
    /// By machine, whether it raises any that are checked.
    raises: Vec<bool>,
    /// By event.
    checked: Vec<bool>,
}

impl<E> OutboundCheck<E> {
    pub(super) fn concerns(&self, machine: u16) -> bool {
        self.raises.get(usize::from(machine)).copied().unwrap_or(false)
    }
}

impl<A: Machines> Node<A> {
    /// The next event that leaves this process: raised by a completed step, or sent to an instance of another
    /// process. The driver takes them after each [`run`](Self::run), which stops when 65,536 of them wait.
    pub fn next_outbound(&mut self) -> Option<OutboundEvent<A::Event>> {
        self.sinks.outbound.pop_front()
    }

    /// From now on a step fails that raises an event for other processes or the world to which `check` objects.
    /// `trusted` events are not checked. Call it when all instances are known.
    pub fn check_outbound(
        &mut self,
        check: impl Fn(&A::Event) -> Result<(), String> + Send + 'static,
        trusted: impl Fn(&EventInfo) -> bool,
    ) {
        let mut raises = vec![false; A::DESCRIPTION.machines.len()];
        let mut checked = Vec::new();
        for (event, info) in (0..).zip(A::DESCRIPTION.events) {
            let trusted = trusted(info);
            checked.push(!trusted);
            for raise in info.raised.iter().filter(|raise| !trusted && self.leaves(event, raise.channel)) {
                if let Some(raises) = raises.get_mut(usize::from(raise.machine)) {
                    *raises = true;
                }
            }
        }
        if raises.contains(&true) {
            let check = OutboundCheck { check: Box::new(check), raises, checked };
            self.gate.get_or_insert_default().outbound_check = Some(check);
        }
    }

    /// Whether an event that is raised on a channel leaves this process.
    fn leaves(&self, event: u16, channel: Channel) -> bool {
        match channel {
            Channel::Internal => false,
            Channel::External | Channel::Global => self.sinks.routes.has_remote_receivers(event),
            Channel::Peripheral => true,
        }
    }

    /// Whether the outbound events after a mark may leave.
    ///
    /// # Errors
    /// Says why not.
    pub(super) fn may_leave(&self, mark: usize) -> Result<(), StepError> {
        let Some(gate) = &self.gate else {
            return Ok(());
        };
        for outbound in self.sinks.outbound.iter().skip(mark) {
            let full = match outbound.leaves_application() {
                true => gate.rejects.peripheral,
                false => gate.rejects.remote,
            };
            if full {
                return Err(rejected("it raises an event, but too many events wait to be sent already"));
            }
            let index = A::event_index(&outbound.event);
            if let Some(outbound_check) = &gate.outbound_check
                && outbound_check.checked.get(usize::from(index)).copied().unwrap_or(false)
                && let Err(reason) = (outbound_check.check)(&outbound.event)
            {
                let name = super::event_name_of(A::DESCRIPTION, index);
                return Err(rejected(&format!("it raises `{name}`, which cannot be sent: {reason}")));
            }
        }
        Ok(())
    }
}

#[cold]
fn rejected(message: &str) -> StepError {
    // No position of the description is to blame.
    StepError::new(StepErrorKind::Rejected, Position::new(1, 1), message.to_owned())
}
