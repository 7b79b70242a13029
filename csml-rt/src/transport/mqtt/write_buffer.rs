//! The connection to a broker, with a buffer for packets before they are written.
//!
//! The client library flushes after every packet that acknowledges a message, which would cost a system call and a
//! wakeup of the broker each. Here a flush writes nothing: the buffer is written when the client starts to read, which
//! it does when it has nothing else to do, when the buffer is large, and when the stream is dropped.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Bytes in the buffer before some are written.
const MAX_BUFFERED: usize = 32 << 10;

/// A stream that can be written to without waiting.
pub(super) trait Socket {
    /// # Errors
    /// The write would have to wait, or the connection is closed.
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Lets the system acknowledge at once what was read, and what comes next.
    fn acknowledge_at_once(&self);
}

impl Socket for TcpStream {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::try_write(self, bytes)
    }

    /// A broker that leaves Nagle's algorithm on sends nothing small before its last packet is acknowledged, and the
    /// system delays that by 40 ms. Linux goes back to delays whenever the process writes.
    fn acknowledge_at_once(&self) {
        // Without it the connection is slower with some brokers.
        #[cfg(target_os = "linux")]
        let _ = self.set_quickack(true);
    }
}

/// A stream whose writes are buffered.
#[derive(Debug)]
pub(super) struct BufferedStream<S: Socket> {
    stream: S,
    buffer: BytesMut,
    /// Something was read since the last time that nothing was left to read.
    read: bool,
}

impl<S: Socket> BufferedStream<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, buffer: BytesMut::new(), read: false }
    }
}

impl<S: AsyncWrite + Socket + Unpin> BufferedStream<S> {
    /// Writes until at most `most` bytes are buffered.
    fn poll_drain(&mut self, context: &mut Context<'_>, most: usize) -> Poll<io::Result<()>> {
        while self.buffer.len() > most {
            match ready!(Pin::new(&mut self.stream).poll_write(context, &self.buffer))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.buffer.advance(count),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Socket + Unpin> AsyncRead for BufferedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // Reading goes on even if the broker reads nothing.
        if let Poll::Ready(Err(error)) = self.poll_drain(context, 0) {
            return Poll::Ready(Err(error));
        }
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if result.is_ready() {
            self.read = true;
        } else if std::mem::take(&mut self.read) {
            self.stream.acknowledge_at_once();
        }
        result
    }
}

impl<S: AsyncWrite + Socket + Unpin> AsyncWrite for BufferedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_drain(context, MAX_BUFFERED))?;
        self.buffer.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context, 0))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: Socket> Drop for BufferedStream<S> {
    /// The client library drops the stream right after it has written the disconnect.
    fn drop(&mut self) {
        while let Ok(count @ 1..) = self.stream.try_write(&self.buffer) {
            self.buffer.advance(count);
        }
    }
}

#[cfg(test)]
#[path = "write_buffer_tests.rs"]
mod tests;
