//! The features: one file per extension, one line in [`all`].

mod archive;
mod avatar;
mod blocking;
mod caps;
mod carbons;
mod commands;
mod contact_addresses;
mod contacts;
mod conversation;
mod devices;
mod directory;
mod disco;
mod displayed;
#[cfg(test)]
mod fixture;
mod inbox;
mod invitations;
mod last_activity;
mod offline;
mod ping;
mod presence;
mod privacy;
mod private_storage;
mod registration;
mod result;
mod retraction;
mod roster;
mod session_iq;
mod stanza_id;
mod storing;
mod subscription;
mod time;
mod uploads;
mod vcard;
mod version;

pub use registration::Mode as RegistrationMode;

use magpie_core::Feature;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The sections of the features.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Who may make an account.
    pub registration: registration::Config,
    /// Whom to ask when something is wrong.
    pub contact: contact_addresses::Config,
    /// Files of accounts, on this machine's disk.
    pub uploads: magpie_core::uploads::Config,
}

impl Config {
    /// What is wrong with the values.
    pub fn problems(&self) -> Vec<String> {
        self.uploads.problems()
    }
}

/// Every feature, in the order in which they act.
pub fn all(config: &Config) -> Vec<Box<dyn Feature>> {
    vec![
        // Who is not heard is not heard by any other feature either.
        Box::new(blocking::Blocking),
        // Forged ids go before anything looks at them.
        Box::new(stanza_id::StanzaId),
        // What only the server reads goes before the message is stored or copied.
        Box::new(displayed::Displayed),
        Box::new(retraction::Retraction),
        Box::new(privacy::Privacy),
        Box::new(archive::Archive),
        Box::new(carbons::Carbons),
        Box::new(offline::Offline),
        Box::new(inbox::Inbox),
        Box::new(registration::Registration::new(&config.registration)),
        Box::new(invitations::Invitations {
            mode: config.registration.mode,
        }),
        Box::new(commands::Commands::new(vec![Box::new(
            invitations::InviteSomebody {
                registers: config.registration.members_may_invite(),
            },
        )])),
        Box::new(devices::Devices),
        Box::new(disco::Disco),
        Box::new(caps::Caps),
        Box::new(contact_addresses::ContactAddresses::new(&config.contact)),
        Box::new(private_storage::PrivateStorage),
        Box::new(vcard::Vcard),
        Box::new(directory::Directory::default()),
        Box::new(uploads::Uploads::new(&config.uploads)),
        Box::new(ping::Ping),
        Box::new(version::Version),
        Box::new(time::Time),
        Box::new(session_iq::SessionRequest),
        Box::new(roster::Roster),
        Box::new(subscription::Subscription),
        // Looks whether a device was there before `presence` notes that it is gone.
        Box::new(last_activity::LastActivity),
        // Says which picture it is before `presence` tells the others.
        Box::new(avatar::Avatar),
        Box::new(presence::Presence),
    ]
}
