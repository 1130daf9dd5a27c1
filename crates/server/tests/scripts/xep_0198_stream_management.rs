//! XEP-0198 Stream Management: acknowledgements and resumption.

use magpie_testkit::{Client, PASSWORD, Stage, chat_script};

async fn enable(c: &mut Client) -> String {
    c.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
        .await;
    let enabled = c.element().await;
    assert!(
        enabled.is("enabled", "urn:xmpp:sm:3"),
        "{}",
        enabled.to_xml()
    );
    assert_eq!(enabled.get("resume"), Some("true"));
    enabled.get("id").unwrap().to_owned()
}

/// The next `<a/>`'s count; `<r/>` in between are passed over.
async fn acked(c: &mut Client) -> u32 {
    loop {
        let e = c.element().await;
        if e.is("a", "urn:xmpp:sm:3") {
            return e.get("h").unwrap().parse().unwrap();
        }
    }
}

/// The next message's body; stream management in between is passed over.
async fn body(c: &mut Client) -> String {
    loop {
        match c.event().await.unwrap() {
            magpie_xmpp::scan::Event::Stanza(s) if s.kind == magpie_xmpp::Kind::Message => {
                return s.text("body").unwrap_or_default();
            }
            _ => {}
        }
    }
}

async fn resume(s: &mut Stage, name: &str, id: &str, h: u32) -> (Client, magpie_xmpp::Element) {
    let (mut c, _) = s.stranger().await;
    c.login(name, PASSWORD).await;
    c.send(&format!(
        "<resume xmlns='urn:xmpp:sm:3' h='{h}' previd='{id}'/>"
    ))
    .await;
    let answer = c.element().await;
    (c, answer)
}

chat_script!(what_was_handled_is_counted, |s| {
    let mut alice = s.user("alice").await;
    s.account("bob").await;
    enable(&mut alice).await;
    alice.send("<r xmlns='urn:xmpp:sm:3'/>").await;
    assert_eq!(acked(&mut alice).await, 0);
    for n in 0..3 {
        alice
            .send(&format!(
                "<message to='bob@localhost' type='chat'><body>{n}</body></message>"
            ))
            .await;
    }
    alice.send("<r xmlns='urn:xmpp:sm:3'/>").await;
    assert_eq!(acked(&mut alice).await, 3);
});

chat_script!(
    a_cut_session_is_resumed_and_nothing_is_missing_or_doubled,
    |s| {
        let mut alice = s.online("alice").await;
        let mut bob = s.online("bob").await;
        let id = enable(&mut bob).await;
        alice
            .send("<message to='bob@localhost' type='chat'><body>1</body></message>")
            .await;
        assert_eq!(body(&mut bob).await, "1");
        bob.cut();
        alice
            .send("<message to='bob@localhost' type='chat'><body>2</body></message>")
            .await;
        alice.settle().await;
        let (mut bob, answer) = resume(s, "bob", &id, 1).await;
        assert!(answer.is("resumed", "urn:xmpp:sm:3"), "{}", answer.to_xml());
        assert_eq!(answer.get("h"), Some("0"));
        assert_eq!(body(&mut bob).await, "2");
        alice
            .send("<message to='bob@localhost' type='chat'><body>3</body></message>")
            .await;
        assert_eq!(body(&mut bob).await, "3");
    }
);

chat_script!(
    a_session_is_taken_over_while_the_old_stream_still_stands,
    |s| {
        s.account("bob").await;
        let mut bob = s.device("bob", "phone").await;
        let id = enable(&mut bob).await;
        let (_new, answer) = resume(s, "bob", &id, 0).await;
        assert!(answer.is("resumed", "urn:xmpp:sm:3"), "{}", answer.to_xml());
        bob.ended_by("conflict").await;
    }
);

chat_script!(an_id_is_worth_nothing_to_others_or_after_the_end, |s| {
    s.account("alice").await;
    let mut bob = s.online("bob").await;
    let id = enable(&mut bob).await;
    let (_c, answer) = resume(s, "alice", &id, 0).await;
    assert!(
        answer
            .find("item-not-found", "urn:ietf:params:xml:ns:xmpp-stanzas")
            .is_some(),
        "{}",
        answer.to_xml()
    );
    let (_c, answer) = resume(s, "bob", "guessed", 0).await;
    assert!(answer.is("failed", "urn:xmpp:sm:3"));
    bob.send("</stream:stream>").await;
    bob.closed().await;
    s.cx.drain().await;
    let (mut c, answer) = resume(s, "bob", &id, 0).await;
    assert!(
        answer
            .find("item-not-found", "urn:ietf:params:xml:ns:xmpp-stanzas")
            .is_some(),
        "{}",
        answer.to_xml()
    );
    c.bind("new").await;
});

chat_script!(who_acknowledges_what_was_not_sent_is_put_out, |s| {
    let mut alice = s.user("alice").await;
    enable(&mut alice).await;
    alice.send("<a xmlns='urn:xmpp:sm:3' h='9'/>").await;
    let error = alice.element().await;
    assert!(
        error
            .find("undefined-condition", "urn:ietf:params:xml:ns:xmpp-streams")
            .is_some(),
        "{}",
        error.to_xml()
    );
    assert!(
        error
            .find("handled-count-too-high", "urn:xmpp:sm:3")
            .is_some()
    );
    alice.closed().await;
});
