// What the 2.0 text calls a violation is an error if asked for.
csml_rt::csml!("descriptions/warning.csml", strict = true);

fn main() {}
