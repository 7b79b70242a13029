//! Drives a machine without a node: the step alone.
//!
//! The loops hide from rustc which machine it is, like a program with many machines. Otherwise rustc keeps the machine's
//! data in registers between steps, and the benchmark measures the loop.

use std::convert::Infallible;
use std::hint::black_box;
use std::marker::PhantomData;

use csml_rt::machine::{Channel, Effects, Machines, Outcome, Rng, Value};

use crate::by_hand;
use crate::machines::{climate, vending};

/// Ignores effects, so that the benchmark measures the step alone. It is a type of its own because another caller of the
/// same instantiation would change the generated code.
#[derive(Debug)]
pub struct Sink<A, const MEASURED: bool>(PhantomData<A>);

impl<A, const MEASURED: bool> Default for Sink<A, MEASURED> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<A: Machines, const MEASURED: bool> Effects for Sink<A, MEASURED> {
    type Event = A::Event;
    type Call = A::Call;

    #[inline]
    fn raise(&mut self, _: Channel, _: A::Event) {}
    #[inline]
    fn invoke(&mut self, _: u16, _: A::Call) {}
    #[inline]
    fn set_timer(&mut self, _: u16, _: u64) {}
    #[inline]
    fn cancel_timer(&mut self, _: u16) {}
    #[inline]
    fn cancel_while(&mut self) {}
}

/// A started instance of a generated application's first machine, with everything a step needs.
#[derive(Debug)]
pub struct Generated<A: Machines> {
    instance: A::Instance,
    shared: A::Shared,
}

impl<A: Machines> Generated<A> {
    /// Starts the instance. `None` if that fails.
    #[must_use]
    pub fn start() -> Option<Self> {
        let mut this = Self { instance: A::instance(0, 0), shared: A::shared(0, &[]).ok()? };
        A::start(&mut this.instance, &mut this.shared, 0, &mut Sink::<A, false>::default()).ok()?;
        Some(this)
    }

    /// The machine's variables by name.
    #[must_use]
    pub fn data(&self) -> Vec<(&'static str, Value)> {
        A::data(&self.instance, 0)
    }

    /// Takes one step. `None` if it fails.
    pub fn step(&mut self, event: &A::Event) -> Option<Outcome> {
        A::step(&mut self.instance, &mut self.shared, 0, event, &mut Sink::<A, false>::default()).ok()
    }

    /// Takes steps with the events of the stream, which it repeats as often as needed. Returns the number of failed steps.
    #[inline(never)]
    pub fn run(&mut self, events: &[A::Event], steps: u64) -> u64 {
        let mut sink = Sink::<A, true>::default();
        let mut failed = 0;
        for events in in_turn(events, steps) {
            for event in events {
                match A::step(black_box(&mut self.instance), &mut self.shared, 0, event, &mut sink) {
                    Ok(outcome) => {
                        black_box(outcome);
                    }
                    Err(_) => failed += 1,
                }
            }
        }
        failed
    }
}

/// The same loop for a machine by hand.
#[inline(never)]
pub fn run_by_hand<M, E, F>(
    machine: &mut M,
    events: &[E],
    steps: u64,
    step: impl Fn(&mut M, &E) -> Result<by_hand::Outcome, F>,
) -> u64 {
    let mut failed = 0;
    for events in in_turn(events, steps) {
        for event in events {
            match step(black_box(&mut *machine), event) {
                Ok(outcome) => {
                    black_box(outcome);
                }
                Err(_) => failed += 1,
            }
        }
    }
    failed
}

/// Repeats the stream for this many events, the last time in part. A loop over a slice within another loop needs the
/// fewest registers and leaves the others to the step.
pub fn in_turn<E>(events: &[E], mut count: u64) -> impl Iterator<Item = &[E]> {
    std::iter::from_fn(move || {
        let part = events.get(..count as usize).unwrap_or(events);
        count -= part.len() as u64;
        (!part.is_empty()).then_some(part)
    })
}

/// Takes steps with the vending machine by hand. Returns the number of failed steps.
pub fn run_vending(
    machine: &mut by_hand::vending::Vending,
    events: &[by_hand::vending::Event],
    steps: u64,
) -> u64 {
    run_by_hand(machine, events, steps, by_hand::vending::Vending::step)
}

/// Takes steps with the heating control by hand. Returns the number of failed steps, which is 0.
pub fn run_climate(
    machine: &mut by_hand::climate::Climate,
    events: &[by_hand::climate::Event],
    steps: u64,
) -> u64 {
    run_by_hand(machine, events, steps, |machine, event| Ok::<_, Infallible>(machine.step(event)))
}

/// Length of the streams: long enough for all paths, short enough for a branch predictor to learn.
const STREAM: usize = 256;

/// The same stream for both vending machines.
#[must_use]
pub fn vending_events() -> (Vec<vending::Event>, Vec<by_hand::vending::Event>) {
    use by_hand::vending::Event as ByHand;
    use vending::{Event, event};
    let mut random = Rng::new(1);
    (0..STREAM)
        .map(|_| {
            let number = random.next_u64();
            let amount = (number >> 8) as i64 & 0xFF;
            match number % 8 {
                0..=2 => (Event::Coin(event::Coin { value: amount }), ByHand::Coin(amount)),
                3 | 4 => (Event::Select(event::Select { price: amount }), ByHand::Select(amount)),
                5 | 6 => (Event::Taken, ByHand::Taken),
                _ if amount < 128 => (Event::Refund, ByHand::Refund),
                _ => (Event::Service, ByHand::Service),
            }
        })
        .unzip()
}

/// The same stream for both heating controls.
#[must_use]
pub fn climate_events() -> (Vec<climate::Event>, Vec<by_hand::climate::Event>) {
    use by_hand::climate::Event as ByHand;
    use climate::{Event, event};
    let mut random = Rng::new(2);
    (0..STREAM)
        .map(|_| {
            let number = random.next_u64();
            let celsius = 18.0 + ((number >> 8) & 0x3F) as f64 / 10.0;
            let room = if number & 0x10_0000 == 0 { "kitchen" } else { "hall" };
            match number % 16 {
                0 => (Event::Away, ByHand::Away),
                _ => (
                    Event::Reading(event::Reading { room: room.to_owned(), celsius }),
                    ByHand::Reading { room: room.to_owned(), celsius },
                ),
            }
        })
        .unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_vending_machines_do_the_same() {
        let (events, by_hand_events) = vending_events();
        let mut generated = Generated::<vending::Machines>::start().unwrap();
        let mut by_hand = by_hand::vending::Vending::default();
        for length in 1..=STREAM {
            let last = length - 1;
            assert_eq!(generated.run(&events[last..length], 1), 0);
            assert_eq!(run_vending(&mut by_hand, &by_hand_events[last..length], 1), 0);
            let vending::Instance::Vending(instance) = &generated.instance;
            let machine = &instance.machine;
            assert_eq!((machine.data.credit, machine.data.sold), (by_hand.credit, by_hand.sold));
            assert_eq!(format!("{:?}", machine.state), format!("{:?}", by_hand.state));
        }
        assert!(by_hand.sold > 10, "the stream sells something: {}", by_hand.sold);
    }

    #[test]
    fn both_heating_controls_do_the_same() {
        let (events, by_hand_events) = climate_events();
        let mut generated = Generated::<climate::Machines>::start().unwrap();
        let mut by_hand = by_hand::climate::Climate::default();
        let mut changes = 0;
        for (event, by_hand_event) in events.iter().zip(&by_hand_events) {
            let before = by_hand.state;
            generated.run(std::slice::from_ref(event), 1);
            run_climate(&mut by_hand, std::slice::from_ref(by_hand_event), 1);
            let climate::Instance::Climate(instance) = &generated.instance;
            assert_eq!(instance.machine.data.mean.to_bits(), by_hand.mean.to_bits());
            assert_eq!(format!("{:?}", instance.machine.state), format!("{:?}", by_hand.state));
            changes += usize::from(before != by_hand.state);
        }
        assert!(changes > 20, "the stream changes states: {changes}");
    }
}
