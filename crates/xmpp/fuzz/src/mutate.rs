//! Streams to try: grown from a small grammar, then damaged.

/// Numbers at random (SplitMix64): the same for the same seed.
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.number() % n as u64) as usize
    }

    /// True once in `n` times.
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// All bind the prefixes of [`NAMES`], so that most of what grows is all right.
const HEADERS: &[&str] = &[
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='x' version='1.0' xmlns:p='urn:p' xmlns:q='urn:q' xmlns:h='urn:h' xmlns:c='urn:c'>",
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:h='urn:header' xmlns:q='urn:a&amp;b' xmlns:p='urn:a' xmlns:c='jabber:client'>",
    "<?xml version=\"1.0\" encoding='UTF-8' standalone='yes' ?>\n<stream xmlns='http://etherx.jabber.org/streams' xmlns:stream='http://etherx.jabber.org/streams' xmlns:c='jabber:client' xml:lang='zh' xmlns:h='urn:h' xmlns:p='urn:p' xmlns:q='urn:p'>",
    "<a:stream xmlns:a='http://etherx.jabber.org/streams' xmlns='urn:other' xmlns:p='urn:p' xmlns:h='urn:header' xmlns:q='urn:q' xmlns:c='urn:c' xmlns:stream='urn:s' >",
];
const NAMES: &[&str] = &[
    "a",
    "b",
    "body",
    "x-1",
    "_",
    "A.b",
    "名",
    "é",
    "p:a",
    "h:x",
    "q:x",
    "stream:error",
    "xml:a",
    "c:b",
    "a\u{b7}",
    "message",
    "iq",
    "stream",
    "xmlns",
];
const ITEMS: &[&str] = &[
    "message",
    "message",
    "presence",
    "iq",
    "a",
    "c:message",
    "p:x",
    "stream:features",
];
const NAMESPACES: &[&str] = &[
    "jabber:client",
    "urn:a",
    "urn:a&amp;b",
    "urn:&#x61;",
    "",
    " ",
    "urn:a\tb",
    "http://etherx.jabber.org/streams",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/2000/xmlns/",
    "urn:名",
    "jabber:server",
];
const PREFIXES: &[&str] = &["p", "q", "h", "c", "stream", "xml", "xmlns", "名", "a"];
const ATTRS: &[&str] = &[
    "to",
    "from",
    "id",
    "type",
    "xml:lang",
    "a",
    "b",
    "p:a",
    "q:a",
    "h:a",
    "xml:space",
    "é",
    "to2",
];
const VALUES: &[&str] = &[
    "",
    "a@b",
    "A@B/c d",
    "chat",
    "x y",
    "&lt;&amp;&#10;&#x1F426;",
    "a\nb\tc\r\nd",
    ">",
    "]]>",
    "鹊桥",
    "/",
    "a&#13;b",
    "&quot;&apos;",
    "'",
    "\"",
    "\u{85}\u{2028}",
];
const TEXTS: &[&str] = &[
    "hello",
    " ",
    "\r\n",
    "\r",
    "a\rb",
    "&amp;",
    "&#65;",
    "&#x000041;",
    "]]",
    "]]&gt;",
    "你好 🐦",
    "<![CDATA[<&]]>",
    "<![CDATA[]]]]>",
    "<![CDATA[]]>",
    "<![CDATA[\r\n]]>",
    "\u{fffd}",
    "\u{7f}\u{85}",
    "'\"",
    "]",
    ">",
];
/// What tends to break parsers.
const DAMAGE: &[&[u8]] = &[
    b"<",
    b">",
    b"&",
    b"'",
    b"\"",
    b"/",
    b"=",
    b":",
    b";",
    b"#",
    b"!",
    b"?",
    b"]",
    b"[",
    b"-",
    b" ",
    b"\n",
    b"\r",
    b"\t",
    b"\0",
    b"\x01",
    b"\x0b",
    b"\x1f",
    b"\x7f",
    b"\x80",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff",
    b"\xef\xbf\xbe",
    b"\xef\xbf\xbf",
    b"\xef\xbb\xbf",
    b"\xe4\xbd",
    b"\xc2\x85",
    b"\xc2\xb7",
    b"\xcc\x80",
    b"\xc3\x97",
    b"&#0;",
    b"&#x0;",
    b"&#xD800;",
    b"&#xFFFE;",
    b"&#x110000;",
    b"&#x10FFFF;",
    b"&#99999999999;",
    b"&#x9;",
    b"&#1;",
    b"&#;",
    b"&#x;",
    b"&;",
    b"&lt",
    b"&foo;",
    b"&amp;",
    b"&AMP;",
    b"&#X41;",
    b"&#+5;",
    b"]]>",
    b"<![CDATA[",
    b"<!--x-->",
    b"<!DOCTYPE a>",
    b"<?p?>",
    b"<?xml version='1.0'?>",
    b"</",
    b"/>",
    b"<a>",
    b"</a>",
    b"<a/>",
    b" a=''",
    b" a='1' a='2'",
    b" xmlns=''",
    b" xmlns:p=''",
    b" xmlns:p='urn:p'",
    b" xmlns:q='urn:p'",
    b" xmlns:xml='urn:p'",
    b" xmlns:xmlns='urn:p'",
    b" xmlns:xml='http://www.w3.org/XML/1998/namespace'",
    b" xmlns:p='http://www.w3.org/XML/1998/namespace'",
    b" xmlns='http://www.w3.org/2000/xmlns/'",
    b" p:a='1' q:a='2'",
    b"p:",
    b":p",
    b"::",
    b"1",
    b"0",
    b"x",
    b"xmlns",
    b"</stream:stream>",
    b"<stream:stream>",
    b"<message/>",
    b"<iq>",
    b"</iq>",
];

/// A stream. Most of them are all right.
pub fn grow(random: &mut Random) -> Vec<u8> {
    let mut out = random.pick(HEADERS).to_owned();
    for _ in 0..random.below(4) {
        out.push_str(random.pick(&["", "", "", " ", "\r\n\t"]));
        let name = random.pick(ITEMS);
        element(random, &mut out, name, 0);
    }
    if random.one_in(8) {
        out.push_str(random.pick(&["</stream:stream>", "</stream>", "</a:stream >", "</x>"]));
    }
    out.into_bytes()
}

fn element(random: &mut Random, out: &mut String, name: &str, depth: usize) {
    out.push('<');
    out.push_str(name);
    attributes(random, out);
    if random.one_in(4) {
        out.push_str(random.pick(&["/>", "/>", " />", "\n/>"]));
        return;
    }
    out.push('>');
    for _ in 0..random.below(4) {
        if depth < 5 && !random.one_in(3) {
            let name = random.pick(NAMES);
            element(random, out, name, depth + 1);
        } else {
            out.push_str(random.pick(TEXTS));
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push_str(random.pick(&[">", ">", ">", " >"]));
}

fn attributes(random: &mut Random, out: &mut String) {
    let mut left = ATTRS.to_vec();
    for _ in 0..random.below(4) {
        out.push_str(random.pick(&[" ", " ", "  ", "\n"]));
        let value = if random.one_in(3) {
            let prefix = random.pick(PREFIXES);
            let name = if random.one_in(2) {
                "xmlns".into()
            } else {
                format!("xmlns:{prefix}")
            };
            out.push_str(&name);
            random.pick(NAMESPACES)
        } else {
            out.push_str(left.swap_remove(random.below(left.len())));
            random.pick(VALUES)
        };
        let quote = if value.contains('\'') || random.one_in(3) {
            '"'
        } else {
            '\''
        };
        let value = value.replace(quote, "&#34;");
        out.push_str(random.pick(&["=", "=", "=", " = "]));
        out.push(quote);
        out.push_str(&value);
        out.push(quote);
    }
}

/// Damages it in a few places.
pub fn damage(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..1 + random.below(3) {
        let at = random.below(bytes.len() + 1);
        let end = (at + 1 + random.below(12)).min(bytes.len());
        match random.below(8) {
            0..=3 => {
                let part = random.pick(DAMAGE);
                bytes.splice(at..at, part.iter().copied());
            }
            4 => {
                let part = random.pick(DAMAGE);
                bytes.splice(at..end, part.iter().copied());
            }
            5 => drop(bytes.drain(at..end)),
            6 => {
                let part = bytes[at..end].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, part);
            }
            _ => {
                if let Some(b) = bytes.get_mut(at) {
                    *b ^= 1 << random.below(8);
                }
            }
        }
    }
}
