//! The one-time link and its owner.

use domain::access::{Permission, Role};
use operations::{Database, Operations, SetUp};

use crate::{code, set_up_form};

#[tokio::test]
async fn a_link_makes_one_owner_and_then_none() {
    kit::on_each(async |database: Database| {
        let operations = Operations::new(database);
        assert!(!operations.has_organization().await.unwrap());
        let old = operations.set_up_link().await.unwrap().unwrap();
        let link = operations.set_up_link().await.unwrap().unwrap();
        assert!(
            !operations.is_set_up_link(&old).await.unwrap(),
            "a new link ends the old"
        );
        assert_eq!(
            code(operations.set_up(&old, set_up_form()).await),
            "set_up_link_used"
        );
        for (change, expected) in [
            (
                SetUp {
                    currency: "RMBX".to_owned(),
                    ..set_up_form()
                },
                "bad_currency",
            ),
            (
                SetUp {
                    fiscal_start_month: 13,
                    ..set_up_form()
                },
                "bad_month",
            ),
            (
                SetUp {
                    zone: "Mars/Base".to_owned(),
                    ..set_up_form()
                },
                "bad_zone",
            ),
            (
                SetUp {
                    email: "nobody".to_owned(),
                    ..set_up_form()
                },
                "bad_email",
            ),
            (
                SetUp {
                    password: "short".to_owned(),
                    ..set_up_form()
                },
                "password_too_short",
            ),
            (
                SetUp {
                    organization_name: " ".to_owned(),
                    ..set_up_form()
                },
                "bad_name",
            ),
            (
                SetUp {
                    language: "fr".to_owned(),
                    ..set_up_form()
                },
                "bad_language",
            ),
        ] {
            assert_eq!(code(operations.set_up(&link, change).await), expected);
        }
        assert!(
            operations.is_set_up_link(&link).await.unwrap(),
            "a refusal does not use it up"
        );
        // Both at once: one wins.
        let (a, b) = tokio::join!(
            Box::pin(operations.set_up(&link, set_up_form())),
            Box::pin(operations.set_up(&link, set_up_form()))
        );
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(operations.set_up_link().await.unwrap(), None);
        assert_eq!(
            code(operations.set_up(&link, set_up_form()).await),
            "set_up_link_used"
        );
        let session = a.or(b).unwrap();
        let scope = operations.scope_of_session(&session.token).await.unwrap().scope;
        let me = operations.me(&scope).await.unwrap();
        assert_eq!((me.name.as_str(), me.role), ("沈亦舟", Role::Owner));
        assert_eq!(me.email.as_deref(), Some("owner@haiyue.example"));
        assert_eq!(me.permissions.len(), Permission::ALL.len());
        assert_eq!(
            (
                me.organization.fiscal_start_month,
                me.organization.currency.decimals
            ),
            (4, 2)
        );
        let people = operations.people(&scope).await.unwrap();
        assert_eq!(
            (people.units.len(), people.units[0].level.as_str()),
            (1, "company")
        );
    })
    .await;
}
