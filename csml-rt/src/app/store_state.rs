//! The store of the persistent data, as the loop sees it: configured, open, failed.

use std::fmt;
use std::future::{Future, poll_fn};
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};

use csml_rt_core::Machines;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::App;
use super::drive::{GRACE, Run, Wake};
use super::persist::{OpenError, Persist, StoreNews};
use super::summary::{BuildError, EndReason, RunError};
use super::watch::{Observed, Quiet};
use crate::store::{Store, StoreError};

/// Where the store stands.
pub(super) enum StoreState {
    /// Persistent data end with the run.
    None,
    /// There is one, not open yet.
    Configured(Box<dyn Store>),
    Open(Persist),
    /// It cannot be used any more.
    Failed(StoreError),
}

impl fmt::Debug for StoreState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Configured(_) => "Configured",
            Self::Open(_) => "Open",
            Self::Failed(_) => "Failed",
        })
    }
}

impl StoreState {
    pub(super) fn open(&self) -> Option<&Persist> {
        match self {
            Self::Open(persist) => Some(persist),
            _ => None,
        }
    }

    pub(super) fn open_mut(&mut self) -> Option<&mut Persist> {
        match self {
            Self::Open(persist) => Some(persist),
            _ => None,
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

impl<A: Machines> App<A> {
    /// Opens the store, if there is one. Returns why the run ends before it has begun.
    pub(super) async fn open_store(&mut self, run: &mut Run) -> Result<Option<EndReason>, RunError> {
        let store = match std::mem::replace(&mut self.store, StoreState::None) {
            StoreState::Configured(store) => store,
            other => {
                self.store = other;
                return Ok(None);
            }
        };
        let failure = OnceLock::new();
        let mut opening = Box::pin(Persist::open::<A>(store, &self.process, self.seed, &failure));
        let until = self.real_until().and_then(|until| run.time(until));
        let mut over = until.map(|until| Box::pin(sleep_until(until)));
        let interrupt = &mut run.interrupt;
        let opened = poll_fn(|context| {
            if let Some(signal) = interrupt
                && signal.poll(context).is_ready()
            {
                return Poll::Ready(Err(EndReason::Stopped));
            }
            if let Some(over) = &mut over
                && over.as_mut().poll(context).is_ready()
            {
                return Poll::Ready(Err(EndReason::Until));
            }
            opening.as_mut().poll(context).map(Ok)
        })
        .await;
        match opened {
            Err(EndReason::Until) => {
                drop(opening);
                let reason = failure.into_inner();
                let reason = reason.unwrap_or_else(|| "it has not answered before the end of the run".into());
                Err(RunError::StoreNotOpened(StoreError::Unavailable(reason)))
            }
            Err(reason) => {
                // The data of the store are unknown: the snapshot at the end shows initial values.
                if let Ok(shared) = A::shared(self.seed, &[]) {
                    self.node.set_shared(shared);
                }
                Ok(Some(reason))
            }
            Ok(Ok((persist, shared))) => {
                self.node.set_shared(shared);
                self.node.set_stored();
                self.store = StoreState::Open(persist);
                Ok(None)
            }
            Ok(Err(OpenError::Initial(error))) => Err(RunError::Build(BuildError::InitialValue(error))),
            Ok(Err(OpenError::Store(error))) => Err(RunError::StoreNotOpened(error)),
        }
    }

    /// Takes commits and changes that have come, without waiting for more.
    pub(super) fn take_store_news(&mut self, run: &Run) {
        let mut context = Context::from_waker(Waker::noop());
        while let Some(persist) = self.store.open_mut()
            && let Poll::Ready(news) = persist.poll(self.node.pending().is_some(), &mut context)
        {
            self.handle_store(news, run);
        }
    }

    /// A run that ends waits for the commit under way, unless the store takes too long.
    pub(super) async fn finish_commit(&mut self, run: &mut Run) {
        let deadline = Instant::now() + GRACE;
        while self.store.open().is_some_and(Persist::is_committing) {
            match timeout_at(deadline, self.next_wake(run, None)).await {
                Ok(Wake::Store(news)) => self.handle_store(news, run),
                Ok(Wake::Interrupt) | Err(_) => break,
                Ok(_) => {}
            }
        }
        // A step that is not committed has not happened.
        self.node.retry();
    }

    pub(super) fn handle_store(&mut self, news: StoreNews, run: &Run) {
        let now = run.elapsed();
        let Some(persist) = self.store.open_mut() else {
            return;
        };
        let result = match news {
            StoreNews::Committed(result) if self.watch.is_active() => {
                persist.conclude(result, &mut self.node, &mut Observed(&mut self.watch), now)
            }
            StoreNews::Committed(result) => {
                persist.conclude(result, &mut self.node, &mut Quiet(&mut self.watch), now)
            }
            StoreNews::Update(update) => persist.apply(update, &mut self.node),
            StoreNews::FeedEnded => {
                persist.ask_why();
                Ok(())
            }
        };
        if let Err(error) = result {
            self.store = StoreState::Failed(error);
        }
        self.hand_out(run);
    }
}
