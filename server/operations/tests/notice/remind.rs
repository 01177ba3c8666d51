//! Who is reminded of a number that is not confirmed: those within reach, once a day; and which number exactly was confirmed.

use domain::access::Role;
use domain::acknowledgement::{CarrierRow, LISTED, Reminded};
use domain::calendar::PeriodKind;
use domain::id::{MemberId, UserId, VersionId};
use domain::money::Minor;
use domain::notice::Notice;
use domain::plan::{Give, Keep, NodeRef, PlanCommand};
use domain::split::Insist;
use domain::target::{Answer, Confirmation, MyTarget};
use operations::{Scope, clock};
use store::Database;

use crate::planning::{self, day};
use crate::{Company, code, company};

/// How the leader of the team sees it.
async fn leader(company: &Company) -> Scope {
    let reader = company.operations.database.reader();
    let units = store::unit::list(&reader, &company.system, None).await.unwrap();
    let team = units.iter().find(|unit| unit.name == "T1").unwrap().id;
    let [lead, ..] = company.members;
    Scope {
        actor: company.scope(company.users[0], Role::Manager).actor,
        ..planning::user(
            &company.system,
            Role::Manager,
            Some(lead),
            &[team],
            &company.members,
        )
    }
}

/// Another team beside it, of people who cannot sign in; how its leader would see it.
pub(crate) async fn another_team(company: &Company) -> Scope {
    let system = &company.system;
    let writer = company.operations.database.writer().await.unwrap();
    let units = store::unit::list(&writer, system, None).await.unwrap();
    let root = units.iter().find(|unit| unit.parent.is_none()).unwrap().id;
    let members = ["other lead", "c"].map(kit::member);
    let [lead, c] = [0, 1].map(|place: usize| members[place].id);
    let unit = kit::unit(root, "team", "other", Some(lead));
    let team = unit.id;
    store::member::insert(&writer, system, &members).await.unwrap();
    store::unit::insert(&writer, system, &[unit]).await.unwrap();
    let homes = [lead, c].map(|member| kit::assignment(member, team));
    store::assignment::insert(&writer, system, &homes).await.unwrap();
    writer.commit().await.unwrap();
    planning::user(system, Role::Manager, Some(lead), &[team], &[lead, c])
}

pub(crate) fn reminded(told: u32, already: u32, unreachable: u32) -> Reminded {
    Reminded {
        told,
        already,
        unreachable,
    }
}

/// How often somebody was reminded.
async fn reminders(company: &Company, id: UserId) -> usize {
    let told = company.told(id).await;
    told.iter()
        .filter(|told| matches!(told.notice, Notice::TargetReminder { .. }))
        .count()
}

/// The number of the person called a, and what they see of it.
async fn number_of_a(company: &Company, version: VersionId) -> MyTarget {
    let rep = company.scope(company.users[1], Role::Rep);
    let own = company.operations.my_targets(&rep).await.unwrap();
    own.into_iter().find(|own| own.version == version).unwrap()
}

/// The person called a confirms the number they carry.
pub(crate) async fn confirm(company: &Company, version: VersionId) -> MyTarget {
    let rep = company.scope(company.users[1], Role::Rep);
    let own = number_of_a(company, version).await;
    company
        .operations
        .acknowledge(&rep, version, own.node, &own.hash, Answer::Confirmed, None)
        .await
        .unwrap()
}

/// What the planner sees of the number of the person called a.
pub(crate) async fn row_of_a(company: &Company, version: VersionId) -> CarrierRow {
    let operations = &company.operations;
    let found = operations
        .acknowledgements(&company.planner(), version, LISTED)
        .await
        .unwrap();
    let a = company.members[1];
    found.rows.into_iter().find(|row| row.carrier == a).unwrap()
}

/// Publishes the version again with another number for the person called a.
pub(crate) async fn published_again(company: &Company, version: VersionId) -> VersionId {
    let (operations, planner) = (&company.operations, company.planner());
    let made = operations.branch_version(&planner, version, None).await;
    let next = made.unwrap().version;
    let open = operations.open_grid(&planner, next, None).await.unwrap();
    let a = open
        .grid
        .shape()
        .find(NodeRef::Member(company.members[1]))
        .unwrap();
    let command = PlanCommand::Set {
        node: a,
        period: None,
        amount: Minor(open.grid.amount(a, None).0 - 1_000),
        keep: Keep::Column,
        give: Give::Siblings,
        reason: None,
    };
    let applied = operations
        .apply(&planner, next, open.head, command, Insist::Ask)
        .await
        .unwrap();
    assert!(applied.is_done(), "{:?}", applied.refused);
    operations.publish(&planner, next).await.unwrap();
    next
}

#[tokio::test]
async fn whoever_leads_or_plans_reminds_within_reach_and_nobody_twice_a_day() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let other = another_team(&company).await;
        let version = company.published().await;
        let (lead, planner) = (leader(&company).await, company.planner());
        let [lead_user, a, b] = company.users;
        let operations = &company.operations;
        let remind = async |scope: &Scope, member| operations.remind_carriers(scope, version, member).await;

        assert_eq!(
            remind(&lead, Some(company.members[1])).await.unwrap(),
            reminded(1, 0, 0)
        );
        assert_eq!(
            remind(&lead, None).await.unwrap(),
            reminded(1, 1, 0),
            "the other one of the team, and not oneself"
        );
        assert_eq!(remind(&lead, None).await.unwrap(), reminded(0, 2, 0));
        assert_eq!(
            remind(&planner, None).await.unwrap(),
            reminded(1, 2, 2),
            "everybody, but for two who cannot sign in"
        );
        for user in [lead_user, a, b] {
            assert_eq!(reminders(&company, user).await, 1);
        }
        let Notice::TargetReminder { version: of, by, .. } = company.newest(a).await else {
            panic!("another notice")
        };
        assert_eq!((of, by.as_deref()), (version, Some("Manager")));

        assert_eq!(remind(&other, None).await.unwrap(), reminded(0, 0, 1));
        let foreign = Some(company.members[1]);
        assert_eq!(code(remind(&other, foreign).await), "not_found", "another branch");
        let seen = operations
            .acknowledgements(&other, version, LISTED)
            .await
            .unwrap();
        let names: Vec<&str> = seen.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["other", "c"]);
        let viewer = planning::user(&company.system, Role::Viewer, None, &[], &[]);
        for nobody in [company.scope(a, Role::Rep), viewer] {
            assert_eq!(code(remind(&nobody, None).await), "not_found");
            let seen = operations.acknowledgements(&nobody, version, LISTED).await;
            assert_eq!(code(seen), "not_found");
        }

        confirm(&company, version).await;
        assert_eq!(code(remind(&lead, foreign).await), "nothing_to_remind_of");
        let mut tomorrow = operations.clone();
        tomorrow.today = Some(day("2017-12-21"));
        assert_eq!(
            tomorrow.remind_carriers(&lead, version, None).await.unwrap(),
            reminded(1, 0, 0),
            "on another day again, whoever has not confirmed"
        );
        assert_eq!(
            (reminders(&company, a).await, reminders(&company, b).await),
            (1, 2)
        );
        let made = operations.branch_version(&planner, version, None).await;
        let draft = made.unwrap().version;
        let of_draft = operations.remind_carriers(&planner, draft, None).await;
        assert_eq!(code(of_draft), "not_on_record");
    })
    .await;
}

#[tokio::test]
async fn two_who_press_at_once_and_two_versions_of_a_plan_remind_once() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let version = company.published().await;
        let operations = &company.operations;
        let (planner, owner) = (company.planner(), company.scope(company.owner, Role::Owner));
        let (one, other) = tokio::join!(
            operations.remind_carriers(&planner, version, None),
            operations.remind_carriers(&owner, version, None)
        );
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((one.told + other.told, one.already + other.already), (3, 3));
        for user in company.users {
            assert_eq!(reminders(&company, user).await, 1);
        }
        let next = published_again(&company, version).await;
        let again = operations.remind_carriers(&planner, next, None).await;
        assert_eq!(again.unwrap(), reminded(0, 3, 0), "the plan is the same");
        let of_old = operations.remind_carriers(&planner, version, None).await;
        assert_eq!(code(of_old), "not_on_record");
    })
    .await;
}

#[tokio::test]
async fn what_was_confirmed_has_a_fingerprint_that_another_number_does_not_have() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        assert_eq!(number_of_a(&company, version).await.accepted, None);
        let own = confirm(&company, version).await;
        let accepted = own.accepted.unwrap();
        assert!(accepted.holds());
        assert_eq!((&accepted.hash, accepted.hash.len()), (&own.hash, 64));
        let row = row_of_a(&company, version).await;
        assert_eq!(row.accepted, Some(accepted.clone()), "both see the same");
        assert!(matches!(row.confirmation, Confirmation::Confirmed { .. }) && !row.may_remind);

        let next = published_again(&company, version).await;
        let asked = row_of_a(&company, next).await;
        assert_eq!((asked.confirmation, asked.accepted), (Confirmation::Open, None));
        assert!(asked.may_remind, "asked again");
        let again = confirm(&company, next).await.accepted.unwrap();
        assert!(again.holds());
        assert_ne!(again.hash, accepted.hash);

        // Another plan takes over the days of February: what was confirmed is no longer what is on record.
        let february = planning::plan("2018-02-01", "2018-03-01", PeriodKind::Month);
        let planner = company.planner();
        let made = operations.create_plan(&planner, february).await.unwrap();
        operations.publish(&planner, made.version).await.unwrap();
        let row = row_of_a(&company, next).await;
        assert_eq!(row.confirmation, Confirmation::Open);
        let differs = row.accepted.unwrap();
        assert!(!differs.holds());
        assert_eq!(differs.hash, again.hash, "what was confirmed stays");
        assert_eq!(differs.recomputed, number_of_a(&company, next).await.hash);
    })
    .await;
}

#[tokio::test]
async fn publishing_asks_for_reminders_that_come_by_themselves() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, system) = (&company.operations, &company.system);
        let now_ms = clock::now_ms();
        let version = company.published().await;
        let jobs = operations.jobs(system).await.unwrap().list;
        let due: Vec<i64> = jobs
            .iter()
            .filter(|job| job.kind == "remind_targets")
            .map(|job| job.run_at_ms)
            .collect();
        // Both fall on one day after long holidays.
        assert!((1..=2).contains(&due.len()), "{jobs:?}");
        assert!(due.iter().all(|due| *due > now_ms + 2 * 24 * 3_600_000));

        assert!(
            operations
                .remind_carriers_when_due(system, version)
                .await
                .unwrap()
        );
        for user in company.users {
            assert_eq!(reminders(&company, user).await, 1);
        }
        let Notice::TargetReminder { by, .. } = company.newest(company.users[1]).await else {
            panic!("another notice")
        };
        assert_eq!(by, None);
        assert!(
            !operations
                .remind_carriers_when_due(system, version)
                .await
                .unwrap()
        );
        let mut over = operations.clone();
        over.today = Some(day("2018-04-01"));
        assert!(
            !over.remind_carriers_when_due(system, version).await.unwrap(),
            "the plan is over"
        );
        published_again(&company, version).await;
        let mut later = operations.clone();
        later.today = Some(day("2017-12-27"));
        assert!(
            !later.remind_carriers_when_due(system, version).await.unwrap(),
            "it is not on record any more"
        );
    })
    .await;
}

#[tokio::test]
async fn a_reminder_comes_by_mail_in_the_readers_language() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        let a = company.users[1];
        company
            .change_user(a, |user| user.language = Some("en".to_owned()))
            .await;
        let only: Option<MemberId> = Some(company.members[1]);
        operations
            .remind_carriers(&company.planner(), version, only)
            .await
            .unwrap();
        assert_eq!(company.mails().await, 4, "three of the publishing, one reminder");
        let told = company.told(a).await;
        let base = "https://attain.example";
        let mail = operations.outgoing(&company.system, told[0].id, base).await;
        let letter = mail.unwrap().unwrap().letter;
        assert_eq!(letter.subject, "Your target still waits for your confirmation");
        assert!(letter.text.contains("Planner reminds you"), "{}", letter.text);
        assert!(letter.text.contains("https://attain.example/my-target"));
    })
    .await;
}
