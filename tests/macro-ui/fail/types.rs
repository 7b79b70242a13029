// Errors that need the types of the whole application.
csml_rt::csml!({
    "name": "lamp",
    "version": "2.0",
    "stateMachines": [{
        "name": "lamp",
        "localData": [{ "name": "times", "value": "0" }],
        "states": [{
            "name": "off",
            "initial": true,
            "after": [{
                "delay": "'soon'",
                "actions": [{ "type": "raiseEvent", "event": { "name": "late", "channel": "internal" } }]
            }],
            "on": [
                { "event": "press", "channel": "peripheral", "guards": ["times + 1"] },
                {
                    "event": "late",
                    "actions": [{ "type": "assign", "variable": "times", "value": "'abc' - 1" }]
                }
            ]
        }]
    }]
});

fn main() {}
