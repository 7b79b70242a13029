//! Whether two expressions say the same.

use super::{Expr, Kind};

impl Expr {
    /// Whether both are the same but for where they stand.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let (a, b) = (self.children(), other.children());
        self.ty == other.ty
            && self.same_node(other)
            && a.count() == b.count()
            && self.children().zip(other.children()).all(|(a, b)| a.says_the_same(b))
    }

    /// Whether both are the same but for their operands.
    fn same_node(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Bool(a), Kind::Bool(b)) => a == b,
            (Kind::Int(a), Kind::Int(b)) => a == b,
            (Kind::Float(a), Kind::Float(b)) => a == b,
            (Kind::Text(a), Kind::Text(b)) => a == b,
            (Kind::Variable(a), Kind::Variable(b)) => a == b,
            (Kind::Output(a), Kind::Output(b)) => a == b,
            (
                Kind::Datum { sources: a, partial: in_part, .. },
                Kind::Datum { sources: b, partial: also_in_part, .. },
            ) => a == b && in_part == also_in_part,
            (Kind::Coerce(a, _), Kind::Coerce(b, _)) => a == b,
            (Kind::Arithmetic(a, ..), Kind::Arithmetic(b, ..)) => a == b,
            (Kind::Compare(a, ..), Kind::Compare(b, ..)) => a == b,
            (Kind::Dynamic(a, _), Kind::Dynamic(b, _)) => a == b,
            (Kind::Function(a, _), Kind::Function(b, _)) => a == b,
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }
}
