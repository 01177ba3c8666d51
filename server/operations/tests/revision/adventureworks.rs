//! A year of `AdventureWorks`, adjusted on 2013-08-30: through the product's operations from the files to who is asked again.
//! What was asked and booked is held against figures reckoned without any code of ours (`sample/revision.py` says how). What is
//! expected of each comes from the outlook; the smallest change that follows of it (C5 of the design) is reckoned here by
//! halving an interval, which shares nothing with the engine.

mod reckoned;

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Role;
use domain::approval::{ApprovalQuery, Approver};
use domain::assumption::PlanningQuery;
use domain::id::VersionId;
use domain::import::{Kind, Options, Status, View};
use domain::money::Minor;
use domain::outlook::{Outlook, OutlookQuery};
use domain::plan::{Entered, GiveWay, NodeIndex, NodeRef, PeriodIndex, PlanCommand};
use domain::revision::{Begin, Cause, Rule, RuleKind};
use domain::split::{Insist, OpenGrid};
use domain::target::{Answer, Confirmation, VersionStatus};
use kit::Extent;
use operations::import::Origin;
use operations::{Actor, NewUser, Operations, Scope};
use store::Database;

use self::reckoned::{Files, Number, Person, shift, to_come};
use crate::files::{file, wanted};
use crate::house::node;
use crate::planning::{self, day};

struct Company {
    operations: Operations,
    system: Scope,
    owner: Scope,
    planner: Scope,
}

impl Company {
    async fn of(database: &Database) -> Self {
        let (system, _) = kit::organization(database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Some(day("2013-01-02"));
        let mut company = Self {
            operations,
            owner: system.clone(),
            planner: system.clone(),
            system,
        };
        company.owner = company.user(Role::Owner, "老板").await;
        company.planner = company.user(Role::Planner, "计划员").await;
        company
    }

    async fn user(&self, role: Role, name: &str) -> Scope {
        let new = NewUser {
            email: format!("{role:?}@attain.test").to_lowercase(),
            name: name.to_owned(),
            role,
            password: "corridor-lantern-43".to_owned(),
            member: None,
            language: None,
        };
        let id = self.operations.create_user(&self.system, new).await.unwrap();
        Scope {
            actor: Actor::User {
                id,
                name: name.to_owned(),
            },
            ..planning::user(&self.system, role, None, &[], &[])
        }
    }

    async fn import(&self, kind: Kind, text: &str) -> View {
        let folder = tempfile::tempdir().unwrap();
        let path = file(folder.path(), "rows.csv", text);
        let mut wanted = wanted(&[path], Options::default(), Origin::Page);
        wanted.kind = Some(kind);
        let view = self.operations.import_now(&self.system, wanted).await.unwrap();
        assert_eq!((view.status, view.counts.rejected), (Status::Done, 0), "{view:?}");
        view
    }

    async fn open(&self, version: VersionId) -> OpenGrid {
        let open = self.operations.open_grid(&self.planner, version, None).await;
        open.unwrap()
    }

    async fn outlook(&self, version: VersionId) -> Outlook {
        let query = OutlookQuery {
            planning: PlanningQuery::of(version),
            node: None,
        };
        self.operations.outlook(&self.planner, query).await.unwrap()
    }

    /// Everybody who carries a number of a version, as they sign in.
    async fn reps(&self, version: VersionId, people: &[Person]) -> BTreeMap<String, Scope> {
        let open = self.open(version).await;
        let rep = |person: &Person| {
            let NodeRef::Member(member) = open.grid.shape().reference(node(&open, &person.name)) else {
                panic!("{} is a person", person.name)
            };
            let scope = planning::user(&self.system, Role::Rep, Some(member), &[], &[member]);
            (person.name.clone(), scope)
        };
        people.iter().map(rep).collect()
    }

    /// Hands a draft in, has the owner approve it as shown, and publishes it.
    async fn approve_and_publish(&self, version: VersionId) {
        let operations = &self.operations;
        operations
            .submit_version(&self.planner, version, None)
            .await
            .unwrap();
        let query = ApprovalQuery {
            version: Some(version),
        };
        let shown = operations.approvals(&self.owner, query).await.unwrap().shown;
        let looked = shown.unwrap().looked();
        operations
            .approve_version(&self.owner, version, Some(looked), None)
            .await
            .unwrap();
        operations.publish(&self.planner, version).await.unwrap();
    }

    /// Who of these is asked to confirm the number of a version that is on record.
    async fn asked(&self, version: VersionId, reps: &BTreeMap<String, Scope>) -> BTreeSet<String> {
        let mut asked = BTreeSet::new();
        for (name, rep) in reps {
            let own = self.operations.my_targets(rep).await.unwrap().remove(0);
            assert_eq!(own.version, version);
            match own.confirmation {
                Confirmation::Open => {
                    asked.insert(name.clone());
                }
                Confirmation::Confirmed { .. } => {}
                Confirmation::Countered { .. } => panic!("{name} has not countered"),
            }
        }
        asked
    }

    async fn everybody_confirms(&self, reps: &BTreeMap<String, Scope>) {
        for rep in reps.values() {
            let own = self.operations.my_targets(rep).await.unwrap().remove(0);
            self.operations
                .acknowledge(rep, own.version, own.node, &own.hash, Answer::Confirmed, None)
                .await
                .unwrap();
        }
    }
}

/// Holds the draft of the adjustment against the reckoning: to the cent where it is over, and within a cent of the smallest
/// change where it is not.
fn assert_smallest_change(is: &OpenGrid, people: &[Person], missing: i64, outlook: &Outlook, extent: Extent) {
    let cell = |person: &Person, quarter: u16| {
        let place = node(is, &person.name);
        is.grid.amount(place, Some(PeriodIndex(quarter))).0
    };
    let mut numbers = Vec::new();
    let mut became = Vec::new();
    for person in people {
        let over = [cell(person, 0), cell(person, 1)];
        assert_eq!(
            over,
            person.booked[..2],
            "{}: over is what was booked",
            person.name
        );
        for (place, quarter, booked) in [(2, 3, person.booked[2]), (3, 4, 0)] {
            numbers.push(Number {
                is: person.quotas[place] as f64,
                ease: to_come(outlook, person, quarter) as f64,
                booked: booked as f64,
            });
            let amount = cell(person, u16::try_from(place).unwrap());
            assert!(amount >= booked, "{}: not below what is booked", person.name);
            became.push(amount);
        }
    }
    let quotas = |from: usize| -> i64 { people.iter().flat_map(|person| &person.quotas[from..]).sum() };
    let total = quotas(2) + missing;
    assert_eq!(
        became.iter().sum::<i64>(),
        total,
        "all that is missing, to the cent"
    );
    let shift = shift(total as f64, &numbers);
    assert!(shift > 0.0 && numbers.iter().any(|number| number.ease > 0.0));
    for (place, (number, amount)) in numbers.iter().zip(&became).enumerate() {
        let off = (number.at(shift) - *amount as f64).abs();
        assert!(off < 1.01, "{}: {amount}, off by {off}", people[place / 2].name);
    }
    let held = numbers
        .iter()
        .filter(|number| number.is + shift * number.ease < number.booked);
    let held = held.count();
    println!("shift {shift:.6}, {held} numbers stand at what is booked");
    if extent == Extent::Full {
        // Syed Abbas was to bring 40,000 in the quarter and has brought 111,924.93.
        assert!(held > 0, "what is booked holds somebody");
    }
}

#[tokio::test]
async fn the_year_of_adventureworks_is_adjusted_and_asked_again_only_where_it_changed() {
    let data = kit::real_data("adventureworks");
    let files = Files::of(&data.folder);
    let (people, missing) = files.reckoned(data.extent);
    assert_eq!(people.len(), 17);
    let year: i64 = people.iter().flat_map(|person| &person.quotas).sum();
    assert_eq!(
        year, 4_092_000_000,
        "13,733,000 + 11,097,000 and the quarters beside them"
    );
    kit::on_each(async |database: Database| {
        let mut company = Company::of(&database).await;

        // A plan for the year, published, and confirmed by everybody.
        company.import(Kind::Members, &files.people).await;
        let sheet = company.import(Kind::Targets, &files.quotas).await;
        let first = sheet.targets[0].version.unwrap();
        assert_eq!(sheet.targets[0].status, VersionStatus::Draft);
        company.operations.publish(&company.planner, first).await.unwrap();
        let was = company.open(first).await;
        assert_eq!(was.grid.amount(NodeIndex(0), None), Minor(year));
        let reps = company.reps(first, &people).await;
        assert_eq!(company.asked(first, &reps).await.len(), 17);
        company.everybody_confirms(&reps).await;

        // The facts until the day, and what is proposed on it.
        company.import(Kind::Orders, &files.orders).await;
        company.operations.today = Some(day("2013-08-30"));
        let operations = &company.operations;
        let rule = Rule {
            kind: RuleKind::QuarterEnd,
            enabled: true,
            threshold_ppm: 100_000,
        };
        operations
            .set_revision_rule(&company.planner, rule)
            .await
            .unwrap();
        assert_eq!(operations.propose_revisions(&company.system).await.unwrap(), 1);
        let proposal = operations
            .revisions(&company.planner)
            .await
            .unwrap()
            .proposals
            .remove(0);
        let cause = Cause::QuarterEnd {
            quarter: "2013-Q2".to_owned(),
        };
        assert_eq!((&proposal.cause, proposal.version), (&cause, first));

        // The adjustment that keeps the target of the year.
        let outlook = company.outlook(first).await;
        let second = operations
            .open_revision(
                &company.planner,
                first,
                Some(proposal.id),
                Some("上半年有缺口"),
                Begin::MakeUp,
            )
            .await
            .unwrap()
            .version;
        let is = company.open(second).await;
        assert_eq!(
            is.grid.amount(NodeIndex(0), None),
            Minor(year),
            "the target stays"
        );
        is.grid.check().unwrap();
        assert_smallest_change(&is, &people, missing, &outlook, data.extent);

        // Before and after, as whoever approves sees them.
        operations
            .set_approval_chain(&company.owner, vec![Approver::Planners])
            .await
            .unwrap();
        let query = ApprovalQuery {
            version: Some(second),
        };
        let shown = operations
            .approvals(&company.owner, query)
            .await
            .unwrap()
            .shown
            .unwrap();
        let why = shown.reason.clone().unwrap();
        assert_eq!((why.cause, why.words.as_deref()), (cause, Some("上半年有缺口")));
        assert_eq!(
            (shown.difference.before, shown.difference.after),
            (Minor(year), Minor(year))
        );
        let mut changed = BTreeSet::new();
        for person in &people {
            let place = node(&is, &person.name);
            let becomes: Vec<Minor> = is
                .grid
                .periods()
                .map(|period| is.grid.amount(place, Some(period)))
                .collect();
            let row = shown.difference.rows.iter().find(|row| row.name == person.name);
            if becomes.iter().map(|amount| amount.0).eq(person.quotas) {
                assert_eq!(row, None);
                continue;
            }
            // What is over is no number to confirm any more: it is what was booked.
            if becomes
                .iter()
                .zip(person.quotas)
                .skip(2)
                .any(|(amount, quota)| amount.0 != quota)
            {
                changed.insert(person.name.clone());
            }
            let beside: Vec<(Option<Minor>, Minor)> = person
                .quotas
                .iter()
                // Of who was not there yet there was no number.
                .map(|quota| (*quota != 0).then_some(Minor(*quota)))
                .zip(becomes)
                .collect();
            assert_eq!(row.unwrap().periods, beside, "{}", person.name);
        }
        assert!(!changed.is_empty());
        company.approve_and_publish(second).await;
        assert_eq!(
            company.asked(second, &reps).await,
            changed,
            "exactly those whose number changed"
        );
        company.everybody_confirms(&reps).await;
        assert!(company.asked(second, &reps).await.is_empty());

        // Later two of one territory exchange 10,000 of what is open: nobody else is asked.
        let third = company
            .operations
            .branch_version(&company.planner, second, None)
            .await
            .unwrap()
            .version;
        let open = company.open(third).await;
        let pair = ["283", "284"].map(|id| files.names[id].clone());
        let last = Some(PeriodIndex(3));
        let amounts = pair.iter().zip([-1_000_000, 1_000_000]).map(|(name, more)| {
            let node = node(&open, name);
            Entered {
                node,
                period: last,
                amount: Minor(open.grid.amount(node, last).0 + more),
            }
        });
        let command = PlanCommand::Enter {
            amounts: amounts.collect(),
            gives: GiveWay::Above,
            reason: Some("对调".to_owned()),
        };
        let applied = company
            .operations
            .apply(&company.planner, third, open.head, command, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(applied.refused, None);
        company.approve_and_publish(third).await;
        assert_eq!(company.asked(third, &reps).await, BTreeSet::from(pair));
    })
    .await;
}
