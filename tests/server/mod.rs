//! A server on loopback that answers with scripted bytes, faults included.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

pub mod doors;
pub mod stage;
pub mod upstream;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use rotation::config::{Settings, Source};

/// What the server was asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Path without the query.
    pub path: String,
    /// The query's keys and values, as sent.
    pub query: BTreeMap<String, String>,
    /// The whole head.
    pub head: String,
    /// How often this path was asked for before.
    pub before: usize,
}

/// What it answers.
#[derive(Clone, Debug)]
pub enum Reply {
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes again and again, until the client goes.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes, one by one, so long apart.
    Drip(Vec<u8>, Duration),
    /// Nothing, until the client goes.
    Silence,
    /// These bytes, then a reset.
    Reset(Vec<u8>),
}

/// Answers a request.
type Script = dyn Fn(&Request) -> Reply + Send + Sync;

/// A server that runs until it is dropped.
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    /// Starts to answer by `script`.
    pub fn start(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (log, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (script, seen, ended) = (Arc::<Script>::from(Box::new(script) as Box<Script>), log.clone(), stop.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), script, seen) = (stream, script.clone(), seen.clone()) else { continue };
                // a client that goes away is no failure of the server
                thread::spawn(move || drop(serve(stream, &*script, &seen)));
            }
        });
        Self { address, log, stop }
    }

    /// Answers requests for whatever path with these replies in turn, the last one for ever.
    pub fn replying(replies: Vec<Reply>) -> Self {
        let count = Mutex::new(0);
        Self::start(move |_| {
            let mut count = count.lock().expect("a count");
            *count += 1;
            replies[(*count - 1).min(replies.len() - 1)].clone()
        })
    }

    /// Scheme, host and port.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far; forgotten by the asking.
    pub fn take_log(&self) -> Vec<Request> {
        std::mem::take(&mut *self.log.lock().expect("a log"))
    }

    /// A source here that may be asked as fast as it can.
    pub fn source(&self) -> Source {
        Source {
            enabled: true,
            base_url: self.url(),
            user_agent: "test agent".into(),
            requests_per_second: 1000.0,
            max_in_flight: 4,
        }
    }

    /// The default settings with these sources asked, each behind a path of its own: `/via-NAME`.
    pub fn settings_via(&self, bars: &[&str], rates: &[&str]) -> Settings {
        let mut settings = self.settings();
        for (name, source) in &mut settings.sources {
            source.base_url = format!("{}/via-{name}", self.url());
        }
        settings.order.bars = bars.iter().map(|&name| name.to_owned()).collect();
        settings.order.rates = rates.iter().map(|&name| name.to_owned()).collect();
        settings
    }

    /// The default settings with every source here, and one of each kind asked.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        for source in settings.sources.values_mut() {
            *source = self.source();
        }
        settings.order.bars = vec!["yahoo".into()];
        settings.order.rates = vec!["fredgraph".into()];
        settings
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

/// Reads one request and answers it.
fn serve(mut stream: TcpStream, script: &Script, log: &Mutex<Vec<Request>>) -> std::io::Result<()> {
    let head = peek(&stream)?;
    let request = {
        let mut log = log.lock().expect("a log");
        let target = head.split(' ').nth(1).unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = query.split('&').filter_map(|pair| pair.split_once('='));
        let before = log.iter().filter(|earlier: &&Request| earlier.path == path).count();
        let query = query.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let request = Request { path: path.to_owned(), query, head: head.clone(), before };
        log.push(request.clone());
        request
    };
    let reply = script(&request);
    if let Reply::Reset(bytes) = reply {
        stream.write_all(&bytes)?;
        // what was sent must arrive before the reset, which comes of the request never having been read
        thread::sleep(Duration::from_millis(50));
        return Ok(());
    }
    stream.read_exact(&mut vec![0; head.len()])?;
    match reply {
        Reply::Bytes(bytes) | Reply::Reset(bytes) => stream.write_all(&bytes),
        Reply::Endless(first, again) => {
            stream.write_all(&first)?;
            loop {
                stream.write_all(&again)?;
            }
        }
        Reply::Drip(bytes, apart) => bytes.iter().try_for_each(|byte| {
            thread::sleep(apart);
            stream.write_all(&[*byte])
        }),
        Reply::Silence => stream.read(&mut [0]).map(|_| ()),
    }
}

/// The head of the request, still unread.
fn peek(stream: &TcpStream) -> std::io::Result<String> {
    let mut buffer = vec![0; 16_384];
    loop {
        let n = stream.peek(&mut buffer)?;
        let text = String::from_utf8_lossy(&buffer[..n]);
        if let Some(end) = text.find("\r\n\r\n") {
            return Ok(text[..end + 4].to_owned());
        }
        if n == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// A head with these headers.
pub fn head(status: u16, headers: &[(&str, &str)]) -> String {
    let mut head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").expect("text");
    }
    head + "\r\n"
}

/// A whole answer.
pub fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let length = body.as_ref().len().to_string();
    let headers: Vec<_> = headers.iter().copied().chain([("Content-Length", length.as_str())]).collect();
    Reply::Bytes([head(status, &headers).as_bytes(), body.as_ref()].concat())
}

/// A good answer.
pub fn ok(body: impl AsRef<[u8]>) -> Reply {
    answer(200, &[], body)
}

/// Bytes packed as small as can be.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// The URL of a server that is gone, at which nobody listens.
pub fn nobody() -> String {
    Server::replying(vec![Reply::Silence]).url()
}

/// A configuration in which these are asked, every source behind a path of its own at `url` and as fast as it can.
pub fn config_text(url: &str, bars: &[&str], rates: &[&str]) -> String {
    let source = |name: &&str| {
        format!("[sources.{name}]\nbase_url = \"{url}/via-{name}\"\nrequests_per_second = 1000.0\nmax_in_flight = 8\n")
    };
    let sources: String = Settings::default().sources.keys().map(source).collect();
    format!("[order]\nbars = {bars:?}\nrates = {rates:?}\n{sources}")
}

/// A good answer that ends with the connection.
pub fn unframed(body: impl AsRef<[u8]>) -> Reply {
    Reply::Bytes([head(200, &[]).as_bytes(), body.as_ref()].concat())
}
