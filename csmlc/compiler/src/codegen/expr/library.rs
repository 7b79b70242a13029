//! Calls of functions and methods of the library, by its table.

use std::str::FromStr;

use csml_expr::library::{Entry, On, Ty};
use proc_macro2::TokenStream;
use quote::quote;

use super::{Code, ExprGenerator, Precedence};
use crate::{
    ir::{Combine, Expr, Kind},
    types::Type,
};

impl ExprGenerator<'_> {
    /// A function, or a method that changes nothing; the receiver is the first of the operands.
    pub(super) fn library(&self, entry: &Entry, operands: &[Expr], at: &TokenStream) -> Code {
        if let Some(code) = self.special(entry, operands, at) {
            return code;
        }
        let receiver = operands.first().map(|receiver| &receiver.ty);
        let mut arguments = Vec::new();
        if let [list, set] = operands
            && let (Type::List(item), Type::Set(element)) = (&list.ty, &set.ty)
            && item != element
        {
            // Floats are kept untyped in a set.
            let list = self.untyped_items(list);
            return self.entry_call(entry, vec![Code::unary(list), self.reference(set)], at);
        }
        let passed = receiver_type(entry.on).into_iter().chain(entry.parameters.iter().map(|(_, ty)| *ty));
        for ((generator, operand), ty) in self.siblings(operands).zip(passed) {
            arguments.push(generator.argument(entry, receiver, ty, operand));
        }
        self.entry_call(entry, arguments, at)
    }

    /// The call of an entry's function with its receiver and parameters.
    pub(super) fn entry_call(&self, entry: &Entry, mut arguments: Vec<Code>, at: &TokenStream) -> Code {
        if entry.random {
            let rng = self.places.rng();
            arguments.push(Code::unary(quote!(&mut #rng)));
        }
        if entry.fails {
            arguments.push(Code::atom(at.clone()));
        }
        let path = self.path(entry);
        let call = quote!(#path(#(#arguments),*));
        if entry.fails { self.attempt(call) } else { Code::atom(call) }
    }

    fn path(&self, entry: &Entry) -> TokenStream {
        let rt = self.places.runtime();
        let path = TokenStream::from_str(entry.path).unwrap_or_default();
        quote!(#rt::#path)
    }

    /// An operand as the table says it is passed to a parameter of type `ty`.
    pub(super) fn argument(&self, entry: &Entry, receiver: Option<&Type>, ty: Ty, operand: &Expr) -> Code {
        match ty {
            Ty::Bool | Ty::Int | Ty::Float => self.owned(operand),
            Ty::Text => self.borrowed(operand),
            Ty::Any => self.untyped(operand),
            Ty::Item | Ty::Key | Ty::Entry => {
                // Elements and keys may be kept in another type than they have.
                let is_element = match entry.on {
                    On::Set => ty == Ty::Item,
                    On::Map => ty == Ty::Key,
                    _ => false,
                };
                let of_function = matches!(entry.on, On::Namespace(_));
                match (is_element, entry.keeps) {
                    (true, true) => self.key(operand),
                    // Sets are asked for the very type of their elements.
                    (true, false) if entry.on == On::Set && operand.ty == Type::Text => {
                        self.reference(operand)
                    }
                    (true, false) => self.key_reference(operand),
                    (false, true) if of_function => self.temporary(operand),
                    (false, true) => self.owned(operand),
                    (false, false) if of_function => self.reference(operand),
                    (false, false) => self.item_reference(operand),
                }
            }
            Ty::List(Ty::Item) => self.slice(operand),
            Ty::List(_) => self.items_of(operand, false),
            Ty::Bytes | Ty::Receiver | Ty::Set(_) | Ty::Option(_) | Ty::Null => match receiver {
                Some(Type::List(_)) if ty == Ty::Receiver => self.slice(operand),
                Some(Type::Text) if ty == Ty::Receiver => self.borrowed(operand),
                _ => self.reference(operand),
            },
        }
    }

    /// A list to look at; of a literal an array, which needs no memory.
    pub(super) fn slice(&self, list: &Expr) -> Code {
        self.items_of(list, true)
    }

    /// [`slice`](Self::slice), in which the first item tells the type of all if nothing else does.
    fn items_of(&self, list: &Expr, telling: bool) -> Code {
        match &list.kind {
            Kind::List(items) if !items.is_empty() => {
                let items = items.iter().enumerate();
                let items =
                    items.map(
                        |(index, item)| {
                            if telling && index == 0 { self.temporary(item) } else { self.owned(item) }
                        },
                    );
                Code::unary(quote!(&[#(#items),*]))
            }
            _ => self.reference(list),
        }
    }

    /// Calls that need no memory, or less, where they are written out.
    fn special(&self, entry: &Entry, operands: &[Expr], at: &TokenStream) -> Option<Code> {
        let rt = self.places.runtime();
        match (entry.path, operands) {
            // A pattern known now is read once.
            ("text::matches" | "text::split", [text, pattern]) => {
                let Kind::Text(pattern) = &pattern.kind else { return None };
                let text = self.borrowed(text);
                let method = if entry.path == "text::matches" { quote!(matches) } else { quote!(split) };
                Some(Code::new(
                    Precedence::Block,
                    quote!({
                        static PATTERN: #rt::Pattern = #rt::Pattern::new(#pattern);
                        PATTERN.#method(#text, #at)?
                    }),
                ))
            }
            ("set::contains", [set, item]) => {
                let set = match self.before(set, &[item]).place(set) {
                    Some(place) => place.receiver(),
                    None => self.temporary(set).receiver(),
                };
                let item = self.key_reference(item);
                Some(Code::atom(quote!(#set.contains(#item))))
            }
            ("list::contains", [list, item]) if item.ty == Type::Text => {
                if let Kind::List(items) = &list.kind
                    && !items.is_empty()
                {
                    let items = items.iter().map(|each| self.before(each, &[item]).borrowed(each));
                    let item = self.borrowed(item);
                    return Some(Code::atom(quote!([#(#items),*].contains(&#item))));
                }
                let list = self.before(list, &[item]).reference(list);
                let item = self.borrowed(item);
                Some(Code::atom(quote!(#rt::list::contains_text(#list, #item))))
            }
            _ => None,
        }
    }

    /// A method of an untyped receiver, found while it runs.
    pub(super) fn dynamic_method(&self, name: &str, operands: &[Expr], at: &TokenStream) -> Code {
        let rt = self.places.runtime();
        let mut siblings = self.siblings(operands);
        let Some((generator, receiver)) = siblings.next() else {
            return Code::atom(quote!(#rt::Value::Null));
        };
        let receiver = generator.untyped(receiver);
        let arguments = siblings.map(|(generator, argument)| generator.owned(argument));
        self.attempt(quote!(#rt::dynamic::method(#receiver, #name, &[#(#arguments),*], #at)))
    }

    /// A function of the library, found while it runs.
    pub(super) fn dynamic_function(
        &self,
        expr: &Expr,
        namespace: &str,
        name: &str,
        operands: &[Expr],
    ) -> Code {
        let rt = self.places.runtime();
        let at = self.at(expr);
        let arguments = operands.iter().map(|argument| self.owned(argument));
        let rng = if expr.draws() { self.places.rng() } else { quote!(#rt::Rng::default()) };
        self.attempt(quote! {
            #rt::dynamic::function(#namespace, #name, &[#(#arguments),*], &mut #rng, #at)
        })
    }
}

impl ExprGenerator<'_> {
    /// A list to look at, its items as they are kept in an untyped set.
    fn untyped_items(&self, list: &Expr) -> TokenStream {
        let rt = self.places.runtime();
        let items = self.owned(list);
        quote!(&#rt::list::map(#items, #rt::into_value))
    }

    /// Collections put together or taken apart.
    pub(super) fn combine(&self, combine: Combine, left: &Expr, right: &Expr, at: &TokenStream) -> Code {
        let rt = self.places.runtime();
        let first = self.owned(left);
        let is_list = matches!(right.ty, Type::List(_));
        let made = |code: TokenStream| Code::atom(code);
        match combine {
            Combine::SetUnion => {
                let right = self.owned(right);
                made(quote!(#rt::set::union(#first, #right, #at)?))
            }
            Combine::SetWith => {
                let item = self.key(right);
                made(quote!(#rt::set::with(#first, #item, #at)?))
            }
            Combine::MapUnion => {
                let right = self.owned(right);
                made(quote!(#rt::map::merge(#first, #right, #at)?))
            }
            Combine::ListWithout if is_list => {
                let items = self.slice(right);
                made(quote!(#rt::list::without(#first, #items, #at)?))
            }
            Combine::ListWithout => {
                let items = self.reference(right);
                made(quote!(#rt::list::without_set(#first, #items)))
            }
            Combine::SetWithout | Combine::MapWithout => {
                let module = if combine == Combine::SetWithout { quote!(set) } else { quote!(map) };
                let items = if is_list {
                    let items = self.slice(right);
                    quote!(#items)
                } else {
                    let items = self.reference(right);
                    quote!(#items)
                };
                made(quote!(#rt::#module::without(#first, #items)))
            }
        }
    }
}

/// What a receiver is passed as.
pub(super) fn receiver_type(on: On) -> Option<Ty> {
    match on {
        On::Namespace(_) => None,
        On::Text => Some(Ty::Text),
        On::Int => Some(Ty::Int),
        On::Float => Some(Ty::Float),
        On::Bool => Some(Ty::Bool),
        On::List => Some(Ty::List(&Ty::Item)),
        On::Bytes | On::Set | On::Map => Some(Ty::Receiver),
    }
}
