//! From the page: drafts that are split and published.

use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, PlanCommand};
use domain::split::Insist;
use domain::target::{NodeRef, VersionStatus};
use store::Database;

use crate::{Desk, counts, named};

#[tokio::test]
async fn a_file_of_the_page_becomes_a_draft_that_can_be_split_and_published() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        // Offices only: their people are in the draft, and what nobody carries yet is unassigned.
        let offices = "部门,2018-01,2018-02\n华东,1000,2000\n华南,500,NULL\n";
        let view = desk.at_the_page(&[("offices.csv", offices)], "{}").await;
        assert_eq!(counts(&view), [2, 2, 0, 0, 0], "{:?}", view.files);
        let landing = &view.targets[0];
        assert_eq!(
            (landing.status, landing.withheld.as_ref(), landing.made),
            (VersionStatus::Draft, None, true)
        );
        assert_eq!(desk.target("华东").await, None, "a draft is nobody's target yet");
        let version = landing.version.unwrap();
        let open = desk.grid(version).await;
        open.grid.check().unwrap();
        let shape = open.grid.shape();
        assert_eq!(shape.periods().len(), 12, "the fiscal year");
        assert_eq!(open.grid.amount(named(shape, "华东"), None), Minor(300_000));
        assert_eq!(open.grid.amount(named(shape, "李静"), None), Minor(0));
        assert!(
            open.bases
                .iter()
                .any(|basis| basis.basis == domain::plan::Basis::Equal)
        );
        assert_eq!(
            open.levels
                .by_node()
                .filter(|level| *level == "unassigned")
                .count(),
            2
        );
        let split = PlanCommand::Split {
            node: named(shape, "华东"),
            spread: domain::plan::Spread::Subtree,
            bases: open
                .bases
                .iter()
                .map(|basis| {
                    let top = named(shape, "华东").0 as usize;
                    let end = shape.end(named(shape, "华东")).0 as usize;
                    domain::plan::BasisWeights {
                        share_ppm: 1_000_000,
                        weights: basis.weights[top..end - 1].to_vec(),
                        ..basis.clone()
                    }
                })
                .collect(),
            factors: Vec::new(),
            own: Vec::new(),
            proposals: Vec::new(),
            uplift_ppm: Vec::new(),
            step: Minor(1),
            reason: None,
        };
        desk.operations
            .apply(&desk.scope, version, 0, split, Insist::Ask)
            .await
            .unwrap();

        // Worked on by now: it is not taken back, and the same file again does not touch it.
        assert_eq!(desk.undo_refused(&view).await, "import_in_use");
        let again = desk.at_the_page(&[("offices.csv", offices)], "{}").await;
        assert_eq!(counts(&again), [2, 0, 0, 2, 0]);
        assert_eq!(again.targets[0].version, Some(version));
        // A correction comes over what was split meanwhile, as a draft of its own.
        let corrected = "成员,2018-01\n李静,400\n";
        let view = desk.at_the_page(&[("corrected.csv", corrected)], "{}").await;
        assert_eq!(counts(&view), [1, 0, 1, 0, 0]);
        let second = view.targets[0].version.unwrap();
        assert_ne!(second, version);
        let open = desk.grid(second).await;
        let shape = open.grid.shape();
        assert_eq!(open.grid.amount(named(shape, "李静"), None), Minor(140_000));
        assert_eq!(open.grid.amount(named(shape, "周敏"), None), Minor(150_000));
        assert_eq!(open.grid.amount(named(shape, "华东"), None), Minor(300_000));

        desk.operations.publish(&desk.scope, second).await.unwrap();
        assert_eq!(desk.target("李静").await, Some(140_000));
        assert_eq!(desk.target("华南").await, Some(50_000));
        assert_eq!(
            desk.target("陈晨").await,
            None,
            "a zero nobody wrote is no target"
        );
        let march = desk.targets("2018-03-01", "2018-04-01", "unit").await;
        assert_eq!(march["华东"].0, None);
        assert_eq!(
            desk.undo_refused(&view).await,
            "import_in_use",
            "a person published it"
        );
    })
    .await;
}

#[tokio::test]
async fn a_drag_after_an_import_moves_a_sheet_s_numbers() {
    kit::on_each(async |database: Database| {
        let desk = Desk::staffed(&database).await;
        let sheet = "成员,2018-01\n李静,100\n周敏,300\n陈晨,600\n";
        let view = desk.at_the_page(&[("sheet.csv", sheet)], "{}").await;
        let version = view.targets[0].version.unwrap();
        let open = desk.grid(version).await;
        let node = named(open.grid.shape(), "李静");
        assert!(matches!(open.grid.shape().reference(node), NodeRef::Member(_)));
        let set = PlanCommand::Set {
            node,
            period: None,
            amount: Minor(20_000),
            keep: Keep::Column,
            give: Give::Siblings,
            reason: None,
        };
        desk.operations
            .apply(&desk.scope, version, 0, set, Insist::Ask)
            .await
            .unwrap();
        let open = desk.grid(version).await;
        assert_eq!(open.grid.amount(NodeIndex(0), None), Minor(100_000));
        assert_eq!(open.grid.amount(node, None), Minor(20_000));
    })
    .await;
}
