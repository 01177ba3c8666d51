//! What each sees of random trees.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Role;
use domain::id::{AssignmentId, MemberId, UnitId};
use operations::{BEGINNING, Database};
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;
use uuid::Uuid;

use crate::{TODAY, operations, scope_of};

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
