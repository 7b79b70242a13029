//! Checks that a typed program is what [`crate::ir`] promises.

use crate::sorted::SortedSet;
use csml_expr::library::{Entry, On, Ty};

use crate::{
    ir::{
        Coercion, Combine, Comparison, DynamicOp, Expr, Kind, LibraryFunction, LocalId, Over, Part, Place,
        Program, Root, Script, Stmt,
    },
    model::Role,
    types::Type,
};

/// Everything that is not as promised.
pub(super) fn validate(program: &Program) -> Vec<String> {
    let mut faults = Vec::new();
    let slots = (program.variables.values())
        .chain(program.data.values())
        .chain(program.inputs.values())
        .chain(program.outputs.values())
        .chain(program.matches.values());
    for ty in slots {
        if !settled(ty) {
            faults.push(format!("slot of type {ty}"));
        }
    }
    program.app.clone().map_expressions(&mut |context, expr: Expr| {
        let mut check = Check::new(program, &mut faults);
        check.root(&expr);
        let wanted = match context.role {
            Role::Initial(id) | Role::Value(id) => expr.ty == program.variables[id],
            Role::Datum(id) => expr.ty == program.data[id],
            Role::Input(id) => expr.ty == program.inputs[id],
            Role::Matched(id) => expr.ty == program.matches[id],
            Role::Guard | Role::Case(_) => expr.ty == Type::Bool,
            Role::Delay => matches!(expr.ty, Type::Int | Type::Float | Type::Dynamic),
        };
        check.that(wanted, &expr, "the role's type");
    });
    for invoke in program.app.invokes.values() {
        for (output, variable) in &invoke.output {
            let (from, to) = (&program.outputs[*output], &program.variables[*variable]);
            if from != to && crate::ir::conversion::conversion(from, to).is_none() {
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
    script: Option<&'a Script>,
    /// Locals that can be seen.
    visible: SortedSet<LocalId>,
    /// Open loops.
    loops: u32,
    /// The type of what `return` gives.
    result: Type,
}

impl<'a> Check<'a> {
    fn new(program: &'a Program, faults: &'a mut Vec<String>) -> Self {
        Self { program, faults, script: None, visible: SortedSet::new(), loops: 0, result: Type::Unknown }
    }

    fn that(&mut self, holds: bool, expr: &Expr, what: &str) {
        if !holds {
            self.faults.push(format!("{what}: {}", crate::ir::print_expr(self.program, expr)));
        }
    }

    fn root(&mut self, expr: &Expr) {
        let Kind::Script(script) = &expr.kind else { return self.expr(expr) };
        self.that(expr.ty == script.body.ty, expr, "type of the script");
        // A copy, as it has to live as long as the check.
        let mut check = Check { script: Some(script), ..Check::new(self.program, self.faults) };
        check.that(script.locals.iter().all(|local| settled(&local.ty)), expr, "locals are settled");
        for function in &script.functions {
            check.visible = function.parameters.iter().chain(&function.captures).copied().collect();
            check.result = function.body.ty.clone();
            check.expr(&function.body);
        }
        check.visible = SortedSet::new();
        check.result = script.body.ty.clone();
        check.expr(&script.body);
    }

    fn all(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn local(&self, id: LocalId) -> Option<&Type> {
        self.script?.locals.get(id.0 as usize).map(|local| &local.ty)
    }

    /// Statements; what they declare is seen by what `then` checks and no longer.
    fn list(&mut self, statements: &[Stmt], then: impl FnOnce(&mut Self)) {
        let around = self.visible.clone();
        statements.iter().for_each(|statement| self.statement(statement));
        then(self);
        self.visible = around;
    }

    fn fault(&mut self, holds: bool, what: &str) {
        if !holds {
            self.faults.push(what.to_owned());
        }
    }

    fn bool(&mut self, expr: &Expr) {
        self.expr(expr);
        self.that(expr.ty == Type::Bool, expr, "condition");
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Let(local, value) => {
                self.expr(value);
                self.that(self.local(*local) == Some(&value.ty), value, "declared local");
                self.visible.insert(*local);
            }
            Stmt::Assign(place, value) => {
                self.place(place);
                self.expr(value);
                self.that(place.ty == value.ty, value, "assigned value");
                self.fault(!matches!(place.root, Root::Temporary(_)), "temporary assigned");
            }
            Stmt::Do(value) => self.expr(value),
            Stmt::If(condition, then, otherwise) => {
                self.bool(condition);
                self.list(then, |_| ());
                self.list(otherwise, |_| ());
            }
            Stmt::Loop { before, body, step, after, .. } => {
                before.iter().for_each(|condition| self.bool(condition));
                self.loops += 1;
                self.list(body, |_| ());
                self.loops -= 1;
                self.list(step, |_| ());
                after.iter().for_each(|condition| self.bool(condition));
            }
            Stmt::ForEach { local, over, body, .. } => {
                let item = match over {
                    Over::Items(items) => {
                        self.expr(items);
                        let is = matches!(items.ty, Type::List(_) | Type::Set(_) | Type::Map(..));
                        self.that(is, items, "gone through");
                        items.ty.content().clone()
                    }
                    Over::Range(from, to) => {
                        for bound in [from, to] {
                            self.expr(bound);
                            self.that(bound.ty == Type::Int, bound, "bound");
                        }
                        Type::Int
                    }
                    Over::Dynamic(items) => {
                        self.expr(items);
                        self.that(items.ty == Type::Dynamic, items, "gone through");
                        Type::Dynamic
                    }
                };
                self.fault(self.local(*local) == Some(&item), "variable of a loop");
                let around = self.visible.clone();
                self.visible.insert(*local);
                self.loops += 1;
                self.list(body, |_| ());
                self.loops -= 1;
                self.visible = around;
            }
            Stmt::Break | Stmt::Continue => self.fault(self.loops > 0, "outside of loops"),
            Stmt::Return(value) => {
                self.expr(value);
                self.that(value.ty == self.result, value, "returned");
            }
        }
    }

    fn place(&mut self, place: &Place) {
        let mut ty = match &place.root {
            Root::Variable(id) => self.program.variables[*id].clone(),
            Root::Local(id) => {
                self.fault(self.visible.contains(id), "place of a local that cannot be seen");
                self.local(*id).cloned().unwrap_or(Type::Unknown)
            }
            Root::Temporary(value) => {
                self.expr(value);
                value.ty.clone()
            }
        };
        for part in &place.path {
            ty = match (part, ty) {
                (Part::Present, Type::Option(item)) => *item,
                (Part::Item(index), Type::List(item)) => {
                    self.expr(index);
                    self.that(index.ty == Type::Int, index, "index");
                    *item
                }
                (Part::Entry(index), Type::Map(key, value)) => {
                    self.expr(index);
                    self.that(index.ty == *key, index, "key");
                    *value
                }
                (Part::Dynamic(index), Type::Dynamic) => {
                    self.expr(index);
                    self.that(index.ty == Type::Dynamic, index, "dynamic index");
                    Type::Dynamic
                }
                (part, ty) => {
                    self.faults.push(format!("{part:?} of {ty}"));
                    ty
                }
            };
        }
        self.fault(ty == place.ty, "type of a place");
    }

    /// Whether the operands of a library call are as its entry says.
    fn entry(&mut self, entry: &Entry, receiver: Option<&Type>, arguments: &[Expr], expr: &Expr) {
        self.that(entry.parameters.len() == arguments.len(), expr, "number of arguments");
        let mut item = None;
        for ((_, ty), argument) in entry.parameters.iter().zip(arguments) {
            self.that(stands(*ty, receiver, &argument.ty, &mut item), expr, "argument");
        }
        if entry.result != Ty::Null {
            self.that(stands(entry.result, receiver, &expr.ty, &mut item), expr, "result");
        }
        if let Some(receiver) = receiver {
            let fits = matches!(
                (entry.on, receiver),
                (On::Text, Type::Text)
                    | (On::Bytes, Type::Bytes)
                    | (On::List, Type::List(_))
                    | (On::Set, Type::Set(_))
                    | (On::Map, Type::Map(..))
                    | (On::Int, Type::Int)
                    | (On::Float, Type::Float)
                    | (On::Bool, Type::Bool)
            );
            self.that(fits, expr, "receiver");
        }
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
            Kind::Matched(id) => self.that(expr.ty == self.program.matches[*id], expr, "matched value"),
            Kind::Local(id) => {
                self.that(self.local(*id) == Some(&expr.ty), expr, "local");
                self.that(self.visible.contains(id), expr, "local that cannot be seen");
            }
            Kind::Datum { .. } => self.datum(expr),
            Kind::List(_) | Kind::Set(_) | Kind::Map(_) => self.collection(expr),
            Kind::Coerce(coercion, value) => {
                self.expr(value);
                self.that(coerces(coercion, &value.ty, &expr.ty), expr, "coercion");
            }
            Kind::Negate(value) => {
                self.expr(value);
                self.that(value.ty == expr.ty && is_number(&expr.ty), expr, "negation");
            }
            Kind::Not(value) => {
                self.bool(value);
                self.that(expr.ty == Type::Bool, expr, "not");
            }
            Kind::BitNot(value) => {
                self.expr(value);
                self.that(value.ty == Type::Int && expr.ty == Type::Int, expr, "bits");
            }
            Kind::Concat(pieces) => {
                self.all(pieces);
                let texts = pieces.iter().all(|piece| piece.ty == Type::Text);
                self.that(texts && expr.ty == Type::Text, expr, "concatenation");
            }
            Kind::IsNull(value) => {
                self.expr(value);
                self.that(matches!(value.ty, Type::Option(_)) && expr.ty == Type::Bool, expr, "is null");
            }
            Kind::Protected(value, otherwise) => {
                self.expr(value);
                self.expr(otherwise);
                let fits = value.ty == expr.ty && otherwise.ty == expr.ty;
                self.that(fits, expr, "protected");
            }
            Kind::Conditional(condition, then, otherwise) => {
                self.bool(condition);
                self.expr(then);
                self.expr(otherwise);
                let fits = then.ty == expr.ty && otherwise.ty == expr.ty;
                self.that(fits, expr, "conditional");
            }
            Kind::Dynamic(op, operands) => self.dynamic(*op, operands, expr),
            Kind::Function(function, arguments) => self.function(*function, arguments, expr),
            Kind::Block(statements, value) => self.list(statements, |check| {
                check.expr(value);
                check.that(value.ty == expr.ty, expr, "value of a block");
            }),
            Kind::Never => {}
            Kind::Script(_) => self.that(false, expr, "script within an expression"),
            _ => self.operation(expr),
        }
    }

    fn operation(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::Arithmetic(_, left, right) | Kind::Append(left, right) => {
                self.expr(left);
                self.expr(right);
                let same = left.ty == right.ty && left.ty == expr.ty;
                let number = matches!(expr.kind, Kind::Arithmetic(..));
                let kind = if number { is_number(&expr.ty) } else { matches!(expr.ty, Type::List(_)) };
                self.that(same && kind, expr, "arithmetic");
            }
            Kind::Bits(_, left, right) | Kind::Range(left, right) => {
                self.expr(left);
                self.expr(right);
                let ints = left.ty == Type::Int && right.ty == Type::Int;
                let bits = matches!(expr.kind, Kind::Bits(..));
                let result = if bits { Type::Int } else { Type::List(Box::new(Type::Int)) };
                self.that(ints && expr.ty == result, expr, "bits or range");
            }
            Kind::Combine(op, left, right) => {
                self.expr(left);
                self.expr(right);
                let fits = match (op, &left.ty, &right.ty) {
                    (Combine::SetUnion, Type::Set(a), Type::Set(b)) => a == b,
                    (Combine::MapUnion, a @ Type::Map(..), b) => a == b,
                    (Combine::SetWith, Type::Set(a), b) => **a == *b,
                    (Combine::ListWithout, Type::List(a), Type::List(b) | Type::Set(b))
                    | (Combine::SetWithout, Type::Set(a), Type::List(b) | Type::Set(b))
                    | (Combine::MapWithout, Type::Map(a, _), Type::List(b) | Type::Set(b)) => a == b,
                    _ => false,
                };
                self.that(fits && left.ty == expr.ty, expr, "combination");
            }
            Kind::Compare(op, left, right) => {
                self.expr(left);
                self.expr(right);
                let order = !matches!(op, Comparison::Eq | Comparison::Ne);
                let ordered = matches!(left.ty, Type::Bool | Type::Int | Type::Float | Type::Text);
                let fits = left.ty == right.ty && (ordered || (!order && left.ty != Type::Dynamic));
                self.that(fits && expr.ty == Type::Bool, expr, "comparison");
            }
            Kind::And(left, right) | Kind::Or(left, right) => {
                self.bool(left);
                self.bool(right);
                self.that(expr.ty == Type::Bool, expr, "logic");
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
                let Type::Map(known, value) = &map.ty else { return self.that(false, expr, "map") };
                let fits = **known == key.ty && expr.ty == crate::types::algebra::option((**value).clone());
                self.that(fits, expr, "map item");
            }
            Kind::Library(entry, operands) => {
                self.all(operands);
                if matches!(entry.on, On::Namespace(_)) {
                    return self.entry(entry, None, operands, expr);
                }
                let Some((receiver, arguments)) = operands.split_first() else {
                    return self.that(false, expr, "receiver");
                };
                self.entry(entry, Some(&receiver.ty), arguments, expr);
            }
            Kind::Change(entry, place, arguments) => {
                self.place(place);
                self.all(arguments);
                self.that(entry.changes, expr, "changes");
                self.entry(entry, Some(&place.ty), arguments, expr);
            }
            Kind::Host(function, operands) => {
                self.all(operands);
                let types = operands.iter().map(|operand| &operand.ty).eq(&function.parameters);
                let result = function.result.as_ref().unwrap_or(&Type::Dynamic);
                self.that(types && *result == expr.ty, expr, "signature");
            }
            Kind::DynamicMethod(_, operands) | Kind::DynamicFunction(_, _, operands) => {
                self.untyped(operands, expr);
            }
            Kind::DynamicChange(_, place, arguments) => {
                self.place(place);
                self.that(place.ty == Type::Dynamic, expr, "dynamic place");
                self.untyped(arguments, expr);
            }
            Kind::Call(id, arguments) => {
                self.all(arguments);
                let found = self.script.and_then(|script| script.functions.get(id.0 as usize));
                let Some(function) = found else { return self.that(false, expr, "function") };
                let types = function.parameters.iter().map(|parameter| self.local(*parameter));
                let fits = types.eq(arguments.iter().map(|argument| Some(&argument.ty)));
                let seen = function.captures.iter().all(|local| self.visible.contains(local));
                self.that(fits && function.body.ty == expr.ty, expr, "call");
                self.that(seen, expr, "captures");
            }
            _ => self.that(false, expr, "not looked at"),
        }
    }

    fn untyped(&mut self, operands: &[Expr], expr: &Expr) {
        self.all(operands);
        let dynamic = operands.iter().all(|operand| operand.ty == Type::Dynamic);
        self.that(dynamic && expr.ty == Type::Dynamic, expr, "untyped call");
    }

    fn datum(&mut self, expr: &Expr) {
        let Kind::Datum { sources, .. } = &expr.kind else { return };
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

    fn collection(&mut self, expr: &Expr) {
        match (&expr.kind, &expr.ty) {
            (Kind::List(items), Type::List(item)) | (Kind::Set(items), Type::Set(item)) => {
                self.all(items);
                self.that(items.iter().all(|i| i.ty == **item), expr, "items");
            }
            (Kind::Map(entries), Type::Map(key, value)) => {
                for (k, v) in entries {
                    self.expr(k);
                    self.expr(v);
                    self.that(k.ty == **key && v.ty == **value, expr, "entries");
                }
            }
            _ => self.that(false, expr, "collection"),
        }
    }

    fn dynamic(&mut self, op: DynamicOp, operands: &[Expr], expr: &Expr) {
        self.all(operands);
        let dynamic = operands.iter().all(|operand| operand.ty == Type::Dynamic);
        let result = match op {
            DynamicOp::Compare(_)
            | DynamicOp::Not
            | DynamicOp::Matches
            | DynamicOp::StartsWith
            | DynamicOp::EndsWith
            | DynamicOp::Same => Type::Bool,
            _ => Type::Dynamic,
        };
        let unary = matches!(
            op,
            DynamicOp::Negate
                | DynamicOp::Plus
                | DynamicOp::Not
                | DynamicOp::BitNot
                | DynamicOp::Increment
                | DynamicOp::Decrement
        );
        let count = operands.len() == if unary { 1 } else { 2 };
        self.that(dynamic && count && expr.ty == result, expr, "dynamic");
    }

    fn function(&mut self, function: LibraryFunction, arguments: &[Expr], expr: &Expr) {
        self.all(arguments);
        let [argument] = arguments else { return self.that(false, expr, "arguments") };
        let sized = matches!(
            crate::types::algebra::present(&argument.ty),
            Type::Text | Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..) | Type::Dynamic
        );
        let fits = match function {
            LibraryFunction::Size => sized && expr.ty == Type::Int,
            LibraryFunction::Empty => sized && expr.ty == Type::Bool,
        };
        self.that(fits, expr, "function");
    }
}

/// Whether a type is what a type of a signature stands for, given the receiver; `item` is what a function's
/// mentions of `Item` share.
fn stands(ty: Ty, receiver: Option<&Type>, found: &Type, item: &mut Option<Type>) -> bool {
    match (ty, found) {
        (Ty::Bool, Type::Bool) | (Ty::Int, Type::Int) | (Ty::Float, Type::Float) | (Ty::Text, Type::Text) => {
            true
        }
        (Ty::Bytes, Type::Bytes) | (Ty::Any, Type::Dynamic) => true,
        (Ty::Receiver, found) => receiver == Some(found),
        (Ty::Item, found) => match receiver {
            Some(receiver) => receiver.content() == found,
            None => item.get_or_insert_with(|| found.clone()) == found,
        },
        (Ty::Key, found) => matches!(receiver, Some(Type::Map(key, _)) if **key == *found),
        (Ty::Entry, found) => matches!(receiver, Some(Type::Map(_, value)) if **value == *found),
        (Ty::List(inner), Type::List(found)) | (Ty::Set(inner), Type::Set(found)) => {
            stands(*inner, receiver, found, item)
        }
        // What can be `null` itself is its own option.
        (Ty::Option(inner), Type::Option(of)) => {
            stands(*inner, receiver, of, item) || stands(*inner, receiver, found, item)
        }
        (Ty::Option(inner), found) => stands(*inner, receiver, found, item),
        _ => false,
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
        (Coercion::Condition, from, Type::Bool) => *from != Type::Bool,
        (Coercion::ToText, Type::Bool | Type::Int | Type::Float | Type::Dynamic, Type::Text) => true,
        (Coercion::ToShownText, Type::Dynamic, Type::Text) => true,
        (Coercion::FromDynamic(ty), Type::Dynamic, to) => ty == to,
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
