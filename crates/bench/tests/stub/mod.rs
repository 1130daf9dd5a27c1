//! A server that knows just enough XMPP for the generator, and that misbehaves on request.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf},
    sync::mpsc::{UnboundedSender, unbounded_channel},
};

/// What the stub does to messages.
#[derive(Clone, Copy, PartialEq)]
pub enum Fault {
    /// Relays each once, in order.
    None,
    /// Drops the tenth message it sees.
    Lose,
    /// Relays the tenth message twice.
    Double,
    /// Answers the tenth message with an error.
    Refuse,
}

type Users = Arc<Mutex<HashMap<String, UnboundedSender<String>>>>;

/// Listens on a free port and serves until the runtime ends; gives the port.
pub async fn serve(fault: Fault) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let users = Users::default();
        let seen = Arc::new(Mutex::new(0u32));
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(session(socket, users.clone(), seen.clone(), fault));
        }
    });
    port
}

/// One connection: a task that writes what others queue, and the reading loop.
async fn session(socket: TcpStream, users: Users, seen: Arc<Mutex<u32>>, fault: Fault) {
    socket.set_nodelay(true).unwrap();
    let (source, mut sink) = socket.into_split();
    let (queue, mut queued) = unbounded_channel::<String>();
    tokio::spawn(async move {
        let mut batch = Vec::new();
        while queued.recv_many(&mut batch, 1000).await > 0 {
            if sink.write_all(batch.concat().as_bytes()).await.is_err() {
                return;
            }
            batch.clear();
        }
    });
    let mut client = Client {
        queue,
        users,
        seen,
        fault,
        user: String::new(),
        handled: 0,
    };
    client.read(source).await;
}

struct Client {
    queue: UnboundedSender<String>,
    users: Users,
    seen: Arc<Mutex<u32>>,
    fault: Fault,
    user: String,
    handled: u32,
}

impl Client {
    async fn read(&mut self, mut source: OwnedReadHalf) {
        let mut pending = String::new();
        let mut chunk = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = source.read(&mut chunk).await {
            pending.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
            let mut done = 0;
            while let Some(len) = element(&pending[done..]) {
                self.element(&pending[done..done + len]);
                done += len;
            }
            pending.drain(..done);
        }
    }

    fn element(&mut self, element: &str) {
        self.handled += u32::from(
            ["<me", "<iq", "<pr"]
                .iter()
                .any(|start| element.starts_with(start)),
        );
        let name = element.trim_start_matches(['<', '?']);
        let name = &name[..name.find([' ', '/', '>']).unwrap()];
        match name {
            "stream:stream" => self.open(),
            "auth" => {
                use base64::{Engine, engine::general_purpose::STANDARD};
                let secret =
                    &element[element.find('>').unwrap() + 1..element.len() - "</auth>".len()];
                let secret = String::from_utf8(STANDARD.decode(secret).unwrap()).unwrap();
                self.user = secret.split('\0').nth(1).unwrap().to_owned();
                self.say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>".to_owned());
            }
            "iq" if element.contains("xmpp-bind") => {
                self.users
                    .lock()
                    .unwrap()
                    .insert(self.user.clone(), self.queue.clone());
                let jid = format!("<bind><jid>{}@localhost/x</jid></bind>", self.user);
                self.say(format!(
                    "<iq type='result' id='{}'>{jid}</iq>",
                    attr(element, "id")
                ));
            }
            "iq" => self.say(format!("<iq type='result' id='{}'/>", attr(element, "id"))),
            "enable" => {
                self.handled = 0;
                self.say("<enabled xmlns='urn:xmpp:sm:3'/>".to_owned());
            }
            "r" => self.say(format!("<a xmlns='urn:xmpp:sm:3' h='{}'/>", self.handled)),
            "message" => self.relay(element),
            _ => {}
        }
    }

    fn open(&self) {
        let features = if self.user.is_empty() {
            "<mechanisms><mechanism>PLAIN</mechanism></mechanisms>"
        } else {
            "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
        };
        self.say(format!(
            "<stream:stream id='1'><stream:features>{features}</stream:features>"
        ));
    }

    fn relay(&self, message: &str) {
        let number = {
            let mut seen = self.seen.lock().unwrap();
            *seen += 1;
            *seen
        };
        let fault = if number == 10 {
            self.fault
        } else {
            Fault::None
        };
        let to = attr(message, "to").split('@').next().unwrap();
        let times = match fault {
            Fault::None => 1,
            Fault::Double => 2,
            Fault::Lose => 0,
            Fault::Refuse => {
                self.say(message.replace("type='chat'", "type='error'"));
                0
            }
        };
        let queue = self.users.lock().unwrap()[to].clone();
        (0..times).for_each(|_| drop(queue.send(message.to_owned())));
    }

    fn say(&self, bytes: String) {
        // The client may be gone already.
        let _ = self.queue.send(bytes);
    }
}

/// The length of the element at the start, once it is complete.
fn element(bytes: &str) -> Option<usize> {
    let end = ["message", "iq", "auth"]
        .iter()
        .find(|name| bytes.get(1..).is_some_and(|b| b.starts_with(**name)));
    match end {
        Some(name) => bytes
            .find(&format!("</{name}>"))
            .map(|at| at + name.len() + 3),
        None => bytes.find('>').map(|at| at + 1),
    }
}

fn attr<'a>(element: &'a str, name: &str) -> &'a str {
    let rest = element.split_once(&format!(" {name}='")).unwrap().1;
    rest.split_once('\'').unwrap().0
}
