//! XEP-0153 vCard-Based Avatars: presence tells which picture a card has.

use magpie_testkit::{Client, chat_script};
use magpie_xmpp::Element;

const UPDATE: &str = "vcard-temp:x:update";
/// SHA-1 of "abc".
const HASH: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";

async fn card(c: &mut Client, photo: &str) {
    c.send(&format!(
        "<iq type='set' id='v'><vCard xmlns='vcard-temp'>{photo}</vCard></iq>"
    ))
    .await;
    let all = c.settle().await;
    assert!(
        all.iter()
            .any(|e| e.get("id") == Some("v") && e.get("type") == Some("result"))
    );
}

fn photo(presence: &Element) -> Option<String> {
    presence.find("x", UPDATE)?.find_text("photo", UPDATE)
}

chat_script!(who_sees_somebody_learns_of_the_picture, |s| {
    let (mut ann, mut ben) = s.friends("ann", "ben").await;
    ann.send("<presence><show>away</show></presence>").await;
    let before = ben.recv("<presence from='ann@localhost/phone'/>").await;
    assert_eq!(photo(&before), None);
    card(
        &mut ann,
        "<PHOTO><TYPE>image/png</TYPE><BINVAL>YWJj</BINVAL></PHOTO>",
    )
    .await;
    let told = ben
        .recv("<presence from='ann@localhost/phone'><show>away</show></presence>")
        .await;
    assert_eq!(photo(&told).as_deref(), Some(HASH));
    // The same picture again is no news; what she says next has it still.
    card(&mut ann, "<FN>Ann</FN><PHOTO><BINVAL>YWJj</BINVAL></PHOTO>").await;
    ben.silent().await;
    ann.send("<presence><status>here</status></presence>").await;
    let next = ben
        .recv("<presence from='ann@localhost/phone'><status>here</status></presence>")
        .await;
    assert_eq!(photo(&next).as_deref(), Some(HASH));
    // Another device, which knows nothing of pictures, and one that is not ready (§4.2).
    let mut desk = s.device("ann", "desk").await;
    desk.send(&format!("<presence><x xmlns='{UPDATE}'/></presence>"))
        .await;
    let other = ben.recv("<presence from='ann@localhost/desk'/>").await;
    assert_eq!(photo(&other).as_deref(), Some(HASH));
    // A client that says it itself is believed.
    ann.send(&format!(
        "<presence><x xmlns='{UPDATE}'><photo>aa</photo></x></presence>"
    ))
    .await;
    let own = ben.recv("<presence from='ann@localhost/phone'/>").await;
    assert_eq!(photo(&own).as_deref(), Some("aa"));
    // The picture goes.
    card(&mut desk, "<FN>Ann</FN>").await;
    for _ in 0..2 {
        let gone = ben.recv("<presence/>").await;
        assert_eq!(photo(&gone).as_deref(), Some(""), "{}", gone.to_xml());
    }
});
