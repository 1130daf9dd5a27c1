//! XEP-0352 Client State Indication.

use magpie_testkit::chat_script;

chat_script!(an_inactive_client_is_woken_by_what_matters, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    bob.send("<inactive xmlns='urn:xmpp:csi:0'/>").await;
    bob.settle().await;
    alice.send("<message to='bob@localhost' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>").await;
    alice
        .send("<message to='bob@localhost' type='chat'><body>now</body></message>")
        .await;
    bob.recv("<message><composing xmlns='http://jabber.org/protocol/chatstates'/></message>")
        .await;
    bob.recv("<message><body>now</body></message>").await;
    bob.send("<active xmlns='urn:xmpp:csi:0'/>").await;
    alice.send("<message to='bob@localhost' type='chat'><paused xmlns='http://jabber.org/protocol/chatstates'/></message>").await;
    bob.recv("<message><paused xmlns='http://jabber.org/protocol/chatstates'/></message>")
        .await;
});
