//! `v = v + 1` in an etcd on 127.0.0.1: through `EtcdStore`, and with the bare client, which compares and swaps one key.
//! The two alternate, so that other load affects both.

use std::error::Error;
use std::time::{Duration, Instant};

use csml_rt::Value;
use csml_rt::store::{Commit, EtcdOptions, EtcdStore, Opened, Revision, Scope, Store, Transaction};
use csml_tests_brokers::Etcd;
use etcd_client::{Client, Compare, CompareOp, Txn, TxnOp};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 40;
const IN_A_ROUND: u32 = 100;

fn main() -> Outcome<()> {
    let Some(etcd) = Etcd::start(None, &[])? else { return Ok(()) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(compare(&etcd))
}

async fn compare(etcd: &Etcd) -> Outcome<()> {
    let mut bare = Bare::open(etcd).await?;
    let mut ours = Ours::open(etcd).await?;
    let (mut bare_times, mut our_times) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let begin = Instant::now();
        for _ in 0..IN_A_ROUND {
            bare.increment().await?;
        }
        let between = Instant::now();
        for _ in 0..IN_A_ROUND {
            ours.increment().await?;
        }
        // The first round is a warm-up.
        if round > 0 {
            bare_times.push((between - begin) / IN_A_ROUND);
            our_times.push(between.elapsed() / IN_A_ROUND);
        }
    }
    let mut ratios: Vec<_> = our_times
        .iter()
        .zip(&bare_times)
        .map(|(ours, bare)| ours.as_secs_f64() / bare.as_secs_f64())
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!("bare client  {:>8.3} ms", milliseconds(&mut bare_times));
    println!("EtcdStore    {:>8.3} ms", milliseconds(&mut our_times));
    println!("ratio        {:>8.2}", ratios.get(ROUNDS / 2).copied().unwrap_or(f64::NAN));
    println!("medians of {ROUNDS} rounds of {IN_A_ROUND}, alternating");
    Ok(())
}

/// The median.
fn milliseconds(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}

struct Bare {
    client: Client,
    number: i64,
    revision: i64,
}

impl Bare {
    async fn open(etcd: &Etcd) -> Outcome<Self> {
        let client = Client::connect([format!("127.0.0.1:{}", etcd.server.port())], None).await?;
        Ok(Self { client, number: 0, revision: 0 })
    }

    async fn increment(&mut self) -> Outcome<()> {
        self.number += 1;
        let swap = Txn::new()
            .when(vec![Compare::mod_revision("bare", CompareOp::Equal, self.revision)])
            .and_then(vec![TxnOp::put("bare", self.number.to_string(), None)]);
        let answer = self.client.txn(swap).await?;
        self.revision = answer.header().ok_or("no header")?.revision();
        answer.succeeded().then_some(()).ok_or_else(|| "another client has written the key".into())
    }
}

struct Ours {
    store: EtcdStore,
    opened: Opened,
    number: i64,
    revision: Revision,
}

impl Ours {
    async fn open(etcd: &Etcd) -> Outcome<Self> {
        let mut store = EtcdStore::new(EtcdOptions::parse(&etcd.address())?);
        let scope = Scope { app: "bench".into(), process: "bench".into(), variables: vec!["v"] };
        let opened = store.open(scope).await?;
        Ok(Self { store, opened, number: 0, revision: Revision(0) })
    }

    async fn increment(&mut self) -> Outcome<()> {
        self.number += 1;
        let writes = vec![(0, Some(Value::Int(self.number)))];
        let transaction = Transaction { reads: vec![(0, self.revision)], writes };
        let Commit::Done(revision) = self.store.commit(transaction).await? else {
            return Err("a conflict without another writer".into());
        };
        self.revision = revision;
        // Updates from its own watch, which a driver would apply.
        while self.opened.updates.try_recv().is_ok() {}
        Ok(())
    }
}
