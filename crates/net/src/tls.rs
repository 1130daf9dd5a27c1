//! TLS: the certificate, and what clients may bind a login to (RFC 9266, RFC 5929).

use crate::{Config, Error};
use magpie_xmpp::sasl::scram::ChannelBindings;
use rustls::{ServerConfig, ServerConnection};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::{
    fs, io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What an acceptor needs. Cloning is cheap.
#[derive(Clone)]
pub struct Tls {
    pub(crate) starttls: Arc<ServerConfig>,
    pub(crate) direct: Arc<ServerConfig>,
    end_point: Arc<[u8]>,
    self_signed: bool,
}

fn error(what: &str, path: &Path, e: impl std::fmt::Display) -> Error {
    Error::Tls(format!("{what} {}: {e}", path.display()))
}

impl Tls {
    /// Reads the certificate that `config` names; without one, makes a self-signed one for `domain` in `dir` on the first
    /// start and keeps it.
    pub fn load(config: &Config, dir: &Path, domain: &str) -> Result<Tls, Error> {
        let self_signed = config.certificate.as_os_str().is_empty();
        let (certificate, key) = if self_signed {
            let paths = (dir.join("certificate.pem"), dir.join("key.pem"));
            if !paths.0.exists() || !paths.1.exists() {
                make(&paths.0, &paths.1, domain)?;
            }
            paths
        } else {
            (config.certificate.clone(), config.key.clone())
        };
        Tls::read(&certificate, &key, self_signed)
    }

    fn read(certificate: &PathBuf, key: &PathBuf, self_signed: bool) -> Result<Tls, Error> {
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|e| error("net.certificate: cannot read", certificate, e))?;
        let leaf = chain
            .first()
            .ok_or_else(|| error("net.certificate:", certificate, "no certificate in it"))?;
        let end_point = end_point(leaf).into();
        let secret =
            PrivateKeyDer::from_pem_file(key).map_err(|e| error("net.key: cannot read", key, e))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut starttls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| error("net.certificate:", certificate, e))?
            .with_no_client_auth()
            .with_single_cert(chain, secret)
            .map_err(|e| error("net.certificate and net.key do not fit:", certificate, e))?;
        // Tickets would be kept for each client; sessions are resumed by XEP-0198.
        starttls.send_tls13_tickets = 0;
        let mut direct = starttls.clone();
        direct.alpn_protocols = vec![b"xmpp-client".to_vec()];
        Ok(Tls {
            starttls: Arc::new(starttls),
            direct: Arc::new(direct),
            end_point,
            self_signed,
        })
    }

    /// Whether the certificate was made by this server.
    pub fn is_self_signed(&self) -> bool {
        self.self_signed
    }

    /// What a client on `connection` may bind its login to.
    pub(crate) fn bindings(&self, connection: &ServerConnection) -> ChannelBindings {
        let modern = connection.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_3);
        let exporter = if modern {
            connection
                .export_keying_material([0u8; 32], b"EXPORTER-Channel-Binding", Some(b""))
                .ok()
        } else {
            None
        };
        ChannelBindings {
            tls_exporter: exporter.map(|e| e.to_vec()),
            tls_server_end_point: Some(self.end_point.to_vec()),
        }
    }
}

/// The hash of the certificate by its signature's hash function, SHA-256 for the weak ones (RFC 5929 §4.1).
fn end_point(leaf: &[u8]) -> Vec<u8> {
    use x509_parser::{oid_registry as oid, prelude::*};
    let algorithm = X509Certificate::from_der(leaf)
        .map(|(_, c)| c.signature_algorithm.algorithm.clone())
        .ok();
    match algorithm {
        Some(a) if a == oid::OID_PKCS1_SHA384WITHRSA || a == oid::OID_SIG_ECDSA_WITH_SHA384 => {
            Sha384::digest(leaf).to_vec()
        }
        Some(a) if a == oid::OID_PKCS1_SHA512WITHRSA || a == oid::OID_SIG_ECDSA_WITH_SHA512 => {
            Sha512::digest(leaf).to_vec()
        }
        _ => Sha256::digest(leaf).to_vec(),
    }
}

fn make(certificate: &Path, key: &Path, domain: &str) -> Result<(), Error> {
    let names = [
        domain.to_owned(),
        format!("*.{domain}"),
        "localhost".into(),
        "127.0.0.1".into(),
        "::1".into(),
    ];
    let mut names = names.to_vec();
    names.dedup();
    let pair = rcgen::KeyPair::generate().map_err(|e| error("cannot make a key for", key, e))?;
    let mut params = rcgen::CertificateParams::new(names)
        .map_err(|e| error("no certificate for", Path::new(domain), e))?;
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, domain);
    let made = params
        .self_signed(&pair)
        .map_err(|e| error("cannot sign", certificate, e))?;
    let write = |path: &Path, text: &str| -> io::Result<()> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)?;
        io::Write::write_all(&mut file, text.as_bytes())
    };
    fs::create_dir_all(certificate.parent().unwrap_or(Path::new(".")))
        .map_err(|e| error("cannot make", certificate, e))?;
    write(key, &pair.serialize_pem()).map_err(|e| error("cannot write", key, e))?;
    write(certificate, &made.pem()).map_err(|e| error("cannot write", certificate, e))
}
