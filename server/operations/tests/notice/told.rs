//! What changes tell, and whom.

use std::collections::BTreeMap;

use domain::access::{Permission, Role};
use domain::event::Event;
use domain::id::{ImportId, UserId};
use domain::import::{Options, Status};
use domain::money::Minor;
use domain::notice::Notice;
use domain::plan::{Give, Keep, NodeRef, PlanCommand};
use domain::split::Insist;
use domain::target::Answer;
use operations::import::Origin;
use operations::{Error, clock};
use store::Database;
use store::import::Import;
use store::slot::Slot;

use crate::files::{file, wanted};
use crate::{Company, code, company, person};

#[tokio::test]
async fn a_publish_tells_exactly_those_who_carry_its_numbers() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        // A number of a person who left the door, one of somebody who only looks on, and a person without a number.
        let writer = database.writer().await.unwrap();
        let mut gone = person("gone@x.example", "gone", Role::Rep, Some(company.members[1]));
        gone.disabled_at_ms = Some(1);
        let viewer = person("viewer@x.example", "v", Role::Viewer, Some(company.members[1]));
        let stranger = person("stranger@x.example", "stranger", Role::Rep, None);
        for user in [&gone, &viewer, &stranger] {
            store::user::insert(&writer, &company.system, user, None)
                .await
                .unwrap();
        }
        writer.commit().await.unwrap();

        let version = company.draft().await;
        assert_eq!(company.rows("notice").await, 0, "a draft is told to nobody");
        let seq = operations.last_event(&company.system).await.unwrap();
        operations.publish(&company.planner(), version).await.unwrap();
        let everybody = [gone.id, viewer.id, stranger.id, company.planner, company.owner];
        for id in everybody {
            assert!(company.told(id).await.is_empty());
        }
        for id in company.users {
            let told = company.told(id).await;
            assert_eq!(told.len(), 1);
            let Notice::TargetPublished { version: of, by, .. } = &told[0].notice else {
                panic!("{told:?}")
            };
            assert_eq!((*of, by.as_str(), told[0].read_at_ms), (version, "Planner", None));
        }
        let events = operations.events_since(&company.system, seq).await.unwrap();
        let mut users = company.users.to_vec();
        users.sort_unstable();
        assert_eq!(
            events.into_iter().map(|news| news.event).collect::<Vec<_>>(),
            [Event::NoticesChanged { users }, Event::Published { version }]
        );

        // Published again with another number for one person.
        let next = operations
            .branch_version(&company.planner(), version, None)
            .await
            .unwrap()
            .version;
        let open = operations
            .open_grid(&company.planner(), next, None)
            .await
            .unwrap();
        let shape = open.grid.shape();
        let (a, b) = (
            shape.find(NodeRef::Member(company.members[1])).unwrap(),
            shape.find(NodeRef::Member(company.members[2])).unwrap(),
        );
        let less = open.grid.amount(a, None).0 - 1_000;
        let command = PlanCommand::Set {
            node: a,
            period: None,
            amount: Minor(less),
            keep: Keep::Column,
            give: Give::Siblings,
            reason: None,
        };
        let applied = operations
            .apply(&company.planner(), next, open.head, command, Insist::Ask)
            .await
            .unwrap();
        assert!(applied.is_done(), "{:?}", applied.refused);
        operations.publish(&company.planner(), next).await.unwrap();
        let mut kinds = BTreeMap::new();
        for (name, id) in ["lead", "a", "b"].into_iter().zip(company.users) {
            let told = company.told(id).await;
            assert_eq!(told.len(), 2, "{name}");
            kinds.insert(name, matches!(told[0].notice, Notice::TargetChanged { .. }));
        }
        // What one gave another one got, unless a third gave too; the team's total is what it was.
        let after = operations
            .open_grid(&company.planner(), next, None)
            .await
            .unwrap();
        assert_ne!(after.grid.amount(b, None), open.grid.amount(b, None));
        assert!(kinds["a"] && kinds["b"], "{kinds:?}");
        assert!(company.told(viewer.id).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_took_a_number_over_and_whose_it_is_no_more_are_told() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.published().await;
        let [lead, a, b] = company.users;
        let writer = database.writer().await.unwrap();
        let units = store::unit::list(&writer, &company.system, None).await.unwrap();
        let mut team = units.into_iter().find(|unit| unit.manager.is_some()).unwrap();
        team.manager = Some(company.members[1]);
        store::unit::update(&writer, &company.system, &team)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let next = company
            .operations
            .branch_version(&company.planner(), version, None)
            .await
            .unwrap()
            .version;
        company
            .operations
            .publish(&company.planner(), next)
            .await
            .unwrap();
        let Notice::TargetGone { version: of, by, .. } = company.newest(lead).await else {
            panic!("they carry nothing any more")
        };
        assert_eq!((of, by.as_str()), (next, "Planner"));
        for (user, name) in [(lead, "lead"), (a, "a"), (b, "b")] {
            assert_eq!(company.told(user).await.len(), 2, "{name}");
        }
        assert!(matches!(company.newest(a).await, Notice::TargetPublished { .. }));
    })
    .await;
}

#[tokio::test]
async fn what_does_not_happen_is_not_told() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.draft().await;
        let seq = company.operations.last_event(&company.system).await.unwrap();
        // The very end of publishing breaks.
        kit::damage(&database, "ALTER TABLE audit RENAME TO audit_elsewhere").await;
        let broken = company.operations.publish(&company.planner(), version).await;
        assert!(matches!(broken, Err(Error::Internal(_))), "{broken:?}");
        kit::damage(&database, "ALTER TABLE audit_elsewhere RENAME TO audit").await;
        for table in ["notice", "delivery", "job"] {
            assert_eq!(company.rows(table).await, 0, "{table}");
        }
        assert_eq!(company.operations.last_event(&company.system).await.unwrap(), seq);
        company
            .operations
            .publish(&company.planner(), version)
            .await
            .unwrap();
        for table in ["notice", "delivery"] {
            assert_eq!(company.rows(table).await, 3, "{table}");
        }
        assert_eq!(company.mails().await, 3);
    })
    .await;
}

/// A counter of the person called a, with this comment.
async fn counter(company: &Company, comment: &str) {
    let rep = company.scope(company.users[1], Role::Rep);
    let mine = company.operations.my_targets(&rep).await.unwrap().remove(0);
    let (node, hash) = (mine.node, mine.hash);
    company
        .operations
        .acknowledge(&rep, mine.version, node, &hash, Answer::Countered, Some(comment))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_counter_is_told_to_who_published() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.published().await;
        let reason = format!("太高：\n{}", "客户".repeat(200));
        counter(&company, &reason).await;
        let told = company.told(company.planner).await;
        assert_eq!(told.len(), 1);
        let Notice::TargetCountered {
            version: of,
            member,
            name,
            reason,
            ..
        } = &told[0].notice
        else {
            panic!("{told:?}")
        };
        assert_eq!((*of, *member, name.as_str()), (version, company.members[1], "a"));
        assert!(
            reason.starts_with("太高： 客户") && reason.ends_with('…'),
            "{reason}"
        );
        assert!(company.told(company.owner).await.is_empty());
        assert_eq!(
            company.told(company.users[1]).await.len(),
            1,
            "only of the publishing"
        );

        // Whoever published may not sign in any more: those who may publish are told.
        let disable = |user: &mut store::user::User| user.disabled_at_ms = Some(1);
        company.change_user(company.planner, disable).await;
        counter(&company, "还是太高").await;
        assert_eq!(company.told(company.planner).await.len(), 1);
        assert_eq!(company.told(company.owner).await.len(), 1);

        // Who confirms tells nobody.
        let rep = company.scope(company.users[1], Role::Rep);
        let mine = company.operations.my_targets(&rep).await.unwrap().remove(0);
        company
            .operations
            .acknowledge(&rep, version, mine.node, &mine.hash, Answer::Confirmed, None)
            .await
            .unwrap();
        assert_eq!(company.told(company.owner).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_failed_import_is_told_to_who_started_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let folder = tempfile::tempdir().unwrap();
        let operations = &company.operations;
        let planner = company.planner();
        let bad = file(folder.path(), "orders.csv", "no,such,columns\n1,2,3\n");
        for (dry_run, told) in [(true, 0), (false, 1)] {
            let options = Options {
                dry_run,
                ..Options::default()
            };
            let wanted = wanted(std::slice::from_ref(&bad), options, Origin::Page);
            let view = operations.import_now(&planner, wanted).await.unwrap();
            assert_eq!(view.status, Status::Failed);
            assert_eq!(
                company.told(company.planner).await.len(),
                told,
                "dry run {dry_run}"
            );
        }
        let Notice::ImportFailed { files, .. } = company.newest(company.planner).await else {
            panic!("another notice")
        };
        assert_eq!(files, "orders.csv");

        // One whose process is gone.
        let import = Import {
            id: ImportId(clock::new_id()),
            slot: Slot::default(),
            origin: "page".to_owned(),
            status: Status::Running,
            stopping: false,
            request: r#"{"files":[],"options":{}}"#.to_owned(),
            report: r#"{"files":[],"failure":null}"#.to_owned(),
            rows_read: 1,
            rows_total: 2,
            undoes: None,
            undone: false,
            actor_name: "owner".to_owned(),
            actor: Some(company.owner),
            created_at_ms: 0,
            beat_at_ms: clock::now_ms() - 60_000,
            ended_at_ms: None,
        };
        let writer = database.writer().await.unwrap();
        store::import::insert(&writer, &company.system, &import)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        operations.recover_imports(&company.system).await.unwrap();
        let Notice::ImportFailed { import: told, .. } = company.newest(company.owner).await else {
            panic!("another notice")
        };
        assert_eq!(told, import.id);
    })
    .await;
}

#[tokio::test]
async fn a_person_reads_the_own_notices_only() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        company.published().await;
        let [lead, a, b] = company.users;
        let rep = company.scope(a, Role::Rep);
        assert!(!rep.may(Permission::ManageOrganization));
        assert_eq!(operations.me(&rep).await.unwrap().unread, 1);
        let foreign = company.told(b).await[0].id;
        assert_eq!(code(operations.read_notice(&rep, foreign).await), "not_found");
        assert_eq!(company.told(b).await[0].read_at_ms, None);

        let seq = operations.last_event(&company.system).await.unwrap();
        let own = company.told(a).await[0].id;
        operations.read_notice(&rep, own).await.unwrap();
        operations.read_notice(&rep, own).await.unwrap();
        assert_eq!(operations.me(&rep).await.unwrap().unread, 0);
        let events = operations.events_since(&company.system, seq).await.unwrap();
        assert_eq!(events.len(), 1, "reading again changes nothing");
        assert_eq!(events[0].event, Event::NoticesChanged { users: vec![a] });
        operations
            .read_notices(&company.scope(lead, Role::Manager))
            .await
            .unwrap();
        assert_eq!(
            operations
                .notices(&company.scope(lead, Role::Manager))
                .await
                .unwrap()
                .unread,
            0
        );
        assert_eq!(
            operations
                .notices(&company.scope(b, Role::Rep))
                .await
                .unwrap()
                .unread,
            1
        );
        let nobody = UserId(clock::new_id());
        assert_eq!(
            code(operations.notices(&company.scope(nobody, Role::Rep)).await),
            "unauthenticated"
        );
        assert_eq!(code(operations.notices(&company.system).await), "not_found");
    })
    .await;
}
