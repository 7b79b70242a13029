// Unknown names are shown at their tokens, all at once, and make no warnings of what follows from them.
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
                        "channel": "peripheral",
                        "actions": [
                            { "type": "assign", "variable": "tmies", "value": "times + 1" },
                            { "type": "timeoutReset", "action": "pause" }
                        ]
                    }
                ]
            },
            { "name": "on", "terminal": true }
        ]
    }]
});

// No error more: rustc knows that `App` is in error.
use lamp::App;

fn main() {
    let _: App = App::builder(());
}
