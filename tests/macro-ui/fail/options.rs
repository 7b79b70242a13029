// The compiler reports each mistake in the arguments at its position.
csml_rt::csml!();
csml_rt::csml!("descriptions/lamp.csml", module = one);
csml_rt::csml!("descriptions/lamp.csml", mod = "two");
csml_rt::csml!("descriptions/lamp.csml", mod = self);
csml_rt::csml!("descriptions/lamp.csml", crate = a:b);
csml_rt::csml!("descriptions/lamp.csml", app = 1);
csml_rt::csml!("descriptions/lamp.csml", mod = a, mod = b);
csml_rt::csml!("descriptions/lamp.csml", "descriptions/lamp.csml");
csml_rt::csml!("descriptions/lamp.csml" mod = c);
csml_rt::csml!(descriptions/lamp.csml);
csml_rt::csml!(b"descriptions/lamp.csml");
csml_rt::csml!(include_str!("descriptions/lamp.csml"));
csml_rt::csml!("name": "lamp", "stateMachines": []);
csml_rt::csml!([]);

fn main() {}
