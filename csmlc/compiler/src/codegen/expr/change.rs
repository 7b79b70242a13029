//! Places that are assigned to or changed in place.
//!
//! JEXL's order is kept: indices, then what is put there, then the place. Rust takes the place first where it
//! is an argument, so that what may see or change the same variable is evaluated before, into a local.

use csml_expr::library::{Entry, On, Ty};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Code, ExprGenerator, Precedence, library::receiver_type};
use crate::{
    codegen::rust_types::{is_copy, is_key, rust_type},
    ir::{Coercion, Expr, Kind, LocalId, Part, Place, Root},
    lists::{Gather, PushAll},
    model::VarId,
    types::Type,
};

/// Statements that evaluate something before a place is taken.
#[derive(Default)]
struct Prepared {
    statements: TokenStream,
    count: usize,
}

impl Prepared {
    fn name(&mut self) -> Ident {
        self.count += 1;
        format_ident!("__csml_{}", self.count)
    }

    /// `code` behind the statements, as one expression.
    fn around(self, code: Code) -> Code {
        if self.statements.is_empty() {
            return code;
        }
        let statements = self.statements;
        Code::new(Precedence::Block, quote!({ #statements #code }))
    }
}

/// What is changed.
enum Base {
    /// It is named, such as `cx.data.count`.
    Path(TokenStream),
    /// An expression that yields `&mut` to it.
    Ref(TokenStream),
}

impl Base {
    /// `&mut` to it.
    fn exclusive(self) -> TokenStream {
        match self {
            Self::Path(path) => quote!(&mut #path),
            Self::Ref(reference) => reference,
        }
    }

    /// The expression a method is called on.
    fn receiver(self) -> TokenStream {
        match self {
            Self::Path(path) => path,
            Self::Ref(reference) => quote!((#reference)),
        }
    }
}

/// An index on the way to a place, evaluated or ready to be.
enum IndexCode {
    Present,
    Item(Code),
    /// The key to look for, and the key to put.
    Entry(Code, Code),
    Dynamic(Code, Code),
}

impl ExprGenerator<'_> {
    /// A statement that gives a place a value.
    pub(super) fn assign(&self, place: &Place, value: &Expr) -> TokenStream {
        let rt = self.places.runtime();
        let at = self.position(place);
        let mut prepared = Prepared::default();
        let mut path = self.steps(place, &[value], &mut prepared);
        let assignment = match path.pop() {
            Some(IndexCode::Entry(_, key)) => {
                let value = self.ready(value, place, &[], &mut prepared);
                let base = self.base(place, path, &mut prepared).exclusive();
                quote!(#rt::map::assign(#base, #key, #value, #at)?;)
            }
            Some(IndexCode::Dynamic(_, key)) => {
                let value = self.ready(value, place, &[], &mut prepared);
                let base = self.base(place, path, &mut prepared).exclusive();
                quote!(#rt::dynamic::set_index(#base, #key, #value, #at)?;)
            }
            last => {
                // Rust evaluates the value before the place of an assignment.
                let value = self.owned(value);
                path.push_all(last);
                let target = match self.base(place, path, &mut prepared) {
                    Base::Path(path) => path,
                    Base::Ref(reference) => quote!(*#reference),
                };
                quote!(#target = #value;)
            }
        };
        let statements = prepared.statements;
        if statements.is_empty() { assignment } else { quote!({ #statements #assignment }) }
    }

    /// A method that changes its receiver.
    pub(super) fn change(&self, entry: &Entry, place: &Place, arguments: &[Expr], at: &TokenStream) -> Code {
        let mut prepared = Prepared::default();
        let all: Vec<&Expr> = arguments.iter().gather();
        let path = self.steps(place, &all, &mut prepared);
        let mut passed = Vec::new();
        for (index, (argument, (_, ty))) in arguments.iter().zip(entry.parameters).enumerate() {
            let later: Vec<&Expr> = arguments.iter().skip(index + 1).gather();
            passed.push(if self.apart(argument, place) && !self.before(argument, &later).held {
                self.argument(entry, Some(&place.ty), *ty, argument)
            } else {
                let name = prepared.name();
                let (value, how) = self.evaluated(entry, *ty, argument, &name);
                prepared.statements.extend(value);
                how
            });
        }
        let mut operands = Vec::new();
        if receiver_type(entry.on).is_some() {
            operands.push(Code::unary(self.base(place, path, &mut prepared).exclusive()));
        }
        operands.push_all(passed);
        let call = self.entry_call(entry, operands, at);
        prepared.around(call)
    }

    /// A statement that evaluates an argument into a local, and how that is passed.
    fn evaluated(&self, entry: &Entry, ty: Ty, argument: &Expr, name: &Ident) -> (TokenStream, Code) {
        let rt = self.places.runtime();
        let is_element = matches!((entry.on, ty), (On::Set, Ty::Item) | (On::Map, Ty::Key));
        let keeps = entry.keeps && matches!(ty, Ty::Item | Ty::Key | Ty::Entry);
        let local = Code::atom(quote!(#name));
        if ty == Ty::Any && argument.ty != Type::Dynamic {
            let value = self.coerce(&Coercion::ToDynamic, argument, &self.at(argument));
            return (quote!(let #name = #value;), local.reference());
        }
        if is_element && !is_key(&argument.ty) {
            let value = self.key(argument);
            return (quote!(let #name = #value;), if keeps { local } else { local.reference() });
        }
        let (value, rust) = (self.owned(argument), rust_type(&argument.ty, &rt));
        let how = match ty {
            Ty::Bool | Ty::Int | Ty::Float => local,
            Ty::Text => Code::atom(quote!(#name.as_str())),
            _ if keeps => local,
            _ if ty == Ty::Key && argument.ty == Type::Text => Code::atom(quote!(#name.as_str())),
            _ => local.reference(),
        };
        (quote!(let #name: #rust = #value;), how)
    }

    /// A method that may change its untyped receiver.
    pub(super) fn dynamic_change(
        &self,
        name: &str,
        place: &Place,
        arguments: &[Expr],
        at: &TokenStream,
    ) -> Code {
        let rt = self.places.runtime();
        let mut prepared = Prepared::default();
        let all: Vec<&Expr> = arguments.iter().gather();
        let path = self.steps(place, &all, &mut prepared);
        let mut passed = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let later: Vec<&Expr> = arguments.iter().skip(index + 1).gather();
            passed.push(self.ready(argument, place, &later, &mut prepared));
        }
        let base = self.base(place, path, &mut prepared).exclusive();
        prepared.around(self.attempt(quote!(#rt::dynamic::method_mut(#base, #name, &[#(#passed),*], #at))))
    }

    /// The way to a place. Indices that what is evaluated later may disturb are evaluated now.
    fn steps(&self, place: &Place, later: &[&Expr], prepared: &mut Prepared) -> Vec<IndexCode> {
        let mut steps = Vec::new();
        for (index, part) in place.path.iter().enumerate() {
            let rest = place.path.iter().skip(index + 1).filter_map(|part| match part {
                Part::Present => None,
                Part::Item(expr) | Part::Entry(expr) | Part::Dynamic(expr) => Some(expr),
            });
            let later: Vec<&Expr> = rest.chain(later.iter().copied()).gather();
            steps.push(match part {
                Part::Present => IndexCode::Present,
                Part::Item(index) => IndexCode::Item(self.ready(index, place, &later, prepared)),
                Part::Entry(key) => self.entry_step(key, place, &later, prepared),
                Part::Dynamic(key) => {
                    let key = self.ready(key, place, &later, prepared);
                    IndexCode::Dynamic(key.clone().reference(), key)
                }
            });
        }
        steps
    }

    fn entry_step(&self, key: &Expr, place: &Place, later: &[&Expr], prepared: &mut Prepared) -> IndexCode {
        if let Kind::Text(text) = &key.kind {
            return IndexCode::Entry(Code::atom(quote!(#text)), self.owned(key));
        }
        let ready = if is_key(&key.ty) {
            self.ready(key, place, later, prepared)
        } else {
            let name = prepared.name();
            let code = self.key(key);
            prepared.statements.extend(quote!(let #name = #code;));
            Code::atom(quote!(#name))
        };
        let sought = if key.ty == Type::Text {
            let receiver = ready.clone().receiver();
            Code::atom(quote!(#receiver.as_str()))
        } else {
            ready.clone().reference()
        };
        IndexCode::Entry(sought, ready)
    }

    /// The owned value of something evaluated before a place is taken and before `later`: written where it is
    /// used if nothing can tell the difference.
    fn ready(&self, expr: &Expr, place: &Place, later: &[&Expr], prepared: &mut Prepared) -> Code {
        let constant = expr.constant_int().is_some() || matches!(expr.kind, Kind::Bool(_) | Kind::Text(_));
        let plain = is_copy(&expr.ty) && matches!(expr.kind, Kind::Local(_) | Kind::Variable(_));
        let sure = constant || plain && !expr.can_fail(self.program) || later.is_empty();
        if sure && self.apart(expr, place) && !self.before(expr, later).held {
            return self.owned(expr);
        }
        let name = prepared.name();
        let (value, ty) = (self.owned(expr), rust_type(&expr.ty, &self.places.runtime()));
        prepared.statements.extend(quote!(let #name: #ty = #value;));
        Code::atom(quote!(#name))
    }

    /// Whether evaluating `expr` has nothing to do with what a place is a part of.
    fn apart(&self, expr: &Expr, place: &Place) -> bool {
        let (variable, local) = (place.variable(), local_of(place));
        let reads = expr.any(&mut |part| match part.kind {
            Kind::Variable(read) => Some(read) == variable,
            Kind::Local(read) => Some(read) == local,
            Kind::Call(..) | Kind::Block(..) => true,
            _ => false,
        });
        let mut changes = false;
        expr.for_each_change(&mut |_| changes = true);
        !reads && !changes
    }

    /// What a place and the steps from there lead to.
    fn base(&self, place: &Place, path: Vec<IndexCode>, prepared: &mut Prepared) -> Base {
        let rt = self.places.runtime();
        let at = self.position(place);
        let mut base = match &place.root {
            Root::Temporary(value) => {
                let value = self.temporary(value);
                if prepared.statements.is_empty() {
                    Base::Ref(quote!(&mut #value))
                } else {
                    // It is evaluated before its indices.
                    let name = prepared.name();
                    let later = std::mem::take(&mut prepared.statements);
                    prepared.statements = quote!(let mut #name = #value; #later);
                    Base::Path(quote!(#name))
                }
            }
            Root::Variable(variable) if self.is_optional(*variable) => {
                let (slot, name) =
                    (self.places.variable(*variable), &self.program.app.variables[*variable].name.text);
                Base::Ref(self.attempt(quote!(#rt::existing(&mut #slot, #name, #at))).into_tokens())
            }
            Root::Variable(variable) => Base::Path(self.places.variable(*variable)),
            Root::Local(local) => Base::Path(self.local_name(*local)),
        };
        for step in path {
            base = Base::Ref(match step {
                IndexCode::Present => {
                    let option = base.receiver();
                    self.attempt(quote!(#rt::some(#option.as_mut(), #at))).into_tokens()
                }
                IndexCode::Item(index) => {
                    let list = base.exclusive();
                    self.attempt(quote!(#rt::list::item_mut(#list, #index, #at))).into_tokens()
                }
                IndexCode::Entry(key, _) => {
                    let map = base.exclusive();
                    self.attempt(quote!(#rt::map::item_mut(#map, #key, #at))).into_tokens()
                }
                IndexCode::Dynamic(key, _) => {
                    let value = base.exclusive();
                    self.attempt(quote!(#rt::dynamic::index_mut(#value, #key, #at))).into_tokens()
                }
            });
        }
        base
    }

    fn is_optional(&self, variable: VarId) -> bool {
        self.program.app.variables[variable].optional
    }

    fn position(&self, place: &Place) -> TokenStream {
        self.at_position(place.at)
    }
}

fn local_of(place: &Place) -> Option<LocalId> {
    match place.root {
        Root::Local(local) => Some(local),
        Root::Variable(_) | Root::Temporary(_) => None,
    }
}
