// An error in a description is the only one: what uses the module, rightly or not, brings none of its own.
csml_rt::csml!({
    "name": "lamp",
    "version": "2.0",
    "stateMachines": [{
        "name": "lamp switch",
        "states": [
            {
                "name": "off",
                "initial": true,
                "entry": [{ "type": "invoke", "serviceType": "dim", "input": [{ "name": "level", "value": "1" }] }],
                "on": [{ "event": "press", "channel": "peripheral", "guards": ["$long"], "target": "onn" }]
            },
            { "name": "on", "terminal": true }
        ]
    }]
});

use lamp::{
    App, Event, Services,
    event::{self, Press},
    lamp_switch::{self, State},
    service::DimInput,
};

struct Mine;

impl Services for Mine {
    async fn dim(&self, input: DimInput) -> Result<(), csml_rt::ServiceError> {
        drop(input.level);
        Ok(())
    }
}

fn start(services: impl Services) -> Result<(), Box<dyn std::error::Error>> {
    let app = App::builder(services).build()?;
    let handle = app.handle();
    handle.send(Event::Press(Press { long: true }))?;
    handle.send(Event::Press(event::Press { long: false }))?;
    let lit = State::On;
    if handle.state("lamp switch") == Some(lamp_switch::State::On) || lit == State::Off {
        return Ok(());
    }
    match handle.last() {
        Event::Press(Press { long }) if long => Ok(()),
        _ => Ok(()),
    }
}

fn main() {
    let _ = start(Mine);
}
