//! What people and units can do, and what hiring and leaving would change.

use domain::capability::team::{Ground, HireGround, LeaveNote, PersonRow, Team};
use domain::capability::what_if::WhatIf;
use domain::id::{MemberId, UnitId};
use domain::import::Kind;
use domain::money::Minor;
use store::Database;

use crate::planning::day;
use crate::refusal::code;
use crate::{Company, company, fiscal_2027};

async fn team(company: &Company, hire: &str, leave: &str) -> Team {
    company
        .operations
        .capability(
            &company.planner(),
            &fiscal_2027(),
            WhatIf::parse(hire, leave).unwrap(),
        )
        .await
        .unwrap()
}

fn of<'a>(team: &'a Team, name: &str) -> &'a PersonRow {
    team.people.iter().find(|person| person.name == name).unwrap()
}

/// Units are the sums of their people, the company of all; months sum to the total.
fn exact(team: &Team) {
    let people: i64 = team.people.iter().map(|person| person.total.value.0).sum();
    assert_eq!(team.total.value.0, people);
    assert_eq!(
        team.units[0].total.value.0, people,
        "everybody is below the company"
    );
    let children: i64 = team
        .units
        .iter()
        .filter(|unit| unit.depth == 1)
        .map(|unit| unit.total.value.0)
        .sum();
    assert_eq!(children, people);
    for row in &team.people {
        assert_eq!(
            row.capacity.iter().map(|month| month.0).sum::<i64>(),
            row.total.value.0
        );
        assert!(
            row.total.low <= row.total.value && row.total.value <= row.total.high,
            "{row:?}"
        );
    }
    assert_eq!(team.capacity.iter().map(|month| month.0).sum::<i64>(), people);
}

#[tokio::test]
async fn capacity_is_what_people_did_and_sums_exactly() {
    kit::on_each(async |database: Database| {
        let mut company = company(&database).await;
        company.operations.today = Some(day("2026-12-31"));
        company
            .deals(2025..=2026, &[("Ann", 1_000), ("Bob", 2_000), ("Cat", 3_000)])
            .await;
        let found = team(&company, "", "").await;
        exact(&found);
        assert_eq!((found.history_months, found.season_years), (24, Some(2)));
        assert_eq!(
            (found.months.len(), found.target, found.target_periods),
            (12, None, 0)
        );
        // Every month was the same, so that nothing is left to chance: everybody does what they did.
        assert_eq!(of(&found, "Ann").total.value, Minor(1_200_000));
        assert_eq!(of(&found, "Cat").total.value, Minor(3_600_000));
        assert_eq!(of(&found, "Ann").ground, Ground::Own { months: 24 });
        assert_eq!(found.people_differ, Some(true));
        assert_eq!(of(&found, "Lead").ground, Ground::SellsNothing);
        assert_eq!(of(&found, "Lead").total.value, Minor(0));
        let ann = of(&found, "Ann");
        assert_eq!(
            (ann.resources.customers, ann.resources.customer_amount),
            (3, Minor(1_200_000))
        );
        assert!(ann.attainment.is_none() && ann.against_mean.unwrap().value < 1.0);
        assert_eq!(ann.territory[0].name, "East");
        let south = found.units.iter().find(|unit| unit.name == "South").unwrap();
        assert_eq!(
            (south.total.value, south.heads.iter().sum::<u64>()),
            (Minor(0), 0)
        );
        assert!(found.heads.iter().all(|heads| *heads == 3_000_000));
        assert_eq!(found.change.total, Minor(0));

        let refused = company
            .operations
            .capability(&company.manager(), &fiscal_2027(), WhatIf::default())
            .await;
        assert_eq!(code(refused), "not_found");
    })
    .await;
}

#[tokio::test]
async fn hiring_ramps_leaving_takes_away_and_strange_lines_change_nothing() {
    kit::on_each(async |database: Database| {
        let mut company = company(&database).await;
        company.operations.today = Some(day("2026-12-31"));
        company.deals(2025..=2026, &[("Ann", 1_000), ("Bob", 1_000), ("Cat", 3_000)]).await;
        let before = team(&company, "", "").await;
        let (east, south, nowhere) = (company.east, company.south, UnitId::default());
        let hire = format!(
            "{east}~2027-01-01~2~standard,{south}~2027-07-01~1~none,{nowhere}~2027-01-01~1~none"
        );
        let (ann, bob, lead, stranger) = (company.ann, company.bob, company.lead, MemberId::default());
        let leave = format!(
            "{ann}~2027-07-01,{bob}~2026-01-01,{lead}~2027-02-01,{stranger}~2027-01-01,{}~2028-01-01,{ann}~2027-02-01",
            company.cat
        );
        let found = team(&company, &hire, &leave).await;
        assert_eq!(found.total, before.total, "what there is does not change");
        let hires = &found.change.hires;
        assert_eq!((hires[0].ground, hires[0].monthly), (HireGround::Unit, Minor(100_000)));
        // 0, 25, 50, 75 and then 100 % of 1,000 a month, for two.
        assert_eq!(hires[0].total, Minor(2 * 950_000));
        assert_eq!(hires[1].ground, HireGround::Company, "nobody is in South");
        assert!(hires[1].total.0 > 0);
        assert_eq!((hires[2].ground, hires[2].total), (HireGround::NoUnit, Minor(0)));
        let notes: Vec<_> = found.change.leaves.iter().map(|leave| (leave.note, leave.total)).collect();
        assert_eq!(
            notes,
            [
                (LeaveNote::Counts, Minor(-600_000)),
                (LeaveNote::Past, Minor(-1_200_000)),
                (LeaveNote::NotCounted, Minor(0)),
                (LeaveNote::NoMember, Minor(0)),
                (LeaveNote::TooLate, Minor(0)),
                (LeaveNote::AlreadyGone, Minor(0)),
            ]
        );
        let lines: i64 = hires.iter().map(|hire| hire.total.0).sum::<i64>()
            + found.change.leaves.iter().map(|leave| leave.total.0).sum::<i64>();
        assert_eq!(found.change.total.0, lines);
        assert_eq!(found.change.months.iter().map(|month| month.0).sum::<i64>(), lines);
        // And everything follows it: the whole, its interval, the heads, the units and who leaves.
        let tried = found.tried.clone().unwrap();
        assert_eq!(tried.total.value.0, before.total.value.0 + lines);
        assert!(tried.total.low <= tried.total.value && tried.total.value <= tried.total.high);
        assert_eq!(tried.units[0].total, tried.total, "everybody is below the company");
        assert_eq!(tried.units[0].heads, tried.heads);
        assert_eq!(
            (tried.heads[0], tried.heads[11]),
            (4_000_000, 4_000_000),
            "Ann, Cat and two from January; Cat, the two and the one in South in December"
        );
        let unit = |name: &str| tried.units.iter().find(|unit| unit.name == name).unwrap();
        assert_eq!(unit("South").total.value, hires[1].total);
        let ann = tried.people.iter().find(|person| person.name == "Ann").unwrap();
        assert_eq!((ann.total.value, ann.leaves_on), (Minor(600_000), Some(day("2027-07-01"))));
        assert!(before.tried.is_none());
    })
    .await;
}

#[tokio::test]
async fn little_is_known_and_it_is_said() {
    let fresh = kit::Fresh::sqlite().await;
    let mut company = company(&fresh.database).await;
    // Nothing at all.
    let found = team(&company, &format!("{}~2027-01-01~1~quick", company.east), "").await;
    exact(&found);
    assert_eq!(
        (found.history, found.mean, found.people_differ),
        (None, None, None)
    );
    assert_eq!(found.change.hires[0].ground, HireGround::Nothing);
    assert!(found.people.iter().all(|person| !person.ground.counts()));
    // One whole month.
    company.operations.today = Some(day("2026-10-31"));
    company
        .text(
            Kind::Opportunities,
            "opportunity_id,sales_agent,deal_stage,close_date,close_value\n\
             1,Ann,Won,2026-10-02,900\n2,Bob,Won,2026-10-30,300\n3,Ann,Engaging,,500\n4,Ann,Engaging,,\n",
        )
        .await;
    let found = team(&company, "", "").await;
    exact(&found);
    assert_eq!((found.history_months, found.season_years), (1, None));
    assert_eq!(
        found.people_differ,
        Some(false),
        "one month tells nobody from anybody"
    );
    assert_eq!(of(&found, "Ann").monthly, of(&found, "Bob").monthly);
    let resources = of(&found, "Ann").resources;
    assert_eq!(
        (resources.open_deals, resources.pipeline, resources.without_amount),
        (2, Minor(50_000), 1)
    );
    // Imported figures are used; a rating is of what is usual.
    company
        .text(
            Kind::Capability,
            "成员,能力,开始日期,评估人\nAnn,500,2026-01-01,王琳\nLead,700,2027-07-01,王琳\n",
        )
        .await;
    let found = team(&company, "", "").await;
    exact(&found);
    let ann = of(&found, "Ann");
    assert_eq!((ann.ground, ann.total.value), (Ground::Given, Minor(12 * 50_000)));
    assert_eq!(ann.given.as_ref().unwrap().by, "王琳");
    let lead = of(&found, "Lead");
    assert_eq!(lead.total.value, Minor(6 * 70_000), "from the month it begins");
    fresh.close().await;
}
