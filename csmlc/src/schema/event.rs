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
    /// Who sees the event.
    channel: Channel,
    /// Data of the event: names and expressions. Whoever handles it reads them as `$name`.
    data: Option<Data>,
}

/// Who sees an event.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "camelCase")]
pub(super) enum Channel {
    /// The raising machine's whole hierarchy: its top-level machine and every machine nested in that.
    Internal,
    /// Machines that handle it and have subscribed to the raiser; by default every machine has.
    External,
    /// Every machine that handles it.
    Global,
    /// Outside: it comes from the host program or a device, or, raised here, leaves the application.
    Peripheral,
}
