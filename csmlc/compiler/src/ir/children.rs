//! Going through what an expression is made of: operands, statements, places.

use super::{Expr, Kind, Over, Part, Place, Root, Stmt};

impl Expr {
    /// Calls `visit` for each direct operand, in order of evaluation. Of a block these are the expressions of its
    /// statements too, of a script those of its functions, behind its body.
    pub fn for_each_child<'e>(&'e self, visit: &mut dyn FnMut(&'e Self)) {
        match &self.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Variable(_)
            | Kind::Datum { .. }
            | Kind::Output(_)
            | Kind::Matched(_)
            | Kind::Local(_)
            | Kind::Never => {}
            Kind::List(items)
            | Kind::Set(items)
            | Kind::Concat(items)
            | Kind::Dynamic(_, items)
            | Kind::Function(_, items)
            | Kind::Library(_, items)
            | Kind::DynamicMethod(_, items)
            | Kind::DynamicFunction(_, _, items)
            | Kind::Host(_, items)
            | Kind::Call(_, items) => items.iter().for_each(visit),
            Kind::Map(entries) => {
                for (key, value) in entries {
                    visit(key);
                    visit(value);
                }
            }
            Kind::Coerce(_, operand)
            | Kind::Negate(operand)
            | Kind::Not(operand)
            | Kind::BitNot(operand)
            | Kind::IsNull(operand) => visit(operand),
            Kind::Arithmetic(_, left, right)
            | Kind::Bits(_, left, right)
            | Kind::Compare(_, left, right)
            | Kind::Range(left, right)
            | Kind::Append(left, right)
            | Kind::Combine(_, left, right)
            | Kind::And(left, right)
            | Kind::Or(left, right)
            | Kind::Protected(left, right)
            | Kind::ListItem(left, right)
            | Kind::MapItem(left, right) => {
                visit(left);
                visit(right);
            }
            Kind::Conditional(condition, yes, no) => {
                visit(condition);
                visit(yes);
                visit(no);
            }
            Kind::Change(_, place, arguments) | Kind::DynamicChange(_, place, arguments) => {
                place.for_each_child(visit);
                arguments.iter().for_each(visit);
            }
            Kind::Block(statements, value) => {
                for statement in statements {
                    statement.for_each_child(visit);
                }
                visit(value);
            }
            Kind::Script(script) => {
                visit(&script.body);
                for function in &script.functions {
                    visit(&function.body);
                }
            }
        }
    }

    /// Its direct operands, in order of evaluation.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        let mut children = Vec::new();
        self.for_each_child(&mut |child| children.push(child));
        children
    }

    /// Whether `test` holds for the expression or anything in it.
    pub fn any(&self, test: &mut dyn FnMut(&Self) -> bool) -> bool {
        if test(self) {
            return true;
        }
        let mut found = false;
        self.for_each_child(&mut |child| found = found || child.any(test));
        found
    }

    /// Calls `visit` for each statement in it, those in other statements too.
    pub fn for_each_statement<'e>(&'e self, visit: &mut dyn FnMut(&'e Stmt)) {
        if let Kind::Block(statements, _) = &self.kind {
            for statement in statements {
                statement.for_each(visit);
            }
        }
        self.for_each_child(&mut |child| child.for_each_statement(visit));
    }
}

impl Stmt {
    /// Calls `visit` for each expression in it, in order of evaluation, those of the statements in it too.
    pub fn for_each_child<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        match self {
            Self::Let(_, value) | Self::Do(value) | Self::Return(value) => visit(value),
            Self::Assign(place, value) => {
                place.for_each_child(visit);
                visit(value);
            }
            Self::If(condition, yes, no) => {
                visit(condition);
                for statement in yes.iter().chain(no) {
                    statement.for_each_child(visit);
                }
            }
            Self::Loop { before, body, step, after, .. } => {
                before.iter().for_each(&mut *visit);
                for statement in body.iter().chain(step) {
                    statement.for_each_child(visit);
                }
                after.iter().for_each(visit);
            }
            Self::ForEach { over, body, .. } => {
                over.for_each_child(visit);
                for statement in body {
                    statement.for_each_child(visit);
                }
            }
            Self::Break | Self::Continue => {}
        }
    }

    /// Calls `visit` for this statement and those directly in it, but not for those in its expressions.
    fn for_each<'e>(&'e self, visit: &mut dyn FnMut(&'e Self)) {
        visit(self);
        match self {
            Self::Let(..)
            | Self::Assign(..)
            | Self::Do(_)
            | Self::Break
            | Self::Continue
            | Self::Return(_) => {}
            Self::If(_, yes, no) => {
                for statement in yes.iter().chain(no) {
                    statement.for_each(visit);
                }
            }
            Self::Loop { body, step, .. } => {
                for statement in body.iter().chain(step) {
                    statement.for_each(visit);
                }
            }
            Self::ForEach { body, .. } => {
                for statement in body {
                    statement.for_each(visit);
                }
            }
        }
    }
}

impl Over {
    /// Calls `visit` for each expression in it, in order of evaluation.
    pub fn for_each_child<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        match self {
            Self::Items(items) | Self::Dynamic(items) => visit(items),
            Self::Range(from, to) => {
                visit(from);
                visit(to);
            }
        }
    }
}

impl Place {
    /// Calls `visit` for each expression in it, in order of evaluation.
    pub fn for_each_child<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        if let Root::Temporary(value) = &self.root {
            visit(value);
        }
        for part in &self.path {
            match part {
                Part::Present => {}
                Part::Item(index) | Part::Entry(index) | Part::Dynamic(index) => visit(index),
            }
        }
    }
}
