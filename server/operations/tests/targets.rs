//! Targets from files on both databases: the messy sheet of a real company, long and wide, again and back, and what lands
//! where.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::access::{Grants, Role};
use domain::calendar::Day;
use domain::id::UserId;
use domain::import::{Choices, Failure, Field, Finding, Fix, Options, Reason, Status, View, Withheld};
use domain::metric::{Attainment, AttainmentQuery, MetricKey, parse_by};
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, PlanCommand};
use domain::split::Insist;
use domain::target::{NewPlan, NodeRef, VersionStatus};
use operations::import::{Custody, NewImport, Origin, Upload};
use operations::{Actor, Error, Operations, Scope};
use store::Database;
use uuid::Uuid;

struct Desk {
    operations: Operations,
    scope: Scope,
    folder: tempfile::TempDir,
}

impl Desk {
    async fn new(database: &Database) -> Self {
        let (scope, _) = kit::organization(database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Day::parse_iso("2018-01-02");
        Self {
            operations,
            scope,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// With two offices, two teams and five people.
    async fn staffed(database: &Database) -> Self {
        let desk = Self::new(database).await;
        let people = "姓名,工号,主管,部门\n\
                      李静,E1,王海涛,华东\n\
                      周敏,E2,王海涛,华东\n\
                      陈晨,E3,,华南\n\
                      赵磊,E4,,华南\n\
                      王海涛,E9,,\n";
        desk.import(&[("people.csv", people)], "{}").await;
        desk
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn wanted(paths: &[PathBuf], options: &str, origin: Origin) -> NewImport {
        NewImport {
            uploads: paths
                .iter()
                .map(|path| Upload {
                    name: path.file_name().unwrap().to_string_lossy().into_owned(),
                    path: path.clone(),
                    custody: Custody::Theirs,
                })
                .collect(),
            kind: None,
            mapping: BTreeMap::new(),
            options: serde_json::from_str::<Options>(options).unwrap(),
            origin,
        }
    }

    async fn import(&self, files: &[(&str, &str)], options: &str) -> View {
        let paths: Vec<PathBuf> = files.iter().map(|(name, text)| self.file(name, text)).collect();
        self.read(&paths, options, Origin::Api).await
    }

    async fn at_the_page(&self, files: &[(&str, &str)], options: &str) -> View {
        let paths: Vec<PathBuf> = files.iter().map(|(name, text)| self.file(name, text)).collect();
        self.read(&paths, options, Origin::Page).await
    }

    async fn read(&self, paths: &[PathBuf], options: &str, origin: Origin) -> View {
        let wanted = Self::wanted(paths, options, origin);
        self.operations.import_now(&self.scope, wanted).await.unwrap()
    }

    async fn ask(&self, from: &str, to: &str, by: &str) -> Attainment {
        let query = AttainmentQuery {
            metric: MetricKey::BOOKINGS,
            from: Day::parse_iso(from).unwrap(),
            to: Day::parse_iso(to).unwrap(),
            by: parse_by(by).unwrap(),
            as_of: Day::parse_iso("2022-12-31"),
        };
        self.operations.attainment(&self.scope, &query).await.unwrap()
    }

    /// Targets and what was done, by the name of the row's last key.
    async fn targets(&self, from: &str, to: &str, by: &str) -> BTreeMap<String, (Option<i64>, i64)> {
        let answer = self.ask(from, to, by).await;
        let rows = answer.rows.into_iter().map(|row| {
            let name = row.keys.into_values().next_back().unwrap().name;
            (name, (row.target.map(|target| target.0), row.actual.0))
        });
        rows.collect()
    }

    async fn target(&self, name: &str) -> Option<i64> {
        let of_units = self.targets("2018-01-01", "2019-01-01", "unit").await;
        let of_members = self.targets("2018-01-01", "2019-01-01", "member").await;
        of_units
            .get(name)
            .or_else(|| of_members.get(name))
            .and_then(|(target, _)| *target)
    }

    async fn plans(&self) -> Vec<(String, Vec<(String, VersionStatus)>)> {
        let plans = self.operations.plans(&self.scope).await.unwrap();
        let mut plans: Vec<_> = plans
            .into_iter()
            .map(|plan| {
                let versions = plan.versions.into_iter();
                (
                    plan.name,
                    versions.map(|version| (version.name, version.status)).collect(),
                )
            })
            .collect();
        plans.sort_by(|a, b| a.0.cmp(&b.0));
        plans
    }
}

fn counts(view: &View) -> [u64; 5] {
    let counts = view.counts;
    [
        counts.read,
        counts.created,
        counts.updated,
        counts.unchanged,
        counts.rejected,
    ]
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Invalid(refusal) | Error::Conflict(refusal) => refusal.code,
        Error::NotFound(_) => "not_found".to_owned(),
        other => other.to_string(),
    }
}

/// The sales people of Adventure Works' warehouse as a list of members: numbers and managers' names joined as a planner
/// would do it in a spreadsheet.
fn people(folder: &Path) -> String {
    let text = std::fs::read_to_string(folder.join("DimEmployee_sales.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let (key, parent, number) = (at("EmployeeKey"), at("ParentEmployeeKey"), at("NationalIDNumber"));
    let (first, last, hired) = (at("FirstName"), at("LastName"), at("HireDate"));
    let rows: Vec<Vec<&str>> = lines.filter(|row| row.len() == header.len()).collect();
    let name = |row: &[&str]| format!("{} {}", row[first], row[last]);
    let mut people = "Name,NationalIDNumber,Manager,Hire date\n".to_owned();
    for row in &rows {
        let above = rows.iter().find(|other| other[key] == row[parent]);
        let above = above.map(|row| name(row)).unwrap_or_default();
        people.push_str(&format!("{},{},{above},{}\n", name(row), row[number], row[hired]));
    }
    people
}

/// P12 of the design.
#[tokio::test]
async fn the_messy_targets_of_adventureworks_are_taken_as_they_are() {
    let folder = kit::real_data("aw_dw2020").folder;
    kit::on_each(async |database: Database| {
        let desk = Desk::new(&database).await;
        let staff = desk.import(&[("people.csv", &people(&folder))], "{}").await;
        assert_eq!(counts(&staff), [18, 18, 0, 0, 0], "{staff:?}");
        let units = store::unit::list(&database.reader(), &desk.scope, None)
            .await
            .unwrap();
        let parent = |name: &str| {
            let unit = units.iter().find(|unit| unit.name == name).unwrap();
            let parent = units.iter().find(|other| Some(other.id) == unit.parent).unwrap();
            parent.name.clone()
        };
        assert_eq!(units.len(), 1 + 4);
        assert_eq!(parent("Stephen Jiang"), "Brian Welcker");
        assert_eq!(parent("Syed Abbas"), "Brian Welcker");
        assert_eq!(parent("Brian Welcker"), "云杉仪器");
        let again = desk.import(&[("people.csv", &people(&folder))], "{}").await;
        assert_eq!(counts(&again), [18, 0, 0, 18, 0]);

        let sheet = [folder.join("ResellerSalesTargets.csv")];
        let thousands = r#"{"unit":"thousand","dry_run":true}"#;
        let checked = desk.read(&sheet, thousands, Origin::Api).await;
        assert_eq!(checked.status, Status::Done, "{checked:?}");
        assert_eq!(counts(&checked), [34, 34, 0, 0, 0], "{:?}", checked.files);
        assert!(desk.plans().await.is_empty(), "a dry run writes nothing");
        assert_eq!(checked.targets.len(), 5);

        let view = desk.read(&sheet, r#"{"unit":"thousand"}"#, Origin::Api).await;
        assert_eq!((view.status, counts(&view)), (Status::Done, counts(&checked)));
        let file = &view.files[0];
        let report = file.report.as_ref().unwrap();
        assert_eq!(
            (report.source.count, report.source.sum.0),
            (245, 84_910_000 * 10_000)
        );
        assert_eq!(report.source, report.written);
        let month = |name: &str| {
            let found = report.written.by_month.iter().find(|month| month.month == name);
            found.map(|month| (month.count, month.sum.0 / 10_000))
        };
        assert_eq!(month("2017-12"), Some((12, 8_850_000)));
        assert_eq!(month("2017-06"), None);
        assert!(file.findings.contains(&Finding::NoTarget { null: 162, empty: 1 }));
        let over = Finding::Difference {
            name: "Stephen Jiang".to_owned(),
            year: "2017".to_owned(),
            own: Minor(795_000_000),
            below: Minor(2_005_000_000),
        };
        assert!(file.findings.contains(&over), "{:?}", file.findings);
        assert_eq!(
            Finding::over_permille(Minor(795_000_000), Minor(2_005_000_000)),
            Some(1_522)
        );
        let rolled_up = Finding::SameTargets {
            names: vec!["Brian Welcker".to_owned(), "Stephen Jiang".to_owned()],
            year: "2017".to_owned(),
        };
        assert!(file.findings.contains(&rolled_up), "{:?}", file.findings);

        // Nothing is on record for these years, so a program's targets go there.
        let years: Vec<&str> = view.targets.iter().map(|one| one.year.as_str()).collect();
        assert_eq!(years, ["2017", "2018", "2019", "2020", "2021"]);
        assert!(
            view.targets
                .iter()
                .all(|one| one.made && one.version.is_some() && one.status == VersionStatus::Published)
        );

        // A manager's number is the unit's, never added to its people's, and a roll-up is not added twice.
        let units = desk.targets("2017-01-01", "2018-01-01", "unit").await;
        assert_eq!(units["云杉仪器"].0, Some(795_000_000));
        assert_eq!(units["Brian Welcker"].0, Some(795_000_000));
        assert_eq!(units["Stephen Jiang"].0, Some(795_000_000));
        let members = desk.targets("2017-01-01", "2018-01-01", "member").await;
        assert_eq!(members["Stephen Jiang"].0, None);
        let reps: i64 = members.values().filter_map(|(target, _)| *target).sum();
        assert_eq!(reps, 2_005_000_000);
        assert_eq!(members["Jillian Carson"].0, Some(70_000_000));
        let none = desk.targets("2017-01-01", "2017-07-01", "member").await;
        assert!(
            none.values().all(|(target, _)| target.is_none()),
            "NULL is no target"
        );

        let again = desk.read(&sheet, r#"{"unit":"thousand"}"#, Origin::Api).await;
        assert_eq!(counts(&again), [34, 0, 0, 34, 0]);
        assert!(again.targets.iter().all(|one| !one.made && one.version.is_some()));

        sold(&desk, &folder).await;

        let undo = desk.operations.undo_import(&desk.scope, view.id).await.unwrap();
        assert_eq!(undo.status, Status::Done);
        assert!(desk.plans().await.is_empty());
        let members = desk.targets("2017-01-01", "2018-01-01", "member").await;
        assert!(members.values().all(|(target, _)| target.is_none()));
    })
    .await;
}

/// What three people sold, where the lines are at hand: attainment against the imported targets.
async fn sold(desk: &Desk, folder: &Path) {
    let Ok(lines) = std::fs::read_to_string(folder.join("FactResellerSales.csv")) else {
        println!("the sample has no sales: attainment is not compared");
        return;
    };
    let names = BTreeMap::from([
        ("283", "Jillian Carson"),
        ("291", "Jae Pak"),
        ("290", "Amy Alberts"),
    ]);
    let mut deals = "opportunity_id,sales_agent,deal_stage,close_date,close_value\n".to_owned();
    for (row, line) in lines.lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let month = &cells[1][..7];
        let wanted = match cells[4] {
            "283" => month == "2018-01",
            "291" => month == "2019-09",
            "290" => month.starts_with("2019"),
            _ => false,
        };
        if wanted {
            deals.push_str(&format!(
                "{row},{},Won,{},{}\n",
                names[cells[4]], cells[1], cells[9]
            ));
        }
    }
    let view = desk.import(&[("deals.csv", &deals)], "{}").await;
    assert_eq!((view.status, view.counts.rejected), (Status::Done, 0), "{view:?}");
    let january = desk.targets("2018-01-01", "2018-02-01", "member").await;
    assert_eq!(january["Jillian Carson"], (Some(5_000_000), 6_419_281));
    let september = desk.targets("2019-09-01", "2019-10-01", "member").await;
    assert_eq!(september["Jae Pak"], (Some(70_000_000), 43_155_969));
    // Who leads is compared with the team, not with the own sales.
    let own = desk.targets("2019-01-01", "2020-01-01", "member").await;
    assert_eq!(own["Amy Alberts"].0, None);
    let team = desk.targets("2019-01-01", "2020-01-01", "manager").await;
    let all = own["Amy Alberts"].1 + own["Jae Pak"].1;
    assert_eq!(team["Amy Alberts"], (Some(495_000_000), all));
}

#[tokio::test]
async fn long_and_wide_by_whatever_people_call_them() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        // By number, name, near name, unit in a column of people; amounts as people write them.
        let long = "成员/部门,周期,目标\n\
                    E1,2018-01,￥１２，０００\n\
                    周 敏,2018年1月,1.5万\n\
                    华南,2018-01,\"30,000.50\"\n\
                    陈晨,2018-02,NULL\n\
                    王海涛,2018-01,26000\n";
        let view = desk.import(&[("long.csv", long)], "{}").await;
        assert_eq!(counts(&view), [5, 4, 0, 1, 0], "{:?}", view.files);
        assert_eq!(desk.target("李静").await, Some(1_200_000));
        assert_eq!(desk.target("周敏").await, Some(1_500_000));
        assert_eq!(desk.target("华南").await, Some(3_000_050));
        assert_eq!(desk.target("陈晨").await, None);
        // Who leads 华东's team stands for it; the office is the sum.
        assert_eq!(desk.target("王海涛").await, Some(2_600_000));
        assert_eq!(desk.target("华东").await, Some(2_600_000));
        assert_eq!(desk.target("云杉仪器").await, Some(5_600_050));

        // A wide sheet of another quarter keeps what stands, the heading says the unit, the file's name the year.
        let wide = "工号,4月(万元),5月(万元),二季度\nE1,2,-,2\nE3,1,1.25,2.25\n";
        let view = desk.import(&[("2018年目标.csv", wide)], "{}").await;
        assert_eq!(counts(&view), [2, 2, 0, 0, 0], "{:?}", view.files);
        let findings = &view.files[0].findings;
        let expected = [
            Finding::Subtotals {
                headers: vec!["二季度".to_owned()],
            },
            Finding::UnitFromHeader {
                header: "4月(万元)".to_owned(),
                unit: 10_000,
            },
            Finding::YearFromName {
                year: 2018,
                name: "2018年目标.csv".to_owned(),
            },
            Finding::NoTarget { null: 1, empty: 0 },
        ];
        assert!(expected.iter().all(|one| findings.contains(one)), "{findings:?}");
        assert_eq!(desk.target("李静").await, Some(1_200_000 + 2_000_000));
        assert_eq!(desk.target("陈晨").await, Some(2_250_000));
        assert_eq!(desk.target("周敏").await, Some(1_500_000));
        assert_eq!(
            desk.plans().await,
            [(
                "2018".to_owned(),
                vec![
                    ("2018年目标.csv".to_owned(), VersionStatus::Published),
                    ("long.csv".to_owned(), VersionStatus::Archived)
                ]
            )]
        );

        // Empty cells leave what stands, unless they are to clear it.
        let emptied = "成员,周期,目标\n周敏,2018-01,\n";
        let view = desk.import(&[("a.csv", emptied)], "{}").await;
        assert_eq!(counts(&view), [1, 0, 0, 1, 0]);
        assert_eq!(desk.target("周敏").await, Some(1_500_000));
        let view = desk.import(&[("a.csv", emptied)], r#"{"blank":"clear"}"#).await;
        assert_eq!(counts(&view), [1, 0, 1, 0, 0]);
        assert_eq!(desk.target("周敏").await, None);
        let undo = desk.operations.undo_import(&desk.scope, view.id).await.unwrap();
        assert_eq!(undo.status, Status::Done);
        assert_eq!(desk.target("周敏").await, Some(1_500_000));
    })
    .await;
}

#[tokio::test]
async fn bad_cells_are_named_mended_in_place_or_left_out() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        let wide = "Year,Member,M01,M02\n\
                    2018,李静,abc,-5\n\
                    2018,周敏,100,200\n\
                    2018,周敏,1,\n\
                    2018,无名氏,1,2\n\
                    soon,陈晨,1,2\n\
                    2018,,1,2\n\
                    2018,赵磊,99999999999999999999,2\n\
                    2018,赵磊,1,2,3\n";
        let view = desk
            .at_the_page(&[("targets.csv", wide)], r#"{"dry_run":true}"#)
            .await;
        assert_eq!(counts(&view), [8, 1, 0, 0, 7], "{:?}", view.files);
        let report = view.files[0].report.as_ref().unwrap();
        let of = |row: u64| -> Vec<(Option<&str>, &Reason)> {
            let problems = report.problems.iter().filter(|problem| problem.row == row);
            problems
                .map(|problem| (problem.column.as_deref(), &problem.reason))
                .collect()
        };
        assert!(matches!(
            of(2)[..],
            [
                (Some("M01"), Reason::Amount { .. }),
                (Some("M02"), Reason::NegativeAmount)
            ]
        ));
        assert_eq!(of(4), [(Some("M01"), &Reason::Duplicate { first_row: 3 })]);
        assert!(matches!(
            of(5)[..],
            [(Some("Member"), Reason::UnknownReference { .. })]
        ));
        assert!(matches!(of(6)[..], [(Some("Year"), Reason::Period), ..]));
        assert!(matches!(of(7)[..], [(None, Reason::NoCarrier)]));
        assert!(matches!(of(8)[..], [(Some("M01"), Reason::Amount { .. })]));
        assert!(matches!(of(9)[..], [(None, Reason::TooManyCells { .. })]));

        let fix = |row, field, column: &str, value: &str| Fix {
            file: "targets.csv".to_owned(),
            row,
            field,
            column: Some(column.to_owned()),
            value: value.to_owned(),
        };
        let choices = Choices {
            options: serde_json::from_str(r#"{"publish":true}"#).unwrap(),
            fixes: vec![
                fix(2, Field::Amount, "M01", "11"),
                fix(2, Field::Amount, "M02", "12"),
                fix(5, Field::Member, "Member", "E4"),
                fix(6, Field::Year, "Year", "2018"),
            ],
            drops: [4, 7, 8, 9]
                .map(|row| domain::import::LeftOut {
                    file: "targets.csv".to_owned(),
                    row,
                })
                .to_vec(),
            ..Choices::default()
        };
        desk.operations
            .commit_import(&desk.scope, view.id, choices)
            .await
            .unwrap();
        let view = ended(&desk, view.id).await;
        assert_eq!(counts(&view), [4, 4, 0, 0, 0], "{:?}", view.files);
        assert_eq!(desk.target("李静").await, Some(2_300));
        assert_eq!(desk.target("赵磊").await, Some(300));

        // Who is unknown may be made; an alias says whom a name means.
        let options = r#"{"on_missing":"create","aliases":{"member":{"小李":"李静","东区":"华东"}}}"#;
        let long = "成员,周期,目标\n小李,2018-03,1\n新人,2018-03,2\n东区,2018-03,9\n";
        let view = desk.import(&[("more.csv", long)], options).await;
        assert_eq!(counts(&view), [3, 3, 0, 0, 0], "{:?}", view.files);
        assert_eq!(desk.target("李静").await, Some(2_400));
        assert_eq!(desk.target("新人").await, Some(200));

        // One kind of period a year and import; the same number in another file is told.
        let mixed = "成员,周期,目标\n李静,2018-10,1\n李静,2018-Q4,2\n周敏,2018-H9,2\n";
        let other = "成员,周期,目标\n李静,2018-10,3\n";
        let view = desk
            .import(&[("mixed.csv", mixed), ("other.csv", other)], "{}")
            .await;
        let reasons: Vec<&Reason> = view
            .files
            .iter()
            .flat_map(|file| &file.report.as_ref().unwrap().problems)
            .map(|problem| &problem.reason)
            .collect();
        assert!(
            matches!(
                reasons[..],
                [
                    Reason::PeriodOverlaps { .. },
                    Reason::Period,
                    Reason::InAnotherFile
                ]
            ),
            "{reasons:?}"
        );
        let errors = desk
            .operations
            .import_errors(&desk.scope, view.id, domain::format::Lang::ZhCn)
            .await
            .unwrap();
        assert!(errors.contains("2018-Q4 与同一批里的 2018-10 重叠"), "{errors}");
    })
    .await;
}

/// An import that runs on a task of its own, once it has ended.
async fn ended(desk: &Desk, id: domain::id::ImportId) -> View {
    for _ in 0..600 {
        let view = desk.operations.import(&desk.scope, id).await.unwrap();
        if view.status.is_final() {
            assert_eq!(view.status, Status::Done, "{view:?}");
            return view;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the import does not end");
}

#[tokio::test]
async fn a_file_of_the_page_becomes_a_draft_that_can_be_split_and_published() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        // Offices only: their people are in the draft, and what nobody carries yet is unassigned.
        let offices = "部门,2018-01,2018-02\n华东,1000,2000\n华南,500,NULL\n";
        let view = desk.at_the_page(&[("offices.csv", offices)], "{}").await;
        assert_eq!(counts(&view), [2, 2, 0, 0, 0], "{:?}", view.files);
        let landing = &view.targets[0];
        assert_eq!(
            (landing.status, landing.withheld.as_ref(), landing.made),
            (VersionStatus::Draft, None, true)
        );
        assert_eq!(desk.target("华东").await, None, "a draft is nobody's target yet");
        let version = landing.version.unwrap();
        let open = desk
            .operations
            .open_grid(&desk.scope, version, None)
            .await
            .unwrap();
        open.grid.check().unwrap();
        let shape = open.grid.shape();
        let named = |name: &str| {
            shape
                .nodes()
                .find(|node| shape.name(*node) == name)
                .unwrap_or_else(|| panic!("{name} is missing"))
        };
        assert_eq!(shape.periods().len(), 12, "the fiscal year");
        assert_eq!(open.grid.amount(named("华东"), None), Minor(300_000));
        assert_eq!(open.grid.amount(named("李静"), None), Minor(0));
        assert!(
            open.bases
                .iter()
                .any(|basis| basis.basis == domain::plan::Basis::Equal)
        );
        assert_eq!(
            open.levels.iter().filter(|level| *level == "unassigned").count(),
            2
        );
        let split = PlanCommand::Split {
            node: named("华东"),
            spread: domain::plan::Spread::Subtree,
            bases: open
                .bases
                .iter()
                .map(|basis| {
                    let top = named("华东").0 as usize;
                    let end = shape.end(named("华东")).0 as usize;
                    domain::plan::BasisWeights {
                        share_ppm: 1_000_000,
                        weights: basis.weights[top..end - 1].to_vec(),
                        ..basis.clone()
                    }
                })
                .collect(),
            step: Minor(1),
            reason: None,
        };
        desk.operations
            .apply(&desk.scope, version, 0, split, Insist::Ask)
            .await
            .unwrap();

        // Worked on by now: it is not taken back, and the same file again does not touch it.
        assert_eq!(
            code(desk.operations.undo_import(&desk.scope, view.id).await),
            "import_in_use"
        );
        let again = desk.at_the_page(&[("offices.csv", offices)], "{}").await;
        assert_eq!(counts(&again), [2, 0, 0, 2, 0]);
        assert_eq!(again.targets[0].version, Some(version));
        // A correction comes over what was split meanwhile, as a draft of its own.
        let corrected = "成员,2018-01\n李静,400\n";
        let view = desk.at_the_page(&[("corrected.csv", corrected)], "{}").await;
        assert_eq!(counts(&view), [1, 0, 1, 0, 0]);
        let second = view.targets[0].version.unwrap();
        assert_ne!(second, version);
        let open = desk
            .operations
            .open_grid(&desk.scope, second, None)
            .await
            .unwrap();
        let node = |of: &str| {
            open.grid
                .shape()
                .nodes()
                .find(|node| open.grid.shape().name(*node) == of)
        };
        assert_eq!(open.grid.amount(node("李静").unwrap(), None), Minor(140_000));
        assert_eq!(open.grid.amount(node("周敏").unwrap(), None), Minor(150_000));
        assert_eq!(open.grid.amount(node("华东").unwrap(), None), Minor(300_000));

        desk.operations.publish(&desk.scope, second).await.unwrap();
        assert_eq!(desk.target("李静").await, Some(140_000));
        assert_eq!(desk.target("华南").await, Some(50_000));
        assert_eq!(
            desk.target("陈晨").await,
            None,
            "a zero nobody wrote is no target"
        );
        let march = desk.targets("2018-03-01", "2018-04-01", "unit").await;
        assert_eq!(march["华东"].0, None);
        assert_eq!(
            code(desk.operations.undo_import(&desk.scope, view.id).await),
            "import_in_use",
            "a person published it"
        );
    })
    .await;
}

#[tokio::test]
async fn what_people_published_is_not_replaced_by_a_program_unasked() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: Day::parse_iso("2018-01-01").unwrap(),
            to: Day::parse_iso("2018-04-01").unwrap(),
            period_kind: domain::calendar::PeriodKind::Month,
            total: Minor(1_200_000),
            name: Some("一季度".to_owned()),
        };
        let made = desk.operations.create_plan(&desk.scope, new).await.unwrap();
        desk.operations.publish(&desk.scope, made.version).await.unwrap();
        let before = desk.target("李静").await.unwrap();

        let sheet = "成员,2018-01,2018-02\n李静,7,8\n";
        let view = desk.import(&[("sheet.csv", sheet)], "{}").await;
        let landing = &view.targets[0];
        assert_eq!(landing.status, VersionStatus::Draft);
        assert_eq!(
            landing.withheld,
            Some(Withheld::Replaces {
                plan: "一季度".to_owned()
            })
        );
        assert_eq!(landing.plan, "一季度", "the plan that has these months");
        assert_eq!(desk.target("李静").await, Some(before));
        let undo = desk.operations.undo_import(&desk.scope, view.id).await.unwrap();
        assert_eq!(undo.status, Status::Done);
        assert_eq!(
            desk.plans().await[0].1.len(),
            1,
            "the draft is gone, the plan stays"
        );

        // Asked for, it replaces what the sheet names and keeps the rest; taken back, what was on record is again.
        let view = desk.import(&[("sheet.csv", sheet)], r#"{"publish":true}"#).await;
        assert_eq!(view.targets[0].status, VersionStatus::Published);
        let march = desk.targets("2018-03-01", "2018-04-01", "member").await;
        assert_eq!(
            desk.target("李静").await,
            Some(1_500 + march["李静"].0.unwrap()),
            "March stays as it was"
        );
        let undo = desk.operations.undo_import(&desk.scope, view.id).await.unwrap();
        assert_eq!(undo.status, Status::Done);
        assert_eq!(desk.target("李静").await, Some(before));

        // A quarter cannot be replaced by one of its months.
        let quarter = "成员,2018-Q2\n李静,9\n";
        desk.import(&[("quarter.csv", quarter)], "{}").await;
        let month = "成员,2018-04\n李静,3\n";
        let view = desk.import(&[("month.csv", month)], r#"{"publish":true}"#).await;
        assert!(matches!(view.targets[0].withheld, Some(Withheld::Cuts { .. })));
        assert_eq!(view.targets[0].status, VersionStatus::Draft);

        // Who may import but not publish gets a draft.
        let token = Scope {
            actor: Actor::Token {
                id: Uuid::now_v7().into(),
                user: UserId(Uuid::now_v7()),
                name: "loader".to_owned(),
            },
            role: Role::Planner,
            grants: Grants::parse("import").unwrap(),
            ..desk.scope.clone()
        };
        let path = desk.file("july.csv", "成员,2018-07\n李静,3\n");
        let view = desk
            .operations
            .import_now(&token, Desk::wanted(&[path], "{}", Origin::Api))
            .await
            .unwrap();
        assert_eq!(view.status, Status::Done, "{view:?}");
        assert_eq!(view.targets[0].withheld, Some(Withheld::NotAllowed));

        // Later targets are taken back first.
        let first = desk.import(&[("a.csv", "成员,2018-09\n李静,3\n")], "{}").await;
        let second = desk.import(&[("b.csv", "成员,2018-09\n李静,4\n")], "{}").await;
        assert_eq!(
            code(desk.operations.undo_import(&desk.scope, first.id).await),
            "import_changed_since"
        );
        desk.operations.undo_import(&desk.scope, second.id).await.unwrap();
        let september = desk.targets("2018-09-01", "2018-10-01", "member").await;
        assert_eq!(september["李静"].0, Some(300));
        desk.operations.undo_import(&desk.scope, first.id).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn people_and_their_targets_come_in_one_go_and_go_together() {
    kit::on_each(async |database: Database| {
        let desk = Desk::new(&database).await;
        let people = "姓名,工号,部门\n李静,E1,华东\n周敏,E2,华东\n";
        let targets = "工号,周期,目标\nE1,2018-Q1,5\nE2,2018-Q1,6\n";
        let view = desk
            .import(&[("targets.csv", targets), ("people.csv", people)], "{}")
            .await;
        assert_eq!(counts(&view), [4, 4, 0, 0, 0], "{:?}", view.files);
        assert_eq!(desk.target("华东").await, Some(1_100));
        let open = desk
            .operations
            .open_grid(&desk.scope, view.targets[0].version.unwrap(), None)
            .await
            .unwrap();
        assert_eq!(
            open.grid.shape().periods().len(),
            4,
            "quarters, as the sheet has them"
        );
        assert_eq!(open.grid.amount(NodeIndex(0), None), Minor(1_100));
        let undo = desk.operations.undo_import(&desk.scope, view.id).await.unwrap();
        assert_eq!(undo.status, Status::Done);
        assert!(desk.plans().await.is_empty());
        let reader = database.reader();
        assert!(
            store::member::list(&reader, &desk.scope)
                .await
                .unwrap()
                .is_empty()
        );

        // People whom a plan of others names stay.
        let staff = desk.import(&[("people.csv", people)], "{}").await;
        desk.import(&[("targets.csv", targets)], "{}").await;
        assert_eq!(
            code(desk.operations.undo_import(&desk.scope, staff.id).await),
            "import_in_use"
        );
    })
    .await;
}

#[tokio::test]
async fn numbers_of_a_sheet_stay_as_they_are() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        // Who leads the team has less than the two below; the office of the others has more than is below it.
        let sheet = "成员,周期,目标\n\
                     李静,2018-01,300\n\
                     周敏,2018-01,200\n\
                     王海涛,2018-01,400\n\
                     陈晨,2018-01,50\n\
                     华南,2018-01,1000\n\
                     赵磊,2018-02,70\n";
        let view = desk.import(&[("sheet.csv", sheet)], "{}").await;
        assert_eq!(counts(&view), [6, 6, 0, 0, 0], "{:?}", view.files);
        let difference = |name: &str, own, below| Finding::Difference {
            name: name.to_owned(),
            year: "2018".to_owned(),
            own: Minor(own),
            below: Minor(below),
        };
        let findings = &view.files[0].findings;
        assert!(
            findings.contains(&difference("王海涛", 40_000, 50_000)),
            "{findings:?}"
        );
        assert!(
            findings.contains(&difference("华南", 100_000, 5_000)),
            "{findings:?}"
        );
        assert_eq!(desk.target("云杉仪器").await, Some(40_000 + 100_000 + 7_000));
        assert_eq!(desk.target("华南").await, Some(100_000 + 7_000));
        assert_eq!(desk.target("王海涛").await, Some(40_000));
        assert_eq!(desk.target("李静").await, Some(30_000));
        let version = view.targets[0].version.unwrap();
        let open = desk
            .operations
            .open_grid(&desk.scope, version, None)
            .await
            .unwrap();
        open.grid.check().unwrap();
        let shape = open.grid.shape();
        let at = |name: &str| shape.nodes().find(|node| shape.name(*node) == name).unwrap();
        assert_eq!(open.grid.hedge(at("王海涛"), None), Minor(10_000));
        assert_eq!(open.grid.hedge(at("华南"), None), Minor(0));
        assert_eq!(open.grid.amount(at("未分配"), None), Minor(95_000));
        // A draft branched from it adds up and can be split further.
        let draft = desk
            .operations
            .branch_version(&desk.scope, version, None)
            .await
            .unwrap();
        let open = desk
            .operations
            .open_grid(&desk.scope, draft.version, None)
            .await
            .unwrap();
        open.grid.check().unwrap();
        assert_eq!(
            code(desk.operations.undo_import(&desk.scope, view.id).await),
            "import_in_use"
        );
    })
    .await;
}

#[tokio::test]
async fn files_that_are_no_targets_say_why_and_leave_nothing() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        let kind = |view: &View| {
            let problems = view.files[0].mapping.as_ref().unwrap().problems.clone();
            (
                view.status,
                view.failure,
                problems.first().map(ToString::to_string),
            )
        };
        for (text, options, part) in [
            ("成员,2018-01,2018年1月\n李静,1,2\n", "{}", "same period"),
            (
                "成员,周期,目标\n李静,2018-01,2\n",
                r#"{"layout":"wide"}"#,
                "`wide`",
            ),
            ("成员,2018-01\n李静,1\n", r#"{"layout":"long"}"#, "period"),
        ] {
            let path = desk.file("targets.csv", text);
            let wanted = NewImport {
                kind: Some(domain::import::Kind::Targets),
                ..Desk::wanted(&[path], options, Origin::Api)
            };
            let view = desk.operations.import_now(&desk.scope, wanted).await.unwrap();
            let (status, failure, problem) = kind(&view);
            assert_eq!(
                (status, failure),
                (Status::Failed, Some(Failure::Files)),
                "{text}"
            );
            assert!(problem.as_ref().unwrap().contains(part), "{problem:?}");
        }
        // Each cell fits; their sum is more than a plan holds. The members that came along are not left behind.
        let mut people = "姓名,工号,部门\n".to_owned();
        let mut targets = "工号,2018-01\n".to_owned();
        for number in 0..6_000 {
            people.push_str(&format!("人{number},N{number},华北\n"));
            if number < 20 {
                targets.push_str(&format!("N{number},999999999999\n"));
            }
        }
        let before = kit::rows(&database).await;
        let view = desk
            .import(&[("people.csv", &people), ("targets.csv", &targets)], "{}")
            .await;
        assert_eq!(
            (view.status, view.failure),
            (Status::Failed, Some(Failure::TargetsTooLarge))
        );
        let after = kit::rows(&database).await;
        for table in ["member", "unit", "assignment", "plan", "version"] {
            assert_eq!(before.get(table), after.get(table), "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_drag_after_an_import_moves_a_sheet_s_numbers() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        let sheet = "成员,2018-01\n李静,100\n周敏,300\n陈晨,600\n";
        let view = desk.at_the_page(&[("sheet.csv", sheet)], "{}").await;
        let version = view.targets[0].version.unwrap();
        let open = desk
            .operations
            .open_grid(&desk.scope, version, None)
            .await
            .unwrap();
        let node = open
            .grid
            .shape()
            .nodes()
            .find(|node| open.grid.shape().name(*node) == "李静")
            .unwrap();
        assert!(matches!(open.grid.shape().reference(node), NodeRef::Member(_)));
        let set = PlanCommand::Set {
            node,
            period: None,
            amount: Minor(20_000),
            keep: Keep::Column,
            give: Give::Siblings,
            reason: None,
        };
        desk.operations
            .apply(&desk.scope, version, 0, set, Insist::Ask)
            .await
            .unwrap();
        let open = desk
            .operations
            .open_grid(&desk.scope, version, None)
            .await
            .unwrap();
        assert_eq!(open.grid.amount(NodeIndex(0), None), Minor(100_000));
        assert_eq!(open.grid.amount(node, None), Minor(20_000));
    })
    .await;
}
