// Two modules of one name are rustc's to report, once.
csml_rt::csml!("descriptions/lamp.csml", app = false);
csml_rt::csml!({
    "name": "lamp",
    "version": "2.0",
    "stateMachines": [{ "name": "m", "states": [{ "name": "s", "initial": true }] }]
});

fn main() {}
