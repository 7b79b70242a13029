//! Values that already stand somewhere: variables, event data, outputs, and items of these.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, ExprGenerator, Precedence, branches};
use crate::{
    codegen::{
        places::EventAccess,
        rust_types::{is_copy, is_counted, rust_type},
    },
    ir::{Coercion, DynamicOp, Expr, Kind},
    model::DatumId,
    types::Type,
};

/// Where a value stands.
pub(super) enum PlaceCode {
    /// An expression that names it, such as `cx.data.count`.
    Path(TokenStream),
    /// An expression that yields a reference to it.
    Ref(Code),
}

impl PlaceCode {
    pub(super) fn reference(self) -> Code {
        match self {
            Self::Path(path) => Code::unary(quote!(&#path)),
            Self::Ref(reference) => reference,
        }
    }

    /// The expression a method is called on.
    pub(super) fn receiver(self) -> TokenStream {
        match self {
            Self::Path(path) => path,
            Self::Ref(reference) => reference.receiver(),
        }
    }

    /// The place as an operand of a comparison, which only looks at it.
    pub(super) fn operand(self) -> Code {
        match self {
            Self::Path(path) => Code::atom(path),
            Self::Ref(reference) => {
                let reference = reference.at_least(Precedence::Unary);
                Code::unary(quote!(*#reference))
            }
        }
    }
}

type DatumSources = [(DatumId, Option<Coercion>)];

impl ExprGenerator<'_> {
    /// Where the value stands and can be looked at, if it need not be made first.
    pub(super) fn place(&self, expr: &Expr) -> Option<PlaceCode> {
        if self.held && !is_given(expr) {
            return None;
        }
        self.standing(expr)
    }

    /// Where the value stands, to be taken from there at once.
    pub(super) fn standing(&self, expr: &Expr) -> Option<PlaceCode> {
        let rt = self.places.runtime();
        let at = self.at(expr);
        match &expr.kind {
            Kind::Variable(variable) => {
                let path = self.places.variable(*variable);
                let declared = &self.program.app.variables[*variable];
                Some(if declared.optional {
                    let name = &declared.name.text;
                    PlaceCode::Ref(self.attempt(quote!(#rt::slot(&#path, #name, #at))))
                } else {
                    PlaceCode::Path(path)
                })
            }
            Kind::Output(output) => {
                let path = self.places.output(*output);
                let declared = &self.program.app.outputs[*output];
                Some(if declared.optional {
                    let name = &declared.name.text;
                    PlaceCode::Ref(self.attempt(quote!(#rt::output(&#path, #name, #at))))
                } else {
                    PlaceCode::Path(path)
                })
            }
            Kind::Matched(id) => Some(PlaceCode::Path(self.places.matched(*id))),
            Kind::Local(local) => self.local_place(*local),
            Kind::Datum { name, sources, .. } => self.datum_place(expr, name, sources),
            Kind::Coerce(Coercion::Unwrap, operand) => self.unwrapped(operand, &expr.ty, &at),
            Kind::ListItem(list, index) => {
                let list = self.before(list, &[index]).place(list)?.reference();
                Some(PlaceCode::Ref(self.list_item(list, index, &at)))
            }
            Kind::MapItem(map, key) if expr.ty == Type::Dynamic => {
                let value = self.map_get(map, key)?.receiver();
                Some(PlaceCode::Ref(Code::atom(quote!(#value.unwrap_or(&#rt::Value::Null)))))
            }
            Kind::Dynamic(DynamicOp::SafeIndex, operands) => {
                let [base, key] = operands.as_slice() else {
                    return None;
                };
                let base = self.before(base, &[key]).place(base)?.reference();
                let key = self.untyped(key);
                Some(PlaceCode::Ref(Code::atom(quote!(#rt::dynamic::safe_index(#base, #key)))))
            }
            Kind::Dynamic(DynamicOp::Index, operands) => {
                let [base, key] = operands.as_slice() else {
                    return None;
                };
                let base = self.before(base, &[key]).place(base)?.reference();
                let key = self.untyped(key);
                Some(PlaceCode::Ref(self.attempt(quote!(#rt::dynamic::index(#base, #key, #at)))))
            }
            _ => None,
        }
    }

    /// The value of a place, owned.
    pub(super) fn take(&self, place: PlaceCode, ty: &Type) -> Code {
        let rt = self.places.runtime();
        match place {
            // As an operand of `==` an option would be borrowed.
            PlaceCode::Path(path) if self.held && matches!(ty, Type::Option(_)) && is_copy(ty) => {
                Code::atom(quote!(#rt::of_type(#path)))
            }
            PlaceCode::Path(path) if is_copy(ty) => Code::atom(path),
            place => self.dereference(place.reference(), ty),
        }
    }

    /// The value behind a reference, owned.
    pub(super) fn dereference(&self, reference: Code, ty: &Type) -> Code {
        if is_copy(ty) {
            return PlaceCode::Ref(reference).operand();
        }
        let rt = self.places.runtime();
        if !is_counted(ty) {
            return Code::atom(quote!(#rt::Clone::clone(#reference)));
        }
        Code::atom(quote!(#rt::copied(#reference)))
    }

    /// What [`borrowed`](Self::borrowed) yields, if it does not depend on a temporary.
    pub(super) fn lasting(&self, expr: &Expr) -> Option<Code> {
        match &expr.kind {
            Kind::Text(text) => return Some(Code::atom(quote!(#text))),
            Kind::Conditional(condition, yes, no) => {
                let (yes, no) = (self.lasting(yes)?, self.lasting(no)?);
                return Some(branches(self.owned(condition), yes, no));
            }
            _ => {}
        }
        let place = self.place(expr)?;
        Some(if expr.ty == Type::Text {
            let place = place.receiver();
            Code::atom(quote!(#place.as_str()))
        } else {
            place.reference()
        })
    }

    pub(super) fn list_item(&self, list: Code, index: &Expr, at: &TokenStream) -> Code {
        let rt = self.places.runtime();
        let index = self.owned(index);
        match self.shelter() {
            Some(_) => self.present(quote!(#rt::list::find(#list, #index))),
            None => Code::atom(quote!(#rt::list::item(#list, #index, #at)?)),
        }
    }

    /// Event data that stand somewhere as they are, without a coercion.
    fn datum_place(&self, expr: &Expr, name: &str, sources: &DatumSources) -> Option<PlaceCode> {
        match self.places.event() {
            EventAccess::None => None,
            EventAccess::Payload(payload) => match sources {
                [(datum, None), ..] => Some(self.field(*datum, name, &payload, &self.at(expr))),
                _ => None,
            },
            EventAccess::Any(event) => {
                let plain = sources.iter().all(|(_, coercion)| coercion.is_none());
                if is_copy(&expr.ty) || sources.is_empty() || !plain {
                    return None;
                }
                let code = self.match_event(expr, name, &event, sources, PlaceCode::reference);
                Some(PlaceCode::Ref(code))
            }
        }
    }

    /// Event data that have to be converted, or copied out of the event.
    pub(super) fn datum(&self, expr: &Expr, name: &str, sources: &DatumSources) -> Code {
        let at = self.at(expr);
        match (self.places.event(), sources) {
            (EventAccess::None, _) | (_, []) => self.absent(expr),
            (EventAccess::Payload(payload), [(datum, coercion), ..]) => {
                let place = self.field(*datum, name, &payload, &at);
                self.convert(place, *datum, coercion.as_ref(), &at)
            }
            (EventAccess::Any(event), _) => {
                let mut coercions = sources.iter();
                self.match_event(expr, name, &event, sources, |place| match coercions.next() {
                    Some((datum, coercion)) => self.convert(place, *datum, coercion.as_ref(), &at),
                    None => place.operand(),
                })
            }
        }
    }

    fn convert(
        &self,
        place: PlaceCode,
        datum: DatumId,
        coercion: Option<&Coercion>,
        at: &TokenStream,
    ) -> Code {
        let from = &self.program.data[datum];
        match coercion {
            Some(coercion) => self.convert_place(coercion, place, from, at),
            None => self.take(place, from),
        }
    }

    /// `match event { Some(Event::A(payload)) => …, _ => absent }`, an arm for each source in order.
    fn match_event(
        &self,
        expr: &Expr,
        name: &str,
        event: &TokenStream,
        sources: &DatumSources,
        mut value: impl FnMut(PlaceCode) -> Code,
    ) -> Code {
        let rt = self.places.runtime();
        let at = self.at(expr);
        let payload = quote!(payload);
        let arms = sources.iter().map(|(datum, _)| {
            let pattern = self.places.datum_pattern(*datum);
            let value = value(self.field(*datum, name, &payload, &at));
            quote!(#rt::Some(#pattern) => #value,)
        });
        let absent = self.attempt(quote!(#rt::absent(#name, #at)));
        Code::new(Precedence::Block, quote!(match #event { #(#arms)* _ => #absent, }))
    }

    fn field(&self, datum: DatumId, name: &str, payload: &TokenStream, at: &TokenStream) -> PlaceCode {
        let rt = self.places.runtime();
        let field = self.places.datum_field(datum);
        if self.program.app.data[datum].optional {
            PlaceCode::Ref(self.attempt(quote!(#rt::datum(&#payload.#field, #name, #at))))
        } else {
            PlaceCode::Path(quote!(#payload.#field))
        }
    }

    /// Data that what triggered the step never carries.
    pub(super) fn absent(&self, expr: &Expr) -> Code {
        let rt = self.places.runtime();
        let at = self.at(expr);
        let ty = rust_type(&expr.ty, &rt);
        let name = match &expr.kind {
            Kind::Datum { name, .. } => name.as_str(),
            _ => "",
        };
        self.attempt(quote!(#rt::absent::<#ty>(#name, #at)))
    }
}

/// Whether it stands where nothing that is evaluated can change it.
fn is_given(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Datum { .. } | Kind::Output(_) | Kind::Matched(_) | Kind::Text(_) => true,
        Kind::ListItem(base, _) | Kind::MapItem(base, _) | Kind::Coerce(Coercion::Unwrap, base) => {
            is_given(base)
        }
        Kind::Dynamic(DynamicOp::Index | DynamicOp::SafeIndex, operands) => {
            operands.first().is_some_and(is_given)
        }
        _ => false,
    }
}
