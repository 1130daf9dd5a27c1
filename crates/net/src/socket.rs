//! A client's bytes: plain or through rustls, which is driven by hand so that an idle connection keeps no buffers.

use rustls::ServerConnection;
use std::{
    cell::RefCell,
    io::{self, ErrorKind, Read, Write},
    task::{Context, Poll},
};
use tokio::net::TcpStream;

/// A connection.
pub(crate) struct Socket {
    tcp: TcpStream,
    tls: Option<Box<ServerConnection>>,
}

/// Bytes read at a time.
const SCRATCH: usize = 64 * 1024;

thread_local! {
    /// Where reads go: one buffer for all connections of a thread, never kept over an await.
    static IN: RefCell<Vec<u8>> = RefCell::new(vec![0; SCRATCH]);
}

/// What TLS may hold of ours before the socket takes it.
const TLS_BUFFER: usize = 256 * 1024;

fn broken(e: rustls::Error) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, e)
}

impl Socket {
    pub fn new(tcp: TcpStream) -> Socket {
        Socket { tcp, tls: None }
    }

    /// Changes to TLS.
    pub fn secure(&mut self, mut tls: ServerConnection) {
        tls.set_buffer_limit(Some(TLS_BUFFER));
        self.tls = Some(Box::new(tls));
    }

    pub fn tls(&self) -> Option<&ServerConnection> {
        self.tls.as_deref()
    }

    /// Whether the TLS handshake still goes on.
    pub fn is_handshaking(&self) -> bool {
        self.tls.as_ref().is_some_and(|t| t.is_handshaking())
    }

    /// Whether TLS has bytes that the socket has not taken.
    pub fn wants_write(&self) -> bool {
        self.tls.as_ref().is_some_and(|t| t.wants_write())
    }

    pub fn poll_readable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tcp.poll_read_ready(cx)
    }

    pub fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tcp.poll_write_ready(cx)
    }

    /// Hands what has come to `take`. 0: nothing to hand over yet, wait until it is readable; `UnexpectedEof`: the peer is
    /// gone.
    pub fn read(&mut self, mut take: impl FnMut(&[u8])) -> io::Result<usize> {
        IN.with_borrow_mut(|scratch| {
            let n = match self.tcp.try_read(scratch) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(n) => n,
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(0),
                Err(e) => return Err(e),
            };
            let Some(tls) = &mut self.tls else {
                take(&scratch[..n]);
                return Ok(n);
            };
            let mut cipher = &scratch[..n];
            let mut total = 0;
            let mut plain = [0; 4096];
            while !cipher.is_empty() {
                tls.read_tls(&mut cipher)?;
                let outcome = tls.process_new_packets();
                if let Err(e) = outcome {
                    // The alert tells the peer why.
                    drop(tls.write_tls(&mut Direct(&self.tcp)));
                    return Err(broken(e));
                }
                loop {
                    match tls.reader().read(&mut plain) {
                        Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                        Ok(n) => {
                            take(&plain[..n]);
                            total += n;
                        }
                        Err(e) if e.kind() == ErrorKind::WouldBlock => break,
                        Err(e) => return Err(e),
                    }
                }
            }
            Ok(total)
        })
    }

    /// Writes as much of `bytes` as there is room for.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else {
            return match self.tcp.try_write(bytes) {
                Err(e) if e.kind() == ErrorKind::WouldBlock => Ok(0),
                done => done,
            };
        };
        let n = tls.writer().write(bytes)?;
        self.flush()?;
        Ok(n)
    }

    /// Pushes out what TLS holds. Tells whether all of it went.
    pub fn flush(&mut self) -> io::Result<bool> {
        if let Some(tls) = &mut self.tls {
            while tls.wants_write() {
                match tls.write_tls(&mut Direct(&self.tcp)) {
                    Ok(_) => {}
                    Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(false),
                    Err(e) => return Err(e),
                }
            }
        }
        Ok(true)
    }

    /// Says goodbye to TLS and the peer.
    pub fn shut(&mut self) {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
        }
        // The peer may be gone already; that is what was wanted.
        drop(self.flush());
        drop(socket2::SockRef::from(&self.tcp).shutdown(std::net::Shutdown::Write));
    }
}

/// The socket as rustls writes to it.
struct Direct<'a>(&'a TcpStream);

impl Write for Direct<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.try_write(buf)
    }

    fn write_vectored(&mut self, bufs: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(bufs)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
