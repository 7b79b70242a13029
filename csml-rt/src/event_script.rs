//! Event scripts: which events come from outside, and when (docs/trace.md#event-files).

use std::fmt;

use csml_rt_core::Machines;
#[cfg(feature = "json")]
use csml_rt_core::Value;

use crate::app::not_from_outside;
#[cfg(feature = "json")]
use crate::json::milliseconds;
use crate::node::{Address, Directory};
#[cfg(feature = "json")]
use crate::suggest::hint;

/// Events from outside at fixed times.
pub struct EventScript<A: Machines> {
    lines: Vec<ScriptLine<A::Event>>,
}

/// A line of a script.
pub(crate) struct ScriptLine<E> {
    number: usize,
    at: u64,
    to: Option<String>,
    event: E,
}

/// An event of a script whose receiver is known.
pub(crate) struct PlannedEvent<E> {
    pub(crate) at: u64,
    pub(crate) to: Option<Address>,
    pub(crate) event: E,
}

/// A line of an event script that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventScriptError {
    /// Number of the line, or of the event in the order of adding, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for EventScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for EventScriptError {}

impl<A: Machines> fmt::Debug for EventScript<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventScript").field("events", &self.lines.len()).finish_non_exhaustive()
    }
}

impl<A: Machines> Default for EventScript<A> {
    fn default() -> Self {
        Self { lines: Vec::new() }
    }
}

impl<A: Machines> EventScript<A> {
    /// Adds an event at a time in milliseconds, for every instance that handles it. Events of one time keep the order
    /// in which they were added.
    #[must_use]
    pub fn at(self, ms: u64, event: impl Into<A::Event>) -> Self {
        self.add(ms, None, event.into())
    }

    /// Adds an event at a time in milliseconds for one instance, such as `crossing/gate`. Whether there is one that
    /// handles the event is checked when the application is built.
    #[must_use]
    pub fn at_to(self, ms: u64, to: impl Into<String>, event: impl Into<A::Event>) -> Self {
        self.add(ms, Some(to.into()), event.into())
    }

    fn add(mut self, at: u64, to: Option<String>, event: A::Event) -> Self {
        let number = self.lines.len() + 1;
        let place = self.lines.partition_point(|line| line.at <= at);
        self.lines.insert(place, ScriptLine { number, at, to, event });
        self
    }

    pub(crate) fn resolve(
        self,
        directory: &Directory,
    ) -> Result<Vec<PlannedEvent<A::Event>>, EventScriptError> {
        self.lines.into_iter().map(|line| line.resolve::<A>(directory)).collect()
    }
}

impl<E> ScriptLine<E> {
    /// Finds the receiver, and checks that the event may be sent.
    pub(crate) fn resolve<A: Machines<Event = E>>(
        self,
        directory: &Directory,
    ) -> Result<PlannedEvent<E>, EventScriptError> {
        let failed = |message| EventScriptError { line: self.number, message };
        let info = A::DESCRIPTION.events.get(usize::from(A::event_index(&self.event)));
        if let Some(info) = info.filter(|info| !info.from_outside) {
            return Err(failed(match info.receivers {
                [] => format!("no machine handles the event `{}`", info.name),
                _ => not_from_outside(info.name),
            }));
        }
        let to = self.to.as_ref().map(|path| receiver::<A>(directory, path, &self.event));
        let to = to.transpose().map_err(failed)?;
        Ok(PlannedEvent { at: self.at, to, event: self.event })
    }
}

/// Reads an event script line by line.
#[cfg(feature = "json")]
#[derive(Debug, Default)]
pub(crate) struct ScriptReader {
    number: usize,
    at: u64,
}

#[cfg(feature = "json")]
impl ScriptReader {
    /// Reads the next line, without what ends it. Nothing if it is empty.
    pub(crate) fn line<A: Machines>(
        &mut self,
        text: &str,
    ) -> Result<Option<ScriptLine<A::Event>>, EventScriptError> {
        self.number += 1;
        let text = if self.number == 1 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
        if text.trim().is_empty() {
            return Ok(None);
        }
        let line = EventScript::<A>::line(self.number, text, self.at);
        let line = line.map_err(|message| EventScriptError { line: self.number, message })?;
        self.at = line.at;
        Ok(Some(line))
    }
}

#[cfg(feature = "json")]
impl<A: Machines> EventScript<A> {
    /// Reads JSON Lines: `{"at": 0, "event": "sensor", "data": {"value": true}, "to": "crossing"}`. `at`
    /// is in milliseconds, by default that of the line before; lines are sorted by it. Empty lines are
    /// skipped.
    ///
    /// # Errors
    /// The first line that is malformed, names an event that no machine handles, or has data that do not
    /// fit the event. Receivers (`to`) are checked when the application is built.
    pub fn parse(text: &str) -> Result<Self, EventScriptError> {
        let mut lines = Vec::new();
        let mut reader = ScriptReader::default();
        for line in text.lines() {
            lines.extend(reader.line::<A>(line)?);
        }
        // Stable: lines of one time keep their order.
        lines.sort_by_key(|line| line.at);
        Ok(Self { lines })
    }

    fn line(number: usize, text: &str, before: u64) -> Result<ScriptLine<A::Event>, String> {
        const KEYS: [&str; 4] = ["at", "event", "data", "to"];
        let value = crate::json::parse_line(text)?;
        let entries = value.as_map().ok_or_else(|| format!("expected an object, found {}", value.kind()))?;
        for key in entries.keys() {
            let key = key.as_text().unwrap_or_default();
            if !KEYS.contains(&key) {
                return Err(format!("unknown key `{key}`{}", hint(key, KEYS)));
            }
        }
        let at = match value.get("at") {
            None => before,
            Some(at) => milliseconds(at)
                .ok_or_else(|| format!("`at`: expected milliseconds, found {}", at.to_json()))?,
        };
        let name = match value.get("event") {
            Some(Value::Text(name)) => name.as_str(),
            Some(other) => return Err(format!("`event`: expected a name, found {}", other.kind())),
            None => return Err("`event` is missing".into()),
        };
        let to = match value.get("to") {
            Some(Value::Text(to)) => Some(to.to_string()),
            Some(other) => {
                return Err(format!("`to`: expected an instance, found {}", other.kind()));
            }
            None => None,
        };
        let event = Self::event(name, value.get("data"))?;
        Ok(ScriptLine { number, at, to, event })
    }

    fn event(name: &str, data: Option<&Value>) -> Result<A::Event, String> {
        let events = A::DESCRIPTION.events;
        let taken = || events.iter().filter(|info| info.from_outside);
        let index = events
            .iter()
            .position(|info| info.name == name && !info.receivers.is_empty())
            .and_then(|index| u16::try_from(index).ok())
            .ok_or_else(|| {
                let hint = hint(name, taken().map(|info| info.name));
                format!("no machine handles the event `{name}`{hint}")
            })?;
        if let Some(info) = events.get(usize::from(index))
            && !info.from_outside
        {
            return Err(not_from_outside(info.name));
        }
        if let Some(data) = data
            && !matches!(data, Value::Map(_) | Value::Null)
        {
            return Err(format!("`data`: expected an object, found {}", data.kind()));
        }
        A::event_from(index, data.unwrap_or(&Value::Null))
            .map_err(|misfit| format!("the data do not fit the event `{name}`: {misfit}"))
    }
}

fn receiver<A: Machines>(directory: &Directory, path: &str, event: &A::Event) -> Result<Address, String> {
    let Some(at) = directory.resolve(path) else {
        let near = directory.nearest(path);
        let hint = near.map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
        return Err(format!("`to`: there is no instance `{path}`{hint}"));
    };
    let index = usize::from(A::event_index(event));
    match A::DESCRIPTION.events.get(index) {
        Some(info) if !info.receivers.contains(&at.machine) => {
            Err(format!("`to`: the instance `{path}` does not handle the event `{}`", info.name))
        }
        _ => Ok(at),
    }
}
