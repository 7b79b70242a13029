//! Where generated code finds what an expression names. Implemented by the step functions' generator, used
//! by the expressions' generator.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{DatumId, MatchId, OutputId, VarId};

/// Access to the event that triggered the step.
pub(super) enum EventAccess {
    /// There is none: reading event data always fails.
    None,
    /// It is known to carry the datum: the payload is bound, `payload.value` is a place.
    Payload(TokenStream),
    /// An expression of type `Option<&Event>`, to be matched.
    Any(TokenStream),
}

/// What a function of a script takes to reach variables and the random generator.
pub(super) struct Context {
    /// The variable, such as `cx`, which is a `&mut` reference.
    pub(super) name: TokenStream,
    /// Its type behind the reference.
    pub(super) ty: TokenStream,
    /// Generic parameters of the type, with their brackets.
    pub(super) generics: TokenStream,
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
    /// Place of the value of the `match` in whose case it stands, such as `matched`.
    fn matched(&self, id: MatchId) -> TokenStream;
    /// Place of the instance's random generator, such as `cx.rng`.
    fn rng(&self) -> TokenStream;
    /// Path of the runtime's private module, such as `::csml_rt::__private`.
    fn runtime(&self) -> TokenStream;
    /// What a function of a script takes to reach all this.
    fn context(&self) -> Context;
    /// An expression of type `Option<&Event>`: what a function of a script is given of the event, if there is one.
    fn event_argument(&self) -> Option<TokenStream>;
    /// The output of the completed service, as a function of a script is given it, and its type.
    fn reply_argument(&self) -> Option<(TokenStream, TokenStream)>;
    /// Names that locals of a script must not hide.
    fn taken(&self) -> Vec<String>;
    /// Rounds of loops and calls of functions that one evaluation may take.
    fn loop_limit(&self) -> u64;
}

/// Places in a function of a script: those of the function around it, but for the event, which it is given as
/// an `Option`.
pub(super) struct InFunction<'a>(pub(super) &'a dyn Places);

impl Places for InFunction<'_> {
    fn variable(&self, variable: VarId) -> TokenStream {
        self.0.variable(variable)
    }

    fn event(&self) -> EventAccess {
        if self.event_argument().is_some() { EventAccess::Any(quote!(event)) } else { EventAccess::None }
    }

    fn datum_field(&self, datum: DatumId) -> TokenStream {
        self.0.datum_field(datum)
    }

    fn datum_pattern(&self, datum: DatumId) -> TokenStream {
        self.0.datum_pattern(datum)
    }

    fn output(&self, output: OutputId) -> TokenStream {
        self.0.output(output)
    }

    fn matched(&self, id: MatchId) -> TokenStream {
        self.0.matched(id)
    }

    fn rng(&self) -> TokenStream {
        self.0.rng()
    }

    fn runtime(&self) -> TokenStream {
        self.0.runtime()
    }

    fn context(&self) -> Context {
        self.0.context()
    }

    fn event_argument(&self) -> Option<TokenStream> {
        self.0.event_argument().map(|_| quote!(event))
    }

    fn reply_argument(&self) -> Option<(TokenStream, TokenStream)> {
        self.0.reply_argument()
    }

    fn taken(&self) -> Vec<String> {
        self.0.taken()
    }

    fn loop_limit(&self) -> u64 {
        self.0.loop_limit()
    }
}
