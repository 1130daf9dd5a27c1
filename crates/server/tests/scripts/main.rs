//! Chat scripts: one file per extension, written from its examples, run in process on SQLite, PostgreSQL and MariaDB.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "every function here is a test"
)]

mod full_disk;
mod magpie_privacy;
mod rfc6121_message;
mod web_app;
mod xep_0012_last_activity;
mod xep_0030_0115_0128_0157_disco;
mod xep_0049_private_storage;
mod xep_0050_0379_0401_0445_invitations;
mod xep_0054_vcard;
mod xep_0055_directory;
mod xep_0077_registration;
mod xep_0092_version;
mod xep_0153_avatars;
mod xep_0160_0203_offline;
mod xep_0191_blocking;
mod xep_0198_stream_management;
mod xep_0199_ping;
mod xep_0202_time;
mod xep_0280_0297_carbons;
mod xep_0313_0059_0334_archive;
mod xep_0333_0490_displayed;
mod xep_0352_client_state;
mod xep_0359_stanza_ids;
mod xep_0363_attacks;
mod xep_0363_uploads;
mod xep_0386_bind2;
mod xep_0388_sasl2;
mod xep_0424_retraction;
mod xep_0430_inbox;
mod xep_0440_0478_0368_stream_features;
mod xep_0484_0494_fast_and_devices;
