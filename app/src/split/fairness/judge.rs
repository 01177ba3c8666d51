//! The check of the plan that is shown, again whenever it is another: at once where few people are judged, and where there are many in
//! steps between which the page does what else there is to do.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use domain::fairness::{FairnessError, Finding, Glance, Ground, Judged, Judging, Kind, Padding, Settings};
use leptos::prelude::*;

use super::live;
use crate::split::board::Board;

/// Figures follow the grid after so long.
const SOON: Duration = Duration::from_millis(150);
/// The same where so many people are judged that it takes a part of it.
const LATER: Duration = Duration::from_secs(1);
/// Rows of one step: a few milliseconds.
const ROWS: usize = 4_000;
/// So many times in a row it is given up; where the plan is another one again and again, it is judged at once then.
const PATIENCE: u32 = 3;

/// What a plan was judged to be; none before it was for the first time.
pub(super) type Shown = RwSignal<Option<Result<Judged, FairnessError>>>;

/// What it is judged with.
#[derive(Clone, Copy)]
pub(super) struct Judge {
    board: Board,
    ground: StoredValue<Arc<Ground>>,
    live: live::Shown,
    judged: Shown,
    /// Whether it is done in steps, and not while somebody drags.
    many: bool,
    /// What is under way; given up when the plan is another one meanwhile.
    judging: StoredValue<Option<Judging>>,
    /// How many times in a row it was given up.
    given_up: StoredValue<u32>,
    handed_down: StoredValue<HandedDown>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Judge {
    /// Judges for as long as the part that calls this stands.
    pub(super) fn follow(
        board: Board,
        ground: StoredValue<Arc<Ground>>,
        (live, judged): (live::Shown, Shown),
        many: bool,
    ) {
        let judge = Self {
            board,
            ground,
            live,
            judged,
            many,
            judging: StoredValue::new(None),
            given_up: StoredValue::new(0),
            handed_down: StoredValue::new(HandedDown::default()),
            waiting: StoredValue::new(None),
        };
        if many {
            judge.judging.set_value(Some(Judging::default()));
            judge.wait(Duration::ZERO);
        } else {
            judge.show(judge.at_once());
        }
        Effect::new(move |ran: Option<()>| {
            board.track_shown();
            if ran.is_some() {
                judge.begin_again();
            }
        });
        on_cleanup(move || judge.stop());
    }

    /// The plan is another one: what is under way is worth nothing, and it is judged in a while.
    fn begin_again(&self) {
        let was_on = self.judging.try_update_value(Option::take).flatten().is_some();
        if was_on {
            self.stop();
            self.given_up.update_value(|times| *times += 1);
        }
        self.wait(if self.many { LATER } else { SOON });
    }

    /// Goes on after a while, unless it waits already: what comes meanwhile is judged with the rest.
    fn wait(&self, after: Duration) {
        if self.waiting.with_value(Option::is_none) {
            let judge = *self;
            let later = set_timeout_with_handle(move || judge.go_on(), after);
            self.waiting.set_value(later.ok());
        }
    }

    fn stop(&self) {
        if let Some(later) = self.waiting.try_update_value(Option::take).flatten() {
            later.clear();
        }
    }

    fn go_on(&self) {
        // None once the page was left.
        if self.waiting.try_update_value(Option::take).is_none() {
            return;
        }
        // The end of the drag, or what is worked out of the whole, begins again.
        if self.board.shows_part() || (self.many && self.board.is_dragged()) {
            return;
        }
        let is_at_once = !self.many || self.given_up.get_value() >= PATIENCE;
        let judged = if is_at_once {
            Some(self.at_once())
        } else {
            self.step()
        };
        match judged {
            Some(judged) => {
                self.given_up.set_value(0);
                self.show(judged);
            }
            None => self.wait(Duration::ZERO),
        }
    }

    /// The next step; the plan judged once it was the last.
    fn step(&self) -> Option<Result<Judged, FairnessError>> {
        let step = |judging: &mut Option<Judging>| {
            let going = judging.get_or_insert_with(Judging::default);
            let done = self.ground.with_value(|ground| {
                self.board.with_shown(|shape, offset, total| {
                    going.go_on(ground, shape, offset, total, &Settings::default(), ROWS)
                })
            });
            if done.is_some() {
                *judging = None;
            }
            done
        };
        self.judging.try_update_value(step).flatten()
    }

    fn at_once(&self) -> Result<Judged, FairnessError> {
        let mut judged = self.ground.with_value(|ground| {
            self.board
                .with_shown(|shape, offset, total| ground.check(shape, offset, total, &Settings::default()))
        })?;
        if self.board.is_dragged() {
            self.handed_down
                .with_value(|settled| settled.put_into(&mut judged));
        } else {
            self.handed_down.set_value(HandedDown::of(&judged));
        }
        Ok(judged)
    }

    /// What is in sight beside the panel moves with it.
    fn show(&self, judged: Result<Judged, FairnessError>) {
        let glance = judged.as_ref().ok().map(|judged| Glance::of(&judged.report));
        let _gone = self.live.glance.try_set(glance);
        let _gone = self.judged.try_set(Some(judged));
        // What was worked out from the rows that moved is told in full now; under a hand that drags it goes on from frame to frame.
        if !self.board.is_dragged() {
            let _gone = self.live.moved.try_set(None);
        }
    }
}

/// What each level hands down to the next, as the plan stands. A frame of a drag works out the rows in sight only: a sum of them
/// and of others as they were would say what nobody has.
#[derive(Default)]
struct HandedDown {
    padding: Option<Padding>,
    findings: Vec<Finding>,
}

impl HandedDown {
    fn of(judged: &Judged) -> Self {
        let findings = judged.report.findings.iter();
        Self {
            padding: judged.report.padding.clone(),
            findings: findings.filter(|finding| Self::tells(finding)).cloned().collect(),
        }
    }

    /// Takes the place of what was found of the levels.
    fn put_into(&self, judged: &mut Judged) {
        let report = &mut judged.report;
        report.padding.clone_from(&self.padding);
        report.findings.retain(|finding| !Self::tells(finding));
        report.findings.extend(self.findings.iter().cloned());
        report.findings.sort_by_key(|finding| Reverse(finding.severity));
    }

    fn tells(finding: &Finding) -> bool {
        matches!(
            finding.kind,
            Kind::OverAssigned { .. } | Kind::UnderAssigned { .. } | Kind::OverAssignedInTotal { .. }
        )
    }
}
