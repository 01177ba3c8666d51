//! Markets as they were known then.

use domain::calendar::{Fiscal, PeriodKind};
use domain::id::{AssignmentId, PotentialId};
use domain::money::Fact;
use uuid::Uuid;

use super::*;

fn unit(id: u128) -> UnitId {
    UnitId(Uuid::from_u128(id))
}

fn figure(of: UnitId, amount: i64, noted_on: Day) -> Potential {
    Potential {
        id: PotentialId::default(),
        subject: Subject::Unit(of),
        starts_on: Day::from_ymd(2018, 1, 1).unwrap(),
        ends_on: Day::from_ymd(2019, 1, 1).unwrap(),
        amount: Fact(amount * 10_000),
        source: String::new(),
        noted_on,
        import: None,
    }
}

#[test]
fn what_was_noted_later_was_not_known() {
    let quarters = Fiscal::default().periods(
        PeriodKind::Quarter,
        Day::from_ymd(2018, 1, 1).unwrap(),
        Day::from_ymd(2018, 7, 1).unwrap(),
    );
    let noted = quarters[0].start.plus(10);
    let figures = [figure(unit(2), 100, noted)];
    assert!(before(&figures, Span::of(&quarters[0])).is_empty());
    assert_eq!(before(&figures, Span::of(&quarters[1])).len(), 1);
    // On the very day a quarter begins is not before it.
    let figures = [figure(unit(2), 100, quarters[1].start)];
    assert!(before(&figures, Span::of(&quarters[1])).is_empty());
}

#[test]
fn a_market_is_shared_by_those_below_and_nobody_may_be_without() {
    let (first, end) = (
        Day::from_ymd(2018, 1, 1).unwrap(),
        Day::from_ymd(2018, 4, 1).unwrap(),
    );
    let within = Span {
        starts_on: first,
        ends_on: end,
    };
    let members: Vec<MemberId> = (1..=3).map(|id| MemberId(Uuid::from_u128(id))).collect();
    // The company, two regions, and a team in the first.
    let parents = HashMap::from([
        (unit(1), None),
        (unit(2), Some(unit(1))),
        (unit(3), Some(unit(1))),
        (unit(4), Some(unit(2))),
    ]);
    let home = |member: MemberId, at: UnitId| {
        let assignment = Assignment {
            id: AssignmentId::default(),
            member,
            unit: at,
            share_ppm: 1_000_000,
            starts_on: first.plus(-100),
            ends_on: None,
        };
        (member, vec![assignment])
    };
    let homes = HashMap::from([
        home(members[0], unit(4)),
        home(members[1], unit(2)),
        home(members[2], unit(3)),
    ]);
    let rows = vec![vec![Some(Minor(1))]; 3];
    let whose = Whose {
        quarters: &[],
        members: &members,
        rows: &rows,
    };
    let of = |worth: &[(u128, i64)], people: &[usize]| {
        let worth = worth
            .iter()
            .map(|(id, amount)| (Subject::Unit(unit(*id)), *amount))
            .collect();
        of_units(&worth, &parents, &homes, &whose, people, within)
    };
    assert_eq!(of(&[(2, 600), (3, 900)], &[0, 1, 2]), Some(vec![300, 300, 900]));
    assert_eq!(
        of(&[(2, 600), (3, 900), (4, 50)], &[0, 1, 2]),
        Some(vec![50, 600, 900])
    );
    assert_eq!(of(&[(2, 600)], &[0, 1, 2]), None, "the second region has none");
    assert_eq!(
        of(&[(2, 600)], &[0, 1]),
        Some(vec![300, 300, 0]),
        "who is not there needs none"
    );
    assert_eq!(of(&[(1, 600)], &[0, 1, 2]), None, "the company's is nobody's");
}

#[test]
fn a_customer_counts_by_who_sold_to_it_in_the_year_before() {
    let account = AccountId(Uuid::from_u128(7));
    let sales = |person: usize, amount: u64| HashMap::from([(account, BTreeMap::from([(person, amount)]))]);
    // Long ago by the third person, in the year before by the first two.
    let sold = [
        sales(2, 500),
        sales(0, 30),
        sales(1, 10),
        sales(0, 0),
        sales(1, 20),
        sales(2, 90),
    ];
    let worth = BTreeMap::from([(Subject::Account(account), 600)]);
    assert_eq!(of_accounts(&worth, &sold, 5, 3), Some(vec![300, 300, 0]));
    assert_eq!(of_accounts(&BTreeMap::new(), &sold, 5, 3), None);
}
