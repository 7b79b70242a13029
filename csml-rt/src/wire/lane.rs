//! The numbers of lanes: an event and its channel.

use csml_rt_core::Channel;

use crate::link::Lane;

/// The lane of an event on a channel: its position in the description and the channel.
#[must_use]
pub(crate) const fn lane(event: u16, channel: Channel) -> Lane {
    let channel = match channel {
        Channel::Internal => 0,
        Channel::External => 1,
        Channel::Global => 2,
        Channel::Peripheral => 3,
    };
    Lane((event as u32) << 2 | channel)
}

/// The event and the channel of a lane; `None` for a number that stands for no event.
#[must_use]
pub(crate) fn lane_parts(lane: Lane) -> Option<(u16, Channel)> {
    let channel = match lane.0 & 3 {
        0 => Channel::Internal,
        1 => Channel::External,
        2 => Channel::Global,
        _ => Channel::Peripheral,
    };
    u16::try_from(lane.0 >> 2).ok().map(|event| (event, channel))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_and_parts_are_the_same() {
        for event in [0, 1, 77, u16::MAX] {
            for channel in [Channel::Internal, Channel::External, Channel::Global, Channel::Peripheral] {
                assert_eq!(lane_parts(lane(event, channel)), Some((event, channel)));
            }
        }
        assert_eq!(lane_parts(Lane(u32::MAX)), None);
    }
}
