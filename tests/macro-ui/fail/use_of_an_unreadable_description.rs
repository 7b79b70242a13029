// However much of a description cannot be read, the names that its text has bring no errors of their own.
csml_rt::csml!("descriptions/truncated.csml");

// Without a name: the module is named after the file.
csml_rt::csml!("descriptions/nameless.csml");

// The option is unknown.
csml_rt::csml!("descriptions/lamp.csml", mod = good, modul = x);

// There is no such file.
csml_rt::csml!("descriptions/gone.csml");

// Keys are misspelt, and a nested machine is in what they hide.
csml_rt::csml!(mod = house, {
    "name": "house",
    "version": "2.0",
    "stateMachines": [{
        "name": "hall",
        "sates": [
            { "name": "dark", "initial": true, "on": [{ "evnt": "motion", "target": "lit" }] },
            { "name": "lit", "entry": [{ "type": "invoke", "servicetype": "switch lamp", "input": [{ "name": "on", "value": "true" }] }] }
        ],
        "stateMachines": [{ "name": "fan", "states": [{ "name": "still" }] }]
    }]
});

use good::{DESCRIPTION, event::Press, lamp::State};
use house::{
    App, NAME, Services,
    event::Motion,
    hall::{self, fan},
    service::{SwitchLampInput, SwitchLampOutput},
};
use lamp::{Event, lamp::Data};
use nameless::{Instance, event::Tick};

struct Mine;

impl Services for Mine {
    async fn switch_lamp(&self, input: SwitchLampInput) -> Result<SwitchLampOutput, csml_rt::ServiceError> {
        Ok(SwitchLampOutput { lit: input.on })
    }
}

fn main() {
    let _ = (App::builder(Mine), NAME, Motion {}, hall::State::Dark, fan::State::Still, hall::Data::default());
    let _ = (&DESCRIPTION, Press {}, State::On, Event::Press(Press {}), Data::default(), Instance::Lamp, Tick {});
    let _ = gone::App::builder(Mine);
}
