//! Typed expressions → Rust expressions.
//!
//! The code stands in functions that return `Result<_, StepError>` and evaluates operands left to right.
//! Traits are named in full and types come from the runtime's private module, so nothing in scope around
//! the code can change its meaning. Scalars are Rust's own operators; what can fail is a call that ends in `?`.

mod access;
mod change;
mod code;
mod coerce;
mod grow;
mod hold;
pub(super) mod host_calls;
mod leave;
mod library;
mod logic;
mod loops;
mod nullable;
mod operators;
mod running_script;
mod shelter;
mod statements;
#[cfg(test)]
mod tests;

use csml_rt_core::Position;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use self::{
    code::{Code, Precedence},
    loops::Round,
    running_script::{Body, Running},
};
use super::{
    places::Places,
    rust_types::{is_copy, is_key, rust_type},
};
use crate::{
    ir::{Bits, Coercion, Expr, Kind, Place, Program, Root},
    model::VarId,
    types::Type,
};

/// The value of `expr`, owned. Integer literals have no suffix: it is to stand where the type is known.
pub(super) fn owned(expr: &Expr, program: &Program, places: &dyn Places) -> TokenStream {
    ExprGenerator::new(program, places).owned(expr).into_tokens()
}

/// The value of `expr` to look at: a scalar itself, a string as `&str`, anything else as a reference. What has
/// to be made first is a temporary of the statement it stands in.
pub(super) fn borrowed(expr: &Expr, program: &Program, places: &dyn Places) -> TokenStream {
    ExprGenerator::new(program, places).borrowed(expr).into_tokens()
}

/// What [`borrowed`] yields, if it stands somewhere and is no temporary.
pub(super) fn lasting(expr: &Expr, program: &Program, places: &dyn Places) -> Option<TokenStream> {
    Some(ExprGenerator::new(program, places).lasting(expr)?.into_tokens())
}

/// Statements that evaluate `expr` for its effects.
pub(super) fn discarded(expr: &Expr, program: &Program, places: &dyn Places) -> TokenStream {
    ExprGenerator::new(program, places).discard(expr)
}

/// `if condition { yes } else { no }`, without what is empty.
pub(super) fn choice(
    condition: &Expr,
    yes: TokenStream,
    no: TokenStream,
    program: &Program,
    places: &dyn Places,
) -> TokenStream {
    ExprGenerator::new(program, places).branches_of(condition, yes, no)
}

/// The statement that assigns `value` to a variable by growing the list in it, if it can be done so.
pub(super) fn grown(
    variable: VarId,
    value: &Expr,
    program: &Program,
    places: &dyn Places,
) -> Option<TokenStream> {
    let ty = program.variables[variable].clone();
    let root = Root::Variable(variable);
    let place = Place { root, path: Vec::new(), ty, span: value.span, at: value.at };
    let change = grow::growth(&place, value)?;
    Some(ExprGenerator::new(program, places).discard(&change))
}

/// Whether statements stand in its code.
pub(super) fn has_script(expr: &Expr) -> bool {
    expr.any(&mut |part| matches!(part.kind, Kind::Script(_) | Kind::Block(..)))
}

/// Whether it calls functions of its own, which take all that is around it.
pub(super) fn has_functions(expr: &Expr) -> bool {
    expr.any(&mut |part| matches!(part.kind, Kind::Call(..)))
}

#[derive(Clone, Copy)]
struct ExprGenerator<'a> {
    program: &'a Program,
    places: &'a dyn Places,
    /// The script it stands in.
    script: Option<&'a Running<'a>>,
    /// The body of the script or function it stands in.
    body: Option<&'a Body>,
    /// The loop it stands in.
    round: Option<&'a Round>,
    /// Whether nothing may be borrowed from variables and locals, see [`hold`].
    held: bool,
    /// How many protected expressions it stands in, see [`shelter`].
    shelters: u32,
}

impl<'a> ExprGenerator<'a> {
    fn new(program: &'a Program, places: &'a dyn Places) -> Self {
        Self { program, places, script: None, body: None, round: None, held: false, shelters: 0 }
    }
}

impl ExprGenerator<'_> {
    fn owned(&self, expr: &Expr) -> Code {
        if let Some(value) = expr.constant_int() {
            return int(value);
        }
        if let Some(value) = expr.constant_float() {
            return self.float(value);
        }
        if let Some(place) = self.standing(expr) {
            return self.take(place, &expr.ty);
        }
        let rt = self.places.runtime();
        let at = self.at(expr);
        match &expr.kind {
            Kind::Null => Code::atom(match expr.ty {
                Type::Option(_) => quote!(#rt::None),
                _ => quote!(#rt::Value::Null),
            }),
            Kind::Bool(value) => Code::atom(quote!(#value)),
            // Both are constants.
            Kind::Int(value) => int(*value),
            Kind::Float(value) => self.float(*value),
            Kind::Text(text) if text.is_empty() => Code::atom(quote!(#rt::String::new())),
            Kind::Text(text) => Code::atom(quote!(#rt::text::owned(#text))),
            Kind::Variable(_) | Kind::Output(_) | Kind::Matched(_) | Kind::Local(_) => self.absent(expr),
            Kind::Datum { name, sources, .. } => self.datum(expr, name, sources),
            Kind::List(items) if items.is_empty() => Code::atom(quote!(#rt::Vec::new())),
            Kind::List(items) => {
                let items = items.iter().map(|item| self.owned(item));
                Code::atom(quote!(#rt::vec![#(#items),*]))
            }
            Kind::Set(items) if items.is_empty() => Code::atom(quote!(#rt::BTreeSet::new())),
            Kind::Set(items) => {
                let items = items.iter().map(|item| self.key(item));
                Code::atom(quote!(#rt::set::of([#(#items),*])))
            }
            Kind::Map(entries) if entries.is_empty() => Code::atom(quote!(#rt::BTreeMap::new())),
            Kind::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let (key, value) = (self.key(key), self.owned(value));
                    quote!((#key, #value))
                });
                Code::atom(quote!(#rt::map::of([#(#entries),*])))
            }
            Kind::Coerce(coercion, operand) => self.coerce(coercion, operand, &at),
            Kind::Negate(operand) => self.negate(expr, operand),
            Kind::Not(operand) => self.not(operand),
            Kind::Arithmetic(operator, left, right) => self.arithmetic(*operator, left, right, expr),
            Kind::Bits(operator, left, right) => self.bits(*operator, left, right),
            Kind::BitNot(operand) => self.owned(operand).not(),
            Kind::Range(from, to) => {
                let (from, to) = (self.owned(from), self.owned(to));
                Code::atom(quote!(#rt::list::range(#from, #to, #at)?))
            }
            Kind::Concat(pieces) => self.concat(pieces, &at),
            Kind::Append(left, right) => self.append(left, right, &at),
            Kind::Combine(combine, left, right) => self.combine(*combine, left, right, &at),
            Kind::Compare(operator, left, right) => self.compare(*operator, left, right, &at),
            Kind::IsNull(operand) => self.is_null(operand, true),
            Kind::Protected(value, otherwise) => self.protected(value, otherwise),
            Kind::And(left, right) => {
                Code::binary(Precedence::And, self.owned(left), quote!(&&), self.owned(right))
            }
            Kind::Or(left, right) => {
                Code::binary(Precedence::Or, self.owned(left), quote!(||), self.owned(right))
            }
            Kind::Conditional(condition, yes, no) => self.conditional(condition, yes, no),
            Kind::ListItem(list, index) => {
                let item = self.list_item(self.before(list, &[index]).reference(list), index, &at);
                self.dereference(item, &expr.ty)
            }
            Kind::MapItem(map, key) => self.map_value(expr, map, key),
            Kind::Dynamic(operation, operands) => self.dynamic(*operation, operands, &expr.ty, &at),
            Kind::Function(function, arguments) => self.function(*function, arguments),
            Kind::Library(entry, arguments) => self.library(entry, arguments, &at),
            Kind::Change(entry, place, arguments) => self.change(entry, place, arguments, &at),
            Kind::DynamicMethod(name, operands) => self.dynamic_method(name, operands, &at),
            Kind::DynamicChange(name, place, arguments) => self.dynamic_change(name, place, arguments, &at),
            Kind::DynamicFunction(namespace, name, arguments) => {
                self.dynamic_function(expr, namespace, name, arguments)
            }
            Kind::Host(function, arguments) => self.host(function, arguments, &at),
            Kind::Call(function, arguments) => self.call(*function, arguments, &at),
            Kind::Block(statements, value) => self.block(statements, value),
            Kind::Script(script) => self.script(script),
            Kind::Never => self.unreachable(&expr.ty),
        }
    }

    fn borrowed(&self, expr: &Expr) -> Code {
        if is_copy(&expr.ty) {
            return self.owned(expr);
        }
        if let Some(code) = self.lasting(expr) {
            return code;
        }
        if expr.ty == Type::Text {
            let text = self.owned(expr).receiver();
            return Code::atom(quote!(#text.as_str()));
        }
        self.temporary(expr).reference()
    }

    /// `&T` for the Rust type `T` of the expression, scalars and strings too.
    fn reference(&self, expr: &Expr) -> Code {
        match self.place(expr) {
            Some(place) => place.reference(),
            None => self.temporary(expr).reference(),
        }
    }

    /// [`reference`](Self::reference) where what is around it tells its type.
    fn item_reference(&self, expr: &Expr) -> Code {
        match self.place(expr) {
            Some(place) => place.reference(),
            None => self.owned(expr).reference(),
        }
    }

    /// The owned value where nothing around it tells its type.
    fn temporary(&self, expr: &Expr) -> Code {
        let code = self.owned(expr);
        if !is_untyped(expr) {
            return code;
        }
        let rt = self.places.runtime();
        let ty = rust_type(&expr.ty, &rt);
        Code::atom(quote!(#rt::of_type::<#ty>(#code)))
    }

    /// The owned key of a map or element of a set.
    fn key(&self, expr: &Expr) -> Code {
        if is_key(&expr.ty) {
            return self.owned(expr);
        }
        let rt = self.places.runtime();
        let key = self.temporary(expr);
        Code::atom(quote!(#rt::into_value(#key)))
    }

    /// What stands where nothing is ever evaluated, should rustc not see that.
    fn unreachable(&self, ty: &Type) -> Code {
        let rt = self.places.runtime();
        let rust = rust_type(ty, &rt);
        if let Type::Host(_) = ty {
            // It need not have a default.
            return Code::atom(quote!(#rt::host::from_dynamic::<#rust>(&#rt::Value::Null, #rt::at(0, 0))?));
        }
        Code::atom(quote!(<#rust as #rt::Default>::default()))
    }

    fn bits(&self, operator: Bits, left: &Expr, right: &Expr) -> Code {
        let (left, right) = (self.owned(left), self.owned(right));
        let rt = self.places.runtime();
        let shift = |function: TokenStream| Code::atom(quote!(#rt::int::#function(#left, #right)));
        match operator {
            Bits::And => Code::binary(Precedence::BitAnd, left, quote!(&), right),
            Bits::Or => Code::binary(Precedence::BitOr, left, quote!(|), right),
            Bits::Xor => Code::binary(Precedence::BitXor, left, quote!(^), right),
            Bits::Shl => shift(quote!(shl)),
            Bits::Shr => shift(quote!(shr)),
            Bits::Ushr => shift(quote!(ushr)),
        }
    }

    fn conditional(&self, condition: &Expr, yes: &Expr, no: &Expr) -> Code {
        match (&yes.kind, &no.kind) {
            (Kind::Bool(true), Kind::Bool(false)) => self.owned(condition),
            (Kind::Bool(false), Kind::Bool(true)) => self.not(condition),
            _ => {
                let condition = self.owned(condition);
                branches(condition, self.owned(yes), self.owned(no))
            }
        }
    }

    /// The place in the description, for an error.
    fn at(&self, expr: &Expr) -> TokenStream {
        self.at_position(expr.at)
    }

    fn at_position(&self, at: Position) -> TokenStream {
        let rt = self.places.runtime();
        let line = Literal::u32_unsuffixed(at.line);
        let column = Literal::u32_unsuffixed(at.column);
        quote!(#rt::at(#line, #column))
    }

    fn float(&self, value: f64) -> Code {
        let rt = self.places.runtime();
        if value.is_nan() {
            return Code::atom(quote!(#rt::float::NAN));
        }
        if value.is_infinite() {
            return Code::atom(if value > 0.0 {
                quote!(#rt::float::INFINITY)
            } else {
                quote!(#rt::float::NEG_INFINITY)
            });
        }
        // The shortest text that reads back as the same float, with an exponent where digits would pile up.
        let text = format!("{:?}", value.abs());
        let literal = text.parse().unwrap_or_else(|_| Literal::f64_unsuffixed(value.abs()));
        if value.is_sign_negative() { Code::unary(quote!(-#literal)) } else { Code::atom(quote!(#literal)) }
    }
}

/// Whether the code of an owned value leaves its Rust type open.
fn is_untyped(expr: &Expr) -> bool {
    match &expr.kind {
        _ if expr.constant_int().is_some() => true,
        Kind::Null => matches!(expr.ty, Type::Option(_)),
        Kind::List(items) | Kind::Set(items) => items.iter().all(is_untyped),
        Kind::Map(entries) => entries.iter().all(|(key, value)| is_untyped(key) || is_untyped(value)),
        Kind::Coerce(Coercion::Some, operand) => is_untyped(operand),
        Kind::Protected(yes, no) | Kind::Conditional(_, yes, no) => {
            (is_untyped(yes) || leave::leaves(yes)) && (is_untyped(no) || leave::leaves(no))
        }
        Kind::Bits(Bits::And | Bits::Or | Bits::Xor, left, right) => is_untyped(left) && is_untyped(right),
        Kind::BitNot(operand) => is_untyped(operand),
        Kind::Append(left, right) | Kind::Combine(_, left, right) => is_untyped(left) && is_untyped(right),
        Kind::Block(_, value) => is_untyped(value),
        // The value of its body, or of a `return`.
        Kind::Script(_) => true,
        _ => false,
    }
}

fn int(value: i64) -> Code {
    let digits = Literal::u64_unsuffixed(value.unsigned_abs());
    if value < 0 { Code::unary(quote!(-#digits)) } else { Code::atom(quote!(#digits)) }
}

fn branches(condition: Code, yes: Code, no: Code) -> Code {
    Code::new(Precedence::Block, quote!(if #condition { #yes } else { #no }))
}
