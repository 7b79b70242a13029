//! The loop's dealings with what is outside the process: the store of the persistent data, and other processes.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

use csml_rt_core::Machines;
use tokio::time::{Instant, timeout_at};

use super::App;
use super::drive::{GRACE, LONGEST_SLEEP, Run, Wake};
use super::handle::Command;
use super::persist::{FromStore, OpenError, Persist};
use super::remote::Remote;
use super::signals;
use super::summary::{BuildError, EndReason, RunError};
use super::watch::{Observed, Quiet};

impl<A: Machines> App<A> {
    /// Opens the store, if there is one. Returns why the run ends before it has begun.
    pub(super) async fn open_store(&mut self, run: &mut Run) -> Result<Option<EndReason>, RunError> {
        let Some(store) = self.store.take() else {
            return Ok(None);
        };
        let mut opening = Box::pin(Persist::open::<A>(store, &self.process, self.seed));
        let interrupt = &mut run.interrupt;
        let opened = poll_fn(|context| {
            if let Some(signal) = interrupt
                && signal.as_mut().poll(context).is_ready()
            {
                *interrupt = None;
                signals::end_process_on_next();
                return Poll::Ready(None);
            }
            opening.as_mut().poll(context).map(Some)
        })
        .await;
        match opened {
            None => {
                // Nobody knows what the store has.
                if let Ok(shared) = A::shared(self.seed, &[]) {
                    self.node.set_shared(shared);
                }
                Ok(Some(EndReason::Stopped))
            }
            Some(Ok((persist, shared))) => {
                self.node.set_shared(shared);
                self.node.set_stored();
                self.persist = Some(persist);
                Ok(None)
            }
            Some(Err(OpenError::Initial(error))) => Err(RunError::Build(BuildError::InitialValue(error))),
            Some(Err(OpenError::Store(error))) => Err(RunError::Store(error)),
        }
    }

    /// Whether no step can be taken at present.
    pub(super) fn stalls(&mut self, run: &Run) -> bool {
        let now = run.elapsed();
        let blocked = self.remote.as_mut().is_some_and(|remote| remote.stalls(&mut self.node, now));
        self.persist.as_mut().is_some_and(|persist| persist.stalls(&mut self.node, now)) || blocked
    }

    /// Starts the way to other processes, if there are any.
    #[cfg_attr(
        not(feature = "distributed"),
        expect(unreachable_code, reason = "there is nothing to start then")
    )]
    pub(super) fn open_remote(&mut self) {
        if let Some((setup, plan)) = self.setup.take() {
            self.watch.leaving = Some(VecDeque::new());
            self.remote = Some(Remote::open(setup, plan, &mut self.node));
        }
    }

    /// Exchanges with other processes what can be exchanged without waiting.
    pub(super) fn exchange(&mut self, run: &Run) {
        if let (Some(remote), Some(leaving)) = (&mut self.remote, &mut self.watch.leaving) {
            remote.exchange(&mut self.node, self.persist.as_mut(), leaving, run.elapsed());
            if let Some(reason) = remote.failure() {
                self.remote_failure = Some(reason);
            }
        }
    }

    /// Lets other processes take what they were sent, and ends the transport. Somebody who wants the run to end
    /// does not wait for long; a run that ends by itself does not take events away that others still have to get.
    pub(super) async fn say_goodbye(&mut self, run: &mut Run, reason: EndReason) {
        let by_itself = matches!(reason, EndReason::AllTerminated | EndReason::Idle);
        let deadline = Instant::now() + if by_itself { LONGEST_SLEEP } else { GRACE };
        loop {
            self.exchange(run);
            if self.remote.as_mut().is_none_or(|remote| remote.is_done(run.elapsed())) {
                break;
            }
            // Nobody waits for a connection when somebody wants the run to end.
            let hopeless = !by_itself && !self.remote.as_ref().is_some_and(Remote::is_up);
            if self.remote_failure.is_some() || hopeless {
                break;
            }
            match timeout_at(deadline, self.next_wake(run, None)).await {
                Ok(Wake::Remote(Some(incoming))) => {
                    if let Some(remote) = &mut self.remote {
                        remote.heed(incoming, &mut self.node, run.elapsed());
                    }
                }
                Ok(Wake::Command(Command::Stop) | Wake::Interrupt) | Err(_) => break,
                Ok(_) => {}
            }
        }
        if let Some(remote) = self.remote.take() {
            self.network = Some(remote.close().await);
        }
    }

    /// Takes what the store has to say, without waiting for it.
    pub(super) fn take_news(&mut self, run: &Run) {
        let mut context = Context::from_waker(Waker::noop());
        while let Some(persist) = &mut self.persist
            && let Poll::Ready(news) = persist.poll(self.node.pending().is_some(), &mut context)
        {
            self.heed_store(news, run.elapsed());
        }
    }

    /// A run that ends does not leave a commit half done, unless the store takes too long.
    pub(super) async fn settle_commit(&mut self, run: &mut Run) {
        let deadline = Instant::now() + GRACE;
        while self.persist.as_ref().is_some_and(Persist::is_committing) {
            match timeout_at(deadline, self.next_wake(run, None)).await {
                Ok(Wake::Store(news)) => self.heed_store(news, run.elapsed()),
                Ok(Wake::Interrupt) | Err(_) => break,
                Ok(_) => {}
            }
        }
        // What is not committed has not happened.
        self.node.take_back();
    }

    /// What the store has to say.
    pub(super) fn heed_store(&mut self, news: FromStore, now: u64) {
        let Some(persist) = &mut self.persist else {
            return;
        };
        let heeded = match news {
            FromStore::Committed(result) if self.watch.is_active() => {
                persist.conclude(result, &mut self.node, &mut Observed(&mut self.watch), now)
            }
            FromStore::Committed(result) => {
                persist.conclude(result, &mut self.node, &mut Quiet(&mut self.watch), now)
            }
            FromStore::Update(update) => persist.apply(update, &mut self.node),
            FromStore::Lost => {
                persist.ask_why();
                Ok(())
            }
        };
        if let Err(error) = heeded {
            self.store_failure = Some(error);
        }
    }
}
