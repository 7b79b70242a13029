//! Scripts: locals, functions, blocks.
//!
//! A script is a block. Its functions are items at its head that take the context of the step function around
//! it, after their own arguments: so these are evaluated while the context is free.

use crate::sorted::SortedSet;
use std::cell::{Cell, RefCell};

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::quote;

use super::{Code, ExprGenerator, Precedence, access::PlaceCode, leave};
use crate::{
    codegen::{
        ident::Scope,
        places::{InFunction, Places as _},
        rust_types::{builds, rust_type},
        step_function::mentions,
    },
    ir::{Expr, FunctionId, Kind, LocalId, Root, Script, ScriptFunction, Stmt},
    lists::{Gather, GatherTokens, PushAll},
    types::Type,
};

/// Names that code around and in scripts uses.
const RESERVED: &[&str] = &[
    "at",
    "call",
    "cx",
    "delay",
    "event",
    "effects",
    "fuel",
    "initial",
    "invoke",
    "machine",
    "matched",
    "payload",
    "micro_steps",
    "raised",
    "reply",
    "result",
    "rt",
    "saved",
    "shared",
    "slot",
    "stored",
    "timer",
    "value",
];

/// A script being generated.
pub(super) struct Running<'a> {
    script: &'a Script,
    /// Names of its locals.
    locals: Vec<Ident>,
    /// Locals that stand for a reference to what they hold.
    references: RefCell<SortedSet<LocalId>>,
    functions: Vec<FunctionNames>,
    /// How many loops have a label.
    pub(super) labels: Cell<u32>,
}

/// A function of a script.
struct FunctionNames {
    name: Ident,
    needs: Needs,
}

/// What a function needs of what is around the script, with the functions it calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Needs {
    /// It reads variables.
    pub(super) reads: bool,
    /// It changes variables, or draws random numbers.
    pub(super) changes: bool,
    /// It reads event data.
    pub(super) event: bool,
    /// It reads outputs of a service.
    pub(super) reply: bool,
}

impl Needs {
    fn of(body: &Expr) -> Self {
        Self {
            reads: !body.variables().is_empty(),
            changes: body.acts(),
            event: body.uses_event(),
            reply: body.any(&mut |part| matches!(part.kind, Kind::Output(_))),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            reads: self.reads || other.reads,
            changes: self.changes || other.changes,
            event: self.event || other.event,
            reply: self.reply || other.reply,
        }
    }
}

impl<'a> Running<'a> {
    fn new(script: &'a Script, taken: Vec<String>) -> Self {
        let mut names = Scope::new(RESERVED);
        for name in taken {
            names.reserve(name);
        }
        let mut named = |name: &str, made: &str| names.snake(if name.is_empty() { made } else { name });
        let mut needs: Vec<Needs> =
            script.functions.iter().map(|function| Needs::of(&function.body)).gather();
        // A function needs what those it calls need, until nothing is added any more.
        loop {
            let grown: Vec<Needs> = (script.functions.iter().zip(&needs))
                .map(|(function, own)| {
                    calls(&function.body).into_iter().fold(*own, |sum, called| {
                        sum.and(needs.get(called.0 as usize).copied().unwrap_or_default())
                    })
                })
                .gather();
            if grown == needs {
                break;
            }
            needs = grown;
        }
        let mut functions = Vec::new();
        for (function, needs) in script.functions.iter().zip(needs) {
            functions.push(FunctionNames { name: named(&function.name, "function"), needs });
        }
        // Behind the functions: a local that only holds one has no value of its own.
        let locals = script.locals.iter().map(|local| named(&local.name, "it")).gather();
        Self { script, locals, references: RefCell::default(), functions, labels: Cell::new(0) }
    }

    /// What a function needs.
    pub(super) fn needs(&self, function: FunctionId) -> Needs {
        self.functions.get(function.0 as usize).map(|names| names.needs).unwrap_or_default()
    }
}

/// The functions that evaluating `body` calls.
fn calls(body: &Expr) -> SortedSet<FunctionId> {
    let mut found = SortedSet::new();
    body.any(&mut |part| {
        if let Kind::Call(function, _) = part.kind {
            found.insert(function);
        }
        false
    });
    found
}

/// The body of a script or function being generated.
pub(super) struct Body {
    /// The label of its block.
    label: TokenStream,
    /// Whether something leaves the block by its label.
    left: Cell<bool>,
    /// Locals that it assigns to or changes in place.
    changed: SortedSet<LocalId>,
}

impl Body {
    fn new(label: TokenStream, body: &Expr) -> Self {
        let mut changed = SortedSet::new();
        body.for_each_change(&mut |place| {
            if let Root::Local(local) = place.root {
                changed.insert(local);
            }
        });
        Self { label, left: Cell::new(false), changed }
    }
}

/// Statements, and the value behind them: none if they never come to one.
struct Tail {
    statements: TokenStream,
    value: Option<Code>,
}

impl ExprGenerator<'_> {
    pub(super) fn script(&self, script: &Script) -> Code {
        let rt = self.places.runtime();
        let running = Running::new(script, self.places.taken());
        let body = Body::new(quote!('script), &script.body);
        let generator = ExprGenerator { script: Some(&running), body: Some(&body), round: None, ..*self };
        let functions = generator.functions();
        let tail = generator.tail(&script.body);
        let fuel = mentions(&tail.tokens(), "fuel").then(|| {
            let limit = Literal::u64_unsuffixed(self.places.loop_limit());
            quote!(let fuel = &mut #rt::Fuel::new(#limit);)
        });
        let yields = tail.value.is_some() || body.left.get();
        let plain = !body.left.get() && is_plain(script);
        if plain || !yields {
            let tail = tail.tokens();
            return Code::new(Precedence::Block, quote!({ #functions #fuel #tail }));
        }
        let ty = rust_type(&script.body.ty, &rt);
        let value = labelled(&body, tail);
        Code::new(
            Precedence::Block,
            quote!({
                #functions
                #fuel
                #[allow(unused_assignments, unused_variables, clippy::all, reason = "scripts are the description's")]
                let value: #ty = #value;
                value
            }),
        )
    }

    /// The functions that the script calls, and those that these call, as items.
    fn functions(&self) -> TokenStream {
        let Some(running) = self.script else { return TokenStream::new() };
        let function = |id: FunctionId| running.script.functions.get(id.0 as usize);
        let mut called = calls(&running.script.body);
        let mut open: Vec<FunctionId> = called.iter().copied().gather();
        while let Some(id) = open.pop() {
            let further = function(id).map(|function| calls(&function.body)).unwrap_or_default();
            open.push_all(further.into_iter().filter(|id| called.insert(*id)));
        }
        called.into_iter().filter_map(|id| Some(self.function_item(id, function(id)?))).gather_tokens()
    }

    fn function_item(&self, id: FunctionId, function: &ScriptFunction) -> TokenStream {
        let rt = self.places.runtime();
        let places = InFunction(self.places);
        let body = Body::new(quote!('function), &function.body);
        let generator = ExprGenerator { places: &places, body: Some(&body), shelters: 0, ..*self };
        let Some(name) = self.function_name(id) else { return TokenStream::new() };
        let tail = generator.tail(&function.body);
        let parameters = function.parameters.iter().chain(&function.captures).map(|local| {
            let (name, ty) = (generator.declared(*local), generator.local_type(*local));
            quote!(#name: #ty,)
        });
        let needs = self.script.map(|script| script.needs(id)).unwrap_or_default();
        let context = self.places.context();
        let (context, generics) = match needs {
            Needs { changes: true, .. } => {
                let (name, ty) = (context.name, context.ty);
                (quote!(#name: &mut #ty,), context.generics)
            }
            Needs { reads: true, .. } => {
                let (name, ty) = (context.name, context.ty);
                (quote!(#name: &#ty,), context.generics)
            }
            _ => (quote!(), quote!()),
        };
        let event =
            (needs.event && places.event_argument().is_some()).then(|| quote!(event: #rt::Option<&Event>,));
        let reply =
            self.places.reply_argument().filter(|_| needs.reply).map(|(name, ty)| quote!(#name: &#ty,));
        let ty = rust_type(&function.body.ty, &rt);
        let value = labelled(&body, tail);
        let check = builds(value.clone()).then(|| quote!(#rt::budget::check(at)?;));
        quote! {
            #[allow(
                unconditional_recursion, unreachable_code, unused_assignments, unused_variables, clippy::all,
                reason = "scripts are the description's"
            )]
            fn #name #generics(
                #(#parameters)* #context #event #reply fuel: &mut #rt::Fuel, at: #rt::Position
            ) -> #rt::Result<#ty, #rt::StepError> {
                fuel.enter(at)?;
                #check
                let value: #ty = #value;
                fuel.leave();
                #rt::Ok(value)
            }
        }
    }

    pub(super) fn call(&self, id: FunctionId, arguments: &[Expr], at: &TokenStream) -> Code {
        let Some(running) = self.script else { return Code::atom(quote!()) };
        let Some(function) = running.script.functions.get(id.0 as usize) else { return Code::atom(quote!()) };
        let Some(name) = self.function_name(id) else { return Code::atom(quote!()) };
        let arguments = arguments.iter().map(|argument| self.owned(argument));
        let captures = function.captures.iter().map(|local| {
            let ty =
                running.script.locals.get(local.0 as usize).map_or(Type::Dynamic, |local| local.ty.clone());
            match self.local_place(*local) {
                Some(place) => self.take(place, &ty),
                None => self.unreachable(&ty),
            }
        });
        let mut passed: Vec<TokenStream> = arguments.chain(captures).map(Code::into_tokens).gather();
        let needs = running.needs(id);
        if needs.changes || needs.reads {
            passed.push(self.places.context().name);
        }
        if needs.event {
            passed.push_all(self.places.event_argument());
        }
        if needs.reply {
            passed.push_all(self.places.reply_argument().map(|(name, _)| name));
        }
        passed.push(quote!(fuel));
        passed.push(at.clone());
        self.attempt(quote!(#name(#(#passed),*)))
    }

    fn function_name(&self, id: FunctionId) -> Option<&Ident> {
        self.script?.functions.get(id.0 as usize).map(|names| &names.name)
    }

    /// Statements and a value, where they stand in an expression.
    pub(super) fn block(&self, statements: &[Stmt], value: &Expr) -> Code {
        let code = self.statements(statements);
        if leave::list_leaves(statements) {
            return Code::new(Precedence::Block, quote!({ #code }));
        }
        if code.is_empty() {
            return self.owned(value);
        }
        let value = self.owned(value);
        Code::new(Precedence::Block, quote!({ #code #value }))
    }

    /// An expression at the end of a body, where `return` is its value.
    fn tail(&self, expr: &Expr) -> Tail {
        match &expr.kind {
            Kind::Block(statements, value) => self.tail_of(statements, Some(value)),
            _ if leave::leaves(expr) => Tail { statements: self.discard(expr), value: None },
            _ => Tail { statements: TokenStream::new(), value: Some(self.owned(expr)) },
        }
    }

    fn tail_of(&self, statements: &[Stmt], value: Option<&Expr>) -> Tail {
        let live = leave::live(statements);
        let mut tail = match (live.split_last(), value) {
            (Some((last, before)), _) if leave::list_leaves(live) => {
                let tail = self.tail_statement(last);
                let before = self.statements(before);
                let statements = tail.statements;
                return Tail { statements: quote!(#before #statements), value: tail.value };
            }
            (_, Some(value)) => self.tail(value),
            (_, None) => Tail { statements: TokenStream::new(), value: None },
        };
        let (before, behind) = (self.statements(live), tail.statements);
        tail.statements = quote!(#before #behind);
        tail
    }

    /// A statement that nothing is reached behind.
    fn tail_statement(&self, statement: &Stmt) -> Tail {
        match statement {
            Stmt::Return(value) => self.tail(value),
            Stmt::If(condition, yes, no) if !leave::leaves(condition) => {
                let condition = self.owned(condition);
                let [yes, no] = [yes, no].map(|list| self.tail_of(list, None));
                let value = yes.value.is_some() || no.value.is_some();
                let (yes, no) = (yes.tokens(), no.tokens());
                let code = quote!(if #condition { #yes } else { #no });
                if value {
                    return Tail {
                        statements: TokenStream::new(),
                        value: Some(Code::new(Precedence::Block, code)),
                    };
                }
                Tail { statements: code, value: None }
            }
            other => Tail { statements: self.statement(other), value: None },
        }
    }

    /// `return value`, where more stands behind it.
    pub(super) fn leave_with(&self, value: &Expr) -> TokenStream {
        if leave::leaves(value) {
            return self.discard(value);
        }
        let code = self.owned(value).into_tokens();
        let Some(body) = self.body else { return quote!() };
        body.left.set(true);
        let label = &body.label;
        // A block behind a label looks like a labelled block: rustc warns of it.
        if matches!(code.clone().into_iter().next(), Some(TokenTree::Group(_))) {
            let ty = rust_type(&value.ty, &self.places.runtime());
            return quote!(let value: #ty = #code; break #label value;);
        }
        quote!(break #label #code;)
    }

    /// Where a local stands.
    pub(super) fn local_place(&self, local: LocalId) -> Option<PlaceCode> {
        let running = self.script?;
        let name = running.locals.get(local.0 as usize)?;
        Some(if running.references.borrow().contains(&local) {
            PlaceCode::Ref(Code::atom(quote!(#name)))
        } else {
            PlaceCode::Path(quote!(#name))
        })
    }

    pub(super) fn local_name(&self, local: LocalId) -> TokenStream {
        let name = self.script.and_then(|script| script.locals.get(local.0 as usize));
        name.map(|name| quote!(#name)).unwrap_or_default()
    }

    /// A local as it is declared: with `mut` if it changes.
    pub(super) fn declared(&self, local: LocalId) -> TokenStream {
        let name = self.local_name(local);
        if self.is_changed(local) { quote!(mut #name) } else { name }
    }

    /// Whether a local is assigned to or changed in place.
    pub(super) fn is_changed(&self, local: LocalId) -> bool {
        self.body.is_some_and(|body| body.changed.contains(&local))
    }

    /// Makes a local stand for a reference to what it holds.
    pub(super) fn refers(&self, local: LocalId) {
        if let Some(script) = self.script {
            script.references.borrow_mut().insert(local);
        }
    }

    pub(super) fn local_type(&self, local: LocalId) -> TokenStream {
        let ty =
            self.script.and_then(|script| script.script.locals.get(local.0 as usize)).map(|local| &local.ty);
        rust_type(ty.unwrap_or(&Type::Dynamic), &self.places.runtime())
    }
}

impl Tail {
    fn tokens(&self) -> TokenStream {
        let Self { statements, value } = self;
        quote!(#statements #value)
    }
}

/// The body as a block, with its label if something leaves by it.
fn labelled(body: &Body, tail: Tail) -> TokenStream {
    let label = body.left.get().then_some(&body.label);
    match tail {
        Tail { statements, value: Some(value) } if statements.is_empty() && label.is_none() => quote!(#value),
        tail => {
            let tail = tail.tokens();
            let colon = label.map(|label| quote!(#label:));
            quote!(#colon { #tail })
        }
    }
}

/// Whether a script is nothing but locals that are read, changes of variables and a value: what rustc and clippy
/// have nothing to say about.
fn is_plain(script: &Script) -> bool {
    let mut plain = true;
    script.body.for_each_statement(&mut |statement| {
        plain &= match statement {
            Stmt::Let(..) | Stmt::Do(_) => true,
            Stmt::Assign(place, _) => !matches!(place.root, Root::Local(_)),
            _ => false,
        };
    });
    let mut read = SortedSet::new();
    script.body.any(&mut |part| {
        match &part.kind {
            Kind::Local(local) => read.extend([*local]),
            Kind::Call(function, _) => {
                let function = script.functions.get(function.0 as usize);
                read.extend(function.into_iter().flat_map(|function| &function.captures).copied());
            }
            _ => {}
        }
        false
    });
    script.body.for_each_statement(&mut |statement| {
        if let Stmt::Let(local, _) = statement {
            plain &= read.contains(local);
        }
    });
    plain
}
