//! What every handler works with.

use std::sync::Arc;

use operations::Operations;

use crate::assets::Site;
use crate::events::Events;
use crate::shutdown::Shutdown;

/// The state of one server; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The use cases.
    pub operations: Operations,
    /// The files of the browser's side.
    pub site: Arc<Site>,
    /// What changed, for everybody who listens.
    pub events: Events,
    /// Tells the open streams that the server stops.
    pub shutdown: Shutdown,
}

impl AppState {
    /// The state of a server over open use cases. Nothing runs yet: [`Events::run`] hears the changes.
    pub fn new(operations: Operations) -> Self {
        Self {
            operations,
            site: Arc::new(Site::find()),
            events: Events::default(),
            shutdown: Shutdown::default(),
        }
    }
}
