//! Makes one TLS handshake that accepts any certificate, and reports its faults.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{
    AlertDescription, ClientConfig, DigitallySignedStruct, InvalidMessage, ProtocolVersion,
    SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout_at;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::judge::{TlsProblem, judge};
use crate::domain::text;
use crate::remote::certificate::{self, Certificate, CertificateLook};
use crate::remote::network::tls_text;
use crate::remote::tls::provider;

/// Certificates of a chain that are looked at.
const LONGEST_CHAIN: usize = 20;

/// How long a server may take to say that it wanted a client certificate: in TLS 1.3 the
/// handshake is over by then.
const SECOND_THOUGHTS: Duration = Duration::from_secs(1);

/// What a TLS handshake showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsLook {
    /// `TLS 1.3`; none when the handshake did not come to its end.
    pub protocol: Option<String>,
    /// The certificates that were presented, the server's own first.
    pub chain: Vec<CertificateLook>,
    /// Everything that is wrong.
    pub problems: Vec<TlsProblem>,
    /// The certificate of the chain whose validity ends first, and that of the chain with it.
    pub first_to_end: Option<CertificateLook>,
    /// Whether a client certificate was asked for, needed or not. None was sent.
    pub asks_client: bool,
}

/// Shakes hands and judges; ends by `deadline`, which is `limit` after the start.
pub(super) async fn look(
    stream: TcpStream,
    host: &str,
    verifier: Result<Arc<Verifier>, String>,
    now: Timestamp,
    deadline: Instant,
    limit: Duration,
) -> TlsLook {
    let failed = |text: String| TlsLook {
        problems: vec![TlsProblem::Other(text)],
        ..TlsLook::default()
    };
    let verifier = match verifier {
        Ok(verifier) => verifier,
        Err(error) => return failed(error),
    };
    let Ok(name) = ServerName::try_from(host.to_owned()) else {
        return failed("no certificate can be for such a name".to_owned());
    };
    let witness = Arc::new(CapturingVerifier {
        verifier: Arc::clone(&verifier),
        chain: Mutex::default(),
    });
    let client = Arc::new(NoClientCertificate::default());
    let config = match config(&witness, &client) {
        Ok(config) => config,
        Err(error) => return failed(tls_text(&error)),
    };
    let connecting = TlsConnector::from(Arc::new(config)).connect(name.clone(), stream);
    let outcome = timeout_at(deadline.into(), connecting).await;
    let asks_client = client.was_asked.load(Ordering::Relaxed);
    let mut protocol = None;
    let problem = match outcome {
        Ok(Ok(mut stream)) => {
            protocol = stream.get_ref().1.protocol_version().map(version);
            let refused = asks_client && is_refused(&mut stream, deadline).await;
            let _ = timeout_at(deadline.into(), stream.shutdown()).await;
            refused.then_some(TlsProblem::ClientCertificateWanted)
        }
        Ok(Err(error)) => Some(problem(&error, asks_client)),
        Err(_) => Some(TlsProblem::Other(format!(
            "no end of the handshake within {limit:?}"
        ))),
    };
    let presented = witness.presented();
    let chain: Vec<Certificate> = presented
        .iter()
        .map_while(|der| certificate::read(der))
        .collect();
    let mut judged = judge(verifier.as_ref(), &presented, &chain, &name, now);
    if chain.is_empty() && !presented.is_empty() {
        let text = "the certificate cannot be read".to_owned();
        judged.problems.push(TlsProblem::Refused(text));
    }
    judged.problems.extend(problem);
    let chain: Vec<CertificateLook> = chain.into_iter().map(|one| one.look).collect();
    TlsLook {
        protocol,
        problems: judged.problems,
        first_to_end: judged
            .first_to_end
            .and_then(|index| chain.get(index).cloned()),
        chain,
        asks_client,
    }
}

fn config(
    witness: &Arc<CapturingVerifier>,
    client: &Arc<NoClientCertificate>,
) -> Result<ClientConfig, rustls::Error> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(witness) as Arc<dyn ServerCertVerifier>)
        .with_client_cert_resolver(Arc::clone(client) as Arc<dyn ResolvesClientCert>);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn version(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_2 => "TLS 1.2".to_owned(),
        ProtocolVersion::TLSv1_3 => "TLS 1.3".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Whether a server that asked for a client certificate hangs up for want of one. Nothing is
/// asked, so that one that does without says nothing.
async fn is_refused(stream: &mut TlsStream<TcpStream>, deadline: Instant) -> bool {
    let until = deadline.min(Instant::now() + SECOND_THOUGHTS);
    let read = timeout_at(until.into(), stream.read_u8()).await;
    matches!(read, Ok(Err(_)))
}

/// Why a handshake failed.
fn problem(error: &io::Error, asks_client: bool) -> TlsProblem {
    use AlertDescription as A;
    let cause = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => {
            TlsProblem::NotTls
        }
        Some(rustls::Error::AlertReceived(_)) | None if asks_client => {
            TlsProblem::ClientCertificateWanted
        }
        Some(rustls::Error::AlertReceived(
            A::ProtocolVersion | A::HandshakeFailure | A::InsufficientSecurity,
        )) => TlsProblem::Protocol("it refuses TLS 1.2 and 1.3, or every cipher".to_owned()),
        Some(rustls::Error::PeerIncompatible(why)) => {
            TlsProblem::Protocol(text::excerpt(&format!("{why:?}"), 200))
        }
        Some(error) => TlsProblem::Other(text::excerpt(&tls_text(error), 300)),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            TlsProblem::Other("the connection was closed during the handshake".to_owned())
        }
        None => TlsProblem::Other(text::excerpt(&error.to_string(), 300)),
    }
}

/// Takes any chain and keeps it. Only used where nothing is sent afterwards.
#[derive(Debug)]
struct CapturingVerifier {
    verifier: Arc<Verifier>,
    chain: Mutex<Vec<CertificateDer<'static>>>,
}

impl CapturingVerifier {
    fn presented(&self) -> Vec<CertificateDer<'static>> {
        let mut chain = self.chain.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *chain)
    }
}

impl ServerCertVerifier for CapturingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let mut chain = self.chain.lock().unwrap_or_else(PoisonError::into_inner);
        *chain = std::iter::once(end_entity)
            .chain(intermediates)
            .take(LONGEST_CHAIN)
            .map(|der| der.clone().into_owned())
            .collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// A client without a certificate that remembers having been asked for one.
#[derive(Debug, Default)]
struct NoClientCertificate {
    was_asked: AtomicBool,
}

impl ResolvesClientCert for NoClientCertificate {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        _sigschemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.was_asked.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}
