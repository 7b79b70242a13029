//! Delivering updates to the application that opened a store, at its own pace.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use super::store_trait::{Revision, Stored, Update};

/// Updates that may wait; later ones are merged.
pub(super) const CAPACITY: usize = 16;

/// Takes the updates of a store. Updates that were not read yet are merged, so that memory is bounded by the number of
/// variables.
#[derive(Debug, Clone)]
pub(super) struct Feed(Arc<FeedShared>);

#[derive(Debug, Default)]
struct FeedShared {
    state: Mutex<PendingUpdate>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct PendingUpdate {
    waiting: Option<(Revision, BTreeMap<u16, Stored>)>,
    ended: bool,
}

impl Feed {
    /// A feed and its receiver; to be called within a tokio runtime. `delay` returns the delay of the next update.
    pub(super) fn open(
        mut delay: impl FnMut() -> Duration + Send + 'static,
    ) -> (Self, mpsc::Receiver<Update>) {
        let shared = Arc::new(FeedShared::default());
        let (sender, receiver) = mpsc::channel(CAPACITY);
        let feed = Self(Arc::clone(&shared));
        tokio::spawn(async move {
            while !shared.lock().ended {
                let Some(()) = first(shared.changed.notified(), sender.closed()).await else { break };
                let delay = delay();
                if !delay.is_zero() {
                    tokio::time::sleep(delay).await;
                }
                let Some((upto, changes)) = shared.lock().waiting.take() else { continue };
                let update = Update { upto, changes: changes.into_values().collect() };
                if sender.send(update).await.is_err() {
                    break;
                }
            }
            shared.lock().ended = true;
        });
        (feed, receiver)
    }

    /// Adds the changes up to a revision.
    pub(super) fn push(&self, upto: Revision, changes: impl IntoIterator<Item = Stored>) {
        {
            let mut state = self.0.lock();
            let (waiting_upto, waiting) = state.waiting.get_or_insert_default();
            *waiting_upto = upto.max(*waiting_upto);
            waiting.extend(changes.into_iter().map(|stored| (stored.variable, stored)));
        }
        self.0.changed.notify_one();
    }

    /// Whether the receiver is closed.
    pub(super) fn ended(&self) -> bool {
        self.0.lock().ended
    }

    /// Closes the channel and drops waiting updates.
    pub(super) fn end(&self) {
        self.0.lock().ended = true;
        self.0.changed.notify_one();
    }
}

impl FeedShared {
    fn lock(&self) -> MutexGuard<'_, PendingUpdate> {
        // No code that holds the lock panics in the middle of a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The output of `work`, or `None` if `end` completes first.
pub(super) async fn first<T>(work: impl Future<Output = T>, end: impl Future<Output = ()>) -> Option<T> {
    let (mut work, mut end) = (pin!(work), pin!(end));
    poll_fn(|context| {
        if end.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        work.as_mut().poll(context).map(Some)
    })
    .await
}
