//! Small applications end in several processes as in one under every schedule, and the checks notice when they do not.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use csml_rt::Machines;
use csml_rt::transport::memory::BrokerFaults;
use csml_tests_simulation::applications::{
    APPLICATIONS, Act, Application, DropsEvent, Expected, FaultyMachines, HandlerFault, Journal, Outcome,
    Plan, RepeatsEvent, SwapsEvents, Violation, check, machines, run_split, simulate, simulate_plan,
};
use csml_tests_simulation::seeds;

/// Seeds without `CSML_ALL` and with it; `cargo run --release -p csml-tests-simulation --example applications` takes more.
const SEEDS: u64 = 200;
const ALL_SEEDS: u64 = 2_000;

#[test]
fn nothing_is_lost_repeated_or_out_of_order() {
    let worker = || {
        let mut expected = Expected::default();
        move |seed| simulate(seed, &mut expected)
    };
    let seeds = seeds::count(SEEDS, ALL_SEEDS);
    let many = seeds::many(0..seeds, seeds::threads(), worker, |_| {});
    if let Some((seed, violation)) = many.failed.first() {
        panic!("seed {seed}: {violation}\n{:?}", Plan::new(*seed));
    }
    assert!(many.report.links.delivered > seeds);
}

#[test]
fn equal_seeds_give_equal_runs() {
    let mut expected = Expected::default();
    for seed in 0..30 {
        let plan = Plan::new(seed);
        let mut run = || {
            let journal = Journal::default();
            (simulate_plan(&plan, seed, &mut expected, Some(&journal)), journal.lines())
        };
        let (first, second) = (run(), run());
        assert!(first.0.is_ok() && !first.1.is_empty(), "seed {seed}");
        assert_eq!(first, second, "seed {seed}");
        // Observing changes nothing.
        assert_eq!(simulate(seed, &mut Expected::default()), first.0, "seed {seed}");
    }
}

/// The first seeds cover every option of a plan.
#[test]
fn plans_cover_all_options() {
    let plans: Vec<Plan> = (0..1_000).map(Plan::new).collect();
    let some = |what: &str, is: &dyn Fn(&Plan) -> bool| {
        let count = plans.iter().filter(|plan| is(plan)).count();
        assert!(count >= 20 && count <= plans.len() - 20, "{what}: {count}");
    };
    for application in &APPLICATIONS {
        some(application.name, &|plan| plan.application.name == application.name);
    }
    some("cut off", &|plan| plan.acts.iter().any(|(_, act)| matches!(act, Act::Cut(_))));
    some("restart", &|plan| plan.acts.iter().any(|(_, act)| *act == Act::Restart));
    some("calm", &|plan| plan.acts.iter().any(|(_, act)| *act == Act::Calm));
    some("handed in", &|plan| plan.handing.is_some());
    some("properties", &|plan| plan.properties);
    some("CBOR", &|plan| plan.cbor.contains(&true));
    some("both encodings", &|plan| plan.cbor.contains(&true) && plan.cbor.contains(&false));
    some("small links", &|plan| plan.link.capacity < 10);
    some("persistence", &|plan| plan.faults.persistence);
    some("connections that break", &|plan| plan.faults.disconnect > 0.0);
    some("reordering", &|plan| plan.faults.reordering > 0.0 && !plan.faults.max_delay.is_zero());
    some("conflicts", &|plan| plan.application.name == "sums" && plan.store.conflicts > 0);
}

/// Checks the oracle: the results of one process against the arithmetic of the descriptions.
#[test]
fn results_in_one_process_are_as_calculated() {
    let mut expected = Expected::default();
    for seed in 0..200 {
        let plan = Plan::new(seed);
        let more: i64 = plan.events.iter().map(|(_, more)| *more as i64).sum();
        let asked = plan.events.len() as i64;
        let end = expected.of(&plan).unwrap();
        let is = |path: &str, variable: &str, wanted: i64| {
            let value = end.instances.get(path).and_then(|instance| instance.data.get(variable));
            assert_eq!(value.map(csml_rt::Value::to_json), Some(wanted.to_string()), "{path} {variable}");
        };
        let ends = |path: &str, state: &str| {
            let instance = end.instances.get(path).unwrap();
            assert_eq!((instance.state, instance.status), (Some(state), csml_rt::Status::Ended), "{path}");
        };
        match plan.application.name {
            "choir" => {
                is("both", "heardLeft", 2 * more);
                is("both", "wrongLeft", 0);
                is("both", "heardRight", 2 * asked);
                is("words", "heard", more);
                is("chants", "wrong", 0);
            }
            "rally" => {
                is("asker", "heard", more);
                is("answerer", "heard", more);
                is("asker", "wrong", 0);
                ends("asker", "done");
                ends("answerer", "done");
            }
            "ring" => {
                is("first", "heard", more);
                is("third", "wrong", 0);
                ends("first", "done");
                ends("third", "done");
            }
            "sums" => {
                is("clerk", "heardOne", more);
                is("clerk", "heardTwo", more);
                is("clerk", "stale", 0);
                let v = end.persistent.iter().find(|(path, _)| path.ends_with('v')).unwrap().1;
                assert_eq!(v.to_json(), (2 * more).to_string());
            }
            "leaver" => {
                is("early", "heard", 2);
                is("late", "heard", 3 * more);
                is("late", "wrong", 0);
                ends("talker", "done");
                ends("early", "gone");
                ends("late", "done");
            }
            other => panic!("{other}"),
        }
    }
}

const fn faulty<S: HandlerFault>() -> Application {
    Application { split: run_split::<FaultyMachines<machines::choir::Machines, S>>, ..APPLICATIONS[0] }
}

/// The violations that a handler fault causes, over some seeds.
fn found(application: &'static Application) -> Vec<Violation> {
    assert_eq!(application.name, machines::choir::Machines::DESCRIPTION.name);
    let mut expected = Expected::default();
    let plans = (0..200).map(|seed| (seed, Plan::new(seed)));
    let sung = plans.filter(|(_, plan)| plan.application.name == application.name);
    let violations: Vec<_> = sung
        .map(|(seed, plan)| {
            let whole = expected.of(&plan).unwrap().clone();
            let outcome = (application.split)(&plan, seed, None)?;
            check(&plan, &outcome, &whole)
        })
        .filter_map(Result::err)
        .collect();
    assert!(!violations.is_empty());
    violations
}

#[test]
fn a_lost_event_is_noticed() {
    static LOSING: Application = faulty::<DropsEvent>();
    let found = found(&LOSING);
    assert!(found.iter().all(|it| matches!(it, Violation::Lost(_))), "{found:?}");
}

#[test]
fn a_repeated_event_is_noticed() {
    static REPEATING: Application = faulty::<RepeatsEvent>();
    let found = found(&REPEATING);
    assert!(found.iter().all(|it| matches!(it, Violation::Twice(_))), "{found:?}");
}

#[test]
fn reordered_events_are_noticed() {
    static SWAPPING: Application = faulty::<SwapsEvents>();
    // Events of two senders may be reordered; those of one sender may not.
    let found = found(&SWAPPING);
    assert!(found.iter().any(|it| matches!(it, Violation::Order(_))), "{found:?}");
}

#[test]
fn a_broker_that_delivers_nothing_is_noticed() {
    for seed in 0..3 {
        let mut plan = Plan::new(seed);
        if plan.handing.is_none() {
            continue;
        }
        plan.acts.retain(|(_, act)| *act != Act::Calm);
        plan.faults = BrokerFaults { loss: 1.0, ..plan.faults };
        let result = simulate_plan(&plan, seed, &mut Expected::default(), None);
        assert!(matches!(result, Err(Violation::NotQuiet(_))), "seed {seed}: {result:?}");
    }
}

#[test]
fn a_process_that_never_comes_back_is_noticed() {
    let mut plan = (0..).map(Plan::new).find(|plan| plan.handing == Some(0)).unwrap();
    plan.acts.push((0, Act::Cut(1)));
    plan.acts.sort_by_key(|(at, _)| *at);
    plan.acts.retain(|(_, act)| *act != Act::Reconnect(1));
    let result = simulate_plan(&plan, 0, &mut Expected::default(), None);
    assert!(matches!(result, Err(Violation::NotQuiet(_))), "{result:?}");
}

/// The verdict on a good outcome that `add` has changed.
fn verdict(add: impl Fn(&mut Outcome)) -> Violation {
    let plan = Plan::new(0);
    let mut outcome = (plan.application.split)(&plan, 0, None).unwrap();
    let mut expected = Expected::default();
    let end = expected.of(&plan).unwrap();
    check(&plan, &outcome, end).unwrap();
    add(&mut outcome);
    check(&plan, &outcome, end).unwrap_err()
}

#[test]
fn conditions_on_reports_are_checked() {
    assert_eq!(verdict(|outcome| outcome.networks[0].link.gaps = 1), Violation::Gaps(1));
    assert_eq!(verdict(|outcome| outcome.dead_letters = 1), Violation::DeadLetters(1));
    let rejected = verdict(|outcome| {
        outcome.networks[0].rejected.insert("misfit", 1);
    });
    assert!(matches!(rejected, Violation::Rejected(_)), "{rejected:?}");
    let backlog = verdict(|outcome| outcome.networks[0].backlog.push(("a".into(), "b".into(), 1)));
    assert!(matches!(backlog, Violation::Backlog(_)), "{backlog:?}");
    let different = verdict(|outcome| {
        outcome.end.persistent.insert("w", csml_rt::Value::Int(1));
    });
    assert!(matches!(different, Violation::Different(_)), "{different:?}");
}
