//! Type annotations: what a user says about types besides the description (docs/expressions/types.md). They come from a project
//! file, from `csmlc::Builder` or from arguments of the macro; none is required.
//!
//! A front end collects [`Annotations`] and puts them into [`Options`](crate::Options); `resolve` turns the names in
//! them into slots of the application, and `solve` starts from what they fix.

pub(crate) mod annotation_rules;

mod host_functions;
mod json_schema;
mod resolve_annotations;
mod rust_type;
mod slot_names;
#[cfg(test)]
mod tests;

use crate::{
    lists::PushAll,
    sorted::SortedMap,
    source::{SourceId, Sources, Span},
};

pub use host_functions::HostFunctions;
pub(crate) use resolve_annotations::{FixedTypes, resolve};
pub use rust_type::normal_path;
pub use slot_names::{kind, name, subjects};

/// What the annotations fix, found in the application.
#[derive(Debug, Default)]
pub(crate) struct ResolvedAnnotations {
    /// Types of variables, event data and service values.
    pub(crate) types: FixedTypes,
    /// Host functions.
    pub(crate) functions: HostFunctions,
    /// The user's own types, by path, with the place that names each first.
    pub(crate) host_types: SortedMap<Box<str>, Span>,
}

/// A text that a user gives besides the description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotationText {
    /// The text.
    pub text: String,
    /// Where it stands, with its quotes if it has any.
    pub span: Span,
    /// Whether the text stands there as it is between two quotes, so that a part of it has a place of its own.
    pub verbatim: bool,
}

impl AnnotationText {
    /// The text that stands at `span`, between quotes or alone.
    #[must_use]
    pub fn new(text: impl Into<String>, span: Span, sources: &Sources) -> Self {
        let text = text.into();
        let written = sources.text(span);
        let verbatim = written.get(1..written.len().saturating_sub(1)) == Some(text.as_str());
        Self { text, span, verbatim }
    }

    /// The place of the bytes `start..end`; of the whole if its parts have no places.
    #[must_use]
    pub fn part(&self, start: usize, end: usize) -> Span {
        if !self.verbatim {
            return self.span;
        }
        let first = self.span.start + 1;
        let last = first + self.text.len() as u32;
        let at = |offset: usize| (first + offset as u32).min(last);
        Span { start: at(start), end: at(end), ..self.span }
    }
}

/// Everything a user says about types besides the description.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    /// Rust types, by the name of what has them. Of two for one thing the later one counts.
    pub types: Vec<TypeAnnotation>,
    /// JSON Schemas of events and services. Of two for one thing the later one counts.
    pub schemas: Vec<SchemaAnnotation>,
    /// Host functions.
    pub functions: Vec<FunctionAnnotation>,
}

/// The Rust type of a variable, event datum, service input or output.
#[derive(Debug, Clone)]
pub struct TypeAnnotation {
    /// Its name as [`name`] writes it.
    pub of: AnnotationText,
    /// The type: one of the language's own, such as `i64`, or a path to one of the user's.
    pub rust: AnnotationText,
}

/// The JSON Schema of an event or a service.
#[derive(Debug, Clone)]
pub struct SchemaAnnotation {
    /// Name of the event; of a service with `.input` or `.output` behind it.
    pub of: AnnotationText,
    /// The file as the user names it.
    pub file: AnnotationText,
    /// Its text.
    pub source: SourceId,
}

/// A host function that expressions can call.
#[derive(Debug, Clone)]
pub struct FunctionAnnotation {
    /// `geo:distance(float, float) -> float`, with `!` behind the result if it can fail.
    pub signature: AnnotationText,
    /// Path of the Rust function.
    pub rust: AnnotationText,
}

impl Annotations {
    /// Adds what a second place says; it counts where both speak of the same.
    pub fn extend(&mut self, other: Self) {
        self.types.push_all(other.types);
        self.schemas.push_all(other.schemas);
        self.functions.push_all(other.functions);
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.types.is_empty() && self.schemas.is_empty() && self.functions.is_empty()
    }
}
