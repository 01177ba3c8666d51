//! Outlooks of real and of awkward histories, market factors and their files, on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod adventureworks;
mod factors;
#[path = "../shared/files.rs"]
mod files;
mod histories;
#[path = "../shared/refusal.rs"]
mod refusal;
mod reports;
mod things;

use std::collections::BTreeMap;

use domain::assumption::PlanningQuery;
use domain::calendar::{Day, PeriodKind};
use domain::import::{Kind, OnMissing, Options, Status, View};
use domain::money::Minor;
use domain::outlook::{Effect, FactorKind, NewFactor, Outlook, OutlookQuery};
use domain::target::{NewPlan, Span};
use operations::import::Origin;
use operations::{Operations, Scope};
use store::Database;
use tempfile::TempDir;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

/// An organization at work.
struct Company {
    operations: Operations,
    scope: Scope,
    _folder: TempDir,
}

impl Company {
    async fn new(database: &Database, today: &str) -> Self {
        let (scope, _) = kit::organization(database).await;
        let folder = tempfile::tempdir().unwrap();
        let mut operations = Operations::new(database.clone());
        operations.today = Some(day(today));
        folder.path().clone_into(&mut operations.files);
        Self {
            operations,
            scope,
            _folder: folder,
        }
    }

    /// A company with two regions, of one and two people, and one order each of everybody in the middle of every month:
    /// 100, 200 and 300 in the first, with a little growth and a season.
    async fn selling(database: &Database, today: &str, from: &str, months: i32) -> Self {
        let company = Self::new(database, today).await;
        company
            .text(Kind::Units, "name,level\nNorth,region\nSouth,region\n")
            .await;
        company
            .text(Kind::Members, "name,unit\nAnn,North\nBob,South\nCid,South\n")
            .await;
        company.sell(from, months, |_| true).await;
        company
    }

    async fn sell(&self, from: &str, months: i32, counts: impl Fn(i32) -> bool) {
        let first = domain::calendar::Month::of(day(from));
        let mut text = "order id,member,order date,amount\n".to_owned();
        for step in (0..months).filter(|step| counts(*step)) {
            let month = first.plus(step);
            let season = [80, 60, 110, 90, 100, 120, 90, 90, 110, 100, 110, 140];
            for (place, name) in ["Ann", "Bob", "Cid"].into_iter().enumerate() {
                // Early and late in the month, so that the ends are whole.
                for (number, of_month) in [2, 27].into_iter().enumerate() {
                    let date = month.day_or_last(of_month);
                    let base = 50 * (place as i32 + 1) * (100 + step);
                    let amount = base * season[usize::from(month.month() - 1)] / 100;
                    text += &format!("{name}-{month}-{number},{name},{date},{amount}\n");
                }
            }
        }
        self.text(Kind::Orders, &text).await;
    }

    /// Imports a text of a kind; what is unknown is made.
    async fn text(&self, kind: Kind, text: &str) -> View {
        let folder = tempfile::tempdir().unwrap();
        let path = files::file(folder.path(), "rows.csv", text);
        let options = Options {
            on_missing: OnMissing::Create,
            ..Options::default()
        };
        self.import(&path, kind, &[], options).await
    }

    async fn import(
        &self,
        path: &std::path::Path,
        kind: Kind,
        mapping: &[(&str, &str)],
        options: Options,
    ) -> View {
        let mut wanted = files::wanted(&[path.to_owned()], options, Origin::CommandLine);
        wanted.kind = Some(kind);
        wanted.mapping = mapping
            .iter()
            .map(|(field, header)| ((*field).to_owned(), (*header).to_owned()))
            .collect();
        let view = self.operations.import_now(&self.scope, wanted).await.unwrap();
        assert_eq!(view.status, Status::Done, "{view:?}");
        let report = view.files[0].report.as_ref().unwrap();
        assert_eq!(report.counts.rejected, 0, "{:?}", report.problems.first());
        view
    }

    async fn outlook(&self, period: &str) -> Outlook {
        self.of(&prepared(period)).await
    }

    async fn of(&self, planning: &PlanningQuery) -> Outlook {
        let query = OutlookQuery {
            planning: planning.clone(),
            node: None,
        };
        self.operations.outlook(&self.scope, query).await.unwrap()
    }

    async fn draft(&self, from: &str, to: &str) -> PlanningQuery {
        let plan = NewPlan {
            metric: "bookings".to_owned(),
            from: day(from),
            to: day(to),
            period_kind: PeriodKind::Month,
            total: Minor(1_000_000),
            name: None,
        };
        let made = self.operations.create_plan(&self.scope, plan).await.unwrap();
        of_version(made.version)
    }
}

fn prepared(period: &str) -> PlanningQuery {
    PlanningQuery {
        version: None,
        period: Some(period.to_owned()),
    }
}

fn of_version(version: domain::id::VersionId) -> PlanningQuery {
    PlanningQuery {
        version: Some(version),
        period: None,
    }
}

fn factor(name: &str, effect: Effect, weight: u8) -> NewFactor {
    NewFactor {
        kind: FactorKind::Policy,
        name: name.to_owned(),
        unit: None,
        of: None,
        span: Span {
            starts_on: day("2018-01-01"),
            ends_on: day("2019-01-01"),
        },
        effect,
        weight,
        source: "somebody said so".to_owned(),
        link: None,
        attachment: None,
    }
}

/// A branch by its name.
fn branch<'a>(outlook: &'a Outlook, name: &str) -> &'a domain::outlook::Branch {
    let names: Vec<&str> = outlook
        .branches
        .iter()
        .map(|branch| branch.name.as_str())
        .collect();
    outlook
        .branches
        .iter()
        .find(|branch| branch.name == name)
        .unwrap_or_else(|| panic!("{name} in {names:?}"))
}

/// In every month and in the span P50 of a branch is the sum of those below it, and what factors change explains the
/// difference.
fn adds_up(outlook: &Outlook) {
    let mut below: BTreeMap<usize, Vec<&domain::outlook::Branch>> = BTreeMap::new();
    for branch in &outlook.branches {
        if let Some(above) = branch.above {
            below.entry(above).or_default().push(branch);
        }
    }
    for (above, children) in below {
        let whole = &outlook.branches[above];
        for step in 0..whole.fan.len() {
            let sum: i64 = children.iter().map(|child| child.fan[step].p50.0).sum();
            assert_eq!(sum, whole.fan[step].p50.0, "{} in month {step}", whole.name);
        }
        if let Some(p50) = whole.p50() {
            let sum: i64 = children.iter().map(|child| child.p50().unwrap().0).sum();
            assert_eq!(sum, p50.0, "{}", whole.name);
        }
    }
    let looked_at = outlook.branch().unwrap();
    if let (Some(before), Some(after)) = (looked_at.before_factors, looked_at.p50()) {
        let steps: i64 = outlook.detail.steps.iter().map(|step| step.amount.0).sum();
        assert_eq!(before.0 + steps, after.0);
    }
}
