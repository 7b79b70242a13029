// The inline form, within a function and from a `macro_rules`, and everything a user needs of it.
#![deny(warnings)]

use csml_rt::csml;

csml!({
    // Comments and trailing commas are taken.
    "name": "lamp",
    "version": "2.0",
    "stateMachines": [{
        "name": "lamp",
        "localData": [{ "name": "times", "value": "0" }],
        "states": [
            {
                "name": "off",
                "initial": true,
                "on": [{
                    "event": "press",
                    "channel": "peripheral",
                    "guards": ["times + 1 > 0"],
                    "actions": [{ "type": "assign", "variable": "times", "value": "times + 1" }],
                    "target": "on",
                }],
            },
            { "name": "on", "terminal": true },
        ],
    }],
});

macro_rules! describe {
    ($name:ident, $terminal:literal) => {
        csml_rt::csml!(mod = $name, app = false, {
            "name": "other",
            "version": "2.0",
            "stateMachines": [{
                "name": "m",
                "states": [{ "name": "s", "initial": true, "terminal": $terminal }]
            }]
        });
    };
}

describe!(from_a_macro, true);

fn main() {
    struct None;
    impl lamp::Services for None {}
    let built = lamp::App::builder(None).build();
    assert!(built.is_ok());
    let _ = from_a_macro::m::State::S;
}
