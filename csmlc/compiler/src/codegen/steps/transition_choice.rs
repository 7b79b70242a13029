//! Choosing among the transitions for one trigger: at most one may be enabled (`docs/semantics.md#3-execution`).

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    Steps,
    taking::{TransitionCode, TransitionKind},
};
use crate::{
    codegen::{expr, ident::number, site::EventKnowledge},
    ir::Expr,
    model::{EventId, StateId, Transition},
};

/// Characters of a guard's tokens, spaces included, that stand in an arm; what is longer is an `if` of its own.
const LONGEST_GUARD: usize = 56;

/// The transitions for one trigger, as they are tried one after the other.
#[derive(Default)]
pub(super) struct TransitionChoice {
    /// What comes before the first is taken.
    statements: TokenStream,
    candidates: Vec<Branch>,
    /// What it ends with instead, if it can never choose.
    error: Option<TokenStream>,
}

struct Branch {
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
        let plain = self
            .candidates
            .iter()
            .all(|candidate| candidate.otherwise.is_none() && candidate.guard.as_ref().is_none_or(short));
        self.statements.is_empty() && self.error.is_none() && plain
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
            return arms.collect();
        }
        let (statements, tail) = self.into_body(nothing);
        let pattern = pattern(&quote!(#statements #tail));
        quote!(#pattern => { #statements #tail })
    }

    /// The statements and the end of a function's body. Candidates stand one after the other, each returning if it
    /// is taken: nesting would grow with their number.
    pub(super) fn into_body(self, nothing: &TokenStream) -> (TokenStream, TokenStream) {
        let mut body = self.statements;
        if let Some(error) = self.error {
            return (body, error);
        }
        for Branch { guard, taken, otherwise } in self.candidates {
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
        let kind = if event.is_some() { TransitionKind::On } else { TransitionKind::Always };
        let trigger = event.map_or("always", |event| program.app.events[event].name.text.as_str());
        let mut guards: Vec<Option<TokenStream>> = transitions.iter().map(|t| self.guard(t, kind)).collect();
        // Without guards, or with `else`, a transition is enabled whatever is the case.
        let certain = |index: usize| {
            let decided = |transition: &Transition<Expr>| transition.else_target.is_some();
            guards.get(index).is_none_or(Option::is_none) || transitions.get(index).is_some_and(decided)
        };
        let (always_enabled, tested): (Vec<usize>, Vec<usize>) =
            (0..transitions.len()).partition(|i| certain(*i));
        let at = transitions.get(1).or(transitions.first()).map_or(self.machine.name.span, |t| t.span);
        let at = self.generator.position(at);
        let state = &program.app.states[id].name.text;
        let conflict = quote!(rt::nondeterminism(#state, #trigger, #at));
        if always_enabled.len() > 1 {
            return TransitionChoice { error: Some(quote!(Err(#conflict))), ..TransitionChoice::default() };
        }
        let checked = |index: usize| transitions.len() > 1 && program.choices.is_checked(id, event, index);
        let any_checked = program.choices.has_check(id, event, transitions.len());
        let mut statements = TokenStream::new();
        let order: Vec<usize> = tested.iter().chain(&always_enabled).copied().collect();
        for (index, guard) in guards.iter_mut().enumerate() {
            if let Some(guard) = guard
                && (checked(index) || self.evaluated_first(transitions, &order, index, any_checked))
            {
                let name = format_ident!("enabled_{}", index + 1);
                statements.extend(quote!(let #name = #guard;));
                *guard = quote!(#name);
            }
        }
        let both = |index: &&usize| checked(**index);
        let enabled: Vec<_> =
            tested.iter().filter(both).filter_map(|index| guards.get(*index)?.as_ref()).collect();
        let certain = always_enabled.iter().filter(both).count();
        if enabled.len() + certain > 1 {
            let both = match (certain, enabled.as_slice()) {
                (0, [one, other]) => quote!(#one && #other),
                (1, [one]) => quote!(#one),
                (certain, _) => {
                    let most = number(1 - certain as u64);
                    quote!([#(#enabled),*].into_iter().filter(|enabled| *enabled).count() > #most)
                }
            };
            statements.extend(quote!(if #both { return Err(#conflict); }));
        }
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
            candidates.push(Branch { guard, taken, otherwise });
        }
        TransitionChoice { statements, candidates, error: None }
    }

    /// Whether the guards of a candidate are evaluated before any is taken. All guards are, so what one does
    /// or how it fails is the same whichever is enabled; only where that cannot be seen they wait for their turn.
    fn evaluated_first(
        &self,
        transitions: &[Transition<Expr>],
        order: &[usize],
        index: usize,
        any_checked: bool,
    ) -> bool {
        let program = self.generator.program;
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
