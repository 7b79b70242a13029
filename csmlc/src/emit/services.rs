//! The skeleton of the user's `Services`. Written as text, laid out as rustfmt would: the user goes on with it.

use super::module_text::plain;
use csml_compiler::{
    Output,
    codegen::{ServiceMethod, service_methods},
};

const HEADER: &str = "\
//! The services of this application. This file is yours: `csmlc build` writes it once and does not change it again.
//!
//! For a service that returns `not_implemented`, the program takes the answer from `--services FILE`, if it has one.

";

/// An implementation that implements no service yet.
pub(super) fn skeleton(output: &Output) -> String {
    let module = &output.module;
    let services = &output.program.app.services;
    let methods = service_methods(&output.program);
    let mut text = format!("{HEADER}use crate::{module}::Services;\n");
    if methods.iter().any(|method| method.input.is_some() || method.output.is_some()) {
        text.push_str(&format!("use crate::{module}::service;\n"));
    }
    if !methods.is_empty() {
        text.push_str("use csml_rt::ServiceError;\n");
    }
    text.push_str(
        "\n/// Implements the services of this application; give it the fields they need.\n\
         pub struct Implementation;\n\n",
    );
    let bodies: Vec<_> =
        methods.iter().map(|method| body(method, &services[method.service].name.text)).collect();
    if bodies.is_empty() {
        text.push_str("impl Services for Implementation {}\n");
    } else {
        text.push_str(&format!("impl Services for Implementation {{\n{}}}\n", bodies.join("\n")));
    }
    text
}

/// Longest line that rustfmt leaves whole.
const WIDTH: usize = 100;

fn body(method: &ServiceMethod, service: &str) -> String {
    let name = &method.method;
    let doc = plain(service).replace('`', "'");
    let output = match &method.output {
        Some(output) => format!("Result<service::{output}, ServiceError>"),
        None => "Result<(), ServiceError>".to_owned(),
    };
    let input = method.input.as_ref().map(|input| format!("input: service::{input}"));
    let parameters = input.as_ref().map_or("&self".to_owned(), |input| format!("&self, {input}"));
    let mut signature = format!("    async fn {name}({parameters}) -> {output} {{\n");
    if signature.chars().count() > WIDTH + 1 {
        let parameters = parameters.replace(", ", ",\n        ");
        signature = format!("    async fn {name}(\n        {parameters},\n    ) -> {output} {{\n");
    }
    let unused = input.map_or("", |_| "        let _ = input;\n");
    format!(
        "    /// Service `{doc}`.\n{signature}{unused}        Err(ServiceError::not_implemented())\n    }}\n"
    )
}
