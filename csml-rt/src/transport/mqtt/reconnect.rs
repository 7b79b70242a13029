//! What follows the end of a connection.

use std::time::Duration;

use super::Version;
use super::mqtt_client::{self as client, ClientLoop, ConnectionLost};
use super::driver::{Driver, Phase};
use super::connection_errors::CLOSED;

/// A connection that stood this long is no failed attempt.
const STEADY: Duration = Duration::from_secs(5);

/// Connections in a row that ended before the broker confirmed anything; then a message of ours is the reason.
const FRUITLESS: u32 = 5;

impl Driver {
    /// Deals with the end of a connection: when to try again, or why not.
    pub(super) fn lost(&mut self, lost: ConnectionLost, poller: &mut ClientLoop) -> Result<Duration, String> {
        let phase = self.phase;
        let reason = self.reason(&lost);
        self.received.disconnected();
        self.under_way = self.messages(poller);

        // A broker that has once let this process in may be up to something; what it says now need not last.
        let hopeless = lost.permanent || lost.unreadable && phase == Phase::Connecting;
        if hopeless && !self.ever_up {
            return Err(reason);
        }
        if phase == Phase::Forgetting && lost.ended {
            self.reopen(poller, false)?;
            return Ok(Duration::ZERO);
        }
        if self.down.as_ref() != Some(&reason) {
            tracing::warn!(target: "csml::mqtt", client = self.session.client_id, "down: {reason}");
            self.received.down(reason.clone());
            self.down = Some(reason);
        }
        if phase != Phase::Connecting {
            self.fruitless = if self.fruitful || self.under_way == 0 { 0 } else { self.fruitless + 1 };
        }
        if lost.unreadable && matches!(phase, Phase::Subscribing | Phase::Up) {
            self.refused(
                1,
                "a packet of the broker's is too large or damaged; what it kept for this process is dropped",
            );
            self.reopen(poller, true)?;
        } else if self.fruitless >= FRUITLESS {
            let count = self.under_way as u64;
            self.refused(
                count,
                "the broker ends every connection on which these messages are sent; they are dropped",
            );
            self.reopen(poller, false)?;
        }
        let mut attempt = self.since.elapsed();
        if phase == Phase::Up {
            if attempt >= STEADY {
                self.backoff.reset();
            }
            attempt = Duration::ZERO;
        }
        Ok(self.backoff.next(attempt))
    }

    /// Messages among what the client sends again. It sends filters and probes again as well.
    pub(super) fn messages(&self, poller: &ClientLoop) -> usize {
        poller.unconfirmed().saturating_sub(self.asked)
    }

    /// What is said of the end of a connection.
    fn reason(&self, lost: &ConnectionLost) -> String {
        let (address, reason) = (&self.address, &lost.reason);
        if self.phase != Phase::Connecting || self.ever_up {
            return format!("{address}: {reason}");
        }
        let (version, other) = match self.options.version {
            Version::V5 => ("5", "add `?version=3.1.1`"),
            Version::V3 => ("3.1.1", "remove `?version=3.1.1`"),
        };
        // Brokers of another version, and ports where TLS is expected, mostly just hang up.
        if lost.unreadable {
            format!(
                "{address}: what answers does not speak MQTT {version} ({reason}): check the port, or {other}"
            )
        } else if lost.reason == CLOSED {
            format!(
                "{address}: {reason} before it answered: check the port, or {other} if it speaks no MQTT {version}"
            )
        } else {
            format!("{address}: {reason}")
        }
    }

    /// Begins with a client that knows of nothing under way.
    fn reopen(&mut self, poller: &mut ClientLoop, forget: bool) -> Result<(), String> {
        (self.handle, *poller) = client::open(&self.options, &self.session, self.window, forget)
            .map_err(|reason| format!("{}: {reason}", self.address))?;
        self.under_way = 0;
        self.asked = 0;
        self.fruitless = 0;
        self.forgetting = forget;
        Ok(())
    }
}
