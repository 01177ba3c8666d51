//! Reading the stream in the browser.

use futures::StreamExt;
use gloo_net::eventsource::futures::EventSource;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Connection, Live};
use crate::assets;
use crate::session::{Who, go_afresh, who_is_looking};

/// The first pause after a break; doubled with every failure.
const PAUSE_MS: u32 = 1_000;
/// The longest pause.
const LONGEST_PAUSE_MS: u32 = 30_000;

/// Follows the stream until the owner of this effect is gone.
pub(super) fn follow(live: Live) {
    let (handle, registration) = futures::future::AbortHandle::new_pair();
    on_cleanup(move || handle.abort());
    let reading = async move {
        let own_build = assets::build_of_page();
        let mut pause_ms = PAUSE_MS;
        loop {
            if read(live, own_build.as_deref()).await {
                pause_ms = PAUSE_MS;
            } else if matches!(who_is_looking().await, Ok(Who::Unknown(_))) {
                // The session has ended.
                go_afresh("/sign-in");
                return;
            }
            if live.connection.try_set(Connection::Lost).is_some() {
                // The page is gone.
                return;
            }
            TimeoutFuture::new(pause_ms).await;
            pause_ms = (pause_ms * 2).min(LONGEST_PAUSE_MS);
        }
    };
    spawn_local(async move {
        // Ends with an error only when it was aborted.
        let _aborted = futures::future::Abortable::new(reading, registration).await;
    });
}

/// Reads one stream to its end; whether anything was heard.
async fn read(live: Live, own_build: Option<&str>) -> bool {
    let Ok(mut source) = EventSource::new("/events") else {
        return false;
    };
    let Ok(mut messages) = source.subscribe("message") else {
        return false;
    };
    let mut heard = false;
    while let Some(Ok((_, message))) = messages.next().await {
        if !heard {
            heard = true;
            live.connection.set(Connection::Open);
        }
        if let Some(text) = message.data().as_string() {
            live.hear(&text, message.last_event_id().parse().ok(), own_build);
        }
    }
    heard
}
