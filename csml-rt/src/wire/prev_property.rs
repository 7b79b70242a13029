//! `prev`: the numbers of the events before this one, for each lane of the source.
//!
//! `sensor=4;gate!=9`: event, a mark for the channel, number. Without a mark it is `external`, or `peripheral`
//! where the source is a process; `!` is `global`. `-` is for none at all. Absent means the number before this
//! one on this event's own lane: what a source with one lane has.

use std::fmt::Write as _;

use csml_rt_core::Channel;

use super::Body;
use super::envelope::{number, refused, write_lane};
use super::lane::lane;
use super::refusal::{Refusal, shown};
use super::topics::Topics;
use crate::link::{Lane, Predecessors, SequencedEvent};

const NONE: &str = "-";

/// No text at all where absence says the same; several where one would be longer than `longest`.
pub(super) fn write(data: &SequencedEvent<Body>, topics: &Topics, longest: usize) -> Vec<String> {
    if data.predecessors == usual(data.lane, data.seq) {
        return Vec::new();
    }
    if data.predecessors.is_empty() {
        return vec![NONE.into()];
    }
    let mut texts = Vec::new();
    let mut text = String::new();
    for (lane, seq) in &data.predecessors {
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
/// A text is not as it should be, or says what cannot be.
pub(super) fn read(
    texts: &[&str],
    own: Lane,
    seq: u64,
    handed_on: bool,
    topics: &Topics,
) -> Result<Predecessors, Refusal> {
    if texts.is_empty() {
        return Ok(usual(own, seq));
    }
    if texts == [NONE] {
        return Ok(Predecessors::new());
    }
    let mut previous = Predecessors::new();
    for entry in texts.iter().flat_map(|text| text.split(';')) {
        let wrong = |what| refused(&format!("`prev` has `{}`; {what}", shown(entry)));
        let (lane_text, before) =
            entry.split_once('=').ok_or_else(|| wrong("it is like `event=4;other!=9`, or `-` for none"))?;
        let before = number(before)
            .filter(|before| (1..seq).contains(before))
            .ok_or_else(|| wrong("a number before this event's own is missing"))?;
        let (level, channel) = match (lane_text.strip_suffix('!'), handed_on) {
            (Some(level), false) => (level, Channel::Global),
            (None, false) => (lane_text, Channel::External),
            (None, true) => (lane_text, Channel::Peripheral),
            (Some(_), true) => return Err(wrong("events that are handed on have no channel")),
        };
        // An event of another version of the description is nothing that is waited for here.
        if let Some(event) = topics.position(level) {
            previous.push((lane(event, channel), before));
        }
    }
    previous.sort_unstable();
    if previous.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
        return Err(refused("`prev` has an event twice"));
    }
    Ok(previous)
}

/// What absence stands for.
fn usual(own: Lane, seq: u64) -> Predecessors {
    if seq > 1 { vec![(own, seq - 1)] } else { Predecessors::new() }
}
