//! Typed expressions as text.

use std::fmt::Write;

use super::{Printer, optional};
use crate::{
    expr::quote,
    ir::{Arithmetic, Bits, Coercion, Combine, Comparison, DynamicOp, Expr, Kind, LibraryFunction},
    types::Type,
};
use csml_expr::library::{Entry, On};

impl<'a> Printer<'a> {
    pub(super) fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            Kind::Null => self.out.push_str("null"),
            Kind::Bool(value) => _ = write!(self.out, "{value}"),
            Kind::Int(value) => _ = write!(self.out, "{value}"),
            Kind::Float(value) => _ = write!(self.out, "{value:?}"),
            Kind::Text(value) => quote(value, &mut self.out),
            Kind::Variable(id) => self.out.push_str(&self.app.variables[*id].name.text),
            Kind::Datum { .. } => self.datum(expr),
            Kind::Output(id) => _ = write!(self.out, "@{}", self.app.outputs[*id].name.text),
            Kind::Matched(_) => self.out.push_str("@matched"),
            Kind::Local(id) => self.local(*id),
            Kind::List(items) => self.items("[", items, "]"),
            Kind::Set(items) => self.items("{", items, "}"),
            Kind::Map(entries) if entries.is_empty() => self.out.push_str("{:}"),
            Kind::Map(entries) => self.map(entries),
            Kind::Coerce(coercion, value) => self.coercion(coercion, value, &expr.ty),
            Kind::Negate(value) => self.call("-", value),
            Kind::Not(value) => self.call("!", value),
            Kind::BitNot(value) => self.call("~", value),
            Kind::IsNull(value) => self.call("is_null", value),
            Kind::Protected(value, otherwise) => {
                self.out.push_str("protected(");
                self.expr(value);
                self.out.push_str(", ");
                self.expr(otherwise);
                self.out.push(')');
            }
            Kind::Arithmetic(op, left, right) => self.infix(left, arithmetic(*op), right),
            Kind::Bits(op, left, right) => self.infix(left, bits(*op), right),
            Kind::Compare(op, left, right) => self.infix(left, comparison(*op), right),
            Kind::Combine(op, left, right) => self.infix(left, combination(*op), right),
            Kind::Range(left, right) => self.infix(left, "..", right),
            Kind::And(left, right) => self.infix(left, "&&", right),
            Kind::Or(left, right) => self.infix(left, "||", right),
            Kind::Append(left, right) => self.infix(left, "++", right),
            Kind::Concat(pieces) => self.items("concat(", pieces, ")"),
            Kind::Conditional(condition, then, otherwise) => {
                self.out.push('(');
                self.expr(condition);
                self.out.push_str(" ? ");
                self.expr(then);
                self.out.push_str(" : ");
                self.expr(otherwise);
                self.out.push(')');
            }
            Kind::ListItem(collection, index) | Kind::MapItem(collection, index) => {
                self.expr(collection);
                self.items("[", std::slice::from_ref(index), "]");
            }
            Kind::Dynamic(op, operands) => self.dynamic(*op, operands),
            Kind::Function(function, arguments) => {
                self.out.push_str(match function {
                    LibraryFunction::Size => "size",
                    LibraryFunction::Empty => "empty",
                });
                self.items("(", arguments, ")");
            }
            _ => self.calls(expr),
        }
    }

    fn calls(&mut self, expr: &'a Expr) {
        match &expr.kind {
            Kind::Library(entry, arguments) => {
                self.name_of(entry);
                self.items("(", arguments, ")");
            }
            Kind::Change(entry, place, arguments) => {
                self.place(place);
                _ = write!(self.out, ".{}", entry.name);
                self.items("(", arguments, ")");
            }
            Kind::DynamicMethod(name, operands) => {
                if let Some((receiver, arguments)) = operands.split_first() {
                    self.expr(receiver);
                    _ = write!(self.out, "~.{name}");
                    self.items("(", arguments, ")");
                }
            }
            Kind::DynamicChange(name, place, arguments) => {
                self.place(place);
                _ = write!(self.out, "~.{name}");
                self.items("(", arguments, ")");
            }
            Kind::DynamicFunction(namespace, name, arguments) => {
                _ = write!(self.out, "~{namespace}:{name}");
                self.items("(", arguments, ")");
            }
            Kind::Host(function, arguments) => {
                _ = write!(self.out, "{}", function.full_name());
                self.items("(", arguments, ")");
            }
            Kind::Call(id, arguments) => {
                self.function(*id);
                self.items("(", arguments, ")");
            }
            Kind::Block(statements, value) => {
                self.out.push_str("{ ");
                self.statements(statements);
                self.expr(value);
                self.out.push_str(" }");
            }
            Kind::Script(script) => self.script(script),
            Kind::Never => self.out.push_str("never"),
            // Printed by `expr`.
            _ => {}
        }
    }

    fn datum(&mut self, expr: &Expr) {
        let Kind::Datum { name, sources, partial } = &expr.kind else { return };
        _ = write!(self.out, "${name}{}", optional(*partial));
        for (index, (_, coercion)) in sources.iter().enumerate() {
            if let Some(coercion) = coercion {
                _ = write!(self.out, "<{index}:{coercion:?}>");
            }
        }
    }

    fn map(&mut self, entries: &'a [(Expr, Expr)]) {
        let mut open = "{";
        for (key, value) in entries {
            self.out.push_str(open);
            self.expr(key);
            self.out.push_str(": ");
            self.expr(value);
            open = ", ";
        }
        self.out.push('}');
    }

    fn coercion(&mut self, coercion: &Coercion, value: &'a Expr, ty: &Type) {
        match coercion {
            Coercion::Unwrap => self.out.push_str("unwrap"),
            Coercion::Some => self.out.push_str("some"),
            Coercion::ToText => self.out.push_str("text"),
            Coercion::ToShownText => self.out.push_str("shown"),
            Coercion::DynamicToBool => self.out.push_str("truth"),
            Coercion::Condition => self.out.push_str("holds"),
            _ => _ = write!(self.out, "{ty}"),
        }
        self.items("(", std::slice::from_ref(value), ")");
    }

    fn dynamic(&mut self, op: DynamicOp, operands: &'a [Expr]) {
        match (op, operands) {
            (DynamicOp::Arithmetic(op), [left, right]) => self.untyped(left, arithmetic(op), right),
            (DynamicOp::Compare(op), [left, right]) => self.untyped(left, comparison(op), right),
            (DynamicOp::Bits(op), [left, right]) => self.untyped(left, bits(op), right),
            (DynamicOp::Matches, [left, right]) => self.untyped(left, "=~", right),
            (DynamicOp::StartsWith, [left, right]) => self.untyped(left, "=^", right),
            (DynamicOp::EndsWith, [left, right]) => self.untyped(left, "=$", right),
            (DynamicOp::Same, [left, right]) => self.untyped(left, "===", right),
            (DynamicOp::Range, [left, right]) => self.untyped(left, "..", right),
            (DynamicOp::Index, [collection, index]) => {
                self.expr(collection);
                self.items("~[", std::slice::from_ref(index), "]");
            }
            (DynamicOp::Negate, operands) => self.items("~-(", operands, ")"),
            (DynamicOp::Plus, operands) => self.items("~+(", operands, ")"),
            (DynamicOp::Not, operands) => self.items("~!(", operands, ")"),
            (DynamicOp::BitNot, operands) => self.items("~~(", operands, ")"),
            (DynamicOp::Increment, operands) => self.items("~++(", operands, ")"),
            (DynamicOp::Decrement, operands) => self.items("~--(", operands, ")"),
            (op, operands) => {
                _ = write!(self.out, "~{op:?}");
                self.items("(", operands, ")");
            }
        }
    }

    fn untyped(&mut self, left: &'a Expr, operator: &str, right: &'a Expr) {
        self.infix(left, &format!("~{operator}"), right);
    }

    /// A function with its namespace, a method with the kind it belongs to.
    fn name_of(&mut self, entry: &Entry) {
        let on = match entry.on {
            On::Namespace(namespace) => namespace,
            On::Text => "string",
            On::Bytes => "bytes",
            On::List => "list",
            On::Set => "set",
            On::Map => "map",
            On::Int => "int",
            On::Float => "float",
            On::Bool => "bool",
        };
        _ = write!(self.out, "{on}:{}", entry.name);
    }

    fn call(&mut self, what: &str, operand: &'a Expr) {
        self.out.push_str(what);
        self.items("(", std::slice::from_ref(operand), ")");
    }

    fn infix(&mut self, left: &'a Expr, operator: &str, right: &'a Expr) {
        self.out.push('(');
        self.expr(left);
        _ = write!(self.out, " {operator} ");
        self.expr(right);
        self.out.push(')');
    }

    pub(super) fn items(&mut self, open: &str, items: &'a [Expr], close: &str) {
        self.out.push_str(open);
        for (index, item) in items.iter().enumerate() {
            self.out.push_str(if index == 0 { "" } else { ", " });
            self.expr(item);
        }
        self.out.push_str(close);
    }
}

fn arithmetic(op: Arithmetic) -> &'static str {
    match op {
        Arithmetic::Add => "+",
        Arithmetic::Sub => "-",
        Arithmetic::Mul => "*",
        Arithmetic::Div => "/",
        Arithmetic::Rem => "%",
    }
}

fn bits(op: Bits) -> &'static str {
    match op {
        Bits::And => "&",
        Bits::Or => "|",
        Bits::Xor => "^",
        Bits::Shl => "<<",
        Bits::Shr => ">>",
        Bits::Ushr => ">>>",
    }
}

fn combination(op: Combine) -> &'static str {
    match op {
        Combine::SetUnion | Combine::MapUnion => "|+|",
        Combine::SetWith => "|+",
        Combine::ListWithout | Combine::SetWithout | Combine::MapWithout => "|-|",
    }
}

fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::Eq => "==",
        Comparison::Ne => "!=",
        Comparison::Lt => "<",
        Comparison::Le => "<=",
        Comparison::Gt => ">",
        Comparison::Ge => ">=",
    }
}
