//! Pass `lower`: resolved expressions → typed ones, with every conversion as a node of its own.
//!
//! Requires the types of all slots. Establishes that every expression has a type and every operation operands of it, as
//! [`crate::ir`] says. Reports the rules of [`lowering_rules`]; what is in error never has a value
//! ([`Kind::Never`]).

pub(crate) mod lowering_rules;
#[cfg(test)]
mod tests;

use crate::{
    annotations::ResolvedAnnotations,
    diagnostics::{Diagnostic, Diagnostics},
    expr::{
        Node, Referent,
        ast::{self, Access, Binary},
    },
    ir::{
        Coercion, Expr, Kind, TakenOutput, Typed,
        conversion::{conversion, steps},
    },
    lists::Gather,
    model::{DatumId, Invoke, OutputId, Role, VarId, arena::Arena},
    solve::{
        RoleScript, Solution, flows,
        outline::Outline,
        slots::{Slot, Slots},
        typing::{Operation, Types, datum_type, operation},
    },
    source::{Sources, Span},
    types::{
        Type,
        algebra::{present, settle},
    },
};

mod access;
mod assign;
mod block;
mod calls;
mod check;
mod choice;
mod functions;
mod logic;
mod loops;
mod operations;
mod patterns;
mod positions;
mod protected;
mod script_state;

pub(crate) use check::impossible_delay;
use positions::Positions;
use script_state::{Goal, ScriptState};

/// Types the expressions of an application. What cannot be typed is reported, and never has a value.
pub(crate) fn lower(
    solution: Solution,
    annotations: ResolvedAnnotations,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Typed {
    let Solution { app, items, slots, disagreements, contradicting } = solution;
    let outlines: Vec<_> = items.iter().map(|item| Outline::new(&item.script)).gather();
    let mut lowering = Lowering::new(&slots, &items, &outlines, sources, diagnostics);
    let app = app.map_expressions(&mut |_, number| match contradicting.contains(&number) {
        true => lowering.broken(number),
        false => lowering.item(number),
    });
    let mut taken = Arena::new();
    for invoke in app.invokes.values() {
        taken.push(lowering.taken(invoke));
    }
    let Slots { variables, data, inputs, outputs, matches, .. } = slots;
    Typed {
        app,
        variables,
        data,
        inputs,
        outputs,
        taken,
        matches,
        disagreements,
        host_types: annotations.host_types,
    }
}

/// A typed expression, unless something is wrong with it. Boxed, to keep the stack of the recursion small.
type Lowered = Option<Box<Expr>>;

struct Lowering<'a> {
    slots: &'a Slots,
    items: &'a [RoleScript],
    outlines: &'a [Outline<'a>],
    positions: Positions<'a>,
    diagnostics: &'a mut Diagnostics,
    /// What the expression at hand declares.
    script: ScriptState,
    /// How many protected expressions are around the one at hand.
    shelters: u32,
}

impl<'a> Lowering<'a> {
    fn new(
        slots: &'a Slots,
        items: &'a [RoleScript],
        outlines: &'a [Outline<'a>],
        sources: &'a Sources,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let script = ScriptState::default();
        Self { slots, items, outlines, positions: Positions::new(sources), diagnostics, script, shelters: 0 }
    }

    /// An expression whose error has been reported.
    fn broken(&mut self, number: usize) -> Expr {
        let span = self.items.get(number).map_or(Span::default(), |item| item.script.root.span);
        *self.node(Kind::Never, Type::Dynamic, span)
    }

    /// The typed form of an expression, of the type its purpose needs. One that has errors never has a value.
    fn item(&mut self, number: usize) -> Expr {
        let items = self.items;
        let Some(item) = items.get(number) else { return self.broken(number) };
        self.script = ScriptState::new(number, item, self.slots);
        let root = &item.script.root;
        let (lowered, ty) = match Slot::of(item.role) {
            Some(slot) => {
                let ty = self.slots.get(slot).clone();
                (self.whole(root, Goal::Type(ty.clone())), ty)
            }
            None if item.role == Role::Guard => (self.guard(root), Type::Bool),
            None if matches!(item.role, Role::Case(_)) => {
                (self.whole(root, Goal::Type(Type::Bool)), Type::Bool)
            }
            None => (self.delay(root), Type::Int),
        };
        *lowered.unwrap_or_else(|| self.node(Kind::Never, ty, root.span))
    }

    /// The outputs that variables take, each as a value of the variable's type. What does not fit an annotation has
    /// been reported.
    fn taken(&mut self, invoke: &Invoke<Expr>) -> Vec<TakenOutput> {
        let slots = self.slots;
        let take = |(output, variable): &(OutputId, VarId)| {
            let value = self.node(Kind::Output(*output), slots.outputs[*output].clone(), invoke.span);
            let steps = conversion(&value.ty, &slots.variables[*variable]).unwrap_or_default();
            TakenOutput { output: *output, variable: *variable, value: *apply(value, steps) }
        };
        invoke.output.iter().map(take).gather()
    }

    fn node(&mut self, kind: Kind, ty: Type, span: Span) -> Box<Expr> {
        Box::new(Expr { kind, ty, span, at: self.positions.position(span) })
    }

    fn refuse(&mut self, span: Span, message: impl Into<String>) -> Lowered {
        self.diagnostics.push(Diagnostic::new(&lowering_rules::REFUSED_OPERATION, span, message));
        None
    }

    fn types(&self) -> Types<'_> {
        Types { slots: self.slots, item: self.script.item, made: &self.script.locals }
    }

    fn type_of(&self, expr: &Node) -> Type {
        self.types().of(expr)
    }

    /// The type of what an expression gives, by its end or by `return`.
    fn value_type(&self, root: &Node) -> Type {
        flows::value_type(root, self.types())
    }

    /// The expression as a value of type `ty`, which is settled.
    fn to(&mut self, expr: &Node, ty: &Type) -> Lowered {
        match (&expr.kind, ty) {
            (ast::Kind::Null, _) => self.null(ty, expr.span),
            (ast::Kind::List(items), Type::List(item)) => self.list(items, item, ty, expr.span),
            (ast::Kind::Set(items), Type::Set(item)) => self.set(items, item, ty, expr.span),
            (ast::Kind::Map(entries), Type::Map(key, value)) => {
                self.map(entries, (key, value), ty, expr.span)
            }
            (ast::Kind::List(_) | ast::Kind::Set(_) | ast::Kind::Map(_), _) => self.literal_to(expr, ty),
            (ast::Kind::Conditional(condition, then, otherwise), _) => {
                let condition = self.condition(condition);
                self.choose(condition, then, Some(otherwise), ty, expr.span)
            }
            (ast::Kind::If(condition, then, otherwise), _) => {
                let condition = self.present_condition(condition);
                self.choose(condition, then, otherwise.as_deref(), ty, expr.span)
            }
            (ast::Kind::Binary(Binary::Elvis, left, right), _) => self.elvis(left, right, ty, expr.span),
            (ast::Kind::Binary(Binary::Coalesce, left, right), _) => {
                self.coalesce(left, right, ty, expr.span)
            }
            (ast::Kind::Block(statements), _) => self.block(statements, ty, expr.span),
            (ast::Kind::Return(_) | ast::Kind::Break | ast::Kind::Continue, _) => self.leave(expr, ty),
            _ => {
                let value = self.own(expr)?;
                self.coerce(value, ty)
            }
        }
    }

    fn null(&mut self, ty: &Type, span: Span) -> Lowered {
        if matches!(ty, Type::Option(_) | Type::Dynamic) {
            return Some(self.node(Kind::Null, ty.clone(), span));
        }
        let null = self.node(Kind::Null, Type::Option(Box::new(ty.clone())), span);
        self.coerce(null, ty)
    }

    /// A literal collection where something else than such a collection is needed.
    fn literal_to(&mut self, expr: &Node, ty: &Type) -> Lowered {
        let own = match ty {
            Type::Option(item) if same_kind(&expr.kind, item) => (**item).clone(),
            _ => settle(&self.type_of(expr)),
        };
        let collection = self.to(expr, &own)?;
        self.coerce(collection, ty)
    }

    /// Expressions as values of one type.
    fn each(&mut self, exprs: &[Node], ty: &Type) -> Option<Vec<Expr>> {
        let values: Vec<_> = exprs.iter().map(|expr| self.to(expr, ty)).gather();
        values.into_iter().map(|value| value.map(|value| *value)).collect()
    }

    fn list(&mut self, items: &[Node], item: &Type, ty: &Type, span: Span) -> Lowered {
        let items = self.each(items, item)?;
        Some(self.node(Kind::List(items), ty.clone(), span))
    }

    fn set(&mut self, items: &[Node], item: &Type, ty: &Type, span: Span) -> Lowered {
        let items = self.each(items, item)?;
        Some(self.node(Kind::Set(items), ty.clone(), span))
    }

    fn map(
        &mut self,
        entries: &[(Node, Node)],
        (key, value): (&Type, &Type),
        ty: &Type,
        span: Span,
    ) -> Lowered {
        let entries: Vec<_> = entries.iter().map(|(k, v)| (self.to(k, key), self.to(v, value))).gather();
        let entries = entries.into_iter().map(|(k, v)| Some((*k?, *v?))).collect::<Option<_>>()?;
        Some(self.node(Kind::Map(entries), ty.clone(), span))
    }

    /// The expression in its own type.
    fn own(&mut self, expr: &Node) -> Lowered {
        let span = expr.span;
        match &expr.kind {
            ast::Kind::Bool(_)
            | ast::Kind::Int(_)
            | ast::Kind::Float(_)
            | ast::Kind::Text(_)
            | ast::Kind::Regex(_) => self.literal(expr),
            ast::Kind::Protected(operand) => self.protected(operand),
            ast::Kind::Ref(referent) => Some(self.reference(referent, span)),
            ast::Kind::Local(local) => Some(self.local(*local, span)),
            ast::Kind::Template(pieces) => self.template(pieces, span),
            ast::Kind::Null
            | ast::Kind::List(_)
            | ast::Kind::Set(_)
            | ast::Kind::Map(_)
            | ast::Kind::Conditional(..)
            | ast::Kind::Binary(Binary::Elvis | Binary::Coalesce, ..)
            | ast::Kind::If(..)
            | ast::Kind::Block(_)
            | ast::Kind::Return(_)
            | ast::Kind::Break
            | ast::Kind::Continue => {
                let ty = settle(&self.type_of(expr));
                self.to(expr, &ty)
            }
            ast::Kind::Unary(operator, operand) => self.unary(*operator, operand, span),
            ast::Kind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            ast::Kind::Index { base, index, access: Access::Plain } => self.index(base, index, span),
            ast::Kind::Field { base, name, access: Access::Plain } => self.field(base, name, span),
            ast::Kind::Method { access: Access::Plain, .. } => self.method(expr),
            ast::Kind::Index { .. } | ast::Kind::Field { .. } => self.safe_member(expr),
            ast::Kind::Method { .. } => self.safe_method(expr),
            ast::Kind::Call { namespace, name, arguments, .. } => {
                self.call(namespace.as_deref().unwrap_or_default(), name, arguments, span)
            }
            ast::Kind::CallLocal { function, arguments } => self.call_local(*function, arguments, span),
            ast::Kind::Apply { function, arguments } => self.apply_function(function, arguments, span),
            ast::Kind::Assign { .. } | ast::Kind::Increment { .. } => self.assigned(expr),
            ast::Kind::Declare { local, value } => self.declared(*local, value.as_deref(), span),
            ast::Kind::Define { .. } => self.refuse(span, "a function is not a value: it can only be called"),
            ast::Kind::While(..)
            | ast::Kind::DoWhile(..)
            | ast::Kind::ForEach { .. }
            | ast::Kind::For { .. } => self.loop_value(expr),
        }
    }

    fn binary(&mut self, operator: Binary, left: &Node, right: &Node, span: Span) -> Lowered {
        match operation(operator) {
            Operation::Arithmetic(op) => self.arithmetic(op, left, right, span),
            Operation::Bits(op) => self.bits(op, left, right, span),
            Operation::Range => self.range(left, right, span),
            Operation::Comparison(op) => self.comparison(op, left, right, span),
            Operation::Identity(same) => self.identity(same, left, right, span),
            Operation::Match(what, positive) => self.matching(what, positive, left, right, span),
            Operation::And => self.logic(Kind::And, left, right, span),
            Operation::Or => self.logic(Kind::Or, left, right, span),
            Operation::Elvis => {
                let ty = settle(&self.types().binary(operator, left, right));
                self.elvis(left, right, &ty, span)
            }
            Operation::Coalesce => {
                let ty = settle(&self.types().binary(operator, left, right));
                self.coalesce(left, right, &ty, span)
            }
        }
    }

    fn literal(&mut self, expr: &Node) -> Lowered {
        let (kind, ty) = match &expr.kind {
            ast::Kind::Bool(value) => (Kind::Bool(*value), Type::Bool),
            ast::Kind::Int(value) => (Kind::Int(*value), Type::Int),
            ast::Kind::Float(value) => (Kind::Float(*value), Type::Float),
            ast::Kind::Text(value) | ast::Kind::Regex(value) => (Kind::Text(value.clone()), Type::Text),
            _ => return None,
        };
        Some(self.node(kind, ty, expr.span))
    }

    fn reference(&mut self, referent: &Referent, span: Span) -> Box<Expr> {
        match referent {
            Referent::Variable(id) => self.node(Kind::Variable(*id), self.slots.variables[*id].clone(), span),
            Referent::Output(id) => self.node(Kind::Output(*id), self.slots.outputs[*id].clone(), span),
            Referent::Matched(id) => self.node(Kind::Matched(*id), self.slots.matches[*id].clone(), span),
            Referent::Datum { name, sources, partial } => self.datum(name, sources, *partial, span),
            Referent::Broken => self.node(Kind::Never, Type::Dynamic, span),
        }
    }

    fn datum(&mut self, name: &str, sources: &[DatumId], partial: bool, span: Span) -> Box<Expr> {
        let ty = settle(&datum_type(sources, self.slots));
        let coerced = sources.iter().map(|source| {
            let steps = steps(&self.slots.data[*source], &ty).unwrap_or_default();
            (*source, steps.into_iter().next().map(|(coercion, _)| coercion))
        });
        let kind = Kind::Datum { name: name.to_owned(), sources: coerced.gather(), partial };
        self.node(kind, ty, span)
    }

    /// The value converted to a type that it can be converted to.
    fn coerce(&mut self, mut value: Box<Expr>, ty: &Type) -> Lowered {
        if value.ty == *ty {
            return Some(value);
        }
        if let (Kind::Int(int), Type::Float) = (&value.kind, ty) {
            value.kind = Kind::Float(*int as f64);
            value.ty = Type::Float;
            return Some(value);
        }
        // What never has a value has any type.
        if let Kind::Never = value.kind {
            value.ty = ty.clone();
            return Some(value);
        }
        // Instead of `null` for what is missing, and no value for `null`, there is no value at once.
        if self.shelters > 0
            && matches!(value.ty, Type::Option(_))
            && !matches!(ty, Type::Option(_) | Type::Dynamic)
        {
            value = Self::sheltered_value(value);
            if value.ty == *ty {
                return Some(value);
            }
        }
        let Some(steps) = conversion(&value.ty, ty) else {
            let message = format!("`{}` cannot be used as `{ty}`", value.ty);
            return self.refuse(value.span, message);
        };
        Some(apply(value, steps))
    }

    fn dynamic(&mut self, expr: &Node) -> Lowered {
        self.to(expr, &Type::Dynamic)
    }

    /// Expressions as dynamic values.
    fn dynamics(&mut self, exprs: &[Node]) -> Option<Vec<Expr>> {
        self.each(exprs, &Type::Dynamic)
    }

    /// The value without its option; fails at run time on `null`.
    fn present(&mut self, value: Box<Expr>) -> Lowered {
        let ty = present(&value.ty).clone();
        self.coerce(value, &ty)
    }

    /// The expression in its own type, without its option.
    fn present_own(&mut self, expr: &Node) -> Lowered {
        let value = self.own(expr)?;
        self.present(value)
    }
}

/// Whether a literal is a collection of the kind of `ty`.
fn same_kind<R, S>(literal: &ast::Kind<R, S>, ty: &Type) -> bool {
    matches!(
        (literal, ty),
        (ast::Kind::List(_), Type::List(_))
            | (ast::Kind::Set(_), Type::Set(_))
            | (ast::Kind::Map(_), Type::Map(..))
    )
}

/// The value with one more coercion.
fn wrap(coercion: Coercion, value: Box<Expr>, ty: Type) -> Box<Expr> {
    let (span, at) = (value.span, value.at);
    Box::new(Expr { kind: Kind::Coerce(coercion, value), ty, span, at })
}

/// A value after some coercions, each to its type.
fn apply(value: Box<Expr>, steps: Vec<(Coercion, Type)>) -> Box<Expr> {
    steps.into_iter().fold(value, |value, (coercion, ty)| wrap(coercion, value, ty))
}
