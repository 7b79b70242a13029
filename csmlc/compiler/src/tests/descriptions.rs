//! Helpers for this crate's tests.

use crate::{
    canonical,
    diagnostics::Diagnostics,
    files::FileReader,
    model::Application,
    sorted::SortedMap,
    source::{SourceId, Sources, Span},
    text::Text,
    vocabulary::{Channel, Storage},
};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Files that are in memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemoryFiles(SortedMap<PathBuf, Vec<u8>>);

impl MemoryFiles {
    /// Adds a file, or replaces it.
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        self.0.insert(PathBuf::from(path), text.into());
    }
}

impl<const N: usize> From<[(&str, &str); N]> for MemoryFiles {
    fn from(files: [(&str, &str); N]) -> Self {
        Self(files.map(|(path, text)| (PathBuf::from(path), text.into())).into())
    }
}

impl FileReader for MemoryFiles {
    fn is_file(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_owned())
    }
}

/// An expression with what a real JEXL made of it.
pub(crate) struct Vector {
    /// The expression.
    pub(crate) source: String,
    /// Name of its value's type, or `error`.
    pub(crate) result: String,
}

/// A file of the material that may lie beside the checkout.
#[expect(clippy::disallowed_methods, reason = "only tests read it")]
pub(crate) fn shared(file: &str) -> Option<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["../../../shared", "../../../../shared"].map(|shared| here.join(shared).join(file));
    places.iter().find_map(|place| std::fs::read_to_string(place).ok())
}

/// The expressions with known results, where they lie beside the checkout.
pub(crate) fn vectors() -> Option<Vec<Vector>> {
    let text = shared("vectors/jexl.jsonl")? + &shared("vectors/null.jsonl")?;
    let vectors = text.lines().map(|line| {
        let value: Value = serde_json::from_str(line).unwrap();
        Vector {
            source: value["source"].as_str().unwrap().to_owned(),
            result: value["result"]["t"].as_str().unwrap().to_owned(),
        }
    });
    Some(vectors.collect())
}

/// What the compiler says about a description with these members besides name and version, in order of the text:
/// code, text of the primary place, message, and label; then the related places and, after a bar, help.
pub(crate) fn said(body: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let root = sources.add("t.csml", format!(r#"{{"name": "t", "version": "2.0", {body}}}"#));
    let options = crate::Options { generate: false, ..crate::Options::default() };
    let (_, diagnostics) = crate::compile(&sources, root, &options);
    let said = diagnostics.iter().map(|d| {
        let mut line = format!(
            "{} at {}: {}: {}",
            d.rule.code.trim_start_matches("CSML"),
            sources.text(d.primary.span),
            d.message,
            d.primary.text
        );
        for related in &d.related {
            line.push_str(&format!("; {}: {}", sources.text(related.span), related.text));
        }
        d.help.iter().chain(&d.notes).for_each(|help| line.push_str(&format!(" | {help}")));
        line
    });
    said.collect()
}

/// Makes applications from short JSON, without the front end: names and expressions only.
///
/// A variable is `[storage, name, value]`, an action an object with one key: `assign`, `create`, `delete`,
/// `raise`, `reset`, `invoke`, `match` (whose cases are pairs of an expression and a list of actions). Every text stands on a line of its own in the one source, in order of reading.
pub(crate) struct Maker {
    text: String,
    span: Span,
}

/// The sources and the resolved structure of a short description.
pub(crate) fn application(json: &str) -> (Sources, Application<Text>) {
    let value: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    let mut maker = Maker { text: String::new(), span: Span::new(SourceId(0), 0, 0) };
    let description = canonical::Description {
        name: maker.text("test"),
        memory_mode: None,
        data: maker.each(&value["data"], Maker::variable),
        machines: maker.each(&value["machines"], Maker::machine),
        gaps: Default::default(),
        own_gaps: Default::default(),
        span: maker.span,
    };
    let mut sources = Sources::new();
    sources.add("test", maker.text);
    let mut diagnostics = Diagnostics::new();
    let app = crate::resolve::resolve(&description, &mut diagnostics);
    let wrong: Vec<_> = diagnostics.iter().map(|d| &d.message).collect();
    (sources, app.unwrap_or_else(|| panic!("{wrong:?}")))
}

impl Maker {
    fn text(&mut self, text: &str) -> Text {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        self.span = Span::new(SourceId(0), start, self.text.len() as u32);
        self.text.push('\n');
        Text::plain(text, self.span)
    }

    fn of(&mut self, value: &Value) -> Text {
        self.text(value.as_str().unwrap_or_else(|| panic!("expected a string, not {value}")))
    }

    fn maybe(&mut self, value: &Value) -> Option<Text> {
        value.as_str().map(|text| self.text(text))
    }

    fn each<T>(&mut self, list: &Value, make: impl Fn(&mut Self, &Value) -> T) -> Vec<T> {
        list.as_array().into_iter().flatten().map(|item| make(self, item)).collect()
    }

    fn variable(&mut self, value: &Value) -> canonical::Variable {
        let storage = match value[0].as_str() {
            Some("static") => Storage::Static,
            Some("persistent") => Storage::Persistent,
            _ => Storage::Local,
        };
        let (name, value) = (self.of(&value[1]), self.of(&value[2]));
        canonical::Variable { name, value, storage, span: self.span }
    }

    fn machine(&mut self, value: &Value) -> canonical::Machine {
        canonical::Machine {
            name: self.of(&value["name"]),
            data: self.each(&value["data"], Self::variable),
            states: self.each(&value["states"], Self::state),
            machines: self.each(&value["machines"], Self::machine),
            gaps: Default::default(),
            span: self.span,
        }
    }

    fn state(&mut self, value: &Value) -> canonical::State {
        let name = self.of(&value["name"]);
        let here = self.span;
        let said = |key: &str| (value[key] == Value::Bool(true)).then_some(here);
        let (initial, terminal) = (said("initial"), said("terminal"));
        canonical::State {
            name,
            initial,
            terminal,
            data: self.each(&value["data"], Self::variable),
            entry: self.each(&value["entry"], Self::action),
            exit: self.each(&value["exit"], Self::action),
            while_actions: self.each(&value["while"], Self::action),
            after: self.each(&value["after"], |maker, after| canonical::After {
                name: maker.maybe(&after["name"]),
                delay: maker.of(&after["delay"]),
                raises: maker.each(&after["raises"], Self::event),
                span: maker.span,
            }),
            on: self.each(&value["on"], |maker, on| canonical::On {
                event: maker.of(&on["event"]),
                peripheral: on["peripheral"] == Value::Bool(true),
                transition: maker.transition(on),
            }),
            always: self.each(&value["always"], Self::transition),
            span: self.span,
        }
    }

    fn transition(&mut self, value: &Value) -> canonical::Transition {
        canonical::Transition {
            target: self.maybe(&value["target"]),
            else_target: self.maybe(&value["else"]),
            guards: self.each(&value["guards"], Self::of),
            actions: self.each(&value["actions"], Self::action),
            span: self.span,
        }
    }

    fn event(&mut self, value: &Value) -> canonical::Event {
        canonical::Event {
            name: self.of(&value["name"]),
            channel: match value["channel"].as_str() {
                Some("external") => Channel::External,
                Some("global") => Channel::Global,
                Some("peripheral") => Channel::Peripheral,
                _ => Channel::Internal,
            },
            data: self.bindings(&value["data"]),
            span: self.span,
        }
    }

    fn bindings(&mut self, value: &Value) -> Vec<canonical::Binding> {
        let entries = value.as_object().into_iter().flatten();
        let bind = |(name, value): (&String, &Value)| canonical::Binding {
            name: self.text(name),
            value: self.of(value),
        };
        entries.map(bind).collect()
    }

    fn action(&mut self, value: &Value) -> canonical::Action {
        use canonical::ActionKind;
        let (kind, of) = value.as_object().and_then(|object| object.iter().next()).unwrap();
        let kind = match kind.as_str() {
            "assign" => ActionKind::Assign { variable: self.of(&of[0]), value: self.of(&of[1]) },
            "create" => {
                ActionKind::Create { name: self.of(&of[0]), value: self.of(&of[1]), persistent: false }
            }
            "delete" => ActionKind::Delete { variable: self.of(of) },
            "raise" => ActionKind::Raise(self.event(of)),
            "reset" => ActionKind::TimeoutReset { timer: self.of(of) },
            "match" => ActionKind::Match(canonical::Match {
                value: self.of(&of["value"]),
                cases: self.each(&of["cases"], |maker, case| canonical::Case {
                    value: maker.of(&case[0]),
                    actions: maker.each(&case[1], Self::action),
                    span: maker.span,
                }),
                default: self.each(&of["default"], Self::action),
            }),
            "invoke" => ActionKind::Invoke(canonical::Invoke {
                service: self.of(&of["service"]),
                local: false,
                input: self.bindings(&of["input"]),
                output: self.each(&of["output"], Self::of),
                done: self.each(&of["done"], Self::event),
                properties: Vec::new(),
            }),
            other => panic!("unknown action {other}"),
        };
        canonical::Action { kind, span: self.span, used_at: None }
    }
}
