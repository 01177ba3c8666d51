//! Ways of splitting beside the grid: further bases of a new plan, and what each way would have come to.

use domain::access::Role;
use domain::backtest::models::Preset;
use domain::import::Options;
use domain::plan::{Basis, NodeIndex, NodeRef};
use operations::import::Origin;
use store::Database;

use crate::files::{file, wanted};
use crate::refusal::code;
use crate::{Company, company};

/// Two and a half years of deals: the first of the people does three times as much as the third.
async fn with_deals(database: &Database) -> Company {
    let company = company(database).await;
    let folder = tempfile::tempdir().unwrap();
    let mut deals = "opportunity_id,sales_agent,deal_stage,close_date,close_value\n".to_owned();
    let mut number = 0;
    for month in 0..30 {
        let (year, month) = (2015 + (month + 6) / 12, (month + 6) % 12 + 1);
        for (agent, amount) in [("a", 300), ("b", 200), ("c", 100), ("d", 150), ("e", 250)] {
            number += 1;
            deals += &format!("{number},{agent},Won,{year}-{month:02}-03,{}\n", amount + month);
        }
    }
    let path = file(folder.path(), "deals.csv", &deals);
    let wanted = wanted(&[path], Options::default(), Origin::CommandLine);
    let view = company
        .operations
        .import_now(&company.system, wanted)
        .await
        .unwrap();
    assert_eq!(view.counts.created, 150, "{view:?}");
    company
}

#[tokio::test]
async fn a_new_plan_knows_what_can_be_expected() {
    kit::on_each(async |database: Database| {
        let company = with_deals(&database).await;
        let planner = company.planner();
        let made = company.plan(&planner).await;
        let open = company
            .operations
            .open_grid(&planner, made.version, None)
            .await
            .unwrap();
        let known = |of: Basis| open.bases.iter().find(|basis| basis.basis == of);
        let capability = known(Basis::Capability).unwrap();
        assert_eq!(
            capability.share_ppm, 0,
            "the first split goes by history and equality"
        );
        assert_eq!(known(Basis::History).unwrap().share_ppm, 800_000);
        let weight = |person: usize| {
            let node = open
                .grid
                .shape()
                .find(NodeRef::Member(company.people[person]))
                .unwrap();
            capability.weights[node.0 as usize - 1]
        };
        assert!(weight(0) > weight(1) && weight(1) > weight(2) && weight(2) > 0);
        // Nothing is open, and no market is known.
        assert!(known(Basis::Pipeline).is_none() && known(Basis::Potential).is_none());
        // The whole can be split by it alone, and that is then in force.
        let before = open.grid.amount(NodeIndex(0), None);
        let shares = [(Basis::Capability, 1_000_000)];
        let done = company
            .operations
            .split(&planner, made.version, open.head, NodeIndex(0), &shares)
            .await
            .unwrap();
        assert!(done.is_done());
        let open = company
            .operations
            .open_grid(&planner, made.version, None)
            .await
            .unwrap();
        assert_eq!(open.grid.amount(NodeIndex(0), None), before);
        let in_force = open.bases.iter().find(|basis| basis.share_ppm > 0).unwrap();
        assert_eq!(
            (in_force.basis, in_force.share_ppm),
            (Basis::Capability, 1_000_000)
        );
    })
    .await;
}

#[tokio::test]
async fn ways_of_splitting_are_scored_for_who_plans() {
    kit::on_each(async |database: Database| {
        let company = with_deals(&database).await;
        let planner = company.planner();
        let made = company.plan(&planner).await;
        let models = company
            .operations
            .split_models(&planner, made.version)
            .await
            .unwrap();
        let presets: Vec<Preset> = models.presets.iter().map(|model| model.preset).collect();
        assert_eq!(
            presets,
            [
                Preset::Equal,
                Preset::History,
                Preset::HistoryCapability,
                Preset::Blended
            ]
        );
        assert_eq!(models.people, 5);
        assert_eq!(models.periods.len() + models.skipped.len(), 9, "{models:?}");
        for model in &models.presets {
            let figures = model.figures.unwrap();
            assert!(figures.misplaced.interval.contains(figures.misplaced.value));
            assert!(figures.near.is_some() && figures.gini.is_some() && figures.spread.is_some());
        }
        let misplaced = |preset: Preset| {
            let model = models
                .presets
                .iter()
                .find(|model| model.preset == preset)
                .unwrap();
            model.figures.unwrap().misplaced.value
        };
        assert!(misplaced(Preset::History) < misplaced(Preset::Equal));
        // The first split is none of the offered ways, and is tried out all the same.
        let before = async |version| {
            let before = company
                .operations
                .before_publishing(&planner, version, false)
                .await;
            before.unwrap().used.unwrap()
        };
        let used = before(made.version).await;
        assert_eq!(used.shares, [(Basis::History, 800_000), (Basis::Equal, 200_000)]);
        assert_eq!(used.preset, None);
        let blend = used.figures.unwrap().misplaced.value;
        assert!(blend > 0.0 && blend < misplaced(Preset::Equal), "{used:?}");
        assert_eq!(used.least, models.least());
        assert_eq!((used.people, used.periods), (5, models.periods.len()));
        // Split by one that is offered, it has that one's figures.
        let open = company
            .operations
            .open_grid(&planner, made.version, None)
            .await
            .unwrap();
        let shares = [(Basis::Equal, 1_000_000)];
        company
            .operations
            .split(&planner, made.version, open.head, NodeIndex(0), &shares)
            .await
            .unwrap();
        let used = before(made.version).await;
        assert_eq!(used.preset, Some(Preset::Equal));
        assert!((used.figures.unwrap().misplaced.value - misplaced(Preset::Equal)).abs() < 1e-12);
        let lead = company.user(Role::Manager, Some(company.leaders[0]), &[company.units[1]], &[]);
        let refused = company.operations.split_models(&lead, made.version).await;
        assert!(refused.is_err());
        let rep = company.rep(company.people[0]);
        assert_eq!(
            code(company.operations.split_models(&rep, made.version).await),
            "not_found"
        );
    })
    .await;
}
