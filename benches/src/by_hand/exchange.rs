//! The two machines that send each other events, by hand: a queue, and a `match` over the receiver.

use std::collections::VecDeque;

use super::Overflow;

/// The events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// From left to right.
    Ping(i64),
    /// From right to left.
    Pong(i64),
}

/// Both machines and the queue between them.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    left: i64,
    right: i64,
    line: VecDeque<Event>,
}

impl Exchange {
    /// Queues an event.
    pub fn send(&mut self, event: Event) {
        self.line.push_back(event);
    }

    /// Handles this many events.
    ///
    /// # Errors
    /// An integer overflowed.
    pub fn run(&mut self, events: u64) -> Result<i64, Overflow> {
        for _ in 0..events {
            let Some(event) = self.line.pop_front() else { break };
            let answer = match event {
                Event::Ping(ball) => {
                    self.right = self.right.checked_add(1).ok_or(Overflow)?;
                    Event::Pong(ball.checked_add(1).ok_or(Overflow)?)
                }
                Event::Pong(ball) => {
                    self.left = self.left.checked_add(1).ok_or(Overflow)?;
                    Event::Ping(ball.checked_add(1).ok_or(Overflow)?)
                }
            };
            self.line.push_back(answer);
        }
        Ok(self.left)
    }
}
