//! The end of a server, told to everybody who holds something open.

use std::sync::Arc;

use tokio::sync::watch;

/// A switch that is thrown once; cheap to clone.
#[derive(Clone, Debug)]
pub struct Shutdown {
    thrown: Arc<watch::Sender<bool>>,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self {
            thrown: Arc::new(watch::Sender::new(false)),
        }
    }
}

impl Shutdown {
    /// Throws the switch.
    pub fn begin(&self) {
        self.thrown.send_replace(true);
    }

    /// Whether the switch was thrown.
    pub fn has_begun(&self) -> bool {
        *self.thrown.borrow()
    }

    /// Waits until the switch is thrown.
    pub async fn begun(&self) {
        // The sender lives in `self`, so that waiting ends by the switch only.
        let _ = self.thrown.subscribe().wait_for(|thrown| *thrown).await;
    }
}
