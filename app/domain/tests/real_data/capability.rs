//! The cases of `domain::capability` on real files.

#![expect(clippy::disallowed_methods, reason = "squares of what was missed")]

use std::collections::BTreeMap;

use domain::capability::{
    Difference, Observation, Parts, PersonRecord, Tally, Trials, counts, expected, rates, records, values,
};

use super::files::Extent;
use super::{amount, day, near, rows};

/// Won and closed deals of each agent of `maven_crm` in the months asked (1 to 12, of 2017), agents without any included.
fn agents(months: std::ops::RangeInclusive<u8>) -> Option<BTreeMap<String, (Trials, Vec<Observation>)>> {
    let (teams, _) = rows("maven_crm/sales_teams.csv")?;
    let (deals, extent) = rows("maven_crm/sales_pipeline.csv")?;
    // The figures are those of the full files.
    if extent == Extent::Sample {
        return None;
    }
    let mut agents: BTreeMap<String, (Trials, Vec<Observation>)> = teams
        .iter()
        .map(|row| (row["sales_agent"].clone(), (Trials::default(), Vec::new())))
        .collect();
    for deal in deals
        .iter()
        .filter(|deal| matches!(deal["deal_stage"].as_str(), "Won" | "Lost"))
    {
        if !months.contains(&day(&deal["close_date"]).ymd().1) {
            continue;
        }
        let agent = agents.get_mut(&deal["sales_agent"]).unwrap();
        agent.0.trials += 1;
        if deal["deal_stage"] == "Won" {
            agent.0.successes += 1;
            agent.1.push(Observation {
                value: amount(&deal["close_value"]).0 as f64 / 1e4,
                weight: 1.0,
            });
        }
    }
    Some(agents)
}

#[test]
fn p9_win_rates_are_drawn_together_and_nobody_is_better() {
    let Some(agents) = agents(1..=12) else {
        return;
    };
    let trials: Vec<Trials> = agents.values().map(|agent| agent.0).collect();
    let found = rates(&trials, 0.95).unwrap();
    near(found.mean, 0.631_501);
    assert!((found.spread - 7.760_266).abs() < 5e-7, "{}", found.spread);
    assert!((found.between - 0.000_156_84).abs() < 5e-9, "{}", found.between);
    assert!(
        (found.prior.unwrap() - 1_482.72).abs() < 0.005,
        "{:?}",
        found.prior
    );
    let of = |name: &str| found.estimates[agents.keys().position(|key| key == name).unwrap()];
    near(of("Lajuana Vencill").raw.unwrap(), 0.5498);
    near(of("Lajuana Vencill").value, 0.6205);
    near(of("Hayden Neloms").raw.unwrap(), 0.7039);
    near(of("Hayden Neloms").value, 0.6382);
    let new = of("Carl Lin");
    near(new.value, 0.6315);
    assert!(new.raw.is_none() && new.weight == 0.0 && new.interval.width() > 0.04);
    assert_eq!(found.difference(), Difference::NotSeen);
    assert!(!of("Hayden Neloms").differs(&of("Lajuana Vencill")));

    let (expected, _) = rows("expected/maven_agents_6.csv").unwrap();
    assert_eq!(expected.len(), 6);
    for row in &expected {
        let own = of(&row["sales_agent"]);
        assert!(
            (own.value - row["eb_win_rate"].parse::<f64>().unwrap()).abs() < 6e-7,
            "{row:?}"
        );
        assert_eq!(own.raw.is_some(), !row["win_rate"].is_empty());
    }
}

#[test]
fn shrunken_rates_of_the_past_foretell_the_future_no_worse_than_raw_ones() {
    let (Some(past), Some(future)) = (agents(1..=9), agents(10..=12)) else {
        return;
    };
    let shrunken = rates(&past.values().map(|agent| agent.0).collect::<Vec<_>>(), 0.95).unwrap();
    let (mut raw_miss, mut shrunken_miss, mut inside, mut people) = (0.0, 0.0, 0, 0);
    for (estimate, (later, _)) in shrunken.estimates.iter().zip(future.values()) {
        let Some(raw) = estimate.raw.filter(|_| later.trials > 0) else {
            continue;
        };
        let trials = later.trials as f64;
        let actual = later.successes as f64 / trials;
        raw_miss += trials * (raw - actual).powi(2);
        shrunken_miss += trials * (estimate.value - actual).powi(2);
        // What one quarter of a true rate within the interval may show.
        let noise = 1.96 * (estimate.value * (1.0 - estimate.value) / trials + estimate.error.powi(2)).sqrt();
        inside += i32::from((estimate.value - actual).abs() <= noise);
        people += 1;
    }
    println!("win rates of Q4: raw {raw_miss:.3}, shrunken {shrunken_miss:.3}; {inside} of {people} inside");
    assert!(shrunken_miss < raw_miss);
    assert!(inside * 100 >= people * 80);
}

#[test]
fn the_money_of_the_coming_quarter_lies_within_what_was_expected() {
    let (Some(past), Some(future)) = (agents(4..=9), agents(10..=12)) else {
        return;
    };
    // Two quarters; agents without a deal until then do not work yet.
    let worked = |own: &Trials| if own.trials > 0 { 2.0 } else { 0.0 };
    let tallies: Vec<Tally> = past
        .values()
        .map(|(own, _)| Tally {
            events: own.trials,
            periods: worked(own),
        })
        .collect();
    let deals = counts(&tallies, 0.8).unwrap();
    let rate = rates(&past.values().map(|agent| agent.0).collect::<Vec<_>>(), 0.8).unwrap();
    let lists: Vec<Vec<Observation>> = past.values().map(|agent| agent.1.clone()).collect();
    let value = values(&lists, 0.8).unwrap();
    // The deals differ between agents far beyond chance: product lines cost from 55 to 26,768.
    assert!(matches!(value.difference(), Difference::Seen { .. }));
    assert!(matches!(deals.difference(), Difference::Seen { .. }));
    let (mut inside, mut people, mut sum, mut actual_sum) = (0, 0, 0.0, 0.0);
    for (place, (_, later)) in future.values().enumerate() {
        let actual: f64 = later.iter().map(|deal| deal.value).sum();
        if worked(&past.values().nth(place).unwrap().0) == 0.0 {
            continue;
        }
        let parts = Parts {
            deals: deals.estimates[place],
            rate: Some(rate.estimates[place]),
            value: value.estimates[place],
            value_sd: value.within.sqrt(),
            ramp: 1.0,
        };
        let money = expected(&parts, 0.8).unwrap();
        inside += i32::from(money.outcome.contains(actual));
        people += 1;
        sum += money.mean;
        actual_sum += actual;
    }
    println!("80 % interval of Q4: {inside} of {people}; expected {sum:.0}, came {actual_sum:.0}");
    assert!(inside * 100 >= people * 70, "{inside} of {people}");
    assert!((sum / actual_sum - 1.0).abs() < 0.1);
}

#[test]
fn attainment_of_a_fair_plan_is_no_record_to_rank_by() {
    let Some((quotas, _)) = rows("expected/aw_attainment_274_279.csv") else {
        return;
    };
    let mut people: BTreeMap<String, PersonRecord> = BTreeMap::new();
    for row in &quotas {
        let target: f64 = row["SalesQuota"].parse().unwrap();
        people
            .entry(row["BusinessEntityID"].clone())
            .or_default()
            .periods
            .push(Observation {
                value: row["Actual"].parse::<f64>().unwrap() / target,
                weight: target,
            });
    }
    let list: Vec<PersonRecord> = people.values().cloned().collect();
    let found = records(&list, 0.95).unwrap();
    assert_eq!(found.difference(), Difference::NotSeen);
    for own in &found.people {
        assert!((own.value - found.mean).abs() <= (own.raw.unwrap() - found.mean).abs() + 1e-12);
    }
}
