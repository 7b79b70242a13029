//! A program without std: drives the generated machines of the railway crossing with nothing but `alloc`.
//! It releases effects by hand: internal events go into a queue of its own, timers fire when they are told to.
#![no_std]

extern crate alloc;

use alloc::{collections::VecDeque, vec::Vec};

use csml_rt::machine::{Buffer, Effect, InitError, Machines as _, Outcome, Status, StepError};

csml_rt::csml!("../../examples/crossing/crossing.csml", mod = crossing, app = false);

pub use crossing::{Call, Event, Instance, Machines, Shared};

/// One crossing on a board without an operating system.
pub struct Board {
    instance: Instance,
    shared: Shared,
    effects: Buffer<Event, Call>,
    queue: VecDeque<(u16, Event)>,
    /// Pending timers: machine, timer, delay in milliseconds.
    timers: Vec<(u16, u16, u64)>,
}

impl Board {
    /// Starts the crossing with its gate and light.
    ///
    /// # Errors
    /// The step error of an initial value or an entry action.
    pub fn start() -> Result<Self, InitError> {
        let shared = Machines::shared(0, &[])?;
        let mut board = Self {
            instance: Machines::instance(0, 0),
            shared,
            effects: Buffer::default(),
            queue: VecDeque::new(),
            timers: Vec::new(),
        };
        for machine in 0..Machines::DESCRIPTION.machines.len() as u16 {
            Machines::start(&mut board.instance, &mut board.shared, machine, &mut board.effects)?;
            board.release(machine);
        }
        board.drain()?;
        Ok(board)
    }

    /// A sensor reports a train.
    ///
    /// # Errors
    /// The step error; the machines are as they were.
    pub fn train(&mut self, approaching: bool) -> Result<Outcome, StepError> {
        let event = Event::Train(crossing::event::Train { approaching });
        let outcome = Machines::step(&mut self.instance, &mut self.shared, 0, &event, &mut self.effects)?;
        self.release(0);
        self.drain()?;
        Ok(outcome)
    }

    /// The longest pending timer is due.
    ///
    /// # Errors
    /// The step error of a raised event's data or of handling it.
    pub fn fire(&mut self) -> Result<bool, StepError> {
        let Some((machine, timer, _)) = self.timers.pop() else { return Ok(false) };
        Machines::fire(&mut self.instance, &mut self.shared, machine, timer, &mut self.effects)?;
        self.release(machine);
        self.drain()?;
        Ok(true)
    }

    /// Name of a machine's active state.
    #[must_use]
    pub fn state(&self, machine: u16) -> Option<&'static str> {
        let info = Machines::DESCRIPTION.machines.get(usize::from(machine))?;
        let state = Machines::state(&self.instance, machine)?;
        info.states.get(usize::from(state)).map(|state| state.name)
    }

    /// Trains counted so far.
    #[must_use]
    pub fn trains(&self) -> i64 {
        self.shared.persistent.trains
    }

    fn drain(&mut self) -> Result<(), StepError> {
        while let Some((machine, event)) = self.queue.pop_front() {
            if Machines::status(&self.instance, machine) == Status::Running {
                Machines::step(&mut self.instance, &mut self.shared, machine, &event, &mut self.effects)?;
                self.release(machine);
            }
        }
        Ok(())
    }

    fn release(&mut self, machine: u16) {
        for effect in self.effects.effects.drain(..) {
            match effect {
                Effect::Raise(_, event) => {
                    let index = usize::from(Machines::event_index(&event));
                    let receivers =
                        Machines::DESCRIPTION.events.get(index).map_or(&[][..], |info| info.receivers);
                    self.queue.extend(receivers.iter().map(|receiver| (*receiver, event.clone())));
                }
                Effect::SetTimer(timer, delay) => self.timers.push((machine, timer, delay)),
                Effect::CancelTimer(timer) => {
                    self.timers.retain(|(of, id, _)| (*of, *id) != (machine, timer))
                }
                _ => {}
            }
        }
    }
}
