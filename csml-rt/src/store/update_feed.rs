//! Hands updates over to whoever opened a store, however slow they take them.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use super::{Revision, Stored, Update};

/// Updates that may wait; later ones are merged.
pub(super) const CAPACITY: usize = 16;

/// Where a store puts updates. Those that nobody has taken yet become one, so memory is bounded by the number
/// of variables.
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
    /// A feed and its far end; to be called within a tokio runtime. `delay` says how long the next update
    /// takes.
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

    /// Adds what has changed up to a moment.
    pub(super) fn push(&self, upto: Revision, changes: impl IntoIterator<Item = Stored>) {
        {
            let mut state = self.0.lock();
            let (waiting_upto, waiting) = state.waiting.get_or_insert_default();
            *waiting_upto = upto.max(*waiting_upto);
            waiting.extend(changes.into_iter().map(|stored| (stored.variable, stored)));
        }
        self.0.changed.notify_one();
    }

    /// Whether nobody listens any more.
    pub(super) fn ended(&self) -> bool {
        self.0.lock().ended
    }

    /// Ends the channel, without what still waits.
    pub(super) fn end(&self) {
        self.0.lock().ended = true;
        self.0.changed.notify_one();
    }
}

impl FeedShared {
    fn lock(&self) -> MutexGuard<'_, PendingUpdate> {
        // Nothing that holds the lock can panic half way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What `work` gives, unless `end` is done before.
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
