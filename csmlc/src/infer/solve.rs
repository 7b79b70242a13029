//! The types of all slots, as the least solution of what flows into them.
//!
//! Types only ever rise in a lattice of limited height, so this ends; flows are taken in a fixed order, so it
//! always ends alike.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    lattice::{conversion, held, is_dynamic, is_open, join, limit, settle},
    rules::DISAGREEING_TYPES,
    slots::{Slot, Slots},
    typing::type_of,
    uses,
};
use crate::{
    aids::{Pins, rules::CONTRADICTED_TYPE},
    diagnostic::{Diagnostic, Diagnostics},
    expr::{Node, Referent, ast::Kind},
    model::{App, OutputId, Role, VarId},
    source::Span,
    types::Type,
};

/// An expression and what it is for.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) role: Role,
    pub(super) expr: Node,
}

/// Finds the types of all slots; reports the ones that two places disagree about.
pub(super) fn solve(app: &App<usize>, items: &[Item], pins: &Pins, diagnostics: &mut Diagnostics) -> Slots {
    let mut solver = Solver::new(app, items, pins);
    solver.flow();
    while solver.learn_from_uses() {
        solver.flow();
    }
    while solver.settle() {
        solver.flow();
    }
    solver.report(diagnostics);
    solver.slots
}

/// What flows into a slot.
struct Flow<'a> {
    into: Slot,
    from: From<'a>,
    span: Span,
}

enum From<'a> {
    Expr(&'a Node),
    Output(OutputId),
}

/// Two places that disagree: type and place of each.
struct Conflict {
    first: (Type, Span),
    second: (Type, Span),
}

struct Solver<'a> {
    app: &'a App<usize>,
    items: &'a [Item],
    slots: Slots,
    flows: Vec<Flow<'a>>,
    /// Flows to look at again when a slot's type has changed.
    readers: BTreeMap<Slot, Vec<usize>>,
    waiting: BTreeSet<usize>,
    /// Places that may say more about a slot they use when a slot's type has changed.
    users: BTreeMap<Slot, Vec<usize>>,
    asking: BTreeSet<usize>,
    outputs: Vec<(OutputId, VarId, Span)>,
    /// What made each slot's type what it is.
    sources: BTreeMap<Slot, Vec<(Type, Span)>>,
    conflicts: BTreeMap<Slot, Conflict>,
    /// Slots whose type the user has fixed, and where.
    pinned: BTreeMap<Slot, Span>,
}

impl<'a> Solver<'a> {
    fn new(app: &'a App<usize>, items: &'a [Item], pins: &Pins) -> Self {
        let mut solver = Self {
            app,
            items,
            slots: Slots::new(app),
            flows: Vec::new(),
            readers: BTreeMap::new(),
            waiting: BTreeSet::new(),
            users: BTreeMap::new(),
            asking: BTreeSet::new(),
            outputs: Vec::new(),
            sources: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            pinned: BTreeMap::new(),
        };
        for (site, item) in items.iter().enumerate() {
            let into = Slot::of(item.role);
            if let Some(into) = into {
                solver.users.entry(into).or_default().push(site);
            }
            let number = into.map(|into| solver.add(into, From::Expr(&item.expr), item.expr.span));
            item.expr.visit(&mut |part| {
                let Kind::Ref(referent) = &part.kind else { return };
                for slot in slots_of(referent) {
                    solver.users.entry(slot).or_default().push(site);
                    if let Some(number) = number {
                        solver.readers.entry(slot).or_default().push(number);
                    }
                }
            });
        }
        for invoke in app.invokes.values() {
            for (output, variable) in &invoke.output {
                let site = items.len() + solver.outputs.len();
                solver.outputs.push((*output, *variable, invoke.span));
                let into = Slot::Variable(*variable);
                solver.users.entry(into).or_default().push(site);
                let number = solver.add(into, From::Output(*output), invoke.span);
                solver.readers.entry(Slot::Output(*output)).or_default().push(number);
            }
        }
        solver.asking = (0..items.len() + solver.outputs.len()).collect();
        solver.waiting = (0..solver.flows.len()).collect();
        for (id, datum) in app.data.iter() {
            if let Some(ty) = &datum.fixed {
                solver.raise(Slot::Datum(id), ty, datum.name.span);
            }
        }
        for (subject, pin) in pins {
            let slot = Slot::of_subject(*subject);
            solver.raise(slot, &pin.ty, pin.span);
            solver.pinned.insert(slot, pin.span);
        }
        solver
    }

    fn add(&mut self, into: Slot, from: From<'a>, span: Span) -> usize {
        self.flows.push(Flow { into, from, span });
        self.flows.len() - 1
    }

    /// Lets types flow until nothing changes.
    fn flow(&mut self) {
        while let Some(number) = self.waiting.pop_first() {
            let Some(Flow { into, from, span }) = self.flows.get(number) else { continue };
            let ty = match from {
                From::Expr(expr) => type_of(expr, &self.slots),
                From::Output(output) => self.slots.outputs[*output].clone(),
            };
            self.raise(*into, &ty, *span);
        }
    }

    /// Makes a slot's type at least `ty`; whether that changed it.
    fn raise(&mut self, slot: Slot, ty: &Type, span: Span) -> bool {
        if self.pinned.contains_key(&slot) {
            return false;
        }
        let old = self.slots.get(slot);
        let new = limit(join(old, ty));
        if new == *old {
            return false;
        }
        let sources = self.sources.entry(slot).or_default();
        if is_dynamic(&new) && !is_dynamic(old) && !is_dynamic(ty) {
            let first = sources.iter().find(|source| is_dynamic(&join(&source.0, ty)));
            if let Some(first) = first.or(sources.first()) {
                let conflict = Conflict { first: first.clone(), second: (ty.clone(), span) };
                self.conflicts.entry(slot).or_insert(conflict);
            }
        }
        sources.push((ty.clone(), span));
        self.slots.set(slot, new);
        self.waiting.extend(self.readers.get(&slot).into_iter().flatten());
        self.asking.extend(self.users.get(&slot).into_iter().flatten());
        true
    }

    /// Types what is still open by how it is used; whether that changed anything.
    fn learn_from_uses(&mut self) -> bool {
        let mut found = Vec::new();
        for site in std::mem::take(&mut self.asking) {
            match self.items.get(site) {
                Some(item) => {
                    let wanted = match Slot::of(item.role) {
                        Some(slot) => self.slots.get(slot).clone(),
                        None if item.role == Role::Guard => Type::Bool,
                        None => Type::Int,
                    };
                    uses::collect(&item.expr, &wanted, &self.slots, &mut found);
                }
                None => found.extend(self.use_of_output(site - self.items.len())),
            }
        }
        let mut changed = false;
        for (slot, ty, span) in found {
            changed |= self.raise(slot, &ty, span);
        }
        changed
    }

    /// What the variable that takes an output says about it.
    fn use_of_output(&self, number: usize) -> Option<uses::Use> {
        let (output, variable, span) = *self.outputs.get(number)?;
        let wanted = held(&self.slots.variables[variable]);
        let known = !matches!(wanted, Type::Unknown | Type::Null | Type::Dynamic);
        let open = is_open(&self.slots.outputs[output]);
        (known && open).then(|| (Slot::Output(output), wanted.clone(), span))
    }

    /// Makes what is still open dynamic; whether that changed anything.
    fn settle(&mut self) -> bool {
        let mut changed = false;
        for slot in self.slots.all() {
            let settled = settle(self.slots.get(slot));
            if settled != *self.slots.get(slot) {
                self.slots.set(slot, settled);
                self.waiting.extend(self.readers.get(&slot).into_iter().flatten());
                changed = true;
            }
        }
        changed
    }

    /// What is given to a slot of a fixed type must fit it.
    fn report_contradictions(&self, diagnostics: &mut Diagnostics) {
        for Flow { into, from, span } in &self.flows {
            let Some(fixed) = self.pinned.get(into) else { continue };
            let given = match from {
                From::Expr(expr) => settle(&type_of(expr, &self.slots)),
                From::Output(output) => settle(&self.slots.outputs[*output]),
            };
            let wanted = self.slots.get(*into);
            let null = matches!(from, From::Expr(Node { kind: Kind::Null, .. })) && !wanted.has_host();
            let fits = !null && conversion(&given, wanted).is_some();
            if fits || matches!(wanted, Type::Option(_)) && null {
                continue;
            }
            let given = if null { Type::Null } else { given };
            let message = format!("{} is `{wanted}`, but is given `{given}`", into.describe(self.app));
            let fault = Diagnostic::new(&CONTRADICTED_TYPE, *span, message)
                .label(format!("`{given}` here"))
                .related(*fixed, format!("`{wanted}` is fixed here"));
            let help = null.then(|| "`Option<…>` around the type lets it be `null`".to_owned());
            diagnostics.push(fault.maybe_help(help));
        }
    }

    fn report(&self, diagnostics: &mut Diagnostics) {
        self.report_contradictions(diagnostics);
        for (slot, conflict) in &self.conflicts {
            let Conflict { first, second } = conflict;
            let what = slot.describe(self.app);
            let message = format!("{what} is given both `{}` and `{}`", first.0, second.0);
            let mut warning = Diagnostic::new(&DISAGREEING_TYPES, second.1, message)
                .label(format!("`{}` here", second.0))
                .related(first.1, format!("`{}` here", first.0));
            let declared = slot.span(self.app);
            if declared != first.1 && declared != second.1 {
                warning = warning.related(declared, "declared here");
            }
            let note = format!("its type is therefore `{}`, looked at while it runs", self.slots.get(*slot));
            diagnostics.push(warning.note(note));
        }
    }
}

/// The slots that a reference reads.
fn slots_of(referent: &Referent) -> Vec<Slot> {
    match referent {
        Referent::Variable(id) => vec![Slot::Variable(*id)],
        Referent::Datum { sources, .. } => sources.iter().copied().map(Slot::Datum).collect(),
        Referent::Output(id) => vec![Slot::Output(*id)],
    }
}
