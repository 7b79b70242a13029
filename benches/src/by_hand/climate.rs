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
    /// Warm enough.
    #[default]
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
        Self { state: State::Off, mean: 20.0, goal: 21.0, place: "kitchen".to_owned() }
    }
}

impl Climate {
    /// Handles one event.
    #[inline]
    pub fn step(&mut self, event: &Event) -> Outcome {
        match (self.state, event) {
            (State::Off, Event::Reading { room, celsius })
                if *room == self.place && *celsius < self.goal - 0.5 =>
            {
                self.mean = self.mean * 0.9 + celsius * 0.1;
                self.state = State::Heating;
            }
            (State::Heating, Event::Reading { room, celsius })
                if *room == self.place && *celsius > self.goal + 0.5 =>
            {
                self.mean = self.mean * 0.9 + celsius * 0.1;
                self.state = State::Off;
            }
            (State::Off | State::Heating, Event::Away) => self.state = State::Frost,
            (State::Frost, Event::Away) => self.state = State::Off,
            _ => return Outcome::Unhandled,
        }
        Outcome::Handled
    }
}
