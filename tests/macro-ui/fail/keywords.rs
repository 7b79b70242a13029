// Keywords and values of keywords that are not CSML's.
csml_rt::csml!({
    "name": "lamp",
    "version": "2.0",
    "stateMachines": [{
        "name": "lamp",
        "states": [{
            "name": "off",
            "initial": true,
            "on": [{
                "event": "press",
                "chanel": "peripheral",
                "actions": [{ "type": "asign", "variable": "times", "value": "times + 1" }]
            }]
        }]
    }]
});

fn main() {}
