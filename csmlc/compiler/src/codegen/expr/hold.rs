//! What evaluating an operand disturbs. Operands are evaluated left to right: one that would be borrowed is
//! copied instead if a later one changes where it stands.

use super::ExprGenerator;
use crate::sorted::SortedSet;
use crate::{
    ir::{Expr, Kind, LocalId, Place, Root, Stmt},
    model::VarId,
};

/// What an evaluation changes.
#[derive(Debug, Default)]
pub(super) struct Touch {
    variables: SortedSet<VarId>,
    locals: SortedSet<LocalId>,
    /// It calls a function that may change any variable.
    context: bool,
}

impl Touch {
    fn place(&mut self, place: &Place) {
        match place.root {
            Root::Variable(variable) => self.variables.extend([variable]),
            Root::Local(local) => self.locals.extend([local]),
            Root::Temporary(_) => {}
        }
    }

    fn is_empty(&self) -> bool {
        !self.context && self.variables.is_empty() && self.locals.is_empty()
    }

    /// Whether `expr` reads something of it.
    pub(super) fn disturbs(&self, expr: &Expr) -> bool {
        !self.is_empty()
            && expr.any(&mut |part| match &part.kind {
                Kind::Variable(variable) => self.context || self.variables.contains(variable),
                Kind::Local(local) => self.locals.contains(local),
                _ => false,
            })
    }
}

impl ExprGenerator<'_> {
    /// What evaluating `expr` changes.
    pub(super) fn touch(&self, touch: &mut Touch, expr: &Expr) {
        expr.for_each_change(&mut |place| touch.place(place));
        touch.context |= self.calls_changing(expr);
    }

    /// What executing statements changes.
    pub(super) fn touched_by(&self, statements: &[Stmt]) -> Touch {
        let mut touch = Touch::default();
        for statement in statements {
            statement.for_each_assignment(&mut |place| touch.place(place));
            statement.for_each_child(&mut |expr| self.touch(&mut touch, expr));
        }
        touch
    }

    /// The generator for an operand that stands before others: what they change it may not borrow.
    pub(super) fn before(&self, earlier: &Expr, later: &[&Expr]) -> Self {
        let mut touch = Touch::default();
        for expr in later {
            self.touch(&mut touch, expr);
        }
        Self { held: self.held || touch.disturbs(earlier), ..*self }
    }

    /// Whether evaluating it calls a function that takes all variables to change some.
    pub(super) fn calls_changing(&self, expr: &Expr) -> bool {
        self.script.is_some_and(|script| {
            expr.any(
                &mut |part| matches!(part.kind, Kind::Call(function, _) if script.needs(function).changes),
            )
        })
    }
}
