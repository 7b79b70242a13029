//! Detects a broker that no longer answers.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeepAliveCheck {
    /// No ping is due.
    Alive,
    /// It is time to ping the broker.
    PingDue,
    /// The broker has not answered a ping.
    TimedOut,
}

/// Measures the time since the last packet of the broker.
#[derive(Debug)]
pub(super) struct KeepAlive {
    ping_timeout: Duration,
    last_packet: Instant,
    pinged: bool,
    timer: Pin<Box<Sleep>>,
}

impl KeepAlive {
    pub(super) fn new(ping_timeout: Duration) -> Self {
        let timer = Box::pin(tokio::time::sleep(ping_timeout));
        Self { ping_timeout, last_packet: Instant::now(), pinged: false, timer }
    }

    /// A packet was received.
    pub(super) fn packet_received(&mut self) {
        self.last_packet = Instant::now();
        self.pinged = false;
    }

    /// Checks the time, and wakes the task for the next check.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> KeepAliveCheck {
        let mut check = KeepAliveCheck::Alive;
        while self.timer.as_mut().poll(context) == Poll::Ready(()) {
            let now = Instant::now();
            let next = if now < self.last_packet + self.ping_timeout {
                self.last_packet + self.ping_timeout
            } else {
                check = if self.pinged { KeepAliveCheck::TimedOut } else { KeepAliveCheck::PingDue };
                self.pinged = true;
                now + self.ping_timeout
            };
            self.timer.as_mut().reset(next);
        }
        check
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    const PING_TIMEOUT: Duration = Duration::from_secs(3);

    async fn next(keep_alive: &mut KeepAlive) -> KeepAliveCheck {
        poll_fn(|context| match keep_alive.poll(context) {
            KeepAliveCheck::Alive => Poll::Pending,
            check => Poll::Ready(check),
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
    fn a_broker_that_does_not_answer_is_pinged_and_then_times_out() {
        in_virtual_time(async {
            let start = Instant::now();
            let mut keep_alive = KeepAlive::new(PING_TIMEOUT);
            assert_eq!(next(&mut keep_alive).await, KeepAliveCheck::PingDue);
            assert_eq!(start.elapsed().as_secs(), 3);
            assert_eq!(next(&mut keep_alive).await, KeepAliveCheck::TimedOut);
            assert_eq!(start.elapsed().as_secs(), 6);
        });
    }

    #[test]
    fn a_broker_that_answers_is_pinged_again_later() {
        in_virtual_time(async {
            let start = Instant::now();
            let mut keep_alive = KeepAlive::new(PING_TIMEOUT);
            for _ in 0..100 {
                assert_eq!(next(&mut keep_alive).await, KeepAliveCheck::PingDue);
                keep_alive.packet_received();
            }
            assert_eq!(start.elapsed().as_secs(), 300);
        });
    }

    #[test]
    fn a_broker_that_sends_packets_is_not_pinged() {
        in_virtual_time(async {
            let mut keep_alive = KeepAlive::new(PING_TIMEOUT);
            for _ in 0..100 {
                tokio::time::sleep(Duration::from_secs(2)).await;
                keep_alive.packet_received();
                let check = poll_fn(|context| Poll::Ready(keep_alive.poll(context))).await;
                assert_eq!(check, KeepAliveCheck::Alive);
            }
        });
    }
}
