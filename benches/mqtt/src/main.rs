//! Measures QoS 1 over one mosquitto: the transport of csml-rt and two processes of an application, against the client
//! below both, in one run.
//!
//! `cargo run --release --manifest-path benches/mqtt/Cargo.toml [ROUNDS]`
//!
//! Client and transport send to one topic that they subscribe to themselves, so that every message goes through the
//! broker once, and acknowledge messages explicitly. The application sends an event there and back, which is two messages,
//! and sends events one way. Measurements alternate. Each prints its best round, because slower rounds were disturbed.
//! Processor time is per message of the throughput measurement.

mod bare;
mod cpu;
mod runtime;
mod transport;

use std::time::Duration;

use csml_tests_brokers::Mosquitto;
use csml_tests_brokers::mosquitto::Config;

/// Messages of the throughput measurement.
const MANY: u32 = 100_000;
/// Messages sent one after the other.
const SINGLY: u32 = 5_000;
/// Bytes of a message.
const PAYLOAD: usize = 64;
/// Maximum number of messages in flight.
const WINDOW: u16 = 1_000;

type Failure = Box<dyn std::error::Error>;

/// A side of the comparison.
trait Side {
    /// Time for [`SINGLY`] messages, each sent when the last one has come back.
    async fn singly(&mut self) -> Result<Duration, Failure>;

    /// Time for [`MANY`] messages, sent as fast as possible.
    async fn many(&mut self) -> Result<Duration, Failure>;
}

/// The best of several rounds, alternating.
#[derive(Clone, Copy)]
struct Best {
    singly: Duration,
    many: Duration,
    /// Processor time for [`MANY`] messages, of this program and of the broker.
    used: [Duration; 2],
}

impl Best {
    const NONE: Self = Self { singly: Duration::MAX, many: Duration::MAX, used: [Duration::MAX; 2] };

    async fn measure(&mut self, side: &mut impl Side, broker: Option<u32>) -> Result<(), Failure> {
        self.singly = self.singly.min(side.singly().await?);
        let before = [cpu::used(None), cpu::used(broker)];
        self.many = self.many.min(side.many().await?);
        let after = [cpu::used(None), cpu::used(broker)];
        for (best, (before, after)) in self.used.iter_mut().zip(before.into_iter().zip(after)) {
            *best = (*best).min(after.saturating_sub(before));
        }
        Ok(())
    }

    fn round_trip(self) -> f64 {
        self.singly.as_secs_f64() / f64::from(SINGLY)
    }

    fn rate(self) -> f64 {
        f64::from(MANY) / self.many.as_secs_f64()
    }

    /// Microseconds for one of [`MANY`].
    fn each(used: Duration) -> f64 {
        used.as_secs_f64() * 1e6 / f64::from(MANY)
    }

    fn print(self, name: &str, bare: Self) {
        println!(
            "{name:<12} {:>8.1} µs {:>6.2} × {:>10.0} /s {:>5.0} % {:>9.1} µs {:>8.1} µs",
            self.round_trip() * 1e6,
            self.round_trip() / bare.round_trip(),
            self.rate(),
            100.0 * self.rate() / bare.rate(),
            Self::each(self.used[0]),
            Self::each(self.used[1]),
        );
    }
}

fn main() -> Result<(), Failure> {
    let rounds: u32 = std::env::args().nth(1).map_or(Ok(5), |rounds| rounds.parse())?;
    let Some(broker) = Mosquitto::start(&Config {
        further: "log_type none\nlog_type error\n".to_owned(),
        ..Config::default()
    })?
    else {
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let id = broker.server.id();
    runtime.block_on(async {
        let [mut bare, mut transport, mut both] = [Best::NONE; 3];
        for _ in 0..rounds {
            bare.measure(&mut bare::Bare::start(broker.port()).await?, id).await?;
            transport.measure(&mut transport::Ours::start(&broker.url()).await?, id).await?;
            let mut processes = runtime::Runtime::start(&broker.url()).await?;
            both.measure(&mut processes, id).await?;
            processes.end().await?;
        }
        println!(
            "{:<12} {:>11} {:>8} {:>13} {:>7} {:>12} {:>11}",
            "QoS 1", "round trip", "", "throughput", "", "processor", "of broker"
        );
        bare.print("bare client", bare);
        transport.print("transport", bare);
        both.print("application", bare);
        Ok(())
    })
}
