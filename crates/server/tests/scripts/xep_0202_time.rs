//! XEP-0202 Entity Time.

use magpie_testkit::chat_script;
use magpie_xmpp::datetime;

chat_script!(the_server_tells_the_time, |s| {
    let mut alice = s.user("alice").await;
    let reply = alice
        .ask(
            "<iq to='localhost' id='t1' type='get'><time xmlns='urn:xmpp:time'/></iq>",
            "<iq from='localhost' id='t1' type='result'><time xmlns='urn:xmpp:time'><tzo>Z</tzo><utc/></time></iq>",
        )
        .await;
    let utc = reply
        .find("time", "urn:xmpp:time")
        .unwrap()
        .find_text("utc", "urn:xmpp:time")
        .unwrap();
    let off = datetime::parse(&utc).unwrap() - magpie_core::clock::now_ms();
    assert!(off.abs() < 60_000, "{utc}");
});
