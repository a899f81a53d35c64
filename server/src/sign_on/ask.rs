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

/// Far more than any provider says.
const LARGEST: usize = 256 * 1024;

/// Why a provider did not answer, in one line without anything secret.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    /// The address is none that can be asked.
    #[error("{0} is not an https:// address")]
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

/// What a provider answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

/// Whether an address that a provider names may be asked: over TLS; or on this very machine, as tests and proxies beside us are, where that is how
/// the settings name the provider. One elsewhere has no say over what is asked on this machine.
pub(super) fn may_be_asked(address: &str, issuer: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let has_no_user = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    let by_issuer = || issuer.parse().is_ok_and(|issuer| is_without_tls_here(&issuer));
    has_no_user && (uri.scheme_str() == Some("https") || is_without_tls_here(&uri) && by_issuer())
}

fn is_without_tls_here(uri: &Uri) -> bool {
    uri.scheme_str() == Some("http") && matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// Asks the provider that the settings call `issuer` something; redirects are not followed.
pub(super) async fn ask(address: &str, issuer: &str, request: Request<()>, body: String) -> Result<Answer, AskError> {
    timeout(LONGEST, ask_for(address, issuer, request, body)).await.unwrap_or(Err(AskError::TooSlow))
}

async fn ask_for(address: &str, issuer: &str, request: Request<()>, body: String) -> Result<Answer, AskError> {
    let unusable = || AskError::Address(address.to_owned());
    if !may_be_asked(address, issuer) {
        return Err(unusable());
    }
    let uri: Uri = address.parse().map_err(|_| unusable())?;
    let (Some(host), Some(authority)) = (uri.host(), uri.authority()) else { return Err(unusable()) };
    let over_tls = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if over_tls { 443 } else { 80 });
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let (mut head, ()) = request.into_parts();
    head.uri = path.parse().map_err(|_| unusable())?;
    head.headers.insert(header::HOST, authority.as_str().parse().map_err(|_| unusable())?);
    let request = Request::from_parts(head, Full::new(Bytes::from(body)));
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

#[cfg(test)]
mod tests {
    use super::may_be_asked;

    #[test]
    fn nobody_is_asked_over_the_network_without_tls() {
        let (here, elsewhere) = ("http://127.0.0.1:8", "https://login.example");
        for address in
            ["https://login.example", "https://login.example/a?b", "http://127.0.0.1:9", "http://localhost:9/a"]
        {
            assert!(may_be_asked(address, here), "{address}");
        }
        for address in ["http://login.example", "ftp://login.example", "login.example", "", "https://a:b@login.example"]
        {
            assert!(!may_be_asked(address, here) && !may_be_asked(address, elsewhere), "{address}");
        }
    }

    #[test]
    fn a_provider_elsewhere_has_nothing_asked_on_this_machine_without_tls() {
        for issuer in ["https://login.example", "http://login.example", "https://127.0.0.1:8", ""] {
            assert!(may_be_asked("https://login.example/token", issuer), "{issuer}");
            for address in ["http://127.0.0.1:9", "http://localhost:9/a", "http://[::1]:9"] {
                assert!(!may_be_asked(address, issuer), "{issuer} {address}");
            }
        }
    }
}
