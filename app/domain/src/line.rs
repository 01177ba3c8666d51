//! Lines of a target: how much of it is to come from each product, category, channel and key account.
//!
//! The lines of every dimension sum to the target, to the last minor unit. They are proposed in proportion to history; when
//! one of them changes the others give and take in proportion to what they have, and those that are locked stay (bounded
//! shares and largest remainders: see [`crate::allocation`]). What is kept are the amounts as they were decided, of whatever
//! total there was then; [`fit`] brings them to another total and, from the same amounts, back again.

pub mod matrix;
pub mod parts;
pub mod profile;
pub mod rows;
pub mod sheet;
pub mod tables;
mod words;

use serde::{Deserialize, Serialize};

use crate::allocation::{AllocationError, Share, allocate};
use crate::money::Minor;

/// What a target is cut by, beside the units that carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineBy {
    /// What is sold.
    Product,
    /// The group it is of.
    Category,
    /// The way it is sold by.
    Channel,
    /// To whom.
    Account,
}

impl LineBy {
    /// All, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Product, Self::Category, Self::Channel, Self::Account];

    /// The wire and stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Account => "account",
        }
    }

    /// The dimension of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == name)
    }
}

/// The key of the line of everything that has none of its own.
pub const REST: &str = "rest";
/// Lines that are proposed with a name of their own, at most; the rest is one line.
pub const MOST_LINES: usize = 20;
/// Named lines together bring so much of the history, in per cent, where there are more than [`MOST_LINES`] to name.
const NAMED_PERCENT: i128 = 80;
/// The least number of named lines where there are as many.
const LEAST_LINES: usize = 5;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The id of the product, category, channel or account; empty for what has none, [`REST`] for everything else.
    pub key: String,
    /// What people call it; empty for those two.
    pub name: String,
    /// What it brought in the year before, in minor units; what one-off deals brought left out.
    pub history: Minor,
    /// What it is to bring.
    pub amount: Minor,
    /// Whether it stays when others change.
    pub locked: bool,
}

/// Why a line cannot be what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum LineError {
    /// There is no such line.
    #[error("there is no line \"{key}\"")]
    Unknown {
        /// What was asked for.
        key: String,
    },
    /// A line below zero.
    #[error("{amount:?} is below zero")]
    Negative {
        /// What was asked for.
        amount: Minor,
    },
    /// The line is locked itself.
    #[error("\"{name}\" is locked at {amount:?}")]
    Locked {
        /// Which.
        name: String,
        /// What it has.
        amount: Minor,
    },
    /// The locked lines alone are more than the total.
    #[error("what is locked exceeds the total of {total:?} by {missing:?}")]
    Over {
        /// The total.
        total: Minor,
        /// By how much.
        missing: Minor,
        /// The locked lines.
        locked: Vec<String>,
    },
    /// Nothing is left that could take the rest of the total.
    #[error("{missing:?} of the total of {total:?} is left and every other line is locked")]
    Under {
        /// The total.
        total: Minor,
        /// What nobody takes.
        missing: Minor,
        /// The locked lines.
        locked: Vec<String>,
    },
    /// The line cannot be taken out of the rest: it has one of its own.
    #[error("\"{name}\" has a line of its own")]
    Twice {
        /// Which.
        name: String,
    },
}

/// The number a line's ties are broken by: whatever order lines come in, the same line gets the last minor unit.
pub fn tie(key: &str) -> u128 {
    match uuid::Uuid::parse_str(key) {
        Ok(id) => id.as_u128(),
        Err(_) if key.is_empty() => u128::MAX - 1,
        Err(_) => u128::MAX,
    }
}

/// Lines in proportion to history, the largest first, with a rest where there are many. Without any history they are equal.
/// Every one is `(key, name, history)`; what is below zero counts as nothing.
pub fn propose(total: Minor, history: Vec<(String, String, Minor)>) -> Result<Vec<Line>, LineError> {
    let mut known: Vec<(String, String, Minor)> = history
        .into_iter()
        .map(|(key, name, amount)| (key, name, amount.max(Minor(0))))
        .collect();
    known.sort_by(|(a, _, left), (b, _, right)| right.cmp(left).then_with(|| a.cmp(b)));
    let whole: i128 = known.iter().map(|(.., amount)| i128::from(amount.0)).sum();
    let named = if known.len() <= MOST_LINES {
        known.len()
    } else {
        let mut sum = 0_i128;
        let enough = known
            .iter()
            .take_while(|(.., amount)| {
                let before = sum;
                sum += i128::from(amount.0);
                before * 100 < whole * NAMED_PERCENT
            })
            .count();
        enough.clamp(LEAST_LINES, MOST_LINES)
    };
    let rest = known.split_off(named);
    let mut lines: Vec<Line> = known
        .into_iter()
        .map(|(key, name, history)| Line {
            key,
            name,
            history,
            amount: history,
            locked: false,
        })
        .collect();
    if !rest.is_empty() {
        let sum: i128 = rest.iter().map(|(.., amount)| i128::from(amount.0)).sum();
        let history = Minor(i64::try_from(sum).unwrap_or(i64::MAX));
        lines.push(Line {
            key: REST.to_owned(),
            name: String::new(),
            history,
            amount: history,
            locked: false,
        });
    }
    fit(total, &mut lines)?;
    Ok(lines)
}

/// Brings lines to a total: those that are locked stay, the others keep their proportions; where they have nothing, those of
/// history, and without history equal parts. Nothing changes where it is refused.
pub fn fit(total: Minor, lines: &mut [Line]) -> Result<(), LineError> {
    if lines.is_empty()
        || lines.iter().map(|line| i128::from(line.amount.0)).sum::<i128>() == i128::from(total.0)
    {
        return Ok(());
    }
    let held: Vec<Option<Minor>> = lines
        .iter()
        .map(|line| line.locked.then_some(line.amount))
        .collect();
    place(total, lines, &held)
}

/// Sets one line; the others give and take.
pub fn set(total: Minor, lines: &mut [Line], key: &str, amount: Minor) -> Result<(), LineError> {
    if amount.0 < 0 {
        return Err(LineError::Negative { amount });
    }
    let asked = lines
        .iter()
        .find(|line| line.key == key)
        .ok_or_else(|| LineError::Unknown { key: key.to_owned() })?;
    if asked.locked && asked.amount != amount {
        return Err(LineError::Locked {
            name: asked.name.clone(),
            amount: asked.amount,
        });
    }
    let held: Vec<Option<Minor>> = lines
        .iter()
        .map(|line| {
            if line.key == key {
                Some(amount)
            } else {
                line.locked.then_some(line.amount)
            }
        })
        .collect();
    place(total, lines, &held)
}

/// Locks a line, or lets it go.
pub fn lock(lines: &mut [Line], key: &str, locked: bool) -> Result<(), LineError> {
    let line = lines
        .iter_mut()
        .find(|line| line.key == key)
        .ok_or_else(|| LineError::Unknown { key: key.to_owned() })?;
    line.locked = locked;
    Ok(())
}

/// Gives something of the rest a line of its own, with its share of the rest by history.
pub fn single_out(lines: &mut Vec<Line>, key: &str, name: &str, history: Minor) -> Result<(), LineError> {
    if lines.iter().any(|line| line.key == key) {
        return Err(LineError::Twice {
            name: name.to_owned(),
        });
    }
    let rest = lines
        .iter_mut()
        .find(|line| line.key == REST)
        .ok_or_else(|| LineError::Unknown { key: key.to_owned() })?;
    if rest.locked {
        return Err(LineError::Locked {
            name: rest.name.clone(),
            amount: rest.amount,
        });
    }
    let history = history.clamp(Minor(0), rest.history);
    let part = if rest.history.0 > 0 {
        let part = i128::from(rest.amount.0) * i128::from(history.0) / i128::from(rest.history.0);
        Minor(i64::try_from(part).unwrap_or(0))
    } else {
        Minor(0)
    };
    rest.amount.0 -= part.0;
    rest.history.0 -= history.0;
    let line = Line {
        key: key.to_owned(),
        name: name.to_owned(),
        history,
        amount: part,
        locked: false,
    };
    let place = lines.iter().position(|line| line.key == REST);
    lines.insert(place.unwrap_or(lines.len()), line);
    Ok(())
}

/// Shares a total: what is held is held, the rest goes in proportion.
fn place(total: Minor, lines: &mut [Line], held: &[Option<Minor>]) -> Result<(), LineError> {
    let free = || lines.iter().zip(held).filter(|(_, held)| held.is_none());
    let weight = |amount: Minor| u64::try_from(amount.0).unwrap_or(0);
    let by_amount = free().any(|(line, _)| line.amount.0 > 0);
    let shares: Vec<Share> = lines
        .iter()
        .zip(held)
        .map(|(line, held)| {
            let key = tie(&line.key);
            let weight = weight(if by_amount { line.amount } else { line.history });
            match held {
                Some(amount) => Share::free(key, weight).within(amount.0, amount.0),
                None => Share::free(key, weight),
            }
        })
        .collect();
    let locked = || {
        lines
            .iter()
            .filter(|line| line.locked)
            .map(|line| line.name.clone())
            .collect::<Vec<_>>()
    };
    let placed = allocate(total.0, &shares).map_err(|error| match error {
        AllocationError::Infeasible {
            reachable, missing, ..
        } if reachable > total.0 => LineError::Over {
            total,
            missing: Minor(missing),
            locked: locked(),
        },
        AllocationError::Infeasible { missing, .. } => LineError::Under {
            total,
            missing: Minor(missing),
            locked: locked(),
        },
        // A plan's total is within what can be split.
        _ => LineError::Over {
            total,
            missing: Minor(0),
            locked: Vec::new(),
        },
    })?;
    for (line, amount) in lines.iter_mut().zip(placed.amounts) {
        line.amount = Minor(amount);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
