//! Asking another server something, over TLS with the certificates that the system trusts, or without.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    http::{Request, StatusCode, Uri, header},
};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring::default_provider, pki_types::ServerName},
};

/// Somebody waits for the answer.
const LONGEST: Duration = Duration::from_secs(10);

/// Far more than anybody says who is asked.
const LARGEST: usize = 256 * 1024;

/// Why another server did not answer, in one line without anything secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// The address is none that can be asked.
    #[error("{0} is no address that can be asked")]
    Address(String),
    /// It took too long.
    #[error("it did not answer in time")]
    TooSlow,
    /// The connection failed.
    #[error("it cannot be reached: {0}")]
    Connection(#[from] std::io::Error),
    /// It does not speak as it should.
    #[error("its answer cannot be read: {0}")]
    Http(#[from] hyper::Error),
    /// It said more than is read.
    #[error("its answer is too long")]
    TooLong,
    /// Its certificates cannot be looked at.
    #[error("TLS: {0}")]
    Tls(#[from] tokio_rustls::rustls::Error),
}

/// What it answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

/// Asks the server at an address something; redirects are not followed. Whether the address may be asked is for the caller to know.
pub(crate) async fn ask(address: &str, request: Request<()>, body: Bytes) -> Result<Answer, AskError> {
    timeout(LONGEST, ask_for(address, request, body)).await.unwrap_or(Err(AskError::TooSlow))
}

async fn ask_for(address: &str, request: Request<()>, body: Bytes) -> Result<Answer, AskError> {
    let unusable = || AskError::Address(address.to_owned());
    let uri: Uri = address.parse().map_err(|_| unusable())?;
    if !matches!(uri.scheme_str(), Some("https" | "http")) {
        return Err(unusable());
    }
    let (Some(host), Some(authority)) = (uri.host(), uri.authority()) else { return Err(unusable()) };
    let over_tls = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if over_tls { 443 } else { 80 });
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let (mut head, ()) = request.into_parts();
    head.uri = path.parse().map_err(|_| unusable())?;
    head.headers.insert(header::HOST, authority.as_str().parse().map_err(|_| unusable())?);
    let request = Request::from_parts(head, Full::new(body));
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((host, port)).await?;
    if !over_tls {
        return answer(stream, request).await;
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|_| unusable())?;
    answer(tls()?.connect(name, stream).await?, request).await
}

/// Trusts what the system trusts, as letters do.
fn tls() -> Result<TlsConnector, AskError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Answer, AskError> {
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = Limited::new(response.into_body(), LARGEST).collect().await.map_err(|_| AskError::TooLong)?;
    connection.abort();
    Ok(Answer { status, body: body.to_bytes() })
}
