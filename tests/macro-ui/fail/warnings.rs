// A warning is shown at the token, or at the path with the place in the file.
#![deny(deprecated)]

csml_rt::csml!(app = false, {
    "name": "inline",
    "version": "2.0",
    "stateMachines": [{
        "name": "lamp",
        "states": [{ "name": "off", "initial": true }, { "name": "attic" }]
    }]
});

csml_rt::csml!("descriptions/warning.csml", app = false);

fn main() {}
