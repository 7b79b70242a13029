//! Ways through the tree.

use crate::ast::{Expr, Function, Kind, Piece, Script};

impl<R, S> Script<R, S> {
    /// The same script with other references. All are visited; nothing if any yields nothing.
    pub fn map_references<T>(self, f: &mut dyn FnMut(R, &S) -> Option<T>) -> Option<Script<T, S>> {
        Some(Script { root: self.root.map_references(f)?, locals: self.locals })
    }
}

impl<R, S> Expr<R, S> {
    /// The same tree with other references. All are visited; nothing if any yields nothing.
    pub fn map_references<T>(self, f: &mut dyn FnMut(R, &S) -> Option<T>) -> Option<Expr<T, S>> {
        let span = self.span;
        // In functions of their own, to keep the stack of the recursion small. This list decides, and rustc sees
        // that it is complete, which function gets what.
        let kind = match self.kind {
            Kind::Null => Kind::Null,
            Kind::Bool(value) => Kind::Bool(value),
            Kind::Int(value) => Kind::Int(value),
            Kind::Float(value) => Kind::Float(value),
            Kind::Text(value) => Kind::Text(value),
            Kind::Regex(pattern) => Kind::Regex(pattern),
            Kind::Local(local) => Kind::Local(local),
            Kind::Break => Kind::Break,
            Kind::Continue => Kind::Continue,
            Kind::Ref(reference) => Kind::Ref(f(reference, &span)?),
            kind @ (Kind::Template(_) | Kind::List(_) | Kind::Set(_) | Kind::Block(_) | Kind::Map(_)) => {
                collection(kind, f)?
            }
            kind @ (Kind::Unary(..)
            | Kind::Protected(_)
            | Kind::Binary(..)
            | Kind::Conditional(..)
            | Kind::Assign { .. }
            | Kind::Increment { .. }) => operation(kind, f)?,
            kind @ (Kind::Index { .. }
            | Kind::Field { .. }
            | Kind::Call { .. }
            | Kind::Method { .. }
            | Kind::CallLocal { .. }
            | Kind::Apply { .. }) => access(kind, f)?,
            kind @ (Kind::Declare { .. }
            | Kind::Define { .. }
            | Kind::If(..)
            | Kind::While(..)
            | Kind::DoWhile(..)
            | Kind::ForEach { .. }
            | Kind::For { .. }
            | Kind::Return(_)) => statement(kind, f)?,
        };
        Some(Expr { kind, span })
    }

    /// What it is made of, in the order of the text; bodies of functions too.
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Regex(_)
            | Kind::Ref(_)
            | Kind::Local(_)
            | Kind::Break
            | Kind::Continue => Vec::new(),
            Kind::Template(pieces) => gather(pieces.iter().filter_map(|piece| match piece {
                Piece::Text(_) => None,
                Piece::Expr(expr) => Some(expr),
            })),
            Kind::List(items) | Kind::Set(items) | Kind::Block(items) => gather(items),
            Kind::Map(entries) => gather(entries.iter().flat_map(|(key, value)| [key, value])),
            Kind::Unary(_, operand) | Kind::Protected(operand) => vec![operand],
            Kind::Field { base, .. } => vec![base],
            Kind::Increment { target, .. } => vec![target],
            Kind::Binary(_, left, right) | Kind::While(left, right) | Kind::DoWhile(left, right) => {
                vec![left, right]
            }
            Kind::Index { base, index, .. } => vec![base, index],
            Kind::Assign { target, value, .. } => vec![target, value],
            Kind::Conditional(condition, then, otherwise) => vec![condition, then, otherwise],
            Kind::ForEach { target, collection, body } => vec![target, collection, body],
            Kind::Call { arguments, .. } | Kind::CallLocal { arguments, .. } => gather(arguments),
            Kind::Method { receiver, arguments, .. } => gather(std::iter::once(&**receiver).chain(arguments)),
            Kind::Apply { function, arguments } => gather(std::iter::once(&function.body).chain(arguments)),
            Kind::Declare { value, .. } | Kind::Return(value) => gather(value.as_deref()),
            Kind::Define { function, .. } => vec![&function.body],
            Kind::If(condition, then, otherwise) => {
                gather([&**condition, &**then].into_iter().chain(otherwise.as_deref()))
            }
            Kind::For { init, condition, step, body } => {
                let heads = [init, condition, step].into_iter();
                gather(heads.filter_map(|head| head.as_deref()).chain([&**body]))
            }
        }
    }

    /// The same, to be changed.
    pub(crate) fn children_mut(&mut self) -> Vec<&mut Self> {
        match &mut self.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Regex(_)
            | Kind::Ref(_)
            | Kind::Local(_)
            | Kind::Break
            | Kind::Continue => Vec::new(),
            Kind::Template(pieces) => gather(pieces.iter_mut().filter_map(|piece| match piece {
                Piece::Text(_) => None,
                Piece::Expr(expr) => Some(expr),
            })),
            Kind::List(items) | Kind::Set(items) | Kind::Block(items) => gather(items),
            Kind::Map(entries) => gather(entries.iter_mut().flat_map(|(key, value)| [key, value])),
            Kind::Unary(_, operand) | Kind::Protected(operand) => vec![operand],
            Kind::Field { base, .. } => vec![base],
            Kind::Increment { target, .. } => vec![target],
            Kind::Binary(_, left, right) | Kind::While(left, right) | Kind::DoWhile(left, right) => {
                vec![left, right]
            }
            Kind::Index { base, index, .. } => vec![base, index],
            Kind::Assign { target, value, .. } => vec![target, value],
            Kind::Conditional(condition, then, otherwise) => vec![condition, then, otherwise],
            Kind::ForEach { target, collection, body } => vec![target, collection, body],
            Kind::Call { arguments, .. } | Kind::CallLocal { arguments, .. } => gather(arguments),
            Kind::Method { receiver, arguments, .. } => {
                gather(std::iter::once(&mut **receiver).chain(arguments))
            }
            Kind::Apply { function, arguments } => {
                gather(std::iter::once(&mut function.body).chain(arguments))
            }
            Kind::Declare { value, .. } | Kind::Return(value) => gather(value.as_deref_mut()),
            Kind::Define { function, .. } => vec![&mut function.body],
            Kind::If(condition, then, otherwise) => {
                gather([&mut **condition, &mut **then].into_iter().chain(otherwise.as_deref_mut()))
            }
            Kind::For { init, condition, step, body } => {
                let heads = [init, condition, step].into_iter();
                gather(heads.filter_map(|head| head.as_deref_mut()).chain([&mut **body]))
            }
        }
    }

    /// Visits all references whose value is used: not the targets of plain assignments and of loops.
    pub fn visit_reads<'a>(&'a self, f: &mut dyn FnMut(&'a R)) {
        match &self.kind {
            Kind::Ref(reference) => f(reference),
            Kind::Assign { target, operator: None, .. } | Kind::ForEach { target, .. } => {
                target.visit_path(f);
                for child in self.children().into_iter().skip(1) {
                    child.visit_reads(f);
                }
            }
            _ => {
                for child in self.children() {
                    child.visit_reads(f);
                }
            }
        }
    }

    /// Visits what a target reads to find its place: indices, but not what it begins with.
    fn visit_path<'a>(&'a self, f: &mut dyn FnMut(&'a R)) {
        match &self.kind {
            Kind::Index { base, index, .. } => {
                base.visit_path(f);
                index.visit_reads(f);
            }
            Kind::Field { base, .. } => base.visit_path(f),
            Kind::Ref(_) => {}
            _ => self.visit_reads(f),
        }
    }

    /// Visits all function literals, in the order of the text.
    pub(crate) fn visit_functions(&mut self, f: &mut dyn FnMut(&mut Function<R, S>)) {
        if let Kind::Apply { function, .. } | Kind::Define { function, .. } = &mut self.kind {
            f(function);
        }
        for child in self.children_mut() {
            child.visit_functions(f);
        }
    }

    /// Visits the expression and everything in it, outer ones first.
    pub fn visit<'a>(&'a self, f: &mut dyn FnMut(&'a Self)) {
        f(self);
        for child in self.children() {
            child.visit(f);
        }
    }
}

#[inline(never)]
fn collection<R, S, T>(kind: Kind<R, S>, f: &mut dyn FnMut(R, &S) -> Option<T>) -> Option<Kind<T, S>> {
    Some(match kind {
        Kind::Template(pieces) => Kind::Template(every(pieces.into_iter().map(|piece| match piece {
            Piece::Text(text) => Some(Piece::Text(text)),
            Piece::Expr(expr) => expr.map_references(f).map(Piece::Expr),
        }))?),
        Kind::List(items) => Kind::List(all(items, f)?),
        Kind::Set(items) => Kind::Set(all(items, f)?),
        Kind::Block(items) => Kind::Block(all(items, f)?),
        Kind::Map(entries) => Kind::Map(every(entries.into_iter().map(|(key, value)| {
            let (key, value) = (key.map_references(f), value.map_references(f));
            Some((key?, value?))
        }))?),
        // Of the other groups.
        _ => return None,
    })
}

#[inline(never)]
fn operation<R, S, T>(kind: Kind<R, S>, f: &mut dyn FnMut(R, &S) -> Option<T>) -> Option<Kind<T, S>> {
    Some(match kind {
        Kind::Unary(operator, operand) => Kind::Unary(operator, one(*operand, f)?),
        Kind::Protected(operand) => Kind::Protected(one(*operand, f)?),
        Kind::Binary(operator, left, right) => {
            let (left, right) = (one(*left, f), one(*right, f));
            Kind::Binary(operator, left?, right?)
        }
        Kind::Conditional(condition, then, otherwise) => {
            let (condition, then, otherwise) = (one(*condition, f), one(*then, f), one(*otherwise, f));
            Kind::Conditional(condition?, then?, otherwise?)
        }
        Kind::Assign { target, operator, value } => {
            let (target, value) = (one(*target, f), one(*value, f));
            Kind::Assign { target: target?, operator, value: value? }
        }
        Kind::Increment { target, down, prefix } => {
            Kind::Increment { target: one(*target, f)?, down, prefix }
        }
        // Of the other groups.
        _ => return None,
    })
}

#[inline(never)]
fn access<R, S, T>(kind: Kind<R, S>, f: &mut dyn FnMut(R, &S) -> Option<T>) -> Option<Kind<T, S>> {
    Some(match kind {
        Kind::Index { base, index, access } => {
            let (base, index) = (one(*base, f), one(*index, f));
            Kind::Index { base: base?, index: index?, access }
        }
        Kind::Field { base, name, access } => Kind::Field { base: one(*base, f)?, name, access },
        Kind::Call { namespace, name, name_span, arguments } => {
            Kind::Call { namespace, name, name_span, arguments: all(arguments, f)? }
        }
        Kind::Method { receiver, name, name_span, arguments, access } => {
            let (receiver, arguments) = (one(*receiver, f), all(arguments, f));
            Kind::Method { receiver: receiver?, name, name_span, arguments: arguments?, access }
        }
        Kind::CallLocal { function, arguments } => {
            Kind::CallLocal { function, arguments: all(arguments, f)? }
        }
        Kind::Apply { function: called, arguments } => {
            let (called, arguments) = (function(*called, f), all(arguments, f));
            Kind::Apply { function: called?, arguments: arguments? }
        }
        // Of the other groups.
        _ => return None,
    })
}

#[inline(never)]
fn statement<R, S, T>(kind: Kind<R, S>, f: &mut dyn FnMut(R, &S) -> Option<T>) -> Option<Kind<T, S>> {
    Some(match kind {
        Kind::Declare { local, value } => Kind::Declare { local, value: maybe(value, f)? },
        Kind::Define { local, function: defined } => Kind::Define { local, function: function(*defined, f)? },
        Kind::If(condition, then, otherwise) => {
            let (condition, then, otherwise) = (one(*condition, f), one(*then, f), maybe(otherwise, f));
            Kind::If(condition?, then?, otherwise?)
        }
        Kind::While(condition, body) => {
            let (condition, body) = (one(*condition, f), one(*body, f));
            Kind::While(condition?, body?)
        }
        Kind::DoWhile(body, condition) => {
            let (body, condition) = (one(*body, f), one(*condition, f));
            Kind::DoWhile(body?, condition?)
        }
        Kind::ForEach { target, collection, body } => {
            let (target, collection, body) = (one(*target, f), one(*collection, f), one(*body, f));
            Kind::ForEach { target: target?, collection: collection?, body: body? }
        }
        Kind::For { init, condition, step, body } => {
            let (init, condition) = (maybe(init, f), maybe(condition, f));
            let (step, body) = (maybe(step, f), one(*body, f));
            Kind::For { init: init?, condition: condition?, step: step?, body: body? }
        }
        Kind::Return(value) => Kind::Return(maybe(value, f)?),
        // Of the other groups.
        _ => return None,
    })
}

fn function<R, S, T>(
    function: Function<R, S>,
    f: &mut dyn FnMut(R, &S) -> Option<T>,
) -> Option<Box<Function<T, S>>> {
    let Function { parameters, captures, body } = function;
    Some(Box::new(Function { parameters, captures, body: body.map_references(f)? }))
}

fn one<R, S, T>(expr: Expr<R, S>, f: &mut dyn FnMut(R, &S) -> Option<T>) -> Option<Box<Expr<T, S>>> {
    expr.map_references(f).map(Box::new)
}

/// Outer nothing for a failure, inner nothing for what is absent.
fn maybe<R, S, T>(
    expr: Option<Box<Expr<R, S>>>,
    f: &mut dyn FnMut(R, &S) -> Option<T>,
) -> Option<Option<Box<Expr<T, S>>>> {
    match expr {
        Some(expr) => one(*expr, f).map(Some),
        None => Some(None),
    }
}

fn all<R, S, T>(exprs: Vec<Expr<R, S>>, f: &mut dyn FnMut(R, &S) -> Option<T>) -> Option<Vec<Expr<T, S>>> {
    every(exprs.into_iter().map(|expr| expr.map_references(f)))
}

/// All or nothing, but always visiting all.
fn every<T>(items: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let mut all = Some(Vec::new());
    for item in items {
        match (&mut all, item) {
            (Some(all), Some(item)) => all.push(item),
            _ => all = None,
        }
    }
    all
}

/// All items, in order: `collect` as a plain loop, which costs less to build.
fn gather<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all = Vec::new();
    for item in items {
        all.push(item);
    }
    all
}
