//! Where generated code finds what an expression names. Implemented by the step functions' generator, used
//! by the expressions' generator.

use proc_macro2::TokenStream;

use crate::model::{DatumId, OutputId, VarId};

/// Access to the event that triggered the step.
pub(super) enum EventAccess {
    /// There is none: reading event data always fails.
    None,
    /// It is known to carry the datum: the payload is bound, `payload.value` is a place.
    Payload(TokenStream),
    /// An expression of type `Option<&Event>`, to be matched.
    Any(TokenStream),
}

/// Places in the function being generated.
pub(super) trait Places {
    /// Place of a variable, such as `cx.data.count`. For an optional slot the place of its `Option`.
    fn variable(&self, variable: VarId) -> TokenStream;
    /// The triggering event.
    fn event(&self) -> EventAccess;
    /// Field name of a datum in its payload struct.
    fn datum_field(&self, datum: DatumId) -> TokenStream;
    /// Pattern that matches the event of a datum and binds its payload to `payload`, such as
    /// `super::Event::Sensor(payload)`.
    fn datum_pattern(&self, datum: DatumId) -> TokenStream;
    /// Place of an output of the completed service, such as `reply.image`.
    fn output(&self, output: OutputId) -> TokenStream;
    /// Place of the instance's random generator, such as `cx.rng`.
    fn rng(&self) -> TokenStream;
    /// Path of the runtime's private module, such as `::csml_rt::__private`.
    fn runtime(&self) -> TokenStream;
}
