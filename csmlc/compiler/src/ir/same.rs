//! Whether two expressions say the same.

use super::{Expr, Kind};

impl Expr {
    /// Whether both are the same but for where they stand. Statements and what changes something never are.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        if self.ty != other.ty || !self.same_node(other) {
            return false;
        }
        let (a, b) = (self.children(), other.children());
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.says_the_same(b))
    }

    /// Whether both are the same but for their operands.
    fn same_node(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Int(a), Kind::Int(b)) => a == b,
            // Two zeros of different sign are not the same to all.
            (Kind::Float(a), Kind::Float(b)) => a.to_bits() == b.to_bits(),
            (Kind::Text(a), Kind::Text(b)) => a == b,
            (Kind::Variable(a), Kind::Variable(b)) => a == b,
            (Kind::Output(a), Kind::Output(b)) => a == b,
            (Kind::Matched(a), Kind::Matched(b)) => a == b,
            (
                Kind::Datum { sources: a, partial: in_part, .. },
                Kind::Datum { sources: b, partial: also_in_part, .. },
            ) => a == b && in_part == also_in_part,
            (Kind::Coerce(a, _), Kind::Coerce(b, _)) => a == b,
            (Kind::Arithmetic(a, ..), Kind::Arithmetic(b, ..)) => a == b,
            (Kind::Bits(a, ..), Kind::Bits(b, ..)) => a == b,
            (Kind::Combine(a, ..), Kind::Combine(b, ..)) => a == b,
            (Kind::Compare(a, ..), Kind::Compare(b, ..)) => a == b,
            (Kind::Dynamic(a, _), Kind::Dynamic(b, _)) => a == b,
            (Kind::Function(a, _), Kind::Function(b, _)) => a == b,
            (Kind::Library(a, _), Kind::Library(b, _)) => a == b,
            (Kind::DynamicMethod(a, _), Kind::DynamicMethod(b, _)) => a == b,
            (Kind::DynamicFunction(a, f, _), Kind::DynamicFunction(b, g, _)) => a == b && f == g,
            (
                Kind::Local(_)
                | Kind::Change(..)
                | Kind::DynamicChange(..)
                | Kind::Host(..)
                | Kind::Call(..)
                | Kind::Block(..)
                | Kind::Script(_)
                | Kind::Never,
                _,
            ) => false,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }
}
