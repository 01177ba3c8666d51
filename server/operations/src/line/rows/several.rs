//! Several lines of rows set together, as a pasted block of them: looked at as a whole first, and then decided one after the other,
//! each on what was set before it.

use std::collections::BTreeSet;

use domain::access::Permission;
use domain::id::VersionId;
use domain::line::LineBy;
use domain::line::rows::{LineAnswer, MOST_AT_ONCE, NewRowLine, SeenLine};
use domain::money::Minor;
use domain::plan::{MAX_AMOUNT, NodeIndex, PeriodIndex};
use domain::target::VersionStatus;

use crate::publish::closed;
use crate::scope::require;
use crate::{Error, Operations, Scope, scenario};

/// A line of a row as it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedLine {
    /// The row, in the whole version.
    pub node: NodeIndex,
    /// The line.
    pub key: String,
    /// In which period; none: over the whole plan.
    pub period: Option<PeriodIndex>,
    /// How much of the row is to come from it; none: it is let go.
    pub amount: Option<Minor>,
    /// Why; may be left out.
    pub reason: Option<String>,
    /// What was set when whoever sets it looked.
    pub seen: SeenLine,
}

impl Operations {
    /// Sets lines of rows of a draft, or lets them go, as [`Self::set_row_line`] and [`Self::free_row_line`] do one after the other,
    /// and tells of each what became of it: what one is refused for does not hold up the others. What makes no sense as a block is
    /// refused before anything is set. Sent again as it was, each is done once.
    pub async fn set_row_lines(
        &self,
        scope: &Scope,
        version: VersionId,
        by: LineBy,
        wanted: Vec<WantedLine>,
    ) -> Result<Vec<Result<LineAnswer, Error>>, Error> {
        require(scope, Permission::EditPlan)?;
        check(&wanted)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        if row.status != VersionStatus::Draft {
            return Err(closed(row.status));
        }
        if row.shelved_at_ms.is_some() {
            return Err(scenario::shelved());
        }
        let mut answers = Vec::with_capacity(wanted.len());
        for line in wanted {
            let answer = self.set_or_free(scope, version, by, line).await;
            match answer {
                // What is ours to mend is not the line's: those before it stay set, and are done once when all are sent again.
                Err(error @ (Error::Internal(_) | Error::Busy { .. } | Error::Unauthenticated)) => {
                    return Err(error);
                }
                answer => answers.push(answer),
            }
        }
        Ok(answers)
    }

    async fn set_or_free(
        &self,
        scope: &Scope,
        version: VersionId,
        by: LineBy,
        wanted: WantedLine,
    ) -> Result<LineAnswer, Error> {
        let WantedLine {
            node,
            key,
            period,
            amount,
            reason,
            seen,
        } = wanted;
        match amount {
            Some(amount) => {
                let new = NewRowLine {
                    node,
                    by,
                    key,
                    period,
                    amount,
                    reason,
                    seen,
                };
                self.set_row_line(scope, version, new).await
            }
            None => {
                self.free_row_line(scope, version, (node, period), (by, key.as_str()), seen)
                    .await
            }
        }
    }
}

/// Refuses a block of which something makes no sense, whatever the plan has.
fn check(wanted: &[WantedLine]) -> Result<(), Error> {
    if wanted.len() > MOST_AT_ONCE {
        let count = wanted.len();
        return Err(Error::invalid_field(
            "too_many_lines",
            "lines",
            format!("一次最多 {MOST_AT_ONCE} 项，这里有 {count} 项。请分几次提交。"),
            format!(
                "At most {MOST_AT_ONCE} lines are set at once, and these are {count}: send them in parts."
            ),
        ));
    }
    let mut known: BTreeSet<(NodeIndex, Option<PeriodIndex>, &str)> = BTreeSet::new();
    for (place, line) in wanted.iter().enumerate() {
        if !known.insert((line.node, line.period, line.key.as_str())) {
            let field = format!("lines[{place}].key");
            return Err(Error::invalid_field(
                "line_twice",
                &field,
                format!(
                    "第 {} 项与前面某项的行、项和周期都相同。每项只写一次。",
                    place + 1
                ),
                format!(
                    "Number {} is the same line of the same row and period as one before. Name each once.",
                    place + 1
                ),
            ));
        }
        let amount = line.amount.unwrap_or_default();
        if !(0..=MAX_AMOUNT).contains(&amount.0) {
            let field = format!("lines[{place}].amount");
            return Err(Error::invalid_field(
                "bad_amount",
                &field,
                format!("第 {} 项的数须不小于 0，且不超过 10 万亿。", place + 1),
                format!(
                    "The amount of number {} is at least 0 and at most 10 trillion.",
                    place + 1
                ),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(node: u32, key: &str, amount: Option<i64>) -> WantedLine {
        WantedLine {
            node: NodeIndex(node),
            key: key.to_owned(),
            period: None,
            amount: amount.map(Minor),
            reason: None,
            seen: SeenLine::Any,
        }
    }

    fn refused(wanted: &[WantedLine]) -> Option<(String, Option<String>)> {
        match check(wanted).err()? {
            Error::Invalid(refusal) => Some((refusal.code, refusal.field)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_block_is_refused_where_one_of_it_makes_no_sense() {
        let fine = [
            line(1, "a", Some(0)),
            line(1, "b", None),
            line(2, "a", Some(MAX_AMOUNT)),
        ];
        assert_eq!(refused(&fine), None);
        // The same line in a period is another number.
        let of_period = WantedLine {
            period: Some(PeriodIndex(0)),
            ..line(1, "b", Some(1))
        };
        assert_eq!(refused(&[line(1, "b", Some(1)), of_period]), None);
        for (wrong, code, field) in [
            (line(1, "b", Some(1)), "line_twice", "lines[3].key"),
            (line(3, "a", Some(-1)), "bad_amount", "lines[3].amount"),
            (
                line(3, "a", Some(MAX_AMOUNT + 1)),
                "bad_amount",
                "lines[3].amount",
            ),
        ] {
            let all: Vec<WantedLine> = fine.iter().cloned().chain([wrong]).collect();
            assert_eq!(refused(&all), Some((code.to_owned(), Some(field.to_owned()))));
        }
        let many: Vec<WantedLine> = (0..=MOST_AT_ONCE as u32)
            .map(|node| line(node, "a", None))
            .collect();
        assert_eq!(
            refused(&many).map(|(code, _)| code).as_deref(),
            Some("too_many_lines")
        );
        assert_eq!(refused(&many[1..]), None);
    }
}
