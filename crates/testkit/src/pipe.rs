//! What a scripted client runs on: TCP, TLS over it, or the messages of a WebSocket.

use futures_util::{SinkExt, StreamExt};
use magpie_core::handover::Io;
use magpie_xmpp::scan::Framing;
use rustls::{
    ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring},
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest, Sha256};
use std::{io, net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role},
};

/// Bytes on their way between the two ends of a WebSocket.
const ROOM: usize = 64 * 1024;

pub(crate) enum Pipe {
    Tcp(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    Web(Box<WebSocketStream<DuplexStream>>),
}

/// What a login may be bound to; empty without TLS.
#[derive(Debug, Clone, Default)]
pub struct Bindings {
    /// RFC 9266.
    pub exporter: Vec<u8>,
    /// RFC 5929, of a certificate that is signed with SHA-256.
    pub end_point: Vec<u8>,
}

impl Pipe {
    pub async fn tcp(to: SocketAddr) -> Pipe {
        Pipe::Tcp(connect(to).await)
    }

    pub async fn tls(to: SocketAddr) -> Pipe {
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("there is TLS")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").expect("a name");
        let connector = TlsConnector::from(Arc::new(config));
        let stream = connector.connect(name, connect(to).await).await;
        Pipe::Tls(Box::new(stream.expect("the handshake succeeds")))
    }

    /// The client's end after the handshake, and the server's.
    pub async fn web() -> (Pipe, Box<dyn Io>) {
        let (ours, theirs) = duplex(ROOM);
        let stream = WebSocketStream::from_raw_socket(ours, Role::Client, None).await;
        (Pipe::Web(Box::new(stream)), Box::new(theirs))
    }

    pub fn framing(&self) -> Framing {
        match self {
            Pipe::Tcp(_) | Pipe::Tls(_) => Framing::Tcp,
            Pipe::Web(_) => Framing::WebSocket,
        }
    }

    pub async fn send(&mut self, xml: &str) -> io::Result<()> {
        match self {
            Pipe::Tcp(tcp) => tcp.write_all(xml.as_bytes()).await,
            Pipe::Tls(tls) => {
                tls.write_all(xml.as_bytes()).await?;
                tls.flush().await
            }
            Pipe::Web(web) => web.send(Message::text(xml)).await.map_err(io::Error::other),
        }
    }

    /// What comes next; `None` when the connection is closed.
    pub async fn receive(&mut self) -> Option<Vec<u8>> {
        let mut buffer = [0; 4096];
        let n = match self {
            Pipe::Tcp(tcp) => tcp.read(&mut buffer).await,
            Pipe::Tls(tls) => tls.read(&mut buffer).await,
            Pipe::Web(web) => {
                return match web.next().await {
                    Some(Ok(Message::Text(text))) => Some(text.as_bytes().to_vec()),
                    _ => None,
                };
            }
        };
        let n = n.unwrap_or(0);
        (n > 0).then(|| buffer[..n].to_vec())
    }

    pub fn bindings(&self) -> Bindings {
        let Pipe::Tls(tls) = self else {
            return Bindings::default();
        };
        let (_, connection) = tls.get_ref();
        let exporter = connection
            .export_keying_material(vec![0; 32], b"EXPORTER-Channel-Binding", Some(b""))
            .expect("the handshake is done");
        let certificate = connection.peer_certificates().expect("a certificate");
        Bindings {
            exporter,
            end_point: Sha256::digest(&certificate[0]).to_vec(),
        }
    }
}

async fn connect(to: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(to).await.expect("the server listens");
    socket.set_nodelay(true).expect("a socket takes options");
    socket
}

/// Trusts whoever answers: the stage's certificate is self-signed.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
