//! Pass `codegen`: typed program → Rust tokens.
//!
//! Requires a program without errors. Establishes a module that compiles without warnings, is flat (one
//! function per state, transition, timer and invocation) and depends on nothing but the program: the same
//! program gives the same tokens. Reports nothing.

mod app;
mod data;
mod effects;
mod events;
mod expr;
mod host_types;
mod ident;
mod machine;
mod machines;
mod mentioned_names;
mod names;
mod outside;
mod placeholder;
mod places;
mod reached_data;
mod records;
mod rollback;
mod rust_types;
mod services;
mod site;
mod step_function;
mod steps;
mod tables;

pub(crate) use mentioned_names::MentionedNames;
pub(crate) use outside::module_ident;
pub use outside::{ServiceMethod, service_methods};
pub(crate) use placeholder::placeholder;

use std::str::FromStr;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    ir::Program,
    options::Options,
    source::{Sources, Span},
};

/// Generates the module of a program.
pub(crate) fn generate(program: &Program, sources: &Sources, options: &Options) -> (Ident, TokenStream) {
    let module = module_ident(options.module.as_deref(), &program.app.name.text);
    if !options.generate {
        return (module, TokenStream::new());
    }
    let uses = reached_data::Uses::new(program);
    let runtime = TokenStream::from_str(&options.runtime).unwrap_or_else(|_| quote!(::csml_rt));
    let generator = Generator {
        program,
        sources,
        names: names::Names::new(program),
        rollback: rollback::RollbackPlan::new(program),
        uses,
        runtime: quote!(#runtime::__private),
        loop_limit: options.loop_limit,
    };
    let tokens = generator.module(&module, options);
    (module, tokens)
}

/// What all generators need.
struct Generator<'p> {
    program: &'p Program,
    sources: &'p Sources,
    names: names::Names,
    rollback: rollback::RollbackPlan,
    uses: reached_data::Uses,
    /// Path of the runtime's private module.
    runtime: TokenStream,
    /// See [`Options::loop_limit`].
    loop_limit: u64,
}

impl Generator<'_> {
    fn module(&self, module: &Ident, options: &Options) -> TokenStream {
        let app = &self.program.app;
        let doc = format!(
            " Collaborative state machine {}, compiled from {}.",
            ident::quoted(&app.name.text),
            ident::quoted(self.file(app.name.span)),
        );
        let runtime = &self.runtime;
        let name = &app.name.text;
        let version = env!("CARGO_PKG_VERSION");
        let events = self.events();
        let calls = self.calls();
        let services = options.app.then(|| self.services_trait());
        let shared = self.shared();
        let machine_modules = app
            .machines
            .iter()
            .filter(|(_, machine)| machine.parent.is_none())
            .map(|(id, _)| self.machine(id));
        let machines = self.machines();
        let event_functions = self.event_functions();
        let call_functions = self.call_functions();
        let application = options.app.then(|| self.app());
        let host_types = self.host_types();
        let tables = self.tables();
        quote! {
            #[doc = #doc]
            #[rustfmt::skip]
            #[allow(
                clippy::all,
                clippy::nursery,
                clippy::pedantic,
                dead_code,
                unreachable_pub,
                unused_comparisons,
                unused_doc_comments,
                reason = "generated: the description decides what is declared, used and compared"
            )]
            pub mod #module {
                use #runtime as rt;

                /// The description's own name.
                pub const NAME: &str = #name;

                #events
                #services
                #calls
                #shared
                #(#machine_modules)*

                #machines
                #application
                #event_functions
                #call_functions
                #tables
                #host_types
                const _: () = rt::assert_version(#version);
            }
        }
    }

    /// A place as a constant of generated code.
    fn position(&self, span: Span) -> TokenStream {
        let at = self.sources.position(span);
        let (line, column) = (ident::number(at.line), ident::number(at.column));
        quote!(rt::at(#line, #column))
    }

    /// A place for doc comments: `railway.csml:12:5`.
    fn place(&self, span: Span) -> String {
        format!("{}:{}", ident::shown(self.file(span)), self.sources.position(span))
    }

    /// Name of a source without its folders, so that the output does not depend on where it was compiled.
    fn file(&self, span: Span) -> &str {
        let name = &self.sources.get(span.source).name;
        name.rsplit(['/', '\\']).next().unwrap_or(name)
    }
}
