// The compiler reports each mistake in the arguments at its position.
mod call_1 { csml_rt::csml!(); }
mod call_2 { csml_rt::csml!("descriptions/lamp.csml", module = one); }
mod call_3 { csml_rt::csml!("descriptions/lamp.csml", mod = "two"); }
mod call_4 { csml_rt::csml!("descriptions/lamp.csml", mod = self); }
mod call_5 { csml_rt::csml!("descriptions/lamp.csml", crate = a:b); }
mod call_6 { csml_rt::csml!("descriptions/lamp.csml", app = 1); }
mod call_7 { csml_rt::csml!("descriptions/lamp.csml", mod = a, mod = b); }
mod call_8 { csml_rt::csml!("descriptions/lamp.csml", "descriptions/lamp.csml"); }
mod call_9 { csml_rt::csml!("descriptions/lamp.csml" mod = c); }
mod call_10 { csml_rt::csml!(descriptions/lamp.csml); }
mod call_11 { csml_rt::csml!(b"descriptions/lamp.csml"); }
mod call_12 { csml_rt::csml!(include_str!("descriptions/lamp.csml")); }
mod call_13 { csml_rt::csml!("name": "lamp", "stateMachines": []); }
mod call_14 { csml_rt::csml!([]); }

fn main() {}
