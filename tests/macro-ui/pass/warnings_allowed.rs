// Warnings of a description are those of something deprecated, and can be silenced as such.
#![deny(warnings)]

#[allow(deprecated)]
mod quiet {
    csml_rt::csml!("descriptions/warning.csml", app = false);
}

fn main() {
    let _ = quiet::lamp::lamp::State::Attic;
}
