// A wrong path of the runtime.
csml_rt::csml!("descriptions/lamp.csml", crate = ::no_such_crate, app = false);

fn main() {}
