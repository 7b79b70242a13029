//! The root and what only it has.

use schemars::JsonSchema;

use super::{data::Data, machine::Machine, shape::snippet};

/// A collaborative state machine in CSML: one or more state machines that raise and handle events and share data.
#[derive(JsonSchema)]
#[schemars(
    title = "CSML",
    deny_unknown_fields,
    rename_all = "camelCase",
    extend("defaultSnippets" = [snippet(
        "description",
        "A description with one machine of two states",
        r#"{
	"name": "${1:lamp}",
	"version": "2.0",
	"memoryMode": "distributed",
	"stateMachines": [
		{
			"name": "${2:lamp}",
			"states": [
				{
					"name": "${3:off}",
					"initial": true,
					"on": [{ "event": "${4:press}", "channel": "peripheral", "target": "${5:on}" }]
				},
				{ "name": "${5:on}", "terminal": true }
			]
		}
	]
}"#,
    )])
)]
pub(super) struct Description {
    /// The JSON Schema of this file, for editors. The compiler ignores it.
    #[schemars(rename = "$schema")]
    schema: Option<String>,
    /// Name of the application, and of the generated module.
    name: String,
    /// Version of CSML.
    version: Version,
    /// Whether the machines may run in different processes. Default: `shared` if the root has `localData`, else
    /// `distributed`.
    memory_mode: Option<MemoryMode>,
    /// The state machines. One instance of each is started unless csml.toml says otherwise.
    #[schemars(length(min = 1))]
    state_machines: Vec<Machine>,
    /// Variables that all machines see. Not allowed with `memoryMode` `distributed`.
    local_data: Option<Data>,
    /// Variables with one value for the whole application, kept across restarts.
    persistent_data: Option<Data>,
}

/// Version of CSML. All versions are read in the same way: the keywords decide.
#[derive(JsonSchema)]
#[schemars(inline)]
enum Version {
    /// The current text of the language.
    #[schemars(rename = "2.0")]
    Current,
    /// Descriptions from before 2.0.
    #[schemars(rename = "1.0")]
    First,
    /// Descriptions of the first implementations.
    #[schemars(rename = "0.1")]
    Draft,
}

/// Whether the machines may run in different processes.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "camelCase")]
enum MemoryMode {
    /// Each top-level machine may run in a process of its own. The root has no local data.
    Distributed,
    /// The whole application runs in one process.
    Shared,
}
