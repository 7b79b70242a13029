//! What waits for an instance: one piece of work is one step.

use csml_rt_core::{Channel, Machines};

use super::calls::CallId;
use super::timer_wheel::TimerId;
use super::{Address, Cause, Source, TraceContext};

/// One step that an instance is to take, and where it comes from.
///
/// Work is written and read for every event: it stays at four words for an event of two, and is written and read by
/// whole words.
pub(super) struct Work<E> {
    pub(super) to: PackedAddress,
    pub(super) origin: Origin,
    pub(super) context: TraceContext,
    pub(super) trigger: Trigger<E>,
}

/// What a step is taken for.
pub(super) enum Trigger<E> {
    /// The machine is started.
    Start,
    /// An event.
    Event(E),
    /// A timer is due; its position is part of the [`Origin`].
    Timer(TimerId),
    /// A service has answered; its service type is part of the [`Origin`].
    Completion(CallId),
}

impl<E> Work<E> {
    #[inline]
    pub(super) fn new(at: Address, origin: Origin, context: TraceContext, trigger: Trigger<E>) -> Self {
        Self { to: PackedAddress::of(at), origin, context, trigger }
    }

    pub(super) fn start(at: Address) -> Self {
        Self::new(at, Origin::machine(at), TraceContext::NONE, Trigger::Start)
    }

    /// The machine that takes the step.
    #[inline]
    pub(super) fn at(&self) -> Address {
        self.to.unpacked()
    }

    /// The origin of what the step raises: events of a timer and of a completion carry their own.
    #[inline]
    pub(super) fn raises_as(&self) -> Origin {
        match self.trigger {
            Trigger::Event(_) | Trigger::Start => self.to.origin(),
            Trigger::Timer(_) | Trigger::Completion(_) => self.origin,
        }
    }

    /// The position of the timer that is due.
    pub(super) fn timer(&self) -> Option<u16> {
        match (&self.trigger, self.origin.source()) {
            (Trigger::Timer(_), Source::Timer(_, timer)) => Some(timer),
            _ => None,
        }
    }

    pub(super) fn cause<A: Machines<Event = E>>(&self) -> Cause {
        match (&self.trigger, self.origin.source()) {
            (Trigger::Event(event), _) => Cause::Event(A::event_index(event)),
            (Trigger::Timer(_), Source::Timer(_, timer)) => Cause::Timer(timer),
            (Trigger::Completion(_), Source::Invoke(service)) => Cause::Invoke(service),
            _ => Cause::Start,
        }
    }

    /// The event, if the step is taken for one.
    pub(super) fn event(&self) -> Option<&E> {
        match &self.trigger {
            Trigger::Event(event) => Some(event),
            _ => None,
        }
    }
}

/// An address in one word: the same word as the [`Origin`] of what that machine raises.
#[derive(Clone, Copy)]
pub(super) struct PackedAddress(u64);

impl PackedAddress {
    #[inline]
    pub(super) const fn of(at: Address) -> Self {
        Self((at.instance as u64) << 32 | (at.machine as u64) << 16 | MACHINE)
    }

    #[inline]
    pub(super) const fn origin(self) -> Origin {
        Origin(self.0)
    }

    #[inline]
    pub(super) const fn unpacked(self) -> Address {
        Address { instance: (self.0 >> 32) as u32, machine: (self.0 >> 16) as u16 }
    }
}

/// A [`Source`] and a channel in one word: with a value of several small parts the processor would wait for each
/// part to arrive in memory.
#[derive(Clone, Copy)]
pub(super) struct Origin(u64);

/// The lowest 16 bits: two for the kind of the source, one for another process, two for the channel.
const KIND: u64 = 0b11;
const MACHINE: u64 = 1;
const REMOTE: u64 = 0b100;
const CHANNEL: u32 = 3;

impl Origin {
    /// The world outside the application.
    pub(super) const ENVIRONMENT: Self = Self(0).on(Channel::Peripheral);

    #[inline]
    pub(super) const fn machine(at: Address) -> Self {
        PackedAddress::of(at).origin()
    }

    #[inline]
    pub(super) const fn timer(machine: u16, timer: u16) -> Self {
        Self((timer as u64) << 32 | (machine as u64) << 16 | 2)
    }

    #[inline]
    pub(super) const fn invoke(service: u16) -> Self {
        Self((service as u64) << 16 | 3)
    }

    /// The same source, on a channel.
    #[inline]
    pub(super) const fn on(self, channel: Channel) -> Self {
        let bits: u64 = match channel {
            Channel::Internal => 0,
            Channel::External => 1,
            Channel::Global => 2,
            Channel::Peripheral => 3,
        };
        Self(self.0 & !(0b11 << CHANNEL) | bits << CHANNEL)
    }

    /// The same, from another process, which waits to hear that the event was handled.
    #[inline]
    pub(super) const fn remote(self) -> Self {
        Self(self.0 | REMOTE)
    }

    /// Whether a machine of this process has raised it, or a timer or an answer for it.
    pub(super) const fn is_raised(self) -> bool {
        self.0 & KIND != 0 && !self.is_remote()
    }

    #[inline]
    pub(super) const fn is_remote(self) -> bool {
        self.0 & REMOTE != 0
    }

    #[inline]
    pub(super) const fn channel(self) -> Channel {
        match self.0 >> CHANNEL & 0b11 {
            0 => Channel::Internal,
            1 => Channel::External,
            2 => Channel::Global,
            _ => Channel::Peripheral,
        }
    }

    #[inline]
    pub(super) const fn source(self) -> Source {
        let (instance, machine) = ((self.0 >> 32) as u32, (self.0 >> 16) as u16);
        match self.0 & KIND {
            0 => Source::Environment,
            MACHINE => Source::Machine(Address { instance, machine }),
            2 => Source::Timer(machine, instance as u16),
            _ => Source::Invoke(machine),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_keeps_source_channel_and_process() {
        let at = Address { instance: u32::MAX, machine: u16::MAX };
        let cases = [
            (Origin::ENVIRONMENT, Source::Environment),
            (Origin::machine(at), Source::Machine(at)),
            (Origin::invoke(7), Source::Invoke(7)),
            (Origin::timer(1, 2), Source::Timer(1, 2)),
            (Origin::timer(u16::MAX, u16::MAX), Source::Timer(u16::MAX, u16::MAX)),
        ];
        for (origin, source) in cases {
            for channel in [Channel::Internal, Channel::External, Channel::Global, Channel::Peripheral] {
                let origin = origin.on(channel);
                assert_eq!((origin.source(), origin.channel()), (source, channel));
                assert!(!origin.is_remote());
                let remote = origin.remote();
                assert_eq!((remote.source(), remote.channel()), (source, channel));
                assert!(remote.is_remote());
            }
        }
    }

    #[test]
    fn work_for_a_small_event_is_four_words() {
        #[expect(dead_code, reason = "only its size matters")]
        enum Event {
            Ping(i64),
            Pong(i64),
        }
        assert_eq!(size_of::<Work<Event>>() - size_of::<TraceContext>(), 32);
    }
}
