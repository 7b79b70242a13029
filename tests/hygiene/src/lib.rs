//! Generated code under hostile circumstances: any names in the description, items around it that shadow the
//! prelude, the runtime under another name, every warning an error.
#![deny(warnings)]

/// Shadows of what generated code uses.
#[expect(dead_code, unreachable_pub, reason = "they are here to be in the way")]
mod shadows {
    pub struct Result;
    pub struct Option;
    pub struct String;
    pub struct Vec;
    pub struct Box;
    pub mod core {}
    pub mod std {}
    pub mod alloc {}
}

#[expect(unused_imports, reason = "they are here to be in the way")]
use shadows::{Box, Option, Result, String, Vec, alloc, core, std};

renamed_runtime::include_csml!("hostile");

renamed_runtime::csml!(mod = inline, crate = ::renamed_runtime, {
    "name": "inline",
    "version": "2.0",
    "stateMachines": [{
        "name": "Result",
        "localData": [{ "name": "Option", "value": "0" }],
        "states": [{
            "name": "Vec",
            "initial": true,
            "on": [{
                "event": "String",
                "channel": "peripheral",
                "guards": ["Option >= 0"],
                "actions": [{ "type": "assign", "variable": "Option", "value": "Option + $by" }]
            }]
        }]
    }]
});
