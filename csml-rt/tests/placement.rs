//! Names of processes, instances, states and events are checked, and so is the store of data that processes share.
#![cfg(feature = "distributed")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic outside of test functions too")]

use csml_rt::store::{MemoryStore, open_by_name};
use csml_rt::transport::memory::Broker;
use csml_rt::{BuildError, Builder, EndReason, EventScript, HandleError, TransportOptions, Value};

// `north` and `south` count together; `clerk` has a variable of its own.
csml_rt::csml! {
    {
        "name": "counters",
        "version": "2.0",
        "memoryMode": "distributed",
        "persistentData": [{ "name": "total", "value": "0" }],
        "stateMachines": [
            {
                "name": "counter",
                "states": [{
                    "name": "on",
                    "initial": true,
                    "on": [
                        {
                            "event": "count", "channel": "peripheral",
                            "actions": [
                                { "type": "assign", "variable": "total", "value": "total + 1" },
                                { "type": "raiseEvent", "event": { "name": "counted", "channel": "external" } }
                            ]
                        }
                    ]
                }]
            },
            {
                "name": "clerk",
                "persistentData": [{ "name": "seen", "value": "0" }],
                "states": [{
                    "name": "reading",
                    "initial": true,
                    "on": [{ "event": "counted", "actions": [{ "type": "assign", "variable": "seen", "value": "seen + 1" }] }]
                }]
            },
            { "name": "idle", "states": [{ "name": "idle", "initial": true, "on": [{ "event": "rest", "channel": "peripheral" }] }] }
        ]
    },
    config = "tests/placement.toml"
}

use counters::{App, Event, Machines, Services};

struct NoCalls;
impl Services for NoCalls {}

fn app() -> Builder<Machines> {
    App::builder(NoCalls)
}

fn connected() -> Builder<Machines> {
    app().transport(Broker::new().transport(), TransportOptions::default())
}

fn refused(builder: Builder<Machines>) -> String {
    builder.build().unwrap_err().to_string()
}

#[test]
fn an_unknown_process_does_not_run_every_instance() {
    assert_eq!(
        refused(app().process("towr")),
        "the project file has no process `towr`; did you mean `tower`?"
    );
    assert_eq!(
        refused(app().process("spar")),
        "the project file has no process `spar`; did you mean `spare`?"
    );
    let error = refused(app().process("elsewhere"));
    assert!(error.contains("has no process `elsewhere`: name one that it has, or say which"), "{error}");
    // An instance of no process runs alone, and a process of another name says what it runs.
    let runs = |builder: Builder<Machines>| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let summary = runtime.block_on(builder.virtual_time(true).run()).unwrap();
        summary.snapshot.instances.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(runs(app().process("tower")), ["clerk", "north"]);
    assert_eq!(runs(app().process("spare")), ["spare"]);
    assert_eq!(runs(app().process("elsewhere").run_only(["south"])), ["south"]);
}

#[test]
fn subscriptions_by_name_are_checked() {
    assert_eq!(
        refused(app().subscribe("clrk", ["north"])),
        "there is no instance `clrk`; did you mean `clerk`?"
    );
    assert_eq!(
        refused(app().subscribe("clerk", ["nroth"])),
        "there is no instance `nroth`; did you mean `north`?"
    );
    // Several lists for one instance add up.
    let app = app().subscribe("clerk", ["north"]).subscribe("clerk", ["south"]).virtual_time(true);
    let app = app.events(EventScript::default().at_to(0, "south", Event::Count)).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let summary = runtime.block_on(app.run()).unwrap();
    assert_eq!(summary.snapshot.persistent["clerk/seen"], Value::Int(1));
}

#[test]
fn processes_that_share_a_variable_need_a_store_that_they_share() {
    let stores: [fn(Builder<Machines>) -> Builder<Machines>; 2] =
        [|app| app, |app| app.store(open_by_name("memory").unwrap())];
    for store in stores {
        let error = store(connected().process("tower")).build().unwrap_err();
        let BuildError::DividedVariable { variable, here, there } = &error else {
            panic!("{error}");
        };
        let pair = |process: &str, instance: &str| (process.to_owned(), instance.to_owned());
        assert_eq!(variable, "total");
        assert_eq!((here, there), (&pair("tower", "north"), &pair("field", "south")));
        for part in ["`total`", "`north` in `tower`", "`south` in `field`", "etcd://", "--separate-data"] {
            assert!(error.to_string().contains(part), "{error}");
        }
        // The same without the project file's names, and in the other direction.
        assert!(refused(store(connected().run_only(["south"]))).contains("by `north` in `tower`"));
        // One that uses none of the shared variables, one that runs all, and one that is asked to.
        assert!(store(connected().run_only(["clerk", "spare"])).build().is_ok());
        assert!(store(connected()).build().is_ok());
        assert!(store(connected().process("tower").separate_data(true)).build().is_ok());
        // Without others there is no process to share with.
        assert!(store(app().process("tower")).build().is_ok());
    }
    assert!(connected().process("tower").store(MemoryStore::new()).build().is_ok());
}

#[test]
fn handles_name_what_they_do_not_know() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let app = connected().process("tower").store(MemoryStore::new()).build().unwrap();
        let handle = app.handle();
        let run = tokio::spawn(app.run());
        let unknown = |path: &str, near: &str| HandleError::UnknownInstance {
            path: path.to_owned(),
            suggestion: Some(near.to_owned()),
        };
        assert_eq!(handle.state("nort").await, Err(unknown("nort", "north")));
        // Instances of other processes have names, too, but only their process knows their states.
        assert_eq!(handle.state("suoth").await, Err(unknown("suoth", "south")));
        let elsewhere = HandleError::Elsewhere { path: "south".to_owned() };
        assert_eq!(handle.state("south").await, Err(elsewhere.clone()));
        assert_eq!(handle.wait_for("south", "on").await, Err(elsewhere));
        assert_eq!(handle.wait_for("nort", "on").await, Err(unknown("nort", "north")));
        assert!(matches!(handle.wait_for("north", "onn").await, Err(HandleError::UnknownState { .. })));
        handle.wait_for("north", "on").await.unwrap();
        assert_eq!(handle.state("north").await, Ok(Some("on")));
        handle.stop();
        assert_eq!(run.await.unwrap().unwrap().reason, EndReason::Stopped);
        assert_eq!(handle.state("north").await, Ok(Some("on")));
        assert_eq!(handle.state("nort").await, Err(unknown("nort", "north")));
    });
}

#[test]
fn events_of_machines_do_not_come_from_outside() {
    let app = app().build().unwrap();
    let handle = app.handle();
    let refused = HandleError::NotFromOutside { event: "counted" };
    assert_eq!(handle.send(Event::Counted), Err(refused.clone()));
    assert_eq!(handle.send_to("clerk", Event::Counted), Err(refused.clone()));
    assert_eq!(handle.send_named("counted", &Value::Null), Err(refused.clone()));
    assert!(
        refused.to_string().contains("the event `counted` does not come from outside: machines raise it")
    );
    let unknown = handle.send_named("cuont", &Value::Null).unwrap_err().to_string();
    assert_eq!(unknown, "there is no event `cuont`; did you mean `count`?");
    handle.send_named("count", &Value::Null).unwrap();
}

#[test]
fn nor_do_they_in_scripts() {
    let error = EventScript::<Machines>::parse("{\"event\":\"count\"}\n{\"event\":\"counted\"}").unwrap_err();
    assert_eq!(error.line, 2);
    assert!(error.message.contains("`counted` does not come from outside"), "{error}");
    let script = EventScript::<Machines>::default().at(0, Event::Count).at_to(5, "clerk", Event::Counted);
    let error = app().events(script).build().unwrap_err().to_string();
    assert!(error.starts_with("line 2: the event `counted` does not come from outside"), "{error}");
}
