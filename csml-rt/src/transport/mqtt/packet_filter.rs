//! A stream that leaves out messages that are too large.
//!
//! A broker of MQTT 5 drops messages that are larger than a client accepts. One of MQTT 3.1.1 delivers them, the client
//! library ends the connection at their first bytes, and the broker delivers them again over the next one. This stream
//! acknowledges such a message itself and takes it out of what the client reads, without keeping it in memory.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::packet_scan::{PacketScan, Skipped};

/// Bytes that are read at once.
const CHUNK: usize = 16 << 10;

/// What a filter has seen, for the driver of its client.
#[derive(Debug, Clone, Default)]
pub(super) struct FilterReport(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Something was read.
    active: AtomicBool,
    skipped: Mutex<Option<Skipped>>,
}

impl FilterReport {
    /// Whether anything was read since the last call.
    pub(super) fn take_active(&self) -> bool {
        self.0.active.swap(false, Ordering::Relaxed)
    }

    /// The messages left out since the last call.
    pub(super) fn take_skipped(&self) -> Option<Skipped> {
        self.0.skipped.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn add(&self, skipped: Skipped) {
        let mut all = self.0.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.as_ref().map_or(0, |all| all.count);
        *all = Some(Skipped { count: count + skipped.count, ..skipped });
    }
}

/// A stream of packets without those that are too large.
#[derive(Debug)]
pub(super) struct PacketFilter<S> {
    stream: S,
    scan: PacketScan,
    report: FilterReport,
    chunk: Box<[u8]>,
    /// To be read by the client.
    ready: BytesMut,
    /// Acknowledgements, to be written between packets of the client.
    answers: BytesMut,
    /// The client has written a packet in part.
    within_packet: bool,
}

impl<S> PacketFilter<S> {
    /// Leaves out messages with packets of more than `limit` bytes.
    pub(super) fn new(stream: S, limit: usize, report: FilterReport) -> Self {
        Self {
            stream,
            scan: PacketScan::new(limit),
            report,
            chunk: vec![0; CHUNK].into(),
            ready: BytesMut::new(),
            answers: BytesMut::new(),
            within_packet: false,
        }
    }
}

impl<S: AsyncWrite + Unpin> PacketFilter<S> {
    fn poll_answers(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.answers.is_empty() && !self.within_packet {
            match ready!(Pin::new(&mut self.stream).poll_write(context, &self.answers))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.answers.advance(count),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for PacketFilter<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if !this.ready.is_empty() {
                let count = this.ready.len().min(buffer.remaining());
                buffer.put_slice(&this.ready.split_to(count));
                return Poll::Ready(Ok(()));
            }
            // Reading goes on even if the broker reads nothing.
            if let Poll::Ready(Err(error)) = this.poll_answers(context) {
                return Poll::Ready(Err(error));
            }
            let mut chunk = ReadBuf::new(&mut this.chunk);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut chunk))?;
            let read = chunk.filled();
            if read.is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.report.0.active.store(true, Ordering::Relaxed);
            if let Some(skipped) = this.scan.take(read, &mut this.ready, &mut this.answers) {
                this.report.add(skipped);
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PacketFilter<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_answers(context))?;
        let count = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        // The client writes whole packets, and the rest of what was not taken at the next call.
        this.within_packet = count < bytes.len();
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_answers(context))?;
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
