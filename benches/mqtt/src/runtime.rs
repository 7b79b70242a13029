//! Two processes of an application, each with its own connection: the cost of steps, link and wire format.

use std::sync::Arc;
use std::time::{Duration, Instant};

use csml_rt::transport::mqtt::MqttOptions;
use csml_rt::{Builder, Handle, NoServices, Summary, TransportOptions, Value};
use tokio::task::JoinHandle;

use crate::{Failure, MANY, SINGLY, Side};

csml_rt::csml!("descriptions/ball.csml");

type Process = (Handle<ball::Machines>, JoinHandle<Result<Summary, csml_rt::RunError>>);

/// Two processes; one is measured and sends events to the other.
pub(crate) struct Runtime {
    near: Process,
    far: Process,
}

impl Runtime {
    pub(crate) async fn start(url: &str) -> Result<Self, Failure> {
        let start = |name: &str| -> Result<Process, Failure> {
            let app = Builder::<ball::Machines>::new(Arc::new(NoServices))
                .run_only([name])
                .process(name)
                .until_idle(false)
                .transport(MqttOptions::parse(url)?.transport(), TransportOptions::default())
                .build()?;
            let handle = app.handle();
            Ok((handle, tokio::spawn(app.run())))
        };
        let runtime = Self { near: start("near")?, far: start("far")? };
        runtime.send("warmUp", &Value::Null)?;
        runtime.near.0.wait_for("near", "warm").await?;
        Ok(runtime)
    }

    fn send(&self, event: &str, data: &Value) -> Result<(), Failure> {
        Ok(self.near.0.send_named(event, data)?)
    }

    pub(crate) async fn end(self) -> Result<(), Failure> {
        for (handle, running) in [self.near, self.far] {
            handle.stop();
            running.await??;
        }
        Ok(())
    }
}

/// Event data with one number.
fn number(name: &str, number: u32) -> Value {
    Value::map([(name, Value::Int(number.into()))])
}

impl Side for Runtime {
    async fn singly(&mut self) -> Result<Duration, Failure> {
        let start = Instant::now();
        self.send("serve", &number("rounds", SINGLY))?;
        self.near.0.wait_for("near", "rested").await?;
        Ok(start.elapsed())
    }

    async fn many(&mut self) -> Result<Duration, Failure> {
        let start = Instant::now();
        self.send("talk", &number("words", MANY))?;
        self.far.0.wait_for("far", "done").await?;
        Ok(start.elapsed())
    }
}
