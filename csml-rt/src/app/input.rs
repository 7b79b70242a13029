//! Events from outside that are read while the application runs, such as those of a pipe.

use std::collections::VecDeque;
use std::task::{Context, Poll};

use csml_rt_core::Machines;
use tokio::sync::mpsc;

use crate::event_script::{EventScriptError, PlannedEvent, ScriptLine};
use crate::node::Directory;

/// Lines that wait between the reader and the application.
const CAPACITY: usize = 1_024;
/// Events for later times from which on no more is read.
const PLANNED: usize = 65_536;

/// A line as the reader understands it.
pub(super) type Line<A> = Result<ScriptLine<<A as Machines>::Event>, EventScriptError>;

/// The reader's end. Dropping it ends the input.
pub(crate) type InputSender<A> = mpsc::Sender<Line<A>>;

/// The application's end.
pub(super) struct Input<A: Machines> {
    lines: Option<mpsc::Receiver<Line<A>>>,
    failure: Option<EventScriptError>,
}

impl<A: Machines> Input<A> {
    /// Nothing comes.
    pub(super) const fn none() -> Self {
        Self { lines: None, failure: None }
    }

    /// What a reader sends.
    #[cfg_attr(not(feature = "runner"), expect(dead_code, reason = "for command lines"))]
    pub(super) fn channel() -> (InputSender<A>, Self) {
        let (sender, lines) = mpsc::channel(CAPACITY);
        (sender, Self { lines: Some(lines), failure: None })
    }

    /// Whether more may come.
    pub(super) const fn is_open(&self) -> bool {
        self.lines.is_some()
    }

    /// A line that cannot be used.
    pub(super) const fn failure(&self) -> Option<&EventScriptError> {
        self.failure.as_ref()
    }

    /// Waits for a line, or for the end of the input.
    pub(super) fn poll(&mut self, planned: usize, context: &mut Context<'_>) -> Poll<Option<Line<A>>> {
        match &mut self.lines {
            Some(lines) if planned < PLANNED => lines.poll_recv(context),
            _ => Poll::Pending,
        }
    }

    /// Takes a line that has come: its event joins the script, behind those of the same time. Without one the input ends.
    pub(super) fn take(
        &mut self,
        line: Option<Line<A>>,
        directory: &Directory,
        script: &mut VecDeque<PlannedEvent<A::Event>>,
    ) {
        match line.map(|line| line.and_then(|line| line.resolve::<A>(directory))) {
            Some(Ok(planned)) => {
                let place = script.partition_point(|other| other.at <= planned.at);
                script.insert(place, planned);
            }
            Some(Err(error)) => {
                self.lines = None;
                self.failure = Some(error);
            }
            None => self.lines = None,
        }
    }

    /// Takes what has come by now, without waiting for more.
    pub(super) fn take_waiting(
        &mut self,
        directory: &Directory,
        script: &mut VecDeque<PlannedEvent<A::Event>>,
    ) {
        for _ in 0..CAPACITY {
            let full = script.len() >= PLANNED;
            match self.lines.as_mut().filter(|_| !full).map(mpsc::Receiver::try_recv) {
                Some(Ok(line)) => self.take(Some(line), directory, script),
                Some(Err(mpsc::error::TryRecvError::Disconnected)) => self.lines = None,
                Some(Err(mpsc::error::TryRecvError::Empty)) | None => return,
            }
        }
    }
}
