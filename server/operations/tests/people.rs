//! Units, members, assignments, and what a scope sees of them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Role;
use domain::calendar::Day;
use domain::id::{AssignmentId, MemberId, UnitId};
use domain::people::{MemberInput, Share, UnitInput};
use operations::{BEGINNING, Database, Error, NewUser, Operations, Scope};
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery";
const TODAY: Day = Day(20_000);

async fn operations(database: Database) -> (Operations, Scope) {
    let mut operations = Operations::new(database);
    operations.today = Some(TODAY);
    let scope = operations.ensure_organization("test").await.unwrap();
    (operations, scope)
}

/// Signs a new user in who is the member, and answers their scope.
async fn scope_of(operations: &Operations, system: &Scope, role: Role, member: MemberId) -> Scope {
    let email = format!("{}@test.example", Uuid::now_v7().simple());
    let new = NewUser {
        email: email.clone(),
        name: "测试".to_owned(),
        role,
        password: PASSWORD.to_owned(),
        member: Some(member),
        language: None,
    };
    operations.create_user(system, new).await.unwrap();
    let session = operations.sign_in(&email, PASSWORD, None).await.unwrap();
    operations.scope_of_session(&session.token).await.unwrap().scope
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Invalid(refusal) | Error::Conflict(refusal) => refusal.code,
        Error::NotFound(_) => "not_found".to_owned(),
        other => other.to_string(),
    }
}

fn unit(parent: UnitId, name: &str) -> UnitInput {
    UnitInput {
        parent,
        level: "team".to_owned(),
        name: name.to_owned(),
        code: None,
        manager: None,
    }
}

fn member(name: &str) -> MemberInput {
    MemberInput {
        name: name.to_owned(),
        external_id: None,
        email: None,
        hired_on: None,
        left_on: None,
    }
}

/// xorshift64*: the same trees on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }
}

#[tokio::test]
async fn scopes_hold_the_subtree_and_nothing_else() {
    kit::on_each(async |database: Database| {
        let (operations, system) = operations(database.clone()).await;
        let mut random = Random(42);
        let root = store::unit::list(&database.reader(), &system, None)
            .await
            .unwrap()[0]
            .id;
        // One tree that grows: 20 rounds of units, members and moves, each checked with three people.
        let mut units: Vec<Unit> = Vec::new();
        let mut members: Vec<MemberId> = Vec::new();
        let mut homes: BTreeMap<MemberId, Option<UnitId>> = BTreeMap::new();
        for round in 0..20 {
            let writer = database.writer().await.unwrap();
            for _ in 0..=random.below(4) {
                let id = MemberId(Uuid::now_v7());
                let new = Member {
                    id,
                    external_id: None,
                    name: "某".to_owned(),
                    pinyin: "mou".to_owned(),
                    email: None,
                    hired_on: None,
                    left_on: None,
                    import: None,
                    demo: false,
                };
                store::member::insert(&writer, &system, &[new]).await.unwrap();
                members.push(id);
                homes.insert(id, None);
            }
            for _ in 0..=random.below(3) {
                let parent = match random.below(units.len() + 1) {
                    0 => root,
                    index => units[index - 1].id,
                };
                let ended = random.below(6) == 0;
                let new = Unit {
                    id: UnitId(Uuid::now_v7()),
                    parent: Some(parent),
                    level: "team".to_owned(),
                    name: format!("组{}", units.len()),
                    code: None,
                    pinyin: "zu".to_owned(),
                    manager: (random.below(2) == 0).then(|| members[random.below(members.len())]),
                    starts_on: if random.below(8) == 0 {
                        TODAY.plus(1)
                    } else {
                        BEGINNING
                    },
                    ends_on: ended.then_some(TODAY),
                    import: None,
                    demo: false,
                };
                store::unit::insert(&writer, &system, std::slice::from_ref(&new))
                    .await
                    .unwrap();
                units.push(new);
            }
            for member in &members {
                if random.below(3) == 0 {
                    let home = units[random.below(units.len())].id;
                    let before = homes.insert(*member, Some(home));
                    for mut old in store::assignment::of_member(&writer, &system, *member)
                        .await
                        .unwrap()
                    {
                        if old.ends_on.is_none() {
                            old.ends_on = Some(TODAY);
                            store::assignment::update(&writer, &system, &old).await.unwrap();
                        }
                    }
                    let starts_on = if before == Some(None) { BEGINNING } else { TODAY };
                    let new = Assignment {
                        id: AssignmentId(Uuid::now_v7()),
                        member: *member,
                        unit: home,
                        share_ppm: WHOLE_PPM,
                        starts_on,
                        ends_on: None,
                    };
                    store::assignment::insert(&writer, &system, &[new]).await.unwrap();
                }
            }
            writer.commit().await.unwrap();

            for _ in 0..3 {
                let who = members[random.below(members.len())];
                let manager = scope_of(&operations, &system, Role::Manager, who).await;
                let expected = oracle(&units, &homes, who);
                let seen: BTreeSet<UnitId> = manager.units.iter().copied().collect();
                assert_eq!(seen, expected.0, "round {round}: units");
                let people: BTreeSet<MemberId> = manager.members.iter().copied().collect();
                assert_eq!(people, expected.1, "round {round}: members");
                // What the queries give is what the scope says.
                let listed = operations.people(&manager).await.unwrap();
                assert!(listed.units.iter().all(|unit| expected.0.contains(&unit.id)));
                assert!(
                    listed
                        .members
                        .iter()
                        .all(|member| expected.1.contains(&member.id))
                );
                assert!(listed.users.is_empty());
                let elsewhere =
                    |assignment: &domain::people::AssignmentRow| !expected.0.contains(&assignment.unit);
                assert!(
                    listed
                        .members
                        .iter()
                        .filter(|member| member.id != who)
                        .all(|member| !member.assignments.iter().any(elsewhere))
                );
            }
            let who = members[random.below(members.len())];
            let rep = scope_of(&operations, &system, Role::Rep, who).await;
            assert_eq!((rep.units.len(), rep.members), (0, vec![who]));
        }
    })
    .await;
}

/// The same by another way: every unit walks up from itself and looks whether it meets a root.
fn oracle(
    units: &[Unit],
    homes: &BTreeMap<MemberId, Option<UnitId>>,
    who: MemberId,
) -> (BTreeSet<UnitId>, BTreeSet<MemberId>) {
    let live: BTreeMap<UnitId, &Unit> = units
        .iter()
        .filter(|unit| unit.exists_on(TODAY))
        .map(|unit| (unit.id, unit))
        .collect();
    let mut roots: Vec<UnitId> = live
        .values()
        .filter(|unit| unit.manager == Some(who))
        .map(|unit| unit.id)
        .collect();
    if roots.is_empty() {
        roots.extend(homes[&who].filter(|home| live.contains_key(home)));
    }
    let seen: BTreeSet<UnitId> = live
        .keys()
        .copied()
        .filter(|id| {
            let mut at = Some(*id);
            while let Some(unit) = at.and_then(|id| live.get(&id)) {
                if roots.contains(&unit.id) {
                    return true;
                }
                at = unit.parent;
            }
            false
        })
        .collect();
    let people = homes
        .iter()
        .filter(|(member, home)| **member == who || home.is_some_and(|home| seen.contains(&home)))
        .map(|(member, _)| *member)
        .collect();
    (seen, people)
}

#[tokio::test]
async fn people_are_moved_and_units_are_kept_in_order() {
    kit::on_each(async |database: Database| {
        let (operations, system) = operations(database.clone()).await;
        let root = operations.people(&system).await.unwrap().units[0].id;
        let north = operations.create_unit(&system, unit(root, "华北")).await.unwrap();
        let beijing = operations
            .create_unit(&system, unit(north, "北京组"))
            .await
            .unwrap();
        let wang = operations.create_member(&system, member("王琳")).await.unwrap();
        let zeng = operations
            .create_member(
                &system,
                MemberInput {
                    external_id: Some("S1".to_owned()),
                    ..member("曾艳")
                },
            )
            .await
            .unwrap();
        let taken = MemberInput {
            external_id: Some("S1".to_owned()),
            ..member("甲")
        };
        assert_eq!(
            code(operations.create_member(&system, taken).await),
            "external_id_taken"
        );
        assert_eq!(
            code(operations.create_unit(&system, unit(root, "华北")).await),
            "unit_name_taken"
        );
        assert_eq!(
            code(
                operations
                    .create_unit(&system, unit(UnitId(Uuid::now_v7()), "x"))
                    .await
            ),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .update_unit(&system, north, unit(beijing, "华北"))
                    .await
            ),
            "unit_below_itself"
        );
        assert_eq!(
            code(operations.update_unit(&system, north, unit(north, "华北")).await),
            "unit_below_itself"
        );

        let whole = |unit| {
            [Share {
                unit,
                share_ppm: WHOLE_PPM,
            }]
        };
        operations
            .assign(&system, wang, BEGINNING, &whole(beijing))
            .await
            .unwrap();
        let part = |unit, share_ppm| Share { unit, share_ppm };
        for bad in [
            vec![part(north, 600_000), part(beijing, 300_000)],
            vec![part(north, 500_000), part(north, 500_000)],
            vec![part(north, 0), part(beijing, 1_000_000)],
        ] {
            assert_eq!(
                code(operations.assign(&system, wang, TODAY, &bad).await),
                "bad_shares"
            );
        }
        operations
            .assign(
                &system,
                wang,
                TODAY,
                &[part(north, 600_000), part(beijing, 400_000)],
            )
            .await
            .unwrap();
        let people = operations.people(&system).await.unwrap();
        let row = people.members.iter().find(|row| row.id == wang).unwrap();
        let spans: Vec<(UnitId, u32, Option<Day>)> = row
            .assignments
            .iter()
            .map(|a| (a.unit, a.share_ppm, a.ends_on))
            .collect();
        assert_eq!(spans[0], (beijing, 1_000_000, Some(TODAY)));
        assert_eq!(spans.len(), 3);
        assert_eq!(
            people.members[1].pinyin, "zeng yan",
            "by pinyin, a surname's own sound"
        );
        // Said anew: the earlier word on later days goes.
        operations
            .assign(&system, wang, TODAY, &whole(beijing))
            .await
            .unwrap();
        assert_eq!(
            code(operations.end_unit(&system, beijing, TODAY).await),
            "unit_in_use"
        );
        assert_eq!(
            code(operations.end_unit(&system, root, TODAY).await),
            "unit_in_use"
        );
        operations
            .update_member(
                &system,
                wang,
                MemberInput {
                    left_on: Some(TODAY),
                    ..member("王琳")
                },
            )
            .await
            .unwrap();
        operations.end_unit(&system, beijing, TODAY).await.unwrap();
        assert_eq!(
            code(operations.assign(&system, zeng, TODAY, &whole(beijing)).await),
            "unit_ended"
        );
        let left_first = MemberInput {
            hired_on: Some(TODAY),
            left_on: Some(TODAY.plus(-1)),
            ..member("王琳")
        };
        assert_eq!(
            code(operations.update_member(&system, wang, left_first).await),
            "left_before_hired"
        );

        let rep = scope_of(&operations, &system, Role::Planner, zeng).await;
        assert_eq!(
            code(operations.create_unit(&rep, unit(root, "x")).await),
            "not_found"
        );
        assert_eq!(
            code(operations.assign(&rep, zeng, TODAY, &whole(north)).await),
            "not_found"
        );
    })
    .await;
}

#[tokio::test]
async fn users_are_the_member_of_their_address_or_name() {
    kit::on_each(async |database: Database| {
        let (operations, system) = operations(database.clone()).await;
        let sign_in = async |email: &str, name: &str| {
            let new = NewUser {
                email: email.to_owned(),
                name: name.to_owned(),
                role: Role::Rep,
                password: PASSWORD.to_owned(),
                member: None,
                language: None,
            };
            operations.create_user(&system, new).await.unwrap();
            let session = operations.sign_in(email, PASSWORD, None).await.unwrap();
            session.token
        };
        let member_of = async |token: &str| operations.scope_of_session(token).await.unwrap().scope.member;
        // The user first, the member later: known from then on.
        let early = sign_in("early@test.example", "Darcel Schlecht").await;
        assert_eq!(member_of(&early).await, None);
        let darcel = operations
            .create_member(&system, member("Darcel Schlecht"))
            .await
            .unwrap();
        assert_eq!(member_of(&early).await, Some(darcel));
        // The member first; the address goes before the name.
        let by_name = operations.create_member(&system, member("王琳")).await.unwrap();
        let addressed = MemberInput {
            email: Some("lin@test.example".to_owned()),
            ..member("王琳")
        };
        let by_address = operations.create_member(&system, addressed).await.unwrap();
        let lin = sign_in("lin@test.example", "王琳").await;
        assert_eq!(member_of(&lin).await, Some(by_address));
        // Hers is taken; of the name one is left.
        let other = sign_in("other@test.example", "王琳").await;
        assert_eq!(member_of(&other).await, Some(by_name));
        let third = sign_in("third@test.example", "王琳").await;
        assert_eq!(member_of(&third).await, None);
        // Of two with the name it is neither.
        for _ in 0..2 {
            operations.create_member(&system, member("李静")).await.unwrap();
        }
        let twin = sign_in("twin@test.example", "李静").await;
        assert_eq!(member_of(&twin).await, None);

        let writer = database.writer().await.unwrap();
        store::member::remove(&writer, &system, &[by_address])
            .await
            .unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            member_of(&lin).await,
            None,
            "nobody any more, and still signed in"
        );
    })
    .await;
}
