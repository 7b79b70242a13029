//! Defects of the link, to show that the checks find them.

use std::collections::BTreeMap;

use crate::link::check::Place;

/// A defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkDefect {
    /// Nothing.
    #[default]
    None,
    /// Receivers acknowledge events that have not arrived yet.
    FalseAcks,
    /// Some events are delivered twice.
    Twice,
    /// Some events are delivered in the wrong order.
    Swapped,
    /// Sources raise events although the link has no room.
    NoBounds,
    /// Acknowledgements are lost.
    NoAcks,
    /// A later incarnation of a receiver begins with the last event of the earlier one.
    Again,
    /// Events of an earlier incarnation of a source arrive after those of the next one.
    LateIncarnations,
    /// Events go to another receiver of the process.
    Misrouted,
    /// The link does not count gaps.
    SilentGaps,
}

impl LinkDefect {
    /// The events that are consumed instead of one. `last`: the last consumed event, by receiver and source.
    pub(crate) fn consumed(
        self,
        place: Place,
        last: &mut BTreeMap<(usize, usize), Place>,
        receivers: usize,
    ) -> Vec<Place> {
        if !matches!(self, Self::Again | Self::LateIncarnations | Self::Misrouted) {
            return vec![place];
        }
        let Place { receiver_incarnation, receiver, .. } = place;
        let before = last.insert((place.receiver, place.source), place);
        let same = before.filter(|before| before.source_incarnation == place.source_incarnation);
        let other = before.filter(|before| before.source_incarnation != place.source_incarnation);
        let mut all = Vec::new();
        if let (Self::Again, Some(before)) = (self, same)
            && before.receiver_incarnation != receiver_incarnation
        {
            all.push(Place { receiver_incarnation, ..before });
        }
        all.push(place);
        if let (Self::LateIncarnations, Some(before)) = (self, other) {
            all.push(Place { receiver_incarnation, ..before });
        }
        if self == Self::Misrouted {
            return vec![Place { receiver: (receiver + 1) % receivers.max(1), ..place }];
        }
        all
    }
}
