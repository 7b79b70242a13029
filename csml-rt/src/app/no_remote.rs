//! Without the feature `distributed` there are no other processes: none of these types has a value.

use std::sync::Arc;
use std::task::{Context, Poll};

use csml_rt_core::Machines;

use super::persist::Persist;
use crate::node::{Node, OutboundEvent};

/// How other processes are reached.
pub(super) enum Setup {}

impl Setup {
    pub(super) fn routes(self, _: &str, _: &str, _: Option<Subscriptions>) -> (Self, RemoteRoutes) {
        match self {}
    }
}

/// Whether an instance (first) receives external events of another one (second), by name.
type Subscriptions = Arc<dyn Fn(&str, &str) -> bool + Send + Sync>;

/// Who sends what to whom.
pub(super) enum RemoteRoutes {}

/// What comes from the transport.
pub(super) enum TransportEvent {}

/// The state of the connection.
pub(super) enum ConnectionStatus {}

/// The other processes.
pub(super) enum Remote {}

impl Remote {
    pub(super) fn open<A: Machines>(setup: Setup, _: RemoteRoutes, _: &Node<A>) -> Self {
        match setup {}
    }

    pub(super) fn is_blocked(&self) -> bool {
        match *self {}
    }

    pub(super) fn apply_backpressure<A: Machines>(&mut self, _: &mut Node<A>, _: u64) {
        match *self {}
    }

    pub(super) fn failure(&self) -> Option<&str> {
        match *self {}
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        match *self {}
    }

    pub(super) fn poll(&mut self, _: &mut Context<'_>) -> Poll<Option<TransportEvent>> {
        match *self {}
    }

    pub(super) fn receive<A: Machines>(&mut self, _: &mut Node<A>, _: u64) {
        match *self {}
    }

    pub(super) fn exchange<A: Machines>(&mut self, _: &mut Node<A>, _: Option<&mut Persist>, _: u64) {
        match *self {}
    }

    pub(super) fn send<A: Machines>(
        &mut self,
        _: &Node<A>,
        _: OutboundEvent<A::Event>,
        _: Option<&Persist>,
        _: u64,
    ) {
        match *self {}
    }

    pub(super) fn handle<A: Machines>(&mut self, incoming: TransportEvent, _: &mut Node<A>, _: u64) {
        match incoming {}
    }

    pub(super) fn is_flushed(&self) -> bool {
        match *self {}
    }

    pub(super) fn may_leave(&self) -> bool {
        match *self {}
    }

    pub(super) fn leave(&mut self, _: u64, _: bool) {
        match *self {}
    }

    pub(super) fn is_connected(&self) -> bool {
        match *self {}
    }

    pub(super) fn report_staying(&mut self, _: u64) {
        match *self {}
    }

    pub(super) async fn close(self) -> ConnectionStatus {
        match self {}
    }
}
