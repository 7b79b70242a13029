// Parts that are missing or of another kind. Without its name a description cannot give a module its name.
csml_rt::csml!({
    "version": "2.0",
    "stateMachines": [{ "name": "m", "states": [{ "name": "s", "initial": true }] }]
});
csml_rt::csml!({});
csml_rt::csml!({ "name": 5, "version": "9.9", "stateMachines": {} });
csml_rt::csml!({
    "name": "a",
    "version": "2.0",
    "stateMachines": [{ "name": "m", "states": [{ "name": "s" }, { "name": "s", "initial": "yes" }] }]
});

fn main() {}
