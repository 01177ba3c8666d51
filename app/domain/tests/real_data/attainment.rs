//! Attainment of `AdventureWorks`' quotas in the company's own quarters: P2, P3 and P4.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::calendar::{Calendar, Day, PeriodKind};
use domain::metric::{AttainmentRow, Key};
use domain::money::{Currency, Fact, Minor};
use domain::pace::ratio;
use domain::statistics::{mean, median, sd};

use super::{amount, day, near, rows};

/// A quota with the orders that fall into its person's quarter.
pub(super) struct PersonQuarter {
    pub(super) person: String,
    pub(super) start: Day,
    pub(super) quota: Fact,
    pub(super) actual: Fact,
    orders: i64,
}

impl PersonQuarter {
    /// The row of the answer, amounts rounded to cents once.
    fn row(&self) -> AttainmentRow {
        let key = |id: &str| Key {
            id: id.to_owned(),
            name: id.to_owned(),
        };
        let keys = BTreeMap::from([
            ("member".to_owned(), key(&self.person)),
            ("quarter".to_owned(), key(&self.start.to_string())),
        ]);
        AttainmentRow::new(
            keys,
            Some(cents(self.quota)),
            cents(self.actual),
            None,
            self.orders,
        )
    }
}

fn cents(fact: Fact) -> Minor {
    fact.to_minor(&Currency::from_code("USD").unwrap())
}

fn sum(facts: impl Iterator<Item = Fact>) -> Fact {
    Fact(facts.map(|fact| fact.0).sum())
}

/// What the tests look at.
struct Books {
    /// The company's quarters.
    calendar: Calendar,
    /// Every quota with what its person sold in the quarter.
    quarters: Vec<PersonQuarter>,
    /// Orders with a seller.
    orders: Vec<(Day, Fact)>,
}

/// Read once: the orders are many.
static BOOKS: LazyLock<Option<Books>> = LazyLock::new(read);

/// Every quota with what its person sold in the quarter.
pub(super) fn quarters() -> Option<&'static [PersonQuarter]> {
    BOOKS.as_ref().map(|books| books.quarters.as_slice())
}

fn read() -> Option<Books> {
    let (quotas, _) = rows("adventureworks/SalesPersonQuotaHistory.csv")?;
    let (orders, _) = rows("adventureworks/SalesOrderHeader.csv")?;
    let mut starts: Vec<Day> = quotas.iter().map(|row| day(&row["QuotaDate"])).collect();
    starts.sort_unstable();
    starts.dedup();
    let end = Day::parse_iso("2014-06-01").unwrap();
    let calendar = Calendar::from_starts(PeriodKind::Quarter, &starts, end).unwrap();
    let mut dated = Vec::new();
    let mut sold: BTreeMap<(String, Day), (Fact, i64)> = BTreeMap::new();
    for order in orders
        .iter()
        .filter(|order| !matches!(order["SalesPersonID"].as_str(), "" | "NULL"))
    {
        let (day, sum) = (day(&order["OrderDate"]), amount(&order["SubTotal"]));
        dated.push((day, sum));
        let start = calendar.period_of(day).unwrap().start;
        let (actual, count) = sold.entry((order["SalesPersonID"].clone(), start)).or_default();
        actual.0 += sum.0;
        *count += 1;
    }
    let quarters = quotas
        .iter()
        .map(|row| {
            let (person, start) = (row["BusinessEntityID"].clone(), day(&row["QuotaDate"]));
            let (actual, orders) = sold.remove(&(person.clone(), start)).unwrap_or_default();
            PersonQuarter {
                person,
                start,
                quota: amount(&row["SalesQuota"]),
                actual,
                orders,
            }
        })
        .collect();
    assert!(sold.is_empty(), "orders without a quota: {sold:?}");
    Some(Books {
        calendar,
        quarters,
        orders: dated,
    })
}

#[test]
fn p2_attainment_of_people_in_the_company_s_own_quarters() {
    let Some(Books { quarters, .. }) = &*BOOKS else {
        return;
    };
    assert_eq!(quarters.len(), 163);
    let of = |person: &str, start: &str| {
        let start = Day::parse_iso(start).unwrap();
        quarters
            .iter()
            .find(|quarter| quarter.person == person && quarter.start == start)
            .unwrap()
    };
    for (person, start, quota, actual, attainment) in [
        ("276", "2011-05-31", 637_000, 45_905_734, 0.7207),
        ("276", "2012-05-30", 1_355_000, 116_942_596, 0.8630),
        ("276", "2013-05-30", 1_525_000, 130_082_181, 0.8530),
        ("276", "2014-03-01", 1_124_000, 103_443_834, 0.9203),
        ("274", "2012-02-29", 140_000, 7_807_739, 0.5577),
    ] {
        let row = of(person, start).row();
        assert_eq!(row.target, Some(Minor(quota * 100)));
        assert_eq!(row.actual, Minor(actual));
        near(row.attainment.unwrap(), attainment);
    }
    assert_eq!(of("276", "2013-05-30").orders, 42);

    let (expected, _) = rows("expected/aw_attainment_274_279.csv").unwrap();
    assert!(expected.len() > 50, "{}", expected.len());
    for line in &expected {
        let quarter = of(&line["BusinessEntityID"], &line["QuotaDate"]);
        assert_eq!(quarter.quota, amount(&line["SalesQuota"]));
        let actual: f64 = line["Actual"].parse().unwrap();
        assert!(
            (quarter.actual.0 as f64 / 10_000.0 - actual).abs() < 0.01,
            "{line:?}"
        );
        assert_eq!(quarter.orders.to_string(), line["Orders"]);
        near(
            quarter.row().attainment.unwrap(),
            line["Attainment"].parse().unwrap(),
        );
    }
}

#[test]
fn p3_quarters_roll_up_and_most_quotas_are_missed() {
    let Some(Books {
        calendar, quarters, ..
    }) = &*BOOKS
    else {
        return;
    };
    let (expected, _) = rows("expected/aw_quarter_totals.csv").unwrap();
    assert_eq!((expected.len(), calendar.periods().len()), (12, 12));
    for (line, period) in expected.iter().zip(calendar.periods()) {
        assert_eq!(line["QuotaDate"], period.start.to_string());
        let of_period: Vec<&PersonQuarter> = quarters
            .iter()
            .filter(|quarter| quarter.start == period.start)
            .collect();
        let quota = sum(of_period.iter().map(|quarter| quarter.quota));
        let actual = sum(of_period.iter().map(|quarter| quarter.actual));
        assert_eq!(quota, amount(&line["quota"]));
        let expected_actual: f64 = line["actual"].parse().unwrap();
        assert!(
            (actual.0 as f64 / 10_000.0 - expected_actual).abs() < 0.01,
            "{line:?}"
        );
        assert_eq!(
            of_period
                .iter()
                .map(|quarter| quarter.orders)
                .sum::<i64>()
                .to_string(),
            line["orders"]
        );
        assert_eq!(of_period.len().to_string(), line["people"]);
        let reached = of_period
            .iter()
            .filter(|quarter| quarter.actual >= quarter.quota)
            .count();
        assert_eq!(reached.to_string(), line["n_ge_100"]);
        near(
            ratio(cents(actual), cents(quota)).unwrap(),
            line["attainment"].parse().unwrap(),
        );
    }
    let quota = sum(quarters.iter().map(|quarter| quarter.quota));
    let actual = sum(quarters.iter().map(|quarter| quarter.actual));
    assert_eq!((quota, actual), (Fact(957_140_000_000), Fact(804_877_041_832)));
    let whole = ratio(cents(actual), cents(quota)).unwrap();
    assert!((whole - 0.840_919).abs() < 0.000_000_6, "{whole}");
    let attainments: Vec<f64> = quarters
        .iter()
        .map(|quarter| quarter.row().attainment.unwrap())
        .collect();
    assert_eq!(
        attainments
            .iter()
            .filter(|attainment| **attainment >= 1.0)
            .count(),
        8
    );
    for (value, expected) in [
        (median(&attainments), 0.84792),
        (mean(&attainments), 0.85522),
        (sd(&attainments), 0.14438),
    ] {
        let value = value.unwrap();
        assert!((value - expected).abs() < 0.000_006, "{value} is not {expected}");
    }
}

#[test]
fn p4_orders_fall_into_the_company_s_own_quarters() {
    let Some(Books {
        calendar,
        quarters,
        orders,
    }) = &*BOOKS
    else {
        return;
    };
    let total = |start: &str| {
        let start = Day::parse_iso(start).unwrap();
        sum(quarters
            .iter()
            .filter(|quarter| quarter.start == start)
            .map(|quarter| quarter.actual))
    };
    assert_eq!(total("2013-11-30"), Fact(71_147_463_184));
    assert_eq!(total("2014-03-01"), Fact(89_431_160_443));
    // The three orders of the last day of February still belong to the quarter before.
    let last = Day::parse_iso("2014-02-28").unwrap();
    let of_last: Vec<Fact> = orders
        .iter()
        .filter(|(day, _)| *day == last)
        .map(|(_, sum)| *sum)
        .collect();
    assert_eq!((of_last.len(), sum(of_last.into_iter())), (3, Fact(32_306_456)));
    assert_eq!(calendar.period_of(last).unwrap().name, "2013-11-30");
}

#[test]
fn p4_the_last_four_quarters_are_what_the_company_s_own_books_say() {
    let Some(Books {
        calendar, quarters, ..
    }) = &*BOOKS
    else {
        return;
    };
    let (people, _) = rows("adventureworks/SalesPerson.csv").unwrap();
    let since = calendar.periods()[8].start;
    assert_eq!(people.len(), 17);
    for person in &people {
        let id = &person["BusinessEntityID"];
        let last_four = quarters
            .iter()
            .filter(|quarter| quarter.person == *id && quarter.start >= since);
        assert_eq!(
            sum(last_four.map(|quarter| quarter.actual)),
            amount(&person["SalesYTD"]),
            "{id}"
        );
    }
    let of = |id: &str| {
        amount(
            &people
                .iter()
                .find(|person| person["BusinessEntityID"] == id)
                .unwrap()["SalesYTD"],
        )
    };
    assert_eq!(
        (of("275"), of("276")),
        (Fact(37_631_781_787), Fact(42_513_685_497))
    );
}
