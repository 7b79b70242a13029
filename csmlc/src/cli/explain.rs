//! `csmlc explain`

use std::io;

use anstream::{AutoStream, ColorChoice};
use csml_compiler::{
    diagnostics::{Rule, render::Style},
    rules,
    text::shown,
};
use csmlc::explain;

use super::{
    args::{ExplainArgs, PageFormat},
    failure::Failure,
    report,
};

/// Longer lines of prose are hard to read, however wide the terminal is.
const WIDEST: usize = 100;

pub(super) fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    let text = if args.codes.is_empty() {
        list(args.format)
    } else {
        let found = find(&args.codes)?;
        let pages: Result<Vec<String>, _> = found.into_iter().map(|rule| page(rule, args.format)).collect();
        pages?.join("\n")
    };
    report::result(text.as_bytes())
}

fn list(format: PageFormat) -> String {
    match format {
        PageFormat::Human => explain::list(style(), columns()),
        PageFormat::Markdown => explain::index_to_markdown(),
    }
}

/// The rules, each once, in the order they were asked for.
fn find(codes: &[String]) -> Result<Vec<&'static Rule>, Failure> {
    let mut found: Vec<&'static Rule> = Vec::new();
    let mut unknown = Vec::new();
    for code in codes {
        match rules::find(code) {
            Some(rule) if found.iter().any(|other| other.code == rule.code) => {}
            Some(rule) => found.push(rule),
            None => unknown.push(match rules::nearest(code) {
                Some(near) => format!("there is no rule {}; did you mean `{near}`?", shown(code)),
                None => format!("there is no rule {}; `csmlc explain` lists all", shown(code)),
            }),
        }
    }
    let Some((last, others)) = unknown.split_last() else { return Ok(found) };
    for message in others {
        report::error(message);
    }
    Err(Failure::message(last))
}

fn page(rule: &'static Rule, format: PageFormat) -> Result<String, Failure> {
    let text = match format {
        PageFormat::Human => explain::to_text(rule, style(), columns().unwrap_or(WIDEST).min(WIDEST)),
        PageFormat::Markdown => explain::to_markdown(rule),
    };
    text.map_err(|error| Failure::message(format!("the page of {} is malformed: {error}", rule.code)))
}

fn style() -> Style {
    match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => Style::Plain,
        _ => Style::Color,
    }
}

/// The width of the terminal; none if the output does not go to one.
fn columns() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0).max(20))
}
