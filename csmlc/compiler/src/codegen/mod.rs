//! Pass `codegen`: typed program → Rust tokens.
//!
//! Requires a program without errors. Establishes a module that compiles without warnings, is flat (one
//! function per state, transition, timer and invocation) and depends on nothing but the program: the same
//! program gives the same tokens. Reports nothing.

mod actions;
mod app;
mod data;
mod effects;
mod events;
mod expr;
mod function;
mod host_types;
mod ident;
mod late;
mod lifecycle;
mod machine;
mod matches;
mod names;
mod outside;
mod places;
mod plan;
mod records;
mod rust_types;
mod services;
mod site;
mod steps;
mod tables;
mod uses;

pub(crate) use outside::module_ident;
pub use outside::{ServiceMethod, service_methods};

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
    let uses = uses::Uses::new(program);
    let runtime = TokenStream::from_str(&options.runtime).unwrap_or_else(|_| quote!(::csml_rt));
    let generator = Generator {
        program,
        sources,
        names: names::Names::new(program),
        plan: plan::Plan::new(program),
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
    plan: plan::Plan,
    uses: uses::Uses,
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
        let host_types = self.host_types();
        let tables = self.tables();
        let events = self.events();
        let calls = self.calls();
        let shared = self.shared();
        let machines = self.machines();
        let host = options.app.then(|| self.app());
        let tops = app
            .machines
            .iter()
            .filter(|(_, machine)| machine.parent.is_none())
            .map(|(id, _)| self.machine(id));
        quote! {
            #[doc = #doc]
            #[rustfmt::skip]
            #[allow(dead_code, unreachable_pub, reason = "a host uses what it needs, and may be a program")]
            #[allow(clippy::pedantic, clippy::nursery, reason = "matters of style")]
            #[allow(
                clippy::collapsible_else_if,
                clippy::collapsible_if,
                clippy::collapsible_match,
                clippy::match_single_binding,
                clippy::needless_bool_assign,
                clippy::single_match,
                reason = "a `match` has as many arms as the description has parts"
            )]
            #[allow(
                unused_comparisons,
                clippy::absurd_extreme_comparisons,
                clippy::almost_swapped,
                clippy::approx_constant,
                clippy::assign_op_pattern,
                clippy::blocks_in_conditions,
                clippy::bool_comparison,
                clippy::double_comparisons,
                clippy::eq_op,
                clippy::erasing_op,
                clippy::excessive_precision,
                clippy::identity_op,
                clippy::if_same_then_else,
                clippy::impossible_comparisons,
                clippy::int_plus_one,
                clippy::manual_range_contains,
                clippy::modulo_one,
                clippy::needless_bool,
                clippy::neg_cmp_op_on_partial_ord,
                clippy::neg_multiply,
                clippy::nonminimal_bool,
                clippy::overly_complex_bool_expr,
                clippy::precedence,
                clippy::redundant_comparisons,
                clippy::self_assignment,
                clippy::suspicious_else_formatting,
                reason = "expressions are the description's"
            )]
            #[allow(
                clippy::enum_variant_names,
                clippy::large_enum_variant,
                clippy::module_inception,
                clippy::struct_field_names,
                clippy::type_complexity,
                clippy::upper_case_acronyms,
                clippy::wrong_self_convention,
                reason = "names and sizes are the description's"
            )]
            pub mod #module {
                use #runtime as rt;

                /// The description's own name.
                pub const NAME: &str = #name;

                const _: () = rt::assert_version(#version);

                #host_types
                #tables
                #events
                #calls
                #shared
                #machines
                #host
                #(#tops)*
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
