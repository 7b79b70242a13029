//! The vending machine by hand.

use super::{Outcome, Overflow};

/// The events, in the order of the description.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The key is turned: the door is opened or closed.
    Service,
    /// A coin of this value is inserted.
    Coin(i64),
    /// An item of this price is selected.
    Select(i64),
    /// The customer asks for the money back.
    Refund,
    /// The customer takes the goods.
    Taken,
}

/// The states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Not in use yet.
    #[default]
    Locked,
    /// No credit.
    Idle,
    /// Some credit.
    Paying,
    /// Goods are in the tray.
    Serving,
    /// The door is open.
    Open,
}

/// The machine.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vending {
    /// The active state.
    pub state: State,
    /// Money that is inserted and not spent.
    pub credit: i64,
    /// Goods sold.
    pub sold: i64,
}

impl Vending {
    /// Handles one event.
    ///
    /// # Errors
    /// An integer overflowed; the machine is unchanged.
    #[inline]
    pub fn step(&mut self, event: &Event) -> Result<Outcome, Overflow> {
        match self.state {
            State::Locked | State::Open => match event {
                Event::Service => self.state = State::Idle,
                _ => return Ok(Outcome::Unhandled),
            },
            State::Idle => match event {
                Event::Coin(value) if *value > 0 => {
                    self.credit = self.credit.checked_add(*value).ok_or(Overflow)?;
                    self.state = State::Paying;
                }
                Event::Service => self.state = State::Open,
                _ => return Ok(Outcome::Unhandled),
            },
            State::Paying => match event {
                Event::Coin(value) if *value > 0 => {
                    let credit = self.credit.checked_add(*value).ok_or(Overflow)?;
                    if credit > 500 {
                        return Ok(Outcome::Unhandled);
                    }
                    self.credit = credit;
                }
                Event::Select(price) if self.credit >= *price => {
                    let credit = self.credit.checked_sub(*price).ok_or(Overflow)?;
                    self.sold = self.sold.checked_add(1).ok_or(Overflow)?;
                    self.credit = credit;
                    self.state = State::Serving;
                }
                Event::Refund => {
                    self.credit = 0;
                    self.state = State::Idle;
                }
                _ => return Ok(Outcome::Unhandled),
            },
            State::Serving => match event {
                Event::Taken => {
                    self.state = if self.credit > 0 { State::Paying } else { State::Idle };
                }
                _ => return Ok(Outcome::Unhandled),
            },
        }
        Ok(Outcome::Handled)
    }
}
