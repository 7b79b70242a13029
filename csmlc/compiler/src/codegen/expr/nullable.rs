//! Values that may be `null`: options, and values of maps, which are `null` where the map has no such key.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, ExprGenerator, Precedence, access::PlaceCode};
use crate::{
    codegen::rust_types::{is_copy, is_key},
    ir::{Expr, Kind},
    types::Type,
};

impl ExprGenerator<'_> {
    /// `map.get(key)`: an `Option` of a reference into the map, if the map stands somewhere.
    pub(super) fn map_get(&self, map: &Expr, key: &Expr) -> Option<Code> {
        let map = self.before(map, &[key]).place(map)?.receiver();
        let key = self.key_reference(key);
        Some(Code::atom(quote!(#map.get(#key))))
    }

    /// `map.get(key)`, of a map that is made for it if need be.
    fn map_get_made(&self, map: &Expr, key: &Expr) -> Code {
        self.map_get(map, key).unwrap_or_else(|| {
            let map = self.temporary(map).receiver();
            let key = self.key_reference(key);
            Code::atom(quote!(#map.get(#key)))
        })
    }

    /// A key of a map, or an element of a set, to look for.
    pub(super) fn key_reference(&self, key: &Expr) -> Code {
        match key.ty {
            Type::Text => self.borrowed(key),
            _ if is_key(&key.ty) => self.item_reference(key),
            _ => self.key(key).reference(),
        }
    }

    /// The value of a map, owned.
    pub(super) fn map_value(&self, expr: &Expr, map: &Expr, key: &Expr) -> Code {
        let rt = self.places.runtime();
        let value = self.map_get_made(map, key).receiver();
        if expr.ty == Type::Dynamic {
            return Code::atom(quote!(#value.cloned().unwrap_or(#rt::Value::Null)));
        }
        let taken = if is_copy(&expr.ty) { quote!(#value.copied()) } else { quote!(#value.cloned()) };
        Code::atom(if has_nullable_values(map) { quote!(#taken.flatten()) } else { taken })
    }

    /// An option as an `Option` of a reference, if that need not be made first.
    pub(super) fn optional(&self, expr: &Expr) -> Option<Code> {
        let rt = self.places.runtime();
        if let Kind::MapItem(map, key) = &expr.kind {
            let value = self.map_get(map, key)?;
            if !has_nullable_values(map) {
                return Some(value);
            }
            let value = value.receiver();
            return Some(Code::atom(quote!(#value.and_then(#rt::Option::as_ref))));
        }
        let option = self.place(expr)?.receiver();
        Some(Code::atom(quote!(#option.as_ref())))
    }

    /// Where the value stands that an option holds, for [`Coercion::Unwrap`](crate::ir::Coercion::Unwrap).
    pub(super) fn unwrapped(&self, operand: &Expr, ty: &Type, at: &TokenStream) -> Option<PlaceCode> {
        let rt = self.places.runtime();
        match &operand.kind {
            Kind::MapItem(map, key) if !has_nullable_values(map) => {
                let map = self.before(map, &[key]).place(map)?.reference();
                let key = self.key_reference(key);
                Some(PlaceCode::Ref(match self.shelter() {
                    Some(_) => self.present(quote!(#rt::map::get_ref(#map, #key))),
                    None => Code::atom(quote!(#rt::map::item(#map, #key, #at)?)),
                }))
            }
            // Copied as a whole.
            _ if is_copy(ty) => None,
            _ => {
                let option = self.optional(operand)?;
                Some(PlaceCode::Ref(match self.shelter() {
                    Some(_) => self.present(quote!(#option)),
                    None => Code::atom(quote!(#rt::some(#option, #at)?)),
                }))
            }
        }
    }

    pub(super) fn is_null(&self, operand: &Expr, expected: bool) -> Code {
        if let Kind::MapItem(map, key) = &operand.kind
            && !has_nullable_values(map)
        {
            let map = match self.before(map, &[key]).place(map) {
                Some(place) => place.receiver(),
                None => self.temporary(map).receiver(),
            };
            let key = self.key_reference(key);
            let present = Code::atom(quote!(#map.contains_key(#key)));
            return if expected { present.not() } else { present };
        }
        let receiver = match self.place(operand) {
            Some(place) => place.receiver(),
            None => match self.optional(operand) {
                Some(option) if matches!(operand.ty, Type::Option(_)) => option.receiver(),
                _ => self.temporary(operand).receiver(),
            },
        };
        match (&operand.ty, expected) {
            (Type::Option(_), true) => Code::atom(quote!(#receiver.is_none())),
            (Type::Option(_), false) => Code::atom(quote!(#receiver.is_some())),
            (_, true) => Code::atom(quote!(#receiver.is_null())),
            (_, false) => Code::unary(quote!(!#receiver.is_null())),
        }
    }

    /// Whether a value holds as the condition of `? :`, `if` or a loop; `null` does not.
    pub(super) fn holds(&self, operand: &Expr) -> Code {
        let rt = self.places.runtime();
        match &operand.ty {
            Type::Bool => self.owned(operand),
            Type::Int => match operand.constant_int() {
                Some(value) => {
                    let holds = value != 0;
                    Code::atom(quote!(#holds))
                }
                None => Code::binary(
                    Precedence::Compare,
                    self.temporary(operand),
                    quote!(!=),
                    Code::atom(quote!(0)),
                ),
            },
            Type::Option(_) if !is_copy(&operand.ty) => {
                let option = match self.optional(operand) {
                    Some(option) => option.reference(),
                    None => self.temporary(operand).reference(),
                };
                Code::atom(quote!(#rt::holds(#option)))
            }
            Type::Text => {
                let text = self.borrowed(operand);
                Code::atom(quote!(#rt::holds(#text)))
            }
            _ => {
                let value = self.reference(operand);
                Code::atom(quote!(#rt::holds(#value)))
            }
        }
    }
}

/// Whether values of a map may be `null` themselves.
fn has_nullable_values(map: &Expr) -> bool {
    matches!(&map.ty, Type::Map(_, value) if matches!(**value, Type::Option(_) | Type::Dynamic))
}
