// Both places are told.
csml_rt::csml!({
    "name": "lamp",
    "version": "2.0",
    "name": "light",
    "stateMachines": [{ "name": "m", "states": [{ "name": "s", "initial": true, "initial": false }] }]
});

fn main() {}
