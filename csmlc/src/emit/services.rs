//! The skeleton of the user's `Services`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::text::{EmitError, formatted, plain};
use crate::{
    codegen::{ServiceMethod, service_methods},
    compile::Output,
};

const HEADER: &str = "\
//! What the services do. This file is yours: `csmlc build` writes it once and leaves it alone afterwards.
//!
//! A service that answers `not_implemented` is answered by `--services FILE`, if that names it.

";

/// An implementation that implements no service yet.
pub(super) fn skeleton(output: &Output) -> Result<String, EmitError> {
    let module = format_ident!("{}", output.module);
    let services = &output.program.app.services;
    let methods = service_methods(&output.program);
    let records = methods.iter().any(|method| method.input.is_some() || method.output.is_some());
    let record_module = records.then(|| quote!(use crate::#module::service;));
    let error = (!methods.is_empty()).then(|| {
        quote!(
            use csml_rt::ServiceError;
        )
    });
    let bodies = methods.iter().map(|method| body(method, &services[method.service].name.text));
    // The formatter leaves no blank lines between items.
    let parts = [
        quote! {
            use crate::#module::Services;
            #record_module
            #error
        },
        quote! {
            /// Implements the services of this application; give it the fields they need.
            pub struct Implementation;
        },
        quote! {
            impl Services for Implementation {
                #(#bodies)*
            }
        },
    ];
    let parts = parts.into_iter().map(formatted).collect::<Result<Vec<_>, _>>()?;
    let text = parts.join("\n").replace("    }\n    ///", "    }\n\n    ///");
    Ok(format!("{HEADER}{text}"))
}

fn body(method: &ServiceMethod, service: &str) -> TokenStream {
    let name = &method.method;
    let doc = format!(" Service `{}`", plain(service).replace('`', "'"));
    let input = method.input.as_ref().map(|input| quote!(, input: service::#input));
    let unused = method.input.is_some().then(|| quote!(let _ = input;));
    let output = match &method.output {
        Some(output) => quote!(service::#output),
        None => quote!(()),
    };
    quote! {
        #[doc = #doc]
        async fn #name(&self #input) -> Result<#output, ServiceError> {
            #unused
            Err(ServiceError::not_implemented())
        }
    }
}
