//! `match` actions: named actions within them, which may lead back to themselves, and how deep they nest.

use super::{Normalise, normalisation_rules};
use crate::sorted::SortedSet;
use crate::{
    canonical::{Case, Match},
    diagnostics::Diagnostic,
    lists::Gather,
    source::Span,
    syntax::tree as written,
    text::shown,
};

/// How deep `match` actions may nest.
const MAX_NESTING: usize = 16;

/// The named `match` actions that are being looked into, and those that have been.
#[derive(Default)]
struct NamedMatches {
    open: Vec<Span>,
    seen: SortedSet<Span>,
}

impl<'a> Normalise<'a, '_> {
    /// The canonical form of a `match` that is defined in scope `depth`, itself one of `nesting` around its actions.
    pub(super) fn matching(&mut self, it: &'a written::Match, depth: usize, nesting: usize) -> Match {
        let cases = it.cases.iter();
        let cases = cases.map(|case| Case {
            value: case.value.clone(),
            actions: self.actions_in(&case.actions, depth, nesting),
            span: case.span,
        });
        let cases = cases.gather();
        Match { value: it.value.clone(), cases, default: self.actions_in(&it.default, depth, nesting) }
    }

    /// Whether a `match` may stand within so many others.
    pub(super) fn may_nest(&mut self, nesting: usize, place: Span) -> bool {
        let fits = nesting < MAX_NESTING;
        if !fits {
            self.report(
                Diagnostic::new(
                    &normalisation_rules::MATCH_TOO_DEEP,
                    place,
                    "`match` actions are nested too deep",
                )
                .label(format!("nested in {MAX_NESTING} others"))
                .help("raise an event here, and do this in the transition that handles it"),
            );
        }
        fits
    }

    /// Finds the named actions that stand in their own cases, and checks the names in `match` actions that are
    /// never used.
    pub(super) fn check_matches(
        &mut self,
        definitions: &'a [written::Definition<written::Action>],
        depth: usize,
    ) {
        let mut path = NamedMatches::default();
        for definition in definitions {
            if let Some(written::Action::Inline(action)) = &definition.item
                && path.seen.insert(action.span)
            {
                path.open.push(action.span);
                self.look_into(action, depth, &mut path);
                path.open.pop();
            }
        }
    }

    /// Looks at the actions in a `match`. Deeper than they may nest it does not go: what is used is measured when it
    /// is used.
    fn look_into(&mut self, action: &'a written::InlineAction, depth: usize, path: &mut NamedMatches) {
        let written::ActionKind::Match(it) = &action.kind else { return };
        let lists = it.cases.iter().map(|case| &case.actions).chain([&it.default]);
        for inner in lists.flatten() {
            let Some((found, used_at)) = self.resolve(inner, depth, &super::ACTION, |scope| &scope.actions)
            else {
                continue;
            };
            let written::Action::Inline(named) = found.item else { continue };
            let Some(used_at) = used_at else {
                self.look_into(named, depth, path);
                continue;
            };
            if let Some(start) = path.open.iter().position(|open| *open == named.span) {
                self.circular.extend(path.open.iter().skip(start));
                let name = match inner {
                    written::Action::Reference(name) => shown(&name.value),
                    written::Action::Inline(_) => String::new(),
                };
                self.report(
                    Diagnostic::new(
                        &normalisation_rules::DEFINITION_CYCLE,
                        used_at,
                        format!("the action {name} contains itself in one of its cases"),
                    )
                    .related(Span { end: named.span.start + 1, ..named.span }, "this action begins here")
                    .help("raise an event here, and do this in the transition that handles it"),
                );
            } else if path.open.len() < MAX_NESTING && path.seen.insert(named.span) {
                path.open.push(named.span);
                self.look_into(named, found.depth, path);
                path.open.pop();
            }
        }
    }
}
