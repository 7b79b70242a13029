//! `csmlc check --types`

use csmlc::{
    aids::{Subject, name, subjects},
    ir::Program,
    source::Sources,
    types::Type,
};

use super::{args::Format, failure::Failure, report};

/// One thing that has a type.
struct Row {
    name: String,
    kind: String,
    ty: String,
    /// Whether it may be absent.
    optional: bool,
    dynamic: bool,
    place: String,
}

/// Prints the type of everything that has one.
pub(super) fn print(sources: &Sources, program: &Program, format: Format) -> Result<(), Failure> {
    let rows: Vec<Row> =
        subjects(&program.app).into_iter().map(|subject| row(sources, program, subject)).collect();
    let text = match format {
        Format::Human => table(&rows),
        Format::Json => rows.iter().map(json).collect(),
    };
    report::result(text.as_bytes())
}

fn row(sources: &Sources, program: &Program, subject: Subject) -> Row {
    let app = &program.app;
    let (ty, optional, span) = match subject {
        Subject::Variable(id) => {
            (&program.variables[id], app.variables[id].optional, app.variables[id].name.span)
        }
        Subject::Datum(id) => (&program.data[id], app.data[id].optional, app.data[id].name.span),
        Subject::Input(id) => (&program.inputs[id], app.inputs[id].optional, app.inputs[id].name.span),
        Subject::Output(id) => (&program.outputs[id], app.outputs[id].optional, app.outputs[id].name.span),
    };
    Row {
        name: name(app, subject),
        kind: subject.to_string(),
        ty: ty.to_string(),
        optional,
        dynamic: has_dynamic(ty),
        place: format!("{}:{}", sources.get(span.source).name, sources.position(span)),
    }
}

fn has_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::List(item) | Type::Set(item) | Type::Option(item) => has_dynamic(item),
        Type::Map(key, value) => has_dynamic(key) || has_dynamic(value),
        _ => false,
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
        let mut remarks = row.kind.clone();
        if row.optional {
            remarks.push_str(", may be absent");
        }
        if row.dynamic {
            remarks.push_str(", dynamic: its values are looked at while it runs");
        }
        out.push_str(&format!("{:name$}  {:ty$}  {remarks}\n", visible(&row.name), visible(&row.ty)));
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
        "subject": row.name,
        "kind": row.kind,
        "type": row.ty,
        "optional": row.optional,
        "dynamic": row.dynamic,
        "place": row.place,
    });
    format!("{object}\n")
}
