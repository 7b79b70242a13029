//! Events that are raised.

use schemars::JsonSchema;

use super::{
    data::Data,
    shape::{channels, snippet},
};

/// An event to raise.
#[derive(JsonSchema)]
#[schemars(
    title = "Event",
    deny_unknown_fields,
    extend("defaultSnippets" = [snippet(
        "event",
        "An event to raise",
        concat!(r#"{ "name": "${1:event}", "channel": "#, channels!(), " }"),
    )])
)]
pub(super) struct Event {
    /// Name of the event. Transitions on this name handle it.
    name: String,
    /// Which machines receive the event.
    channel: Channel,
    /// Data of the event: names and expressions. A transition on the event reads them as `$name`.
    data: Option<Data>,
}

/// Which machines receive an event.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "camelCase")]
pub(super) enum Channel {
    /// The raising machine's whole hierarchy: its top-level machine and every machine nested in that.
    Internal,
    /// Machines that handle it and subscribe to the raiser; by default every machine does.
    External,
    /// Every machine that handles it.
    Global,
    /// The outside: the event comes from the embedding program or a device, or, raised here, leaves the application.
    Peripheral,
}
