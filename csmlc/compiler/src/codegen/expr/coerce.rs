//! Coercions.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, ExprGenerator, access::PlaceCode};
use crate::{
    codegen::rust_types::rust_type,
    ir::{Coercion, Expr, Kind},
    types::Type,
};

/// The value a coercion starts from.
enum CoercionSource {
    /// It stands somewhere.
    Place(PlaceCode),
    /// It has been made for this.
    Made(Code),
}

/// A function that converts one value, as an argument of a call.
struct Callable {
    code: TokenStream,
    /// Whether it returns a `Result`.
    fallible: bool,
}

impl ExprGenerator<'_> {
    pub(super) fn coerce(&self, coercion: &Coercion, operand: &Expr, at: &TokenStream) -> Code {
        if *coercion == Coercion::Condition {
            return self.holds(operand);
        }
        let value = match self.standing(operand) {
            Some(place) => CoercionSource::Place(place),
            None if !is_scalar(&operand.ty) && !matches!(coercion, Coercion::Some) => {
                CoercionSource::Made(self.temporary(operand))
            }
            None => CoercionSource::Made(self.owned(operand)),
        };
        self.convert_operand(coercion, value, &operand.ty, at)
    }

    pub(super) fn convert_place(
        &self,
        coercion: &Coercion,
        place: PlaceCode,
        from: &Type,
        at: &TokenStream,
    ) -> Code {
        self.convert_operand(coercion, CoercionSource::Place(place), from, at)
    }

    fn convert_operand(
        &self,
        coercion: &Coercion,
        operand: CoercionSource,
        from: &Type,
        at: &TokenStream,
    ) -> Code {
        let rt = self.places.runtime();
        let content = from.content();
        Code::atom(match coercion {
            Coercion::ToDynamic => return self.to_dynamic(operand, from, at),
            Coercion::ToText => return self.to_text(operand, from, at),
            Coercion::ToShownText => {
                let value = look(operand);
                quote!(#rt::text::concat(&[#rt::text::Piece::Shown(#value)], #at)?)
            }
            Coercion::IntToFloat => {
                let value = self.own(operand, from);
                quote!(#rt::float::from_int(#value))
            }
            Coercion::BoolToInt => {
                let value = self.own(operand, from);
                quote!(#rt::int::from_bool(#value))
            }
            Coercion::Some => {
                let value = self.own(operand, from);
                quote!(#rt::Some(#value))
            }
            Coercion::Unwrap => {
                let value = self.own(operand, from);
                return match self.shelter() {
                    Some(_) => self.present(quote!(#value)),
                    None => Code::atom(quote!(#rt::some(#value, #at)?)),
                };
            }
            Coercion::DynamicToBool => {
                let value = look(operand);
                return self.attempt(quote!(#rt::dynamic::to_bool(#value, #at)));
            }
            Coercion::FromDynamic(ty) => {
                let value = look(operand);
                let from_dynamic = from_dynamic(ty, &rt);
                quote!(#from_dynamic(#value, #at)?)
            }
            Coercion::Condition => {
                let value = look(operand);
                quote!(#rt::holds(#value))
            }
            Coercion::Items(inner, _) => {
                let (value, each) = (self.own(operand, from), self.callable(inner, content, at));
                let code = each.code;
                let module = if matches!(from, Type::Set(_)) { quote!(set) } else { quote!(list) };
                match each.fallible {
                    true => return self.attempt(quote!(#rt::#module::try_map(#value, #code))),
                    false => quote!(#rt::#module::map(#value, #code)),
                }
            }
            Coercion::Values(inner, _) => {
                let (value, each) = (self.own(operand, from), self.callable(inner, content, at));
                let code = each.code;
                match each.fallible {
                    true => return self.attempt(quote!(#rt::map::try_map_values(#value, #code))),
                    false => quote!(#rt::map::map_values(#value, #code)),
                }
            }
            Coercion::Inside(inner, _) => {
                let (value, each) = (self.own(operand, from), self.callable(inner, content, at));
                let code = each.code;
                match each.fallible {
                    true => return self.attempt(quote!(#rt::option::try_map(#value, #code))),
                    false => quote!(#rt::option::map(#value, #code)),
                }
            }
        })
    }

    /// A function for one item, value or content of type `from`.
    fn callable(&self, coercion: &Coercion, from: &Type, at: &TokenStream) -> Callable {
        let rt = self.places.runtime();
        let sure = |code| Callable { code, fallible: false };
        let fallible = |code| Callable { code, fallible: true };
        let nested = |inner: &Coercion, plain: TokenStream, checked: TokenStream| {
            let each = self.callable(inner, from.content(), at);
            let (code, function) = match each.fallible {
                true => (each.code, checked),
                false => (each.code, plain),
            };
            Callable { code: quote!(|__csml_item| #function(__csml_item, #code)), fallible: each.fallible }
        };
        match (coercion, from) {
            (Coercion::ToDynamic, Type::Bool) => sure(quote!(#rt::Value::Bool)),
            (Coercion::ToDynamic, Type::Int) => sure(quote!(#rt::Value::Int)),
            (Coercion::ToDynamic, Type::Float) => sure(quote!(#rt::Value::Float)),
            (Coercion::ToDynamic, from) if from.has_host() => {
                sure(quote!(|__csml_item| #rt::host::to_value(&__csml_item)))
            }
            (Coercion::ToDynamic, _) if from.nests_dynamic() => {
                fallible(quote!(|__csml_item| #rt::dynamic::checked(#rt::into_value(__csml_item), #at)))
            }
            (Coercion::ToDynamic, _) => sure(quote!(#rt::into_value)),
            (Coercion::FromDynamic(ty), _) => {
                let from_dynamic = from_dynamic(ty, &rt);
                fallible(quote!(|__csml_item| #from_dynamic(&__csml_item, #at)))
            }
            (Coercion::IntToFloat, _) => sure(quote!(#rt::float::from_int)),
            (Coercion::BoolToInt, _) => sure(quote!(#rt::int::from_bool)),
            (Coercion::Some, _) => sure(quote!(#rt::Some)),
            (Coercion::Condition, _) => sure(quote!(|__csml_item| #rt::holds(&__csml_item))),
            (Coercion::ToShownText, _) => fallible(
                quote!(|__csml_item| #rt::text::concat(&[#rt::text::Piece::Shown(&__csml_item)], #at)),
            ),
            (Coercion::ToText, Type::Bool) => sure(quote!(#rt::text::from_bool)),
            (Coercion::ToText, Type::Int) => sure(quote!(#rt::text::from_int)),
            (Coercion::ToText, Type::Float) => sure(quote!(#rt::text::from_float)),
            (Coercion::ToText, Type::Dynamic) => {
                fallible(quote!(|__csml_item| #rt::text::from_value(&__csml_item, #at)))
            }
            (Coercion::ToText, _) => {
                fallible(quote!(|__csml_item| #rt::text::from_value(&#rt::into_value(__csml_item), #at)))
            }
            (Coercion::Unwrap, _) => fallible(quote!(|__csml_item| #rt::some(__csml_item, #at))),
            (Coercion::DynamicToBool, _) => {
                fallible(quote!(|__csml_item| #rt::dynamic::to_bool(&__csml_item, #at)))
            }
            (Coercion::Items(inner, _), Type::Set(_)) => {
                nested(inner, quote!(#rt::set::map), quote!(#rt::set::try_map))
            }
            (Coercion::Items(inner, _), _) => {
                nested(inner, quote!(#rt::list::map), quote!(#rt::list::try_map))
            }
            (Coercion::Values(inner, _), _) => {
                nested(inner, quote!(#rt::map::map_values), quote!(#rt::map::try_map_values))
            }
            (Coercion::Inside(inner, _), _) => {
                nested(inner, quote!(#rt::option::map), quote!(#rt::option::try_map))
            }
        }
    }

    fn to_dynamic(self, operand: CoercionSource, from: &Type, at: &TokenStream) -> Code {
        let rt = self.places.runtime();
        if from.has_host() {
            let value = look(operand);
            return Code::atom(quote!(#rt::host::to_value(#value)));
        }
        if from.nests_dynamic() {
            let value = match operand {
                CoercionSource::Place(place) => {
                    let value = place.reference();
                    quote!(#rt::to_value(#value))
                }
                CoercionSource::Made(value) => quote!(#rt::into_value(#value)),
            };
            return Code::atom(quote!(#rt::dynamic::checked(#value, #at)?));
        }
        Code::atom(match (from, operand) {
            (Type::Bool, operand) => {
                let value = self.own(operand, from);
                quote!(#rt::Value::Bool(#value))
            }
            (Type::Int, operand) => {
                let value = self.own(operand, from);
                quote!(#rt::Value::Int(#value))
            }
            (Type::Float, operand) => {
                let value = self.own(operand, from);
                quote!(#rt::Value::Float(#value))
            }
            (Type::Dynamic | Type::Null, operand) => return self.own(operand, from),
            (_, CoercionSource::Place(place)) => {
                let value = place.reference();
                quote!(#rt::to_value(#value))
            }
            (_, CoercionSource::Made(value)) => quote!(#rt::into_value(#value)),
        })
    }

    fn to_text(self, operand: CoercionSource, from: &Type, at: &TokenStream) -> Code {
        let rt = self.places.runtime();
        let function = match from {
            Type::Text => return self.own(operand, from),
            Type::Bool => quote!(from_bool),
            Type::Int => quote!(from_int),
            Type::Float => quote!(from_float),
            Type::Dynamic => {
                let value = look(operand);
                return self.attempt(quote!(#rt::text::from_value(#value, #at)));
            }
            _ => {
                let value = self.to_dynamic(operand, from, at);
                return self.attempt(quote!(#rt::text::from_value(&#value, #at)));
            }
        };
        let value = self.own(operand, from);
        Code::atom(quote!(#rt::text::#function(#value)))
    }

    fn own(&self, operand: CoercionSource, ty: &Type) -> Code {
        match operand {
            CoercionSource::Place(place) => self.take(place, ty),
            CoercionSource::Made(code) => code,
        }
    }

    /// A reference to an operand of an operation on untyped values.
    pub(super) fn untyped(&self, expr: &Expr) -> Code {
        match (&expr.ty, &expr.kind) {
            (Type::Dynamic, _) => self.borrowed(expr),
            (Type::Null, Kind::Null) => self.owned(expr).reference(),
            _ => self.coerce(&Coercion::ToDynamic, expr, &self.at(expr)).reference(),
        }
    }
}

/// The function that reads a value of type `ty` from an untyped one.
fn from_dynamic(ty: &Type, rt: &TokenStream) -> TokenStream {
    let rust = rust_type(ty, rt);
    if ty.has_host() { quote!(#rt::host::from_dynamic::<#rust>) } else { quote!(#rt::from_dynamic::<#rust>) }
}

fn look(operand: CoercionSource) -> Code {
    match operand {
        CoercionSource::Place(place) => place.reference(),
        CoercionSource::Made(code) => code.reference(),
    }
}

fn is_scalar(ty: &Type) -> bool {
    matches!(ty, Type::Bool | Type::Int | Type::Float)
}
