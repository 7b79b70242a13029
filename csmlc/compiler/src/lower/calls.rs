//! Methods and functions of the library.

use std::sync::Arc;

use csml_expr::library::{Entry, Ty};

use super::{Lowered, Lowering, check::a, wrap};
use crate::{
    diagnostics::{Diagnostic, suggest::suggest},
    expr::{Node, ast},
    ir::{Coercion, Expr, Kind, LibraryFunction, Place, Root, Stmt, conversion::conversion},
    lists::{Gather, PushAll},
    lower::lowering_rules,
    solve::{
        library::{self, Callee, Generics},
        typing::{is_place, key_of},
    },
    source::Span,
    types::{
        HostFunction, Type,
        algebra::{present, settle},
    },
};

impl Lowering<'_> {
    /// `a.m(x)`, not safe.
    pub(super) fn method(&mut self, expr: &Node) -> Lowered {
        let ast::Kind::Method { receiver, name, name_span, arguments, .. } = &expr.kind else { return None };
        if receiver.kind == ast::Kind::Null {
            return self.refuse(expr.span, "`null` has no methods");
        }
        let receiver_type = settle(&self.type_of(receiver));
        let types = self.types().each(arguments);
        match library::method(&receiver_type, name, &types, is_place(receiver)) {
            Callee::Size => self.measured_method(LibraryFunction::Size, receiver, expr.span),
            Callee::Empty => self.measured_method(LibraryFunction::Empty, receiver, expr.span),
            Callee::Entry(entry, generics) if entry.changes => {
                self.change(entry, &generics, receiver, arguments, expr.span)
            }
            Callee::Entry(entry, generics) => {
                let receiver = self.present_own(receiver);
                let arguments = self.passed_to(entry, &generics, arguments);
                let mut operands = vec![*receiver?];
                operands.push_all(arguments?);
                let ty = settle(&generics.stands_for(entry.result));
                let call = self.node(Kind::Library(entry, operands), ty, expr.span);
                Some(self.resultless(entry, call))
            }
            Callee::Dynamic | Callee::Unknown => self.dynamic_method(receiver, name, arguments, expr.span),
            Callee::Missing => self.no_method(present(&receiver_type), name, *name_span),
            Callee::Arity | Callee::Refused => {
                let own = self.type_of(receiver);
                self.no_signature(&own, name, &types, expr.span)
            }
        }
    }

    fn measured_method(&mut self, function: LibraryFunction, receiver: &Node, span: Span) -> Lowered {
        let value = self.present_own(receiver)?;
        if value.ty == Type::Dynamic {
            // Unlike `size x`, the method is not there for everything.
            let name = if function == LibraryFunction::Size { "size" } else { "isEmpty" };
            let kind = Kind::DynamicMethod(name.to_owned(), vec![*value]);
            let size = self.node(kind, Type::Dynamic, span);
            let ty = if function == LibraryFunction::Size { Type::Int } else { Type::Bool };
            return Some(wrap(Coercion::FromDynamic(ty.clone()), size, ty));
        }
        Some(self.measured(function, *value, span))
    }

    /// `ns:f(x)`
    pub(super) fn call(&mut self, namespace: &str, name: &str, arguments: &[Node], span: Span) -> Lowered {
        if let Some(function) = self.slots.hosts.find(Some(namespace), name) {
            return self.call_host(&Arc::clone(function), arguments, span);
        }
        let types = self.types().each(arguments);
        match library::function(namespace, name, &types) {
            Callee::Entry(entry, generics) => {
                let arguments = self.passed_to(entry, &generics, arguments)?;
                let ty = settle(&generics.stands_for(entry.result));
                let call = self.node(Kind::Library(entry, arguments), ty, span);
                Some(self.resultless(entry, call))
            }
            Callee::Dynamic | Callee::Unknown => {
                let known = library::functions(namespace, name, arguments.len());
                let arguments = self.dynamics(arguments)?;
                let entry = known.first()?;
                let csml_expr::library::On::Namespace(namespace) = entry.on else { return None };
                let kind = Kind::DynamicFunction(namespace, entry.name, arguments);
                Some(self.node(kind, Type::Dynamic, span))
            }
            _ => self.no_function(namespace, name, &types, span),
        }
    }

    /// `ns:f(x)`, a host function.
    fn call_host(&mut self, function: &Arc<HostFunction>, arguments: &[Node], span: Span) -> Lowered {
        let mut operands = Vec::new();
        for (index, (argument, wanted)) in arguments.iter().zip(&function.parameters).enumerate() {
            let found = settle(&self.type_of(argument));
            if conversion(&found, wanted).is_none() {
                let (name, number) = (function.full_name(), index + 1);
                let message =
                    format!("argument {number} of `{name}` is {}, but this is {}", a(wanted), a(&found));
                let fault = Diagnostic::new(&lowering_rules::WRONG_ARGUMENT, argument.span, message);
                self.diagnostics.push(fault.related(function.span, "the function is declared here"));
                operands.push(None);
            } else {
                operands.push(self.to(argument, wanted).map(|operand| *operand));
            }
        }
        let operands = operands.into_iter().collect::<Option<_>>()?;
        let ty = function.result.clone().unwrap_or(Type::Dynamic);
        let call = self.node(Kind::Host(Arc::clone(function), operands), ty, span);
        if function.result.is_some() {
            return Some(call);
        }
        let null = self.node(Kind::Null, Type::Dynamic, span);
        Some(self.after(vec![Stmt::Do(*call)], null))
    }

    /// Arguments in the types of the parameters.
    fn passed_to(
        &mut self,
        entry: &'static Entry,
        generics: &Generics,
        arguments: &[Node],
    ) -> Option<Vec<Expr>> {
        let types = library::parameters(entry, generics);
        let values: Vec<_> = arguments.iter().zip(&types).map(|(value, ty)| self.to(value, ty)).gather();
        values.into_iter().map(|value| value.map(|value| *value)).collect()
    }

    /// What has no result gives `null`.
    fn resultless(&mut self, entry: &Entry, call: Box<Expr>) -> Box<Expr> {
        if entry.result != Ty::Null {
            return call;
        }
        let null = self.node(Kind::Null, Type::Dynamic, call.span);
        self.after(vec![Stmt::Do(*call)], null)
    }

    /// A method that changes its receiver.
    fn change(
        &mut self,
        entry: &'static Entry,
        generics: &Generics,
        receiver: &Node,
        arguments: &[Node],
        span: Span,
    ) -> Lowered {
        let place = self.place(receiver)?;
        let place = if matches!(place.ty, Type::Option(_)) { held(place) } else { place };
        let arguments = self.passed_to(entry, generics, arguments)?;
        let ty = settle(&generics.stands_for(entry.result));
        let call = self.node(Kind::Change(entry, Box::new(place), arguments), ty, span);
        Some(self.resultless(entry, call))
    }

    fn dynamic_method(&mut self, receiver: &Node, name: &str, arguments: &[Node], span: Span) -> Lowered {
        if library::changes(name) {
            let place = self.place(receiver)?;
            return self.change_dynamic(name, place, arguments, span);
        }
        let receiver = self.dynamic(receiver);
        let arguments = self.dynamics(arguments);
        let mut operands = vec![*receiver?];
        operands.push_all(arguments?);
        Some(self.node(Kind::DynamicMethod(name.to_owned(), operands), Type::Dynamic, span))
    }

    /// A method that may change what a dynamic place holds. The type of a place that it cannot work on is widened
    /// while types are inferred, so that what is left is a value of its own.
    fn change_dynamic(&mut self, name: &str, place: Place, arguments: &[Node], span: Span) -> Lowered {
        let place = if place.ty == Type::Dynamic {
            place
        } else {
            let Root::Temporary(value) = place.root else {
                let message = format!("`{name}` cannot change {} with these arguments", a(&place.ty));
                return self.wrong(span, message, None);
            };
            let value = self.coerce(value, &Type::Dynamic)?;
            Place { root: Root::Temporary(value), ty: Type::Dynamic, ..place }
        };
        let arguments = self.dynamics(arguments)?;
        let kind = Kind::DynamicChange(name.to_owned(), Box::new(place), arguments);
        Some(self.node(kind, Type::Dynamic, span))
    }

    fn wrong(&mut self, span: Span, message: String, help: Option<String>) -> Lowered {
        let fault = Diagnostic::new(&lowering_rules::WRONG_ARGUMENT, span, message);
        self.diagnostics.push(fault.maybe_help(help));
        None
    }

    fn no_method(&mut self, receiver: &Type, name: &str, span: Span) -> Lowered {
        let message = format!("{} has no method `{name}`", a(receiver));
        let known = library::method_names(receiver);
        let sizes: &[&str] = match present(receiver) {
            Type::Text => &["size", "length", "isEmpty"],
            Type::Bytes | Type::List(_) | Type::Set(_) | Type::Map(..) => &["size", "isEmpty"],
            _ => &[],
        };
        let known: Vec<&str> =
            sizes.iter().copied().chain(known.into_iter().filter(|name| !sizes.contains(name))).gather();
        let fault = Diagnostic::new(&lowering_rules::WRONG_ARGUMENT, span, message);
        let fault = if name == "length" && !sizes.is_empty() {
            fault.help("the method is called `size`")
        } else {
            fault.did_you_mean(span, name, suggest(name, known.iter().copied()))
        };
        let fault =
            if known.is_empty() { fault } else { fault.note(format!("its methods are {}", listed(&known))) };
        self.diagnostics.push(fault);
        None
    }

    fn no_signature(&mut self, receiver: &Type, name: &str, types: &[Type], span: Span) -> Lowered {
        let receiver = present(receiver);
        let message = format!("{} has no method `{name}` that takes {}", a(&settle(receiver)), taken(types));
        let mut fault = Diagnostic::new(&lowering_rules::WRONG_ARGUMENT, span, message);
        for entry in library::methods_named(receiver, name) {
            fault = fault.help(format!("there is `{}`", library::signature(entry, receiver)));
        }
        self.diagnostics.push(fault);
        None
    }

    fn no_function(&mut self, namespace: &str, name: &str, types: &[Type], span: Span) -> Lowered {
        let message = format!("no function `{namespace}:{name}` takes {}", taken(types));
        let mut fault = Diagnostic::new(&lowering_rules::WRONG_ARGUMENT, span, message);
        for entry in library::functions_named(namespace, name) {
            fault = fault.help(format!("there is `{}`", library::signature(entry, &Type::Unknown)));
        }
        self.diagnostics.push(fault);
        None
    }

    /// Whether an item is in a list or set, or a key in a map, by the library's own method.
    pub(super) fn contains(&mut self, name: &str, collection: &Node, item: Box<Expr>, span: Span) -> Lowered {
        let value = self.present_own(collection)?;
        let wanted = match &value.ty {
            Type::List(item) => (**item).clone(),
            Type::Set(key) | Type::Map(key, _) => key_of(key),
            _ => return None,
        };
        match library::method(&value.ty, name, std::slice::from_ref(&wanted), false) {
            Callee::Entry(entry, _) => {
                let item = self.coerce(item, &wanted)?;
                Some(self.node(Kind::Library(entry, vec![*value, *item]), Type::Bool, span))
            }
            _ => None,
        }
    }
}

/// The place of what an option holds.
fn held(mut place: Place) -> Place {
    place.ty = present(&place.ty).clone();
    place.path.push(crate::ir::Part::Present);
    place
}

/// Types of arguments in words.
fn taken(types: &[Type]) -> String {
    if types.is_empty() {
        return "no arguments".to_owned();
    }
    types.iter().map(|ty| a(&settle(ty))).gather().join(" and ")
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).gather().join(", ")
}
