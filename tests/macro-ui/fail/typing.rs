//! Type annotations: messages of the compiler, and of rustc about types and functions.

#[derive(Clone, Debug, PartialEq)]
pub struct Plain;

pub fn far(_: i64) -> bool {
    true
}

csml_rt::csml!(
    "descriptions/typing.csml",
    mod = wrong,
    types = { "m/levl" = f64, "m/level" = Reading, "event.$none" = Vec<u8> },
    functions = { "geo:far(float) -> bool" = crate::far, "math:far(float)" = far },
    schemas = { "sensor" = "descriptions/gone.json" },
);

csml_rt::csml!(
    "descriptions/typing.csml",
    mod = lacking,
    app = false,
    types = { "m/level" = f64, "sensor.$plain" = crate::Plain },
    functions = { "geo:far(float) -> bool" = crate::far },
);

fn main() {}
