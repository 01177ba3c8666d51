//! What the Maven files say, read and added up here with nothing of the product.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// The dimensions every pair of which is asked for.
pub(crate) const DIMENSIONS: [&str; 14] = [
    "member",
    "manager",
    "unit",
    "unit:region",
    "unit:team",
    "product",
    "category",
    "account",
    "channel",
    "day",
    "month",
    "quarter",
    "year",
    "unit:company",
];

/// Cents and deals by key.
pub(crate) type Sums = BTreeMap<String, (i64, i64)>;

/// A won deal as the files tell it.
pub(crate) struct Deal {
    pub(crate) agent: String,
    pub(crate) manager: String,
    pub(crate) office: String,
    pub(crate) product: String,
    pub(crate) series: String,
    pub(crate) account: String,
    /// `2017-03-01`.
    pub(crate) closed: String,
    pub(crate) cents: i64,
}

impl Deal {
    /// The rows it counts for along a dimension.
    pub(crate) fn keys(&self, dimension: &str) -> Vec<String> {
        let company = "云杉仪器".to_owned();
        match dimension {
            "member" => vec![self.agent.clone()],
            "manager" | "unit:team" => vec![self.manager.clone()],
            "unit" => vec![self.manager.clone(), self.office.clone(), company],
            "unit:region" => vec![self.office.clone()],
            "unit:company" => vec![company],
            "product" => vec![self.product.clone()],
            "category" => vec![self.series.clone()],
            "account" => vec![self.account.clone()],
            "channel" => vec![String::new()],
            "day" => vec![self.closed.clone()],
            "month" => vec![self.closed[..7].to_owned()],
            "quarter" => {
                let month: u32 = self.closed[5..7].parse().unwrap();
                vec![format!("{}-Q{}", &self.closed[..4], month.div_ceil(3))]
            }
            "year" => vec![self.closed[..4].to_owned()],
            other => panic!("{other}"),
        }
    }
}

/// Lines of a file by column name.
fn table(path: &Path) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines
        .next()
        .unwrap()
        .trim_start_matches('\u{feff}')
        .split(',')
        .collect();
    lines
        .map(|line| {
            names
                .iter()
                .zip(line.split(','))
                .map(|(name, cell)| ((*name).to_owned(), cell.to_owned()))
                .collect()
        })
        .collect()
}

/// The won deals.
pub(crate) fn won(folder: &Path) -> Vec<Deal> {
    let teams: HashMap<String, (String, String)> = table(&folder.join("sales_teams.csv"))
        .into_iter()
        .map(|row| {
            (
                row["sales_agent"].clone(),
                (row["manager"].clone(), row["regional_office"].clone()),
            )
        })
        .collect();
    let series: HashMap<String, String> = table(&folder.join("products.csv"))
        .into_iter()
        .map(|row| (row["product"].clone(), row["series"].clone()))
        .collect();
    table(&folder.join("sales_pipeline.csv"))
        .into_iter()
        .filter(|row| row["deal_stage"] == "Won")
        .map(|row| {
            let (manager, office) = teams[&row["sales_agent"]].clone();
            // The one name that the two files spell differently.
            let product = row["product"].replace("GTXPro", "GTX Pro");
            Deal {
                agent: row["sales_agent"].clone(),
                manager,
                office,
                series: series[&product].clone(),
                product,
                account: row["account"].clone(),
                closed: row["close_date"].clone(),
                cents: row["close_value"].parse::<i64>().unwrap() * 100,
            }
        })
        .collect()
}

/// Sums of deals by one dimension, or two joined by a comma.
pub(crate) fn sums<'a>(deals: impl IntoIterator<Item = &'a Deal>, by: &str) -> Sums {
    let mut sums = Sums::new();
    for deal in deals {
        let mut keys = vec![String::new()];
        for (place, dimension) in by.split(',').enumerate() {
            let bar = if place == 0 { "" } else { "|" };
            let own = deal.keys(dimension);
            keys = keys
                .iter()
                .flat_map(|key| own.iter().map(move |own| format!("{key}{bar}{own}")))
                .collect();
        }
        for key in keys {
            let sum = sums.entry(key).or_default();
            sum.0 += deal.cents;
            sum.1 += 1;
        }
    }
    sums
}
