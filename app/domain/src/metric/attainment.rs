//! Question and answer of `GET /api/v1/attainment`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::metric::{Dimension, MetricKey};
use crate::money::Minor;

/// What is asked: one metric over `from..to` (half-open), broken down by one or two dimensions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttainmentQuery {
    /// The metric counted.
    pub metric: MetricKey,
    /// First day counted, ISO on the wire.
    #[serde(with = "crate::calendar::iso")]
    pub from: Day,
    /// Day after the last day counted, ISO on the wire.
    #[serde(with = "crate::calendar::iso")]
    pub to: Day,
    /// One or two dimensions (`parse_by` reads the parameter).
    pub by: Vec<Dimension>,
    /// Facts dated up to and including this day; `None` is the business date.
    #[serde(
        default,
        with = "crate::calendar::iso_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub as_of: Option<Day>,
}

/// The answer; amounts are integers in minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attainment {
    /// The day up to and including which facts count, ISO on the wire.
    #[serde(with = "crate::calendar::iso")]
    pub as_of: Day,
    /// ISO 4217 code.
    pub currency: String,
    /// One row per combination of keys; people, units and products with nothing appear with zero.
    pub rows: Vec<AttainmentRow>,
}

/// What identifies a row along one dimension: an id (periods: their name) and a name for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Stable id: UUID of a member, unit, product …; `2017-03`, `2017-Q1`, `2017-10-05` for periods and days.
    pub id: String,
    /// What people read.
    pub name: String,
}

/// One row of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttainmentRow {
    /// Dimension as asked (`member`, `unit:region`, …) to key.
    pub keys: BTreeMap<String, Key>,
    /// Published target of the periods asked, `None` where none is published.
    pub target: Option<Minor>,
    /// Credited amount in `from..to`, up to `as_of`.
    pub actual: Minor,
    /// `actual / target`, never capped; `None` without a target or where it is 0.
    pub attainment: Option<f64>,
    /// What `target` would be by `as_of` on the season and working-day curve; `None` without a target.
    pub expected_by_today: Option<Minor>,
    /// Number of facts counted.
    pub count: i64,
}

impl AttainmentRow {
    /// A row whose attainment follows from its amounts.
    pub fn new(
        keys: BTreeMap<String, Key>,
        target: Option<Minor>,
        actual: Minor,
        expected_by_today: Option<Minor>,
        count: i64,
    ) -> Self {
        Self {
            keys,
            target,
            actual,
            attainment: target.and_then(|target| crate::pace::ratio(actual, target)),
            expected_by_today,
            count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_has_the_documented_shape() {
        let row = AttainmentRow::new(
            BTreeMap::from([(
                "unit:region".to_owned(),
                Key {
                    id: "1".into(),
                    name: "East".into(),
                },
            )]),
            Some(Minor(20_000)),
            Minor(25_000),
            Some(Minor(10_000)),
            3,
        );
        let answer = Attainment {
            as_of: Day::parse_iso("2017-11-30").unwrap(),
            currency: "CNY".into(),
            rows: vec![row],
        };
        assert_eq!(
            serde_json::to_string(&answer).unwrap(),
            r#"{"as_of":"2017-11-30","currency":"CNY","rows":[{"keys":{"unit:region":{"id":"1","name":"East"}},"target":20000,"actual":25000,"attainment":1.25,"expected_by_today":10000,"count":3}]}"#
        );
    }

    #[test]
    fn without_a_target_there_is_no_attainment() {
        let row = AttainmentRow::new(BTreeMap::new(), None, Minor(5), None, 1);
        assert_eq!(row.attainment, None);
        let row = AttainmentRow::new(BTreeMap::new(), Some(Minor(0)), Minor(5), None, 1);
        assert_eq!(row.attainment, None);
        let json = serde_json::to_value(&row).unwrap();
        assert!(json["attainment"].is_null() && json["expected_by_today"].is_null());
    }
}
