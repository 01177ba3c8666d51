//! The organization, its people and units.

use domain::access::{Reach, Role};
use domain::calendar::Day;
use domain::id::AssignmentId;
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;
use store::{Database, Scope, StoreError};
use uuid::Uuid;

use crate::{member, unit};

#[tokio::test]
async fn organization_is_one() {
    kit::on_each(async |database: Database| {
        assert_eq!(
            store::organization::current(&database.reader()).await.unwrap(),
            None
        );
        let (scope, _) = kit::organization(&database).await;
        let mut found = store::organization::get(&database.reader(), &scope)
            .await
            .unwrap();
        let writer = database.writer().await.unwrap();
        let second = store::organization::Organization {
            id: Uuid::now_v7().into(),
            ..found.clone()
        };
        assert!(matches!(
            store::organization::create(&writer, &second).await,
            Err(StoreError::Conflict(_))
        ));
        drop(writer);
        let writer = database.writer().await.unwrap();
        found.business_date = Day::from_ymd(2018, 2, 15);
        found.currency.decimals = 0;
        store::organization::update(&writer, &scope, &found)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            store::organization::current(&database.reader()).await.unwrap(),
            Some(found)
        );
    })
    .await;
}

#[tokio::test]
async fn people_come_back_as_they_went_and_narrow_scopes_see_their_part() {
    kit::on_each(async |database: Database| {
        let (scope, root) = kit::organization(&database).await;
        let writer = database.writer().await.unwrap();
        let mut north = unit(root, "bei");
        let south = unit(root, "nan");
        store::unit::insert(&writer, &scope, &[north.clone(), south.clone()])
            .await
            .unwrap();
        let (wang, zhao) = (member("wang"), member("zhao"));
        store::member::insert(&writer, &scope, &[zhao.clone(), wang.clone()])
            .await
            .unwrap();
        let assign = |who: &Member, unit: &Unit, ends_on| Assignment {
            id: AssignmentId(Uuid::now_v7()),
            member: who.id,
            unit: unit.id,
            share_ppm: WHOLE_PPM,
            starts_on: Day(100),
            ends_on,
        };
        let first = assign(&wang, &north, Some(Day(150)));
        let second = Assignment {
            starts_on: Day(150),
            ..assign(&wang, &south, None)
        };
        let other = assign(&zhao, &south, None);
        store::assignment::insert(&writer, &scope, &[first.clone(), second.clone(), other.clone()])
            .await
            .unwrap();
        north.manager = Some(wang.id);
        store::unit::update(&writer, &scope, &north).await.unwrap();
        writer.commit().await.unwrap();

        let reader = database.reader();
        let units = store::unit::list(&reader, &scope, Some(Day(199))).await.unwrap();
        assert_eq!(units, [north.clone(), south.clone()], "the company is younger");
        assert_eq!(
            store::unit::list(&reader, &scope, Some(Day(200)))
                .await
                .unwrap()
                .len(),
            0
        );
        assert_eq!(
            store::member::list(&reader, &scope).await.unwrap(),
            [wang.clone(), zhao.clone()]
        );
        assert_eq!(
            store::assignment::of_member(&reader, &scope, wang.id)
                .await
                .unwrap(),
            [first.clone(), second.clone()]
        );
        let on_149 = store::assignment::list(&reader, &scope, Some(Day(149)))
            .await
            .unwrap();
        assert!(on_149.contains(&first) && !on_149.contains(&second));
        let on_150 = store::assignment::list(&reader, &scope, Some(Day(150)))
            .await
            .unwrap();
        assert!(!on_150.contains(&first) && on_150.contains(&second));

        let narrow = Scope {
            role: Role::Manager,
            reach: Reach::UnitAndBelow,
            roots: vec![south.id],
            units: vec![south.id],
            members: vec![zhao.id],
            ..scope.clone()
        };
        assert_eq!(
            store::member::list(&reader, &narrow).await.unwrap(),
            std::slice::from_ref(&zhao)
        );
        assert_eq!(
            store::unit::list(&reader, &narrow, None).await.unwrap(),
            std::slice::from_ref(&south)
        );
        assert!(store::member::get(&reader, &narrow, wang.id).await.is_err());
        assert!(store::unit::get(&reader, &narrow, north.id).await.is_err());
        assert!(
            !store::assignment::list(&reader, &narrow, None)
                .await
                .unwrap()
                .contains(&first)
        );
        assert!(
            store::user::list(&reader, &narrow).await.unwrap().is_empty()
                && store::token::list(&reader, &narrow, None)
                    .await
                    .unwrap()
                    .is_empty()
        );

        let writer = database.writer().await.unwrap();
        assert!(
            store::member::remove(&writer, &scope, &[wang.id]).await.is_err(),
            "an assignment refers to it"
        );
        drop(writer);
        let writer = database.writer().await.unwrap();
        store::assignment::remove(&writer, &scope, &[first.id, second.id, other.id])
            .await
            .unwrap();
        store::unit::remove(&writer, &scope, &[north.id, south.id])
            .await
            .unwrap();
        store::member::remove(&writer, &scope, &[wang.id, zhao.id])
            .await
            .unwrap();
        writer.commit().await.unwrap();
        assert!(store::member::list(&reader, &scope).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_members_cannot_share_an_external_id() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &scope, &[member("a")])
            .await
            .unwrap();
        assert!(matches!(
            store::member::insert(&writer, &scope, &[member("a")]).await,
            Err(StoreError::Conflict(_))
        ));
    })
    .await;
}
