//! Whether what a step raises for other processes, and for the world, may leave (SEMANTICS 7, 8): a step of which
//! something may not is rolled back.

use csml_rt_core::{Channel, Effect, EventInfo, Machines, Position, StepError, StepErrorKind};

use super::Node;
use super::gate::Saved;

/// Says why an event cannot be sent, if it cannot.
type Check<E> = Box<dyn Fn(&E) -> Result<(), String> + Send>;

/// Which events are looked at before they leave.
pub(super) struct Departures<E> {
    check: Check<E>,
    /// By machine, whether it raises any that are looked at.
    raises: Vec<bool>,
    /// By event.
    looked_at: Vec<bool>,
}

impl<E> Departures<E> {
    pub(super) fn raised_by(&self, machine: u16) -> bool {
        self.raises.get(usize::from(machine)).copied().unwrap_or(false)
    }
}

impl<A: Machines> Node<A> {
    /// From now on a step fails that raises an event for other processes or the world to which `check` objects.
    /// `trusted` are those that need not be looked at. After all instances are known.
    pub fn check_departures(
        &mut self,
        check: impl Fn(&A::Event) -> Result<(), String> + Send + 'static,
        trusted: impl Fn(&EventInfo) -> bool,
    ) {
        let mut raises = vec![false; A::DESCRIPTION.machines.len()];
        let mut looked_at = Vec::new();
        for (event, info) in (0..).zip(A::DESCRIPTION.events) {
            let trusted = trusted(info);
            looked_at.push(!trusted);
            for raise in info.raised.iter().filter(|raise| !trusted && self.leaves(event, raise.channel)) {
                if let Some(raises) = raises.get_mut(usize::from(raise.machine)) {
                    *raises = true;
                }
            }
        }
        if raises.contains(&true) {
            let departures = Departures { check: Box::new(check), raises, looked_at };
            self.gate.get_or_insert_default().departures = Some(departures);
        }
    }

    /// Whether an event that is raised on a channel leaves this process.
    fn leaves(&self, event: u16, channel: Channel) -> bool {
        match channel {
            Channel::Internal => false,
            Channel::External | Channel::Global => self.routes.leads_away(event),
            Channel::Peripheral => true,
        }
    }

    /// Why what a step has raised may not leave.
    ///
    /// # Errors
    /// There is a reason.
    pub(super) fn object(&self, saved: &Saved<A>) -> Result<(), StepError> {
        let Some(gate) = &self.gate else {
            return Ok(());
        };
        // Raised events are in their queue already, unless somebody observes; what leaves the application never is.
        let away = self.away.iter().skip(saved.away).map(|away| (false, &away.event));
        let held = self.buffer.effects.iter().filter_map(|effect| match effect {
            Effect::Raise(channel, event) if self.leaves(A::event_index(event), *channel) => {
                Some((*channel == Channel::Peripheral, event))
            }
            _ => None,
        });
        for (out, event) in away.chain(held) {
            let full = if out { gate.refuses.out } else { gate.refuses.away };
            if full {
                return Err(refused("what it raises is refused: too many events wait to be sent already"));
            }
            let index = A::event_index(event);
            if let Some(departures) = &gate.departures
                && departures.looked_at.get(usize::from(index)).copied().unwrap_or(false)
                && let Err(reason) = (departures.check)(event)
            {
                let name = super::event_name_of(A::DESCRIPTION, index);
                return Err(refused(&format!("it raises `{name}`, which cannot be sent: {reason}")));
            }
        }
        Ok(())
    }
}

#[cold]
fn refused(message: &str) -> StepError {
    // The step has no place of its own in the description that is at fault.
    StepError::new(StepErrorKind::Refused, Position::new(1, 1), message.to_owned())
}
