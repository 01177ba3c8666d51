//! What is said last arrives last: answers are sent one after the other, as they were given.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leptos::prelude::*;
use leptos::task::spawn_local;

/// Something that is sent when its turn comes.
type Sent = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What waits, and whether something is on its way.
#[derive(Default)]
struct Line {
    waiting: VecDeque<Sent>,
    busy: bool,
}

/// Sends answers in turn. Two that are on their way at once arrive in any order, and the older one would stay: the amount that
/// was kept while its reason was still being written would take the reason away again.
#[derive(Clone, Copy)]
pub struct InTurn(StoredValue<Arc<Mutex<Line>>>);

impl InTurn {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(Arc::default()))
    }

    /// Sends something after whatever was to be sent before. What waits is sent also once the page is left.
    pub(super) fn send(self, next: impl Future<Output = ()> + Send + 'static) {
        let Some(line) = self.0.try_get_value() else {
            return;
        };
        let busy = {
            let mut held = hold(&line);
            held.waiting.push_back(Box::pin(next));
            std::mem::replace(&mut held.busy, true)
        };
        if busy {
            return;
        }
        spawn_local(async move {
            while let Some(next) = next_of(&line) {
                next.await;
            }
        });
    }
}

/// Whose turn it is; none where nobody waits.
fn next_of(line: &Mutex<Line>) -> Option<Sent> {
    let mut held = hold(line);
    let next = held.waiting.pop_front();
    held.busy = next.is_some();
    next
}

fn hold(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}
