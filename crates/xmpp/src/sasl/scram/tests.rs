//! The vectors of RFC 5802 and RFC 7677, and what must fail.

use super::*;

const SHA1: (&str, &str, &str, &str, &str) = (
    "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    "3rfcNHYJY1ZVvWVs7j",
    "QSXCR+Q6sek8bf92",
    "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
);
const SHA256: (&str, &str, &str, &str, &str) = (
    "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    "W22ZaJ0SNY7soEsUEjb6gQ==",
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
);

fn keys(hash: Hash, salt: &str) -> Keys {
    Keys::derive(hash, "pencil", &STANDARD.decode(salt).unwrap(), 4096)
}

fn started(hash: Hash, vector: (&str, &str, &str, &str, &str)) -> Server {
    let mut server = Server::new(hash, false, ChannelBindings::default(), false);
    assert_eq!(
        server.client_first(vector.0.as_bytes()).unwrap().username,
        "user"
    );
    server.challenge_with(&keys(hash, vector.2), vector.1);
    server
}

#[test]
fn the_vectors_of_the_rfcs() {
    for (hash, v) in [(Hash::Sha1, SHA1), (Hash::Sha256, SHA256)] {
        let server = started(hash, v);
        assert_eq!(
            server.client_final(v.3.as_bytes()).unwrap().server_final,
            v.4
        );
    }
}

#[test]
fn a_wrong_proof_nonce_or_binding_fails() {
    let server = started(Hash::Sha256, SHA256);
    for (from, to) in [
        ("p=dHzb", "p=eHzb"),
        ("hNlF$k0", "hNlF$k1"),
        ("c=biws", "c=eSws"),
    ] {
        let wrong = SHA256.3.replace(from, to);
        assert_eq!(
            server.client_final(wrong.as_bytes()),
            Err(SaslError::NotAuthorized),
            "{from}"
        );
    }
    for bad in [
        "",
        "c=biws",
        "c=biws,r=x,p=!!",
        "r=x,c=biws,p=AAAA",
        "c=biws,r=x,p=AAAA",
    ] {
        assert!(server.client_final(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn a_first_message_that_is_none_fails() {
    for bad in [
        "",
        "n",
        "n,",
        "n,,",
        "n,,r=x,n=user",
        "n,,n=,r=x",
        "n,,n=user",
        "n,,n=us=er,r=x",
        "n,,m=ext,n=user,r=x",
        "x,,n=user,r=x",
        "n,b=z,n=user,r=x",
        "n,,n=user,r=",
        "n,,n=user,r=\u{7f}",
        "p=tls-unique,,n=user,r=x",
    ] {
        let mut server = Server::new(Hash::Sha1, false, ChannelBindings::default(), false);
        assert!(server.client_first(bad.as_bytes()).is_err(), "{bad}");
    }
    let mut server = Server::new(Hash::Sha1, false, ChannelBindings::default(), false);
    let first = server
        .client_first("n,a=bob,n=a=2Cb=3Dc,r=x".as_bytes())
        .unwrap();
    assert_eq!(
        (first.username.as_str(), first.authzid.as_deref()),
        ("a,b=c", Some("bob"))
    );
}

fn bindings() -> ChannelBindings {
    ChannelBindings {
        tls_exporter: Some(vec![1; 32]),
        tls_server_end_point: Some(vec![2; 32]),
    }
}

/// What an honest client that binds to `bound` sends at last.
fn final_message(server: &Server, keys: &Keys, gs2: &str, bound: &[u8], salted: &[u8]) -> String {
    let c = STANDARD.encode([gs2.as_bytes(), bound].concat());
    let without = format!("c={c},r={}", server.nonce);
    let auth = format!(
        "{},{},{without}",
        server.client_first_bare, server.server_first
    );
    let client_key = server.hash.hmac(salted, &[b"Client Key"]);
    let signature = server.hash.hmac(&keys.stored_key, &[auth.as_bytes()]);
    let proof: Vec<u8> = client_key
        .iter()
        .zip(signature)
        .map(|(a, b)| a ^ b)
        .collect();
    format!("{without},p={}", STANDARD.encode(proof))
}

#[test]
fn a_client_binds_to_the_channel_it_is_on_and_to_no_other() {
    let keys = keys(Hash::Sha256, "W22ZaJ0SNY7soEsUEjb6gQ==");
    let salted = Hash::Sha256.salted(b"pencil", &keys.salt, keys.iterations);
    for (name, value) in [("tls-exporter", 1), ("tls-server-end-point", 2)] {
        let gs2 = format!("p={name},,");
        for (bound, good) in [(vec![value; 32], true), (vec![9; 32], false)] {
            let mut server = Server::new(Hash::Sha256, true, bindings(), true);
            server
                .client_first(format!("{gs2}n=user,r=abc").as_bytes())
                .unwrap();
            server.challenge(&keys).unwrap();
            let last = final_message(&server, &keys, &gs2, &bound, &salted);
            assert_eq!(server.client_final(last.as_bytes()).is_ok(), good, "{name}");
        }
    }
}

#[test]
fn a_downgrade_is_noticed() {
    let first = |plus, offered, flag: &str| {
        Server::new(Hash::Sha1, plus, bindings(), offered)
            .client_first(format!("{flag},,n=user,r=x").as_bytes())
            .map(|_| ())
    };
    assert_eq!(first(false, true, "y"), Err(SaslError::NotAuthorized));
    assert_eq!(first(false, false, "y"), Ok(()));
    assert_eq!(first(true, true, "n"), Err(SaslError::MalformedRequest));
    assert_eq!(
        first(true, true, "p=tls-unique"),
        Err(SaslError::NotAuthorized)
    );
}

#[test]
fn nonces_are_fresh_and_fake_keys_are_stable() {
    let keys = Keys::fake(Hash::Sha256, b"secret", "nobody", 4096);
    assert_eq!(keys, Keys::fake(Hash::Sha256, b"secret", "nobody", 4096));
    assert_ne!(
        keys.salt,
        Keys::fake(Hash::Sha256, b"secret", "nobody2", 4096).salt
    );
    assert_ne!(
        keys.salt,
        Keys::fake(Hash::Sha256, b"other", "nobody", 4096).salt
    );
    let challenge = || {
        let mut s = Server::new(Hash::Sha256, false, ChannelBindings::default(), false);
        s.client_first(b"n,,n=user,r=abc").unwrap();
        s.challenge(&keys).unwrap()
    };
    assert_ne!(challenge(), challenge());
}

#[test]
fn passwords_are_prepared_as_clients_do_it() {
    assert_eq!(prep("I\u{ad}X").as_deref(), Some("IX"));
    assert_eq!(prep("\u{2168}").as_deref(), Some("IX"));
    assert_eq!(prep("密码 🔑").as_deref(), Some("密码 🔑"));
    assert_eq!((prep(""), prep("\u{7}")), (None, None));
    let keys = Keys::derive(Hash::Sha1, "密码", b"salt", 10);
    assert!(keys.verify_password(Hash::Sha1, "密码") && !keys.verify_password(Hash::Sha1, "密"));
}
