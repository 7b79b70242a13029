//! Setting up an application.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::sync::{Arc, OnceLock};

use csml_rt_core::Machines;
use tokio::sync::mpsc;

use super::attempts::Attempts;
use super::home::Home;
use super::input::Input;
use super::placement::{self, Subscribed, SubscriptionFilter, placement, process_name, top_machine};
use super::remote_state::RemoteState;
use super::store_state::StoreState;
use super::summary::{BuildError, RunError, Summary};
use super::watch::Watch;
use super::{App, Handle, Limits};
use crate::event_script::EventScript;
use crate::node::{ErrorPolicy, Node};
use crate::observation::Observation;
use crate::service::ServiceDispatch;
use crate::service_stubs::ServiceStubs;
use crate::store::Store;
use crate::trace::{Trace, TraceFormat};

/// Options of an application. Generated code makes one with `App::builder(services)`.
#[must_use = "an application does nothing until it runs"]
pub struct Builder<A: Machines> {
    services: Arc<dyn ServiceDispatch<A>>,
    instances: Vec<(String, String)>,
    run_only: Option<Vec<String>>,
    policy: ErrorPolicy,
    micro_step_limit: Option<u32>,
    max_queue: Option<usize>,
    seed: Option<u64>,
    subscriptions: Option<Arc<SubscriptionFilter>>,
    listed_subscriptions: Vec<Subscribed>,
    separate_data: Option<bool>,
    watch: Watch<A>,
    service_stubs: ServiceStubs,
    events: EventScript<A>,
    input: Input<A>,
    limits: Limits,
    process: Option<String>,
    store: Option<Box<dyn Store>>,
    remote: Option<super::remote::Setup>,
}

impl<A: Machines> fmt::Debug for Builder<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("application", &A::DESCRIPTION.name)
            .field("instances", &self.instances)
            .field("run_only", &self.run_only)
            .field("seed", &self.seed)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl<A: Machines> Builder<A> {
    /// An application with the given implementation of its services: one instance of every top-level
    /// machine, named after it, in real time.
    pub fn new(services: Arc<dyn ServiceDispatch<A>>) -> Self {
        Self {
            services,
            instances: Vec::new(),
            run_only: None,
            policy: ErrorPolicy::default(),
            micro_step_limit: None,
            max_queue: None,
            seed: None,
            subscriptions: None,
            listed_subscriptions: Vec::new(),
            separate_data: None,
            watch: Watch::new(),
            service_stubs: ServiceStubs::default(),
            events: EventScript::default(),
            input: Input::none(),
            limits: Limits::default(),
            process: None,
            store: None,
            remote: None,
        }
    }
}

/// # Instances and their placement
impl<A: Machines> Builder<A> {
    /// Adds an instance of a top-level machine. With the first one, those of the project file, and those that
    /// are named after their machines, are no longer added by themselves.
    pub fn instance(mut self, name: impl Into<String>, machine: impl Into<String>) -> Self {
        self.instances.push((name.into(), machine.into()));
        self
    }

    /// Runs only these instances in this process. May be called several times.
    pub fn run_only<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        let run_only = self.run_only.get_or_insert_default();
        run_only.extend(names.into_iter().map(Into::into));
        self
    }

    /// Names this process among those of the application, the same after every restart: in the store, and for
    /// other processes. By default the names of its instances, joined with `+`. A name of the project file
    /// also says which instances it runs, unless [`run_only`](Self::run_only) does; where it lists processes, a name
    /// that is not among them is an error without [`run_only`](Self::run_only).
    pub fn process(mut self, name: impl Into<String>) -> Self {
        self.process = Some(name.into());
        self
    }

    /// Restricts which instances receive external events: `filter(receiver, raiser)`, names of top-level instances.
    /// Without it the project file decides; without one every instance receives those of every instance
    /// (docs/semantics.md#4-channels).
    pub fn subscriptions(mut self, filter: impl Fn(&str, &str) -> bool + Send + Sync + 'static) -> Self {
        self.subscriptions = Some(Arc::new(filter));
        self
    }

    /// Restricts whose external events an instance receives, by name. May be called for several instances, and takes the
    /// place of what the project file says about all of them. An unknown name is an error, unlike in
    /// [`subscriptions`](Self::subscriptions), which takes precedence.
    pub fn subscribe<N: Into<String>>(
        mut self,
        receiver: impl Into<String>,
        sources: impl IntoIterator<Item = N>,
    ) -> Self {
        self.listed_subscriptions.push((receiver.into(), sources.into_iter().map(Into::into).collect()));
        self
    }

    /// Reaches the instances that run in other processes, which are those that [`run_only`](Self::run_only) leaves out
    /// (docs/semantics.md#9-memory-modes). Needs the real clock.
    #[cfg(feature = "distributed")]
    pub fn transport(
        mut self,
        transport: impl crate::transport::Transport,
        options: super::TransportOptions,
    ) -> Self {
        self.remote = Some(super::remote::Setup::new(Box::new(transport), options));
        self
    }
}

/// # Clock, limits and errors
impl<A: Machines> Builder<A> {
    /// Simulates the clock: it starts at 0 and jumps to the next time at which something is due. Such a run ends when
    /// nothing is left to do.
    pub fn virtual_time(mut self, on: bool) -> Self {
        self.limits.virtual_time = on;
        self
    }

    /// Seeds the random functions. By default 0 in virtual time, a different one each time in real time.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Whether the run ends when no event, timer or invocation is pending; by default only in virtual time.
    /// Otherwise it waits for events from handles.
    pub fn until_idle(mut self, on: bool) -> Self {
        self.limits.until_idle = Some(on);
        self
    }

    /// Ends the run at a time in milliseconds since the start. What is due at that time still happens. In real time the
    /// run ends then whatever waits (docs/runtime.md#the-end-at-a-set-time).
    pub fn until(mut self, ms: u64) -> Self {
        self.limits.until = Some(ms);
        self
    }

    /// Ends the run with an error after so many steps. By default there is no limit in real time, and in virtual time one
    /// of 10,000,000 steps between two moves of the clock.
    pub fn max_steps(mut self, steps: u64) -> Self {
        self.limits.max_steps = Some(steps);
        self
    }

    /// Raised events that may wait in the event queue before the run ends with an error; by default 4,000,000
    /// ([`DEFAULT_QUEUE_LIMIT`](crate::node::DEFAULT_QUEUE_LIMIT)).
    pub fn max_queue(mut self, events: usize) -> Self {
        self.max_queue = Some(events);
        self
    }

    /// Micro-steps after which a step counts as livelocked (docs/semantics.md#3-execution); by default 1,000.
    pub fn micro_step_limit(mut self, limit: u32) -> Self {
        self.micro_step_limit = Some(limit);
        self
    }

    /// What to do when a step fails (docs/semantics.md#8-errors-in-a-step); by default the instance continues.
    pub fn error_policy(mut self, policy: ErrorPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Whether Ctrl-C, and the termination signal on Unix, stop the application. A second signal ends the
    /// process at once with status 130.
    #[cfg(feature = "ctrl-c")]
    pub fn ctrl_c(mut self, on: bool) -> Self {
        self.limits.ctrl_c = on;
        self
    }
}

/// # Events, services and data
impl<A: Machines> Builder<A> {
    /// Events that come from outside at fixed times.
    pub fn events(mut self, events: EventScript<A>) -> Self {
        self.events = events;
        self
    }

    /// Events from outside that a reader sends while the application runs. The run does not end for lack of events before
    /// the reader is dropped.
    #[cfg(feature = "runner")]
    pub(crate) fn event_input(mut self) -> (super::InputSender<A>, Self) {
        let (sender, input) = Input::channel();
        self.input = input;
        (sender, self)
    }

    /// Canned answers for services that have no implementation.
    #[cfg(feature = "json")]
    pub fn service_stubs(mut self, stubs: ServiceStubs) -> Self {
        self.service_stubs = stubs;
        self
    }

    /// Keeps persistent data in a store (docs/semantics.md#5-data): a step that changes any is complete when the store
    /// has committed it. By default they are kept in memory and end with the run.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Some(Box::new(store));
        self
    }

    /// Whether each process may keep values of its own of the persistent variables that others use, too. Otherwise, and
    /// unless the project file says so, such a process does not start without a store that processes share.
    pub fn separate_data(mut self, on: bool) -> Self {
        self.separate_data = Some(on);
        self
    }
}

/// # Observation
impl<A: Machines> Builder<A> {
    /// Writes a trace.
    pub fn trace(mut self, format: TraceFormat, sink: impl Write + Send + 'static) -> Self {
        self.watch.trace = Some(Trace::new(format, Box::new(sink)));
        self
    }

    /// Calls `observer` for everything that happens, within the step.
    pub fn observer(mut self, observer: impl FnMut(&Observation<A::Event>) + Send + 'static) -> Self {
        self.watch.observers.push(Box::new(observer));
        self
    }

    /// Calls `observer` for dead letters and failed invocations. Unlike [`observer`](Self::observer) it
    /// costs nothing as long as nothing fails.
    pub fn on_failure(mut self, observer: impl FnMut(&Observation<A::Event>) + Send + 'static) -> Self {
        self.watch.on_failure.push(Box::new(observer));
        self
    }
}

impl<A: Machines> Builder<A> {
    /// Checks the options and evaluates the initial values of the root's data; with a store they are evaluated
    /// when it is opened, and only where it has no value.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub fn build(mut self) -> Result<App<A>, BuildError> {
        let seed = self.seed.unwrap_or_else(|| match self.limits.virtual_time {
            true => 0,
            false => RandomState::new().hash_one(0),
        });
        if let Some(unknown) = self.service_stubs.unknown::<A>() {
            return Err(BuildError::ServiceStubs(unknown));
        }
        self.service_stubs.seed(seed);
        let mut node = match self.store {
            None => Node::new(seed, &[]).map_err(BuildError::InitialValue)?,
            // The store decides which initial values are needed; others might fail here.
            Some(_) => Node::with_shared(seed, A::Shared::default()),
        };
        if let (None, Some(name)) = (&self.run_only, &self.process) {
            self.run_only = placement::instances_of::<A>(name)?;
        }
        let configured = !self.instances.is_empty();
        let (instances, remote) = placement::<A>(self.instances, self.run_only)?;
        if !self.listed_subscriptions.is_empty() {
            let all: Vec<_> = instances.iter().chain(&remote).cloned().collect();
            let listed = placement::listed_subscriptions(self.listed_subscriptions, &all)?;
            self.subscriptions.get_or_insert(listed);
        } else if self.subscriptions.is_none() && !configured {
            // The subscriptions of the project file are about its own instances.
            self.subscriptions = placement::own_subscriptions::<A>();
        }
        if self.remote.is_some() && self.limits.virtual_time {
            return Err(BuildError::VirtualTransport);
        }
        let process = self.process.unwrap_or_else(|| process_name(&instances));
        #[cfg(feature = "distributed")]
        if let Some(setup) = &self.remote {
            let names = instances.iter().chain(&remote).map(|(name, _)| name.as_str());
            setup.check::<A>(names.chain([process.as_str()]))?;
        }
        let separate = self.separate_data.unwrap_or(A::DESCRIPTION.separate_data);
        let shared = self.store.as_ref().is_some_and(|store| store.is_shared());
        if self.remote.is_some()
            && !separate
            && !shared
            && let Some(error) = placement::divided_variable::<A>(&process, &instances, &remote)
        {
            return Err(error);
        }
        node.reserve(instances.len());
        for (name, machine) in instances {
            let top = top_machine::<A>(&machine)?;
            if node.spawn(&name, top).is_none() {
                return Err(BuildError::DuplicateInstance { name });
            }
        }
        for (name, machine) in remote.iter().filter(|_| self.remote.is_some()) {
            let top = top_machine::<A>(machine)?;
            if node.spawn_remote(name, top).is_none() {
                return Err(BuildError::DuplicateInstance { name: name.clone() });
            }
        }
        if let Some(name) = node.directory().ambiguous() {
            return Err(BuildError::AmbiguousInstance { name: name.to_owned() });
        }
        node.set_policy(self.policy);
        if let Some(limit) = self.max_queue {
            node.set_queue_limit(limit);
        }
        if let Some(limit) = self.micro_step_limit {
            node.set_micro_step_limit(limit);
        }
        let directory = Arc::clone(node.directory());
        let remote =
            self.remote.map(|setup| setup.routes(A::DESCRIPTION.name, &process, self.subscriptions.clone()));
        if let Some(filter) = self.subscriptions {
            let names = Arc::clone(&directory);
            node.set_subscriptions(move |receiver, raiser| filter(names.name(receiver), names.name(raiser)));
        }
        let script = self.events.resolve(&directory).map_err(BuildError::EventScript)?;
        let home = OnceLock::new();
        if self.limits.virtual_time
            && let Some(here) = Home::here()
        {
            // Set once, here.
            let _ = home.set(here);
        }
        let (attempts, finished) = Attempts::new(self.services, self.service_stubs, self.limits.virtual_time);
        let (commands, received) = mpsc::unbounded_channel();
        Ok(App {
            node,
            watch: self.watch,
            attempts,
            finished,
            script: script.into(),
            input: self.input,
            limits: self.limits,
            handle: Handle { commands, directory, end: Arc::new(OnceLock::new()), home: Arc::new(home) },
            commands: received,
            process,
            seed,
            store: self.store.map_or(StoreState::None, StoreState::Configured),
            remote: remote
                .map_or(RemoteState::None, |(setup, routes)| RemoteState::Configured(setup, routes)),
        })
    }

    /// Builds the application and runs it.
    ///
    /// # Errors
    /// See [`RunError`].
    pub async fn run(self) -> Result<Summary, RunError> {
        self.build()?.run().await
    }
}
