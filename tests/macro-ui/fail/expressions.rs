// A macro cannot point into a literal: the part that is wrong is named in the text.
csml_rt::csml!({
    "name": "lamp",
    "version": "2.0",
    "stateMachines": [{
        "name": "lamp",
        "localData": [
            { "name": "times", "value": "0" },
            { "name": "unfinished", "value": "1 +" }
        ],
        "states": [{
            "name": "off",
            "initial": true,
            "on": [
                { "event": "a", "channel": "peripheral", "guards": ["times > \"1\" + tims"] },
                { "event": "b", "channel": "peripheral", "guards": ["times + 1"] },
                { "event": "c", "channel": "peripheral", "guards": [r#"times == 'a"#] },
            ]
        }]
    }]
});

fn main() {}
