// The file form with every option.
#![deny(warnings)]

mod runtime {
    pub use csml_rt;
}

csml_rt::csml!("descriptions/lamp.csml");

mod elsewhere {
    csml_rt::csml!("descriptions/lamp.csml", mod = gate, crate = crate::runtime::csml_rt, strict = true);
}

#[allow(dead_code)]
mod machines {
    csml_rt::csml!(app = false, r"descriptions/lamp.csml", mod = r#match,);
}

fn main() {
    let _ = lamp::Event::Press(lamp::event::Press { firmly: true });
    let _ = elsewhere::gate::App::builder(Nothing);
    let _ = machines::r#match::lamp::State::Off;
}

struct Nothing;
impl elsewhere::gate::Services for Nothing {}
