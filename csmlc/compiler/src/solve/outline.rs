//! What the text of a script says before any type is known: its functions, and which locals have to be declared
//! at the beginning of their function because they are used outside of the block that declares them.

use crate::{
    expr::{
        Node, Resolved,
        ast::{Function, Kind, LocalId, LocalRole},
    },
    sorted::{SortedMap, SortedSet},
    source::Span,
};

/// A function of a resolved script.
pub(crate) type Lambda = Function<crate::expr::Referent, Span>;

/// Facts about one script.
#[derive(Debug, Default)]
pub(crate) struct Outline<'a> {
    /// The functions by the locals they are called through.
    pub(crate) functions: SortedMap<LocalId, &'a Lambda>,
    /// Locals to be declared at the beginning of their function.
    pub(crate) hoisted: SortedSet<LocalId>,
}

impl<'a> Outline<'a> {
    pub(crate) fn new(script: &'a Resolved) -> Self {
        let mut walk = ScriptWalk {
            script,
            outline: Self::default(),
            declared: SortedMap::new(),
            open: vec![0],
            blocks: 0,
        };
        if !script.locals.is_empty() {
            walk.expr(&script.root);
        }
        walk.outline
    }
}

struct ScriptWalk<'a> {
    script: &'a Resolved,
    outline: Outline<'a>,
    /// The block that each local is first declared in.
    declared: SortedMap<LocalId, u32>,
    /// The blocks around, outermost first.
    open: Vec<u32>,
    blocks: u32,
}

impl<'a> ScriptWalk<'a> {
    /// An expression in a block of its own: what it declares cannot be seen after it.
    fn apart(&mut self, expr: &'a Node) {
        self.blocks += 1;
        self.open.push(self.blocks);
        self.expr(expr);
        self.open.pop();
    }

    fn expr(&mut self, expr: &'a Node) {
        match &expr.kind {
            Kind::Local(local) => self.used(*local),
            Kind::Declare { local, value } => {
                if let Some(value) = value {
                    self.apart(value);
                }
                self.declare(*local);
            }
            Kind::Define { local, function } => {
                self.outline.functions.insert(*local, function);
                self.lambda(function);
            }
            Kind::Apply { function, arguments } => {
                self.lambda(function);
                for argument in arguments {
                    self.apart(argument);
                }
            }
            Kind::Block(statements) => {
                for statement in statements {
                    self.statement(statement);
                }
            }
            Kind::For { init, condition, step, body } => {
                if let Some(init) = init {
                    self.expr(init);
                }
                for part in [condition, step].into_iter().flatten() {
                    self.apart(part);
                }
                self.apart(body);
            }
            Kind::ForEach { target, collection, body } => {
                self.apart(collection);
                self.blocks += 1;
                self.open.push(self.blocks);
                match target.kind {
                    Kind::Local(local) if self.role(local) == Some(LocalRole::Loop) => self.declare(local),
                    _ => self.expr(target),
                }
                self.apart(body);
                self.open.pop();
            }
            _ => {
                for child in expr.children() {
                    self.apart(child);
                }
            }
        }
    }

    /// A statement of a block; a block of its own opens one.
    fn statement(&mut self, statement: &'a Node) {
        match statement.kind {
            Kind::Block(_) => self.apart(statement),
            _ => self.expr(statement),
        }
    }

    fn lambda(&mut self, lambda: &'a Lambda) {
        self.blocks += 1;
        self.open.push(self.blocks);
        for parameter in &lambda.parameters {
            self.declare(*parameter);
        }
        self.expr(&lambda.body);
        self.open.pop();
    }

    fn role(&self, local: LocalId) -> Option<LocalRole> {
        self.script.locals.get(local.0 as usize).map(|local| local.role)
    }

    fn declare(&mut self, local: LocalId) {
        let block = self.open.last().copied().unwrap_or(0);
        if *self.declared.entry(local).or_insert(block) != block {
            self.used(local);
        }
    }

    fn used(&mut self, local: LocalId) {
        if !self.declared.get(&local).is_some_and(|block| self.open.contains(block)) {
            self.outline.hoisted.insert(local);
        }
    }
}

/// Whether a statement never goes on to the one behind it.
pub(crate) fn leaves(statement: &Node) -> bool {
    match &statement.kind {
        Kind::Return(_) | Kind::Break | Kind::Continue => true,
        Kind::Block(statements) => statements.iter().any(leaves),
        Kind::If(_, then, Some(otherwise)) => leaves(then) && leaves(otherwise),
        _ => false,
    }
}

/// The expression that gives a body its value, for messages.
pub(crate) fn end_of(body: &Node) -> &Node {
    match &body.kind {
        Kind::Block(statements) => statements.last().map_or(body, end_of),
        _ => body,
    }
}

/// Whether a literal counts as true.
pub(crate) fn constant_truth(literal: &Node) -> Option<bool> {
    match &literal.kind {
        Kind::Null => Some(false),
        Kind::Bool(value) => Some(*value),
        Kind::Int(value) => Some(*value != 0),
        Kind::Float(value) => Some(*value != 0.0 && !value.is_nan()),
        _ => None,
    }
}

/// The values that `return` gives in a body, those of functions within it aside.
pub(crate) fn returns<'a>(body: &'a Node, found: &mut dyn FnMut(&'a Node, Option<&'a Node>)) {
    match &body.kind {
        Kind::Return(value) => found(body, value.as_deref()),
        Kind::Define { .. } => {}
        Kind::Apply { arguments, .. } => {
            for argument in arguments {
                returns(argument, found);
            }
        }
        _ => {
            for child in body.children() {
                returns(child, found);
            }
        }
    }
}

/// The locals that a body declares, those of functions within it aside.
pub(crate) fn declared(body: &Node, found: &mut SortedSet<LocalId>) {
    match &body.kind {
        Kind::Declare { local, value } => {
            found.insert(*local);
            if let Some(value) = value {
                declared(value, found);
            }
        }
        Kind::ForEach { target, collection, body } => {
            if let Kind::Local(local) = target.kind {
                found.insert(local);
            }
            declared(collection, found);
            declared(body, found);
        }
        Kind::Define { .. } => {}
        Kind::Apply { arguments, .. } => {
            for argument in arguments {
                declared(argument, found);
            }
        }
        _ => {
            for child in body.children() {
                declared(child, found);
            }
        }
    }
}
