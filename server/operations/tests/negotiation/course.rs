//! Who takes part, whose turn it is, and until when.

use domain::calendar::Day;
use domain::negotiation::{About, Act, MoveKind, Side, Status};
use domain::notice::Notice;
use store::Database;

use crate::{code, company, day};

#[tokio::test]
async fn whoever_carries_a_published_number_begins_on_one_month_of_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        let rep = &company.reps[0];
        let target = operations.my_targets(rep).await.unwrap().remove(0);
        let month = &target.periods[1];
        let less = month.amount.0 - 1_000;
        let ask = async |scope: &operations::Scope, from: Day, until: Day| {
            let node = target.node;
            let about = About::Own { node, from, until };
            company.begin(scope, version, about, less).await
        };
        let (from, until) = (month.period.start, month.period.end);
        // Neither whoever carries another number, nor who leads: they begin from the split.
        for stranger in [&company.reps[1], &company.leader, &company.planner] {
            assert_eq!(code(ask(stranger, from, until).await), "not_found");
        }
        let within = day("2018-02-02");
        assert_eq!(code(ask(rep, within, until).await), "not_found");
        assert_eq!(code(ask(rep, from, within).await), "not_found");
        ask(rep, from, until).await.unwrap();
        assert_eq!(code(ask(rep, from, until).await), "negotiation_move");
        let talk = company.talks(&company.leader, version).await.remove(0);
        assert_eq!(talk.period.as_ref(), Some(&month.period));
        assert_eq!((talk.number, talk.difference().0), (month.amount, -1_000));
        // Another month of it is another number.
        let next = &target.periods[2].period;
        ask(rep, next.start, next.end).await.unwrap();
        assert_eq!(operations.own_negotiations(rep).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_thread_is_for_its_carrier_the_leaders_above_and_who_plans() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.published().await;
        let (row, number) = company.number(version, company.people[0]).await;
        let rep = &company.reps[0];
        for stranger in [&company.reps[1], &company.other] {
            let refused = company.propose(stranger, version, row, 1).await;
            assert_eq!(code(refused), "not_found");
        }
        assert_eq!(
            code(company.propose(rep, version, row, number).await),
            "negotiation_same_amount"
        );
        let id = company.propose(rep, version, row, number - 1_000).await.unwrap();
        assert_eq!(
            code(company.propose(rep, version, row, number - 2_000).await),
            "negotiation_move"
        );
        for sees in [rep, &company.leader, &company.chief, &company.planner] {
            let talks = company.talks(sees, version).await;
            assert_eq!(talks.len(), 1, "{:?}", sees.actor);
            assert_eq!(talks[0].difference().0, -1_000);
        }
        for stranger in [&company.reps[1], &company.other] {
            assert!(company.talks(stranger, version).await.is_empty());
            assert_eq!(
                code(company.act(stranger, id, MoveKind::Agree, None).await),
                "not_found"
            );
        }
        let leader = company.talks(&company.leader, version).await.remove(0);
        assert_eq!(
            (leader.side, leader.waits_for.as_deref()),
            (Side::Plan, Some("leader"))
        );
        assert!(leader.can(Act::Answer) && leader.hedge.is_some());
        let own = company.operations.own_negotiations(rep).await.unwrap().remove(0);
        assert!(own.can(Act::Withdraw) && !own.can(Act::Answer) && own.hedge.is_none());
        assert_eq!(own.due_on, day("2017-12-27"), "five working days");
        // Who leads right above is told, and nobody else.
        assert!(matches!(
            company.told(&company.leader).await[..],
            [Notice::Negotiated {
                side: Side::Plan,
                act: MoveKind::Propose,
                ..
            }]
        ));
        for silent in [&company.chief, &company.planner, &company.other, rep] {
            assert!(company.told(silent).await.is_empty());
        }
        assert_eq!(
            code(company.act(rep, id, MoveKind::Agree, None).await),
            "negotiation_turn"
        );
    })
    .await;
}

#[tokio::test]
async fn what_goes_up_is_decided_there_and_by_who_plans_at_last() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.published().await;
        let (row, number) = company.number(version, company.people[0]).await;
        let rep = &company.reps[0];
        let id = company.propose(rep, version, row, number - 1_000).await.unwrap();
        company
            .act(&company.leader, id, MoveKind::Counter, Some(number - 100))
            .await
            .unwrap();
        company.act(rep, id, MoveKind::Escalate, None).await.unwrap();
        assert_eq!(
            code(company.act(&company.leader, id, MoveKind::Agree, None).await),
            "negotiation_gone_up"
        );
        let talk = company.talks(&company.chief, version).await.remove(0);
        assert_eq!(
            (talk.standing.amount.0, talk.waits_for.as_deref()),
            (number - 1_000, Some("chief")),
            "what was asked for goes up"
        );
        company
            .act(&company.chief, id, MoveKind::Escalate, None)
            .await
            .unwrap();
        let talk = company.talks(&company.planner, version).await.remove(0);
        assert_eq!((talk.waits_for, talk.standing.level), (None, 2));
        assert!(company.told(&company.planner).await.iter().any(|notice| matches!(
            notice,
            Notice::Negotiated {
                act: MoveKind::Escalate,
                ..
            }
        )));
        assert_eq!(
            code(company.act(&company.planner, id, MoveKind::Escalate, None).await),
            "negotiation_top"
        );
        company
            .act(&company.planner, id, MoveKind::Decline, None)
            .await
            .unwrap();
        assert_eq!(
            code(company.act(rep, id, MoveKind::Counter, Some(1)).await),
            "negotiation_closed"
        );
    })
    .await;
}

#[tokio::test]
async fn a_deadline_is_reminded_of_and_what_is_not_answered_goes_up_until_it_ends() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.published().await;
        let (row, number) = company.number(version, company.people[0]).await;
        let rep = &company.reps[0];
        let id = company.propose(rep, version, row, number - 1_000).await.unwrap();
        let at = |date: &str| {
            let mut operations = company.operations.clone();
            operations.today = Some(day(date));
            operations
        };
        let system = &company.system;
        assert!(!at("2017-12-22").watch_negotiation(system, id).await.unwrap());
        assert!(at("2017-12-26").watch_negotiation(system, id).await.unwrap());
        assert!(
            !at("2017-12-26").watch_negotiation(system, id).await.unwrap(),
            "once a day"
        );
        assert!(matches!(
            company.told(&company.leader).await[..],
            [_, Notice::NegotiationDue { .. }]
        ));
        assert_eq!(
            code(
                company
                    .operations
                    .postpone_negotiation(rep, id, "2018-01-05")
                    .await
            ),
            "negotiation_not_yours"
        );
        assert_eq!(
            code(
                company
                    .operations
                    .postpone_negotiation(&company.leader, id, "2017-12-19")
                    .await
            ),
            "negotiation_due"
        );
        company
            .operations
            .postpone_negotiation(&company.leader, id, "2018-01-05")
            .await
            .unwrap();
        assert!(!at("2017-12-28").watch_negotiation(system, id).await.unwrap());
        // Nobody moves any more once it is over, also before somebody says so.
        let late = at("2018-01-06");
        let step = operations::Step {
            act: MoveKind::Agree,
            amount: None,
            words: None,
            give: domain::plan::Give::Siblings,
        };
        assert_eq!(
            code(late.negotiate(&company.leader, id, step).await),
            "negotiation_overdue"
        );
        assert!(late.watch_negotiation(system, id).await.unwrap());
        assert!(!late.watch_negotiation(system, id).await.unwrap());
        // Who asked loses nothing by the silence of their leader: the next one decides, in five working days.
        for side in [rep, &company.chief] {
            assert!(matches!(
                company.told(side).await.last(),
                Some(Notice::Negotiated {
                    act: MoveKind::Escalate,
                    ..
                })
            ));
        }
        let own = company.operations.own_negotiations(rep).await.unwrap().remove(0);
        assert_eq!(
            (
                own.standing.status,
                own.standing.level,
                own.standing.amount.0,
                own.due_on
            ),
            (Status::Open, 1, number - 1_000, day("2018-01-12"))
        );
        assert_eq!(own.waits_for.as_deref(), Some("chief"));
        assert_eq!(own.said.len(), 2, "that it went up is said in the thread");
        assert_eq!(
            code(company.act(&company.leader, id, MoveKind::Agree, None).await),
            "negotiation_gone_up"
        );
        assert!(at("2018-01-11").watch_negotiation(system, id).await.unwrap());
        assert!(matches!(
            company.told(&company.chief).await.last(),
            Some(Notice::NegotiationDue { .. })
        ));
        // Past the last leader whoever plans decides, and past them nobody: then it ends.
        assert!(at("2018-01-13").watch_negotiation(system, id).await.unwrap());
        assert!(matches!(
            company.told(&company.planner).await.last(),
            Some(Notice::Negotiated { .. })
        ));
        let told = company.told(&company.leader).await.len();
        assert!(at("2018-01-20").watch_negotiation(system, id).await.unwrap());
        assert!(!at("2018-01-20").watch_negotiation(system, id).await.unwrap());
        for side in [rep, &company.planner] {
            assert!(matches!(
                company.told(side).await.last(),
                Some(Notice::NegotiationExpired { .. })
            ));
        }
        assert_eq!(
            company.told(&company.leader).await.len(),
            told,
            "it was passed over"
        );
        let own = company.operations.own_negotiations(rep).await.unwrap();
        assert_eq!(own[0].standing.status, Status::Expired);
        company.propose(rep, version, row, number - 1_000).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_whoever_carries_a_number_does_not_answer_ends() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.published().await;
        let (row, number) = company.number(version, company.people[0]).await;
        let id = company
            .propose(&company.leader, version, row, number + 1_000)
            .await
            .unwrap();
        let mut over = company.operations.clone();
        over.today = Some(day("2017-12-28"));
        assert!(over.watch_negotiation(&company.system, id).await.unwrap());
        for side in [&company.reps[0], &company.leader] {
            assert!(matches!(
                company.told(side).await.last(),
                Some(Notice::NegotiationExpired { .. })
            ));
        }
        assert!(company.told(&company.chief).await.is_empty());
    })
    .await;
}
