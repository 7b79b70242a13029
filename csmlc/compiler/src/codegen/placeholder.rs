//! What the macro leaves in place of a module that could not be generated: the same public names, as far as the text of
//! the description has them, so that what uses the module brings no errors of its own.
//!
//! Each type is one that is in error. rustc says nothing about the use of such a type, and stable Rust has no other way
//! to name it than through an expression in error: `<[(); compile_error!("…")] as IntoIterator>::Item`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{ident::Scope, mentioned_names::MentionedNames};

/// The module of a description in error. `error` is the call of `compile_error!` for its first error.
pub(crate) fn placeholder(
    module: &Ident,
    names: &MentionedNames,
    app: bool,
    error: &TokenStream,
) -> TokenStream {
    let broken = Ident::new("__CsmlBroken", Span::call_site());
    let types = ["Call", "Event", "Instance", "Machines", "Persistent", "Reply", "Root", "Shared"];
    let application = app.then_some("App");
    let types = aliases(types.into_iter().chain(application), &quote!(#broken));
    let mut scope = Scope::new(&[]);
    let events: Vec<String> = names.all.iter().map(|name| scope.camel(name).to_string()).collect();
    let events = aliases(events.iter().map(String::as_str), &quote!(super::#broken));
    let mut structs = Scope::new(&[]);
    let records: Vec<String> = names
        .services
        .iter()
        .flat_map(|(name, _)| ["input", "output"].map(|what| format!("{name} {what}")))
        .map(|name| structs.camel(&name).to_string())
        .collect();
    let records = aliases(records.iter().map(String::as_str), &quote!(super::#broken));
    let mut methods = Scope::new(&[]);
    // With bodies: nothing is missing where the text has a service that the description would not call.
    let methods = names.services.iter().map(|(name, input)| {
        let method = methods.snake(name);
        let input = input.then(|| quote!(, input: #broken));
        quote!(fn #method(&self #input) -> #broken { loop {} })
    });
    let services = app.then(|| quote!(pub trait Services { #(#methods)* }));
    let machines = machines(&names.machines, &broken);
    quote! {
        #[allow(dead_code, unused_imports, unused_variables)]
        pub mod #module {
            type #broken = <[(); #error] as ::core::iter::IntoIterator>::Item;
            #types
            pub const NAME: &str = "";
            pub static DESCRIPTION: #broken = loop {};
            #services
            pub mod event { #events }
            pub mod service { #records }
            mod __csml_machines {
                use super::#broken;
                #machines
            }
            pub use __csml_machines::*;
        }
    }
}

fn aliases<'n>(names: impl Iterator<Item = &'n str>, to: &TokenStream) -> TokenStream {
    names.map(|name| Ident::new(name, Span::call_site())).map(|name| quote!(pub type #name = #to;)).collect()
}

/// Modules of machines. Which is nested in which is not known: each has all others in it.
fn machines(machines: &[String], broken: &Ident) -> TokenStream {
    let mut names = Scope::new(&["event", "service"]);
    let modules = machines.iter().map(|machine| {
        let module = names.snake(machine);
        let types = aliases(["State", "Data"].into_iter(), &quote!(super::#broken));
        quote!(pub mod #module { #types pub use super::*; })
    });
    modules.collect()
}
