//! What flows where inside the scripts of an application: everything but the flow of a whole expression into the
//! variable, datum or input it is for.

use crate::{
    expr::{
        Node, Referent,
        ast::{Kind, LocalRole},
    },
    model::OutputId,
    source::Span,
    types::Type,
};
use crate::{
    solve::{
        RoleScript, library,
        outline::{self, Lambda, Outline},
        slots::Slot,
        typing::{Types, element_type},
    },
    types::algebra::join,
};

/// Something that gives a place values of a type.
pub(crate) struct TypeFlow<'a> {
    /// Number of the expression it happens in.
    pub(crate) item: usize,
    pub(crate) into: Into<'a>,
    pub(crate) from: From<'a>,
    pub(crate) span: Span,
}

/// Where values go.
pub(crate) enum Into<'a> {
    Slot(Slot),
    /// A variable or local, or a part of one.
    Place(&'a Node),
}

/// What values come from.
pub(crate) enum From<'a> {
    Expr(&'a Node),
    Output(OutputId),
    /// The items of a collection.
    Elements(&'a Node),
    /// What a method makes of the receiver it changes.
    Change {
        receiver: &'a Node,
        name: &'a str,
        arguments: &'a [Node],
    },
    Null,
}

impl TypeFlow<'_> {
    /// The slot and the type it is given now.
    pub(crate) fn now(&self, types: Types<'_>) -> Option<(Slot, Type)> {
        let types = Types { item: self.item, ..types };
        let ty = match &self.from {
            From::Expr(expr) => types.of(expr),
            From::Output(output) => types.slots.outputs[*output].clone(),
            From::Elements(collection) => element_type(&types.of(collection)),
            From::Change { receiver, name, arguments } => {
                library::held(&types.of(receiver), name, &types.each(arguments))
            }
            From::Null => Type::Null,
        };
        match self.into {
            Into::Slot(slot) => Some((slot, ty)),
            Into::Place(_) if ty == Type::Unknown => None,
            Into::Place(place) => types.holder(place, ty),
        }
    }

    /// Calls `f` with every slot that it depends on.
    pub(crate) fn each_slot(&self, f: &mut dyn FnMut(Slot)) {
        match &self.from {
            From::Expr(expr) | From::Elements(expr) => slots_in(expr, self.item, f),
            From::Output(output) => f(Slot::Output(*output)),
            From::Change { receiver, arguments, .. } => {
                slots_in(receiver, self.item, f);
                for argument in *arguments {
                    slots_in(argument, self.item, f);
                }
            }
            From::Null => {}
        }
        if let Into::Place(place) = self.into {
            slots_in(place, self.item, f);
        }
    }
}

/// Calls `f` with every slot that an expression reads.
pub(crate) fn slots_in(expr: &Node, item: usize, f: &mut dyn FnMut(Slot)) {
    expr.visit(&mut |part| match &part.kind {
        Kind::Ref(Referent::Variable(id)) => f(Slot::Variable(*id)),
        Kind::Ref(Referent::Datum { sources, .. }) => {
            sources.iter().copied().map(Slot::Datum).for_each(&mut *f)
        }
        Kind::Ref(Referent::Output(id)) => f(Slot::Output(*id)),
        Kind::Ref(Referent::Matched(id)) => f(Slot::Match(*id)),
        Kind::Local(local) | Kind::Declare { local, .. } | Kind::CallLocal { function: local, .. } => {
            f(Slot::Local(item, *local));
        }
        _ => {}
    });
}

/// The flows of one expression, in order of the text.
pub(crate) fn of_item<'a>(number: usize, item: &'a RoleScript, outline: &Outline<'a>) -> Vec<TypeFlow<'a>> {
    let mut collector = FlowCollector { number, outline, flows: Vec::new() };
    let root = &item.script.root;
    if let Some(slot) = Slot::of(item.role) {
        collector.values(slot, root);
    }
    for (id, local) in item.locals() {
        let hoisted = outline.hoisted.contains(&id);
        if (local.nullable || hoisted) && !matches!(local.role, LocalRole::Function | LocalRole::Parameter) {
            collector.add(Into::Slot(Slot::Local(number, id)), From::Null, local.span);
        }
    }
    root.visit(&mut |part| collector.part(part));
    collector.flows
}

struct FlowCollector<'a, 'o> {
    number: usize,
    outline: &'o Outline<'a>,
    flows: Vec<TypeFlow<'a>>,
}

impl<'a> FlowCollector<'a, '_> {
    fn add(&mut self, into: Into<'a>, from: From<'a>, span: Span) {
        self.flows.push(TypeFlow { item: self.number, into, from, span });
    }

    /// The value of a body and what it returns go into `slot`.
    fn values(&mut self, slot: Slot, body: &'a Node) {
        self.add(Into::Slot(slot), From::Expr(body), outline::end_of(body).span);
        let mut returned = Vec::new();
        outline::returns(body, &mut |at, value| returned.push((at, value)));
        for (at, value) in returned {
            match value {
                Some(value) => self.add(Into::Slot(slot), From::Expr(value), value.span),
                None => self.add(Into::Slot(slot), From::Null, at.span),
            }
        }
    }

    fn part(&mut self, part: &'a Node) {
        match &part.kind {
            Kind::Declare { local, value } => {
                let from = value.as_deref().map_or(From::Null, From::Expr);
                let span = value.as_deref().map_or(part.span, |value| value.span);
                self.add(Into::Slot(Slot::Local(self.number, *local)), from, span);
            }
            Kind::Define { local, function } => {
                self.values(Slot::Local(self.number, *local), &function.body);
            }
            Kind::Assign { target, operator: None, value } => {
                self.add(Into::Place(target), From::Expr(value), value.span);
            }
            Kind::Assign { target, .. } | Kind::Increment { target, .. } => {
                self.add(Into::Place(target), From::Expr(part), part.span);
            }
            Kind::ForEach { target, collection, .. } => {
                self.add(Into::Place(target), From::Elements(collection), collection.span);
            }
            Kind::CallLocal { function, arguments } => {
                if let Some(lambda) = self.outline.functions.get(function) {
                    self.arguments(lambda, arguments);
                }
            }
            Kind::Apply { function, arguments } => self.arguments(function, arguments),
            Kind::Method { receiver, name, arguments, .. } if library::changes(name) => {
                let from = From::Change { receiver, name, arguments };
                self.add(Into::Place(receiver), from, part.span);
            }
            _ => {}
        }
    }

    fn arguments(&mut self, lambda: &Lambda, arguments: &'a [Node]) {
        for (parameter, argument) in lambda.parameters.iter().zip(arguments) {
            let slot = Slot::Local(self.number, *parameter);
            self.add(Into::Slot(slot), From::Expr(argument), argument.span);
        }
    }
}

/// The type of an expression's value together with what it returns.
pub(crate) fn value_type(root: &Node, types: Types<'_>) -> Type {
    let mut ty = types.of(root);
    outline::returns(root, &mut |_, value| {
        ty = join(&ty, &value.map_or(Type::Null, |value| types.of(value)));
    });
    ty
}
