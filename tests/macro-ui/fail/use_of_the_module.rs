// Mistakes in the use of a module point at the use.
csml_rt::csml!("descriptions/lamp.csml");

struct Nothing;

fn main() {
    let _ = lamp::lamp::State::Onn;
    let _ = lamp::Event::Press(lamp::event::Press { firmly: 1 });
    let _ = lamp::App::builder(Nothing);
}
