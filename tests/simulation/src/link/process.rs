//! One incarnation of a process.

use std::collections::VecDeque;
use std::sync::Arc;

use csml_rt::link::internals::{DeliveredEvent, Lane, Link, ReceiverId, SourceId, SourceName, Token, Weight};

use crate::link::plan::Plan;

/// The body of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    /// The incarnation of its source.
    pub(crate) incarnation: u64,
    /// The number of events that this incarnation had raised before it.
    pub(crate) event: usize,
}

impl Weight for Number {
    fn weight(&self) -> usize {
        8
    }
}

pub(crate) fn source_name(process: usize) -> SourceName {
    SourceName::Instance(format!("s{process}").into())
}

pub(crate) fn receiver_name(receiver: usize) -> Arc<str> {
    format!("r{receiver}").into()
}

/// The number in a name.
pub(crate) fn number_of(name: &str) -> Option<usize> {
    name.get(1..)?.parse().ok()
}

/// The process of a source.
pub(crate) fn process_of(name: &SourceName) -> Option<usize> {
    match name {
        SourceName::Instance(name) | SourceName::Process(name) => number_of(name),
    }
}

/// One incarnation of a process.
pub(crate) struct Process {
    pub(crate) epoch: u64,
    pub(crate) link: Link<Number>,
    pub(crate) source: SourceId,
    /// The numbers of its receivers.
    pub(crate) receivers: Vec<usize>,
    pub(crate) connected: bool,
    /// Delivered and not consumed.
    pub(crate) queue: VecDeque<DeliveredEvent<Number>>,
    /// The first of them, if it is being handled.
    pub(crate) busy: Option<Token>,
    /// When it wakes up.
    pub(crate) wake_at: Option<u64>,
}

impl Process {
    pub(crate) fn new(plan: &Plan, index: usize, epoch: u64) -> Self {
        let routes = plan.routes.clone();
        let mut link = Link::new(
            plan.options.clone(),
            epoch,
            Box::new(move |receiver, source, lane| {
                let lanes = process_of(source).and_then(|process| routes.get(process));
                let to = lanes.and_then(|lanes| lanes.get(lane.0 as usize));
                number_of(receiver).is_some_and(|receiver| to.is_some_and(|to| to.contains(&receiver)))
            }),
        );
        let source = link.add_source(source_name(index));
        for (lane, to) in plan.routes.get(index).into_iter().flatten().enumerate() {
            link.add_route(source, Lane(lane as u32), to.iter().map(|receiver| receiver_name(*receiver)));
        }
        let here = plan.receivers.iter().enumerate().filter(|(_, process)| **process == index);
        let receivers: Vec<_> = here.map(|(receiver, _)| receiver).collect();
        for receiver in &receivers {
            link.add_receiver(receiver_name(*receiver));
        }
        Self {
            epoch,
            link,
            source,
            receivers,
            connected: false,
            queue: VecDeque::new(),
            busy: None,
            wake_at: None,
        }
    }

    /// The number of one of its receivers.
    pub(crate) fn receiver(&self, id: ReceiverId) -> Option<usize> {
        self.receivers.get(id.index()).copied()
    }
}
