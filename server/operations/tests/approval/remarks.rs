//! Remarks within reach, answered and settled, and whom they are told.

use domain::access::Role;
use domain::notice::Notice;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::remark::About;
use operations::Scope;
use store::Database;

use crate::refusal::code;
use crate::{House, id};

#[tokio::test]
async fn remarks_are_said_within_reach_answered_and_settled() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (operations, version) = (&house.operations, house.version);
        let manager = house.user(Role::Manager, "一组主管").await;
        let manager = Scope {
            units: vec![house.teams[0]],
            roots: vec![house.teams[0]],
            members: {
                let mut own = house.people[..2].to_vec();
                own.sort_unstable();
                own
            },
            ..manager
        };
        let on = |node: u32, period: Option<u16>| About {
            node: Some(NodeIndex(node)),
            period: period.map(PeriodIndex),
        };
        operations
            .say(&house.planner, version, About::default(), None, "总数够吗？")
            .await
            .unwrap();
        operations
            .say(&house.planner, version, on(4, Some(1)), None, "二组偏低")
            .await
            .unwrap();
        operations
            .say(&manager, version, on(2, Some(0)), None, " 甲要休假\n一个月 ")
            .await
            .unwrap();
        // Beyond reach: neither said nor read.
        assert_eq!(
            code(operations.say(&manager, version, on(4, None), None, "x").await),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .say(&house.planner, version, on(2, Some(9)), None, "x")
                    .await
            ),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .say(&house.planner, version, on(99, None), None, "x")
                    .await
            ),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .say(&house.planner, version, About::default(), None, " ")
                    .await
            ),
            "text_missing"
        );
        let long = "长".repeat(2_001);
        assert_eq!(
            code(
                operations
                    .say(&house.planner, version, About::default(), None, &long)
                    .await
            ),
            "bad_words"
        );
        let seen = operations.remarks(&manager, version).await.unwrap();
        assert_eq!(seen.len(), 2, "{seen:?}");
        let own = seen
            .iter()
            .find(|thread| thread.node == Some(NodeIndex(2)))
            .unwrap();
        assert_eq!(
            (own.period, own.said[0].text.as_str()),
            (Some(PeriodIndex(0)), "甲要休假\n一个月")
        );
        let hidden = operations.remarks(&house.owner, version).await.unwrap();
        let hidden = hidden
            .iter()
            .find(|thread| thread.node == Some(NodeIndex(4)))
            .unwrap();
        assert_eq!(
            code(operations.settle_thread(&manager, version, hidden.id, true).await),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .say(&manager, version, About::default(), Some(hidden.id), "x")
                    .await
            ),
            "not_found"
        );

        operations
            .say(
                &house.planner,
                version,
                About::default(),
                Some(own.id),
                "已按一个月调整",
            )
            .await
            .unwrap();
        operations
            .settle_thread(&manager, version, own.id, true)
            .await
            .unwrap();
        let threads = operations.remarks(&house.owner, version).await.unwrap();
        assert_eq!(threads.len(), 3);
        let last = threads.last().unwrap();
        assert_eq!((last.id, last.said.len()), (own.id, 2));
        assert_eq!(last.resolved.as_ref().unwrap().by, "一组主管");
        operations
            .settle_thread(&house.planner, version, own.id, false)
            .await
            .unwrap();
        assert!(
            operations
                .remarks(&house.owner, version)
                .await
                .unwrap()
                .iter()
                .all(|thread| thread.resolved.is_none())
        );
        let rep = house.user(Role::Rep, "销售").await;
        assert_eq!(code(operations.remarks(&rep, version).await), "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_remark_tells_those_concerned_once_and_not_who_wrote_it() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (operations, version) = (&house.operations, house.version);
        let second = house.user(Role::Planner, "另一位计划员").await;
        let here = About {
            node: Some(NodeIndex(2)),
            period: Some(PeriodIndex(0)),
        };
        let elsewhere = About {
            node: Some(NodeIndex(4)),
            period: None,
        };
        let open = operations.open_grid(&house.owner, version, None).await.unwrap();
        let called = open.grid.shape().name(NodeIndex(2)).to_owned();
        let remarks = async |scope: &Scope| {
            let told = house.told(scope).await.into_iter();
            told.filter(|notice| matches!(notice, Notice::Remarked { .. }))
                .collect::<Vec<_>>()
        };
        // Nobody handed it in, and nobody spoke here before.
        let thread = operations
            .say(&second, version, here, None, "甲要休假")
            .await
            .unwrap();
        assert!(remarks(&house.planner).await.is_empty() && remarks(&second).await.is_empty());

        // Whoever handed it in is told, and who spoke here before; who spoke elsewhere is not.
        operations
            .submit_version(&house.planner, version, None)
            .await
            .unwrap();
        operations
            .say(&house.owner, version, here, None, "请再看")
            .await
            .unwrap();
        let Some(Notice::Remarked { by, name, .. }) = remarks(&house.planner).await.pop() else {
            panic!("the author is told");
        };
        assert_eq!((by.as_str(), name.as_str()), ("老板", called.as_str()));
        assert_eq!(remarks(&second).await.len(), 1);
        assert!(remarks(&house.owner).await.is_empty());
        operations
            .say(&house.owner, version, elsewhere, None, "二组")
            .await
            .unwrap();
        assert_eq!(remarks(&second).await.len(), 1);
        assert_eq!(remarks(&house.planner).await.len(), 2);

        // An answer in the thread: each once, and the notice leads to it.
        operations
            .say(&house.planner, version, About::default(), Some(thread), "已调整")
            .await
            .unwrap();
        assert_eq!(
            remarks(&house.planner).await.len(),
            2,
            "the own words are no news"
        );
        assert_eq!(remarks(&second).await.len(), 2);
        let last = remarks(&house.owner).await;
        assert_eq!(last.len(), 1);
        assert_eq!(
            last[0].path(),
            format!("/set/approval?version={version}#remark-{thread}")
        );
        // Who may not sign in any more is told nothing.
        let gone = domain::people::Access::Disabled;
        operations
            .set_access(&house.system, id(&second), gone)
            .await
            .unwrap();
        operations
            .say(&house.owner, version, here, None, "好")
            .await
            .unwrap();
        assert_eq!(remarks(&second).await.len(), 2);
    })
    .await;
}
