//! The cases of `domain::fairness` on real files.

use std::collections::BTreeMap;

use domain::calendar::Day;
use domain::fairness::{
    Kind, Level, Record, Settings, Severity, Spread, gini_interval, look_back, padding, reached_interval,
};
use domain::format::Lang;
use domain::money::Minor;

use super::attainment::{self, PersonQuarter};
use super::{near, rows};

/// The quotas of `adventureworks` and what came of them, by the quarters of the quota table.
pub(crate) fn quotas() -> Option<Vec<Record>> {
    let quarters = attainment::quarters()?;
    let mut starts: Vec<Day> = quarters.iter().map(|quarter| quarter.start).collect();
    starts.sort_unstable();
    starts.dedup();
    let record = |quarter: &PersonQuarter| Record {
        person: quarter.person.parse().unwrap(),
        period: starts.binary_search(&quarter.start).unwrap() as u32,
        target: quarter.quota,
        actual: quarter.actual,
    };
    Some(quarters.iter().map(record).collect())
}

#[test]
fn p3_the_quotas_are_even_and_out_of_reach() {
    let Some(records) = quotas() else {
        return;
    };
    let sum = |of: fn(&Record) -> i64| records.iter().map(of).sum::<i64>();
    assert_eq!(sum(|record| record.target.0), 957_140_000_000);
    assert_eq!(sum(|record| record.actual.0), 804_877_041_832);
    let found = look_back(&records, 4, &Settings::default()).unwrap();
    println!("{found:#?}");
    assert_eq!((found.records, found.without_target, found.reached), (163, 0, 8));
    assert!(
        (found.attainment - 0.840_919).abs() < 5e-7,
        "{}",
        found.attainment
    );
    near(found.share, 0.0491);
    assert!((found.median - 0.847_92).abs() < 5e-6 && (found.mean - 0.855_22).abs() < 5e-6);
    assert!((found.sd.unwrap() - 0.144_38).abs() < 5e-6);
    assert_eq!((found.recent.people, found.recent.periods), (17, 4));
    assert!((found.recent.gini.unwrap() - 0.026).abs() < 5e-4);
    assert!((found.recent.variation.unwrap() - 0.048).abs() < 5e-4);

    // Both are said: the level is hopeless, the spread excellent.
    assert_eq!(
        (found.level, found.spread),
        (Level::OutOfReach, Spread::Excellent)
    );
    let [level, spread] = found.findings.as_slice() else {
        panic!("{:?}", found.findings);
    };
    assert!(
        matches!(
            level.kind,
            Kind::Level {
                level: Level::OutOfReach,
                ..
            }
        ) && level.severity == Severity::Warn
    );
    assert!(
        matches!(
            spread.kind,
            Kind::Spread {
                spread: Spread::Excellent,
                ..
            }
        ) && spread.severity == Severity::Good
    );
    assert_eq!(level.kind.label(Lang::En), "targets out of reach");
    assert_eq!(spread.kind.label(Lang::ZhCn), "松紧非常一致");

    // Neither verdict hangs on who happens to be in the list.
    let reached = reached_interval(&records, 0.95, 1_000, 1).unwrap();
    assert!(
        reached.contains(found.share) && reached.high < 0.15,
        "{reached:?}"
    );
    let mut people: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
    for record in records.iter().filter(|record| record.period >= 8) {
        let sums = people.entry(record.person).or_default();
        *sums = (sums.0 + record.target.0, sums.1 + record.actual.0);
    }
    let attainments: Vec<f64> = people
        .values()
        .map(|(target, actual)| *actual as f64 / *target as f64)
        .collect();
    let gini = gini_interval(&attainments, 0.95, 1_000, 1).unwrap();
    println!("share reached {reached:?}, Gini {gini:?}");
    assert!(gini.high < Settings::default().gini_excellent);
}

#[test]
fn p3_quarters_roll_up() {
    let (Some(records), Some((expected, _))) = (quotas(), rows("expected/aw_quarter_totals.csv")) else {
        return;
    };
    for (period, row) in expected.iter().enumerate() {
        let quarter: Vec<Record> = records
            .iter()
            .filter(|record| record.period as usize == period)
            .copied()
            .collect();
        let found = look_back(&quarter, 1, &Settings::default()).unwrap();
        assert_eq!(found.records, row["people"].parse::<usize>().unwrap());
        assert_eq!(found.reached, row["n_ge_100"].parse::<usize>().unwrap());
        assert!(
            (found.attainment - row["attainment"].parse::<f64>().unwrap()).abs() < 1e-9,
            "{row:?}"
        );
        assert_eq!(found.common, None);
    }
}

#[test]
fn p12_a_manager_who_hands_down_two_and_a_half_times_his_target_is_found() {
    let Some((targets, _)) = rows("aw_dw2020/ResellerSalesTargets.csv") else {
        return;
    };
    let Some((people, _)) = rows("aw_dw2020/DimEmployee_sales.csv") else {
        return;
    };
    let key_of = |national: &str| {
        people
            .iter()
            .find(|person| person["NationalIDNumber"] == national)
    };
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for row in targets.iter().filter(|row| row["Year"] == "2017") {
        let months = (1..=12).filter_map(|month| row[&format!("M{month:02}")].parse::<i64>().ok());
        *sums.entry(&row["EmployeeID"]).or_default() += months.sum::<i64>() * 100_000;
    }
    let jiang = people
        .iter()
        .find(|person| person["LastName"] == "Jiang")
        .unwrap();
    let own = sums[jiang["NationalIDNumber"].as_str()];
    let team = sums.iter().filter(|(national, _)| {
        key_of(national).is_some_and(|person| person["ParentEmployeeKey"] == jiang["EmployeeKey"])
    });
    let team: i64 = team.map(|(_, sum)| sum).sum();
    assert_eq!((own, team), (795_000_000, 2_005_000_000));
    let found = padding(&[Minor(own), Minor(team)]).unwrap();
    near(found.total.unwrap(), 1.5220);
}
