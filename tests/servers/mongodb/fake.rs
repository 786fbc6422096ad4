//! A server between the client and the real one, which passes messages on until it is told to misbehave.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use mongodb::bson::{Document, RawDocument, doc};

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyAction {
    Pass,
    /// Answered with an error of this code, and not passed on.
    Refuse(i32, &'static str),
    /// The connection breaks and the message is lost.
    Cut,
    /// The message is carried out and the connection breaks before the answer.
    CutAfter,
    /// No answer ever comes.
    Stall,
}

const MESSAGE: i32 = 2013;

/// Listens in front of the server at `uri`; `fate` decides by the command's name. Answers with the URI to use.
pub fn before(uri: &str, fate: impl Fn(&str) -> ProxyAction + Send + Sync + 'static) -> String {
    let target = uri.trim_start_matches("mongodb://").split('/').next().expect("an address").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let fate = Arc::new(fate);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (target, fate) = (target.clone(), Arc::clone(&fate));
            thread::spawn(move || {
                if let Ok(server) = TcpStream::connect(target) {
                    pass(client, server, fate.as_ref());
                }
            });
        }
    });
    format!("mongodb://127.0.0.1:{port}/?serverMonitoringMode=poll")
}

fn pass(mut client: TcpStream, mut server: TcpStream, fate: &(impl Fn(&str) -> ProxyAction + ?Sized)) {
    let muted = Arc::new(AtomicBool::new(false));
    let (mut from_server, mut to_client) = (server.try_clone().expect("a socket"), client.try_clone().expect("a socket"));
    let mute = Arc::clone(&muted);
    thread::spawn(move || {
        while let Some(message) = read_message(&mut from_server) {
            if mute.load(Ordering::SeqCst) || to_client.write_all(&message).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    while let Some(message) = read_message(&mut client) {
        match command_of(&message).map_or(ProxyAction::Pass, |name| fate(&name)) {
            ProxyAction::Pass => {
                if server.write_all(&message).is_err() {
                    break;
                }
            }
            ProxyAction::Refuse(code, text) => {
                let reply = doc! { "ok": 0.0, "code": code, "codeName": "Refused", "errmsg": text };
                if client.write_all(&answer(&message, &reply)).is_err() {
                    break;
                }
            }
            ProxyAction::Cut => break,
            ProxyAction::CutAfter => {
                muted.store(true, Ordering::SeqCst);
                let _ = server.write_all(&message);
                thread::sleep(Duration::from_millis(500));
                break;
            }
            ProxyAction::Stall => {}
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
}

fn read_message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut message = vec![0; usize::try_from(i32::from_le_bytes(length)).ok()?];
    message[..4].copy_from_slice(&length);
    stream.read_exact(&mut message[4..]).ok()?;
    Some(message)
}

/// The name of the command in a message: the first key of its body.
fn command_of(message: &[u8]) -> Option<String> {
    if int(message, 12)? != MESSAGE || *message.get(20)? != 0 {
        return None;
    }
    let length = usize::try_from(int(message, 21)?).ok()?;
    let body = RawDocument::from_bytes(message.get(21..21 + length)?).ok()?;
    let first = body.iter_elements().next()?.ok()?;
    Some(first.key().as_str().to_owned())
}

fn answer(request: &[u8], reply: &Document) -> Vec<u8> {
    let body = mongodb::bson::serialize_to_vec(reply).expect("a document");
    let mut message = Vec::new();
    for number in [0, 1, int(request, 4).unwrap_or(0), MESSAGE, 0] {
        message.extend(number.to_le_bytes());
    }
    message.push(0);
    message.extend(body);
    let length = message.len() as i32;
    message[..4].copy_from_slice(&length.to_le_bytes());
    message
}

fn int(message: &[u8], at: usize) -> Option<i32> {
    Some(i32::from_le_bytes(message.get(at..at + 4)?.try_into().ok()?))
}
