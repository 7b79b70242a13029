//! Notices that a broker has gone without a word.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

/// What a look at the clock found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeepAliveCheck {
    /// All is well.
    Well,
    /// Time to ask for a sign of life.
    Ask,
    /// It was asked and did not answer.
    Gone,
}

/// Watches the time since the last sign of life.
#[derive(Debug)]
pub(super) struct KeepAlive {
    ping_timeout: Duration,
    heard: Instant,
    asked: bool,
    alarm: Pin<Box<Sleep>>,
}

impl KeepAlive {
    pub(super) fn new(ping_timeout: Duration) -> Self {
        let alarm = Box::pin(tokio::time::sleep(ping_timeout));
        Self { ping_timeout, heard: Instant::now(), asked: false, alarm }
    }

    /// There was a sign of life.
    pub(super) fn heard(&mut self) {
        self.heard = Instant::now();
        self.asked = false;
    }

    /// Looks at the clock; wakes the task for the next look.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> KeepAliveCheck {
        let mut look = KeepAliveCheck::Alive;
        while self.alarm.as_mut().poll(context) == Poll::Ready(()) {
            let now = Instant::now();
            let next = if now < self.heard + self.ping_timeout {
                self.heard + self.ping_timeout
            } else {
                look = if self.asked { KeepAliveCheck::TimedOut } else { KeepAliveCheck::PingDue };
                self.asked = true;
                now + self.ping_timeout
            };
            self.alarm.as_mut().reset(next);
        }
        look
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    const PING_TIMEOUT: Duration = Duration::from_secs(3);

    async fn next(watch: &mut KeepAlive) -> KeepAliveCheck {
        poll_fn(|context| match watch.poll(context) {
            KeepAliveCheck::Alive => Poll::Pending,
            look => Poll::Ready(look),
        })
        .await
    }

    fn in_virtual_time(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
            .block_on(test);
    }

    #[test]
    fn a_silent_broker_is_asked_and_then_given_up() {
        in_virtual_time(async {
            let start = Instant::now();
            let mut watch = KeepAlive::new(PING_TIMEOUT);
            assert_eq!(next(&mut watch).await, KeepAliveCheck::PingDue);
            assert_eq!(start.elapsed().as_secs(), 3);
            assert_eq!(next(&mut watch).await, KeepAliveCheck::TimedOut);
            assert_eq!(start.elapsed().as_secs(), 6);
        });
    }

    #[test]
    fn a_broker_that_answers_is_asked_again_later() {
        in_virtual_time(async {
            let start = Instant::now();
            let mut watch = KeepAlive::new(PING_TIMEOUT);
            for _ in 0..100 {
                assert_eq!(next(&mut watch).await, KeepAliveCheck::PingDue);
                watch.heard();
            }
            assert_eq!(start.elapsed().as_secs(), 300);
        });
    }

    #[test]
    fn a_lively_broker_is_not_asked() {
        in_virtual_time(async {
            let mut watch = KeepAlive::new(PING_TIMEOUT);
            for _ in 0..100 {
                tokio::time::sleep(Duration::from_secs(2)).await;
                watch.heard();
                let look = poll_fn(|context| Poll::Ready(watch.poll(context))).await;
                assert_eq!(look, KeepAliveCheck::Alive);
            }
        });
    }
}
