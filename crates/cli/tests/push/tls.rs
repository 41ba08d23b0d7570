//! https, with a certificate that is trusted and one that is not.
//!
//! Both were made for this test alone, for `localhost` and a hundred years:
//! `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500
//! -subj /CN=localhost -addext subjectAltName=DNS:localhost -addext
//! basicConstraints=critical,CA:FALSE`. The key protects nothing.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::proxy::{Fate, Proxy};
use crate::rehome::{Came, fixture};
use crate::server::Server;

fn pem(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/push/tls").join(name)
}

#[test]
fn a_certificate_is_checked_against_the_authorities_of_the_machine() {
    let server = Server::set_up();
    let certificate = CertificateDer::from_pem_file(pem("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(pem("localhost-key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let wrap = move |stream: TcpStream| {
        let connection = ServerConnection::new(Arc::clone(&config)).ok()?;
        Some(StreamOwned::new(connection, stream))
    };
    let proxy = Proxy::serve(listener, base, &server.base, |_| Fate::Pass, wrap);
    let push = |authorities: &str| {
        let mut command = server.push_through(&proxy.base, &fixture("basic.xml"));
        command.arg("--json").env("SSL_CERT_FILE", pem(authorities));
        Came::of(command)
    };

    let refused = push("stranger.pem");
    assert_eq!(refused.code, 1, "{refused:?}");
    assert_eq!(refused.json()["error"]["code"], "tls_failed");
    assert_eq!(proxy.puts().len(), 0);

    let trusted = push("localhost.pem");
    assert_eq!(trusted.code, 0, "{trusted:?}");
    assert_eq!(trusted.json()["import"]["result"]["comments"]["inserted"], 14);
    assert_eq!(proxy.puts(), [1]);
}
