//! Pass `solve`: the types of all slots, as the least solution of what flows into them.
//!
//! Requires resolved expressions and what annotations fix. Establishes a type for every variable, event datum, service
//! value, `match` and local. Reports places that disagree with each other or with an annotation.
//!
//! Types only ever rise in a lattice of limited height, so this ends; flows are taken in a fixed order, so it
//! always ends alike.

mod cases;
mod disagreement;
pub(crate) mod flows;
pub(crate) mod library;
pub(crate) mod operators;
pub(crate) mod outline;
mod reads;
pub(crate) mod slots;
pub(crate) mod solving_rules;
pub(crate) mod typing;
mod uses;

use crate::{
    annotations::{self, ResolvedAnnotations, annotation_rules::CONTRADICTED_TYPE},
    diagnostics::{Diagnostic, Diagnostics},
    expr::{
        Resolved,
        ast::{Local, LocalId},
    },
    ir::{Disagreement, conversion::conversion},
    lists::{Gather, PushAll},
    model::{Application, OutputId, Role, Subject, VarId},
    sorted::{SortedMap, SortedSet},
    source::Span,
    types::{
        Type,
        algebra::{has_int, held, is_dynamic, is_open, join, limit, settle},
    },
};
use disagreement::Origin;
use flows::{From, Into, TypeFlow};
use outline::Outline;
use slots::{Slot, Slots};
use solving_rules::{DISAGREEING_TYPES, INTEGER_FROM_OUTSIDE};
use typing::Types;
use uses::{Evidence, Use};

/// An expression and what it is for.
#[derive(Debug)]
pub(crate) struct RoleScript {
    pub(crate) role: Role,
    pub(crate) script: Resolved,
}

impl RoleScript {
    pub(crate) fn local(&self, local: LocalId) -> Option<&Local<Span>> {
        self.script.locals.get(local.0 as usize)
    }

    /// Its locals with their ids.
    pub(crate) fn locals(&self) -> impl Iterator<Item = (LocalId, &Local<Span>)> {
        (0..).map(LocalId).zip(&self.script.locals)
    }
}

/// The types of all slots.
#[derive(Debug)]
pub(crate) struct Solution {
    /// The application, with the numbers of `items` for its expressions.
    pub(crate) app: Application<usize>,
    /// Its expressions.
    pub(crate) items: Vec<RoleScript>,
    /// The types.
    pub(crate) slots: Slots,
    /// Why some of them are `dynamic`.
    pub(crate) disagreements: Vec<Disagreement>,
    /// Expressions that give something another type than the user has fixed.
    pub(crate) contradicting: SortedSet<usize>,
}

/// Finds the types of all slots; reports the ones that two places disagree about.
pub(crate) fn solve(
    app: Application<Resolved>,
    annotations: &ResolvedAnnotations,
    diagnostics: &mut Diagnostics,
) -> Solution {
    let mut items = Vec::new();
    let mut app = app.map_expressions(&mut |context, script| {
        let mut script = match context.role {
            Role::Case(id) => cases::comparison(id, script),
            _ => script,
        };
        csml_expr::protect(&mut script.root);
        items.push(RoleScript { role: context.role, script });
        items.len() - 1
    });
    for datum in reads::protected_only(&app, &items) {
        // What is fixed may be missing if its schema says so.
        app.data[datum].optional |= !annotations.types.contains_key(&Subject::Datum(datum));
    }
    let outlines: Vec<_> = items.iter().map(|item| Outline::new(&item.script)).gather();
    let mut solver = Solver::new(&app, &items, &outlines, annotations);
    solver.flow();
    loop {
        while solver.learn_from_uses(Evidence::Needed) {
            solver.flow();
        }
        // What a value must be comes before what it meets.
        solver.asking = (0..solver.sites()).collect();
        if !solver.learn_from_uses(Evidence::Met) {
            break;
        }
        solver.flow();
    }
    while solver.settle() {
        solver.flow();
    }
    let contradicting = solver.report(diagnostics);
    let disagreements = disagreements(&solver.conflicts);
    let slots = solver.slots;
    Solution { app, items, slots, disagreements, contradicting }
}

/// The conflicts about what is not local to an expression.
fn disagreements(conflicts: &SortedMap<Slot, Conflict>) -> Vec<Disagreement> {
    let of = |(slot, conflict): (&Slot, &Conflict)| {
        let subject = match *slot {
            Slot::Variable(id) => Subject::Variable(id),
            Slot::Datum(id) => Subject::Datum(id),
            Slot::Input(id) => Subject::Input(id),
            Slot::Output(id) => Subject::Output(id),
            Slot::Match(_) | Slot::Local(..) => return None,
        };
        let Conflict { first, second } = conflict.clone();
        Some(Disagreement { subject, first, second })
    };
    conflicts.iter().filter_map(of).gather()
}

/// Two places that disagree: type and place of each.
#[derive(Debug, Clone)]
pub(crate) struct Conflict {
    pub(crate) first: (Type, Span),
    pub(crate) second: (Type, Span),
}

struct Solver<'a> {
    app: &'a Application<usize>,
    items: &'a [RoleScript],
    outlines: &'a [Outline<'a>],
    slots: Slots,
    flows: Vec<TypeFlow<'a>>,
    /// Flows to look at again when a slot's type has changed.
    readers: SortedMap<Slot, Vec<usize>>,
    waiting: SortedSet<usize>,
    /// Places that may say more about a slot they use when a slot's type has changed.
    users: SortedMap<Slot, Vec<usize>>,
    asking: SortedSet<usize>,
    outputs: Vec<(OutputId, VarId, Span)>,
    /// What made each slot's type what it is.
    sources: SortedMap<Slot, Vec<(Type, Span)>>,
    conflicts: SortedMap<Slot, Conflict>,
    /// Slots whose type the user has fixed, and where.
    fixed: SortedMap<Slot, Span>,
    /// Where something needs integers of a slot.
    needed: SortedMap<Slot, Span>,
}

impl<'a> Solver<'a> {
    fn new(
        app: &'a Application<usize>,
        items: &'a [RoleScript],
        outlines: &'a [Outline<'a>],
        annotations: &ResolvedAnnotations,
    ) -> Self {
        let mut solver = Self {
            app,
            items,
            outlines,
            slots: Slots::new(app, items),
            flows: Vec::new(),
            readers: SortedMap::new(),
            waiting: SortedSet::new(),
            users: SortedMap::new(),
            asking: SortedSet::new(),
            outputs: Vec::new(),
            sources: SortedMap::new(),
            conflicts: SortedMap::new(),
            fixed: SortedMap::new(),
            needed: SortedMap::new(),
        };
        for (site, (item, outline)) in items.iter().zip(outlines).enumerate() {
            if let Some(into) = Slot::of(item.role) {
                solver.users.entry(into).or_default().push(site);
            }
            flows::slots_in(&item.script.root, site, &mut |slot| {
                let users = solver.users.entry(slot).or_default();
                if users.last() != Some(&site) {
                    users.push(site);
                }
            });
            flows::of_item(site, item, outline).into_iter().for_each(|flow| solver.add(flow));
        }
        for invoke in app.invokes.values() {
            for (output, variable) in &invoke.output {
                let site = items.len() + solver.outputs.len();
                solver.outputs.push((*output, *variable, invoke.span));
                let into = Slot::Variable(*variable);
                solver.users.entry(into).or_default().push(site);
                let (into, from) = (Into::Slot(into), From::Output(*output));
                solver.add(TypeFlow { item: site, into, from, span: invoke.span });
            }
        }
        solver.asking = (0..solver.sites()).collect();
        solver.waiting = (0..solver.flows.len()).collect();
        for (id, datum) in app.data.iter() {
            if let Some(ty) = &datum.fixed {
                solver.raise(Slot::Datum(id), ty, datum.name.span);
            }
        }
        solver.slots.hosts = annotations.functions.clone();
        for (subject, fixed) in &annotations.types {
            let slot = Slot::of_subject(*subject);
            solver.raise(slot, &fixed.ty, fixed.span);
            solver.fixed.insert(slot, fixed.span);
        }
        solver
    }

    fn add(&mut self, flow: TypeFlow<'a>) {
        let number = self.flows.len();
        flow.each_slot(&mut |slot| {
            let readers = self.readers.entry(slot).or_default();
            if readers.last() != Some(&number) {
                readers.push(number);
            }
        });
        self.flows.push(flow);
    }

    fn types(&self) -> Types<'_> {
        Types { slots: &self.slots, item: 0, made: &[] }
    }

    /// Lets types flow until nothing changes.
    fn flow(&mut self) {
        while let Some(number) = self.waiting.pop_first() {
            let Some(flow) = self.flows.get(number) else { continue };
            let (span, types) = (flow.span, Types { item: flow.item, ..self.types() });
            let Some((into, ty)) = flow.now(types) else { continue };
            let origin = match flow.from {
                From::Expr(expr) if is_dynamic(&ty) => disagreement::origin(expr, types),
                _ => Origin::Elsewhere,
            };
            self.raise_with(into, &ty, span, origin);
        }
    }

    /// Makes a slot's type at least `ty`; whether that changed it.
    fn raise(&mut self, slot: Slot, ty: &Type, span: Span) -> bool {
        self.raise_with(slot, ty, span, Origin::Elsewhere)
    }

    /// As [`raise`](Self::raise), with why `ty` is dynamic, if it is.
    fn raise_with(&mut self, slot: Slot, ty: &Type, span: Span, origin: Origin) -> bool {
        if self.fixed.contains_key(&slot) {
            return false;
        }
        let old = self.slots.get(slot);
        let new = limit(join(old, ty));
        if new == *old {
            return false;
        }
        let sources = self.sources.entry(slot).or_default();
        if is_dynamic(&new) && !is_dynamic(old) && !matches!(origin, Origin::Error) {
            // What has only one source has taken over what something else is, unless that is an expression in which
            // two parts disagree.
            let apart = |source: &&(Type, Span)| {
                // What one place gave before it became dynamic does not disagree with it.
                is_dynamic(&join(&source.0, ty)) && !is_open(&source.0) && source.1 != span
            };
            let between =
                |first: &(Type, Span)| Conflict { first: first.clone(), second: (ty.clone(), span) };
            let any = sources.first().filter(|_| !is_dynamic(ty));
            let conflict = sources.iter().find(apart).map(between).or(origin.conflict()).or(any.map(between));
            if let Some(conflict) = conflict {
                self.conflicts.entry(slot).or_insert(conflict);
            }
        }
        sources.push((ty.clone(), span));
        self.slots.set(slot, new);
        self.waiting.extend(self.readers.get(&slot).into_iter().flatten());
        self.asking.extend(self.users.get(&slot).into_iter().flatten());
        true
    }

    /// How many places use slots: expressions, and outputs of services.
    fn sites(&self) -> usize {
        self.items.len() + self.outputs.len()
    }

    /// Types what is still open by how it is used; whether that changed anything.
    fn learn_from_uses(&mut self, evidence: Evidence) -> bool {
        let mut found = Vec::new();
        for site in std::mem::take(&mut self.asking) {
            match site.checked_sub(self.items.len()) {
                None => self.uses_at(site, evidence, &mut found),
                Some(output) => found.push_all(self.use_of_output(output)),
            }
        }
        let mut changed = false;
        for (slot, ty, span) in found {
            if evidence == Evidence::Needed && has_int(&ty) {
                self.needed.entry(slot).or_insert(span);
            }
            changed |= self.raise(slot, &ty, span);
        }
        changed
    }

    fn uses_at(&self, site: usize, evidence: Evidence, found: &mut Vec<Use>) {
        let (Some(item), Some(outline)) = (self.items.get(site), self.outlines.get(site)) else { return };
        let wanted = match (Slot::of(item.role), item.role) {
            (Some(slot), _) => self.slots.get(slot).clone(),
            (None, Role::Guard | Role::Case(_)) => Type::Bool,
            // A delay may have a fraction.
            (None, _) if evidence == Evidence::Needed => Type::Unknown,
            (None, _) => Type::Float,
        };
        let types = Types { item: site, ..self.types() };
        uses::collect(&item.script.root, &wanted, types, outline, evidence, found);
    }

    /// Warns of data from outside that must be integers at one place while any number would do at another: a sensor that
    /// sends a fraction is rejected.
    fn report_integers(&self, diagnostics: &mut Diagnostics) {
        let concerned = |slot: &Slot| {
            let integer = *held(self.slots.get(*slot)) == Type::Int && !self.fixed.contains_key(slot);
            integer && matches!(slot, Slot::Datum(_) | Slot::Output(_))
        };
        let needed = self.needed.iter().filter(|(slot, _)| concerned(slot));
        let mut needed: SortedMap<Slot, Span> = needed.map(|(slot, span)| (*slot, *span)).collect();
        if needed.is_empty() {
            return;
        }
        let mut met = Vec::new();
        for site in 0..self.items.len() {
            self.uses_at(site, Evidence::MetByKnown, &mut met);
        }
        for (slot, ty, any) in met {
            if ty != Type::Float {
                continue;
            }
            // Once for each.
            let Some(needed) = needed.remove(&slot) else { continue };
            let what = slot.describe(self.app, self.items);
            let subject =
                slot.subject().map(|subject| annotations::name(self.app, subject)).unwrap_or_default();
            let message = format!("{what} must be an integer, so a number with a fraction is rejected");
            diagnostics.push(
                Diagnostic::new(&INTEGER_FROM_OUTSIDE, needed, message)
                    .label("an `int` is needed here")
                    .related(any, "any number would do here")
                    .help(format!(
                        "if it always is an integer, say so: `{subject:?} = \"i64\"` under `[types]` in csml.toml; if \
                         not, convert it where an integer is needed, with `math:round`, `math:floor` or `math:ceil`"
                    )),
            );
        }
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

    /// What is given to a slot of a fixed type must fit it. Returns the expressions that do not.
    fn report_contradictions(&self, diagnostics: &mut Diagnostics) -> SortedSet<usize> {
        let mut contradicting = SortedSet::new();
        for flow in &self.flows {
            let Some((into, given)) = flow.now(self.types()) else { continue };
            let Some(fixed) = self.fixed.get(&into) else { continue };
            let wanted = self.slots.get(into);
            // What is open even now never has a value.
            let fits = match &given {
                Type::Unknown => true,
                Type::Null => wanted.has_host() || matches!(wanted, Type::Option(_) | Type::Dynamic),
                given => conversion(&settle(given), wanted).is_some(),
            };
            if fits {
                continue;
            }
            let what = into.describe(self.app, self.items);
            let message = format!("{what} is `{wanted}`, but is given `{given}`");
            let fault = Diagnostic::new(&CONTRADICTED_TYPE, flow.span, message)
                .label(format!("`{given}` here"))
                .related(*fixed, format!("`{wanted}` is fixed here"));
            let null = given == Type::Null;
            let help = null.then(|| "`Option<…>` around the type lets it be `null`".to_owned());
            diagnostics.push(fault.maybe_help(help));
            contradicting.insert(flow.item);
        }
        contradicting
    }

    fn report(&self, diagnostics: &mut Diagnostics) -> SortedSet<usize> {
        let contradicting = self.report_contradictions(diagnostics);
        self.report_integers(diagnostics);
        for (slot, conflict) in &self.conflicts {
            let Conflict { first, second } = conflict;
            let what = slot.describe(self.app, self.items);
            let message = format!("{what} is given both `{}` and `{}`", first.0, second.0);
            let mut warning = Diagnostic::new(&DISAGREEING_TYPES, second.1, message)
                .label(format!("`{}` here", second.0))
                .related(first.1, format!("`{}` here", first.0));
            let declared = slot.span(self.app, self.items);
            if let Some(declared) = declared.filter(|declared| *declared != first.1 && *declared != second.1)
            {
                warning = warning.related(declared, "declared here");
            }
            let note = format!("its type is therefore `{}`, checked at run time", self.slots.get(*slot));
            diagnostics.push(warning.note(note));
        }
        contradicting
    }
}
