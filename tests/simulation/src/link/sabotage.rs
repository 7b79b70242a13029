//! Ways to break the link, to show that the checks find it.

use std::collections::BTreeMap;

use crate::link::check::Place;

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sabotage {
    /// Nothing.
    #[default]
    None,
    /// Receivers seem to have acknowledged what is still on its way.
    FalseAcks,
    /// Now and then an event is handed to its receiver twice.
    Twice,
    /// Now and then two events change places.
    Swapped,
    /// Sources go on although there is no room.
    NoBounds,
    /// Acknowledgements never arrive.
    NoAcks,
    /// A later incarnation of a receiver begins with the last event of the one before.
    Again,
    /// Events of an incarnation of a source that is over come again after those of the next one.
    LateIncarnations,
    /// Events go to another receiver of the process.
    Misrouted,
    /// The link does not count gaps.
    SilentGaps,
}

impl Sabotage {
    /// What seems to be consumed instead of one event. `last`: what was consumed last, by receiver and source.
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
