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

use super::judge::judge;
use crate::domain::{CertificateFacts, TlsFacts, TlsFault, text};
use crate::remote::certificate::{self, Certificate};
use crate::remote::network::tls_text;
use crate::remote::tls::provider;

/// Certificates of a chain that are looked at.
const LONGEST_CHAIN: usize = 20;

/// How long a server may take to say that it wanted a client certificate: in TLS 1.3 the
/// handshake is over by then.
const SECOND_THOUGHTS: Duration = Duration::from_secs(1);

/// Makes the handshake and judges its certificates; ends by `deadline`, which is `limit` after the start.
pub(super) async fn shake_hands(
    stream: TcpStream,
    host: &str,
    verifier: Result<Arc<Verifier>, String>,
    now: Timestamp,
    deadline: Instant,
    limit: Duration,
) -> TlsFacts {
    let failed = |text: String| TlsFacts {
        faults: vec![TlsFault::Failed(text)],
        ..TlsFacts::default()
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
    let fault = match outcome {
        Ok(Ok(mut stream)) => {
            protocol = stream.get_ref().1.protocol_version().map(version);
            let refused = asks_client && is_refused(&mut stream, deadline).await;
            let _ = timeout_at(deadline.into(), stream.shutdown()).await;
            refused.then_some(TlsFault::ClientCertificateRequired)
        }
        Ok(Err(error)) => Some(fault_of(&error, asks_client)),
        Err(_) => Some(TlsFault::Failed(format!(
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
        judged.faults.push(TlsFault::Refused(text));
    }
    judged.faults.extend(fault);
    let chain: Vec<CertificateFacts> = chain.into_iter().map(|one| one.facts).collect();
    TlsFacts {
        protocol,
        faults: judged.faults,
        first_to_end: judged
            .first_to_end
            .and_then(|index| chain.get(index).cloned()),
        chain,
        asks_client,
        has_client: false,
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
fn fault_of(error: &io::Error, asks_client: bool) -> TlsFault {
    use AlertDescription as A;
    let cause = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => TlsFault::NotTls,
        Some(rustls::Error::AlertReceived(_)) | None if asks_client => {
            TlsFault::ClientCertificateRequired
        }
        Some(rustls::Error::AlertReceived(
            A::ProtocolVersion | A::HandshakeFailure | A::InsufficientSecurity,
        )) => TlsFault::Protocol("it refuses TLS 1.2 and 1.3, or every cipher".to_owned()),
        Some(rustls::Error::PeerIncompatible(why)) => {
            TlsFault::Protocol(text::excerpt(&format!("{why:?}"), 200))
        }
        Some(error) => TlsFault::Failed(text::excerpt(&tls_text(error), 300)),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            TlsFault::Failed("the connection was closed during the handshake".to_owned())
        }
        None => TlsFault::Failed(text::excerpt(&error.to_string(), 300)),
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
