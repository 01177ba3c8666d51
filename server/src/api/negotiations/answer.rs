//! Negotiations as programs read them.

use domain::negotiation as known;
use domain::pulse::UnitPulse;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A negotiation of one number. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Negotiation {
    id: Uuid,
    version: Uuid,
    /// What the plan is called.
    plan: String,
    /// The row, by its place in the whole version.
    row: u32,
    /// What the row is called.
    name: String,
    /// The period, or the quarter; null: the total.
    #[schema(example = "2027-01")]
    period: Option<String>,
    /// ISO 4217 code.
    currency: String,
    /// The number when the negotiation began.
    number: i64,
    /// The amount on the table; once agreed, the agreed one.
    amount: i64,
    /// By how much it exceeds the number.
    difference: i64,
    /// `open`, `agreed`, `declined`, `withdrawn` or `expired`.
    #[schema(example = "open")]
    status: &'static str,
    /// The side that has to move, `carrier` or `plan`; null where it has ended.
    turn: Option<&'static str>,
    /// Who has to move, by name; null where it has ended, or where whoever plans is asked.
    waits_for: Option<String>,
    /// The side of the caller, `carrier` or `plan`.
    side: &'static str,
    /// How often it went further up.
    level: u8,
    /// The last day on which one can move.
    #[schema(example = "2027-03-01")]
    due_on: String,
    /// For the plan side: what is left in the pool right above the number.
    hedge: Option<i64>,
    /// The moves, the oldest first.
    moves: Vec<NegotiationMove>,
}

/// A move.
#[derive(Serialize, ToSchema)]
struct NegotiationMove {
    /// `carrier` or `plan`.
    side: &'static str,
    /// `propose`, `counter`, `agree`, `decline`, `escalate` or `withdraw`.
    act: &'static str,
    amount: Option<i64>,
    words: Option<String>,
    /// Who moved; `deadline` where it went further up as nobody answered in time.
    by: String,
    /// Milliseconds since 1970-01-01 UTC.
    at_ms: i64,
}

/// What entering agreed numbers came to.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct EnteredNumbers {
    /// How many the draft has now.
    entered: u32,
    /// Those it could not take.
    left: Vec<LeftOutNumber>,
}

/// An agreed number that a draft could not take.
#[derive(Serialize, ToSchema)]
struct LeftOutNumber {
    /// What the row is called.
    name: String,
    reason_zh: String,
    reason_en: String,
}

/// How fair those of a unit call their numbers.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct UnitVoice {
    /// The unit's row in the version.
    row: u32,
    name: String,
    /// Levels below the top.
    depth: u8,
    /// How many said something: five or more.
    people: u32,
    /// The mean of 1 (not fair at all) to 5, in tenths.
    mean_tenths: u32,
    /// How many said 1, 2, 3, 4 and 5.
    counts: Vec<u32>,
    /// Reasons without names.
    reasons: Vec<String>,
}

impl From<known::Talk> for Negotiation {
    fn from(talk: known::Talk) -> Self {
        let difference = talk.difference().0;
        Self {
            id: talk.id.0,
            version: talk.version.0,
            plan: talk.plan_name,
            row: talk.row.0,
            name: talk.name,
            period: talk.period.map(|period| period.name),
            currency: talk.currency.code,
            number: talk.number.0,
            amount: talk.standing.amount.0,
            difference,
            status: talk.standing.status.as_str(),
            turn: talk.standing.to_move().map(known::Side::as_str),
            waits_for: talk.waits_for,
            side: talk.side.as_str(),
            level: talk.standing.level,
            due_on: talk.due_on.to_string(),
            hedge: talk.hedge.map(|hedge| hedge.0),
            moves: talk.said.into_iter().map(NegotiationMove::from).collect(),
        }
    }
}

impl From<known::Said> for NegotiationMove {
    fn from(said: known::Said) -> Self {
        Self {
            side: said.side.as_str(),
            act: said.what.kind.as_str(),
            amount: said.what.amount.map(|amount| amount.0),
            words: said.what.words,
            by: said.by,
            at_ms: said.at_ms,
        }
    }
}

impl From<known::EnteredAgreed> for EnteredNumbers {
    fn from(entered: known::EnteredAgreed) -> Self {
        let left = entered.left.into_iter().map(|left| LeftOutNumber {
            name: left.name,
            reason_zh: left.zh,
            reason_en: left.en,
        });
        Self {
            entered: entered.entered,
            left: left.collect(),
        }
    }
}

impl From<UnitPulse> for UnitVoice {
    fn from(unit: UnitPulse) -> Self {
        Self {
            row: unit.row.0,
            depth: unit.depth,
            people: unit.people,
            mean_tenths: unit.mean_tenths(),
            counts: unit.counts.to_vec(),
            name: unit.name,
            reasons: unit.reasons,
        }
    }
}
