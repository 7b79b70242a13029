// Unknown names are shown at their tokens, all at once.
csml_rt::csml!({
    "name": "lamp",
    "version": "2.0",
    "stateMachines": [{
        "name": "lamp",
        "localData": [{ "name": "times", "value": "0" }],
        "states": [
            {
                "name": "off",
                "initial": true,
                "on": [
                    { "event": "press", "channel": "peripheral", "target": "onn" },
                    {
                        "event": "count",
                        "chanel": "peripheral",
                        "actions": [{ "type": "asign", "variable": "times", "value": "times + 1" }]
                    }
                ]
            },
            { "name": "on", "terminal": true }
        ]
    }]
});

// No error more: the module is there.
use lamp::App as _;

fn main() {}
