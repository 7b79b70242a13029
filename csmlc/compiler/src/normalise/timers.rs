//! Timers by name: an entry of `after` may be the name of a timer that is written out in another state.

use super::{Normalise, find, normalisation_rules, written};
use crate::{
    diagnostics::Diagnostic,
    sorted::SortedMap,
    source::Span,
    text::{Text, shown},
};

/// The timers of a machine's states, in order of the text, by name. Several states may have timers of one name.
pub(super) type NamedTimers<'a> = SortedMap<&'a str, Vec<&'a written::InlineAction>>;

/// A timer, where it is used by name, and the scope it is defined in.
type UsedTimer<'a> = (&'a written::InlineAction, Span, usize);

pub(super) fn of(states: &[written::State]) -> NamedTimers<'_> {
    let mut timers = NamedTimers::new();
    for action in states.iter().flat_map(|state| &state.after) {
        if let written::Action::Inline(timer) = action
            && let (Some(name), written::ActionKind::Timeout { .. }) = (&timer.name, &timer.kind)
        {
            timers.entry(name.as_str()).or_default().push(timer);
        }
    }
    timers
}

impl<'a> Normalise<'a, '_> {
    /// The timer that an entry of `after` names, unless it names an action or is no name. Nothing at all if it is in
    /// error.
    pub(super) fn timer_by_name(&mut self, entry: &'a written::Action) -> Option<Option<UsedTimer<'a>>> {
        let written::Action::Reference(name) = entry else { return Some(None) };
        let found = self.scopes.iter().enumerate().rev().find_map(|(depth, scope)| {
            let is_action = scope.actions.get(name.as_str()).is_some();
            let timers = scope.timers.get(name.as_str());
            (is_action || timers.is_some()).then(|| (depth, timers.filter(|_| !is_action).cloned()))
        });
        let Some((depth, Some(timers))) = found else { return Some(None) };
        match *timers.as_slice() {
            [timer] => match self.reusable(timer, name) {
                Ok(()) => Some(Some((timer, name.span, depth))),
                Err(fault) => {
                    self.report(*fault);
                    None
                }
            },
            [] => Some(None),
            [first, second, ..] => {
                let message = format!("this machine has several timers named {}", shown(&name.value));
                let fault = Diagnostic::new(&normalisation_rules::DEFINED_TWICE, name.span, message)
                    .related(first.span.opening(), "one is here")
                    .related(second.span.opening(), "another one is here")
                    .help("give the one that you mean a name of its own");
                self.report(fault);
                None
            }
        }
    }

    /// Whether a timer can be used in another state.
    fn reusable(&self, timer: &written::InlineAction, name: &Text) -> Result<(), Box<Diagnostic>> {
        let written::ActionKind::Timeout { transition: Some(_), .. } = &timer.kind else { return Ok(()) };
        let message =
            format!("the timer {} has a transition, and cannot be used by its name", shown(&name.value));
        let fault = Diagnostic::new(&normalisation_rules::MISPLACED_TIMEOUT, name.span, message)
            .related(timer.span.opening(), "it belongs to this state")
            .help("write the timer out here too");
        Err(Box::new(fault))
    }

    /// Whether this is the name of a timer, and of no action, in scope `depth`.
    pub(super) fn is_timer(&self, name: &Text, depth: usize) -> bool {
        let visible = self.scopes.get(..=depth).unwrap_or_default();
        find(visible, &name.value, |scope| &scope.actions).is_none()
            && visible.iter().any(|scope| scope.timers.get(name.as_str()).is_some())
    }
}

/// Names of timers that can be used in other states.
pub(super) fn usable<'s>(timers: &'s NamedTimers<'_>) -> impl Iterator<Item = &'s str> {
    let usable = timers.iter().filter(|(_, timers)| match timers.as_slice() {
        [timer] => !matches!(timer.kind, written::ActionKind::Timeout { transition: Some(_), .. }),
        _ => false,
    });
    usable.map(|(name, _)| *name)
}
