//! Checks that a typed program is what [`crate::ir`] promises.

use crate::{
    ir::{Arithmetic, Coercion, Comparison, DynamicOp, Expr, Function, Kind, Program},
    model::Role,
    types::Type,
};

/// Everything that is not as promised.
pub(super) fn validate(program: &Program) -> Vec<String> {
    let mut faults = Vec::new();
    let slots = (program.variables.values())
        .chain(program.data.values())
        .chain(program.inputs.values())
        .chain(program.outputs.values());
    for ty in slots {
        if !settled(ty) {
            faults.push(format!("slot of type {ty}"));
        }
    }
    let checked = program.app.clone().map_expressions(&mut |context, expr: Expr| {
        let mut check = Check { program, faults: &mut faults };
        check.expr(&expr);
        let wanted = match context.role {
            Role::Initial(id) | Role::Value(id) => expr.ty == program.variables[id],
            Role::Datum(id) => expr.ty == program.data[id],
            Role::Input(id) => expr.ty == program.inputs[id],
            Role::Guard => expr.ty == Type::Bool,
            Role::Delay => matches!(expr.ty, Type::Int | Type::Float | Type::Dynamic),
        };
        check.that(wanted, &expr, "the role's type");
        Some(())
    });
    assert!(checked.is_some());
    for invoke in program.app.invokes.values() {
        for (output, variable) in &invoke.output {
            let (from, to) = (&program.outputs[*output], &program.variables[*variable]);
            if from != to && super::lattice::steps(from, to).is_none() {
                faults.push(format!("output of type {from} into variable of type {to}"));
            }
        }
    }
    faults
}

fn settled(ty: &Type) -> bool {
    match ty {
        Type::Unknown | Type::Null => false,
        Type::List(item) | Type::Set(item) => settled(item),
        Type::Option(item) => settled(item) && !matches!(**item, Type::Option(_) | Type::Dynamic),
        Type::Map(key, value) => settled(key) && settled(value),
        _ => true,
    }
}

struct Check<'a> {
    program: &'a Program,
    faults: &'a mut Vec<String>,
}

impl Check<'_> {
    fn that(&mut self, holds: bool, expr: &Expr, what: &str) {
        if !holds {
            self.faults.push(format!("{what}: {}", crate::ir::print_expr(self.program, expr)));
        }
    }

    fn all(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        self.that(settled(&expr.ty), expr, "type is settled");
        match &expr.kind {
            Kind::Null => {
                self.that(matches!(expr.ty, Type::Option(_) | Type::Dynamic), expr, "null");
            }
            Kind::Bool(_) => self.that(expr.ty == Type::Bool, expr, "literal"),
            Kind::Int(_) => self.that(expr.ty == Type::Int, expr, "literal"),
            Kind::Float(_) => self.that(expr.ty == Type::Float, expr, "literal"),
            Kind::Text(_) => self.that(expr.ty == Type::Text, expr, "literal"),
            Kind::Variable(id) => self.that(expr.ty == self.program.variables[*id], expr, "variable"),
            Kind::Output(id) => self.that(expr.ty == self.program.outputs[*id], expr, "output"),
            Kind::Datum { sources, .. } => {
                self.that(!sources.is_empty(), expr, "sources");
                for (datum, coercion) in sources {
                    let from = &self.program.data[*datum];
                    let fits = match coercion {
                        None => *from == expr.ty,
                        Some(coercion) => coerces(coercion, from, &expr.ty),
                    };
                    self.that(fits, expr, "source");
                }
            }
            Kind::List(items) => {
                self.all(items);
                let Type::List(item) = &expr.ty else { return self.that(false, expr, "list") };
                self.that(items.iter().all(|i| i.ty == **item), expr, "items");
            }
            Kind::Map(entries) => {
                let Type::Map(key, value) = &expr.ty else { return self.that(false, expr, "map") };
                for (k, v) in entries {
                    self.expr(k);
                    self.expr(v);
                    self.that(k.ty == **key && v.ty == **value, expr, "entries");
                }
            }
            Kind::Coerce(coercion, value) => {
                self.expr(value);
                self.that(coerces(coercion, &value.ty, &expr.ty), expr, "coercion");
            }
            Kind::Negate(value) => {
                self.expr(value);
                self.that(value.ty == expr.ty && is_number(&expr.ty), expr, "negation");
            }
            Kind::Not(value) => {
                self.expr(value);
                self.that(value.ty == Type::Bool && expr.ty == Type::Bool, expr, "not");
            }
            Kind::Arithmetic(
                Arithmetic::Add | Arithmetic::Sub | Arithmetic::Mul | Arithmetic::Div | Arithmetic::Rem,
                left,
                right,
            ) => {
                self.expr(left);
                self.expr(right);
                let same = left.ty == right.ty && left.ty == expr.ty;
                self.that(same && is_number(&expr.ty), expr, "arithmetic");
            }
            Kind::Concat(pieces) => {
                self.all(pieces);
                let texts = pieces.iter().all(|piece| piece.ty == Type::Text);
                self.that(texts && expr.ty == Type::Text, expr, "concatenation");
            }
            Kind::Append(left, right) => {
                self.expr(left);
                self.expr(right);
                let same = left.ty == right.ty && left.ty == expr.ty;
                self.that(same && matches!(expr.ty, Type::List(_)), expr, "append");
            }
            Kind::Compare(op, left, right) => {
                self.expr(left);
                self.expr(right);
                let order = !matches!(op, Comparison::Eq | Comparison::Ne);
                let ordered = matches!(left.ty, Type::Bool | Type::Int | Type::Float | Type::Text);
                let fits = left.ty == right.ty && (ordered || (!order && left.ty != Type::Dynamic));
                self.that(fits && expr.ty == Type::Bool, expr, "comparison");
            }
            Kind::IsNull(value) => {
                self.expr(value);
                self.that(matches!(value.ty, Type::Option(_)) && expr.ty == Type::Bool, expr, "is null");
            }
            Kind::And(left, right) | Kind::Or(left, right) => {
                self.expr(left);
                self.expr(right);
                let bools = [&left.ty, &right.ty, &expr.ty].iter().all(|ty| **ty == Type::Bool);
                self.that(bools, expr, "logic");
            }
            Kind::Conditional(condition, then, otherwise) => {
                self.expr(condition);
                self.expr(then);
                self.expr(otherwise);
                let fits = condition.ty == Type::Bool && then.ty == expr.ty && otherwise.ty == expr.ty;
                self.that(fits, expr, "conditional");
            }
            Kind::ListItem(list, index) => {
                self.expr(list);
                self.expr(index);
                let fits = list.ty == Type::List(Box::new(expr.ty.clone())) && index.ty == Type::Int;
                self.that(fits, expr, "list item");
            }
            Kind::MapItem(map, key) => {
                self.expr(map);
                self.expr(key);
                let wanted = Type::Map(Box::new(key.ty.clone()), Box::new(expr.ty.clone()));
                self.that(map.ty == wanted, expr, "map item");
            }
            Kind::Dynamic(op, operands) => {
                self.all(operands);
                let dynamic = operands.iter().all(|operand| operand.ty == Type::Dynamic);
                let result = match op {
                    DynamicOp::Compare(_) | DynamicOp::Not => Type::Bool,
                    _ => Type::Dynamic,
                };
                let unary = matches!(op, DynamicOp::Negate | DynamicOp::Not);
                let count = operands.len() == if unary { 1 } else { 2 };
                self.that(dynamic && count && expr.ty == result, expr, "dynamic");
            }
            Kind::Function(function, arguments) => {
                self.all(arguments);
                let [argument] = arguments.as_slice() else { return self.that(false, expr, "arguments") };
                let sized = matches!(
                    super::lattice::present(&argument.ty),
                    Type::Text | Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..) | Type::Dynamic
                );
                let fits = match function {
                    Function::RandomPayload => {
                        argument.ty == Type::List(Box::new(Type::Int)) && expr.ty == Type::Bytes
                    }
                    Function::Size => sized && expr.ty == Type::Int,
                    Function::Empty => sized && expr.ty == Type::Bool,
                };
                self.that(fits, expr, "function");
            }
            _ => self.that(false, expr, "not looked at yet"),
        }
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Float)
}

/// Whether a coercion leads from one type to another.
fn coerces(coercion: &Coercion, from: &Type, to: &Type) -> bool {
    match (coercion, from, to) {
        (Coercion::ToDynamic, from, Type::Dynamic) => *from != Type::Dynamic,
        (Coercion::IntToFloat, Type::Int, Type::Float) => true,
        (Coercion::BoolToInt, Type::Bool, Type::Int) => true,
        (Coercion::DynamicToBool, Type::Dynamic, Type::Bool) => true,
        (Coercion::ToText, Type::Bool | Type::Int | Type::Float | Type::Dynamic, Type::Text) => true,
        (Coercion::Some, from, Type::Option(to)) => *from == **to,
        (Coercion::Unwrap, Type::Option(from), to) => **from == *to,
        (Coercion::Items(inner, ty), Type::List(from), Type::List(to)) => {
            *ty == **to && coerces(inner, from, to)
        }
        (Coercion::Values(inner, ty), Type::Map(ka, from), Type::Map(kb, to)) => {
            ka == kb && *ty == **to && coerces(inner, from, to)
        }
        (Coercion::Inside(inner, ty), Type::Option(from), Type::Option(to)) => {
            *ty == **to && coerces(inner, from, to)
        }
        _ => false,
    }
}
