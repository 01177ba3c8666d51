//! How notices come to people beside the page: the channels, how far a notice came on one, and how many mails are too many.

use serde::{Deserialize, Serialize};

/// Mails an hour that one person gets at most. The last of them, and every later one, tells everything that waits: nothing is
/// left out, and nobody's mailbox is flooded.
pub const MAILS_AN_HOUR: u32 = 10;
/// The hour of that, milliseconds.
pub const HOUR_MS: i64 = 3_600_000;

/// The ways a notice is brought to somebody beside the page, where it simply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// To the address the person signs in with.
    Mail,
}

impl Channel {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
        }
    }
}

/// How far a notice came on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Not yet.
    Waiting,
    /// Handed over.
    Sent,
    /// Not needed any more: read meanwhile, not wanted, or nothing to send it with.
    Needless,
    /// Given up.
    Failed,
}

impl Delivery {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Needless => "needless",
            Self::Failed => "failed",
        }
    }

    /// The state of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::Needless, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}
