//! Certificates, and what may not leave https.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::desk::{Desk, Said, TUESDAY};
use crate::server::{Server, answer, ok};

/// A certificate authority, and a configuration of servers that it vouches for at `localhost`.
fn authority() -> (String, Arc<ServerConfig>) {
    let (own, key) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
    let mut ca = CertificateParams::new(Vec::new()).expect("parameters");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = ca.self_signed(&own).expect("a certificate").pem();
    let server = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let certificate = server.signed_by(&key, &Issuer::new(ca, own)).expect("a certificate");
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .expect("a configuration");
    (root, Arc::new(config))
}

/// A door with TLS in front of a server: its URL.
fn door(server: &Server, config: Arc<ServerConfig>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
    let behind = server.url().replace("http://", "");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, behind) = (config.clone(), behind.clone());
            // a client that does not trust the certificate goes away
            thread::spawn(move || drop(pass(stream, config, &behind)));
        }
    });
    url
}

/// Passes one request on, and its answer back.
fn pass(stream: TcpStream, config: Arc<ServerConfig>, behind: &str) -> std::io::Result<()> {
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let mut inner = TcpStream::connect(behind)?;
    inner.write_all(&head)?;
    let mut reply = Vec::new();
    inner.read_to_end(&mut reply)?;
    stream.write_all(&reply)?;
    stream.conn.send_close_notify();
    stream.flush()
}

#[test]
fn t20_another_authority_is_trusted_when_named_and_a_missing_file_is_no_silence() {
    let server = Server::replying(vec![ok("observation_date,DGS2\n2025-09-19,3.5\n2025-09-22,3.6\n")]);
    let (root, config) = authority();
    let desk = Desk::new();
    desk.configure_at(&door(&server, config), &["yahoo"], &["fredgraph"], "");
    let file = desk.file("ca.pem", root);
    let fetch = |file: Option<&str>| -> Said {
        let mut command = desk.command(TUESDAY, &["fetch", "DGS2"]);
        command.envs(file.map(|file| ("SSL_CERT_FILE", file)));
        command.output().expect("a run").into()
    };
    fetch(None).ends(3, &["no answer from `https://localhost:", "check the network"]);
    assert!(!desk.path("store/rates/DGS2.parquet").exists(), "nobody vouches for it");
    let missing = desk.path("none.pem").display().to_string();
    fetch(Some(&missing)).ends(1, &[&missing, "correct `SSL_CERT_FILE` or unset it"]);
    fetch(Some(&desk.file("empty.pem", "none"))).ends(1, &["empty.pem", "no certificate"]);
    assert!(server.take_log().is_empty());
    let said = fetch(Some(&file));
    said.ends(0, &[]);
    assert_eq!((&*said.err, server.take_log().len()), ("", 1));
    assert!(fs::exists(desk.path("store/rates/DGS2.parquet")).expect("a folder"));
}

#[test]
fn t07_a_key_is_never_sent_in_clear() {
    let plain = Server::replying(vec![ok("[]")]);
    let there = format!("{}/tiingo/daily/KRE/prices", plain.url());
    let server = Server::replying(vec![answer(302, &[("Location", there.as_str())], "")]);
    let (root, config) = authority();
    let desk = Desk::new();
    desk.configure_at(&door(&server, config), &["tiingo"], &["fredgraph"], "");
    let mut command = desk.command(TUESDAY, &["fetch", "KRE"]);
    command.env("SSL_CERT_FILE", desk.file("ca.pem", root)).env("TIINGO_API_KEY", "canary0123456789");
    let said = Said::from(command.output().expect("a run"));
    said.ends(3, &["redirects to `http://127.0.0.1`, which is not followed"]);
    assert!(server.take_log()[0].head.contains("canary0123456789") && !said.err.contains("canary"), "{said:?}");
    assert!(plain.take_log().is_empty());
}
