//! Virtual time stands still while the application is busy, and only then: who sends it events from another thread
//! races with its clock, so that no run is like another. Such use is refused.

use std::thread::{self, ThreadId};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task;

/// The task, on a runtime with one thread the thread, that an application and its handles belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Home {
    /// On a runtime with several threads: a task may be anywhere. Without a number it is the one of `block_on`.
    task: Option<task::Id>,
    thread: Option<ThreadId>,
}

impl Home {
    /// Where this is called; nothing outside of a runtime.
    pub(super) fn here() -> Option<Self> {
        let several = Handle::try_current().ok()?.runtime_flavor() != RuntimeFlavor::CurrentThread;
        let task = task::try_id().filter(|_| several);
        Some(Self { task, thread: task.is_none().then(|| thread::current().id()) })
    }

    /// Whether this is called there.
    pub(super) fn is_here(self) -> bool {
        match self.task {
            Some(task) => task::try_id() == Some(task),
            None => self.thread == Some(thread::current().id()) && self.is_same_kind(),
        }
    }

    /// Not a spawned task that a runtime with several threads happens to run on this thread.
    fn is_same_kind(self) -> bool {
        Self::here().is_none_or(|here| here == self)
    }
}
