//! What the use of a value says about a slot whose type nothing else tells: event data from the environment,
//! service outputs, variables and locals that only take those (docs/expressions/types.md).
//!
//! Concatenation says nothing, as any value has a text.

use crate::{
    expr::{
        Node, Referent,
        ast::{Binary, Kind, LocalId, Piece, Unary},
    },
    ir::Comparison,
    source::Span,
    types::Type,
};
use crate::{
    solve::{
        library,
        outline::{Lambda, Outline},
        slots::Slot,
        typing::{Operation, PatternTest, Types, operation},
    },
    types::algebra::{held, is_open, join, map, present},
};

/// A slot, the type its use asks for, and where.
pub(crate) type Use = (Slot, Type, Span);

/// How much a use says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// What the value must be: it goes into something of the type.
    Needed,
    /// Also what it is compared or computed with: beside an `int` any number may stand, so it is a `float`.
    Met,
    /// As `Met`, of slots whose type is known as well.
    MetByKnown,
}

/// Collects what an expression, of which `wanted` is expected, says about the slots it names.
pub(crate) fn collect(
    expr: &Node,
    wanted: &Type,
    types: Types<'_>,
    outline: &Outline<'_>,
    evidence: Evidence,
    uses: &mut Vec<Use>,
) {
    UseCollector { types, outline, evidence, returned: wanted.clone(), uses }.expect(expr, wanted);
}

struct UseCollector<'a> {
    evidence: Evidence,
    types: Types<'a>,
    outline: &'a Outline<'a>,
    /// What `return` is expected to give.
    returned: Type,
    uses: &'a mut Vec<Use>,
}

impl UseCollector<'_> {
    /// The expression stands where `wanted` is needed, `Unknown` if anything may stand there.
    fn expect(&mut self, expr: &Node, wanted: &Type) {
        match &expr.kind {
            Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) | Kind::Regex(_) => {}
            Kind::Protected(operand) => self.expect(operand, wanted),
            Kind::Ref(referent) => self.referent(referent, wanted, expr.span),
            Kind::Local(local) => self.local(*local, wanted, expr.span),
            Kind::Template(pieces) => pieces.iter().for_each(|piece| {
                if let Piece::Expr(expr) = piece {
                    self.expect(expr, &Type::Unknown);
                }
            }),
            Kind::List(items) | Kind::Set(items) => self.items(items, wanted),
            Kind::Map(entries) => {
                let (key, value) = match present(wanted) {
                    Type::Map(key, value) => ((**key).clone(), (**value).clone()),
                    _ => (Type::Unknown, self.common(entries.iter().map(|(_, value)| value))),
                };
                for (k, v) in entries {
                    self.expect(k, &key);
                    self.expect(v, &value);
                }
            }
            Kind::Unary(operator, operand) => self.unary(*operator, operand, wanted),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, wanted),
            Kind::Conditional(condition, then, otherwise) => {
                self.expect(condition, &Type::Bool);
                self.alternatives(then, otherwise, wanted);
            }
            Kind::Index { base, index, .. } => self.index(base, index, wanted),
            Kind::Field { base, .. } => self.part_of(base, &Type::Text, wanted),
            Kind::Call { namespace, name, arguments, .. } => {
                if let Some(function) = self.types.slots.hosts.find(namespace.as_deref(), name) {
                    let wanted = function.parameters.iter().zip(arguments);
                    return wanted.for_each(|(ty, argument)| self.expect(argument, ty));
                }
                let namespace = namespace.as_deref().unwrap_or_default();
                let entries = library::functions(namespace, name, arguments.len());
                self.arguments(&entries, arguments);
            }
            Kind::Method { receiver, name, arguments, .. } => self.method(receiver, name, arguments),
            _ => self.statement(expr, wanted),
        }
    }

    fn statement(&mut self, expr: &Node, wanted: &Type) {
        match &expr.kind {
            Kind::CallLocal { function, arguments } => {
                self.local(*function, wanted, expr.span);
                if let Some(lambda) = self.outline.functions.get(function) {
                    self.parameters(lambda, arguments);
                }
            }
            Kind::Apply { function, arguments } => {
                self.parameters(function, arguments);
                self.lambda(function, wanted);
            }
            Kind::Define { local, function } => {
                let wanted = self.types.slots.get(Slot::Local(self.types.item, *local)).clone();
                self.lambda(function, &wanted);
            }
            Kind::Assign { target, operator: None, value } => {
                let ty = self.types.of(target);
                self.expect(value, if is_open(&ty) { wanted } else { &ty });
                self.parts(target);
            }
            Kind::Assign { target, operator: Some(operator), value } => {
                self.binary(*operator, target, value, wanted);
            }
            Kind::Increment { target, .. } => {
                self.expect(target, &self.beside(Type::Int));
                self.parts(target);
            }
            Kind::Block(statements) => {
                if let Some((last, before)) = statements.split_last() {
                    for statement in before {
                        self.expect(statement, &Type::Unknown);
                    }
                    self.expect(last, wanted);
                }
            }
            Kind::Declare { local, value: Some(value) } => {
                let ty = self.types.slots.get(Slot::Local(self.types.item, *local)).clone();
                self.expect(value, &ty);
            }
            Kind::If(condition, then, otherwise) => {
                self.expect(condition, &Type::Bool);
                match otherwise {
                    Some(otherwise) => self.alternatives(then, otherwise, wanted),
                    None => self.expect(then, present(wanted)),
                }
            }
            Kind::While(condition, body) | Kind::DoWhile(body, condition) => {
                self.expect(condition, &Type::Bool);
                self.expect(body, present(wanted));
            }
            Kind::For { init, condition, step, body } => {
                for part in [init, step].into_iter().flatten() {
                    self.expect(part, &Type::Unknown);
                }
                if let Some(condition) = condition {
                    self.expect(condition, &Type::Bool);
                }
                self.expect(body, present(wanted));
            }
            Kind::ForEach { target, collection, body } => {
                // Only once something is known to be a collection its items are.
                let item = self.types.of(target);
                let goal = match present(&self.types.of(collection)) {
                    Type::List(_) => Type::List(Box::new(item)),
                    Type::Set(_) => Type::Set(Box::new(item)),
                    Type::Map(key, _) => map((**key).clone(), item),
                    _ => Type::Unknown,
                };
                self.expect(collection, &goal);
                self.expect(body, present(wanted));
            }
            Kind::Return(Some(value)) => {
                let wanted = self.returned.clone();
                self.expect(value, &wanted);
            }
            _ => {}
        }
    }

    /// Indices within a place that is given a value.
    fn parts(&mut self, place: &Node) {
        match &place.kind {
            Kind::Index { base, index, .. } => {
                self.expect(index, &index_type(&self.types.of(base)));
                self.parts(base);
            }
            Kind::Field { base, .. } => self.parts(base),
            _ => {}
        }
    }

    fn items(&mut self, items: &[Node], wanted: &Type) {
        let wanted = match present(wanted) {
            Type::List(item) | Type::Set(item) => (**item).clone(),
            _ => self.beside(self.common(items.iter())),
        };
        for item in items {
            self.expect(item, &wanted);
        }
    }

    fn index(&mut self, base: &Node, index: &Node, wanted: &Type) {
        let ty = self.types.of(base);
        self.part_of(base, &self.types.of(index), wanted);
        self.expect(index, &index_type(&ty));
    }

    /// The base of an access, of whose part `wanted` is expected: that says something about its items once it is
    /// known what collection it is.
    fn part_of(&mut self, base: &Node, index: &Type, wanted: &Type) {
        let goal = match present(&self.types.of(base)) {
            Type::List(_) => Type::List(Box::new(wanted.clone())),
            Type::Map(key, _) if **key == Type::Unknown => map(index.clone(), present(wanted).clone()),
            Type::Map(key, _) => map((**key).clone(), present(wanted).clone()),
            _ => Type::Unknown,
        };
        self.expect(base, &goal);
    }

    fn unary(&mut self, operator: Unary, operand: &Node, wanted: &Type) {
        match operator {
            Unary::Not => self.expect(operand, &Type::Bool),
            Unary::Minus | Unary::Plus => self.expect(operand, &numeric(wanted)),
            Unary::BitNot => self.expect(operand, &Type::Int),
            Unary::Size | Unary::Empty => self.expect(operand, &Type::Unknown),
        }
    }

    fn binary(&mut self, operator: Binary, left: &Node, right: &Node, wanted: &Type) {
        match operation(operator) {
            Operation::And | Operation::Or => {
                self.expect(left, &Type::Bool);
                self.expect(right, &Type::Bool);
            }
            Operation::Arithmetic(_) => self.arithmetic(left, right, wanted),
            Operation::Bits(_) | Operation::Range => {
                self.expect(left, &Type::Int);
                self.expect(right, &Type::Int);
            }
            Operation::Comparison(op) => self.comparison(op, left, right),
            Operation::Identity(_) => self.comparison(Comparison::Eq, left, right),
            Operation::Match(what, _) => self.matching(what, left, right),
            Operation::Elvis | Operation::Coalesce => self.alternatives(left, right, wanted),
        }
    }

    /// Two values of which one is taken.
    fn alternatives(&mut self, one: &Node, other: &Node, wanted: &Type) {
        let wanted = if *wanted == Type::Unknown {
            self.beside(self.common([one, other].into_iter()))
        } else {
            wanted.clone()
        };
        self.expect(one, &wanted);
        self.expect(other, &wanted);
    }

    /// A pattern is a string, and what is matched with one too; what is looked for is an item.
    fn matching(&mut self, what: PatternTest, left: &Node, right: &Node) {
        let wanted = match present(&self.types.of(right)) {
            Type::Text => Type::Text,
            Type::List(item) | Type::Set(item) | Type::Map(item, _) if what == PatternTest::Matches => {
                self.beside((**item).clone())
            }
            _ => Type::Unknown,
        };
        self.expect(left, &wanted);
        let pattern = if what == PatternTest::Matches { Type::Unknown } else { Type::Text };
        self.expect(right, &pattern);
    }

    fn method(&mut self, receiver: &Node, name: &str, arguments: &[Node]) {
        let ty = self.types.of(receiver);
        let goal = match (present(&ty), name, arguments) {
            (Type::Unknown | Type::Null, "length", []) => Type::Text,
            (Type::Unknown | Type::Null, ..) => library::receiver_of(name, arguments.len()),
            _ => Type::Unknown,
        };
        self.expect(receiver, &goal);
        let entries = library::methods(&ty, name, arguments.len());
        // An item that is put in or looked for has the type of the others.
        let items = match present(&ty) {
            Type::List(item) | Type::Set(item) if entries.len() == 1 => Some((**item).clone()),
            _ => None,
        };
        match (items, entries.as_slice(), arguments) {
            (Some(item), [entry], [argument])
                if entry.parameters.iter().any(|(_, ty)| *ty == csml_expr::library::Ty::Item) =>
            {
                self.expect(argument, &item);
            }
            _ => self.arguments(&entries, arguments),
        }
    }

    fn arguments(&mut self, entries: &[&'static csml_expr::library::Entry], arguments: &[Node]) {
        for (index, argument) in arguments.iter().enumerate() {
            self.expect(argument, &library::expected(entries, index));
        }
    }

    /// Arguments are expected to have the types that the parameters have.
    fn parameters(&mut self, lambda: &Lambda, arguments: &[Node]) {
        for (parameter, argument) in lambda.parameters.iter().zip(arguments) {
            let wanted = self.types.slots.get(Slot::Local(self.types.item, *parameter)).clone();
            self.expect(argument, &wanted);
        }
    }

    fn lambda(&mut self, lambda: &Lambda, wanted: &Type) {
        let around = std::mem::replace(&mut self.returned, wanted.clone());
        self.expect(&lambda.body, wanted);
        self.returned = around;
    }

    fn referent(&mut self, referent: &Referent, wanted: &Type, span: Span) {
        match referent {
            Referent::Variable(id) => self.found(Slot::Variable(*id), wanted, span),
            Referent::Datum { sources, .. } => {
                for id in sources {
                    self.found(Slot::Datum(*id), wanted, span);
                }
            }
            Referent::Output(id) => self.found(Slot::Output(*id), wanted, span),
            Referent::Matched(id) => self.found(Slot::Match(*id), wanted, span),
            Referent::Broken => {}
        }
    }

    fn local(&mut self, local: LocalId, wanted: &Type, span: Span) {
        self.found(Slot::Local(self.types.item, local), wanted, span);
    }

    fn found(&mut self, slot: Slot, wanted: &Type, span: Span) {
        let wanted = held(wanted);
        let asked = self.evidence == Evidence::MetByKnown || is_open(self.types.slots.get(slot));
        if asked && !matches!(wanted, Type::Unknown | Type::Null | Type::Dynamic) {
            self.uses.push((slot, wanted.clone(), span));
        }
    }

    fn arithmetic(&mut self, left: &Node, right: &Node, wanted: &Type) {
        let (lt, rt) = (self.types.of(left), self.types.of(right));
        let result = numeric(wanted);
        let from = |other: &Node, ty: &Type| match numeric(ty) {
            _ if is_open(ty) => result.clone(),
            // A constant is an integer by its spelling alone.
            Type::Int if self.evidence == Evidence::MetByKnown && is_constant(other) => Type::Float,
            Type::Int if result != Type::Unknown => result.clone(),
            ty => self.beside(ty),
        };
        let (on_left, on_right) = (from(right, &rt), from(left, &lt));
        self.expect(left, &on_left);
        self.expect(right, &on_right);
    }

    fn comparison(&mut self, op: Comparison, left: &Node, right: &Node) {
        let (lt, rt) = (self.types.of(left), self.types.of(right));
        let order = !matches!(op, Comparison::Eq | Comparison::Ne);
        let from = |other: &Type| match present(other) {
            Type::List(_) | Type::Set(_) | Type::Map(..) | Type::Bytes if order => Type::Unknown,
            other => self.beside(other.clone()),
        };
        let (on_left, on_right) = (from(&rt), from(&lt));
        self.expect(left, &on_left);
        self.expect(right, &on_right);
    }

    /// What may stand beside something of a type, where it is compared or computed with it.
    fn beside(&self, ty: Type) -> Type {
        match self.evidence {
            Evidence::Needed => Type::Unknown,
            Evidence::Met | Evidence::MetByKnown => any_number(ty),
        }
    }

    fn common<'e>(&self, exprs: impl Iterator<Item = &'e Node>) -> Type {
        exprs.fold(Type::Unknown, |ty, expr| join(&ty, &self.types.of(expr)))
    }
}

/// The type of indices into a collection.
fn index_type(collection: &Type) -> Type {
    match present(collection) {
        Type::List(_) => Type::Int,
        Type::Map(key, _) => (**key).clone(),
        _ => Type::Unknown,
    }
}

/// The type if it is a number.
fn numeric(ty: &Type) -> Type {
    match present(ty) {
        ty @ (Type::Int | Type::Float) => ty.clone(),
        _ => Type::Unknown,
    }
}

/// The type with any number where it has integers.
fn any_number(ty: Type) -> Type {
    match ty {
        Type::Int => Type::Float,
        Type::List(item) => Type::List(Box::new(any_number(*item))),
        Type::Option(item) => Type::Option(Box::new(any_number(*item))),
        Type::Map(key, value) => map(*key, any_number(*value)),
        other => other,
    }
}

/// Whether an expression is made of literals alone.
fn is_constant(expr: &Node) -> bool {
    match &expr.kind {
        Kind::Int(_) | Kind::Float(_) => true,
        Kind::Unary(_, operand) => is_constant(operand),
        Kind::Binary(_, left, right) => is_constant(left) && is_constant(right),
        _ => false,
    }
}
