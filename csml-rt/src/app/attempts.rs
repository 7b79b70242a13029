//! Attempts to call services: tasks, time limits, retries, service stubs
//! (docs/semantics.md#6-timers-and-invocations).
//!
//! Everything that happens later to a call (its answer, the end of its time, its next attempt) is planned
//! under a time and a number, on the application's own clock, so that it happens in the same order again.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use csml_rt_core::{InvokeInfo, Machines};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use crate::node::{Address, CallId, Node, Requested, View, service_name};
use crate::service::{BoxFuture, ServiceDispatch, ServiceError, ServiceErrorKind, ServiceRequest};
use crate::service_stubs::ServiceStubs;

use super::watch::Watch;

type ServiceAnswer<A> = Result<<A as Machines>::Reply, ServiceError>;

/// When something is planned, and its place among what is planned for the same time.
type Key = (u64, u64);

/// An attempt's answer, from its task.
pub(super) struct Finished<A: Machines> {
    id: CallId,
    attempt: u32,
    answer: ServiceAnswer<A>,
}

enum PlannedWork<A: Machines> {
    Answer(CallId, ServiceAnswer<A>),
    TimeOver(CallId),
    NextAttempt(CallId),
}

struct Active<A: Machines> {
    at: Address,
    info: &'static InvokeInfo,
    /// For further attempts.
    call: Option<A::Call>,
    attempt: u32,
    /// Place among the calls, by the start of the attempt.
    number: u64,
    task: Option<AbortHandle>,
    /// What is planned for it.
    plans: [Option<Key>; 2],
}

/// The calls that are on their way.
pub(super) struct Attempts<A: Machines> {
    services: Arc<dyn ServiceDispatch<A>>,
    stubs: ServiceStubs,
    virtual_time: bool,
    active: BTreeMap<CallId, Active<A>>,
    planned: BTreeMap<Key, PlannedWork<A>>,
    /// Attempts whose tasks have not answered.
    running: BTreeSet<(CallId, u32)>,
    next_number: u64,
    finished: mpsc::UnboundedSender<Finished<A>>,
}

impl<A: Machines> Attempts<A> {
    pub(super) fn new(
        services: Arc<dyn ServiceDispatch<A>>,
        stubs: ServiceStubs,
        virtual_time: bool,
    ) -> (Self, mpsc::UnboundedReceiver<Finished<A>>) {
        let (finished, receiver) = mpsc::unbounded_channel();
        let attempts = Self {
            services,
            stubs,
            virtual_time,
            active: BTreeMap::new(),
            planned: BTreeMap::new(),
            running: BTreeSet::new(),
            next_number: 0,
            finished,
        };
        (attempts, receiver)
    }

    /// Whether a task works on an answer.
    pub(super) fn are_running(&self) -> bool {
        !self.running.is_empty()
    }

    /// When the next planned thing is due.
    pub(super) fn next_due(&self) -> Option<u64> {
        self.planned.first_key_value().map(|((time, _), _)| *time)
    }

    /// Hands a request to its service.
    pub(super) fn begin(&mut self, request: Requested<A>, node: &mut Node<A>) {
        let id = request.id;
        let active = Active {
            at: request.at,
            info: request.info,
            call: Some(request.call),
            attempt: 0,
            number: 0,
            task: None,
            plans: [None, None],
        };
        self.active.insert(id, active);
        self.attempt(id, node);
    }

    fn attempt(&mut self, id: CallId, node: &mut Node<A>) {
        let number = self.next_number;
        self.next_number += 1;
        let Some(active) = self.active.get_mut(&id) else {
            return;
        };
        active.attempt += 1;
        active.number = number;
        let (attempt, info) = (active.attempt, active.info);
        let service = service_name(A::DESCRIPTION, info.service);
        let has_stub = self.stubs.has(service);
        // The last attempt may take the call itself, unless a stub needs its input.
        let call = if attempt <= info.retries || has_stub { active.call.clone() } else { active.call.take() };
        let Some(call) = call else { return };
        let request = ServiceRequest {
            call,
            service,
            local: info.local,
            implementation: info.implementation,
            properties: info.properties,
            instance: node.directory().path(active.at).to_string(),
            attempt,
            #[cfg(feature = "distributed")]
            traceparent: node.context_of(id).into_inner(),
        };
        let services = Arc::clone(&self.services);
        let mut future = Guarded::<A>(Box::pin(async move { services.call(request).await }));
        let mut answer = None;
        if self.virtual_time {
            // An answer that is there at once needs no task. Others are waited for.
            let mut context = Context::from_waker(Waker::noop());
            if let Poll::Ready(ready) = Pin::new(&mut future).poll(&mut context) {
                answer = Some(ready);
            }
        }
        match answer {
            Some(answer) => self.answered(id, attempt, answer, node),
            None => self.spawn(id, attempt, future),
        }
        if let Some(limit) = info.timeout_ms {
            let key = (node.now().saturating_add(limit), number * 2 + 1);
            self.plan(id, key, PlannedWork::TimeOver(id));
        }
    }

    fn spawn(&mut self, id: CallId, attempt: u32, future: Guarded<A>) {
        let finished = self.finished.clone();
        let task = tokio::spawn(async move {
            let answer = future.await;
            // Without a receiver the application has ended.
            let _ = finished.send(Finished { id, attempt, answer });
        });
        self.running.insert((id, attempt));
        if let Some(active) = self.active.get_mut(&id) {
            active.task = Some(task.abort_handle());
        }
    }

    fn plan(&mut self, id: CallId, key: Key, planned: PlannedWork<A>) {
        let Some(active) = self.active.get_mut(&id) else {
            return;
        };
        if let Some(free) = active.plans.iter_mut().find(|plan| plan.is_none()) {
            *free = Some(key);
            self.planned.insert(key, planned);
        }
    }

    /// An attempt's task has answered. In virtual time answers wait for each other: see [`Self::settle`].
    pub(super) fn finish(&mut self, finished: Finished<A>, node: &mut Node<A>) {
        let Finished { id, attempt, answer } = finished;
        if self.running.remove(&(id, attempt)) {
            self.answered(id, attempt, answer, node);
        }
    }

    /// Plans an answer, or that of the stub.
    fn answered(&mut self, id: CallId, attempt: u32, answer: ServiceAnswer<A>, node: &Node<A>) {
        let Some(active) = self.active.get(&id).filter(|a| a.attempt == attempt) else {
            return;
        };
        let service = active.info.service;
        let name = service_name(A::DESCRIPTION, service);
        let (mut delay_ms, mut answer, number) = (0, answer, active.number);
        if let Err(error) = &answer
            && error.kind() == ServiceErrorKind::NotImplemented
            && let Some(call) = &active.call
            && let Some(stub) = self.stubs.answer::<A>(service, name, &A::call_input(call))
        {
            // An instance that has ended does not wait for the answer.
            delay_ms = if node.awaits(id) { stub.delay_ms } else { 0 };
            answer = stub.result;
        }
        let key = (node.now().saturating_add(delay_ms), number * 2);
        self.plan(id, key, PlannedWork::Answer(id, answer));
    }

    /// Carries out what is planned up to the node's clock: completions join the queue. Returns whether
    /// there was anything.
    pub(super) fn settle(&mut self, node: &mut Node<A>, watch: &mut Watch<A>) -> bool {
        let mut any = false;
        while let Some(entry) = self.planned.first_entry() {
            if entry.key().0 > node.now() {
                break;
            }
            any = true;
            match entry.remove() {
                PlannedWork::Answer(id, Ok(reply)) => {
                    self.remove(id);
                    node.complete(id, reply);
                }
                PlannedWork::Answer(id, Err(error)) => self.failed(id, error, node, watch),
                PlannedWork::TimeOver(id) => {
                    let limit = self.active.get(&id).and_then(|a| a.info.timeout_ms);
                    let message = format!("no answer within {} ms", limit.unwrap_or_default());
                    let error = ServiceError::of_kind(ServiceErrorKind::TimedOut, message);
                    self.failed(id, error, node, watch);
                }
                PlannedWork::NextAttempt(id) => {
                    self.stop_attempt(id);
                    self.attempt(id, node);
                }
            }
        }
        any
    }

    fn failed(&mut self, id: CallId, error: ServiceError, node: &mut Node<A>, watch: &mut Watch<A>) {
        self.stop_attempt(id);
        let Some(active) = self.active.get(&id) else {
            return;
        };
        let (attempt, info, at) = (active.attempt, active.info, active.at);
        // Trying again does not make an implementation appear.
        let hopeless = error.kind() == ServiceErrorKind::NotImplemented;
        if attempt <= info.retries && !hopeless {
            let key = (node.now().saturating_add(info.backoff_ms), self.next_number * 2);
            self.next_number += 1;
            self.plan(id, key, PlannedWork::NextAttempt(id));
            return;
        }
        self.active.remove(&id);
        let context = node.context_of(id);
        let view = View { directory: node.directory(), now: node.now(), at, context: &context };
        let service = service_name(A::DESCRIPTION, info.service);
        watch.invocation_failed(view, service, &error, attempt);
        node.fail(id, error.message().to_owned(), error.status());
    }

    /// Ends the current attempt of a call: its task and what is planned for it.
    fn stop_attempt(&mut self, id: CallId) {
        let Some(active) = self.active.get_mut(&id) else {
            return;
        };
        if let Some(task) = active.task.take() {
            task.abort();
            self.running.remove(&(id, active.attempt));
        }
        for key in active.plans.iter_mut().filter_map(Option::take) {
            self.planned.remove(&key);
        }
    }

    fn remove(&mut self, id: CallId) {
        self.stop_attempt(id);
        self.active.remove(&id);
    }

    /// Cancels a call whose answer is no longer needed.
    pub(super) fn cancel(&mut self, id: CallId) {
        self.remove(id);
    }

    /// Cancels everything.
    pub(super) fn cancel_all(&mut self) {
        while let Some((id, _)) = self.active.first_key_value() {
            let id = *id;
            self.remove(id);
        }
    }
}

/// A call that turns a panic into a failure, so that one service cannot bring the application down.
struct Guarded<A: Machines>(BoxFuture<ServiceAnswer<A>>);

impl<A: Machines> Future for Guarded<A> {
    type Output = ServiceAnswer<A>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // A future that has panicked is dropped without being polled again.
        let polled = catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context)));
        polled.unwrap_or_else(|payload| {
            let message = format!("the implementation panicked: {}", panic_message(&*payload));
            let error = ServiceError::of_kind(ServiceErrorKind::Panicked, message);
            Poll::Ready(Err(error))
        })
    }
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
