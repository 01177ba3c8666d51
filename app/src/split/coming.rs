//! A grid on its way: the server sends it branch by branch, and the page tells how far it has come. Nothing of it can be changed
//! before all of it is there; what others do meanwhile is asked for afterwards.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use domain::id::{NodeId, VersionId};
use domain::split::{Joining, OpenGrid, Opening};
use futures::StreamExt;
use futures::channel::oneshot;
use leptos::prelude::*;

use crate::error::AppError;
use crate::words::{t_string, use_i18n};

/// How far a grid has come.
#[derive(Clone, Copy)]
pub struct Coming {
    /// The first rows, once the head has come.
    pub(super) opening: RwSignal<Option<Opening>>,
    /// Rows that have come, and rows in all.
    rows: RwSignal<(usize, usize)>,
}

impl Coming {
    /// Nothing is on its way.
    pub(super) fn new() -> Self {
        Self {
            opening: RwSignal::new(None),
            rows: RwSignal::new((0, 0)),
        }
    }

    /// Fetches a grid and tells how far it has come. A stream that breaks off, or whose bytes are damaged, gives no grid.
    pub(super) async fn fetch(
        self,
        version: Option<VersionId>,
        part: Option<NodeId>,
    ) -> Result<Option<OpenGrid>, AppError> {
        // The page may be left at any time: nobody is told then.
        let _gone = self.opening.try_set(None);
        let stream = super::open(version, part).await?.into_inner();
        let mut stream = std::pin::pin!(stream);
        let mut joining = Joining::new(|front| postcard::from_bytes(front).ok());
        let mut is_opening_told = false;
        while let Some(bytes) = stream.next().await {
            let bytes = bytes.map_err(|_| broken_off())?;
            joining.push(&bytes).map_err(|_| broken_off())?;
            if let Some(rows) = joining.rows() {
                let _gone = self.rows.try_set(rows);
            }
            if !is_opening_told && let Some(opening) = joining.opening() {
                is_opening_told = true;
                let _gone = self.opening.try_set(Some(opening.clone()));
                // All the rest may have come with it: reading that would keep the first rows from being drawn.
                drawn().await;
            }
        }
        joining.finish().map_err(|_| broken_off())
    }
}

/// Waits so long for a frame.
const FRAME: Duration = Duration::from_millis(100);

/// Until what stands in the page now is drawn. A page that is not in front gets no frames: that is not waited for.
async fn drawn() {
    let (done, wait) = oneshot::channel::<()>();
    let done = Rc::new(RefCell::new(Some(done)));
    let tell = move || {
        if let Some(done) = done.borrow_mut().take() {
            // Nobody waits any more.
            let _gone = done.send(());
        }
    };
    set_timeout(tell.clone(), FRAME);
    request_animation_frame(move || set_timeout(tell, Duration::ZERO));
    // The page was left.
    let _left = wait.await;
}

/// The code of [`broken_off`].
const BROKEN_OFF: &str = "broken_off";

/// Only a part of the grid came.
fn broken_off() -> AppError {
    AppError::Refused {
        code: BROKEN_OFF.to_owned(),
        zh: "计划没有完整传到，什么都没有打开。请重试。".to_owned(),
        en: "Only a part of the plan came, so nothing was opened. Try again.".to_owned(),
        field: None,
    }
}

/// Whether trying again may help: the server was not reached, or its answer broke off.
pub(super) fn may_come_again(error: &AppError) -> bool {
    match error {
        AppError::Unreachable => true,
        AppError::Refused { code, .. } => code == BROKEN_OFF,
        _ => false,
    }
}

/// The open grid as a stream of frames; the first holds its first rows.
#[cfg(feature = "ssr")]
pub(super) fn stream(
    open: Option<OpenGrid>,
    first_rows: usize,
) -> Result<leptos::server_fn::codec::ByteStream<AppError>, AppError> {
    use futures::stream::iter;
    use leptos::server_fn::codec::ByteStream;
    use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};

    let Some(open) = open else {
        return Ok(ByteStream::from(iter([OpenGrid::no_frames()])));
    };
    let front = postcard::to_allocvec(&open.front(first_rows)).map_err(|error| {
        AppError::from_server_fn_error(ServerFnErrorErr::Serialization(error.to_string()))
    })?;
    Ok(ByteStream::from(iter(open.into_frames(&front))))
}

/// A thin line that grows with the rows that have come.
#[component]
pub(super) fn ComingLine(coming: Coming) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        let (rows, all) = coming.rows.get();
        t_string!(i18n, split.coming, rows = rows, all = all).to_string()
    };
    view! {
        <progress
            class="coming"
            max=move || coming.rows.get().1.max(1).to_string()
            value=move || coming.rows.get().0.to_string()
            aria-label=words
            title=words
        ></progress>
    }
}
