//! What an expression declares while it is lowered: locals, functions, and what `return` ends.

use super::{Lowered, Lowering};
use crate::sorted::{SortedMap, SortedSet};
use crate::{
    expr::{
        Node,
        ast::{self, LocalRole},
    },
    ir::{Expr, FunctionId, Kind, Local, LocalId, Script, ScriptFunction, Stmt},
    lists::{Gather, PushAll},
    solve::{
        RoleScript, outline,
        slots::{Slot, Slots},
    },
    source::Span,
    types::{
        Type,
        algebra::{option, settle},
    },
};

/// What a function or a whole expression has to give.
#[derive(Debug, Clone)]
pub(super) enum Goal {
    /// A value of this type.
    Type(Type),
    /// Whether its value holds.
    Truth,
}

impl Goal {
    fn ty(&self) -> &Type {
        match self {
            Self::Type(ty) => ty,
            Self::Truth => &Type::Bool,
        }
    }
}

/// A function that is being lowered, or the expression itself.
#[derive(Debug)]
pub(super) struct Frame {
    goal: Goal,
    /// Locals that belong to it.
    declared: SortedSet<ast::LocalId>,
    /// Locals from around it, with the copies that it gets of them.
    pub(super) copies: Vec<(ast::LocalId, LocalId)>,
    /// The function; none for the expression itself.
    pub(super) function: Option<FunctionId>,
}

/// A call from one function to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) from: Option<FunctionId>,
    pub(super) to: FunctionId,
}

/// What is known about the expression at hand.
#[derive(Debug, Default)]
pub(super) struct ScriptState {
    /// Number of the expression.
    pub(super) item: usize,
    /// How many locals the expression itself declares; those that lowering makes come behind.
    own: usize,
    roles: Vec<LocalRole>,
    pub(super) locals: Vec<Local>,
    pub(super) functions: Vec<Option<ScriptFunction>>,
    pub(super) frames: Vec<Frame>,
    /// Locals that the open lists of statements have declared, in order.
    live: Vec<ast::LocalId>,
    is_live: SortedSet<ast::LocalId>,
    /// Every function by the local it is called through.
    pub(super) named: SortedMap<ast::LocalId, FunctionId>,
    pub(super) calls: Vec<Call>,
    /// Whose statements make each copy of a captured local.
    pub(super) homes: SortedMap<LocalId, Option<FunctionId>>,
    /// Whether there are statements.
    statements: bool,
}

/// Marks where a list of statements began.
#[derive(Debug, Clone, Copy)]
pub(super) struct StatementMark(usize);

impl ScriptState {
    pub(super) fn new(number: usize, item: &RoleScript, slots: &Slots) -> Self {
        let locals = item.locals().map(|(id, local)| Local {
            name: local.name.clone(),
            ty: settle(slots.get(Slot::Local(number, id))),
        });
        Self {
            item: number,
            own: item.script.locals.len(),
            roles: item.script.locals.iter().map(|local| local.role).gather(),
            locals: locals.gather(),
            ..Self::default()
        }
    }

    /// Opens a list of statements.
    pub(super) fn open(&self) -> StatementMark {
        StatementMark(self.live.len())
    }

    /// Closes it: what it declares is not seen any more.
    pub(super) fn close(&mut self, mark: StatementMark) {
        for local in self.live.drain(mark.0.min(self.live.len())..) {
            self.is_live.remove(&local);
        }
    }

    /// A local of the expression as it is known to statements around it.
    pub(super) fn declare(&mut self, local: ast::LocalId) {
        if self.is_live.insert(local) {
            self.live.push(local);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.declared.insert(local);
        }
    }

    /// Whether an open list of statements of this function has declared a local.
    pub(super) fn is_live(&self, local: ast::LocalId) -> bool {
        self.is_live.contains(&local)
    }

    pub(super) fn role(&self, local: ast::LocalId) -> Option<LocalRole> {
        self.roles.get(local.0 as usize).copied()
    }

    pub(super) fn ty(&self, local: LocalId) -> Type {
        self.locals.get(local.0 as usize).map_or(Type::Dynamic, |local| local.ty.clone())
    }

    fn name(&self, local: LocalId) -> String {
        self.locals.get(local.0 as usize).map(|local| local.name.clone()).unwrap_or_default()
    }

    /// A new local.
    pub(super) fn make(&mut self, name: String, ty: Type) -> LocalId {
        self.locals.push(Local { name, ty });
        LocalId(self.locals.len() as u32 - 1)
    }

    pub(super) fn goal(&self) -> Goal {
        self.frames.last().map_or(Goal::Truth, |frame| frame.goal.clone())
    }

    pub(super) fn push_frame(
        &mut self,
        goal: Goal,
        function: Option<FunctionId>,
        parameters: &[ast::LocalId],
    ) {
        let declared = parameters.iter().copied().collect();
        self.frames.push(Frame { goal, declared, copies: Vec::new(), function });
    }

    /// The local that stands for one of the expression's in the innermost function.
    pub(super) fn resolve(&mut self, local: ast::LocalId) -> LocalId {
        let id = LocalId(local.0);
        if local.0 as usize >= self.own || self.frames.len() < 2 {
            return id;
        }
        let Some(frame) = self.frames.last() else { return id };
        if frame.declared.contains(&local) {
            return id;
        }
        if let Some((_, copy)) = frame.copies.iter().find(|(original, _)| *original == local) {
            return *copy;
        }
        let copy = self.make(self.name(id), self.ty(id));
        if let Some(frame) = self.frames.last_mut() {
            frame.copies.push((local, copy));
        }
        copy
    }
}

impl Lowering<'_> {
    /// A whole expression: a script if it declares something or has statements.
    pub(super) fn whole(&mut self, root: &Node, goal: Goal) -> Lowered {
        self.script.push_frame(goal, None, &[]);
        let mut statements = Vec::new();
        self.hoist(root, &mut statements);
        let body = self.tail(root)?;
        self.finish_functions();
        let body = self.after(statements, body);
        self.script.frames.pop();
        let state = std::mem::take(&mut self.script);
        if !state.statements && state.functions.is_empty() {
            return Some(body);
        }
        let functions = state.functions.into_iter().collect::<Option<Vec<_>>>()?;
        let (ty, span) = (body.ty.clone(), body.span);
        let script = Script { locals: state.locals, functions, body: *body };
        Some(self.node(Kind::Script(Box::new(script)), ty, span))
    }

    /// Declares what is used outside of the block that declares it at the beginning of its function.
    pub(super) fn hoist(&mut self, body: &Node, out: &mut Vec<Stmt>) {
        let outlines = self.outlines;
        let Some(outline) = outlines.get(self.script.item) else { return };
        if outline.hoisted.is_empty() {
            return;
        }
        let mut declared = SortedSet::new();
        outline::declared(body, &mut declared);
        for local in declared.intersection(&outline.hoisted) {
            self.script.declare(*local);
            let id = LocalId(local.0);
            let ty = self.script.ty(id);
            if let Some(null) = self.null(&option(ty), body.span) {
                out.push(Stmt::Let(id, *null));
            }
        }
    }

    /// The last value of a function or of the whole expression.
    pub(super) fn tail(&mut self, expr: &Node) -> Lowered {
        match &expr.kind {
            ast::Kind::Return(Some(value)) => self.tail(value),
            ast::Kind::Return(None) => {
                let goal = self.script.goal();
                self.null(goal.ty(), expr.span)
            }
            ast::Kind::Block(statements) => {
                let ty = self.script.goal().ty().clone();
                self.block_with(statements, &ty, expr.span, Self::tail)
            }
            ast::Kind::If(condition, then, Some(otherwise)) => {
                let ty = self.script.goal().ty().clone();
                let condition = self.present_condition(condition);
                let (then, otherwise) = (self.tail(then), self.tail(otherwise));
                let kind = Kind::Conditional(condition?, then?, otherwise?);
                Some(self.node(kind, ty, expr.span))
            }
            _ => self.result(expr),
        }
    }

    /// What `return` gives.
    pub(super) fn result(&mut self, expr: &Node) -> Lowered {
        match self.script.goal() {
            Goal::Type(ty) => self.to(expr, &ty),
            Goal::Truth => self.truth(expr, true),
        }
    }

    /// `return`, `break` or `continue` where a value is expected.
    pub(super) fn leave(&mut self, expr: &Node, ty: &Type) -> Lowered {
        let mut statements = Vec::new();
        self.statement(expr, &mut statements)?;
        let never = self.node(Kind::Never, ty.clone(), expr.span);
        Some(self.after(statements, never))
    }

    /// A value after some statements.
    pub(super) fn after(&mut self, mut statements: Vec<Stmt>, value: Box<Expr>) -> Box<Expr> {
        if statements.is_empty() {
            return value;
        }
        self.script.statements = true;
        let (ty, span) = (value.ty.clone(), value.span);
        let value = match value.kind {
            Kind::Block(more, last) => {
                statements.push_all(more);
                last
            }
            kind => Box::new(Expr { kind, ..*value }),
        };
        self.node(Kind::Block(statements, value), ty, span)
    }

    /// Moves the statements a value begins with in front of it.
    pub(super) fn lift(&mut self, value: Expr, out: &mut Vec<Stmt>) -> Expr {
        match value.kind {
            Kind::Block(statements, last) => {
                out.push_all(statements);
                self.lift(*last, out)
            }
            Kind::Coerce(coercion, inner) => {
                let inner = self.lift(*inner, out);
                Expr { kind: Kind::Coerce(coercion, Box::new(inner)), ..value }
            }
            kind => Expr { kind, ..value },
        }
    }

    pub(super) fn local(&mut self, local: ast::LocalId, span: Span) -> Box<Expr> {
        let id = self.script.resolve(local);
        let ty = self.script.ty(id);
        self.node(Kind::Local(id), ty, span)
    }

    /// Keeps a value in a local of its own; the node that reads it.
    pub(super) fn keep(&mut self, value: Expr, out: &mut Vec<Stmt>) -> Node {
        let span = value.span;
        let id = self.script.make(String::new(), value.ty.clone());
        out.push(Stmt::Let(id, value));
        Node { kind: ast::Kind::Local(ast::LocalId(id.0)), span }
    }

    /// The expression as a local of its own, evaluated by now.
    pub(super) fn kept(&mut self, expr: &Node, out: &mut Vec<Stmt>) -> Option<Node> {
        let value = self.own(expr)?;
        Some(self.keep(*value, out))
    }

    /// The expression as one that can be evaluated more than once.
    pub(super) fn share(&mut self, expr: &Node, out: &mut Vec<Stmt>) -> Option<Node> {
        if is_simple(expr) {
            return Some(expr.clone());
        }
        self.kept(expr, out)
    }
}

/// Whether evaluating an expression twice costs little and does the same as evaluating it once.
pub(super) fn is_simple(expr: &Node) -> bool {
    match &expr.kind {
        ast::Kind::Field { base, .. } => is_simple(base),
        ast::Kind::Index { base, index, .. } => is_simple(base) && is_atom(index),
        ast::Kind::Protected(operand) => is_simple(operand),
        _ => is_atom(expr),
    }
}

/// Whether it is a literal, or read without looking into anything.
pub(super) fn is_atom(expr: &Node) -> bool {
    if let ast::Kind::Protected(operand) = &expr.kind {
        return is_atom(operand);
    }
    matches!(
        expr.kind,
        ast::Kind::Null
            | ast::Kind::Bool(_)
            | ast::Kind::Int(_)
            | ast::Kind::Float(_)
            | ast::Kind::Text(_)
            | ast::Kind::Regex(_)
            | ast::Kind::Ref(_)
            | ast::Kind::Local(_)
    )
}
