//! Scripts as text, in one line.

use std::fmt::Write;

use super::Printer;
use crate::ir::{FunctionId, LocalId, Over, Part, Place, Root, Script, ScriptFunction, Stmt};

impl<'a> Printer<'a> {
    pub(super) fn script(&mut self, script: &'a Script) {
        let around = self.script.replace(script);
        self.out.push_str("script { ");
        for (index, function) in script.functions.iter().enumerate() {
            self.function_body(FunctionId(index as u32), function);
        }
        self.expr(&script.body);
        self.out.push_str(" }");
        self.script = around;
    }

    fn function_body(&mut self, id: FunctionId, function: &'a ScriptFunction) {
        self.out.push_str("fn ");
        self.function(id);
        self.declared("(", &function.parameters, ")");
        if !function.captures.is_empty() {
            self.declared("[", &function.captures, "]");
        }
        _ = write!(self.out, " -> {} {{ ", function.body.ty);
        self.expr(&function.body);
        self.out.push_str(" } ");
    }

    fn declared(&mut self, open: &str, locals: &[LocalId], close: &str) {
        self.out.push_str(open);
        for (index, local) in locals.iter().enumerate() {
            self.out.push_str(if index == 0 { "" } else { ", " });
            self.declaration(*local);
        }
        self.out.push_str(close);
    }

    fn declaration(&mut self, local: LocalId) {
        self.local(local);
        let found = self.script.and_then(|script| script.locals.get(local.0 as usize));
        if let Some(found) = found {
            _ = write!(self.out, ": {}", found.ty);
        }
    }

    pub(super) fn local(&mut self, id: LocalId) {
        let locals = self.script.map_or(&[][..], |script| &script.locals);
        match locals.get(id.0 as usize) {
            Some(local) if !local.name.is_empty() => {
                self.out.push_str(&local.name);
                if locals.iter().filter(|other| other.name == local.name).count() > 1 {
                    _ = write!(self.out, "#{}", id.0);
                }
            }
            _ => _ = write!(self.out, "%{}", id.0),
        }
    }

    pub(super) fn function(&mut self, id: FunctionId) {
        let functions = self.script.map_or(&[][..], |script| &script.functions);
        match functions.get(id.0 as usize) {
            Some(function) if !function.name.is_empty() => {
                self.out.push_str(&function.name);
                if functions.iter().filter(|other| other.name == function.name).count() > 1 {
                    _ = write!(self.out, "#{}", id.0);
                }
            }
            _ => _ = write!(self.out, "fn{}", id.0),
        }
    }

    pub(super) fn statements(&mut self, statements: &'a [Stmt]) {
        for statement in statements {
            self.statement(statement);
            self.out.push(' ');
        }
    }

    fn list(&mut self, statements: &'a [Stmt]) {
        self.out.push_str("{ ");
        self.statements(statements);
        self.out.push('}');
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Let(local, value) => {
                self.out.push_str("let ");
                self.declaration(*local);
                self.out.push_str(" = ");
                self.expr(value);
                self.out.push(';');
            }
            Stmt::Assign(place, value) => {
                self.place(place);
                self.out.push_str(" = ");
                self.expr(value);
                self.out.push(';');
            }
            Stmt::Do(value) => {
                self.expr(value);
                self.out.push(';');
            }
            Stmt::If(condition, then, otherwise) => {
                self.out.push_str("if ");
                self.expr(condition);
                self.out.push(' ');
                self.list(then);
                if !otherwise.is_empty() {
                    self.out.push_str(" else ");
                    self.list(otherwise);
                }
            }
            Stmt::Loop { before, body, step, after, .. } => {
                self.out.push_str("loop ");
                if let Some(before) = before {
                    self.out.push_str("while ");
                    self.expr(before);
                    self.out.push(' ');
                }
                self.list(body);
                if !step.is_empty() {
                    self.out.push_str(" step ");
                    self.list(step);
                }
                if let Some(after) = after {
                    self.out.push_str(" while ");
                    self.expr(after);
                }
            }
            Stmt::ForEach { local, over, body, .. } => {
                self.out.push_str("for ");
                self.declaration(*local);
                self.out.push_str(" in ");
                match over {
                    Over::Items(items) => self.expr(items),
                    Over::Range(from, to) => {
                        self.expr(from);
                        self.out.push_str(" .. ");
                        self.expr(to);
                    }
                    Over::Dynamic(items) => {
                        self.out.push('~');
                        self.expr(items);
                    }
                }
                self.out.push(' ');
                self.list(body);
            }
            Stmt::Break => self.out.push_str("break;"),
            Stmt::Continue => self.out.push_str("continue;"),
            Stmt::Return(value) => {
                self.out.push_str("return ");
                self.expr(value);
                self.out.push(';');
            }
        }
    }

    pub(super) fn place(&mut self, place: &'a Place) {
        match &place.root {
            Root::Variable(id) => self.out.push_str(&self.app.variables[*id].name.text),
            Root::Local(id) => self.local(*id),
            Root::Temporary(value) => {
                self.out.push_str("temporary ");
                self.expr(value);
            }
        }
        for part in &place.path {
            match part {
                Part::Present => self.out.push('?'),
                Part::Item(index) | Part::Entry(index) => {
                    self.items("[", std::slice::from_ref(index), "]");
                }
                Part::Dynamic(index) => self.items("~[", std::slice::from_ref(index), "]"),
            }
        }
    }
}
