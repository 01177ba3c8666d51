//! Approval as it is answered.

use domain::approval as known;
use domain::format::Lang;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::chain::ChainStep;

/// What is in review.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Queue {
    /// What waits for a decision of the caller.
    waiting: Vec<InReview>,
    /// Everything else in review within sight.
    others: Vec<InReview>,
}

/// A version in review.
#[derive(Serialize, ToSchema)]
struct InReview {
    version: Uuid,
    /// What the plan is called.
    plan: String,
    /// Counts from 1 within the plan.
    number: u32,
    /// Who handed it in.
    by: String,
    /// When, milliseconds since 1970-01-01 UTC.
    at_ms: i64,
    /// `open`, or `approved` where every step is passed and it can be published.
    #[schema(example = "open")]
    progress: &'static str,
}

/// Where the approval of a version stands. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Approval {
    version: Uuid,
    plan: Uuid,
    plan_name: String,
    /// Counts from 1 within the plan.
    number: u32,
    /// `draft`, `in_review`, `published` or `archived`.
    #[schema(example = "in_review")]
    status: &'static str,
    /// The number of its last command.
    head: u64,
    /// Marks of what it is reckoned with beside its numbers: lines, levels, market factors. To be sent back when it is approved or
    /// published.
    assumed: String,
    /// Whether it adjusts a version that is on record no more: then only an owner publishes it, with a reason.
    outdated: bool,
    /// ISO 4217 code.
    currency: String,
    /// Why it adjusts a published plan; null where it does not.
    revises: Option<Revises>,
    /// The steps: of what was handed in, or of a draft those it would pass.
    steps: Vec<ApprovalStep>,
    /// What was handed in last; null where nothing was.
    submission: Option<Submission>,
    /// Everything that was decided, the latest first.
    decided: Vec<Decided>,
    /// What the caller may do now: `submit`, `approve`, `return`, `take_back`, `publish`, `publish_without_approval`, `remark`.
    #[schema(example = json!(["approve", "return", "remark"]))]
    may: Vec<&'static str>,
    /// The difference to what is on record for its periods; null where nothing is.
    difference: Option<Difference>,
}

/// Why a version adjusts a published plan.
#[derive(Serialize, ToSchema)]
struct Revises {
    /// What called for it.
    cause: String,
    /// What was said when it was opened.
    reason: Option<String>,
}

/// A step.
#[derive(Serialize, ToSchema)]
struct ApprovalStep {
    #[serde(flatten)]
    approver: ChainStep,
    /// Who may decide it; empty where nobody can any more.
    names: Vec<String>,
    /// `later`, `now` or `passed`.
    #[schema(example = "now")]
    state: &'static str,
    /// Who passed it.
    by: Option<String>,
    /// When, milliseconds since 1970-01-01 UTC.
    at_ms: Option<i64>,
}

/// Something that was handed in.
#[derive(Serialize, ToSchema)]
struct Submission {
    by: String,
    /// Milliseconds since 1970-01-01 UTC.
    at_ms: i64,
    note: Option<String>,
    /// `open`, `approved`, `returned` or `published`.
    #[schema(example = "open")]
    progress: &'static str,
}

/// Something that was decided.
#[derive(Serialize, ToSchema)]
struct Decided {
    /// `approved`, `returned`, `taken_back`, `overridden` where an owner published without the rest of the
    /// chain, `beyond_limits` where an owner published beyond limits of fairness that block, or `replaced_base` where an owner
    /// published an adjustment of a version that was on record no more.
    #[schema(example = "approved")]
    decision: &'static str,
    by: String,
    /// Milliseconds since 1970-01-01 UTC.
    at_ms: i64,
    note: Option<String>,
}

/// The difference to what is on record.
#[derive(Serialize, ToSchema)]
struct Difference {
    /// On record.
    before: i64,
    /// In this version.
    after: i64,
    /// Rows that differ in any period, in the order of the tree; the first 300.
    rows: Vec<Differing>,
    /// Rows that differ and are not listed.
    more: u64,
    /// Rows on record that this version does not have.
    gone: u64,
}

/// A row that differs.
#[derive(Serialize, ToSchema)]
struct Differing {
    /// Its place in the version, as in its rows.
    row: u32,
    name: String,
    /// On record; null where it was not.
    before: Option<i64>,
    after: i64,
    periods: Vec<DifferingPeriod>,
}

/// A period of a row that differs.
#[derive(Serialize, ToSchema)]
struct DifferingPeriod {
    #[schema(example = "2027-01")]
    name: String,
    before: Option<i64>,
    after: i64,
}

impl From<known::Queue> for Queue {
    fn from(queue: known::Queue) -> Self {
        let rows = |rows: Vec<known::InReview>| rows.into_iter().map(InReview::from).collect();
        Self {
            waiting: rows(queue.waiting),
            others: rows(queue.others),
        }
    }
}

impl From<known::InReview> for InReview {
    fn from(row: known::InReview) -> Self {
        Self {
            version: row.version.0,
            plan: row.plan,
            number: row.number,
            by: row.by,
            at_ms: row.at_ms,
            progress: row.progress.as_str(),
        }
    }
}

impl From<known::Step> for ApprovalStep {
    fn from(step: known::Step) -> Self {
        let (state, by, at_ms) = match step.state {
            known::StepState::Later => ("later", None, None),
            known::StepState::Now => ("now", None, None),
            known::StepState::Passed { by, at_ms } => ("passed", Some(by), Some(at_ms)),
        };
        Self {
            approver: step.approver.into(),
            names: step.names,
            state,
            by,
            at_ms,
        }
    }
}

fn may(may: known::May) -> Vec<&'static str> {
    [
        (may.submit, "submit"),
        (may.approve, "approve"),
        (may.send_back, "return"),
        (may.take_back, "take_back"),
        (may.publish, "publish"),
        (may.publish_anyway, "publish_without_approval"),
        (may.remark, "remark"),
    ]
    .into_iter()
    .filter(|(may, _)| *may)
    .map(|(_, name)| name)
    .collect()
}

impl From<known::Shown> for Approval {
    fn from(shown: known::Shown) -> Self {
        let names: Vec<String> = shown.periods.iter().map(|period| period.name.clone()).collect();
        let row = |row: known::DifferenceRow| Differing {
            row: row.node.0,
            name: row.name,
            before: row.before.map(|amount| amount.0),
            after: row.after.0,
            periods: names
                .iter()
                .zip(row.periods)
                .map(|(name, (before, after))| DifferingPeriod {
                    name: name.clone(),
                    before: before.map(|amount| amount.0),
                    after: after.0,
                })
                .collect(),
        };
        let against_record =
            Some(shown.difference).filter(|difference| difference.against == known::Against::Record);
        Self {
            version: shown.version.0,
            plan: shown.plan.0,
            plan_name: shown.plan_name,
            number: shown.number,
            status: shown.status.as_str(),
            head: shown.head,
            assumed: shown.assumed.to_string(),
            outdated: shown.outdated,
            currency: shown.currency.code,
            revises: shown.reason.map(|reason| Revises {
                cause: reason.cause.words(Lang::En),
                reason: reason.words,
            }),
            steps: shown.steps.into_iter().map(ApprovalStep::from).collect(),
            submission: shown.submission.map(|submission| Submission {
                by: submission.by,
                at_ms: submission.at_ms,
                note: submission.note,
                progress: submission.progress.as_str(),
            }),
            decided: shown
                .decided
                .into_iter()
                .map(|one| Decided {
                    decision: one.decision.as_str(),
                    by: one.by,
                    at_ms: one.at_ms,
                    note: one.note,
                })
                .collect(),
            may: may(shown.may),
            difference: against_record.map(|difference| Difference {
                before: difference.before.0,
                after: difference.after.0,
                rows: difference.rows.into_iter().map(row).collect(),
                more: difference.more,
                gone: difference.gone,
            }),
        }
    }
}
