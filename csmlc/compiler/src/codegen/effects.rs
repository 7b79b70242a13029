//! What evaluating an expression may change, and what of that before it fails.
//!
//! Follows the order of evaluation, so that a guard `count = count + 1` has nothing to save: the addition
//! fails before the assignment.

use super::{
    rollback::{Change, Facts},
    site::EventKnowledge,
};
use crate::{
    ir::{Expr, Kind, Place, Program, Stmt},
    model::VarId,
};

/// Facts about evaluating `expression` in a step triggered as `trigger` says.
pub(super) fn expression(program: &Program, expression: &Expr, trigger: EventKnowledge) -> Facts {
    // Where any event may have triggered the step, the event is matched, and no match is an error.
    let fails = expression.can_fail(program) || (trigger == EventKnowledge::Any && expression.uses_event());
    if !expression.acts() {
        return Facts::failing(fails);
    }
    let script = match &expression.kind {
        Kind::Script(script) => Some(script.as_ref()),
        _ => None,
    };
    let functions = script.into_iter().flat_map(|script| &script.functions);
    // Which function is called when is not followed: any call may do what any function does.
    let calls = functions.fold(Facts::failing(true), |mut facts, function| {
        let body = &function.body;
        facts.changes.extend(body.changes().into_iter().map(Change::Variable));
        if body.uses_random() {
            facts.changes.insert(Change::Random);
        }
        facts
    });
    Follow { program, trigger, calls: calls.any_order() }.expr(expression)
}

struct Follow<'p> {
    program: &'p Program,
    trigger: EventKnowledge,
    /// Facts about calling a function of the script.
    calls: Facts,
}

impl Follow<'_> {
    fn expr(&self, expr: &Expr) -> Facts {
        let mut facts = Facts::default();
        match &expr.kind {
            Kind::And(left, right) | Kind::Or(left, right) => {
                facts.then(&self.expr(left));
                facts.then(&self.expr(right));
                return facts;
            }
            Kind::Conditional(condition, yes, no) => {
                facts.then(&self.expr(condition));
                facts.then(&either(&self.expr(yes), &self.expr(no)));
                return facts;
            }
            Kind::Block(statements, value) => {
                facts.then(&self.statements(statements));
                facts.then(&self.expr(value));
                return facts;
            }
            Kind::Script(script) => return self.expr(&script.body),
            _ => expr.for_each_child(&mut |child| facts.then(&self.expr(child))),
        }
        if matches!(expr.kind, Kind::Call(..)) {
            facts.then(&self.calls);
            return facts;
        }
        let datum = matches!(expr.kind, Kind::Datum { .. });
        let fails = expr.fails_itself(self.program) || (datum && self.trigger == EventKnowledge::Any);
        facts.then(&Facts::failing(fails));
        if expr.draws() {
            // Fails after drawing, as far as is known here.
            facts.then(&Facts { fails, ..Facts::change(Change::Random) }.any_order());
        }
        match &expr.kind {
            // Several entries are put one after the other, until one is too many.
            Kind::Change(entry, place, _) if matches!(entry.path, "map::put_all" | "set::add_all") => {
                facts.then(&Facts { fails: true, ..changed(place) }.any_order());
            }
            // Nothing is known of it.
            Kind::DynamicChange(_, place, _) => {
                facts.then(&Facts { fails: true, ..changed(place) }.any_order());
            }
            // Other methods check all before they change their receiver.
            Kind::Change(_, place, _) => facts.then(&changed(place)),
            _ => {}
        }
        facts
    }

    fn statements(&self, statements: &[Stmt]) -> Facts {
        let mut facts = Facts::default();
        for statement in statements {
            facts.then(&self.statement(statement));
        }
        facts
    }

    fn statement(&self, statement: &Stmt) -> Facts {
        let mut facts = Facts::default();
        match statement {
            Stmt::Let(_, value) | Stmt::Do(value) | Stmt::Return(value) => return self.expr(value),
            Stmt::Break | Stmt::Continue => {}
            Stmt::Assign(place, value) => {
                place.for_each_child(&mut |child| facts.then(&self.expr(child)));
                facts.then(&self.expr(value));
                facts.then(&Facts::failing(place.fails_itself(self.program)));
                facts.then(&changed(place));
            }
            Stmt::If(condition, yes, no) => {
                facts.then(&self.expr(condition));
                facts.then(&either(&self.statements(yes), &self.statements(no)));
            }
            Stmt::Loop { before, body, step, after, .. } => {
                let mut round = Facts::failing(true);
                if let Some(condition) = before {
                    round.then(&self.expr(condition));
                }
                round.then(&self.statements(body));
                round.then(&self.statements(step));
                if let Some(condition) = after {
                    round.then(&self.expr(condition));
                }
                facts.then(&round.any_order());
            }
            Stmt::ForEach { over, body, .. } => {
                over.for_each_child(&mut |child| facts.then(&self.expr(child)));
                facts.then(&Facts::failing(true));
                // All fuel is taken before the first round.
                let round = self.statements(body);
                facts.then(&round.any_order());
            }
        }
        facts
    }
}

fn either(one: &Facts, other: &Facts) -> Facts {
    let mut facts = one.clone();
    facts.or(other);
    facts
}

fn changed(place: &Place) -> Facts {
    let change = |variable: VarId| Facts::change(Change::Variable(variable));
    place.variable().map(change).unwrap_or_default()
}
