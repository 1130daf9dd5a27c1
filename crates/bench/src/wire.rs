//! A connection: a socket, plain or TLS, with the cutter behind it.

use crate::cut::{Cutter, Item};
use anyhow::{Context, Result, bail};
use std::{
    io,
    pin::Pin,
    task::{self, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf, ReadHalf, WriteHalf},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::client::TlsStream;

/// How long a server may take for one answer of a handshake or one request.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A socket before or after STARTTLS.
pub enum Socket {
    /// Plain TCP.
    Plain(TcpStream),
    /// TLS over TCP.
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Socket::Tls(tls) => Pin::new(tls.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Socket::Plain(tcp) => Pin::new(tcp).poll_write(cx, buf),
            Socket::Tls(tls) => Pin::new(tls.as_mut()).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Socket::Tls(tls) => Pin::new(tls.as_mut()).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Socket::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Socket::Tls(tls) => Pin::new(tls.as_mut()).poll_shutdown(cx),
        }
    }
}

/// The receiving half of a wire.
pub struct Incoming<R> {
    source: R,
    cutter: Cutter,
}

impl<R: AsyncRead + Unpin> Incoming<R> {
    /// Waits for bytes; an error when the server closed the connection. Cancel-safe.
    pub async fn fill(&mut self) -> Result<()> {
        let read = self.source.read_buf(self.cutter.buffer()).await?;
        if read == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }

    /// The next whole element among the bytes that came; a stream error or the stream's end is an error.
    pub fn cut(&mut self) -> Result<Option<&[u8]>> {
        match self.cutter.next()? {
            None => Ok(None),
            Some(Item::Element(element)) if element.starts_with(b"<stream:error") => {
                bail!("stream error: {}", String::from_utf8_lossy(element))
            }
            Some(Item::Element(element)) => Ok(Some(element)),
            Some(Item::Open(tag)) => {
                bail!("unexpected stream header: {}", String::from_utf8_lossy(tag))
            }
            Some(Item::Close) => bail!("the server closed the stream"),
        }
    }
}

/// A connection during its dialogue phase, one step after the other.
pub struct Wire {
    incoming: Incoming<Socket>,
}

impl Wire {
    /// Wraps a connected socket.
    pub fn new(socket: Socket) -> Self {
        Wire {
            incoming: Incoming {
                source: socket,
                cutter: Cutter::default(),
            },
        }
    }

    /// Writes all of `bytes`.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.incoming.source.write_all(bytes).await?;
        self.incoming.source.flush().await?;
        Ok(())
    }

    /// The next element, waiting at most [`PATIENCE`].
    pub async fn element(&mut self) -> Result<Vec<u8>> {
        timeout(PATIENCE, async {
            loop {
                if let Some(element) = self.incoming.cut()? {
                    return Ok(element.to_vec());
                }
                self.incoming.fill().await?;
            }
        })
        .await
        .context("the server did not answer in time")?
    }

    /// Opens a stream to `domain` and gives its features.
    pub async fn open(&mut self, domain: &str) -> Result<Vec<u8>> {
        self.incoming.cutter.reset();
        let header = format!(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
             xmlns:stream='http://etherx.jabber.org/streams' to='{domain}' version='1.0'>"
        );
        self.send(header.as_bytes()).await?;
        timeout(PATIENCE, self.stream_header())
            .await
            .context("no stream header in time")??;
        self.element().await
    }

    async fn stream_header(&mut self) -> Result<()> {
        loop {
            match self.incoming.cutter.next()? {
                Some(Item::Open(_)) => return Ok(()),
                Some(_) => bail!("the server did not begin with a stream header"),
                None => self.incoming.fill().await?,
            }
        }
    }

    /// The socket itself; bytes received but not used are dropped (STARTTLS).
    pub fn into_socket(self) -> Socket {
        self.incoming.source
    }

    /// The two directions, for a session that reads and writes independently.
    pub fn split(self) -> (Incoming<ReadHalf<Socket>>, WriteHalf<Socket>) {
        let (source, sink) = tokio::io::split(self.incoming.source);
        (
            Incoming {
                source,
                cutter: self.incoming.cutter,
            },
            sink,
        )
    }
}
