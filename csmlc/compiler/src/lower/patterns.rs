//! `=~`, `=^`, `=$` and their negations, `===`, bits and ranges.

use super::{Lowered, Lowering, check, script_state};
use crate::{
    expr::{
        Node,
        ast::{self, Binary},
    },
    ir::{Bits, Comparison, DynamicOp, Kind},
    solve::{
        library::{self, Callee},
        operators::{self, Sum, Test},
        typing::PatternTest,
    },
    source::Span,
    types::{
        Type,
        algebra::{present, settle},
    },
};

impl Lowering<'_> {
    pub(super) fn matching(
        &mut self,
        what: PatternTest,
        positive: bool,
        left: &Node,
        right: &Node,
        span: Span,
    ) -> Lowered {
        let found = self.matches(what, left, right, span)?;
        if positive {
            return Some(found);
        }
        Some(self.node(Kind::Not(found), Type::Bool, span))
    }

    fn matches(&mut self, what: PatternTest, left: &Node, right: &Node, span: Span) -> Lowered {
        let (lt, rt) = (settle(&self.type_of(left)), settle(&self.type_of(right)));
        match (what, &lt, &rt) {
            (_, Type::Text, Type::Text) => {
                let name = match what {
                    PatternTest::Matches => "matches",
                    PatternTest::StartsWith => "startsWith",
                    PatternTest::EndsWith => "endsWith",
                };
                if let Callee::Entry(entry, _) = library::method(&Type::Text, name, &[Type::Text], false) {
                    let (left, right) = (self.own(left), self.own(right));
                    return Some(self.node(Kind::Library(entry, vec![*left?, *right?]), Type::Bool, span));
                }
            }
            (PatternTest::Matches, Type::Int, Type::List(_)) if in_range(right).is_some() => {
                let (from, to) = in_range(right)?;
                return self.within(left, from, to, span);
            }
            (PatternTest::Matches, item, Type::List(inner) | Type::Set(inner)) if same(item, inner) => {
                return self.is_in("contains", left, right, span);
            }
            (PatternTest::Matches, item, Type::Map(key, _)) if same(item, key) => {
                return self.is_in("containsKey", left, right, span);
            }
            _ => {}
        }
        let op = match what {
            PatternTest::Matches => DynamicOp::Matches,
            PatternTest::StartsWith => DynamicOp::StartsWith,
            PatternTest::EndsWith => DynamicOp::EndsWith,
        };
        let (left, right) = (self.dynamic(left), self.dynamic(right));
        Some(self.dynamic_op(op, vec![*left?, *right?], Type::Bool, span))
    }

    /// What is looked for is evaluated before what it is looked for in.
    fn is_in(&mut self, name: &str, left: &Node, right: &Node, span: Span) -> Lowered {
        let mut out = Vec::new();
        let item = if script_state::is_atom(left) || script_state::is_simple(right) {
            self.own(left)?
        } else {
            let item = self.share(left, &mut out)?;
            self.own(&item)?
        };
        let found = self.contains(name, right, item, span)?;
        Some(self.after(out, found))
    }

    /// Whether an integer lies between two others, whichever is the greater one.
    fn within(&mut self, item: &Node, from: &Node, to: &Node, span: Span) -> Lowered {
        let mut out = Vec::new();
        let item = self.share(item, &mut out)?;
        let from = self.share(from, &mut out)?;
        let to = self.share(to, &mut out)?;
        let up = self.between(&from, &item, &to, span);
        let within = match (&from.kind, &to.kind) {
            (ast::Kind::Int(a), ast::Kind::Int(b)) if a <= b => up?,
            (ast::Kind::Int(_), ast::Kind::Int(_)) => self.between(&to, &item, &from, span)?,
            _ => {
                let down = self.between(&to, &item, &from, span);
                self.node(Kind::Or(up?, down?), Type::Bool, span)
            }
        };
        Some(self.after(out, within))
    }

    fn between(&mut self, low: &Node, item: &Node, high: &Node, span: Span) -> Lowered {
        let above = (self.integer(low), self.integer(item));
        let below = (self.integer(item), self.integer(high));
        let above = self.node(Kind::Compare(Comparison::Le, above.0?, above.1?), Type::Bool, span);
        let below = self.node(Kind::Compare(Comparison::Le, below.0?, below.1?), Type::Bool, span);
        Some(self.node(Kind::And(above, below), Type::Bool, span))
    }

    pub(super) fn identity(&mut self, same: bool, left: &Node, right: &Node, span: Span) -> Lowered {
        let (lt, rt) = (self.type_of(left), self.type_of(right));
        let op = if same { Comparison::Eq } else { Comparison::Ne };
        match operators::identity(&lt, &rt) {
            Test::Typed(ty) => {
                let (left, right) = (self.compared(left, &ty), self.compared(right, &ty));
                Some(self.node(Kind::Compare(op, left?, right?), Type::Bool, span))
            }
            Test::LeftIsNull => self.is_null(op, left, span),
            Test::RightIsNull => self.is_null(op, right, span),
            _ => {
                let scalar = |ty: &Type| matches!(ty, Type::Bool | Type::Int | Type::Float | Type::Text);
                if operators::never_equal(&lt, &rt) || (scalar(&lt) && scalar(&rt)) {
                    self.warn_never_equal(&lt, &rt, span);
                }
                let (left, right) = (self.dynamic(left), self.dynamic(right));
                let is = self.dynamic_op(DynamicOp::Same, vec![*left?, *right?], Type::Bool, span);
                if same { Some(is) } else { Some(self.node(Kind::Not(is), Type::Bool, span)) }
            }
        }
    }

    pub(super) fn bits(&mut self, op: Bits, left: &Node, right: &Node, span: Span) -> Lowered {
        let (lt, rt) = (self.type_of(left), self.type_of(right));
        match operators::bits(&lt, &rt) {
            Sum::Refused => {
                if let Some(nothing) = self.lacking(&[&lt, &rt], &Type::Dynamic, span) {
                    return Some(nothing);
                }
                let message = format!("`{}` cannot take {} and {}", symbol(op), check::a(&lt), check::a(&rt));
                self.refuse(span, message)
            }
            Sum::Numbers(_) => {
                let (left, right) = (self.integer(left), self.integer(right));
                Some(self.node(Kind::Bits(op, left?, right?), Type::Int, span))
            }
            _ => {
                if !self.check_numerals(&[(left, &lt), (right, &rt)]) {
                    return None;
                }
                let (left, right) = (self.dynamic(left), self.dynamic(right));
                Some(self.dynamic_op(DynamicOp::Bits(op), vec![*left?, *right?], Type::Dynamic, span))
            }
        }
    }

    /// `~x`
    pub(super) fn invert(&mut self, operand: &Node, span: Span) -> Lowered {
        let ty = self.type_of(operand);
        match present(&ty) {
            Type::Bool | Type::Int => {
                let operand = self.integer(operand)?;
                Some(self.node(Kind::BitNot(operand), Type::Int, span))
            }
            Type::Float | Type::Text | Type::Dynamic | Type::Unknown => {
                if !self.check_numerals(&[(operand, &ty)]) {
                    return None;
                }
                let operand = self.dynamic(operand)?;
                Some(self.dynamic_op(DynamicOp::BitNot, vec![*operand], Type::Dynamic, span))
            }
            _ => match self.lacking(&[&ty], &Type::Dynamic, span) {
                None => self.refuse(span, format!("`~` cannot take {}", check::a(&settle_null(&ty)))),
                nothing => nothing,
            },
        }
    }

    pub(super) fn range(&mut self, left: &Node, right: &Node, span: Span) -> Lowered {
        let (lt, rt) = (self.type_of(left), self.type_of(right));
        match operators::bits(&lt, &rt) {
            Sum::Refused => {
                let list = Type::List(Box::new(Type::Int));
                if let Some(nothing) = self.lacking(&[&lt, &rt], &list, span) {
                    return Some(nothing);
                }
                let message = format!("`..` cannot take {} and {}", check::a(&lt), check::a(&rt));
                self.refuse(span, message)
            }
            Sum::Dynamic | Sum::Unknown => {
                let (left, right) = (self.dynamic(left), self.dynamic(right));
                Some(self.dynamic_op(DynamicOp::Range, vec![*left?, *right?], Type::Dynamic, span))
            }
            _ => {
                let (left, right) = (self.integer(left), self.integer(right));
                Some(self.node(Kind::Range(left?, right?), Type::List(Box::new(Type::Int)), span))
            }
        }
    }

    /// An operand as an integer: options are unwrapped, truth values count as 0 and 1.
    pub(super) fn integer(&mut self, expr: &Node) -> Lowered {
        self.number(expr, &Type::Int)
    }
}

/// The bounds of a range that is written out.
fn in_range(expr: &Node) -> Option<(&Node, &Node)> {
    match &expr.kind {
        ast::Kind::Binary(Binary::Range, from, to) => Some((from, to)),
        _ => None,
    }
}

/// Whether typed code finds an item of this type among items of that one as JEXL does.
fn same(item: &Type, inner: &Type) -> bool {
    item == inner && matches!(item, Type::Bool | Type::Int | Type::Text)
}

/// `null` keeps its name in messages.
fn settle_null(ty: &Type) -> Type {
    if *ty == Type::Null { Type::Null } else { settle(ty) }
}

fn symbol(op: Bits) -> &'static str {
    match op {
        Bits::And => "&",
        Bits::Or => "|",
        Bits::Xor => "^",
        Bits::Shl => "<<",
        Bits::Shr => ">>",
        Bits::Ushr => ">>>",
    }
}
