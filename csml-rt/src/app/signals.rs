//! Signals that stop an application.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

/// Waits for Ctrl-C, on Unix for the termination signal too.
pub(super) type Interrupt = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Completes with the first signal.
pub(super) fn interrupt() -> Interrupt {
    Box::pin(async {
        let mut ctrl_c = Box::pin(tokio::signal::ctrl_c());
        #[cfg(unix)]
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
        let mut unavailable = false;
        std::future::poll_fn(|context| {
            if !unavailable && let Poll::Ready(result) = ctrl_c.as_mut().poll(context) {
                if result.is_ok() {
                    return Poll::Ready(());
                }
                unavailable = true;
            }
            #[cfg(unix)]
            if let Some(signal) = &mut terminate
                && signal.poll_recv(context).is_ready()
            {
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
    })
}

/// From now on a signal ends the process at once: a user who sends a second one does not want to wait.
///
/// Once tokio has taken a signal over, the system's own handling does not come back by itself.
pub(super) fn end_process_on_next() {
    tokio::spawn(async {
        interrupt().await;
        std::process::exit(130);
    });
}
