//! Assignments: what they change, and their value where it is used.

use super::{Lowered, Lowering, check::a, script_state::is_atom};
use crate::{
    expr::{
        Node, Referent,
        ast::{self, Binary},
    },
    ir::{Arithmetic, DynamicOp, Kind, Part, Place, Root, Stmt},
    solve::library,
    source::Span,
    types::{
        Type,
        algebra::{present, settle},
    },
};

impl Lowering<'_> {
    /// An assignment or increment as a statement.
    pub(super) fn assign(&mut self, expr: &Node, out: &mut Vec<Stmt>) -> Option<()> {
        match &expr.kind {
            ast::Kind::Assign { target, operator: None, value } => {
                let place = self.place(target);
                let ty = place.as_ref().map_or(Type::Dynamic, |place| place.ty.clone());
                let mut assigned = self.to(value, &ty)?;
                if acts(target) || acts(value) && !is_atom(target) {
                    let kept = self.keep(*assigned, out);
                    assigned = self.own(&kept)?;
                }
                out.push(Stmt::Assign(place?, *assigned));
            }
            ast::Kind::Assign { target, operator: Some(operator), value } => {
                let value = self.first(target, value, out)?;
                let target = self.shared_place(target, out)?;
                let place = self.place(&target)?;
                let changed = compound(*operator, &target, &value, expr.span);
                let value = self.to(&changed, &place.ty)?;
                out.push(Stmt::Assign(place, *value));
            }
            ast::Kind::Increment { target, down, .. } => {
                let target = self.shared_place(target, out)?;
                let place = self.place(&target)?;
                let value = self.next(&target, *down, expr.span)?;
                let value = self.coerce(value, &place.ty)?;
                out.push(Stmt::Assign(place, *value));
            }
            _ => return None,
        }
        Some(())
    }

    /// An assignment or increment whose value is used.
    pub(super) fn assigned(&mut self, expr: &Node) -> Lowered {
        let mut out = Vec::new();
        let read = match &expr.kind {
            ast::Kind::Assign { target, operator: None, value } => {
                let ty = settle(&self.type_of(expr));
                let place = self.place(target);
                let value = self.to(value, &ty)?;
                self.pass_on(place?, value, &mut out)?
            }
            ast::Kind::Assign { target, operator: Some(operator), value } => {
                let value = self.first(target, value, &mut out)?;
                let target = self.shared_place(target, &mut out)?;
                let place = self.place(&target)?;
                let value = self.own(&compound(*operator, &target, &value, expr.span))?;
                self.pass_on(place, value, &mut out)?
            }
            ast::Kind::Increment { target, down, prefix: true } => {
                let target = self.shared_place(target, &mut out)?;
                let place = self.place(&target)?;
                let value = self.next(&target, *down, expr.span)?;
                self.pass_on(place, value, &mut out)?
            }
            ast::Kind::Increment { target, down, .. } => {
                let target = self.shared_place(target, &mut out)?;
                let place = self.place(&target)?;
                let old = self.present_own(&target)?;
                let old = self.keep(*old, &mut out);
                let value = self.next(&old, *down, expr.span)?;
                let value = self.coerce(value, &place.ty)?;
                out.push(Stmt::Assign(place, *value));
                self.own(&old)?
            }
            _ => return None,
        };
        Some(self.after(out, read))
    }

    /// Puts a value into a place; the value once more.
    fn pass_on(&mut self, place: Place, value: Box<crate::ir::Expr>, out: &mut Vec<Stmt>) -> Lowered {
        let literal = matches!(value.kind, Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_));
        let read = if literal {
            value
        } else {
            let kept = self.keep(*value, out);
            self.own(&kept)?
        };
        let value = self.coerce(read.clone(), &place.ty)?;
        out.push(Stmt::Assign(place, *value));
        Some(read)
    }

    /// What `++` and `--` make of a number.
    fn next(&mut self, old: &Node, down: bool, span: Span) -> Lowered {
        let value = self.present_own(old)?;
        let what = if down { "--" } else { "++" };
        match value.ty {
            Type::Int | Type::Float => {
                let ty = value.ty.clone();
                let one = if ty == Type::Int { Kind::Int(1) } else { Kind::Float(1.0) };
                let one = self.node(one, ty.clone(), span);
                let op = if down { Arithmetic::Sub } else { Arithmetic::Add };
                Some(self.node(Kind::Arithmetic(op, value, one), ty, span))
            }
            Type::Dynamic => {
                let op = if down { DynamicOp::Decrement } else { DynamicOp::Increment };
                Some(self.dynamic_op(op, vec![*value], Type::Dynamic, span))
            }
            ref ty => {
                let message = format!("`{what}` takes a number, not {}", a(ty));
                self.refuse(span, message)
            }
        }
    }

    /// The right side of a compound assignment, evaluated by now if that or evaluating the target changes
    /// anything: it comes before the indices and the old value, as in JEXL.
    fn first(&mut self, target: &Node, value: &Node, out: &mut Vec<Stmt>) -> Option<Node> {
        if !acts(target) && !acts(value) {
            return Some(value.clone());
        }
        let value = self.own(value)?;
        Some(self.keep(*value, out))
    }

    /// The place with indices that can be evaluated more than once.
    fn shared_place(&mut self, target: &Node, out: &mut Vec<Stmt>) -> Option<Node> {
        let kind = match &target.kind {
            ast::Kind::Index { base, index, access } => {
                let base = Box::new(self.shared_place(base, out)?);
                let index = if is_atom(index) {
                    (**index).clone()
                } else {
                    let value = self.own(index)?;
                    self.keep(*value, out)
                };
                ast::Kind::Index { base, index: Box::new(index), access: *access }
            }
            ast::Kind::Field { base, name, access } => {
                let base = Box::new(self.shared_place(base, out)?);
                ast::Kind::Field { base, name: name.clone(), access: *access }
            }
            _ => return Some(target.clone()),
        };
        Some(Node { kind, span: target.span })
    }

    /// Something that can be changed. What is neither a variable nor a part of one is a value of its own.
    pub(super) fn place(&mut self, target: &Node) -> Option<Place> {
        let span = target.span;
        let at = self.positions.position(span);
        let root = |root, ty| Some(Place { root, path: Vec::new(), ty, span, at });
        match &target.kind {
            ast::Kind::Ref(Referent::Variable(id)) => {
                root(Root::Variable(*id), self.slots.variables[*id].clone())
            }
            ast::Kind::Ref(Referent::Datum { name, .. }) => {
                self.refuse(span, format!("event data such as `${name}` cannot be changed"));
                None
            }
            ast::Kind::Ref(Referent::Broken) => None,
            ast::Kind::Ref(Referent::Output(_) | Referent::Matched(_)) => {
                self.refuse(span, "the output of a service cannot be changed");
                None
            }
            ast::Kind::Local(local) => {
                let id = self.script.resolve(*local);
                root(Root::Local(id), self.script.ty(id))
            }
            ast::Kind::Index { base, index, .. } => {
                let place = self.place(base)?;
                self.part(place, index, span)
            }
            ast::Kind::Field { base, name, .. } => {
                let place = self.place(base)?;
                let name = Node { kind: ast::Kind::Text(name.clone()), span };
                self.part(place, &name, span)
            }
            _ => {
                let value = self.own(target)?;
                let ty = value.ty.clone();
                root(Root::Temporary(value), ty)
            }
        }
    }

    /// A part of a place.
    fn part(&mut self, mut place: Place, index: &Node, span: Span) -> Option<Place> {
        let mut ty = place.ty;
        if let Type::Option(item) = ty {
            place.path.push(Part::Present);
            ty = *item;
        }
        let known = settle(present(&self.type_of(index)));
        let part = match ty {
            Type::List(item) if known == Type::Int => {
                ty = *item;
                Part::Item(*self.present_own(index)?)
            }
            Type::Map(key, value) if known == *key || (*key == Type::Dynamic) => {
                ty = *value;
                let index = if known == *key { self.present_own(index) } else { self.dynamic(index) };
                Part::Entry(*index?)
            }
            Type::Dynamic => Part::Dynamic(*self.dynamic(index)?),
            Type::List(_) => {
                let message = format!("the index of a list is an `int`, not {}", a(&known));
                self.refuse(index.span, message);
                return None;
            }
            Type::Map(key, _) => {
                let message = format!("the keys of this map are `{key}`, not {}", a(&known));
                self.refuse(index.span, message);
                return None;
            }
            ty => {
                self.refuse(span, format!("{} has no items or fields", a(&ty)));
                return None;
            }
        };
        place.path.push(part);
        place.ty = ty;
        place.span = span;
        place.at = self.positions.position(span);
        Some(place)
    }
}

/// `target operator value`, for `target operator= value`.
fn compound(operator: Binary, target: &Node, value: &Node, span: Span) -> Node {
    let kind = ast::Kind::Binary(operator, Box::new(target.clone()), Box::new(value.clone()));
    Node { kind, span }
}

/// Whether evaluating an expression may change a variable or local.
fn acts(expr: &Node) -> bool {
    let itself = match &expr.kind {
        ast::Kind::Assign { .. }
        | ast::Kind::Increment { .. }
        | ast::Kind::Declare { .. }
        | ast::Kind::CallLocal { .. }
        | ast::Kind::Apply { .. } => true,
        ast::Kind::Method { name, .. } => library::changes(name),
        _ => false,
    };
    itself || expr.children().into_iter().any(acts)
}
