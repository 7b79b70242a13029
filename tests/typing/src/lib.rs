//! One description through macro and build script, with types of this crate.

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

/// Functions that expressions call.
pub mod weather {
    use std::{
        fmt,
        sync::atomic::{AtomicU64, Ordering},
    };

    use crate::{Quality, Sample};

    /// How often [`note`] was called.
    pub static NOTES: AtomicU64 = AtomicU64::new(0);

    /// Whether it is warmer than at a place.
    #[must_use]
    pub fn warmer(celsius: f64, place: &str) -> bool {
        celsius > if place == "attic" { 40.0 } else { 20.0 }
    }

    /// There is no mean of nothing.
    #[derive(Debug)]
    pub struct Nothing;

    impl fmt::Display for Nothing {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("there is nothing to take the mean of")
        }
    }

    /// The mean of some temperatures.
    ///
    /// # Errors
    /// If there are none.
    pub fn mean(all: &[f64]) -> Result<f64, Nothing> {
        if all.is_empty() { Err(Nothing) } else { Ok(all.iter().sum::<f64>() / all.len() as f64) }
    }

    /// Takes note.
    pub fn note(celsius: Option<f64>) {
        NOTES.fetch_add(u64::from(celsius.is_some()), Ordering::Relaxed);
    }

    /// The sample of poorer quality.
    #[must_use]
    pub fn worse(a: &Sample, b: &Sample) -> Sample {
        if a.quality == Quality::Poor { a.clone() } else { b.clone() }
    }
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
        functions = {
            "weather:warmer(float, string) -> bool" = crate::weather::warmer,
            "weather:mean(list<float>) -> float!" = crate::weather::mean,
            "weather:note(option<float>)" = "crate::weather::note",
            "weather:worse(crate::Sample, crate::Sample) -> crate::Sample" = crate::weather::worse,
        },
        schemas = { "settings" = "settings.schema.json" },
        loop_limit = 1000,
    );
}
