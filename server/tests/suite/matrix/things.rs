//! Things the requests of the table are about, so that a refusal is about the person and not about a thing that is not
//! there.

use domain::calendar::{Day, PeriodKind};
use domain::money::Minor;
use domain::target::NewPlan;
use operations::NewUser;
use operations::import::{Custody, NewImport, Origin, Upload};

use crate::house::{House, PASSWORD, Who};

/// Names in braces, and what they stand for.
pub(super) struct Things(Vec<(&'static str, String)>);

impl Things {
    /// A draft and a published plan that the rep carries a number of, an import, and whom the owner may change.
    pub(super) async fn make(house: &House) -> Self {
        let operations = &house.operations;
        let scope = &house.scope;
        let plan = NewPlan {
            metric: "bookings".to_owned(),
            from: Day::from_ymd(2018, 1, 1).unwrap(),
            to: Day::from_ymd(2018, 4, 1).unwrap(),
            period_kind: PeriodKind::Month,
            total: Minor(9_000_000),
            name: None,
        };
        let published = operations.create_plan(scope, plan.clone()).await.unwrap().version;
        operations.publish(scope, published).await.unwrap();
        let draft = operations
            .branch_version(scope, published, Some("second"))
            .await
            .unwrap()
            .version;
        let about = domain::remark::About::default();
        operations
            .say(scope, draft, about, None, "why so much?")
            .await
            .unwrap();
        let remark = operations.remarks(scope, draft).await.unwrap()[0].id;
        let rep = house.signed_in(Who::Rep).await;
        let own = operations.my_targets(&rep).await.unwrap();
        let own = own.iter().find(|target| target.version == published).unwrap();

        let notice = operations.notices(&rep).await.unwrap().list[0].id;
        // A mail that was given up.
        let now_ms = operations::clock::now_ms();
        let held = operations.claim_job(scope, now_ms).await.unwrap().unwrap();
        let hopeless = operations::job::Tried::Hopeless {
            reference: "ABCD1234".to_owned(),
        };
        operations.end_job(scope, &held, hopeless, now_ms).await.unwrap();

        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        std::fs::write(file.path(), "account,sector\nInitech,software\n").unwrap();
        let import = NewImport {
            uploads: vec![Upload {
                name: "accounts.csv".to_owned(),
                path: file.path().to_owned(),
                custody: Custody::Theirs,
            }],
            kind: None,
            mapping: std::collections::BTreeMap::new(),
            options: domain::import::Options::default(),
            origin: Origin::CommandLine,
        };
        let import = operations.import_now(scope, import).await.unwrap();
        let user = NewUser {
            email: "spare@attain.test".to_owned(),
            name: "Spare".to_owned(),
            role: domain::access::Role::Viewer,
            password: PASSWORD.to_owned(),
            member: None,
            language: None,
        };
        let user = operations.create_user(scope, user).await.unwrap();
        Self(vec![
            ("{draft}", draft.to_string()),
            ("{remark}", remark.to_string()),
            ("{version}", draft.to_string()),
            ("{published}", published.to_string()),
            ("{node}", own.node.to_string()),
            ("{hash}", own.hash.clone()),
            ("{import}", import.id.to_string()),
            ("{notice}", notice.to_string()),
            ("{job}", held.id.to_string()),
            ("{id}", import.id.to_string()),
            ("{user}", user.to_string()),
            ("{unit}", house.east.to_string()),
            ("{member}", house.sibling.to_string()),
            ("{*nothing}", "nothing".to_owned()),
        ])
    }

    /// A text with things in place of their names.
    pub(super) fn named_in(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |text, (name, thing)| text.replace(name, thing))
    }
}
