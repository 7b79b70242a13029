//! Items and fields, and how much there is.

use super::{Lowered, Lowering, check::a};
use crate::{
    expr::{Node, ast},
    ir::{DynamicOp, Expr, Kind, LibraryFunction},
    source::Span,
    types::{
        Type,
        algebra::{option, present, settle},
    },
};

impl Lowering<'_> {
    pub(super) fn index(&mut self, collection: &Node, index: &Node, span: Span) -> Lowered {
        if collection.kind == ast::Kind::Null {
            return self.refuse(span, "`null` has no items or fields");
        }
        if !self.check_index(collection, index) {
            return None;
        }
        let (collection, index) = (self.own(collection), self.own(index));
        self.item_of(collection?, index?, span)
    }

    pub(super) fn field(&mut self, collection: &Node, name: &str, span: Span) -> Lowered {
        if collection.kind == ast::Kind::Null {
            return self.refuse(span, "`null` has no items or fields");
        }
        let collection = self.own(collection)?;
        if matches!(present(&collection.ty), Type::List(_)) {
            return self.refuse(span, format!("a list has no field `{name}`"));
        }
        let name = self.node(Kind::Text(name.to_owned()), Type::Text, span);
        self.item_of(collection, name, span)
    }

    pub(super) fn item_of(&mut self, collection: Box<Expr>, index: Box<Expr>, span: Span) -> Lowered {
        let collection = self.present(collection)?;
        let index = self.present(index)?;
        match (&collection.ty, &index.ty) {
            (Type::List(item), Type::Int) => {
                let ty = (**item).clone();
                Some(self.node(Kind::ListItem(collection, index), ty, span))
            }
            (Type::Map(key, value), index_type) if **key == *index_type && **key != Type::Dynamic => {
                let ty = option((**value).clone());
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
    pub(super) fn measure(&mut self, function: LibraryFunction, operand: &Node, span: Span) -> Lowered {
        let sized = is_sized(present(&settle(&self.type_of(operand))));
        let operand = if sized { self.own(operand)? } else { self.dynamic(operand)? };
        Some(self.measured(function, *operand, span))
    }

    pub(super) fn measured(&mut self, function: LibraryFunction, operand: Expr, span: Span) -> Box<Expr> {
        let ty = if function == LibraryFunction::Size { Type::Int } else { Type::Bool };
        self.node(Kind::Function(function, vec![operand]), ty, span)
    }
}

/// Whether values of the type have a size of their own.
fn is_sized(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..))
}
