//! What a stream runs on: bytes over TCP, messages over WebSocket. Both are polled, so that one task drives both directions.

use crate::socket::Socket;
use futures_util::{Sink, Stream};
use magpie_core::handover::Io;
use magpie_xmpp::{
    StreamError,
    scan::{Framing, Scanner},
};
use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error as WsError, Message,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

/// See the module.
pub(crate) enum Transport {
    /// RFC 6120.
    Tcp(Tcp),
    /// RFC 7395.
    Ws(Box<Ws>),
}

pub(crate) struct Tcp {
    pub socket: Socket,
    out: Vec<u8>,
    written: usize,
}

pub(crate) struct Ws {
    stream: WebSocketStream<Box<dyn Io>>,
    out: VecDeque<Message>,
    bytes: usize,
    closing: bool,
    secure: bool,
}

/// Buffers of a WebSocket, bytes.
const WS_BUFFER: usize = 4096;

impl Transport {
    pub fn tcp(socket: Socket) -> Transport {
        Transport::Tcp(Tcp {
            socket,
            out: Vec::new(),
            written: 0,
        })
    }

    pub async fn ws(io: Box<dyn Io>, secure: bool, max_bytes: usize) -> Transport {
        let config = WebSocketConfig::default()
            .read_buffer_size(WS_BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(max_bytes.max(1 << 20) * 2)
            .max_message_size(Some(max_bytes))
            .max_frame_size(Some(max_bytes));
        let stream = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
        Transport::Ws(Box::new(Ws {
            stream,
            out: VecDeque::new(),
            bytes: 0,
            closing: false,
            secure,
        }))
    }

    pub fn framing(&self) -> Framing {
        match self {
            Transport::Tcp(_) => Framing::Tcp,
            Transport::Ws(_) => Framing::WebSocket,
        }
    }

    /// Whether eavesdroppers learn nothing.
    pub fn is_secure(&self) -> bool {
        match self {
            Transport::Tcp(t) => t.socket.tls().is_some(),
            Transport::Ws(w) => w.secure,
        }
    }

    /// Bytes that wait to be written.
    pub fn pending(&self) -> usize {
        match self {
            Transport::Tcp(t) => t.out.len() - t.written + usize::from(t.socket.wants_write()),
            Transport::Ws(w) => w.bytes,
        }
    }

    /// Puts one element behind what waits to be written.
    pub fn put(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        match self {
            Transport::Tcp(t) => write(&mut t.out),
            Transport::Ws(w) => {
                let mut out = Vec::new();
                write(&mut out);
                w.bytes += out.len();
                if let Ok(text) = String::from_utf8(out) {
                    w.out.push_back(Message::text(text));
                }
            }
        }
    }

    /// Writes what waits; ready when all of it went.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Transport::Tcp(t) => t.poll_flush(cx),
            Transport::Ws(w) => w.poll_flush(cx),
        }
    }

    /// Waits for input and hands it to the scanner. An error means that nothing more will come.
    pub fn poll_input(
        &mut self,
        cx: &mut Context<'_>,
        scanner: &mut Scanner,
    ) -> Poll<io::Result<()>> {
        match self {
            Transport::Tcp(t) => t.poll_input(cx, scanner),
            Transport::Ws(w) => w.poll_input(cx, scanner),
        }
    }

    /// Closes this side.
    pub fn shut(&mut self, error: Option<&StreamError>) {
        match self {
            Transport::Tcp(t) => t.socket.shut(),
            Transport::Ws(w) => w.shut(error),
        }
    }
}

impl Tcp {
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            if self.written < self.out.len() {
                let n = self.socket.write(&self.out[self.written..])?;
                self.written += n;
                if n > 0 {
                    continue;
                }
            } else {
                (self.out, self.written) = (Vec::new(), 0);
                if self.socket.flush()? {
                    return Poll::Ready(Ok(()));
                }
            }
            ready!(self.socket.poll_writable(cx))?;
        }
    }

    fn poll_input(&mut self, cx: &mut Context<'_>, scanner: &mut Scanner) -> Poll<io::Result<()>> {
        loop {
            let n = self.socket.read(|bytes| scanner.push(bytes))?;
            if n > 0 {
                return Poll::Ready(Ok(()));
            }
            if self.socket.tls().is_some() {
                // The handshake, or an alert, may have something to say.
                self.socket.flush()?;
            }
            ready!(self.socket.poll_readable(cx))?;
        }
    }
}

impl Ws {
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut stream = Pin::new(&mut self.stream);
        while !self.out.is_empty() {
            ready!(stream.as_mut().poll_ready(cx)).map_err(ws_error)?;
            if let Some(message) = self.out.pop_front() {
                stream.as_mut().start_send(message).map_err(ws_error)?;
            }
        }
        ready!(stream.as_mut().poll_flush(cx)).map_err(ws_error)?;
        self.bytes = 0;
        Poll::Ready(Ok(()))
    }

    fn poll_input(&mut self, cx: &mut Context<'_>, scanner: &mut Scanner) -> Poll<io::Result<()>> {
        loop {
            // One message at a time: each is a document of its own.
            let message = match ready!(Pin::new(&mut self.stream).poll_next(cx)) {
                Some(Ok(message)) => message,
                Some(Err(e)) => return Poll::Ready(Err(self.refused(e))),
                None => return Poll::Ready(Err(ErrorKind::UnexpectedEof.into())),
            };
            match message {
                Message::Text(text) => {
                    scanner.push(text.as_bytes());
                    return Poll::Ready(Ok(()));
                }
                Message::Binary(_) => {
                    self.close(CloseCode::Unsupported, "text messages only (RFC 7395 §3.2)");
                    return Poll::Ready(Err(ErrorKind::InvalidData.into()));
                }
                Message::Close(_) => return Poll::Ready(Err(ErrorKind::UnexpectedEof.into())),
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }

    /// Tells the peer why its frames end the connection (RFC 6455 §7.4.1).
    fn refused(&mut self, e: WsError) -> io::Error {
        match e {
            WsError::Capacity(_) => self.close(CloseCode::Size, "larger than this server takes"),
            WsError::Utf8(_) => self.close(CloseCode::Invalid, "not UTF-8"),
            WsError::Protocol(_) => self.close(CloseCode::Protocol, "not as RFC 6455 says"),
            _ => {}
        }
        ws_error(e)
    }

    fn close(&mut self, code: CloseCode, reason: &'static str) {
        if !self.closing {
            self.closing = true;
            self.out.push_back(Message::Close(Some(CloseFrame {
                code,
                reason: reason.into(),
            })));
        }
    }

    fn shut(&mut self, error: Option<&StreamError>) {
        match error {
            Some(_) => self.close(CloseCode::Policy, "stream error"),
            None => self.close(CloseCode::Normal, ""),
        }
    }
}

fn ws_error(e: WsError) -> io::Error {
    match e {
        WsError::Io(e) => e,
        e => io::Error::new(ErrorKind::InvalidData, e),
    }
}
