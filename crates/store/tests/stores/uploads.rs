//! Files of accounts and invitations: what is counted, what is over, and what happens twice.

use magpie_store::{
    Config, Store,
    invites::{Invite, Kind},
    uploads::{Upload, Usage},
};

crate::on_every_store!(
    a_file_is_there_when_it_has_come_and_until_it_is_over,
    an_accounts_files_are_counted_while_they_are_there,
    an_invitation_is_used_as_often_as_it_may,
    a_name_is_kept_by_an_invitation_that_can_be_used,
);

fn file(token: &str, owner: i64, size: u64, expires_ms: i64) -> Upload {
    Upload {
        token: token.into(),
        owner,
        name: "照片 1.png".into(),
        media_type: "image/png".into(),
        size,
        stored_ms: None,
        expires_ms,
        pixels: None,
    }
}

async fn a_file_is_there_when_it_has_come_and_until_it_is_over(store: Store, _: Config) {
    let place = file("t", 1, 5 << 40, 100);
    store.upload_reserve(&place).await.unwrap();
    assert_eq!(store.upload("t", 99).await.unwrap(), Some(place.clone()));
    assert_eq!(store.upload("t", 100).await.unwrap(), None);
    assert_eq!(store.upload("T", 1).await.unwrap(), None);
    assert!(
        !store.upload_stored("t", 100, 900).await.unwrap(),
        "too late"
    );
    for again in 0..2 {
        assert!(
            store.upload_stored("t", 50, 900).await.unwrap(),
            "{again}: the writer may do it twice"
        );
    }
    assert!(
        !store.upload_stored("t", 51, 900).await.unwrap(),
        "it has come"
    );
    store.upload_set_pixels("t", (u32::MAX, 0)).await.unwrap();
    let there = Upload {
        stored_ms: Some(50),
        expires_ms: 900,
        pixels: Some((u32::MAX, 0)),
        ..place
    };
    assert_eq!(store.upload("t", 899).await.unwrap(), Some(there));
    assert!(store.uploads_expired(899, 9).await.unwrap().is_empty());
    assert_eq!(store.uploads_expired(900, 9).await.unwrap(), ["t".into()]);
    store.upload_remove("t").await.unwrap();
    assert!(store.uploads_expired(i64::MAX, 9).await.unwrap().is_empty());
}

async fn an_accounts_files_are_counted_while_they_are_there(store: Store, _: Config) {
    assert_eq!(store.uploads_usage(1, 0).await.unwrap(), Usage::default());
    for (token, owner, size, end) in [
        ("a", 1, 4 << 40, 70),
        ("b", 1, 5 << 40, 80),
        ("c", 1, 7, 10),
        ("d", 2, 9, 99),
    ] {
        store
            .upload_reserve(&file(token, owner, size, end))
            .await
            .unwrap();
    }
    let usage = Usage {
        files: 2,
        bytes: 9 << 40,
        first_expires_ms: Some(70),
    };
    assert_eq!(store.uploads_usage(1, 10).await.unwrap(), usage);
    store.uploads_expire_owner(1).await.unwrap();
    assert_eq!(store.uploads_usage(1, 10).await.unwrap(), Usage::default());
    assert_eq!(store.uploads_usage(2, 10).await.unwrap().files, 1);
}

/// A time that is far off: invitations whose time was over long ago are removed by the sweep.
const THEN: i64 = 1 << 50;

fn invitation(username: Option<&str>, uses_left: i64, expires_ms: i64) -> Invite {
    Invite {
        owner: 0,
        inviter: None,
        kind: Kind::Account,
        username: username.map(Into::into),
        registers: true,
        befriends: false,
        uses_left,
        expires_ms,
    }
}

async fn an_invitation_is_used_as_often_as_it_may(store: Store, _: Config) {
    let invite = invitation(None, 2, THEN);
    store.invite_add("h", &invite).await.unwrap();
    assert_eq!(store.invite("h").await.unwrap(), Some(invite.clone()));
    assert_eq!(store.invite("H").await.unwrap(), None);
    assert!(store.invite_set_uses("h", 2, 1).await.unwrap());
    assert!(
        !store.invite_set_uses("h", 2, 1).await.unwrap(),
        "somebody was faster"
    );
    assert_eq!(store.invites_open(0, THEN - 1).await.unwrap(), 1);
    assert!(store.invite_set_uses("h", 1, 0).await.unwrap());
    assert_eq!(store.invites_open(0, THEN - 1).await.unwrap(), 0);
    assert!(
        store.invite_add("h", &invite).await.is_err(),
        "a token is one invitation's"
    );
}

async fn a_name_is_kept_by_an_invitation_that_can_be_used(store: Store, _: Config) {
    store
        .invite_add("h", &invitation(Some("juliet"), 1, THEN))
        .await
        .unwrap();
    for (name, hash, now, kept) in [
        ("juliet", "", THEN - 1, true),
        ("juliet", "h", THEN - 1, false),
        ("juliet", "", THEN, false),
        ("Juliet", "", THEN - 1, false),
        ("julie", "", THEN - 1, false),
    ] {
        assert_eq!(
            store.invites_keep(name, hash, now).await.unwrap(),
            kept,
            "{name} {hash} {now}"
        );
    }
    store.invite_set_uses("h", 1, 0).await.unwrap();
    assert!(!store.invites_keep("juliet", "", THEN - 1).await.unwrap());
}
