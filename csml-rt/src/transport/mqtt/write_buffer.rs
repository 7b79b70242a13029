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

/// Connects to a broker.
///
/// # Errors
/// The connection cannot be made.
pub(super) async fn connect(host: String, port: u16) -> io::Result<BufferedStream<TcpStream>> {
    let stream = TcpStream::connect((host.as_str(), port)).await?;
    stream.set_nodelay(true)?;
    Ok(BufferedStream::new(stream))
}

/// A stream that can be written to without waiting.
pub(super) trait TryWrite {
    /// # Errors
    /// The write would have to wait, or the connection is closed.
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize>;
}

impl TryWrite for TcpStream {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::try_write(self, bytes)
    }
}

/// A stream whose writes are buffered.
#[derive(Debug)]
pub(super) struct BufferedStream<S: TryWrite> {
    stream: S,
    buffer: BytesMut,
}

impl<S: TryWrite> BufferedStream<S> {
    fn new(stream: S) -> Self {
        Self { stream, buffer: BytesMut::new() }
    }
}

impl<S: AsyncWrite + TryWrite + Unpin> BufferedStream<S> {
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

impl<S: AsyncRead + AsyncWrite + TryWrite + Unpin> AsyncRead for BufferedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // Reading goes on even if the broker reads nothing.
        if let Poll::Ready(Err(error)) = self.poll_drain(context, 0) {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + TryWrite + Unpin> AsyncWrite for BufferedStream<S> {
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

impl<S: TryWrite> Drop for BufferedStream<S> {
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
