//! A webhook's receiver that keeps what it gets: HTTP/1.1, one request on a connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use standardwebhooks::Webhook;
use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use crate::mail_server::pem;
use crate::process::wait_for;

/// What the receiver and the server both know.
pub(crate) const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub first_line: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Request {
    /// Whether another implementation of the specification takes it for genuine.
    pub(crate) fn verify(&self) {
        let webhook = Webhook::new(SECRET).unwrap();
        webhook.verify(self.body.as_bytes(), &self.headers).unwrap();
        let mut other = self.clone();
        other.body.push(' ');
        assert!(webhook.verify(other.body.as_bytes(), &other.headers).is_err());
    }

    pub(crate) fn id(&self) -> &str {
        self.headers["webhook-id"].to_str().unwrap()
    }
}

#[derive(Debug, Default)]
struct State {
    connections: usize,
    requests: Vec<Request>,
    /// Status line and headers; without it a request is left without an answer.
    answer: Option<String>,
}

/// Listens as long as the test process lives.
#[derive(Debug, Clone)]
pub(crate) struct Receiver {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    pub(crate) fn start(answer: Option<&str>) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), answer, None)
    }

    /// On a port that nobody had so far.
    pub(crate) fn at(port: u16, answer: &str) -> Self {
        Self::on(TcpListener::bind(("127.0.0.1", port)).unwrap(), Some(answer), None)
    }

    /// As `localhost`, by https.
    pub(crate) fn by_https(answer: &str) -> Self {
        let chain = CertificateDer::pem_file_iter(pem("localhost.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(pem("localhost-key.pem")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain.map(Result::unwrap).collect(), key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self::on(listener, Some(answer), Some(Arc::new(config)))
    }

    fn on(listener: TcpListener, answer: Option<&str>, tls: Option<Arc<ServerConfig>>) -> Self {
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let receiver = Self { port, state };
        receiver.answer(answer);
        let taking = receiver.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (taking, connection, tls) = (taking.clone(), connection.unwrap(), tls.clone());
                taking.state.lock().unwrap().connections += 1;
                std::thread::spawn(move || match tls {
                    None => taking.take(connection),
                    Some(config) => {
                        let tls = ServerConnection::new(config).unwrap();
                        taking.take(StreamOwned::new(tls, connection));
                    }
                });
            }
        });
        receiver
    }

    /// What comes from now on is answered so; nothing leaves it without an answer.
    pub(crate) fn answer(&self, head: Option<&str>) {
        self.state.lock().unwrap().answer = head.map(str::to_owned);
    }

    /// Takes a request, unless the connection ends before it came whole.
    fn take(&self, connection: impl Read + Write) {
        let mut connection = BufReader::new(connection);
        let Ok(request) = read(&mut connection) else { return };
        let answer = {
            let mut state = self.state.lock().unwrap();
            state.requests.push(request);
            state.answer.clone()
        };
        let Some(answer) = answer else {
            // Until the other side is gone.
            let _ = connection.read_to_end(&mut Vec::new());
            return;
        };
        let head = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let _ = connection.get_mut().write_all(head.as_bytes());
        let _ = connection.get_mut().flush();
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.lock().unwrap().requests.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// Waits until so many came.
    pub(crate) fn wait(&self, count: usize) -> Vec<Request> {
        wait_for("a webhook", || Some(self.requests()).filter(|all| all.len() >= count))
    }
}

fn read(connection: &mut impl BufRead) -> std::io::Result<Request> {
    let first_line = line(connection)?;
    let mut headers = HeaderMap::new();
    loop {
        let line = line(connection)?;
        let Some((name, value)) = line.split_once(':') else { break };
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, HeaderValue::from_str(value.trim()).unwrap());
    }
    let length = headers.get("content-length").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let mut body = vec![0; length.to_str().unwrap().parse().unwrap()];
    connection.read_exact(&mut body)?;
    Ok(Request { first_line, headers, body: String::from_utf8(body).unwrap() })
}

fn line(connection: &mut impl BufRead) -> std::io::Result<String> {
    let mut line = String::new();
    connection.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

/// Makes sure that nobody listens there: bound once and let go.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
