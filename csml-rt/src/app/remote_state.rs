//! The connection to other processes, as the loop sees it: configured, running, closed.

use std::fmt;

use csml_rt_core::Machines;
use tokio::time::{Instant, timeout_at};

use super::App;
use super::drive::{GRACE, LONGEST_SLEEP, Run, Wake};
use super::handle::Command;
use super::remote::{ConnectionStatus, Remote, RemoteRoutes, Setup};
use super::summary::EndReason;

/// Where the connection to other processes stands.
pub(super) enum RemoteState {
    /// There are no other processes.
    None,
    /// There are some; the transport is not started yet.
    Configured(Setup, RemoteRoutes),
    Running(Box<Remote>),
    /// The transport has ended, with a reason if it has failed.
    Closed {
        status: ConnectionStatus,
        failure: Option<String>,
    },
}

impl fmt::Debug for RemoteState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Configured(..) => "Configured",
            Self::Running(_) => "Running",
            Self::Closed { .. } => "Closed",
        })
    }
}

impl RemoteState {
    pub(super) fn running(&self) -> Option<&Remote> {
        match self {
            Self::Running(remote) => Some(remote),
            _ => None,
        }
    }

    pub(super) fn running_mut(&mut self) -> Option<&mut Remote> {
        match self {
            Self::Running(remote) => Some(remote),
            _ => None,
        }
    }

    /// Whether the transport has given up.
    pub(super) fn has_failed(&self) -> bool {
        match self {
            Self::Running(remote) => remote.failure().is_some(),
            Self::Closed { failure, .. } => failure.is_some(),
            _ => false,
        }
    }
}

impl<A: Machines> App<A> {
    /// Starts the transport, if there are other processes.
    #[cfg_attr(not(feature = "distributed"), expect(unreachable_code, reason = "there are none"))]
    pub(super) fn open_remote(&mut self) {
        self.remote = match std::mem::replace(&mut self.remote, RemoteState::None) {
            RemoteState::Configured(setup, routes) => {
                RemoteState::Running(Box::new(Remote::open(setup, routes, &mut self.node)))
            }
            other => other,
        };
    }

    /// Exchanges with other processes what can be exchanged without waiting.
    pub(super) fn exchange(&mut self, run: &Run) {
        if let Some(remote) = self.remote.running_mut() {
            remote.receive(&mut self.node, run.elapsed());
        }
        self.hand_out(run);
        if let Some(remote) = self.remote.running_mut() {
            remote.exchange(&mut self.node, self.store.open_mut(), run.elapsed());
        }
    }

    /// Takes what leaves this process out of the node: for other processes, and for subscribers of the events that
    /// leave the application.
    pub(super) fn hand_out(&mut self, run: &Run) {
        while let Some(outbound) = self.node.next_outbound() {
            if outbound.leaves_application() {
                self.watch.hand_out(&self.node, &outbound);
            }
            if let Some(remote) = self.remote.running_mut() {
                remote.send(&self.node, outbound, self.store.open(), run.elapsed());
            }
        }
    }

    /// Waits until other processes have taken what they were sent, and ends the transport. A run that was stopped
    /// does not wait for long; a run that ends by itself does not take events away that others still have to get.
    pub(super) async fn disconnect(&mut self, run: &mut Run, reason: EndReason) {
        let by_itself = matches!(reason, EndReason::AllTerminated | EndReason::Idle);
        let now = Instant::now();
        // A run with a set time does not stay longer than one that the time has ended.
        let until = self.real_until().and_then(|until| run.time(until)).map(|until| until.max(now) + GRACE);
        let deadline = match until {
            Some(until) if by_itself => until,
            _ => now + if by_itself { LONGEST_SLEEP } else { GRACE },
        };
        // Instances that have ended still tell their sources so. In all other cases nobody handles what comes now.
        let all_ended = reason == EndReason::AllTerminated;
        if let Some(remote) = self.remote.running_mut() {
            remote.leave(run.elapsed(), !all_ended);
        }
        loop {
            self.exchange(run);
            let Some(remote) = self.remote.running_mut() else {
                return;
            };
            // A run that was stopped does not wait for a connection either.
            let hopeless = !by_itself && !remote.is_connected();
            let flushed = if all_ended { remote.is_flushed() } else { remote.may_leave() };
            if flushed || remote.failure().is_some() || hopeless {
                break;
            }
            remote.report_staying(run.elapsed());
            match timeout_at(deadline, self.next_wake(run, None)).await {
                Ok(Wake::Remote(Some(incoming))) => {
                    if let Some(remote) = self.remote.running_mut() {
                        remote.handle(incoming, &mut self.node, run.elapsed());
                    }
                }
                Ok(Wake::Command(Command::Stop) | Wake::Interrupt) | Err(_) => break,
                Ok(_) => {}
            }
        }
        if let RemoteState::Running(remote) = std::mem::replace(&mut self.remote, RemoteState::None) {
            let failure = remote.failure().map(str::to_owned);
            let status = remote.close().await;
            self.remote = RemoteState::Closed { status, failure };
        }
    }
}
