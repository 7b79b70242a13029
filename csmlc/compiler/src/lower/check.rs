//! What is certainly wrong, or hardly meant, about operands, guards and delays.

use super::{Lowered, Lowering, lowering_rules, script_state::Goal};
use crate::{
    diagnostics::Diagnostic,
    expr::{Node, ast},
    ir::{Arithmetic, Comparison, Expr, Kind},
    source::Span,
    types::{
        Type,
        algebra::{present, settle},
    },
};

/// An operand and its type.
type TypedOperand<'e> = (&'e Node, &'e Type);

impl Lowering<'_> {
    /// A guard must be boolean; what is dynamic is asked when it runs.
    pub(super) fn guard(&mut self, root: &Node) -> Lowered {
        let ty = settle(&self.value_type(root));
        match present(&ty) {
            Type::Bool | Type::Dynamic if root.kind != ast::Kind::Null => self.whole(root, Goal::Truth),
            _ => {
                let found = if root.kind == ast::Kind::Null { "`null`".to_owned() } else { a(&ty) };
                let message = format!("a guard must be boolean, but this is {found}");
                let help = match root.kind {
                    ast::Kind::Assign { operator: None, .. } => {
                        Some("write `==` for a comparison".to_owned())
                    }
                    _ => matches!(ty, Type::Int | Type::Float | Type::Text)
                        .then(|| "compare it with something, such as `… == 1`".to_owned()),
                };
                // What is wrong inside is worth saying first.
                self.whole(root, Goal::Type(ty))?;
                let fault = Diagnostic::new(&lowering_rules::GUARD_NOT_BOOLEAN, root.span, message);
                self.diagnostics.push(fault.maybe_help(help));
                None
            }
        }
    }

    /// A delay must be a number that is not negative, as far as that is known.
    pub(super) fn delay(&mut self, root: &Node) -> Lowered {
        let ty = present(&settle(&self.value_type(root))).clone();
        let value = self.whole(root, Goal::Type(ty))?;
        let constant = value.constant_int().map(|delay| delay as f64).or_else(|| value.constant_float());
        if let Some(message) = constant.and_then(impossible_delay) {
            self.diagnostics.push(Diagnostic::new(&lowering_rules::IMPOSSIBLE_DELAY, root.span, message));
            return None;
        }
        let never = matches!(value.kind, Kind::Null);
        if never || !matches!(value.ty, Type::Int | Type::Float | Type::Dynamic) {
            let found = if never { "`null`".to_owned() } else { a(&value.ty) };
            let message = format!("a delay must be a number of milliseconds, but this is {found}");
            self.diagnostics.push(Diagnostic::new(&lowering_rules::DELAY_NOT_NUMERIC, root.span, message));
            return None;
        }
        Some(value)
    }

    /// Whether integers that stand there give one with 64 bits.
    pub(super) fn check_overflow(&mut self, result: &Expr) -> bool {
        let Kind::Arithmetic(_, left, right) = &result.kind else { return true };
        let known = left.constant_int().is_some() && right.constant_int().is_some();
        let fits = !known || result.constant_int().is_some();
        if !fits {
            let message = "the result has more than 64 bits";
            self.diagnostics.push(Diagnostic::new(&lowering_rules::REFUSED_OPERATION, result.span, message));
        }
        fits
    }

    /// Whether an index lies within a list that is written out.
    pub(super) fn check_index(&mut self, list: &Node, index: &Node) -> bool {
        let (ast::Kind::List(items), ast::Kind::Int(at)) = (&list.kind, &index.kind) else { return true };
        let fits = usize::try_from(*at).is_ok_and(|at| at < items.len());
        if !fits {
            let message = format!("this list has {} items, and no index {at}", items.len());
            self.diagnostics.push(Diagnostic::new(&lowering_rules::REFUSED_OPERATION, index.span, message));
        }
        fits
    }

    /// Strings among operands that must be integers must hold one.
    pub(super) fn check_numerals(&mut self, operands: &[TypedOperand<'_>]) -> bool {
        for (expr, ty) in operands {
            if let ast::Kind::Text(text) = &expr.kind
                && never_a_number(text)
            {
                self.refuse(expr.span, "this string is not a number and has no bits");
                return false;
            }
            if *present(ty) == Type::Text {
                let message = "a string has bits only if it holds an integer";
                self.diagnostics.push(Diagnostic::new(
                    &lowering_rules::SUSPICIOUS_COERCION,
                    expr.span,
                    message,
                ));
            }
        }
        true
    }

    /// Whether a divisor may be other than zero.
    pub(super) fn check_division(&mut self, op: Arithmetic, divisor: &Node) -> bool {
        let zero = match divisor.kind {
            ast::Kind::Int(0) | ast::Kind::Bool(false) => true,
            ast::Kind::Float(value) => value == 0.0,
            _ => false,
        };
        let divides = matches!(op, Arithmetic::Div | Arithmetic::Rem);
        if divides && zero {
            let fault = Diagnostic::new(&lowering_rules::DIVISION_BY_ZERO, divisor.span, "division by zero");
            self.diagnostics.push(fault);
        }
        !(divides && zero)
    }

    /// Strings in arithmetic other than `+` must hold numbers.
    pub(super) fn check_strings(
        &mut self,
        op: Arithmetic,
        left: TypedOperand<'_>,
        right: TypedOperand<'_>,
        span: Span,
    ) -> bool {
        let strings = [left, right].map(|operand| *present(operand.1) == Type::Text);
        if op == Arithmetic::Add || !strings.contains(&true) {
            return true;
        }
        for (expr, _) in [left, right] {
            if let ast::Kind::Text(text) = &expr.kind
                && never_a_number(text)
            {
                let message = format!("this string is not a number, so {} it cannot succeed", doing(op));
                self.refuse(expr.span, message);
                return false;
            }
        }
        let message = format!("{} a string only works if it holds a number", doing(op));
        self.diagnostics.push(Diagnostic::new(&lowering_rules::SUSPICIOUS_COERCION, span, message));
        true
    }

    /// Warns where a string is compared with something else; refuses what cannot be ordered at all.
    pub(super) fn check_order(
        &mut self,
        op: Comparison,
        left: TypedOperand<'_>,
        right: TypedOperand<'_>,
        span: Span,
    ) -> bool {
        let order = !matches!(op, Comparison::Eq | Comparison::Ne);
        for ((expr, _), (_, other)) in [(left, right), (right, left)] {
            if let ast::Kind::Text(text) = &expr.kind
                && order
                && matches!(present(other), Type::Int | Type::Float)
                && never_a_number(text)
            {
                self.refuse(expr.span, "this string is not a number, so it cannot be ordered with one");
                return false;
            }
        }
        let (left, right) = (a(&settle(left.1)), a(&settle(right.1)));
        let message = format!("comparing {left} with {right}");
        let fault = Diagnostic::new(&lowering_rules::SUSPICIOUS_COERCION, span, message);
        self.diagnostics.push(fault.label("one of them is converted at run time, as in JEXL"));
        true
    }
}

/// What is wrong with a number of milliseconds as a delay, if anything.
pub(crate) fn impossible_delay(milliseconds: f64) -> Option<&'static str> {
    /// 285,000 years; beyond it a float skips milliseconds.
    const LONGEST: f64 = 9_007_199_254_740_992.0;
    match milliseconds {
        delay if delay.is_nan() => Some("a delay cannot be `NaN`"),
        delay if delay < 0.0 => Some("a delay cannot be negative"),
        delay if delay.is_infinite() => Some("a delay cannot be infinite"),
        delay if delay > LONGEST => Some("this delay is too long: it is in milliseconds"),
        _ => None,
    }
}

/// Whether no reading of a string as a number succeeds. The empty string reads as zero or `NaN`.
fn never_a_number(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    !lower.is_empty()
        && !lower.contains(|c: char| c.is_ascii_digit())
        && !lower.contains("nan")
        && !lower.contains("inf")
}

fn doing(op: Arithmetic) -> &'static str {
    match op {
        Arithmetic::Add => "adding",
        Arithmetic::Sub => "subtracting with",
        Arithmetic::Mul => "multiplying with",
        Arithmetic::Div => "dividing with",
        Arithmetic::Rem => "taking a remainder with",
    }
}

/// Why arithmetic on these types is refused.
pub(super) fn refusal(op: Arithmetic, left: &Type, right: &Type) -> String {
    let symbol = match op {
        Arithmetic::Add => "+",
        Arithmetic::Sub => "-",
        Arithmetic::Mul => "*",
        Arithmetic::Div => "/",
        Arithmetic::Rem => "%",
    };
    format!("`{symbol}` cannot take {} and {}", a(left), a(right))
}

/// A type with its article.
pub(super) fn a(ty: &Type) -> String {
    match ty {
        Type::Null => "`null`".to_owned(),
        Type::Unknown | Type::Dynamic | Type::Bytes => format!("`{ty}`"),
        Type::Int | Type::Option(_) => format!("an `{ty}`"),
        _ => format!("a `{ty}`"),
    }
}
