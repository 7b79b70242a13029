//! Without the feature `distributed` there are no other processes: nothing of this exists at run time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll};

use csml_rt_core::Machines;

use super::persist::Persist;
use super::watch::GoingOut;
use crate::node::Node;

/// A way to other processes that is to be opened.
pub(super) enum Setup {}

impl Setup {
    pub(super) fn plan(self, _: &str, _: &str, _: Option<Subscriptions>) -> (Self, Plan) {
        match self {}
    }
}

/// Whether an instance (first) sees external events of another one (second), by name.
type Subscriptions = Arc<dyn Fn(&str, &str) -> bool + Send + Sync>;

/// Who is a source and who receives what.
pub(super) enum Plan {}

/// What comes from the transport.
pub(super) enum TransportEvent {}

/// How things stand.
pub(super) enum Network {}

/// The other processes.
pub(super) enum Remote {}

impl Remote {
    pub(super) fn open<A: Machines>(setup: Setup, _: Plan, _: &Node<A>) -> Self {
        match setup {}
    }

    pub(super) fn stalls<A: Machines>(&mut self, _: &mut Node<A>, _: u64) -> bool {
        match *self {}
    }

    pub(super) fn failure(&mut self) -> Option<String> {
        match *self {}
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        match *self {}
    }

    pub(super) fn poll(&mut self, _: &mut Context<'_>) -> Poll<Option<TransportEvent>> {
        match *self {}
    }

    pub(super) fn exchange<A: Machines>(
        &mut self,
        _: &mut Node<A>,
        _: Option<&mut Persist>,
        _: &mut VecDeque<GoingOut<A::Event>>,
        _: u64,
    ) {
        match *self {}
    }

    pub(super) fn heed<A: Machines>(&mut self, incoming: TransportEvent, _: &mut Node<A>, _: u64) {
        match incoming {}
    }

    pub(super) fn is_flushed(&self) -> bool {
        match *self {}
    }

    pub(super) fn is_up(&self) -> bool {
        match *self {}
    }

    pub(super) fn is_done(&mut self, _: u64) -> bool {
        match *self {}
    }

    pub(super) async fn close(self) -> Network {
        match self {}
    }
}
