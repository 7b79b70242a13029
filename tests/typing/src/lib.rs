//! One description through both doors, with types of this crate's own.

use serde::{Deserialize, Serialize};

/// What a sensor reports.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The temperature.
    pub celsius: f64,
    /// How sure the sensor is.
    pub quality: Quality,
    /// Whatever else it says.
    pub note: Option<String>,
}

/// How sure a sensor is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quality {
    /// Sure.
    #[default]
    Good,
    /// Not at all.
    Poor,
}

/// What to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Advice {
    /// Nothing.
    #[default]
    Wait,
    /// Open the window.
    Open,
}

csml_rt::include_csml!("thermostat");

/// The same through the macro.
#[allow(deprecated, reason = "it warns of a keyword of the schema that is not checked")]
pub mod by_macro {
    csml_rt::csml!(
        "thermostat.csml",
        mod = thermostat,
        config = false,
        types = {
            "watch/last" = crate::Sample,
            "watch/history" = Vec<crate::Sample>,
            "watch/limit" = f64,
            "worst" = crate::Sample,
            "reading.$sample" = crate::Sample,
            "watch/advice" = crate::Advice,
        },
        schemas = { "settings" = "settings.schema.json" },
        loop_limit = 1000,
    );
}
