//! A small HTTP/1.1 server that needs nothing but the standard library: `GET /` answers "Hello, Docker!".

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process;
use std::thread;
use std::time::Duration;

/// A request line and its headers together may not be longer than this.
const MAX_HEAD: u64 = 16 * 1024;

fn main() -> io::Result<()> {
    end_on_signals();
    let port = match port() {
        Ok(port) => port,
        Err(wrong) => {
            eprintln!("hello-rust: PORT is '{wrong}', which is not a port number");
            process::exit(2);
        }
    };
    let listener = TcpListener::bind(("0.0.0.0", port))?;
    println!("Listening on http://{}", listener.local_addr()?);
    for stream in listener.incoming() {
        match stream {
            Ok(stream) => {
                thread::spawn(move || {
                    // A client that goes away in the middle is no concern of ours.
                    let _ = serve(stream);
                });
            }
            Err(error) => eprintln!("hello-rust: accept: {error}"),
        }
    }
    Ok(())
}

/// The port from the environment variable PORT, or 8000.
fn port() -> Result<u16, String> {
    match env::var("PORT") {
        Ok(text) => text.parse().map_err(|_| text),
        Err(_) => Ok(8000),
    }
}

/// Answers the requests of one connection until the client closes it or asks to.
fn serve(stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_write_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    while let Some(request) = Request::read(&mut reader)? {
        let response = respond(&request);
        println!("{} {} {}", request.method, request.path, response.status);
        response.write(&mut writer, &request)?;
        if !request.keep_alive {
            break;
        }
    }
    Ok(())
}

struct Request {
    method: String,
    path: String,
    keep_alive: bool,
}

impl Request {
    /// The next request of the connection; nothing if the client has closed it.
    fn read(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
        let mut head = reader.take(MAX_HEAD);
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, path, version) = match (words.next(), words.next(), words.next()) {
            (Some(method), Some(path), Some(version)) => (method, path, version),
            _ => (String::from("BAD"), String::from("/"), String::new()),
        };
        let mut keep_alive = version == "HTTP/1.1";
        let mut body_length: u64 = 0;
        loop {
            let mut header = String::new();
            let length = head.read_line(&mut header)?;
            if length == 0 || header.trim_end().is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':') {
                let value = value.trim();
                if name.eq_ignore_ascii_case("connection") {
                    keep_alive = !value.eq_ignore_ascii_case("close")
                        && (keep_alive || value.eq_ignore_ascii_case("keep-alive"));
                } else if name.eq_ignore_ascii_case("content-length") {
                    body_length = value.parse().unwrap_or(0);
                } else if name.eq_ignore_ascii_case("transfer-encoding") {
                    // Bodies are not read here, so the next request could not be found after this one.
                    keep_alive = false;
                }
            }
        }
        keep_alive &= body_length == 0 && head.limit() > 0;
        Ok(Some(Request { method, path, keep_alive }))
    }
}

struct Response {
    status: &'static str,
    headers: &'static str,
    body: &'static str,
}

fn respond(request: &Request) -> Response {
    let path = request.path.split('?').next().unwrap_or("/");
    match (request.method.as_str(), path) {
        ("GET" | "HEAD", "/") => Response { status: "200 OK", headers: "", body: "Hello, Docker!" },
        ("GET" | "HEAD", _) => Response { status: "404 Not Found", headers: "", body: "Not found\n" },
        ("BAD", _) => Response { status: "400 Bad Request", headers: "", body: "Bad request\n" },
        _ => Response {
            status: "405 Method Not Allowed",
            headers: "Allow: GET, HEAD\r\n",
            body: "Method not allowed\n",
        },
    }
}

impl Response {
    fn write(&self, writer: &mut TcpStream, request: &Request) -> io::Result<()> {
        let mut text = format!(
            "HTTP/1.1 {}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n{}Connection: {}\r\n\r\n",
            self.status,
            self.body.len(),
            self.headers,
            if request.keep_alive { "keep-alive" } else { "close" },
        );
        if request.method != "HEAD" {
            text.push_str(self.body);
        }
        writer.write_all(text.as_bytes())
    }
}

/// In a container this is process 1, for which the kernel ignores SIGTERM and SIGINT unless they are handled: without
/// this, stopping the container would wait for its time-out.
#[cfg(unix)]
fn end_on_signals() {
    extern "C" {
        fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
        fn _exit(status: i32) -> !;
    }
    extern "C" fn end(_: i32) {
        // SAFETY: _exit may be called from a signal handler.
        unsafe { _exit(0) }
    }
    const SIGINT: i32 = 2;
    const SIGTERM: i32 = 15;
    // SAFETY: both are the C library's functions, which the standard library is linked with, with their C signatures.
    unsafe {
        signal(SIGINT, end);
        signal(SIGTERM, end);
    }
}

#[cfg(not(unix))]
fn end_on_signals() {}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Response {
        respond(&Request { method: "GET".into(), path: path.into(), keep_alive: false })
    }

    #[test]
    fn greets_at_the_root_only() {
        assert_eq!(get("/").body, "Hello, Docker!");
        assert_eq!(get("/?x=1").status, "200 OK");
        assert_eq!(get("/other").status, "404 Not Found");
    }
}
