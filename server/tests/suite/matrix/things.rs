//! Things the requests of the table are about, so that a refusal is about the person and not about a thing that is not
//! there.

use domain::assumption::PlanningQuery;
use domain::calendar::{Day, PeriodKind};
use domain::id::QuestionnaireId;
use domain::money::Minor;
use domain::negotiation::{About, Subject};
use domain::outlook::{Effect, FactorKind, NewFactor};
use domain::questionnaire::{Audience, Draft, Question, Ready};
use domain::target::{NewPlan, Span};
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
        // Prepared for the days of the plan, whose first draft takes it over.
        let folder = operations.attachment_folder();
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("upload-report");
        std::fs::write(&path, "what is known").unwrap();
        let report = operations::Received {
            name: "report.txt".to_owned(),
            path,
        };
        let report = operations.attach(scope, report).await.unwrap();
        let prepared = PlanningQuery {
            version: None,
            period: Some("2018-Q1".to_owned()),
        };
        let factor = NewFactor {
            kind: FactorKind::Policy,
            name: "Subsidy".to_owned(),
            unit: None,
            of: None,
            span: Span {
                starts_on: plan.from,
                ends_on: plan.to,
            },
            effect: Effect::Percent { hundredths: 100 },
            weight: 50,
            source: "a report".to_owned(),
            link: None,
            attachment: Some(report.id),
        };
        let factor = operations.add_factor(scope, &prepared, factor).await.unwrap();

        let published = operations.create_plan(scope, plan.clone()).await.unwrap().version;
        operations.publish(scope, published).await.unwrap();
        let draft = operations
            .branch_version(scope, published, Some("second"))
            .await
            .unwrap()
            .version;
        let about = domain::remark::About::default();
        let remark = operations
            .say(scope, draft, about, None, "why so much?")
            .await
            .unwrap();
        let spare = operations
            .branch_version(scope, published, Some("third"))
            .await
            .unwrap()
            .version;
        let thread = operations
            .say(scope, spare, about, None, "is it needed?")
            .await
            .unwrap();
        let rep = house.signed_in(Who::Rep).await;
        let own = operations.my_targets(&rep).await.unwrap();
        let own = own.iter().find(|target| target.version == published).unwrap();

        // The rep asks for less.
        let desk = operations.open_grid(scope, published, None).await.unwrap();
        let row = desk
            .grid
            .shape()
            .find(domain::plan::NodeRef::Member(house.rep))
            .unwrap();
        let ask = operations::Ask::Minor(Minor(own.total.0 - 100));
        let about = About::Row {
            row,
            subject: Subject::Total,
        };
        let negotiation = operations
            .begin_negotiation(&rep, published, about, ask, Some("too much"))
            .await
            .unwrap();

        let notice = operations.notices(&rep).await.unwrap().list[0].id;
        // A mail that was given up.
        let now_ms = operations::clock::now_ms();
        let held = operations.claim_job(scope, now_ms).await.unwrap().unwrap();
        let hopeless = operations::job::Tried::Hopeless {
            reference: "ABCD1234".to_owned(),
        };
        operations.end_job(scope, &held, hopeless, now_ms).await.unwrap();

        let questionnaire = questionnaire(house).await;
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
            ("{factor}", factor.id.to_string()),
            ("{attachment}", report.id.to_string()),
            ("{draft}", draft.to_string()),
            ("{remark}", remark.to_string()),
            ("{thread}", thread.to_string()),
            ("{revision}", remark.to_string()),
            ("{leave}", remark.to_string()),
            ("{rule}", "pace".to_owned()),
            ("{published}", published.to_string()),
            ("{spare}", spare.to_string()),
            ("{version}", spare.to_string()),
            ("{by}", "product".to_owned()),
            ("{node}", own.node.to_string()),
            ("{hash}", own.hash.clone()),
            ("{import}", import.id.to_string()),
            ("{notice}", notice.to_string()),
            ("{negotiation}", negotiation.to_string()),
            ("{row}", row.0.to_string()),
            ("{job}", held.id.to_string()),
            ("{id}", import.id.to_string()),
            ("{questionnaire}", questionnaire.to_string()),
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

/// A questionnaire that was sent to the rep.
async fn questionnaire(house: &House) -> QuestionnaireId {
    let operations = &house.operations;
    let draft = Draft {
        title: "2027".to_owned(),
        introduction: String::new(),
        due_on: operations.business_date(&house.scope).await.unwrap().plus(7),
        remind_days: 2,
        questions: vec![Question::ready(Ready::Proposal, true)],
        audience: Audience {
            members: vec![house.rep],
            ..Audience::default()
        },
    };
    let query = PlanningQuery::default();
    let written = operations
        .write_questionnaire(&house.scope, &query, None, draft)
        .await
        .unwrap();
    operations
        .send_questionnaire(&house.scope, written.id)
        .await
        .unwrap();
    written.id
}
