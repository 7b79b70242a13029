//! Persistent data in a store: opening it, committing steps, keeping the replica up to date.

use std::sync::OnceLock;
use std::task::{Context, Poll};

use csml_rt_core::{InitError, Machines, Value};
use tokio::sync::mpsc;

use crate::BoxFuture;
use crate::node::{Node, Observer};
use crate::store::{Commit, Opened, Revision, Scope, Store, StoreError, Stored, Transaction, Update};

/// Variables whose initial values are written at once; stores limit the size of a transaction.
const INITIAL: usize = 50;
/// Pause before an operation that failed is tried again, in milliseconds; doubled up to the longest.
const SHORTEST_PAUSE: u64 = 100;
const LONGEST_PAUSE: u64 = 5_000;

/// How long a step waits for a newer replica before a warning, in milliseconds.
const WARN_AFTER: u64 = 5_000;

type Committing = BoxFuture<Result<Commit, StoreError>>;

/// A store at work for a node.
pub(super) struct Persist {
    store: Box<dyn Store>,
    updates: mpsc::Receiver<Update>,
    /// By variable: when it last changed, as far as the node's replica knows.
    changed: Vec<Revision>,
    /// What the replica shows.
    upto: Revision,
    /// What the replica has to show before a step may only read.
    required: Revision,
    /// The last change that the replica shows.
    seen: Revision,
    /// Since when a step has waited for a newer replica, and whether a warning was logged.
    waiting: Option<(u64, bool)>,
    /// No step is taken before the replica shows this.
    conflict: Option<Revision>,
    committing: Option<Committing>,
    /// When to try again what failed, and the pause before that.
    retry: Option<(u64, u64)>,
    /// The feed of changes has ended; the next commit says why.
    broken: bool,
}

/// What comes from a store.
pub(super) enum StoreNews {
    Committed(Result<Commit, StoreError>),
    Update(Update),
    /// The feed of changes has ended.
    FeedEnded,
}

impl Persist {
    /// Opens a store and gives every variable that it lacks its initial value; the first process wins. As long as the
    /// store is unavailable this goes on; `failure` is the first reason.
    pub(super) async fn open<A: Machines>(
        mut store: Box<dyn Store>,
        process: &str,
        seed: u64,
        failure: &OnceLock<String>,
    ) -> Result<(Self, A::Shared), OpenError> {
        let scope = Scope {
            app: A::DESCRIPTION.name.to_owned(),
            process: process.to_owned(),
            variables: A::DESCRIPTION.persistent.iter().map(|info| info.path).collect(),
        };
        let mut pause = SHORTEST_PAUSE;
        let opened = loop {
            match store.open(scope.clone()).await {
                Ok(opened) => break opened,
                Err(StoreError::Unavailable(reason)) => {
                    wait_after(&reason, &mut pause, failure).await;
                }
                Err(error) => return Err(OpenError::Store(error)),
            }
        };
        let Opened { upto, variables, updates } = opened;
        let count = scope.variables.len();
        let mut persist = Self {
            store,
            updates,
            changed: vec![Revision(0); count],
            upto,
            required: Revision(0),
            seen: Revision(0),
            waiting: None,
            conflict: None,
            committing: None,
            retry: None,
            broken: false,
        };
        let mut stored: Vec<Option<Value>> = vec![None; count];
        for variable in variables {
            persist.note(variable, &mut stored);
        }
        let shared = persist.write_initial::<A>(&mut stored, seed, failure).await?;
        Ok((persist, shared))
    }

    fn note(&mut self, variable: Stored, stored: &mut [Option<Value>]) {
        let index = usize::from(variable.variable);
        if let (Some(value), Some(changed)) = (stored.get_mut(index), self.changed.get_mut(index)) {
            *value = variable.value;
            *changed = variable.changed;
            self.seen = self.seen.max(variable.changed);
        }
    }

    async fn write_initial<A: Machines>(
        &mut self,
        stored: &mut [Option<Value>],
        seed: u64,
        failure: &OnceLock<String>,
    ) -> Result<A::Shared, OpenError> {
        let mut pause = SHORTEST_PAUSE;
        loop {
            let shared = A::shared(seed, stored).map_err(OpenError::Initial)?;
            let missing: Vec<(u16, Value)> = (0..)
                .zip(stored.iter())
                .filter(|(_, value)| value.is_none())
                .filter_map(|(variable, _)| Some((variable, A::persistent_value(&shared, variable)?)))
                .take(INITIAL)
                .collect();
            if missing.is_empty() {
                return Ok(shared);
            }
            let transaction = Transaction {
                reads: missing.iter().map(|(variable, _)| (*variable, Revision(0))).collect(),
                writes: missing.iter().map(|(variable, value)| (*variable, Some(value.clone()))).collect(),
            };
            match self.store.commit(transaction).await {
                Ok(Commit::Done(changed)) => {
                    for (variable, value) in missing {
                        self.note(Stored { variable, value: Some(value), changed }, stored);
                    }
                    self.committed(changed);
                }
                Ok(Commit::Conflict(at)) => {
                    while self.upto < at {
                        let Some(update) = self.updates.recv().await else {
                            let reason = "the store reports no changes any more".to_owned();
                            return Err(OpenError::Store(StoreError::Unusable(reason)));
                        };
                        self.upto = self.upto.max(update.upto);
                        for change in update.changes {
                            self.note(change, stored);
                        }
                    }
                }
                Err(StoreError::Unavailable(reason)) => {
                    wait_after(&reason, &mut pause, failure).await;
                }
                Err(error) => return Err(OpenError::Store(error)),
            }
        }
    }

    /// An own commit stands.
    fn committed(&mut self, at: Revision) {
        self.required = self.required.max(at);
        self.seen = self.seen.max(at);
        // Nobody has committed anything between what the replica shows and this.
        if at.0 == self.upto.0 + 1 {
            self.upto = self.upto.max(at);
        }
    }

    /// The last change that this process has seen or made; a process that receives its events must have seen that,
    /// too. Nothing if no other process shares the store.
    #[cfg_attr(not(feature = "distributed"), expect(dead_code, reason = "for other processes"))]
    pub(super) fn seen(&self) -> Revision {
        if self.store.is_shared() { self.seen } else { Revision(0) }
    }

    /// Events have come from a process that had seen this revision, if in the same store.
    #[cfg_attr(not(feature = "distributed"), expect(dead_code, reason = "for other processes"))]
    pub(super) fn require(&mut self, revision: Revision) {
        if self.store.is_shared() {
            self.required = self.required.max(revision);
        }
    }

    /// Whether no step may be taken at present.
    pub(super) fn is_blocked<A: Machines>(&self, node: &Node<A>) -> bool {
        self.is_committing() || node.pending().is_some() || self.in_conflict() || self.is_behind(node)
    }

    /// A commit was rejected because of a change that the replica does not show yet.
    fn in_conflict(&self) -> bool {
        self.conflict.is_some_and(|at| at > self.upto)
    }

    /// A step waits for a newer replica.
    fn is_behind<A: Machines>(&self, node: &Node<A>) -> bool {
        self.upto < self.required && node.wants_fresh()
    }

    /// Before steps: begins the commit of a step that waits for it, and tells the node how new its replica is.
    pub(super) fn prepare<A: Machines>(&mut self, node: &mut Node<A>, now: u64) {
        if self.is_committing() {
            return;
        }
        if let Some(pending) = node.pending() {
            if self.retry.is_none_or(|(at, _)| at <= now) {
                let changed = |variable: &u16| {
                    let changed = self.changed.get(usize::from(*variable));
                    (*variable, changed.copied().unwrap_or_default())
                };
                let transaction = Transaction {
                    reads: pending.reads.iter().map(changed).collect(),
                    writes: pending.writes.to_vec(),
                };
                self.committing = Some(self.store.commit(transaction));
            }
            return;
        }
        if self.in_conflict() {
            return;
        }
        self.conflict = None;
        node.set_fresh(self.upto >= self.required);
        self.warn_if_behind(self.is_behind(node), now);
    }

    /// A replica that stays behind is a mistake in the setup that somebody has to find.
    fn warn_if_behind(&mut self, behind: bool, now: u64) {
        if !behind {
            self.waiting = None;
            return;
        }
        let (since, warned) = self.waiting.get_or_insert((now, false));
        if !*warned && now.saturating_sub(*since) >= WARN_AFTER {
            *warned = true;
            tracing::warn!(
                target: "csml::store",
                at = self.upto.0,
                required = self.required.0,
                "steps wait for changes that another process has seen; do all processes use the same store?",
            );
        }
    }

    /// Whether a commit is under way.
    pub(super) fn is_committing(&self) -> bool {
        self.committing.is_some()
    }

    /// When to look again, if nothing comes before.
    pub(super) fn deadline(&self) -> Option<u64> {
        let warning = self.waiting.filter(|(_, warned)| !warned).map(|(since, _)| since + WARN_AFTER);
        let retry = self.retry.filter(|_| self.committing.is_none()).map(|(at, _)| at);
        [warning, retry].into_iter().flatten().min()
    }

    /// What comes next. Changes of others wait as long as a commit is under way.
    pub(super) fn poll(&mut self, held: bool, context: &mut Context<'_>) -> Poll<StoreNews> {
        if let Some(committing) = &mut self.committing {
            let result = std::task::ready!(committing.as_mut().poll(context));
            self.committing = None;
            return Poll::Ready(StoreNews::Committed(result));
        }
        if held || self.broken {
            return Poll::Pending;
        }
        match std::task::ready!(self.updates.poll_recv(context)) {
            Some(update) => Poll::Ready(StoreNews::Update(update)),
            None => {
                self.broken = true;
                Poll::Ready(StoreNews::FeedEnded)
            }
        }
    }

    /// The store reports no changes any more: an empty commit asks it why.
    pub(super) fn ask_why(&mut self) {
        if self.committing.is_none() {
            self.committing = Some(self.store.commit(Transaction::default()));
        }
    }

    /// Carries on with a step whose commit has ended.
    pub(super) fn conclude<A: Machines, O: Observer<A>>(
        &mut self,
        result: Result<Commit, StoreError>,
        node: &mut Node<A>,
        observer: &mut O,
        now: u64,
    ) -> Result<(), StoreError> {
        if self.broken && node.pending().is_none() {
            let unknown =
                || StoreError::Unusable("it reports no changes any more; start the process again".into());
            return Err(result.err().unwrap_or_else(unknown));
        }
        match result {
            Ok(Commit::Done(at)) => {
                self.retry = None;
                for (variable, value) in node.pending().map(|pending| pending.writes).unwrap_or_default() {
                    if let Some(changed) = self.changed.get_mut(usize::from(*variable)) {
                        *changed = if value.is_some() { at } else { Revision(0) };
                    }
                }
                self.committed(at);
                node.commit(observer);
                Ok(())
            }
            Ok(Commit::Conflict(at)) => {
                self.retry = None;
                self.conflict = Some(at);
                node.retry();
                Ok(())
            }
            Err(StoreError::Unavailable(reason)) => {
                let pause = self.retry.map_or(SHORTEST_PAUSE, |(_, pause)| (pause * 2).min(LONGEST_PAUSE));
                tracing::warn!(target: "csml::store", pause_ms = pause, "{reason}; the step waits");
                self.retry = Some((now.saturating_add(pause), pause));
                Ok(())
            }
            Err(StoreError::Rejected(reason)) => {
                self.retry = None;
                node.reject(&reason, observer);
                Ok(())
            }
            Err(error) => {
                node.retry();
                Err(error)
            }
        }
    }

    /// Brings the node's replica up to date.
    pub(super) fn apply<A: Machines>(
        &mut self,
        update: Update,
        node: &mut Node<A>,
    ) -> Result<(), StoreError> {
        for change in update.changes {
            let Some(known) = self.changed.get_mut(usize::from(change.variable)) else {
                continue;
            };
            // Older than what this process has committed itself.
            if update.upto < *known {
                continue;
            }
            node.set_persistent(change.variable, change.value.as_ref()).map_err(|misfit| {
                let info = A::DESCRIPTION.persistent.get(usize::from(change.variable));
                let path = info.map_or("", |info| info.path);
                StoreError::Corrupt(format!(
                    "another process has given the persistent variable `{path}` a value that does not fit: {misfit}; do \
                     all processes run the same description?"
                ))
            })?;
            *known = change.changed;
            // The moment of a removal is not known; it was seen at the latest here.
            let at = if change.value.is_some() { change.changed } else { update.upto };
            self.seen = self.seen.max(at);
        }
        self.upto = self.upto.max(update.upto);
        Ok(())
    }
}

/// Why a store could not be opened.
pub(super) enum OpenError {
    Initial(InitError),
    Store(StoreError),
}

async fn wait_after(reason: &str, pause: &mut u64, failure: &OnceLock<String>) {
    // Only the first one is kept.
    let _ = failure.set(reason.to_owned());
    tracing::warn!(target: "csml::store", pause_ms = *pause, "{reason}; trying again");
    tokio::time::sleep(std::time::Duration::from_millis(*pause)).await;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
}
