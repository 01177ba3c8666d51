//! What is reckoned beside the product: the figures of the files, and the smallest change.

use std::collections::BTreeMap;
use std::path::Path;

use domain::calendar::Month;
use domain::outlook::Outlook;
use kit::Extent;

/// What the reckoning says of a person, in cents.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) quotas: [i64; 4],
    /// Of the three quarters that have begun.
    pub(super) booked: [i64; 3],
}

/// The cells of a comma-separated file without quotation marks by heading.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines
        .next()
        .unwrap()
        .trim_start_matches('\u{feff}')
        .split(',')
        .collect();
    lines
        .map(|line| {
            head.iter()
                .map(|name| (*name).to_owned())
                .zip(line.split(',').map(str::to_owned))
                .collect()
        })
        .collect()
}

/// The files of a folder as a company has them on a day.
pub(super) struct Files {
    pub(super) people: String,
    pub(super) quotas: String,
    pub(super) orders: String,
    pub(super) names: BTreeMap<String, String>,
}

impl Files {
    pub(super) fn of(data: &Path) -> Self {
        let by = |file: &str, key: &str, cell: &str| -> BTreeMap<String, String> {
            let rows = table(&data.join(file)).into_iter();
            rows.map(|row| (row[key].clone(), row[cell].clone())).collect()
        };
        let sellers = by("SalesPerson.csv", "BusinessEntityID", "TerritoryID");
        let territories = by("SalesTerritory.csv", "TerritoryID", "Name");
        let mut names = BTreeMap::new();
        let mut people = "姓名,工号,部门\n".to_owned();
        for person in table(&data.join("SalesPersonNames.csv")) {
            let id = &person["BusinessEntityID"];
            let Some(territory) = sellers.get(id) else {
                continue;
            };
            let unit = territories.get(territory).map_or("Management", String::as_str);
            let name = format!("{} {}", person["FirstName"], person["LastName"]);
            people += &format!("{name},{id},{unit}\n");
            names.insert(id.clone(), name);
        }
        let mut quotas = "工号,周期,目标\n".to_owned();
        for quota in table(&data.join("SalesPersonQuotaHistory.csv")) {
            let quarter = match &quota["QuotaDate"][..10] {
                "2013-02-28" => 1,
                "2013-05-30" => 2,
                "2013-08-30" => 3,
                "2013-11-30" => 4,
                _ => continue,
            };
            quotas += &format!(
                "{},2013-Q{quarter},{}\n",
                quota["BusinessEntityID"], quota["SalesQuota"]
            );
        }
        let columns = [
            "SalesOrderNumber",
            "OrderDate",
            "SalesPersonID",
            "SubTotal",
            "TaxAmt",
            "Freight",
            "TotalDue",
        ];
        let mut orders = format!("{}\n", columns.join(","));
        for order in table(&data.join("SalesOrderHeader.csv")) {
            if !order["SalesPersonID"].is_empty() && &order["OrderDate"][..10] <= "2013-08-30" {
                orders += &format!("{}\n", columns.map(|column| order[column].as_str()).join(","));
            }
        }
        Self {
            people,
            quotas,
            orders,
            names,
        }
    }

    /// What the reckoning says of everybody, and of all together what is missing.
    pub(super) fn reckoned(&self, extent: Extent) -> (Vec<Person>, i64) {
        let name = match extent {
            Extent::Full => "aw_revision_full.csv",
            Extent::Sample => "aw_revision_sample.csv",
        };
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample/expected");
        let lines = table(&here.join(name));
        let cents = |line: &BTreeMap<String, String>, column: &str| line[column].parse::<i64>().unwrap();
        let missing = cents(lines.last().unwrap(), "missing");
        let person = |line: &BTreeMap<String, String>| {
            Some(Person {
                name: self.names.get(&line["person"])?.clone(),
                quotas: ["quota_1", "quota_2", "quota_3", "quota_4"].map(|column| cents(line, column)),
                booked: ["booked_1", "booked_2", "booked_3"].map(|column| cents(line, column)),
            })
        };
        (lines.iter().filter_map(person).collect(), missing)
    }
}

/// What is still to come of somebody in the third or fourth quarter: what the outlook expects of each of its months from
/// September on. August is whole by the outlook's rule: the last orders are of its last working day.
pub(super) fn to_come(outlook: &Outlook, person: &Person, quarter: i32) -> i64 {
    let branch = outlook.branches.iter().find(|one| one.name == person.name);
    let september = Month::parse("2013-09").unwrap();
    assert_eq!(
        outlook.first.plus(i32::try_from(outlook.known).unwrap()),
        september,
        "the first month to come"
    );
    let january = Month::parse("2013-01").unwrap();
    (september.0..)
        .zip(&branch.unwrap().fan)
        .filter(|(month, _)| (month - january.0) / 3 + 1 == quarter)
        .map(|(_, fan)| fan.p50.0.max(0))
        .sum()
}

/// A number that is still open, in cents: what it is, how easily it changes, and what is booked of it.
pub(super) struct Number {
    pub(super) is: f64,
    pub(super) ease: f64,
    pub(super) booked: f64,
}

impl Number {
    pub(super) fn at(&self, shift: f64) -> f64 {
        (self.is + shift * self.ease).max(self.booked)
    }
}

/// The one shift by which all numbers sum to a total, each moved in proportion to its ease and none below what is booked.
pub(super) fn shift(total: f64, numbers: &[Number]) -> f64 {
    let (mut low, mut high) = (-1e6_f64, 1e6_f64);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        let sum: f64 = numbers.iter().map(|number| number.at(middle)).sum();
        if sum < total {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
