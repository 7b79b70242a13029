//! `csmlc check --types`

use csml_compiler::{
    TypeRow, annotations,
    ir::Program,
    source::{Sources, Span},
    types_report,
};

use super::{args::Format, failure::Failure, report};

/// Prints the type of everything that has one.
pub(super) fn print(sources: &Sources, program: &Program, format: Format) -> Result<(), Failure> {
    let rows: Vec<Row> = types_report(program).iter().map(|row| Row::new(sources, program, row)).collect();
    let text = match format {
        Format::Human => table(&rows),
        Format::Json => rows.iter().map(json).collect(),
        Format::Sarif => String::new(),
    };
    report::result(text.as_bytes())
}

/// One thing that has a type.
struct Row {
    name: String,
    kind: &'static str,
    ty: String,
    /// Whether it may be absent.
    optional: bool,
    dynamic: bool,
    /// The types that made it dynamic, each with its place.
    why: Vec<(String, String)>,
}

impl Row {
    fn new(sources: &Sources, program: &Program, row: &TypeRow) -> Self {
        let place = |span: Span| format!("{}:{}", sources.get(span.source).name, sources.position(span));
        let why = row.why.iter().flatten();
        Self {
            name: annotations::name(&program.app, row.subject),
            kind: annotations::kind(row.subject),
            ty: row.ty.to_string(),
            optional: row.optional,
            dynamic: row.is_dynamic(),
            why: why.map(|(ty, span)| (ty.to_string(), place(*span))).collect(),
        }
    }

    fn remarks(&self) -> String {
        let mut remarks = self.kind.to_owned();
        if self.optional {
            remarks.push_str(", may be absent");
        }
        if self.dynamic {
            remarks.push_str(", dynamic: ");
            let why: Vec<_> = self.why.iter().map(|(ty, place)| format!("{ty} at {place}")).collect();
            remarks.push_str(&if why.is_empty() {
                "its type cannot be inferred".to_owned()
            } else {
                why.join(", ")
            });
        }
        remarks
    }
}

/// Aligned columns: name, type, what it is, remarks.
fn table(rows: &[Row]) -> String {
    /// A name or type that is longer does not push the columns of all others away.
    const WIDEST: usize = 48;

    let width = |of: fn(&Row) -> &str| {
        rows.iter().map(|row| of(row).chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or(0)
    };
    let (name, ty) = (width(|row| &row.name), width(|row| &row.ty));
    let mut out = String::new();
    for row in rows {
        let (shown, of) = (visible(&row.name), visible(&row.ty));
        out.push_str(&format!("{shown:name$}  {of:ty$}  {}\n", visible(&row.remarks())));
    }
    out
}

/// Names may hold any character; one line each.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// One object on a line.
fn json(row: &Row) -> String {
    let object = serde_json::json!({
        "record": "type",
        "subject": row.name,
        "kind": row.kind,
        "type": row.ty,
        "optional": row.optional,
        "dynamic": row.dynamic,
        "why": row.why.iter().map(|(ty, place)| serde_json::json!({ "type": ty, "at": place })).collect::<Vec<_>>(),
    });
    format!("{object}\n")
}
