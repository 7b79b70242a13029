//! Signals that stop an application.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::thread;

use tokio::sync::oneshot;

#[cfg(unix)]
type Source = tokio::signal::unix::Signal;
#[cfg(windows)]
type Source = tokio::signal::windows::CtrlC;

/// Waits for Ctrl-C, on Unix for the termination signal too, until it is dropped.
///
/// The first signal stops the application in order. The second one ends the process at once: a user who sends it does
/// not want to wait. A thread of its own sees to that, as the application may be in the middle of a long step. Once
/// tokio has taken a signal over, the system's own handling does not come back by itself.
pub(super) struct Interrupt {
    /// Nothing once the first signal has been reported.
    first: Option<oneshot::Receiver<()>>,
    /// Its end ends the thread.
    _run: oneshot::Sender<()>,
}

impl Interrupt {
    pub(super) fn new() -> Self {
        let (first, received) = oneshot::channel();
        let (run, mut ended) = oneshot::channel();
        let (listening, listens) = mpsc::channel();
        let listen = move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                let mut sources = sources();
                drop(listening);
                if next(&mut sources, &mut ended).await
                    && first.send(()).is_ok()
                    && next(&mut sources, &mut ended).await
                {
                    std::process::exit(130);
                }
            });
        };
        // Without the thread the system ends the process with the first signal.
        let _ = thread::Builder::new().name("csml-signals".to_owned()).spawn(listen);
        // Signals are taken over before anything tells the world that the run has begun.
        let _: Result<(), _> = listens.recv();
        Self { first: Some(received), _run: run }
    }

    /// Ready when there is a first signal, and never again.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match &mut self.first {
            Some(first) => match Pin::new(first).poll(context) {
                Poll::Ready(received) => {
                    self.first = None;
                    received.map_or(Poll::Pending, Poll::Ready)
                }
                Poll::Pending => Poll::Pending,
            },
            None => Poll::Pending,
        }
    }
}

/// Waits for a signal; `false` if the run has ended before.
async fn next(sources: &mut [Source], ended: &mut oneshot::Receiver<()>) -> bool {
    poll_fn(|context| {
        if sources.iter_mut().any(|source| source.poll_recv(context).is_ready()) {
            return Poll::Ready(true);
        }
        Pin::new(&mut *ended).poll(context).map(|_| false)
    })
    .await
}

#[cfg(unix)]
fn sources() -> Vec<Source> {
    use tokio::signal::unix::{SignalKind, signal};

    [SignalKind::interrupt(), SignalKind::terminate()]
        .into_iter()
        .filter_map(|kind| signal(kind).ok())
        .collect()
}

#[cfg(windows)]
fn sources() -> Vec<Source> {
    tokio::signal::windows::ctrl_c().into_iter().collect()
}
