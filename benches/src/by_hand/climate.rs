//! The heating control by hand.

use super::Outcome;

/// The events.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A reading of a sensor.
    Reading {
        /// The room of the sensor.
        room: String,
        /// The temperature.
        celsius: f64,
    },
    /// The residents leave or come back.
    Away,
}

/// The states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Not in use yet.
    #[default]
    New,
    /// Warm enough.
    Off,
    /// Too cold.
    Heating,
    /// The residents are away.
    Frost,
}

/// The machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Climate {
    /// The active state.
    pub state: State,
    /// Mean of the readings of the room.
    pub mean: f64,
    /// The temperature to reach.
    pub goal: f64,
    /// The room whose readings are used.
    pub place: String,
}

impl Default for Climate {
    fn default() -> Self {
        Self { state: State::New, mean: 20.0, goal: 21.0, place: "kitchen".to_owned() }
    }
}

impl Climate {
    /// Handles one event.
    #[inline]
    pub fn step(&mut self, event: &Event) -> Outcome {
        match self.state {
            State::New | State::Frost => match event {
                Event::Away => self.state = State::Off,
                Event::Reading { .. } => return Outcome::Unhandled,
            },
            State::Off => match event {
                Event::Reading { room, celsius } if *room == self.place && *celsius < self.goal - 0.5 => {
                    self.mean = self.mean * 0.9 + celsius * 0.1;
                    self.state = State::Heating;
                }
                Event::Away => self.state = State::Frost,
                Event::Reading { .. } => return Outcome::Unhandled,
            },
            State::Heating => match event {
                Event::Reading { room, celsius } if *room == self.place && *celsius > self.goal + 0.5 => {
                    self.mean = self.mean * 0.9 + celsius * 0.1;
                    self.state = State::Off;
                }
                Event::Away => self.state = State::Frost,
                Event::Reading { .. } => return Outcome::Unhandled,
            },
        }
        Outcome::Handled
    }
}
