//! Choosing among the transitions for one trigger: at most one may be enabled (`docs/semantics.md#3-execution`).

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    Steps,
    taking::{TransitionCode, TransitionKind},
};
use crate::{
    codegen::{expr, site::EventKnowledge},
    ir::Expr,
    lists::{Gather, GatherTokens},
    model::{
        EventId, StateId, Transition,
        graph::{is_certain, takeable},
    },
    vocabulary::ChoicePolicy,
};

/// Characters of a guard's tokens, spaces included, that stand in an arm; what is longer is an `if` of its own.
const LONGEST_GUARD: usize = 56;

/// The transitions for one trigger, as they are tried one after the other.
#[derive(Default)]
pub(super) struct TransitionChoice {
    /// What comes before the first is taken.
    statements: TokenStream,
    candidates: Vec<Branch>,
}

struct Branch {
    /// What comes before its guard.
    before: TokenStream,
    /// None if it is enabled in any case.
    guard: Option<TokenStream>,
    taken: TransitionCode,
    /// What its `else` leads to.
    otherwise: Option<TransitionCode>,
}

impl TransitionChoice {
    /// Whether one of them is certainly enabled, or all are tried in one arm.
    pub(super) fn covers(&self) -> bool {
        !self.is_plain() || self.candidates.iter().any(|candidate| candidate.guard.is_none())
    }

    /// Whether the candidates can be arms with guards that fit on a line.
    fn is_plain(&self) -> bool {
        let short = |guard: &TokenStream| guard.to_string().len() <= LONGEST_GUARD;
        let plain = self.candidates.iter().all(|candidate| {
            let one_way = candidate.before.is_empty() && candidate.otherwise.is_none();
            one_way && candidate.guard.as_ref().is_none_or(short)
        });
        self.statements.is_empty() && plain
    }

    /// The arms of a `match` over events.
    pub(super) fn into_arms(
        self,
        pattern: &dyn Fn(&TokenStream) -> TokenStream,
        nothing: &TokenStream,
    ) -> TokenStream {
        if self.is_plain() {
            let arms = self.candidates.into_iter().map(|Branch { guard, taken, .. }| {
                let TransitionCode { doc, statements, tail } = taken;
                let guard = guard.map(|guard| quote!(if #guard));
                let pattern = pattern(&quote!(#guard { #statements #tail }));
                quote!(#doc #pattern #guard => { #statements #tail })
            });
            return arms.gather_tokens();
        }
        let (statements, tail) = self.into_body(nothing);
        let pattern = pattern(&quote!(#statements #tail));
        quote!(#pattern => { #statements #tail })
    }

    /// The statements and the end of a function's body. Branchs stand one after the other, each returning if it
    /// is taken: nesting would grow with their number.
    pub(super) fn into_body(self, nothing: &TokenStream) -> (TokenStream, TokenStream) {
        let mut body = self.statements;
        for Branch { before, guard, taken, otherwise } in self.candidates {
            body.extend(before);
            let TransitionCode { doc, statements, tail } = taken;
            match (guard, otherwise) {
                (None, _) => {
                    body.extend(statements);
                    return (body, tail);
                }
                (Some(guard), Some(other)) => {
                    body.extend(quote!(#doc if #guard { #statements return #tail; }));
                    body.extend(other.statements);
                    return (body, other.tail);
                }
                (Some(guard), None) => body.extend(quote!(#doc if #guard { #statements return #tail; })),
            }
        }
        (body, nothing.clone())
    }
}

impl Steps<'_> {
    /// The choice among `transitions`, whose candidates end in a `Result` if `fails`. Only those that are not known to
    /// exclude each other are checked before one is taken.
    pub(super) fn choose(
        &mut self,
        id: StateId,
        event: Option<EventId>,
        transitions: &[Transition<Expr>],
        fails: bool,
    ) -> TransitionChoice {
        let program = self.generator.program;
        let transitions = takeable(program.app.choice, transitions);
        let kind = if event.is_some() { TransitionKind::On } else { TransitionKind::Always };
        let mut guards: Vec<Option<TokenStream>> = transitions.iter().map(|t| self.guard(t, kind)).gather();
        let (always_enabled, tested): (Vec<usize>, Vec<usize>) =
            (0..transitions.len()).partition(|index| transitions.get(*index).is_some_and(is_certain));
        let checked = |index: &usize| transitions.len() > 1 && program.choices.is_checked(id, event, *index);
        let order: Vec<usize> = match program.app.choice {
            ChoicePolicy::Exclusive => tested.iter().chain(&always_enabled).copied().gather(),
            ChoicePolicy::First => (0..transitions.len()).gather(),
        };
        let mut statements = TokenStream::new();
        let mut before: Vec<TokenStream> = vec![TokenStream::new(); transitions.len()];
        for (index, guard) in guards.iter_mut().enumerate() {
            let Some(guard) = guard else { continue };
            let name = format_ident!("enabled_{}", index + 1);
            match program.app.choice {
                ChoicePolicy::Exclusive
                    if checked(&index) || self.evaluated_first((id, event), transitions, &order, index) =>
                {
                    statements.extend(quote!(let #name = #guard;));
                }
                ChoicePolicy::First if self.evaluated_apart(transitions, index) => {
                    let Some(before) = before.get_mut(index) else { continue };
                    *before = quote!(let #name = #guard;);
                }
                _ => continue,
            }
            *guard = quote!(#name);
        }
        let enabled: Vec<usize> = (0..transitions.len()).filter(checked).gather();
        statements.extend(self.check((id, event), transitions, &guards, &enabled));
        let mut candidates = Vec::new();
        for index in order {
            let (Some(transition), Some(guard)) = (transitions.get(index), guards.get(index)) else {
                continue;
            };
            let guard = guard.clone();
            let actions = transition.actions.as_slice();
            let taken = self.take(id, event, transition, (transition.target, actions), kind, fails);
            let otherwise = guard
                .as_ref()
                .and(transition.else_target)
                .map(|target| self.take(id, event, transition, (Some(target), &[]), kind.otherwise(), fails));
            let before = before.get(index).cloned().unwrap_or_default();
            candidates.push(Branch { before, guard, taken, otherwise });
        }
        TransitionChoice { statements, candidates }
    }

    /// The check that at most one of these candidates is enabled.
    fn check(
        &self,
        (id, event): (StateId, Option<EventId>),
        transitions: &[Transition<Expr>],
        guards: &[Option<TokenStream>],
        candidates: &[usize],
    ) -> TokenStream {
        let program = self.generator.program;
        let state = &program.app.states[id].name.text;
        let trigger = event.map_or("always", |event| program.app.events[event].name.text.as_str());
        let each = candidates.iter().filter_map(|index| {
            let (transition, guard) = (transitions.get(*index)?, guards.get(*index)?);
            let enabled = guard.as_ref().filter(|_| !is_certain(transition));
            let enabled = enabled.map_or(quote!(true), |guard| quote!(#guard));
            Some((enabled, self.generator.position(transition.span), is_certain(transition)))
        });
        let each: Vec<_> = each.gather();
        match each.as_slice() {
            [] | [_] => TokenStream::new(),
            [(one, first, certain), (other, second, also)] if !(*certain && *also) => {
                let both = match (certain, also) {
                    (true, _) => quote!(#other),
                    (_, true) => quote!(#one),
                    _ => quote!(#one && #other),
                };
                quote!(if #both { return Err(rt::nondeterminism(#state, #trigger, [#first, #second])); })
            }
            all => {
                let all = all.iter().map(|(enabled, at, _)| quote!((#enabled, #at)));
                quote!(rt::at_most_one(#state, #trigger, &[#(#all),*])?;)
            }
        }
    }

    /// Whether a guard is a statement of its own where candidates are tried in document order.
    fn evaluated_apart(&self, transitions: &[Transition<Expr>], index: usize) -> bool {
        let acts = |guard: &Expr| guard.acts() || expr::has_script(guard);
        transitions.get(index).is_some_and(|transition| transition.guards.iter().any(acts))
    }

    /// Whether the guards of a candidate are evaluated before any is taken. All guards are, so what one does
    /// or how it fails is the same whichever is enabled; only where that cannot be seen they wait for their turn.
    fn evaluated_first(
        &self,
        (id, event): (StateId, Option<EventId>),
        transitions: &[Transition<Expr>],
        order: &[usize],
        index: usize,
    ) -> bool {
        let program = self.generator.program;
        let any_checked = program.choices.has_check(id, event, transitions.len());
        let Some(transition) = transitions.get(index) else { return false };
        if transition.guards.iter().any(expr::has_script) {
            return true;
        }
        let shows = |guard: &Expr| guard.acts() || guard.can_fail(program);
        let later = order.iter().skip(1).filter_map(|index| transitions.get(*index));
        // What comes first in the text and in turn is evaluated first anyway.
        let turn = any_checked
            || order.first() != Some(&index)
            || later.clone().flat_map(|it| &it.guards).any(shows);
        turn && transition.guards.iter().any(shows)
    }

    /// The conjunction of a transition's guards; none if it has none.
    fn guard(&self, transition: &Transition<Expr>, kind: TransitionKind) -> Option<TokenStream> {
        let trigger = if kind.is_always() { EventKnowledge::Any } else { EventKnowledge::Payload };
        let guards = transition.guards.iter().cloned();
        let all = guards.reduce(|left, right| Expr {
            ty: left.ty.clone(),
            span: left.span,
            at: left.at,
            kind: crate::ir::Kind::And(Box::new(left), Box::new(right)),
        })?;
        Some(self.value(trigger, &all))
    }
}
