//! The target of a version as it is answered.

use domain::format::Lang;
use domain::level::{Level, Value};
use domain::money::Currency;
use domain::target::TargetBoard;
use serde::Serialize;
use utoipa::ToSchema;

/// The target of a version. Amounts are in minor units.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Target {
    /// ISO 4217 code.
    currency: String,
    /// The number of the version's last command: what a change is made on.
    head: u64,
    /// Whether it may be changed: a draft that is not archived.
    open: bool,
    /// The target.
    total: i64,
    /// What is booked within its days already.
    booked: i64,
    /// The same days a year before; null where nothing is known of them.
    last_year: Option<i64>,
    /// Up to which day, where the year before is not over.
    last_year_until: Option<String>,
    /// The chance that it is reached, 0 to 1; null where there is too little history.
    chance: Option<f64>,
    /// Where it sits in the outlook: 93 is P93.
    percentile: Option<f64>,
    /// Floor, target, stretch, challenge.
    levels: Vec<LevelOf>,
    /// Its periods in order.
    periods: Vec<PeriodOf>,
    /// Its parts by line; those of every dimension sum to the target.
    lines: Vec<LinesOf>,
    /// What it serves; null where nothing is known of that.
    serves: Option<String>,
    /// The SMART check, a finding for each letter.
    smart: Vec<LetterOf>,
}

/// A level.
#[derive(Serialize, ToSchema)]
struct LevelOf {
    level: String,
    /// Its ratio of the target in millionths, where it was decided as one.
    ratio_ppm: Option<u32>,
    /// Its amount; null where nobody decided it.
    amount: Option<i64>,
    /// The chance that it is reached, 0 to 1.
    chance: Option<f64>,
}

/// A period of the plan.
#[derive(Serialize, ToSchema)]
struct PeriodOf {
    #[schema(example = "2027-01")]
    name: String,
    amount: i64,
}

/// The parts by one dimension.
#[derive(Serialize, ToSchema)]
struct LinesOf {
    /// `product`, `category`, `channel` or `account`.
    by: String,
    /// Whether they are as history proposes.
    proposed: bool,
    lines: Vec<LineOf>,
}

/// A line.
#[derive(Serialize, ToSchema)]
struct LineOf {
    /// The id; empty for what has none, `rest` for everything else.
    key: String,
    name: String,
    /// What it brought in the year before, one-off deals left out.
    history: i64,
    amount: i64,
    /// Whether it stays when others change.
    locked: bool,
}

/// What a letter of the check comes to.
#[derive(Serialize, ToSchema)]
struct LetterOf {
    #[schema(example = "achievable")]
    letter: String,
    /// Whether it holds.
    holds: bool,
    /// What is wrong and what would mend it, in English.
    faults: Vec<FaultOf>,
}

/// A fault.
#[derive(Serialize, ToSchema)]
struct FaultOf {
    wrong: String,
    mend: String,
}

impl From<TargetBoard> for Target {
    fn from(board: TargetBoard) -> Self {
        let (chance, percentile) = (board.chance(board.total), board.percentile(board.total));
        let levels = board
            .levels
            .iter()
            .map(|row| LevelOf {
                level: row.level.as_str().to_owned(),
                ratio_ppm: match (row.level, row.value) {
                    (Level::Target, _) => Some(1_000_000),
                    (_, Some(Value::Ratio { ppm })) => Some(ppm),
                    _ => None,
                },
                amount: row.amount.map(|amount| amount.0),
                chance: row.amount.and_then(|amount| board.chance(amount)),
            })
            .collect();
        let currency = board.planning.currency;
        Self {
            head: board.head,
            open: board.may_edit,
            total: board.total.0,
            booked: board.booked.0,
            last_year: board.last_year.map(|before| before.amount.0),
            last_year_until: board
                .last_year
                .and_then(|before| before.until)
                .map(|day| day.to_string()),
            chance,
            percentile,
            levels,
            periods: board
                .quarters
                .into_iter()
                .flat_map(|quarter| quarter.parts)
                .map(|(_, period, amount)| PeriodOf {
                    name: period.name,
                    amount: amount.0,
                })
                .collect(),
            lines: board
                .lines
                .into_iter()
                .map(|lines| LinesOf {
                    by: lines.by.as_str().to_owned(),
                    proposed: lines.proposed,
                    lines: lines
                        .lines
                        .into_iter()
                        .map(|line| LineOf {
                            key: line.key,
                            name: line.name,
                            history: line.history.0,
                            amount: line.amount.0,
                            locked: line.locked,
                        })
                        .collect(),
                })
                .collect(),
            serves: board.purpose.map(|purpose| purpose.name),
            smart: board
                .smart
                .into_iter()
                .map(|finding| letter(&finding, &currency))
                .collect(),
            currency: currency.code,
        }
    }
}

fn letter(finding: &domain::smart::Finding, currency: &Currency) -> LetterOf {
    LetterOf {
        letter: finding.letter.as_str().to_owned(),
        holds: finding.holds(),
        faults: finding
            .faults
            .iter()
            .map(|fault| FaultOf {
                wrong: fault.words(Lang::En, currency),
                mend: fault.mend(Lang::En, currency),
            })
            .collect(),
    }
}
