//! An HTTP client for scripts: it sends exactly what is written, so that it can also send what no browser would.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// How long an answer may take. Generous: the machine of the tests is small and shared.
const DEADLINE: Duration = Duration::from_secs(20);

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its head as it came.
    pub head: String,
    /// Its body.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header, "" if it is not there.
    pub fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().skip(1);
        let mut fields = lines.filter_map(|l| l.split_once(':'));
        let found = fields.find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.trim())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a request: `line` is method and path, `headers` are whole lines. The length of a body is added, unless a header says
/// how long it is.
pub async fn request(to: SocketAddr, line: &str, headers: &[&str], body: &[u8]) -> Response {
    let mut head = format!("{line} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
    let says = |name: &str| headers.iter().any(|h| h.to_lowercase().starts_with(name));
    if !body.is_empty() && !says("content-length") && !says("transfer-encoding") {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    headers
        .iter()
        .for_each(|h| head.push_str(&format!("{h}\r\n")));
    let whole = [head.as_bytes(), b"\r\n", body].concat();
    answer(send(to, &whole).await).await
}

/// A GET without headers.
pub async fn get(to: SocketAddr, path: &str) -> Response {
    request(to, &format!("GET {path}"), &[], b"").await
}

/// Connects and sends bytes as they are; whoever refuses them early may have closed by then.
pub async fn send(to: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut socket = TcpStream::connect(to).await.expect("the server listens");
    let sending = timeout(DEADLINE, socket.write_all(bytes));
    drop(sending.await.expect("the server reads or closes"));
    socket
}

/// Reads the answer until the server closes.
pub async fn answer(mut socket: TcpStream) -> Response {
    let mut bytes = Vec::new();
    let reading = timeout(DEADLINE, socket.read_to_end(&mut bytes)).await;
    drop(reading.expect("the server answers and closes"));
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(&bytes)));
    let mut response = Response {
        status: 0,
        head: String::from_utf8_lossy(&bytes[..end]).into_owned(),
        body: bytes[end + 4..].to_vec(),
    };
    let status = response.head.split(' ').nth(1);
    response.status = status.and_then(|s| s.parse().ok()).expect("a status");
    if response.header("transfer-encoding") == "chunked" {
        response.body = unchunked(&response.body);
    }
    response
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = String::from_utf8_lossy(&rest[..end]);
        let size = usize::from_str_radix(&size, 16).expect("a chunk's size");
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    panic!("the last chunk did not come");
}
