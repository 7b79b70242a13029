//! A way to a server that can be cut.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Passes TCP connections on to a port of 127.0.0.1, unless it is cut.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    cut: AtomicBool,
    ended: AtomicBool,
    /// Answers to let through before the way is cut; 0 for all.
    answers: AtomicU64,
    open: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// Starts one in front of `server`.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn start(server: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if shared.ended.load(Ordering::SeqCst) {
                    return;
                }
                // One that is cut at once looks like a server that is gone.
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) else { continue };
                // A connection that breaks here breaks at its ends, which is what a proxy is to do.
                let _ = shared.join(&client, &server);
            }
        });
        Ok(Self { port, state })
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Cuts all connections, and accepts no new one before [`restore`](Self::restore).
    pub fn cut(&self) {
        self.state.cut();
    }

    /// Lets this many pieces of answers through and then cuts the connections: the request is done, but the client
    /// does not learn it.
    pub fn cut_after_answers(&self, answers: u64) {
        self.state.answers.store(answers.max(1), Ordering::SeqCst);
    }

    /// Lets new connections through.
    pub fn restore(&self) {
        self.state.answers.store(0, Ordering::SeqCst);
        self.state.cut.store(false, Ordering::SeqCst);
    }

    /// Whether the way is cut.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.state.cut.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        self.state.cut();
        // Wakes the thread that accepts connections.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl State {
    fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for stream in self.open.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // Already closed by either side.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn join(self: &Arc<Self>, client: &TcpStream, server: &TcpStream) -> io::Result<()> {
        let (to, from) = (Arc::clone(self), Arc::clone(self));
        let (mut c, mut s) = (client.try_clone()?, server.try_clone()?);
        let (mut c2, mut s2) = (client.try_clone()?, server.try_clone()?);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if self.cut.load(Ordering::SeqCst) {
            return Ok(());
        }
        open.push(client.try_clone()?);
        open.push(server.try_clone()?);
        drop(open);
        thread::spawn(move || to.pass(&mut c, &mut s, false));
        thread::spawn(move || from.pass(&mut s2, &mut c2, true));
        Ok(())
    }

    fn pass(&self, from: &mut TcpStream, to: &mut TcpStream, answers: bool) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            if answers && self.last_answer() {
                self.cut();
                break;
            }
            if to.write_all(buffer.get(..length).unwrap_or_default()).is_err() {
                break;
            }
        }
        // Already closed by either side.
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    }

    /// Counts an answer; whether it is the first that is not to get through.
    fn last_answer(&self) -> bool {
        let count = |left: u64| (left > 0).then(|| left - 1);
        self.answers.fetch_update(Ordering::SeqCst, Ordering::SeqCst, count) == Ok(1)
    }
}
