//! Fixes as rustc draws them: the line before and after.

use annotate_snippets::{Group, Level, Origin, Patch, Snippet};

use super::{clean, excerpt::LONG_LINE};
use crate::{
    diagnostics::fix::Fix,
    source::{Source, SourceId, Sources},
    text::is_invisible,
};

/// A fix over more lines is only told.
const MOST_LINES: u32 = 5;

/// A fix as a group below its diagnostic, whose primary place is in `home`; nothing if it is better told in words.
pub(super) fn group(sources: &Sources, fix: &Fix, home: SourceId) -> Option<Group<'static>> {
    let replacements = fix.replacements(sources)?;
    let (first, last) = (replacements.first()?, replacements.last()?);
    let id = first.span.source;
    let source = sources.get(id);
    let lines = source.line_of(first.span.start)..=source.line_of(last.span.end);
    let short = lines.end() - lines.start() < MOST_LINES
        && lines.clone().all(|line| (source.line_end(line) - source.line_start(line)) as usize <= LONG_LINE);
    if last.span.source != id || !short {
        return None;
    }
    let (from, to) = (source.line_start(*lines.start()), source.line_end(*lines.end()));
    let text = source.text.get(from as usize..to as usize)?;
    // Others would have to be replaced for showing, and the places moved with them.
    let drawable = |text: &str| !text.contains(|c: char| c != '\t' && c != '\n' && is_invisible(c));
    if !drawable(text) {
        return None;
    }
    let mut patches = Vec::new();
    for replacement in &replacements {
        let range = replacement.span.start.checked_sub(from)?..replacement.span.end.checked_sub(from)?;
        if range.end > to - from || !drawable(&replacement.text) || replacement.text.len() > LONG_LINE {
            return None;
        }
        patches.push(Patch::new(range.start as usize..range.end as usize, replacement.text.clone()));
    }
    let snippet = Snippet::source(text.to_owned()).line_start(*lines.start() as usize + 1).patches(patches);
    let group = Group::with_title(Level::HELP.secondary_title(clean(&fix.message)));
    Some(match id == home {
        true => group.element(snippet),
        false => group.element(origin(source, sources.position(first.span))).element(snippet),
    })
}

fn origin(source: &Source, place: crate::source::LineColumn) -> Origin<'static> {
    Origin::path(clean(&source.name)).line(place.line as usize).char_column(place.column as usize)
}
