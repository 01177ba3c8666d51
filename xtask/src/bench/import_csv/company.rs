//! A company and its opportunities, the same in every run: 35 agents under six managers in three offices, 7 products, 85
//! accounts, and as many opportunities as wanted over two years, in the columns and proportions of Maven's published export.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::{Context, Result};

/// One row in so many cannot be taken over, so that the error report is part of the work.
pub(super) const BAD_ONE_IN: u64 = 1_000;
/// Days from the first to the last engage date: two years.
const DAYS: u64 = 730;
/// Days since 1970-01-01 of the first engage date, 2024-01-01.
const FIRST_DAY: i64 = 19_723;

const OFFICES: [&str; 3] = ["Central", "East", "West"];
const MANAGERS: [&str; 6] = [
    "Dustin Brinkmann",
    "Melvin Marxen",
    "Cara Losch",
    "Rocco Neubert",
    "Celia Rouche",
    "Summer Sewald",
];
/// Given and family names; an agent is one of each.
const GIVEN: [&str; 7] = ["Anna", "Darcel", "Kary", "Moses", "Reed", "Vicki", "Zane"];
const FAMILY: [&str; 5] = ["Frase", "Hendrixson", "Laflamme", "Schlecht", "Snelling"];
/// Product, series and list price.
const PRODUCTS: [(&str, &str, u64); 7] = [
    ("GTX Basic", "GTX", 550),
    ("GTX Pro", "GTX", 4_821),
    ("MG Special", "MG", 55),
    ("MG Advanced", "MG", 3_393),
    ("GTX Plus Pro", "GTX", 5_482),
    ("GTX Plus Basic", "GTX", 1_096),
    ("GTK 500", "GTK", 26_768),
];
const SECTORS: [&str; 5] = ["medical", "retail", "software", "finance", "marketing"];
const ACCOUNTS: u64 = 85;

/// Writes the registers and gives their paths: people, products, accounts.
pub(super) fn registers(folder: &Path) -> Result<[PathBuf; 3]> {
    let mut people = "sales_agent,manager,regional_office\n".to_owned();
    for (number, agent) in agents().iter().enumerate() {
        let manager = number % MANAGERS.len();
        people += &format!(
            "{agent},{},{}\n",
            MANAGERS[manager],
            OFFICES[manager % OFFICES.len()]
        );
    }
    let mut products = "product,series,sales_price\n".to_owned();
    for (name, series, price) in PRODUCTS {
        products += &format!("{name},{series},{price}\n");
    }
    let mut accounts = "account,sector,office_location\n".to_owned();
    for number in 0..ACCOUNTS {
        let sector = SECTORS[(number % SECTORS.len() as u64) as usize];
        accounts += &format!("{},{sector},China\n", account(number));
    }
    let write = |name: &str, text: String| -> Result<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, text).context(path.display())?;
        Ok(path)
    };
    Ok([
        write("people.csv", people)?,
        write("products.csv", products)?,
        write("accounts.csv", accounts)?,
    ])
}

/// Writes so many opportunities and gives the path of their file.
pub(super) fn opportunities(folder: &Path, rows: u64) -> Result<PathBuf> {
    let path = folder.join("opportunities.csv");
    let file = File::create(&path).context(path.display())?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    out.write_all(
        b"opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n",
    )
    .context(path.display())?;
    let (agents, accounts) = (agents(), (0..ACCOUNTS).map(account).collect::<Vec<_>>());
    let mut chance = Chance(2024);
    for row in 0..rows {
        let line = line(row, rows, &agents, &accounts, &mut chance);
        out.write_all(line.as_bytes()).context(path.display())?;
    }
    out.flush().context(path.display())?;
    Ok(path)
}

/// One opportunity. Engage dates rise with the rows, as exports come; ids are unique and in no order, as Maven's are.
fn line(row: u64, rows: u64, agents: &[String], accounts: &[String], chance: &mut Chance) -> String {
    let agent = chance.one_of(agents);
    let (product, _, price) = PRODUCTS[chance.below(PRODUCTS.len() as u64) as usize];
    // One spelling in a hundred is the one of Maven's file that has to be recognised.
    let product = if product == "GTX Pro" && chance.below(14) == 0 {
        "GTXPro"
    } else {
        product
    };
    let engaged = FIRST_DAY + (row * DAYS / rows.max(1)) as i64;
    let closed = engaged + 1 + chance.below(140) as i64;
    let value = price * (85 + chance.below(30)) / 100;
    let cents = ["", ".5", ".25"][chance.below(3) as usize];
    let account = chance.one_of(accounts);
    let id = id(row);
    let bad = row % BAD_ONE_IN == BAD_ONE_IN / 2;
    let dates = |from: i64, to: i64| format!("{},{}", date(from), date(to));
    match chance.below(100) {
        // Closed before it began.
        0..48 if bad => format!(
            "{id},{agent},{product},{account},Won,{},{value}\n",
            dates(closed, engaged)
        ),
        // No such stage.
        48..100 if bad => format!(
            "{id},{agent},{product},{account},Wonn,{},{value}\n",
            dates(engaged, closed)
        ),
        0..48 => format!(
            "{id},{agent},{product},{account},Won,{},{value}{cents}\n",
            dates(engaged, closed)
        ),
        48..76 => format!(
            "{id},{agent},{product},{account},Lost,{},0\n",
            dates(engaged, closed)
        ),
        76..88 => format!("{id},{agent},{product},,Engaging,{},,\n", date(engaged)),
        88..94 => format!("{id},{agent},{product},{account},Engaging,{},,\n", date(engaged)),
        _ => format!("{id},{agent},{product},,Prospecting,,,\n"),
    }
}

fn agents() -> Vec<String> {
    let of_family = |family: &&str| GIVEN.map(|given| format!("{given} {family}"));
    FAMILY.iter().flat_map(of_family).collect()
}

fn account(number: u64) -> String {
    format!(
        "{} {:02}",
        ["Acme", "Betasoloin", "Cancity", "Dontechi", "Isdom"][(number % 5) as usize],
        number / 5 + 1
    )
}

/// Eight letters and digits: the row's number multiplied by a number that shares no factor with their number.
fn id(row: u64) -> String {
    const MARKS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const IDS: u128 = 36_u128.pow(8);
    let mut number = (u128::from(row) + 1) * 1_743_392_200_649 % IDS;
    let mut marks = [0; 8];
    for mark in marks.iter_mut().rev() {
        *mark = MARKS[(number % 36) as usize];
        number /= 36;
    }
    String::from_utf8_lossy(&marks).into_owned()
}

/// A day since 1970-01-01 as 2024-01-31 (Howard Hinnant's civil-from-days).
fn date(day: i64) -> String {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{of_month:02}")
}

/// Numbers that look like chance and are the same in every run (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_of<'a>(&mut self, list: &'a [String]) -> &'a str {
        &list[self.below(list.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn days_have_their_dates() {
        for (day, written) in [
            (0, "1970-01-01"),
            (FIRST_DAY, "2024-01-01"),
            (19_782, "2024-02-29"),
            (20_453, "2025-12-31"),
        ] {
            assert_eq!(date(day), written);
        }
    }

    #[test]
    fn ids_are_unique_and_rows_are_the_same_each_time() {
        let ids: HashSet<String> = (0..20_000).map(id).collect();
        assert_eq!(ids.len(), 20_000);
        let (agents, accounts) = (agents(), vec!["A".to_owned()]);
        assert_eq!(agents.iter().collect::<HashSet<_>>().len(), 35);
        let made = || {
            let mut chance = Chance(2024);
            (0..100)
                .map(|row| line(row, 100, &agents, &accounts, &mut chance))
                .collect::<String>()
        };
        assert_eq!(made(), made());
    }
}
