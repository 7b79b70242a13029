//! Runs batches of expressions: each event creates one variable. Written by a test.

use csml_rt::machine::{Buffer, Machines as _, Value};

macro_rules! batch {
    ($folder:ident::$module:ident) => {{
        use $folder::$module as batch;
        let events = batch::Machines::DESCRIPTION.events;
        for (number, info) in events.iter().enumerate() {
            let mut effects = Buffer::default();
            let mut shared = batch::Machines::shared(7, &[]).expect("nothing is initialised");
            let mut instance = batch::Machines::instance(0, 7);
            batch::Machines::start(&mut instance, &mut shared, 0, &mut effects).expect("nothing is initialised");
            let event = batch::Machines::event_from(number as u16, &Value::Null).expect("no event carries data");
            let done = batch::Machines::step(&mut instance, &mut shared, 0, &event, &mut effects);
            let index = &info.name[1..];
            match done {
                Err(error) => println!("{{\"index\": {index}, \"error\": {}}}", quoted(error.message())),
                Ok(_) => {
                    let data = batch::Machines::data(&instance, 0);
                    let (_, value) = data.first().expect("the variable has been created");
                    println!("{{\"index\": {index}, \"value\": {}}}", encoded(value));
                }
            }
        }
    }};
}

fn encoded(value: &Value) -> String {
    let (t, v) = match value {
        Value::Null => return "{\"t\": \"null\"}".to_owned(),
        Value::Bool(value) => ("bool", value.to_string()),
        Value::Int(value) => ("int", value.to_string()),
        Value::Float(value) => ("float", float(*value)),
        Value::Text(value) => ("string", quoted(value)),
        Value::Bytes(value) => ("bytes", format!("{value:?}")),
        Value::List(items) => ("list", format!("[{}]", items.iter().map(encoded).collect::<Vec<_>>().join(", "))),
        Value::Set(items) => ("set", sorted(items.iter().map(encoded).collect())),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("[{}, {}]", encoded(key), encoded(value)));
            ("map", sorted(entries.collect()))
        }
    };
    format!("{{\"t\": \"{t}\", \"v\": {v}}}")
}

fn float(value: f64) -> String {
    if value.is_nan() {
        "\"NaN\"".to_owned()
    } else if value.is_infinite() {
        format!("\"{}Infinity\"", if value > 0.0 { "" } else { "-" })
    } else {
        format!("{value:?}")
    }
}

fn sorted(mut items: Vec<String>) -> String {
    items.sort();
    format!("[{}]", items.join(", "))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}

