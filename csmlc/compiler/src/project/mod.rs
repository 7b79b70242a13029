//! The project file `csml.toml` beside a description: levels of rules, type annotations and limits that no front end has to
//! repeat.
//!
//! ```toml
//! loop-limit = 1_000_000
//! choice = "first"
//! separate-data = true
//!
//! [lints]
//! strict = true
//! unreachable-state = "deny"
//! CSML0311 = "allow"
//!
//! [types]
//! "camera/on/level" = "f64"
//! "sensor.$reading" = "crate::Reading"
//!
//! [schemas]
//! sensor = "sensor.schema.json"
//! "detect.output" = "detected.schema.json"
//!
//! [functions]
//! "geo:distance(float, float) -> float" = "crate::geo::distance"
//!
//! [instances]
//! gate-north = "gate"
//!
//! [subscriptions]
//! gate-north = ["crossing"]
//!
//! [processes]
//! field = ["gate-north"]
//! ```
//!
//! Requires nothing of the file. Reports what is wrong with it as diagnostics of its own.

use std::path::{Path, PathBuf};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    annotations::{
        AnnotationText, Annotations, FunctionAnnotation, SchemaAnnotation, TypeAnnotation, annotation_rules,
    },
    diagnostics::{Diagnostic, Diagnostics, levels::Levels, suggest::suggest},
    files::FileReader,
    lists::{Gather, PushAll},
    placement::PlacementSettings,
    source::{SourceId, Sources, Span},
    text::shown,
    vocabulary::ChoicePolicy,
};

mod call;
mod lint_levels;
mod placement_tables;

pub use call::{AnnotationKind, CallSettings, CallText};

/// Name of the project file.
pub const FILE: &str = "csml.toml";

/// What a project file says.
#[derive(Debug, Default)]
pub struct Project {
    /// Its type annotations.
    pub annotations: Annotations,
    /// How severe it wants rules to be.
    pub levels: Levels,
    /// How many rounds of loops and calls of functions one evaluation of an expression may take.
    pub loop_limit: Option<u64>,
    /// What it says about transitions that are enabled at once.
    pub choice: Option<ChoicePolicy>,
    /// What it says about instances and processes.
    pub placement: PlacementSettings,
    /// The schemas it names, whether they could be read or not.
    pub files: Vec<PathBuf>,
}

/// Takes a project file that is in `sources` already. Paths in it are relative to `folder`, which stands in
/// messages as it is given; `reader` reads them.
pub fn take(
    sources: &mut Sources,
    file: SourceId,
    folder: &Path,
    reader: &dyn FileReader,
    diagnostics: &mut Diagnostics,
) -> Project {
    let text = sources.get(file).text.clone();
    if sources.get(file).defect().is_some() {
        let span = Span::new(file, 0, 0);
        let message = "the project file is not UTF-8, or is too large";
        diagnostics.push(Diagnostic::new(&annotation_rules::TOML_SYNTAX, span, message));
        return Project::default();
    }
    let (table, errors) = DeTable::parse_recoverable(&text);
    for error in &errors {
        let span = error.span().map_or(Span::new(file, 0, 0), |range| place(file, &range));
        diagnostics.push(Diagnostic::new(&annotation_rules::TOML_SYNTAX, span, error.message()));
    }
    if !errors.is_empty() {
        // What an unreadable part would have said is not known.
        return Project::default();
    }
    let mut taker = Taker { sources, file, folder, reader, project: Project::default(), diagnostics };
    taker.table(table.get_ref());
    taker.project
}

fn place(source: SourceId, range: &std::ops::Range<usize>) -> Span {
    Span::new(source, range.start as u32, range.end as u32)
}

/// The keys a project file may have.
const KEYS: [&str; 10] = [
    "lints",
    "types",
    "schemas",
    "functions",
    "instances",
    "subscriptions",
    "processes",
    "separate-data",
    "loop-limit",
    "choice",
];

type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;
type Value<'t> = Spanned<DeValue<'t>>;

struct Taker<'a> {
    sources: &'a mut Sources,
    file: SourceId,
    folder: &'a Path,
    reader: &'a dyn FileReader,
    project: Project,
    diagnostics: &'a mut Diagnostics,
}

impl Taker<'_> {
    fn table(&mut self, table: &DeTable<'_>) {
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "lints" => match value.get_ref() {
                    DeValue::Table(entries) => self.lints(entries),
                    _ => self.wrong(value, "a table of levels"),
                },
                "types" => self.each(value, Self::type_annotation),
                "schemas" => self.each(value, Self::schema_annotation),
                "functions" => self.each(value, Self::function_annotation),
                "instances" => self.instances(value),
                "subscriptions" => {
                    let lists = self.lists(value);
                    self.project.placement.subscriptions.push_all(lists);
                }
                "processes" => {
                    let lists = self.lists(value);
                    self.project.placement.processes.push_all(lists);
                }
                "separate-data" => match value.get_ref() {
                    DeValue::Boolean(on) => self.project.placement.separate_data = *on,
                    _ => self.wrong(value, "`true` or `false`"),
                },
                "loop-limit" => self.loop_limit(value),
                "choice" => self.choice(value),
                unknown => {
                    let message = format!("unknown key {}", shown(unknown));
                    let fault =
                        Diagnostic::new(&annotation_rules::UNKNOWN_KEY, self.span(&key.span()), message);
                    let near = suggest(unknown, KEYS.into_iter());
                    let others = near.is_none().then(|| {
                        "the keys are `[lints]`, `[types]`, `[schemas]`, `[functions]`, `[instances]`, \
                         `[subscriptions]`, `[processes]`, `separate-data`, `loop-limit` and `choice`"
                            .to_owned()
                    });
                    let fault = fault.did_you_mean(self.span(&key.span()), unknown, near);
                    self.diagnostics.push(fault.maybe_help(others));
                }
            }
        }
    }

    fn span(&self, range: &std::ops::Range<usize>) -> Span {
        place(self.file, range)
    }

    fn given(&self, text: &str, range: &std::ops::Range<usize>) -> AnnotationText {
        AnnotationText::new(text, self.span(range), self.sources)
    }

    /// Takes the entries of a table of strings.
    fn each(&mut self, value: &Value<'_>, take: fn(&mut Self, AnnotationText, AnnotationText)) {
        let DeValue::Table(entries) = value.get_ref() else {
            return self.wrong(value, "a table of strings");
        };
        for (key, value) in in_order(entries) {
            let of = self.given(key.get_ref(), &key.span());
            match value.get_ref() {
                DeValue::String(text) => {
                    let said = self.given(text, &value.span());
                    take(self, of, said);
                }
                DeValue::Table(_) => {
                    let fault = Diagnostic::new(
                        &annotation_rules::BAD_VALUE,
                        of.span,
                        "expected a string, found a table",
                    );
                    self.diagnostics.push(fault.help("put a name with dots in quotes"));
                }
                _ => self.wrong(value, "a string"),
            }
        }
    }

    fn type_annotation(&mut self, of: AnnotationText, rust: AnnotationText) {
        self.project.annotations.types.push(TypeAnnotation { of, rust });
    }

    fn function_annotation(&mut self, signature: AnnotationText, rust: AnnotationText) {
        self.project.annotations.functions.push(FunctionAnnotation { signature, rust });
    }

    fn schema_annotation(&mut self, of: AnnotationText, file: AnnotationText) {
        let path = self.folder.join(&file.text);
        if let Some(source) = add_schema(self.sources, &path, &file, self.reader, self.diagnostics) {
            self.project.annotations.schemas.push(SchemaAnnotation { of, file, source });
        }
        self.project.files.push(path);
    }

    fn loop_limit(&mut self, value: &Value<'_>) {
        let limit = match value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => return self.wrong(value, "a number of iterations"),
        };
        match limit {
            Some(limit @ 1..) => self.project.loop_limit = Some(limit),
            _ => self.wrong(value, "a number of iterations, at least 1"),
        }
    }

    fn choice(&mut self, value: &Value<'_>) {
        let DeValue::String(word) = value.get_ref() else {
            return self.wrong(value, "a policy: `\"exclusive\"` or `\"first\"`");
        };
        let policy = ChoicePolicy::named(word);
        if policy.is_none() {
            let span = self.span(&value.span());
            let near = suggest(word, ChoicePolicy::ALL.into_iter().map(ChoicePolicy::as_str));
            let message = format!("{} is not a policy of choice", shown(word));
            let fault = Diagnostic::new(&annotation_rules::BAD_VALUE, span, message)
                .did_you_mean(span, word, near)
                .maybe_help(near.is_none().then(|| "use `exclusive` or `first`".to_owned()));
            self.diagnostics.push(fault);
        }
        self.project.choice = policy.or(self.project.choice);
    }

    fn wrong(&mut self, value: &Value<'_>, expected: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("expected {expected}, found {found}");
        self.diagnostics.push(Diagnostic::new(
            &annotation_rules::BAD_VALUE,
            self.span(&value.span()),
            message,
        ));
    }
}

/// Adds the text of a schema to the sources; nothing, after saying why, if it cannot be read.
pub(crate) fn add_schema(
    sources: &mut Sources,
    path: &Path,
    file: &AnnotationText,
    reader: &dyn FileReader,
    diagnostics: &mut Diagnostics,
) -> Option<SourceId> {
    match reader.read(path) {
        Ok(bytes) => Some(sources.add_bytes(path.display().to_string(), bytes)),
        Err(reason) => {
            let message = format!("cannot read {}: {reason}", shown(&file.text));
            diagnostics.push(Diagnostic::new(&annotation_rules::BAD_SCHEMA, file.span, message));
            None
        }
    }
}

/// The entries of a table in the order of the text.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Key<'i>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().gather();
    crate::sorted::sort_by_key(&mut entries, |(key, _)| key.span().start);
    entries
}

#[cfg(test)]
mod testing {
    use super::*;
    use crate::{
        diagnostics::render::{Style, render},
        tests::descriptions::MemoryFiles,
    };

    /// What a project file says, and what is drawn of what is wrong with it.
    pub(super) fn taken(text: &str) -> (Project, Vec<String>) {
        let mut sources = Sources::new();
        let file = sources.add(FILE, text);
        let mut diagnostics = Diagnostics::new();
        let files = MemoryFiles::from([("folder/there.json", "{}")]);
        let project = take(&mut sources, file, Path::new("folder"), &files, &mut diagnostics);
        diagnostics.sort();
        let drawn = diagnostics.iter().map(|found| render(&sources, found, Style::Plain)).collect();
        (project, drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::{testing::taken, *};

    #[test]
    fn everything_is_taken_in_order() {
        let text = r#"
            loop-limit = 1_000
            choice = "first"
            [types]
            "z/level" = "f64"
            a = 'crate::A'
            [schemas]
            sensor = "there.json"
            [functions]
            "geo:far(float) -> float" = "crate::far"
        "#;
        let (project, faults) = taken(text);
        assert_eq!(faults, [""; 0]);
        assert_eq!(project.loop_limit, Some(1000));
        assert_eq!(project.choice, Some(ChoicePolicy::First));
        let types: Vec<_> = project
            .annotations
            .types
            .iter()
            .map(|annotation| (&*annotation.of.text, &*annotation.rust.text))
            .collect();
        assert_eq!(types, [("z/level", "f64"), ("a", "crate::A")]);
        assert_eq!(project.annotations.schemas[0].of.text, "sensor");
        assert_eq!(project.files, [Path::new("folder/there.json")]);
        assert_eq!(project.annotations.functions[0].rust.text, "crate::far");
        let rust = &project.annotations.types[0].rust;
        assert_eq!(&text[rust.part(0, 3).start as usize..rust.part(0, 3).end as usize], "f64");
    }

    #[test]
    fn mistakes_are_shown_at_their_place() {
        for (text, expected) in [
            ("typs = 1", "did you mean `types`?"),
            ("banana = {}", "the keys are `[lints]`"),
            ("types = 1", "expected a table of strings, found an integer"),
            ("[types]\na = 1", "expected a string, found an integer"),
            ("[types]\nsensor.value = 'f64'", "in quotes"),
            ("loop-limit = 0", "at least 1"),
            ("loop-limit = -5", "at least 1"),
            ("loop-limit = 99999999999999999999", "at least 1"),
            ("loop-limit = '5'", "found a string"),
            ("choice = 'frist'", "did you mean `first`?"),
            ("choice = 'last'", "use `exclusive` or `first`"),
            ("choice = 1", "expected a policy"),
            ("separate-data = 'yes'", "expected `true` or `false`, found a string"),
            ("separate-date = true", "did you mean `separate-data`?"),
            ("choices = 'first'", "did you mean `choice`?"),
            ("[schemas]\na = 'gone.json'", "cannot read `gone.json`: there is no such file"),
            ("[types\na = 1", "csml.toml:1:7"),
            ("a = 1\na = 2", "csml.toml:2:1"),
        ] {
            let (_, faults) = taken(text);
            assert!(faults.iter().any(|fault| fault.contains(expected)), "{text}: {faults:?}");
        }
    }
}
