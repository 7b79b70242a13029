//! The heating control by hand.

use super::Outcome;

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A sensor reports.
    Reading {
        /// Where it hangs.
        room: String,
        /// What it measures.
        celsius: f64,
    },
    /// Everyone leaves or is back.
    Away,
}

/// Where the machine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Not in use yet.
    #[default]
    New,
    /// Warm enough.
    Off,
    /// Too cold.
    Heating,
    /// Nobody is there.
    Frost,
}

/// The machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Climate {
    /// Where it stands.
    pub state: State,
    /// Mean of the readings that counted.
    pub mean: f64,
    /// The temperature to reach.
    pub goal: f64,
    /// The room that counts.
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
