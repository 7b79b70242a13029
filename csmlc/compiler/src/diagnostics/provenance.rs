//! How copies of a text came to where they count, and what diagnostics about them say of it.
//!
//! A text that a derived machine inherits, or that is used by the name of an action or guard, stands once and counts
//! several times. Each copy's spans carry a [`Via`]: a link of a chain that leads back to the text itself.

use crate::sorted::{SortedMap, SortedSet};
use crate::{
    diagnostics::{Diagnostic, Label},
    lists::PushAll,
    source::{Span, Via},
    text::shown,
};

/// Most links that one diagnostic shows.
const MOST_SHOWN: usize = 6;

/// One step from a text to where it counts.
#[derive(Debug, Clone)]
pub(crate) enum Link {
    /// A machine inherits it.
    Extends {
        /// The derived machine's name.
        machine: String,
        /// Where it says so.
        at: Span,
        /// How the text came to the base.
        before: Via,
    },
    /// It is used by name.
    Use {
        /// The action or guard, where it is written.
        definition: Span,
        /// Where the name stands.
        at: Span,
        /// How the text came to the definition.
        before: Via,
    },
}

/// All links of a compilation, in order of making: a base's come before those of what is derived from it.
#[derive(Debug, Default)]
pub(crate) struct Vias(Vec<Link>);

impl Vias {
    /// The way that ends with this link.
    pub(crate) fn add(&mut self, link: Link) -> Via {
        self.0.push(link);
        Via(self.0.len() as u32)
    }

    fn link(&self, via: Via) -> Option<&Link> {
        self.0.get((via.0 as usize).checked_sub(1)?)
    }

    /// How often each named action and guard is used.
    fn uses(&self) -> SortedMap<Span, usize> {
        let mut uses = SortedMap::new();
        for link in &self.0 {
            if let Link::Use { definition, .. } = link {
                *uses.entry(definition.plain()).or_default() += 1;
            }
        }
        uses
    }

    /// Keeps one of the diagnostics that say the same of copies of one text: the first in order of [`Via`]. It gets
    /// labels that say how the text came to where it counts. No span has a `Via` afterwards.
    ///
    /// The list must be in order of place, rule and `Via`.
    pub(crate) fn settle(&self, list: &mut Vec<Diagnostic>) {
        let vias = |diagnostic: &Diagnostic| {
            let related = diagnostic.related.iter().map(|label| label.span.via);
            std::iter::once(diagnostic.primary.span.via).chain(related).any(|via| via != Via::NONE)
        };
        if !list.iter().any(vias) {
            return;
        }
        let uses = self.uses();
        let mut kept: Vec<(Diagnostic, SortedSet<Via>)> = Vec::new();
        // Where the diagnostics about the present place begin.
        let mut start = 0;
        for diagnostic in list.drain(..) {
            let place = |of: &Diagnostic| (of.primary.span.plain(), of.rule.code);
            let via = diagnostic.primary.span.via;
            if kept.last().is_none_or(|(last, _)| place(last) != place(&diagnostic)) {
                start = kept.len();
            }
            let same = kept.iter_mut().skip(start).find(|(other, vias)| {
                !vias.contains(&via) && skeleton(&other.message).eq(skeleton(&diagnostic.message))
            });
            match same {
                Some((_, vias)) => {
                    vias.insert(via);
                }
                None => kept.push((diagnostic, SortedSet::from([via]))),
            }
        }
        list.push_all(kept.into_iter().map(|(mut diagnostic, vias)| {
            self.explain(&mut diagnostic, &vias, &uses);
            diagnostic
        }));
    }

    /// Says how the text of a diagnostic came to where it counts.
    fn explain(&self, diagnostic: &mut Diagnostic, vias: &SortedSet<Via>, uses: &SortedMap<Span, usize>) {
        let mut way = ViaLabels { vias: self, seen: SortedSet::new(), labels: Vec::new() };
        let via = diagnostic.primary.span.via;
        let everywhere = match self.link(via) {
            Some(Link::Use { definition, .. }) => {
                uses.get(&definition.plain()).is_some_and(|uses| *uses <= vias.len())
            }
            Some(Link::Extends { .. }) => false,
            None => true,
        };
        // What is wrong wherever the text is used is no matter of a use.
        way.follow(via, !everywhere || vias.len() == 1);
        if !everywhere {
            // A change of the text would change what is right elsewhere; people may decide that, tools may not.
            diagnostic.fixes.clear();
        }
        for edit in diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = edit.span.plain();
        }
        for label in &diagnostic.related {
            way.follow(label.span.via, false);
        }
        let mut labels = way.labels;
        let more = labels.len().saturating_sub(MOST_SHOWN);
        labels.truncate(MOST_SHOWN);
        diagnostic.related.push_all(labels);
        if more > 0 {
            diagnostic.notes.push(format!("and through {more} more `extends`"));
        }
        diagnostic.primary.span = diagnostic.primary.span.plain();
        for label in &mut diagnostic.related {
            label.span = label.span.plain();
        }
    }
}

/// The labels of the links that lead to a diagnostic's places.
struct ViaLabels<'a> {
    vias: &'a Vias,
    seen: SortedSet<Via>,
    labels: Vec<Label>,
}

impl ViaLabels<'_> {
    /// Adds the links of a way, the one nearest to the text first.
    fn follow(&mut self, via: Via, uses: bool) {
        let mut chain = Vec::new();
        let mut next = via;
        while let Some(link) = self.vias.link(next)
            && self.seen.insert(next)
        {
            chain.push(link);
            next = match link {
                Link::Extends { before, .. } | Link::Use { before, .. } => *before,
            };
        }
        for link in chain.into_iter().rev() {
            let (at, text) = match link {
                Link::Extends { machine, at, .. } => {
                    (at, format!("{} inherits it through this `extends`", shown(machine)))
                }
                Link::Use { .. } if !uses => continue,
                Link::Use { at, .. } => (at, "used here".to_owned()),
            };
            let label = Label { span: at.plain(), text };
            // Copies of two texts come by one `extends`.
            if !self.labels.contains(&label) {
                self.labels.push(label);
            }
            // The name may stand in an inherited state. A link's place is made before the link, so this ends.
            self.follow(at.via, uses);
        }
    }
}

/// A message without the names in it: what two machines inherit is told apart by their names alone.
fn skeleton(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').step_by(2)
}

#[cfg(test)]
mod tests {
    use crate::{
        diagnostics::{Diagnostic, Diagnostics, Rule},
        source::{SourceId, Span, Via},
    };

    use super::Link;

    static RULE: Rule = Rule::error("CSML0999", "test", "For a test.");

    fn at(start: u32, via: Via) -> Span {
        Span { via, ..Span::new(SourceId(0), start, start + 1) }
    }

    fn extends(diagnostics: &mut Diagnostics, machine: &str, start: u32, before: Via) -> Via {
        let at = at(start, Via::NONE);
        diagnostics.link(Link::Extends { machine: machine.to_owned(), at, before })
    }

    /// What each diagnostic says, with the places of its labels.
    fn settled(diagnostics: &mut Diagnostics) -> Vec<String> {
        diagnostics.sort();
        let labels = |found: &Diagnostic| -> String {
            found.related.iter().map(|label| format!(" {}:{}", label.span.start, label.text)).collect()
        };
        diagnostics
            .iter()
            .inspect(|found| assert_eq!(found.primary.span.via, Via::NONE))
            .map(|found| format!("{} {}{}", found.primary.span.start, found.message, labels(found)))
            .collect()
    }

    #[test]
    fn a_chain_is_shown_link_by_link() {
        let mut diagnostics = Diagnostics::new();
        let first = extends(&mut diagnostics, "b", 10, Via::NONE);
        let second = extends(&mut diagnostics, "c", 20, first);
        diagnostics.push(Diagnostic::new(&RULE, at(1, second), "m"));
        assert_eq!(
            settled(&mut diagnostics),
            ["1 m 10:`b` inherits it through this `extends` 20:`c` inherits it through this `extends`"]
        );
    }

    #[test]
    fn what_is_wrong_in_the_base_is_said_there_alone() {
        let mut diagnostics = Diagnostics::new();
        let first = extends(&mut diagnostics, "b", 10, Via::NONE);
        let second = extends(&mut diagnostics, "c", 20, Via::NONE);
        for (via, machine) in [(second, "c"), (first, "b"), (Via::NONE, "a")] {
            diagnostics.push(Diagnostic::new(&RULE, at(1, via), format!("`{machine}` is wrong")));
        }
        for (via, machine) in [(second, "c"), (first, "b")] {
            diagnostics.push(Diagnostic::new(&RULE, at(2, via), format!("`{machine}` is wrong")));
        }
        assert_eq!(
            settled(&mut diagnostics),
            ["1 `a` is wrong", "2 `b` is wrong 10:`b` inherits it through this `extends`"]
        );
    }

    #[test]
    fn different_messages_about_one_text_stay() {
        let mut diagnostics = Diagnostics::new();
        let first = extends(&mut diagnostics, "b", 10, Via::NONE);
        let second = extends(&mut diagnostics, "c", 20, Via::NONE);
        diagnostics.push(Diagnostic::new(&RULE, at(1, first), "one"));
        diagnostics.push(Diagnostic::new(&RULE, at(1, first), "two"));
        diagnostics.push(Diagnostic::new(&RULE, at(1, second), "three"));
        diagnostics.push(Diagnostic::new(&RULE, at(1, second), "two"));
        assert_eq!(settled(&mut diagnostics).len(), 3);
    }

    #[test]
    fn a_use_is_shown_where_it_matters() {
        let mut diagnostics = Diagnostics::new();
        let definition = at(0, Via::NONE);
        let inherited = extends(&mut diagnostics, "b", 10, Via::NONE);
        let link = |start, via| Link::Use { definition, at: at(start, via), before: Via::NONE };
        let one = diagnostics.link(link(30, Via::NONE));
        let two = diagnostics.link(link(40, inherited));
        diagnostics.push(Diagnostic::new(&RULE, at(1, one), "at both"));
        diagnostics.push(Diagnostic::new(&RULE, at(1, two), "at both"));
        diagnostics.push(Diagnostic::new(&RULE, at(2, two), "at one"));
        assert_eq!(
            settled(&mut diagnostics),
            ["1 at both", "2 at one 40:used here 10:`b` inherits it through this `extends`"]
        );
    }

    #[test]
    fn related_places_are_explained_too_and_long_chains_cut() {
        let mut diagnostics = Diagnostics::new();
        let mut via = Via::NONE;
        for link in 0..9 {
            via = extends(&mut diagnostics, "b", 10 + link, via);
        }
        let found = Diagnostic::new(&RULE, at(1, Via::NONE), "m").related(at(2, via), "there");
        diagnostics.push(found);
        diagnostics.sort();
        let found = diagnostics.iter().next().unwrap();
        assert_eq!(found.related.len(), 1 + super::MOST_SHOWN);
        assert_eq!(found.notes, ["and through 3 more `extends`"]);
    }
}
