//! XEP-0478 Stream Limits Advertisement; XEP-0440 channel-binding types and XEP-0368 direct TLS are shown by foreign clients
//! on the release binary, and here only that nothing is bound to where there is no channel.

use magpie_testkit::chat_script;

chat_script!(limits_are_announced_and_hold, |s| {
    let (mut c, features) = s.stranger().await;
    let limits = features.find("limits", "urn:xmpp:stream-limits:0").unwrap();
    let max: usize = limits
        .find_text("max-bytes", "urn:xmpp:stream-limits:0")
        .unwrap()
        .parse()
        .unwrap();
    assert!(max >= 10_000);
    assert!(
        features
            .find("sasl-channel-binding", "urn:xmpp:sasl-cb:0")
            .is_none()
    );
    c.send(&format!(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{}</auth>",
        "A".repeat(20_000)
    ))
    .await;
    c.ended_by("policy-violation").await;
});
