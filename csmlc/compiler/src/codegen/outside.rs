//! What the front ends must know of generated names.

use crate::lists::Gather;
use proc_macro2::{Ident, Span};

use super::ident;
use crate::{codegen::names::Names, ir::Program, model::ServiceId};

/// A method of the generated `Services`.
#[derive(Debug)]
pub struct ServiceMethod {
    /// The service type.
    pub service: ServiceId,
    /// Its name.
    pub method: Ident,
    /// Struct of its input in the module `service`, if the service has inputs.
    pub input: Option<Ident>,
    /// Struct of its output in the module `service`, if the service has outputs.
    pub output: Option<Ident>,
}

/// The methods of a program's `Services`, in order.
pub fn service_methods(program: &Program) -> Vec<ServiceMethod> {
    let names = Names::new(program);
    let services = program.app.services.iter();
    services
        .map(|(id, service)| {
            let names = &names.services[id];
            ServiceMethod {
                service: id,
                method: names.method.clone(),
                input: (!service.inputs.is_empty()).then(|| names.input.clone()),
                output: (!service.outputs.is_empty()).then(|| names.output.clone()),
            }
        })
        .gather()
}

/// Name of the generated module: as the user has given it, or like the name of the description.
pub(crate) fn module_ident(given: Option<&str>, description: &str) -> Ident {
    let name = match given {
        Some(given) => return ident::given(given),
        None => ident::snake(description),
    };
    Ident::new(&name, Span::call_site())
}
