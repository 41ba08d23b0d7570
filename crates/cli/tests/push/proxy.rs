//! Stands between the program and the server, counts chunks on the wire, and
//! breaks what it is told to break.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Pass,
    /// The connection is closed before anything reaches the server.
    Cut,
    /// The server takes it, and the connection is closed before its answer comes.
    LoseAnswer,
    /// Answered with this in the server's place.
    Answer(&'static str),
}

/// The fate of the n-th chunk that comes, from 0.
type Rule = dyn Fn(usize) -> Fate + Send + Sync;

pub(crate) struct Proxy {
    pub base: String,
    puts: Arc<Mutex<Vec<(u32, Fate)>>>,
}

impl Proxy {
    /// In plain http.
    pub(crate) fn start(
        server: &str,
        rule: impl Fn(usize) -> Fate + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        Self::serve(listener, base, server, rule, Some)
    }

    /// `wrap` makes of a connection what requests are read from.
    pub(crate) fn serve<S: Read + Write>(
        listener: TcpListener,
        base: String,
        server: &str,
        rule: impl Fn(usize) -> Fate + Send + Sync + 'static,
        wrap: impl Fn(TcpStream) -> Option<S> + Send + Sync + 'static,
    ) -> Self {
        let upstream = server.strip_prefix("http://").unwrap().to_owned();
        let puts = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::new((upstream, puts.clone(), rule, wrap));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let (upstream, puts, rule, wrap) = &*shared;
                    if let Some(client) = wrap(stream) {
                        // A connection that breaks is what this is for.
                        let _ = connection(client, upstream, puts, rule);
                    }
                });
            }
        });
        Self { base, puts }
    }

    /// Numbers of the chunks that came, in order.
    pub(crate) fn puts(&self) -> Vec<u32> {
        self.puts.lock().unwrap().iter().map(|(number, _)| *number).collect()
    }

    /// How many of them had that fate.
    pub(crate) fn met(&self, fate: Fate) -> usize {
        self.puts.lock().unwrap().iter().filter(|(_, met)| *met == fate).count()
    }
}

fn connection(
    client: impl Read + Write,
    upstream: &str,
    puts: &Mutex<Vec<(u32, Fate)>>,
    rule: &Rule,
) -> std::io::Result<()> {
    let mut client = BufReader::new(client);
    let mut server = BufReader::new(TcpStream::connect(upstream)?);
    while let Some(request) = message(&mut client)? {
        let fate = chunk_number(&request).map_or(Fate::Pass, |number| {
            let mut puts = puts.lock().unwrap();
            let fate = rule(puts.len());
            puts.push((number, fate));
            fate
        });
        match fate {
            Fate::Cut => return Ok(()),
            Fate::Answer(answer) => client.get_mut().write_all(answer.as_bytes())?,
            Fate::Pass | Fate::LoseAnswer => {
                server.get_mut().write_all(&request)?;
                let Some(answer) = message(&mut server)? else { return Ok(()) };
                if fate == Fate::LoseAnswer {
                    return Ok(());
                }
                client.get_mut().write_all(&answer)?;
            }
        }
        client.get_mut().flush()?;
    }
    Ok(())
}

/// A whole message, head and body; none at the end of the connection.
fn message(from: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut length = 0;
    loop {
        let start = bytes.len();
        if from.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&bytes[start..]).trim().to_ascii_lowercase();
        assert!(!line.starts_with("transfer-encoding"), "both sides give lengths");
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let head = bytes.len();
    bytes.resize(head + length, 0);
    from.read_exact(&mut bytes[head..])?;
    Ok(Some(bytes))
}

fn chunk_number(request: &[u8]) -> Option<u32> {
    let end = request.iter().position(|byte| *byte == b'\r')?;
    let line = std::str::from_utf8(&request[..end]).ok()?;
    let (_, rest) = line.strip_prefix("PUT ")?.split_once("/chunks/")?;
    rest.split(' ').next()?.parse().ok()
}
