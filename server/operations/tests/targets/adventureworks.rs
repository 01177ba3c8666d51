//! The messy sheet of a real company.

use std::collections::BTreeMap;
use std::path::Path;

use domain::import::{Finding, Status};
use domain::money::Minor;
use domain::target::VersionStatus;
use operations::import::Origin;
use store::Database;

use crate::{Desk, counts};

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

        desk.undo(&view).await;
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
