//! Deciding about the next attempt after a connection has ended.

use std::time::Duration;

use super::client_event::ConnectionLost;
use super::connection_errors::CLOSED;
use super::driver::{Driver, Phase};
use super::mqtt_client::{self, ClientLoop};
use super::mqtt_options::Version;

/// A connection that was up this long counts as a success.
const STABLE: Duration = Duration::from_secs(5);

/// Connections in a row that ended before the broker acknowledged a message; then the messages are the reason.
const MAX_FUTILE_CONNECTIONS: u32 = 5;

impl Driver {
    /// Handles the end of a connection. Returns the delay before the next attempt, or why there is none.
    pub(super) fn connection_lost(
        &mut self,
        lost: ConnectionLost,
        poller: &mut ClientLoop,
    ) -> Result<Duration, String> {
        let phase = self.phase;
        let reason = self.reason(&lost);
        self.received.disconnected();
        self.in_flight = self.messages_in_flight(poller);

        // After a connection that was up, even a permanent error may be a temporary state of the broker.
        let permanent = lost.permanent || lost.unreadable && phase == Phase::Connecting;
        if permanent && !self.ever_up {
            return Err(reason);
        }
        if phase == Phase::DiscardingSession && lost.disconnected {
            self.reopen(poller, false)?;
            return Ok(Duration::ZERO);
        }
        if self.down.as_ref() != Some(&reason) {
            tracing::warn!(target: "csml::mqtt", client = self.session.client_id, "down: {reason}");
            self.received.down(reason.clone());
            self.down = Some(reason);
        }
        if phase != Phase::Connecting {
            let futile = !self.acknowledged && self.in_flight > 0;
            self.futile_connections = if futile { self.futile_connections + 1 } else { 0 };
        }
        if lost.unreadable && matches!(phase, Phase::Subscribing | Phase::Up) {
            self.rejected(
                1,
                "a packet of the broker is too large or damaged; the messages that it has kept for this process are dropped",
            );
            self.reopen(poller, true)?;
        } else if self.futile_connections >= MAX_FUTILE_CONNECTIONS {
            let count = self.in_flight as u64;
            self.rejected(
                count,
                "the broker closes every connection over which these messages are sent; they are dropped",
            );
            self.reopen(poller, false)?;
        }
        let mut attempt = self.since.elapsed();
        if phase == Phase::Up {
            if attempt >= STABLE {
                self.reconnect_delay.reset();
            }
            attempt = Duration::ZERO;
        }
        Ok(self.reconnect_delay.next(attempt))
    }

    /// The messages that the client sends again. It sends filters and pings again as well.
    pub(super) fn messages_in_flight(&self, poller: &ClientLoop) -> usize {
        poller.unacknowledged().saturating_sub(self.unanswered)
    }

    /// The message about the end of a connection.
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

    /// Starts again with a client that has no messages in flight.
    fn reopen(&mut self, poller: &mut ClientLoop, discard_session: bool) -> Result<(), String> {
        (self.handle, *poller) =
            mqtt_client::open(&self.options, &self.session, self.window, discard_session, &self.filter)
                .map_err(|reason| format!("{}: {reason}", self.address))?;
        self.in_flight = 0;
        self.unanswered = 0;
        self.futile_connections = 0;
        self.discard_session = discard_session;
        Ok(())
    }
}
