//! Two teams of two people each, with who leads them, and a year in months that is on record.

use std::collections::BTreeMap;

use domain::access::Role;
use domain::calendar::{Day, PeriodKind, WorkingDays};
use domain::id::{MemberId, UnitId, VersionId};
use domain::money::Minor;
use domain::staffing::{Asked, Change, Preview};
use domain::target::{NewPlan, Verdict};
use operations::{Operations, Scope};
use store::Database;

use crate::planning::{self, day};

/// Who a colleague is not.
pub(crate) const NOBODY: &str = "计划内无人承担";

pub(crate) struct House {
    pub(crate) operations: Operations,
    pub(crate) system: Scope,
    pub(crate) planner: Scope,
    pub(crate) root: UnitId,
    pub(crate) teams: [UnitId; 2],
    pub(crate) leaders: [MemberId; 2],
    /// The first two are in the first team.
    pub(crate) people: [MemberId; 4],
    pub(crate) version: VersionId,
}

impl House {
    /// With the year 2018 on record.
    pub(crate) async fn of(database: &Database) -> Self {
        Self::from(database, day("2017-12-20"), "2018-01-01", "2019-01-01").await
    }

    /// With a year on record, as of a day.
    pub(crate) async fn from(database: &Database, today: Day, from: &str, to: &str) -> Self {
        let (system, root) = kit::organization(database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Some(today);
        let members = ["lead 1", "lead 2", "a", "b", "c", "d"].map(kit::member);
        let [lead, other, a, b, c, d] = [0, 1, 2, 3, 4, 5].map(|place: usize| members[place].id);
        let units = [
            kit::unit(root, "team", "T1", Some(lead)),
            kit::unit(root, "team", "T2", Some(other)),
        ];
        let teams = [units[0].id, units[1].id];
        let homes = [
            kit::assignment(lead, teams[0]),
            kit::assignment(a, teams[0]),
            kit::assignment(b, teams[0]),
            kit::assignment(other, teams[1]),
            kit::assignment(c, teams[1]),
            kit::assignment(d, teams[1]),
        ];
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &system, &members).await.unwrap();
        store::unit::insert(&writer, &system, &units).await.unwrap();
        store::assignment::insert(&writer, &system, &homes).await.unwrap();
        writer.commit().await.unwrap();
        let planner = planning::user(&system, Role::Planner, None, &[], &[]);
        let plan = NewPlan {
            total: Minor(48_000_007),
            ..planning::plan(from, to, PeriodKind::Month)
        };
        let version = operations.create_plan(&planner, plan).await.unwrap().version;
        operations.publish(&planner, version).await.unwrap();
        Self {
            operations,
            system,
            planner,
            root,
            teams,
            leaders: [lead, other],
            people: [a, b, c, d],
            version,
        }
    }

    /// The amounts of each row by period, called `unit/name`; units by their own name.
    pub(crate) async fn rows(&self, version: VersionId) -> BTreeMap<String, Vec<i64>> {
        let found = self
            .operations
            .version_rows(&self.planner, version)
            .await
            .unwrap();
        let mut unit = String::new();
        let mut rows = BTreeMap::new();
        for row in found.rows {
            let is_unit = !row.of.is_member() && row.name != NOBODY;
            let name = if is_unit {
                unit.clone_from(&row.name);
                row.name
            } else {
                format!("{unit}/{}", row.name)
            };
            rows.insert(name, row.amounts.iter().map(|amount| amount.0).collect());
        }
        rows
    }

    /// A change of the version on record.
    pub(crate) fn asked(&self, on: &str, change: Change) -> Asked {
        Asked {
            version: self.version,
            on: day(on),
            change,
        }
    }

    /// Shows what a change would do, makes its draft, and looks whether it is what was shown, sound, and says why.
    pub(crate) async fn open(&self, asked: &Asked) -> (Preview, VersionId) {
        let preview = self
            .operations
            .preview_staffing(&self.planner, asked)
            .await
            .unwrap();
        assert_eq!(preview.before, preview.after, "the whole plan stays");
        let made = self
            .operations
            .open_staffing(&self.planner, asked, None, Some("人员变动"))
            .await
            .unwrap();
        let rows = self.rows(made.version).await;
        let mut unit = String::new();
        for row in &preview.rows {
            // Every number is told to the last unit: what was before, and each step from there on.
            for period in (0..row.before.len()).map(Some).chain([None]) {
                let (before, after) = row.amounts(period);
                let steps = row.steps_in(period);
                let sum: i64 = steps.iter().map(|(_, _, amount)| amount.0).sum();
                assert_eq!(before.0 + sum, after.0, "{}", row.name);
                assert!(
                    steps.iter().all(|(_, count, _)| *count > 0),
                    "{}: something is not said",
                    row.name
                );
            }
            match row.was {
                Some(was) => {
                    let why = self
                        .operations
                        .why(&self.planner, asked.version, was, None)
                        .await
                        .unwrap();
                    assert_eq!(why.explanation.amount, row.totals().0, "{}", row.name);
                }
                None => assert_eq!(row.totals().0, Minor(0), "{}", row.name),
            }
            let name = if row.is_unit {
                unit.clone_from(&row.name);
                row.name.clone()
            } else {
                format!("{unit}/{}", row.name)
            };
            let after: Vec<i64> = row.after.iter().map(|amount| amount.0).collect();
            assert_eq!(rows.get(&name), Some(&after), "{name}");
        }
        let verdict = self.operations.verify(&self.planner, made.version).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound { .. }), "{verdict:?}");
        let log = self
            .operations
            .changes_since(&self.planner, made.version, 0)
            .await
            .unwrap();
        let reasons: Vec<&str> = log
            .entries
            .iter()
            .filter_map(|entry| entry.command.reason())
            .collect();
        assert!(reasons.len() <= 1, "one command says why: {reasons:?}");
        assert!(reasons.iter().all(|reason| *reason == "人员变动"));
        (preview, made.version)
    }

    /// The same, and puts the draft on record.
    pub(crate) async fn change(&mut self, on: &str, change: Change) -> BTreeMap<String, Vec<i64>> {
        let (_, draft) = self.open(&self.asked(on, change)).await;
        self.operations.publish(&self.planner, draft).await.unwrap();
        self.version = draft;
        self.rows(draft).await
    }

    /// Where somebody belongs, by unit, from and until.
    pub(crate) async fn homes(&self, member: MemberId) -> Vec<(UnitId, Day, Option<Day>)> {
        let people = self.operations.people(&self.system).await.unwrap();
        let row = people.members.iter().find(|row| row.id == member).unwrap();
        row.assignments
            .iter()
            .map(|home| (home.unit, home.starts_on, home.ends_on))
            .collect()
    }
}

/// The part of an amount of May 2018 that falls from a day on, by the working days of China.
pub(crate) fn of_may(amount: i64, on: &str) -> i64 {
    let china = WorkingDays::named("cn").unwrap();
    let days = |from: &str, to: &str| i64::from(china.count(day(from), day(to)));
    let (moves, all) = (days(on, "2018-06-01"), days("2018-05-01", "2018-06-01"));
    (2 * amount * moves + all - 1) / (2 * all)
}

/// The sums of some rows, by period.
pub(crate) fn sums(rows: &BTreeMap<String, Vec<i64>>, names: &[&str]) -> Vec<i64> {
    (0..12)
        .map(|period| {
            names
                .iter()
                .filter_map(|name| rows.get(*name))
                .map(|row| row[period])
                .sum()
        })
        .collect()
}
