//! What counts differently by period in a split, and branches that keep weights of their own.

use domain::explain::StepKind;
use domain::import::Options;
use domain::money::Minor;
use domain::plan::{
    Basis, BasisWeights, Factor, FactorKind, NodeIndex, NodeRef, OwnWeights, PeriodIndex, PlanCommand, Spread,
};
use domain::split::{Insist, OpenGrid};
use domain::staffing::{LeaveInput, LeaveKind};
use operations::Scope;
use operations::import::Origin;
use store::Database;

use crate::{Company, company, day, files};

/// A split as a page asks for it: the server fills in weights and factors.
pub(crate) fn asked(
    node: NodeIndex,
    shares: &[(Basis, u32)],
    kinds: &[FactorKind],
    own: Vec<OwnWeights>,
) -> PlanCommand {
    PlanCommand::Split {
        node,
        spread: Spread::Subtree,
        bases: bases(shares),
        factors: kinds
            .iter()
            .map(|kind| Factor {
                node: NodeIndex(0),
                kind: *kind,
                ppm: Vec::new(),
            })
            .collect(),
        own,
        proposals: Vec::new(),
        uplift_ppm: Vec::new(),
        step: Minor(1),
        reason: None,
    }
}

fn bases(shares: &[(Basis, u32)]) -> Vec<BasisWeights> {
    let basis = |(basis, share_ppm): &(Basis, u32)| BasisWeights {
        basis: *basis,
        share_ppm: *share_ppm,
        weights: Vec::new(),
    };
    shares.iter().map(basis).collect()
}

pub(crate) const EQUALLY: [(Basis, u32); 1] = [(Basis::Equal, 1_000_000)];

/// Somebody who begins in the second team on the first of February.
pub(crate) async fn hire(company: &Company) -> domain::id::MemberId {
    let mut member = kit::member("f");
    member.hired_on = Some(day("2018-02-01"));
    let mut assignment = kit::assignment(member.id, company.units[2]);
    assignment.starts_on = day("2018-02-01");
    let writer = company.operations.database.writer().await.unwrap();
    store::member::insert(&writer, &company.system, std::slice::from_ref(&member))
        .await
        .unwrap();
    store::assignment::insert(&writer, &company.system, &[assignment])
        .await
        .unwrap();
    writer.commit().await.unwrap();
    member.id
}

pub(crate) async fn open(company: &Company, planner: &Scope, version: domain::id::VersionId) -> OpenGrid {
    company
        .operations
        .open_grid(planner, version, None)
        .await
        .unwrap()
}

/// The amounts of a row in each month.
pub(crate) fn months(open: &OpenGrid, node: NodeIndex) -> [i64; 3] {
    [0, 1, 2].map(|month| open.grid.amount(node, Some(PeriodIndex(month))).0)
}

#[tokio::test]
async fn who_is_hired_within_the_plan_gets_the_ramped_part_of_the_days_there() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let new = hire(&company).await;
        let version = company.plan(&planner).await.version;
        let first = open(&company, &planner, version).await;
        // The first split counts who is there and who begins.
        assert_eq!(first.in_force.kinds, [FactorKind::Assignment, FactorKind::Ramp]);
        let find = |of| first.grid.shape().find(of).unwrap();
        let (c, f) = (
            find(NodeRef::Member(company.people[2])),
            find(NodeRef::Member(new)),
        );
        let (one, other) = (months(&first, c), months(&first, f));
        assert_eq!(other[..2], [0, 0]);
        assert!((one[2] - 4 * other[2]).abs() <= 5, "{one:?} {other:?}");
        let counted = operations.split_counted(&planner, version).await.unwrap();
        let of = |kind: FactorKind| {
            let found = counted.factors.iter().find(|factor| factor.kind == kind);
            found.map(|factor| (factor.node, factor.ppm.clone()))
        };
        assert_eq!(
            of(FactorKind::Assignment),
            Some((f, vec![0, 1_000_000, 1_000_000]))
        );
        assert_eq!(of(FactorKind::Ramp), Some((f, vec![1_000_000, 0, 250_000])));
        assert_eq!(of(FactorKind::Season), None, "nobody did anything a year before");

        // There from February on: half of the team then.
        let there = [FactorKind::Assignment];
        let root = NodeIndex(0);
        let done = operations
            .apply(
                &planner,
                version,
                2,
                asked(root, &EQUALLY, &there, Vec::new()),
                Insist::Ask,
            )
            .await
            .unwrap();
        assert!(done.is_done());
        assert_eq!(done.in_force.kinds, there);
        let after = open(&company, &planner, version).await;
        let (one, other) = (months(&after, c), months(&after, f));
        assert_eq!(other[0], 0);
        for month in [1, 2] {
            assert!((one[month] - other[month]).abs() <= 1, "{one:?} {other:?}");
        }

        // A beginner does nothing in the first month and a quarter in the second.
        let both = [FactorKind::Assignment, FactorKind::Ramp];
        let done = operations
            .apply(
                &planner,
                version,
                3,
                asked(root, &EQUALLY, &both, Vec::new()),
                Insist::Ask,
            )
            .await
            .unwrap();
        let after = open(&company, &planner, version).await;
        assert_eq!(after.in_force.kinds, both);
        let (one, other) = (months(&after, c), months(&after, f));
        assert_eq!(other[..2], [0, 0]);
        assert!((one[2] - 4 * other[2]).abs() <= 5, "{one:?} {other:?}");
        assert_eq!(after.grid.check(), Ok(()));

        // The browser makes exactly the same of what it is told.
        let mut shown: Vec<BasisWeights> = first
            .bases
            .iter()
            .filter(|basis| basis.basis == Basis::Equal)
            .map(|basis| BasisWeights {
                share_ppm: 1_000_000,
                ..basis.clone()
            })
            .collect();
        counted.fit(root, &mut shown, &both);
        let PlanCommand::Split { bases, factors, .. } = &done.entries.last().unwrap().command else {
            panic!("{done:?}")
        };
        assert_eq!(bases, &shown);
        assert_eq!(factors, &counted.factors(first.grid.shape(), root, &both));

        // The card names what did it, and sums exactly.
        for node in [c, f] {
            for period in [None, Some(PeriodIndex(2))] {
                let why = operations.why(&planner, version, node, period).await.unwrap();
                let steps = &why.explanation.steps;
                let sum: i64 = steps.iter().map(|step| step.amount.0).sum();
                assert_eq!(sum, why.explanation.amount.0);
                let named = |kind: FactorKind| {
                    steps
                        .iter()
                        .any(|step| matches!(step.kind, StepKind::Factor { factor, .. } if factor == kind))
                };
                assert!(named(FactorKind::Ramp), "{steps:?}");
                assert_eq!(named(FactorKind::Assignment), period.is_none(), "{steps:?}");
            }
        }

        // Switched off, none counts; one step back, they count again.
        let done = operations
            .apply(
                &planner,
                version,
                4,
                asked(root, &EQUALLY, &[], Vec::new()),
                Insist::Ask,
            )
            .await
            .unwrap();
        assert!(done.in_force.kinds.is_empty());
        let PlanCommand::Split { factors, .. } = &done.entries.last().unwrap().command else {
            panic!("{done:?}")
        };
        assert!(factors.is_empty());
        let undone = operations.undo(&planner, version, 5, Insist::Ask).await.unwrap();
        assert_eq!(undone.in_force.kinds, both);
        assert_eq!(months(&open(&company, &planner, version).await, f), other);

        // Days of leave that are entered later are known at once.
        let leave = LeaveInput {
            member: company.people[2],
            from: day("2018-03-01"),
            until: day("2018-04-01"),
            kind: LeaveKind::Parental,
            note: String::new(),
        };
        operations.set_leave(&planner, None, leave).await.unwrap();
        let counted = operations.split_counted(&planner, version).await.unwrap();
        let away = counted
            .factors
            .iter()
            .find(|factor| factor.node == c && factor.kind == FactorKind::Assignment);
        assert_eq!(
            away.map(|factor| &factor.ppm[..]),
            Some(&[1_000_000, 1_000_000, 0][..])
        );
    })
    .await;
}

#[tokio::test]
async fn units_have_their_seasons_halfway_to_that_of_all() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let folder = tempfile::tempdir().unwrap();
        let mut deals = "opportunity_id,sales_agent,deal_stage,close_date,close_value\n".to_owned();
        for (place, (who, month, amount)) in [
            ("a", 1, 300),
            ("a", 2, 100),
            ("a", 3, 100),
            ("d", 1, 100),
            ("d", 2, 100),
            ("d", 3, 300),
        ]
        .into_iter()
        .enumerate()
        {
            deals.push_str(&format!("{place},{who},Won,2017-0{month}-10,{amount}\n"));
        }
        let path = files::file(folder.path(), "deals.csv", &deals);
        let wanted = files::wanted(&[path], Options::default(), Origin::CommandLine);
        let view = company
            .operations
            .import_now(&company.system, wanted)
            .await
            .unwrap();
        assert_eq!(view.counts.created, 6, "{view:?}");
        let planner = company.planner();
        let version = company.plan(&planner).await.version;
        let open = open(&company, &planner, version).await;
        let counted = company.operations.split_counted(&planner, version).await.unwrap();
        let shape = open.grid.shape();
        for (unit, wanted) in [
            (company.units[0], [1_250_000_i64, 1_000_000, 750_000]),
            (company.units[3], [750_000, 1_000_000, 1_250_000]),
        ] {
            let node = shape.find(NodeRef::Unit(unit)).unwrap();
            let season = counted
                .factors
                .iter()
                .find(|factor| factor.node == node && factor.kind == FactorKind::Season)
                .unwrap();
            for (ppm, wanted) in season.ppm.iter().zip(wanted) {
                assert!((i64::from(*ppm) - wanted).abs() <= 1, "{season:?}");
            }
        }
        assert_eq!(counted.concerned(shape, NodeIndex(0), FactorKind::Season), 2);
    })
    .await;
}

#[tokio::test]
async fn a_branch_keeps_its_own_weights_until_they_are_given_up() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        company.sell().await;
        let version = company.plan(&planner).await.version;
        let first = open(&company, &planner, version).await;
        let find = |of| first.grid.shape().find(of).unwrap();
        let (root, north) = (NodeIndex(0), find(NodeRef::Unit(company.units[0])));
        let [a, b, c] = [0, 1, 2].map(|place: usize| find(NodeRef::Member(company.people[place])));
        assert!(first.in_force.own.is_empty());
        let command = asked(north, &EQUALLY, &[], Vec::new());
        let done = operations
            .apply(&planner, version, 2, command, Insist::Ask)
            .await
            .unwrap();
        let [own] = &done.in_force.own[..] else {
            panic!("{done:?}")
        };
        assert_eq!((own.node, &own.shares[..]), (north, &EQUALLY[..]));

        // The whole anew, the branch by its own.
        let half = [(Basis::History, 500_000), (Basis::Equal, 500_000)];
        let before = open(&company, &planner, version).await;
        let kept = OwnWeights {
            node: north,
            bases: bases(&EQUALLY),
        };
        let done = operations
            .apply(
                &planner,
                version,
                3,
                asked(root, &half, &[], vec![kept]),
                Insist::Ask,
            )
            .await
            .unwrap();
        assert_eq!(done.in_force.own.len(), 1);
        let after = open(&company, &planner, version).await;
        let total = |open: &OpenGrid, node| open.grid.amount(node, None).0;
        assert_ne!(
            total(&after, north),
            total(&before, north),
            "it gets what the whole gives it"
        );
        assert!((total(&after, a) - total(&after, b)).abs() <= 3);
        assert!((total(&after, a) - total(&after, c)).abs() <= 6);
        let shares = async |node| {
            let why = operations.why(&planner, version, node, None).await.unwrap();
            let sum: i64 = why.explanation.steps.iter().map(|step| step.amount.0).sum();
            assert_eq!(sum, why.explanation.amount.0);
            why.formula.len()
        };
        assert_eq!(shares(a).await, 1, "by its own weights");
        assert_eq!(shares(north).await, 2, "by those of the whole");
        // A new version knows of it.
        let next = operations.branch_version(&planner, version, None).await.unwrap();
        let branched = open(&company, &planner, next.version).await;
        assert_eq!(branched.in_force, done.in_force);

        // All of it is one step back, and forth.
        let undone = operations.undo(&planner, version, 4, Insist::Ask).await.unwrap();
        assert_eq!(undone.in_force.own.len(), 1, "the branch was split before");
        assert_eq!(open(&company, &planner, version).await.grid, before.grid);
        operations.redo(&planner, version, 5, Insist::Ask).await.unwrap();
        assert_eq!(open(&company, &planner, version).await.grid, after.grid);

        // Given up, everything follows the whole.
        let done = operations
            .apply(
                &planner,
                version,
                6,
                asked(root, &half, &[], Vec::new()),
                Insist::Ask,
            )
            .await
            .unwrap();
        assert!(done.in_force.own.is_empty());
        let replaced = open(&company, &planner, version).await;
        assert!(total(&replaced, a) > total(&replaced, c));
        assert_eq!(shares(a).await, 2);
    })
    .await;
}
