//! The stream's two directions over its transport: events in, elements out.

use crate::{Config, transport::Transport};
use magpie_xmpp::{
    Element, Jid, Stanza, StreamError,
    scan::{Event, Limits, Scanner},
    stream,
};
use std::{future::poll_fn, io, time::Duration};
use tokio::time::timeout;

/// Bytes an element may have before login.
const STRANGERS_BYTES: usize = 10 * 1024;
/// How long a peer may take to read our last words.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Why no event comes any more.
#[derive(Debug)]
pub(crate) enum Gone {
    /// The connection is cut.
    Cut,
    /// The peer closed the stream.
    Closed,
    /// The peer sent what ends the stream.
    Refused(StreamError),
}

impl From<io::Error> for Gone {
    fn from(_: io::Error) -> Gone {
        Gone::Cut
    }
}

impl From<StreamError> for Gone {
    fn from(e: StreamError) -> Gone {
        Gone::Refused(e)
    }
}

pub(crate) struct Wire {
    pub transport: Transport,
    pub scanner: Scanner,
    /// Whether our side of the stream is open.
    open: bool,
}

fn limits(max_bytes: usize) -> Limits {
    Limits {
        max_bytes,
        ..Limits::default()
    }
}

impl Wire {
    pub fn new(transport: Transport, config: &Config) -> Wire {
        let scanner = Scanner::new(
            transport.framing(),
            limits(STRANGERS_BYTES.min(config.max_stanza_bytes)),
        );
        Wire {
            transport,
            scanner,
            open: false,
        }
    }

    /// The peer is known: it may send larger stanzas.
    pub fn trust(&mut self, config: &Config) {
        self.scanner.set_limits(limits(config.max_stanza_bytes));
    }

    /// The next event; what waits is written meanwhile.
    pub async fn event(&mut self) -> Result<Event, Gone> {
        loop {
            if let Some(event) = self.scanner.next()? {
                return Ok(event);
            }
            let Wire {
                transport, scanner, ..
            } = self;
            poll_fn(|cx| {
                if transport.poll_flush(cx)?.is_pending() {
                    // It is woken when there is room; input may come all the same.
                }
                transport.poll_input(cx, scanner)
            })
            .await?;
        }
    }

    /// Writes all that waits.
    pub async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|cx| self.transport.poll_flush(cx)).await
    }

    /// Opens our side of the stream.
    pub fn open(&mut self, from: &Jid, id: &str, to: Option<&Jid>) {
        let framing = self.transport.framing();
        self.transport
            .put(|out| stream::open(out, framing, from, id, to, "en"));
        self.open = true;
    }

    pub fn element(&mut self, element: &Element) {
        self.transport.put(|out| element.write(out, ""));
    }

    pub fn stanza(&mut self, stanza: &Stanza) {
        let framing = self.transport.framing();
        self.transport.put(|out| stanza.write(out, framing));
    }

    /// Ends the stream, with an error if there is one, and waits a little for the peer to read it.
    pub async fn end(&mut self, domain: &Jid, error: Option<&StreamError>) {
        let framing = self.transport.framing();
        if !self.open {
            self.open(domain, "-", None);
        }
        if let Some(error) = error {
            self.transport.put(|out| error.write(out, framing));
        }
        self.transport.put(|out| stream::close(out, framing));
        // Who does not read its goodbye goes without.
        drop(timeout(LAST_WORDS, self.flush()).await);
        self.transport.shut(error);
        drop(timeout(LAST_WORDS, self.flush()).await);
    }

    /// A new stream begins after TLS: what came before does not count.
    pub fn reset(&mut self) {
        self.scanner.reset();
        self.open = false;
    }

    /// A new stream begins after login.
    pub fn restart(&mut self) {
        self.scanner.restart();
        self.open = false;
    }
}
