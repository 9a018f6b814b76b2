//! Connections: plain or by TLS, with a limit to how slowly each may begin, ended gently.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use crate::error::HubError;
use crate::route::router;
use crate::state::Hub;

/// How long a connection may take to say what it wants.
const GREETING: Duration = Duration::from_secs(30);
/// How long requests under way may take when the hub is to end.
const FAREWELL: Duration = Duration::from_secs(20);
/// Connections at once; the next waits in the system's queue.
const CONNECTIONS: usize = 4096;

/// Reads a certificate chain and its key.
///
/// # Errors
/// When a file is not PEM, or the two do not fit.
pub fn tls(certificates: &Path, key: &Path) -> Result<TlsAcceptor, HubError> {
    let wrong = |what: &str, error: &dyn std::fmt::Display| {
        HubError::Io(std::io::Error::other(format!("{what}: {error}")))
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificates)
        .and_then(Iterator::collect)
        .map_err(|error| wrong("--tls-cert", &error))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong("--tls-key", &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| wrong("TLS", &error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves until `end` comes, then lets requests under way finish.
///
/// # Errors
/// When the listener has no address.
pub async fn serve(
    hub: Hub,
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    end: impl Future<Output = ()>,
) -> Result<(), HubError> {
    let service = router(hub);
    let ending = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(end);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place.map_err(|_| HubError::Task)?,
            () = &mut end => break,
        };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Too many open files, or a caller that left: the next may do better.
                    tracing::warn!(cause = %error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        let _faster_answers = stream.set_nodelay(true);
        let (service, watcher) = (service.clone(), ending.watcher());
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let _place = place;
            match acceptor {
                None => connection(stream, service, watcher).await,
                Some(acceptor) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(GREETING, acceptor.accept(stream)).await {
                        connection(stream, service, watcher).await;
                    }
                }
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, ending.shutdown()).await.is_err() {
        tracing::warn!("requests under way were cut off at the end");
    }
    Ok(())
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: axum::Router,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(GREETING)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    // A connection that breaks is its owner's business.
    let _cut = watcher.watch(served).await;
}

/// The address a listener really has.
///
/// # Errors
/// When it has none.
pub fn address(listener: &TcpListener) -> Result<SocketAddr, HubError> {
    Ok(listener.local_addr()?)
}
