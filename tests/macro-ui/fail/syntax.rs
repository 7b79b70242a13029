// Not JSON: each mistake at its token.
csml_rt::csml!({
    "name": "lamp" "version": "2.0",
    "stateMachines": [{
        "name": lamp,
        "states": [
            { "name": "off", "initial": True, },,
            { name: "on", "terminal": -true },
            { "name": 'x', "initial": +1 },
        ]
    }]
});

fn main() {}
