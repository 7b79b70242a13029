//! The property `prev`: for each lane of the source, the number of the last event before this one.
//!
//! `sensor=4;gate!=9`: event, a mark for the channel, number. No mark means `external`, or `peripheral` if the source
//! is a process; `!` means `global`. `-` means that there was no event before. If the property is absent, the event
//! before this one has the preceding number and the same lane, as with a source that has one lane.

use std::fmt::Write as _;

use csml_rt_core::Channel;

use super::envelope_field::{number, rejected};
use super::lane::{lane, lane_parts};
use super::packet::Body;
use super::rejection::{Rejection, shown};
use super::topics::Topics;
use crate::link::{Lane, Predecessors, SequencedEvent};

const NONE: &str = "-";

/// The values of the property: none if absence means the same, several if one would be longer than `longest`.
pub(super) fn write(event: &SequencedEvent<Body>, topics: &Topics, longest: usize) -> Vec<String> {
    if event.predecessors == default_predecessors(event.lane, event.seq) {
        return Vec::new();
    }
    if event.predecessors.is_empty() {
        return vec![NONE.into()];
    }
    let mut texts = Vec::new();
    let mut text = String::new();
    for (lane, seq) in &event.predecessors {
        if text.len() > longest {
            texts.push(std::mem::take(&mut text));
        }
        if !text.is_empty() {
            text.push(';');
        }
        write_lane(*lane, topics, &mut text);
        // Writing to a String cannot fail.
        let _ = write!(text, "={seq}");
    }
    texts.push(text);
    texts
}

/// # Errors
/// A value is malformed or impossible.
pub(super) fn read(
    texts: &[&str],
    own: Lane,
    seq: u64,
    from_process: bool,
    topics: &Topics,
) -> Result<Predecessors, Rejection> {
    if texts.is_empty() {
        return Ok(default_predecessors(own, seq));
    }
    if texts == [NONE] {
        return Ok(Predecessors::new());
    }
    let mut predecessors = Predecessors::new();
    for entry in texts.iter().flat_map(|text| text.split(';')) {
        let wrong = |what| rejected(&format!("`prev` has `{}`; {what}", shown(entry)));
        let (lane_text, before) = entry
            .split_once('=')
            .ok_or_else(|| wrong("write it like `event=4;other!=9`, or `-` for none"))?;
        let before = number(before)
            .filter(|before| (1..seq).contains(before))
            .ok_or_else(|| wrong("a number less than this event's own is missing"))?;
        let (level, channel) = match (lane_text.strip_suffix('!'), from_process) {
            (Some(level), false) => (level, Channel::Global),
            (None, false) => (lane_text, Channel::External),
            (None, true) => (lane_text, Channel::Peripheral),
            (Some(_), true) => return Err(wrong("events of a process have no mark")),
        };
        // This process does not wait for events of another version of the description.
        if let Some(event) = topics.position(level) {
            predecessors.push((lane(event, channel), before));
        }
    }
    predecessors.sort_unstable();
    if predecessors.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
        return Err(rejected("`prev` names an event twice"));
    }
    Ok(predecessors)
}

/// The predecessors if the property is absent.
fn default_predecessors(own: Lane, seq: u64) -> Predecessors {
    if seq > 1 { vec![(own, seq - 1)] } else { Predecessors::new() }
}

/// Writes the event and the channel of a lane.
fn write_lane(lane: Lane, topics: &Topics, out: &mut String) {
    if let Some((event, channel)) = lane_parts(lane) {
        let mark = if channel == Channel::Global { "!" } else { "" };
        let _ = write!(out, "{}{mark}", topics.event(event));
    }
}
