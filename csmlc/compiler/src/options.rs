//! What a front end asks of the compiler.

use crate::{annotations::Annotations, placement::PlacementSettings, vocabulary::ChoicePolicy};

/// What to generate.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the generated module; from the description's name if absent.
    pub module: Option<String>,
    /// Path of the runtime crate in generated code.
    pub runtime: String,
    /// Whether to generate `App` and `Services`; without them the machines alone serve a `no_std` program.
    pub app: bool,
    /// Whether to generate code; without it only the diagnostics and the program are of interest.
    pub generate: bool,
    /// What is said about types besides the description; its places are in the sources of the description.
    pub annotations: Annotations,
    /// Rounds of loops and calls of functions that one evaluation of an expression may take.
    pub loop_limit: u64,
    /// Instances and processes, whose places are in the sources of the description.
    pub placement: PlacementSettings,
    /// What happens where several transitions are enabled at once.
    pub choice: ChoicePolicy,
    /// Whether transitions that overlap are a warning and checked at run time, as the level of their rule says.
    pub overlaps_checked: bool,
}

impl Options {
    /// What [`loop_limit`](Self::loop_limit) is where nothing else is said.
    pub const LOOP_LIMIT: u64 = 10_000_000;
}

impl Default for Options {
    fn default() -> Self {
        Self {
            module: None,
            runtime: "::csml_rt".to_owned(),
            app: true,
            generate: true,
            annotations: Annotations::default(),
            loop_limit: Self::LOOP_LIMIT,
            placement: PlacementSettings::default(),
            choice: ChoicePolicy::default(),
            overlaps_checked: false,
        }
    }
}
