use std::cell::RefCell;
use std::rc::Rc;
use std::task::Waker;

use super::*;

/// What the other side of a stream has, and what it does.
#[derive(Debug, Default)]
struct Wire {
    written: Vec<u8>,
    writes: usize,
    /// Bytes that it still takes; no limit if absent.
    room: Option<usize>,
    broken: bool,
    unread: Vec<u8>,
    /// How often it was acknowledged at once what had been read.
    acknowledged: usize,
}

impl Wire {
    fn take(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.broken {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let count = bytes.len().min(self.room.unwrap_or(usize::MAX));
        if count == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.room = self.room.map(|room| room - count);
        self.written.extend_from_slice(&bytes[..count]);
        self.writes += 1;
        Ok(count)
    }
}

#[derive(Debug, Clone, Default)]
struct Pipe(Rc<RefCell<Wire>>);

impl Socket for Pipe {
    fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().take(bytes)
    }

    fn acknowledge_at_once(&self) {
        self.0.borrow_mut().acknowledged += 1;
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.0.borrow_mut().take(bytes) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            taken => Poll::Ready(taken),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Pipe {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let unread = std::mem::take(&mut self.0.borrow_mut().unread);
        if unread.is_empty() {
            return Poll::Pending;
        }
        buffer.put_slice(&unread);
        Poll::Ready(Ok(()))
    }
}

fn write(stream: &mut BufferedStream<Pipe>, bytes: &[u8]) -> Poll<io::Result<usize>> {
    let mut context = Context::from_waker(Waker::noop());
    let written = Pin::new(&mut *stream).poll_write(&mut context, bytes);
    assert!(Pin::new(stream).poll_flush(&mut context).is_ready());
    written
}

fn read(stream: &mut BufferedStream<Pipe>) -> Poll<io::Result<Vec<u8>>> {
    let mut space = [0; 64];
    let mut buffer = ReadBuf::new(&mut space);
    let read = Pin::new(stream).poll_read(&mut Context::from_waker(Waker::noop()), &mut buffer);
    read.map(|read| read.map(|()| buffer.filled().to_vec()))
}

#[test]
fn packets_leave_together_when_the_client_turns_to_reading() {
    let pipe = Pipe::default();
    let mut stream = BufferedStream::new(pipe.clone());
    for packet in [&b"ab"[..], b"c", b"def"] {
        assert!(matches!(write(&mut stream, packet), Poll::Ready(Ok(count)) if count == packet.len()));
    }
    assert!(pipe.0.borrow().written.is_empty());
    assert!(read(&mut stream).is_pending());
    assert_eq!(pipe.0.borrow().written, b"abcdef");
    assert_eq!(pipe.0.borrow().writes, 1);
}

#[test]
fn memory_is_bounded_where_the_other_side_takes_nothing() {
    let pipe = Pipe::default();
    pipe.0.borrow_mut().room = Some(10);
    let mut stream = BufferedStream::new(pipe.clone());
    let packet = [7; 1_000];
    let mut taken = 0;
    while let Poll::Ready(Ok(count)) = write(&mut stream, &packet) {
        taken += count;
        assert!(taken <= MAX_BUFFERED + 2 * packet.len());
    }
    assert_eq!(pipe.0.borrow().written.len(), 10);
    // It may still say something, and gets the rest when it has room again.
    pipe.0.borrow_mut().unread = b"hello".to_vec();
    assert!(matches!(read(&mut stream), Poll::Ready(Ok(text)) if text == b"hello"));
    pipe.0.borrow_mut().room = None;
    assert!(read(&mut stream).is_pending());
    assert_eq!(pipe.0.borrow().written.len(), taken);
}

#[test]
fn much_leaves_before_the_client_reads() {
    let pipe = Pipe::default();
    let mut stream = BufferedStream::new(pipe.clone());
    let packet = [7; MAX_BUFFERED];
    assert!(write(&mut stream, &packet).is_ready());
    assert!(write(&mut stream, &packet).is_ready());
    assert!(pipe.0.borrow().written.is_empty());
    assert!(write(&mut stream, b"x").is_ready());
    assert_eq!(pipe.0.borrow().written.len(), 2 * MAX_BUFFERED);
}

#[test]
fn the_last_words_leave_with_the_stream() {
    let pipe = Pipe::default();
    let mut stream = BufferedStream::new(pipe.clone());
    assert!(write(&mut stream, b"the end").is_ready());
    drop(stream);
    assert_eq!(pipe.0.borrow().written, b"the end");
}

#[test]
fn a_connection_that_cannot_be_written_to_is_gone_for_reading() {
    let pipe = Pipe::default();
    let mut stream = BufferedStream::new(pipe.clone());
    assert!(write(&mut stream, b"a").is_ready());
    pipe.0.borrow_mut().broken = true;
    pipe.0.borrow_mut().unread = b"never seen".to_vec();
    assert!(
        matches!(read(&mut stream), Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe)
    );
}

#[test]
fn what_was_read_is_acknowledged_at_once_when_nothing_is_left_to_read() {
    let pipe = Pipe::default();
    let mut stream = BufferedStream::new(pipe.clone());
    assert!(read(&mut stream).is_pending());
    assert_eq!(pipe.0.borrow().acknowledged, 0);
    for round in 1..4 {
        for _ in 0..5 {
            pipe.0.borrow_mut().unread = b"packet".to_vec();
            assert!(read(&mut stream).is_ready());
        }
        assert!(read(&mut stream).is_pending());
        assert!(read(&mut stream).is_pending());
        assert_eq!(pipe.0.borrow().acknowledged, round);
    }
}
