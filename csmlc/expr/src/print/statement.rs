//! Statements → text.

use super::Printer;
use crate::{
    ast::{Expr, Kind, LocalId, LocalRole},
    grammar,
};

impl<R> Printer<'_, R> {
    /// A whole script. A block of one statement or of none must keep its braces or its `;` to be one.
    pub(super) fn script<S>(&mut self, root: &Expr<R, S>) {
        match &root.kind {
            Kind::Block(items) if items.is_empty() => self.out.push(';'),
            Kind::Block(items) if items.len() > 1 => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str("; ");
                    }
                    self.statement(item);
                }
            }
            _ => self.statement(root),
        }
    }

    /// A statement, without the `;` after it.
    pub(super) fn statement<S>(&mut self, expr: &Expr<R, S>) {
        match &expr.kind {
            Kind::Block(items) => self.block(items),
            Kind::Declare { local, value } => {
                self.declare(*local);
                self.value_of(*local, value.as_deref());
            }
            Kind::Define { local, function } => {
                self.out.push_str("let ");
                self.local(*local);
                self.out.push_str(" = ");
                self.function(function);
            }
            Kind::If(condition, then, otherwise) => {
                self.head("if (", condition);
                self.body(then);
                if let Some(otherwise) = otherwise {
                    self.out.push_str(" else ");
                    self.body(otherwise);
                }
            }
            Kind::While(condition, body) => {
                self.head("while (", condition);
                self.body(body);
            }
            Kind::DoWhile(body, condition) => {
                self.out.push_str("do ");
                self.body(body);
                self.out.push_str(" while (");
                self.expr(condition, grammar::ANYTHING);
                self.out.push(')');
            }
            Kind::ForEach { target, collection, body } => self.for_each(target, collection, body),
            Kind::For { init, condition, step, body } => {
                let parts = [init, condition, step].map(|part| part.as_deref());
                self.classic_for(parts, body);
            }
            Kind::Break => self.out.push_str("break"),
            Kind::Continue => self.out.push_str("continue"),
            Kind::Return(None) => self.out.push_str("return"),
            Kind::Return(Some(value)) => {
                self.out.push_str("return ");
                self.expr(value, grammar::ANYTHING);
            }
            _ => {
                let start = self.out.len();
                self.expr(expr, grammar::ANYTHING);
                // An empty block.
                self.unbrace(start, "{}");
            }
        }
    }

    fn head<S>(&mut self, text: &str, condition: &Expr<R, S>) {
        self.out.push_str(text);
        self.expr(condition, grammar::ANYTHING);
        self.out.push_str(") ");
    }

    /// What a condition, loop or function holds. A brace opens a block there.
    pub(super) fn body<S>(&mut self, body: &Expr<R, S>) {
        match &body.kind {
            Kind::Block(items) => self.block(items),
            Kind::Define { local, function } => {
                self.local(*local);
                self.out.push_str(" = ");
                self.function(function);
            }
            _ => {
                let start = self.out.len();
                self.statement(body);
                self.unbrace(start, "{");
            }
        }
    }

    /// Puts what was printed from `start` on into parentheses if it begins with this brace.
    fn unbrace(&mut self, start: usize, brace: &str) {
        if self.out.get(start..).is_some_and(|text| text.starts_with(brace)) {
            self.out.insert(start, '(');
            self.out.push(')');
        }
    }

    fn block<S>(&mut self, items: &[Expr<R, S>]) {
        self.out.push('{');
        for item in items {
            self.out.push(' ');
            self.statement(item);
            self.out.push(';');
        }
        self.out.push_str(if items.is_empty() { "}" } else { " }" });
    }

    /// `var`, or what else declares this local.
    fn declare(&mut self, local: LocalId) {
        let Some(known) = self.locals.get_mut(local.0 as usize) else { return };
        known.declared = true;
        self.out.push_str(match known.role {
            LocalRole::Let => "let ",
            LocalRole::Const => "const ",
            LocalRole::Var | LocalRole::Loop | LocalRole::Parameter | LocalRole::Function => "var ",
        });
    }

    fn value_of<S>(&mut self, local: LocalId, value: Option<&Expr<R, S>>) {
        self.local(local);
        if let Some(value) = value {
            self.out.push_str(" = ");
            self.expr(value, grammar::ANYTHING);
        }
    }

    fn for_each<S>(&mut self, target: &Expr<R, S>, collection: &Expr<R, S>, body: &Expr<R, S>) {
        self.out.push_str("for (");
        if let Kind::Local(local) = target.kind
            && let Some(known) = self.locals.get(local.0 as usize)
            && matches!(known.role, LocalRole::Loop | LocalRole::Let | LocalRole::Const)
            && !known.declared
        {
            self.declare(local);
        }
        self.expr(target, grammar::ANYTHING);
        self.out.push_str(" : ");
        self.expr(collection, grammar::ANYTHING);
        self.out.push_str(") ");
        self.body(body);
    }

    fn classic_for<S>(&mut self, [init, condition, step]: [Option<&Expr<R, S>>; 3], body: &Expr<R, S>) {
        self.out.push_str("for (");
        match init.map(|init| (init, &init.kind)) {
            Some((_, Kind::Block(items))) => self.declarations(items),
            // `for (a:f(x)` would go through `f(x)`.
            Some((init, Kind::Call { .. })) => self.expr(init, grammar::CONDITIONAL),
            Some((init, _)) => self.statement(init),
            None => {}
        }
        for part in [condition, step] {
            self.out.push(';');
            if let Some(part) = part {
                self.out.push(' ');
                self.expr(part, grammar::ANYTHING);
            }
        }
        self.out.push_str(") ");
        self.body(body);
    }

    /// `var a = 1, b`
    fn declarations<S>(&mut self, items: &[Expr<R, S>]) {
        let plain = items.iter().find_map(|item| match item.kind {
            Kind::Declare { local, .. } => Some(local),
            _ => None,
        });
        match plain {
            Some(local) => self.declare(local),
            None => self.out.push_str("let "),
        }
        for (index, item) in items.iter().enumerate() {
            self.separate(index);
            match &item.kind {
                Kind::Declare { local, value } => {
                    if let Some(known) = self.locals.get_mut(local.0 as usize) {
                        known.declared = true;
                    }
                    self.value_of(*local, value.as_deref());
                }
                Kind::Define { local, function } => {
                    self.local(*local);
                    self.out.push_str(" = ");
                    self.function(function);
                }
                _ => self.expr(item, grammar::ANYTHING),
            }
        }
    }
}
