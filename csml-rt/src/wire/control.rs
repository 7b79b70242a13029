//! Control messages: acknowledgements, announcements of sources, presence.
//!
//! Names are encoded as in topics, so that a small device can compare bytes. Numbers above 2⁵³ are strings, since many
//! JSON parsers store numbers as floats.

use std::sync::Arc;

use csml_rt_core::{Value, decode_name, encode_name};

use super::envelope_field::{number, rejected};
use super::rejection::Rejection;
use super::topics::source_levels;
use crate::link::{Ack, SourceName, SourceSync};

pub(super) fn write_ack(ack: &Ack) -> Value {
    let sources = ack.sources.iter().map(|(source, epoch, seq)| {
        let (family, level) = source_levels(source);
        Value::list([
            family.into(),
            level.into(),
            write_number(*epoch),
            seq.map_or(Value::Null, write_number),
        ])
    });
    let mut entries = vec![("epoch", write_number(ack.epoch)), ("sources", Value::list(sources))];
    if ack.ended {
        entries.push(("ended", true.into()));
    }
    if ack.alive {
        entries.push(("alive", true.into()));
    }
    if let Some(probe) = ack.probe {
        entries.push(("probe", write_number(probe)));
    }
    if !ack.twins.is_empty() {
        let twins = ack.twins.iter().map(|(source, epoch)| {
            let (family, level) = source_levels(source);
            Value::list([family.into(), level.into(), write_number(*epoch)])
        });
        entries.push(("twins", Value::list(twins)));
    }
    if !ack.dropped.is_empty() {
        let dropped = ack.dropped.iter().map(|(source, epoch, events)| {
            let (family, level) = source_levels(source);
            Value::list([family.into(), level.into(), write_number(*epoch), write_number(*events)])
        });
        entries.push(("dropped", Value::list(dropped)));
    }
    Value::map(entries)
}

pub(super) fn read_ack(value: &Value) -> Result<Ack, Rejection> {
    let sources = list(value, "sources")?.iter().map(|entry| {
        let Some([family, level, epoch, seq]) = entry.as_list() else {
            return Err(rejected(
                "write entries of `sources` as [\"ev\" or \"env\", name, epoch, number or null]",
            ));
        };
        let source = read_source(family, level)?;
        let seq = if seq.is_null() { None } else { Some(read_number(seq)?) };
        Ok((source, read_number(epoch)?, seq))
    });
    let twins = notes(value, "twins")?.iter().map(|entry| match entry.as_list() {
        Some([family, level, epoch, ..]) => Ok((read_source(family, level)?, read_number(epoch)?)),
        _ => Err(rejected("write entries of `twins` as [\"ev\" or \"env\", name, epoch]")),
    });
    let dropped = notes(value, "dropped")?.iter().map(|entry| match entry.as_list() {
        Some([family, level, epoch, events, ..]) => {
            Ok((read_source(family, level)?, read_number(epoch)?, read_number(events)?))
        }
        _ => Err(rejected("write entries of `dropped` as [\"ev\" or \"env\", name, epoch, number]")),
    });
    Ok(Ack {
        epoch: read_epoch(value)?,
        ended: read_flag(value, "ended")?,
        sources: sources.collect::<Result<_, _>>()?,
        probe: value.get("probe").map(read_number).transpose()?,
        alive: read_flag(value, "alive")?,
        twins: twins.collect::<Result<_, _>>()?,
        dropped: dropped.collect::<Result<_, _>>()?,
    })
}

fn read_flag(value: &Value, name: &str) -> Result<bool, Rejection> {
    match value.get(name) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(rejected(&format!("`{name}` is true or false"))),
    }
}

fn read_source(family: &Value, level: &Value) -> Result<SourceName, Rejection> {
    let level = read_name(level)?;
    match family.as_text() {
        Some("ev") => Ok(SourceName::Instance(level)),
        Some("env") => Ok(SourceName::Process(level)),
        _ => Err(rejected("the kind of a source is `ev` or `env`")),
    }
}

/// An optional list.
fn notes<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], Rejection> {
    if value.get(name).is_none() { Ok(&[]) } else { list(value, name) }
}

pub(super) fn write_sync(sync: &SourceSync) -> Value {
    let receivers = sync.receivers.iter().map(|(receiver, epoch, seq)| {
        let seq = seq.map_or(Value::Null, write_number);
        Value::list([encode_name(receiver).into(), write_number(*epoch), seq])
    });
    let mut entries = vec![("epoch", write_number(sync.epoch)), ("receivers", Value::list(receivers))];
    if !sync.probes.is_empty() {
        let probes = sync.probes.iter().map(|(receiver, epoch, probe)| {
            Value::list([encode_name(receiver).into(), write_number(*epoch), write_number(*probe)])
        });
        entries.push(("probes", Value::list(probes)));
    }
    Value::map(entries)
}

pub(super) fn read_sync(value: &Value) -> Result<SourceSync, Rejection> {
    let receivers = list(value, "receivers")?.iter().map(|entry| {
        let Some([receiver, epoch, seq]) = entry.as_list() else {
            return Err(rejected("write entries of `receivers` as [name, epoch, number or null]"));
        };
        let seq = if seq.is_null() { None } else { Some(read_number(seq)?) };
        Ok((read_name(receiver)?, read_number(epoch)?, seq))
    });
    let probes = notes(value, "probes")?.iter().map(|entry| match entry.as_list() {
        Some([receiver, epoch, probe, ..]) => {
            Ok((read_name(receiver)?, read_number(epoch)?, read_number(probe)?))
        }
        _ => Err(rejected("write entries of `probes` as [name, epoch, number]")),
    });
    Ok(SourceSync {
        epoch: read_epoch(value)?,
        receivers: receivers.collect::<Result<_, _>>()?,
        probes: probes.collect::<Result<_, _>>()?,
    })
}

pub(super) fn write_presence(online: bool, instances: &[&str]) -> Value {
    let instances = instances.iter().map(|instance| encode_name(instance).into());
    Value::map([("online", online.into()), ("instances", Value::list(instances))])
}

pub(super) fn read_presence(value: &Value) -> Result<bool, Rejection> {
    let online = value.get("online").and_then(Value::as_bool);
    online.ok_or_else(|| rejected("`online` is missing: true or false"))
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], Rejection> {
    let list = value.get(name).and_then(Value::as_list);
    list.ok_or_else(|| rejected(&format!("`{name}` is missing, or not a list")))
}

fn read_epoch(value: &Value) -> Result<u64, Rejection> {
    value.get("epoch").map_or_else(|| Err(rejected("`epoch` is missing")), read_number)
}

fn read_name(value: &Value) -> Result<Arc<str>, Rejection> {
    let name = value.as_text().and_then(decode_name);
    name.map(Arc::from).ok_or_else(|| rejected("a name is missing, or not encoded as in topics"))
}

fn write_number(value: u64) -> Value {
    /// Floats are exact up to here.
    const EXACT: i64 = 1 << 53;

    match i64::try_from(value) {
        Ok(value) if value <= EXACT => value.into(),
        _ => value.to_string().into(),
    }
}

fn read_number(value: &Value) -> Result<u64, Rejection> {
    let number = match value {
        Value::Int(value) => u64::try_from(*value).ok(),
        Value::Text(text) => number(text),
        _ => None,
    };
    number.ok_or_else(|| {
        rejected("an unsigned 64-bit number is missing; above 2^53 write it as a string of digits")
    })
}
