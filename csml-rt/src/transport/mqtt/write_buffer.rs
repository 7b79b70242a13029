//! The connection to a broker, with packets gathered before they are written.
//!
//! The client flushes after every packet that confirms a message, which would be a call of the system and a wakeup
//! of the broker each. Here a flush writes nothing: what was written leaves when the client turns to reading, which
//! is what it does when nothing else is left to be done, when much has gathered, and at the end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Bytes that are gathered at most before some are written.
const ENOUGH: usize = 32 << 10;

/// Connects to a broker.
///
/// # Errors
/// Nobody can be reached there.
pub(super) async fn connect(host: String, port: u16) -> io::Result<BufferedStream<TcpStream>> {
    let stream = TcpStream::connect((host.as_str(), port)).await?;
    stream.set_nodelay(true)?;
    Ok(BufferedStream::new(stream))
}

/// What can be written to without waiting, when there is no time left to wait.
pub(super) trait TryWrite {
    /// # Errors
    /// It would have to wait, or the connection is gone.
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize>;
}

impl TryWrite for TcpStream {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::try_write(self, bytes)
    }
}

/// A stream whose writes are gathered.
#[derive(Debug)]
pub(super) struct BufferedStream<S: TryWrite> {
    stream: S,
    waiting: BytesMut,
}

impl<S: TryWrite> BufferedStream<S> {
    fn new(stream: S) -> Self {
        Self { stream, waiting: BytesMut::new() }
    }
}

impl<S: AsyncWrite + TryWrite + Unpin> BufferedStream<S> {
    /// Writes until no more than `most` bytes wait.
    fn poll_drain(&mut self, context: &mut Context<'_>, most: usize) -> Poll<io::Result<()>> {
        while self.waiting.len() > most {
            match ready!(Pin::new(&mut self.stream).poll_write(context, &self.waiting))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => self.waiting.advance(count),
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
        // A broker that does not read may still write.
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
        ready!(self.poll_drain(context, ENOUGH))?;
        self.waiting.extend_from_slice(bytes);
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
    /// The client drops the stream right after it has said goodbye.
    fn drop(&mut self) {
        while let Ok(count @ 1..) = self.stream.try_write(&self.waiting) {
            self.waiting.advance(count);
        }
    }
}

#[cfg(test)]
#[path = "write_buffer_tests.rs"]
mod tests;
