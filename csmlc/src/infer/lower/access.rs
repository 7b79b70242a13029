//! Items, fields, functions and methods.

use super::{Lowered, Lowering, check::a};
use crate::{
    diagnostic::Diagnostic,
    expr::{
        Node,
        library::{self, Callee},
    },
    infer::{
        lattice::{present, settle},
        rules,
    },
    ir::{DynamicOp, Expr, Function, Kind},
    source::Span,
    types::Type,
};

impl Lowering<'_> {
    pub(super) fn index(&mut self, collection: &Node, index: &Node, span: Span) -> Lowered {
        let (collection, index) = (self.own(collection), self.own(index));
        self.item_of(collection?, index?, span)
    }

    pub(super) fn field(&mut self, collection: &Node, name: &str, span: Span) -> Lowered {
        let collection = self.own(collection)?;
        if matches!(present(&collection.ty), Type::List(_)) {
            return self.refuse(span, format!("a list has no field `{name}`"));
        }
        let name = self.node(Kind::Text(name.to_owned()), Type::Text, span);
        self.item_of(collection, name, span)
    }

    fn item_of(&mut self, collection: Box<Expr>, index: Box<Expr>, span: Span) -> Lowered {
        let collection = self.present(collection)?;
        let index = self.present(index)?;
        match (&collection.ty, &index.ty) {
            (Type::List(item), Type::Int) => {
                let ty = (**item).clone();
                Some(self.node(Kind::ListItem(collection, index), ty, span))
            }
            (Type::Map(key, value), index_type) if **key == *index_type && **key != Type::Dynamic => {
                let ty = (**value).clone();
                Some(self.node(Kind::MapItem(collection, index), ty, span))
            }
            (Type::List(_) | Type::Map(..) | Type::Dynamic, _) => {
                let collection = self.coerce(collection, &Type::Dynamic)?;
                let index = self.coerce(index, &Type::Dynamic)?;
                Some(self.dynamic_op(DynamicOp::Index, vec![*collection, *index], Type::Dynamic, span))
            }
            (ty, _) => {
                let message = format!("{} has no items or fields", a(ty));
                self.refuse(span, message)
            }
        }
    }

    /// `size x` and `empty x`, which take everything.
    pub(super) fn measure(&mut self, function: Function, operand: &Node, span: Span) -> Lowered {
        let sized = is_sized(present(&settle(&self.type_of(operand))));
        let operand = if sized { self.own(operand)? } else { self.dynamic(operand)? };
        Some(self.measured(function, *operand, span))
    }

    fn measured(&mut self, function: Function, operand: Expr, span: Span) -> Box<Expr> {
        let ty = if function == Function::Size { Type::Int } else { Type::Bool };
        self.node(Kind::Function(function, vec![operand]), ty, span)
    }

    pub(super) fn call(&mut self, callee: Option<Callee>, arguments: &[Node], span: Span) -> Lowered {
        let (Some(Callee::Known(function, _)), [sizes]) = (callee, arguments) else { return None };
        let wanted = Type::List(Box::new(Type::Int));
        let found = self.type_of(sizes);
        let empty = Type::List(Box::new(Type::Unknown));
        if *present(&found) != wanted && found != empty {
            let message = format!("the sizes must be a list of `int`, but this is {}", a(&settle(&found)));
            self.diagnostics.push(Diagnostic::new(&rules::WRONG_ARGUMENT, sizes.span, message));
            return None;
        }
        let sizes = self.to(sizes, &wanted)?;
        Some(self.node(Kind::Function(function, vec![*sizes]), Type::Bytes, span))
    }

    pub(super) fn method(&mut self, receiver: &Node, name: &str, span: Span) -> Lowered {
        let Some(Callee::Known(function, _)) = library::method(name) else { return None };
        let value = self.own(receiver)?;
        let value = self.present(value)?;
        let text = matches!(value.ty, Type::Text | Type::Dynamic);
        if text || (is_sized(&value.ty) && name != "length") {
            return Some(self.measured(function, *value, span));
        }
        let message = format!("{} has no method `{name}`", a(&value.ty));
        let help = is_sized(&value.ty).then(|| "the method is called `size`".to_owned());
        self.diagnostics.push(Diagnostic::new(&rules::WRONG_ARGUMENT, span, message).maybe_help(help));
        None
    }
}

/// Whether values of the type have a size of their own.
fn is_sized(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..))
}
