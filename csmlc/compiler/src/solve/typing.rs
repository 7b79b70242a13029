//! Types of expressions, given the types of slots. Parts may be unknown while inference goes on.

use crate::{
    expr::{
        Node, Referent,
        ast::{Access, Binary, Kind, LocalId, Unary},
    },
    ir::{self, Arithmetic, Bits, Comparison},
    lists::Gather,
    model::DatumId,
    types::Type,
};
use crate::{
    ir::conversion::steps,
    solve::{
        library, operators,
        outline::{self, Lambda},
        slots::{Slot, Slots},
    },
    types::algebra::{is_open, join, map, option, present},
};

/// What a binary operator is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Operation {
    Arithmetic(Arithmetic),
    Bits(Bits),
    Comparison(Comparison),
    /// `===`, or `!==`.
    Identity(bool),
    /// `=~`, `=^`, `=$`, or their negations.
    Match(PatternTest, bool),
    Range,
    And,
    Or,
    Elvis,
    Coalesce,
}

/// What a pattern operator asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum PatternTest {
    Matches,
    StartsWith,
    EndsWith,
}

pub(crate) fn operation(operator: Binary) -> Operation {
    match operator {
        Binary::Add => Operation::Arithmetic(Arithmetic::Add),
        Binary::Sub => Operation::Arithmetic(Arithmetic::Sub),
        Binary::Mul => Operation::Arithmetic(Arithmetic::Mul),
        Binary::Div => Operation::Arithmetic(Arithmetic::Div),
        Binary::Rem => Operation::Arithmetic(Arithmetic::Rem),
        Binary::BitAnd => Operation::Bits(Bits::And),
        Binary::BitOr => Operation::Bits(Bits::Or),
        Binary::BitXor => Operation::Bits(Bits::Xor),
        Binary::Shl => Operation::Bits(Bits::Shl),
        Binary::Shr => Operation::Bits(Bits::Shr),
        Binary::Ushr => Operation::Bits(Bits::Ushr),
        Binary::Eq => Operation::Comparison(Comparison::Eq),
        Binary::Ne => Operation::Comparison(Comparison::Ne),
        Binary::Lt => Operation::Comparison(Comparison::Lt),
        Binary::Le => Operation::Comparison(Comparison::Le),
        Binary::Gt => Operation::Comparison(Comparison::Gt),
        Binary::Ge => Operation::Comparison(Comparison::Ge),
        Binary::Same => Operation::Identity(true),
        Binary::NotSame => Operation::Identity(false),
        Binary::Matches => Operation::Match(PatternTest::Matches, true),
        Binary::NotMatches => Operation::Match(PatternTest::Matches, false),
        Binary::StartsWith => Operation::Match(PatternTest::StartsWith, true),
        Binary::NotStartsWith => Operation::Match(PatternTest::StartsWith, false),
        Binary::EndsWith => Operation::Match(PatternTest::EndsWith, true),
        Binary::NotEndsWith => Operation::Match(PatternTest::EndsWith, false),
        Binary::Range => Operation::Range,
        Binary::And => Operation::And,
        Binary::Or => Operation::Or,
        Binary::Elvis => Operation::Elvis,
        Binary::Coalesce => Operation::Coalesce,
    }
}

/// The types of what one expression can name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Types<'a> {
    pub(crate) slots: &'a Slots,
    /// Number of the expression.
    pub(crate) item: usize,
    /// Locals that lowering has made, behind those of the expression.
    pub(crate) made: &'a [ir::Local],
}

impl Types<'_> {
    /// The type of an expression.
    pub(crate) fn of(&self, expr: &Node) -> Type {
        match &expr.kind {
            Kind::Null => Type::Null,
            Kind::Bool(_) => Type::Bool,
            Kind::Int(_) => Type::Int,
            Kind::Float(_) => Type::Float,
            Kind::Text(_) | Kind::Regex(_) | Kind::Template(_) => Type::Text,
            Kind::Protected(operand) if self.may_lack(operand) => option(self.of(operand)),
            Kind::Protected(operand) => self.of(operand),
            Kind::Ref(referent) => self.referent(referent),
            Kind::Local(local) | Kind::CallLocal { function: local, .. } => self.local(*local),
            Kind::List(items) => Type::List(Box::new(self.join_all(items.iter()))),
            Kind::Set(items) => Type::Set(Box::new(self.key_type(items.iter()))),
            Kind::Map(entries) => map(
                self.key_type(entries.iter().map(|(key, _)| key)),
                self.join_all(entries.iter().map(|(_, value)| value)),
            ),
            Kind::Unary(operator, operand) => self.unary(*operator, operand),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right),
            Kind::Conditional(_, then, otherwise) => join(&self.of(then), &self.of(otherwise)),
            Kind::Index { base, index, access } => {
                let index = self.of(index);
                self.member(base, *access, present(&index))
            }
            Kind::Field { base, access, .. } => self.member(base, *access, &Type::Text),
            Kind::Call { namespace, name, arguments, .. } => self.call(namespace.as_deref(), name, arguments),
            Kind::Method { receiver, name, arguments, access, .. } => {
                let ty = self.of(receiver);
                let result =
                    library::method_type(present(&ty), name, &self.each(arguments), is_place(receiver));
                let nullable = matches!(ty, Type::Option(_) | Type::Null);
                if *access != Access::Plain && nullable { option(result) } else { result }
            }
            _ => self.statement(expr),
        }
    }

    /// The types of some expressions.
    pub(crate) fn each(&self, exprs: &[Node]) -> Vec<Type> {
        exprs.iter().map(|expr| self.of(expr)).gather()
    }

    fn statement(&self, expr: &Node) -> Type {
        match &expr.kind {
            Kind::Apply { function, .. } => self.lambda(function),
            Kind::Assign { target, operator: None, value } => {
                let ty = self.of(value);
                if is_open(&ty) { self.of(target) } else { ty }
            }
            Kind::Assign { target, operator: Some(operator), value } => self.binary(*operator, target, value),
            Kind::Increment { target, .. } => signed(&self.of(target)),
            Kind::Block(statements) => match statements.last() {
                _ if outline::leaves(expr) => Type::Unknown,
                Some(last) => self.of(last),
                None => Type::Null,
            },
            Kind::Declare { value: Some(value), local } => {
                let ty = self.of(value);
                if is_open(&ty) { self.local(*local) } else { ty }
            }
            Kind::Declare { value: None, .. } | Kind::Define { .. } => Type::Null,
            Kind::If(_, then, Some(otherwise)) => join(&self.of(then), &self.of(otherwise)),
            Kind::If(_, body, None)
            | Kind::While(_, body)
            | Kind::DoWhile(body, _)
            | Kind::ForEach { body, .. }
            | Kind::For { body, .. } => option(self.of(body)),
            // `return`, `break` and `continue` leave: nothing is below every type.
            _ => Type::Unknown,
        }
    }

    fn local(&self, local: LocalId) -> Type {
        if let Some(ty) = self.slots.local(self.item, local) {
            return ty.clone();
        }
        self.made.get(local.0 as usize).map_or(Type::Unknown, |local| local.ty.clone())
    }

    fn referent(&self, referent: &Referent) -> Type {
        match referent {
            Referent::Variable(id) => self.slots.variables[*id].clone(),
            Referent::Datum { sources, .. } => datum_type(sources, self.slots),
            Referent::Output(id) => self.slots.outputs[*id].clone(),
            Referent::Matched(id) => self.slots.matches[*id].clone(),
            Referent::Broken => Type::Unknown,
        }
    }

    fn unary(&self, operator: Unary, operand: &Node) -> Type {
        match operator {
            Unary::Not | Unary::Empty => Type::Bool,
            Unary::Size => Type::Int,
            Unary::Minus | Unary::Plus => signed(&self.of(operand)),
            Unary::BitNot => operators::inverted(&self.of(operand)),
        }
    }

    /// The type of `left operator right`.
    pub(crate) fn binary(&self, operator: Binary, left: &Node, right: &Node) -> Type {
        match operation(operator) {
            Operation::Arithmetic(op) => operators::arithmetic(op, &self.of(left), &self.of(right)).result(),
            Operation::Bits(_) => operators::bits(&self.of(left), &self.of(right)).result(),
            Operation::Range => operators::range(&self.of(left), &self.of(right)),
            Operation::Elvis => match outline::constant_truth(left) {
                Some(true) => self.of(left),
                Some(false) => self.of(right),
                None => operators::elvis(&self.of(left), &self.of(right)),
            },
            Operation::Coalesce => operators::coalesce(&self.of(left), &self.of(right)),
            Operation::Comparison(_)
            | Operation::Identity(_)
            | Operation::Match(..)
            | Operation::And
            | Operation::Or => Type::Bool,
        }
    }

    /// The type of an item or field; `null` where there is none, unless that fails.
    fn member(&self, base: &Node, access: Access, index: &Type) -> Type {
        let ty = self.of(base);
        let item = item_type(present(&ty), index);
        match access {
            Access::Plain => item,
            _ if has_no_members(present(&ty)) => Type::Null,
            // What is not known yet may still turn out to be a scalar.
            Access::Safe | Access::Protected if ty == Type::Unknown => Type::Unknown,
            Access::Safe | Access::Protected => option(item),
        }
    }

    /// Whether evaluating the expression, where `null` need not fail, may meet one that an operator refuses, or
    /// something that does not exist.
    pub(crate) fn may_lack(&self, expr: &Node) -> bool {
        let nullable = |expr: &Node| {
            matches!(self.of(expr), Type::Option(_) | Type::Null | Type::Dynamic | Type::Unknown)
        };
        match &expr.kind {
            Kind::Null
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Float(_)
            | Kind::Text(_)
            | Kind::Regex(_)
            | Kind::Local(_)
            | Kind::Protected(_) => false,
            Kind::Ref(referent) => self.slots.may_be_absent(referent),
            Kind::Index { base, index, access } => {
                let fails = *access == Access::Plain && !matches!(self.of(base), Type::Map(..));
                fails || self.may_lack(base) || self.may_lack(index) || nullable(index)
            }
            Kind::Field { base, access, .. } => {
                let fails = *access == Access::Plain && !matches!(self.of(base), Type::Map(..));
                fails || self.may_lack(base)
            }
            Kind::Binary(Binary::Elvis | Binary::Coalesce, _, right) => self.may_lack(right),
            Kind::Conditional(_, then, otherwise) => self.may_lack(then) || self.may_lack(otherwise),
            Kind::Binary(Binary::Eq | Binary::Ne | Binary::Same | Binary::NotSame, left, right) => {
                self.may_lack(left) || self.may_lack(right)
            }
            Kind::Unary(..) | Kind::Binary(..) | Kind::Call { .. } | Kind::Method { .. } => {
                expr.children().into_iter().any(|child| self.may_lack(child) || nullable(child))
            }
            Kind::List(_) | Kind::Set(_) | Kind::Map(_) | Kind::Template(_) => {
                expr.children().into_iter().any(|child| self.may_lack(child))
            }
            // Functions, and what changes something.
            _ => true,
        }
    }

    fn call(&self, namespace: Option<&str>, name: &str, arguments: &[Node]) -> Type {
        if let Some(function) = self.slots.hosts.find(namespace, name) {
            return function.result.clone().unwrap_or(Type::Null);
        }
        library::function_type(namespace.unwrap_or_default(), name, &self.each(arguments))
    }

    /// The type of what a function returns.
    pub(crate) fn lambda(&self, lambda: &Lambda) -> Type {
        let mut ty = self.of(&lambda.body);
        outline::returns(&lambda.body, &mut |_, value| {
            ty = join(&ty, &value.map_or(Type::Null, |value| self.of(value)));
        });
        ty
    }

    fn join_all<'e>(&self, items: impl Iterator<Item = &'e Node>) -> Type {
        items.fold(Type::Unknown, |ty, item| join(&ty, &self.of(item)))
    }

    /// Keys of one map and elements of one set have one simple type, or are dynamic.
    fn key_type<'e>(&self, keys: impl Iterator<Item = &'e Node>) -> Type {
        let mut joined = Type::Unknown;
        for key in keys {
            joined = match (joined, key_of(&self.of(key))) {
                (known, Type::Unknown) => known,
                (Type::Unknown, ty) => ty,
                (known, ty) if known == ty => known,
                _ => return Type::Dynamic,
            };
        }
        joined
    }

    /// What putting a value of type `ty` into a place makes of the slot that the place is a part of.
    pub(crate) fn holder(&self, place: &Node, ty: Type) -> Option<(Slot, Type)> {
        match &place.kind {
            Kind::Ref(Referent::Variable(id)) => Some((Slot::Variable(*id), ty)),
            Kind::Local(local) => Some((Slot::Local(self.item, *local), ty)),
            Kind::Index { base, index, .. } => {
                let whole = holding(present(&self.of(base)), present(&self.of(index)), ty)?;
                self.holder(base, whole)
            }
            Kind::Field { base, .. } => {
                let whole = holding(present(&self.of(base)), &Type::Text, ty)?;
                self.holder(base, whole)
            }
            _ => None,
        }
    }
}

/// A collection of the kind of `base` with a value of type `ty` at an index.
fn holding(base: &Type, index: &Type, ty: Type) -> Option<Type> {
    match base {
        Type::List(_) if *index == Type::Dynamic => Some(Type::Dynamic),
        Type::List(_) => Some(Type::List(Box::new(ty))),
        Type::Map(..) => Some(map(key_of(index), ty)),
        _ => None,
    }
}

/// The type as that of map keys and set elements: what has no order of its own is kept untyped.
pub(crate) fn key_of(ty: &Type) -> Type {
    match ty {
        Type::Unknown | Type::Bool | Type::Int | Type::Text => ty.clone(),
        _ => Type::Dynamic,
    }
}

/// Whether values of the type have neither items nor fields.
pub(crate) fn has_no_members(ty: &Type) -> bool {
    matches!(ty, Type::Null | Type::Bool | Type::Int | Type::Float | Type::Text | Type::Bytes | Type::Set(_))
}

/// Whether it is a variable, local or datum as such. Safe access protects only what is a part of something.
pub(crate) fn is_plain(expr: &Node) -> bool {
    matches!(expr.kind, Kind::Ref(_) | Kind::Local(_))
}

/// Whether it is a variable or local, or a part of one.
pub(crate) fn is_place(expr: &Node) -> bool {
    match &expr.kind {
        Kind::Ref(Referent::Variable(_)) | Kind::Local(_) => true,
        Kind::Index { base, .. } | Kind::Field { base, .. } => is_place(base),
        _ => false,
    }
}

/// The type in which event data from several events meet. Each is converted in one step.
pub(crate) fn datum_type(sources: &[DatumId], slots: &Slots) -> Type {
    let joined = sources.iter().fold(Type::Unknown, |ty, source| join(&ty, &slots.data[*source]));
    let far = sources.iter().any(|source| {
        let ty = &slots.data[*source];
        *ty != Type::Unknown && *ty != Type::Null && steps(ty, &joined).is_some_and(|steps| steps.len() > 1)
    });
    if far { Type::Dynamic } else { joined }
}

/// The type of `-x` and `+x`; unknown where that is refused.
fn signed(operand: &Type) -> Type {
    match present(operand) {
        ty @ (Type::Bool | Type::Int | Type::Float | Type::Dynamic) => ty.clone(),
        _ => Type::Unknown,
    }
}

/// The type of an item of a collection; unknown where there is none. A map may lack any key.
pub(crate) fn item_type(collection: &Type, index: &Type) -> Type {
    let value_type = |value: &Type| match value {
        Type::Unknown => Type::Unknown,
        value => option(value.clone()),
    };
    match (present(collection), index) {
        (Type::Dynamic, _) => Type::Dynamic,
        (Type::List(item), Type::Int | Type::Unknown) => (**item).clone(),
        (Type::Map(key, value), index) if **key == *index && **key != Type::Dynamic => value_type(value),
        (Type::Map(_, value), Type::Unknown) => value_type(value),
        (Type::Map(key, value), _) if **key == Type::Unknown => value_type(value),
        (Type::List(_) | Type::Map(..), _) => Type::Dynamic,
        _ => Type::Unknown,
    }
}

/// The type of what a loop goes through; unknown where there is nothing to go through.
pub(crate) fn element_type(collection: &Type) -> Type {
    match present(collection) {
        Type::List(item) | Type::Set(item) | Type::Map(_, item) => (**item).clone(),
        Type::Unknown | Type::Null => Type::Unknown,
        _ => Type::Dynamic,
    }
}
