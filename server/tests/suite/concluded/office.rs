//! An organization that plans on a day, with a history of one's own making.

use axum::http::StatusCode;
use domain::access::Role;
use domain::assumption::PlanningQuery;
use domain::calendar::Month;
use domain::import::Kind;
use domain::outlook::{Outlook, OutlookQuery};
use operations::{Database, NewUser, Operations, Scope, SetUp};
use serde_json::json;
use server::AppState;
use tempfile::TempDir;

use crate::client::Client;
use crate::history;
use crate::house::PASSWORD;

use super::day;

/// An organization that plans on a day; `month`: the first of its fiscal year.
pub(super) struct Office {
    pub(super) operations: Operations,
    pub(super) scope: Scope,
    planner: Client,
    _folder: TempDir,
}

impl Office {
    pub(super) async fn open(today: &str, month: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("attain.db").display());
        let database = Database::open(&url).await.unwrap();
        database.migrate().await.unwrap();
        let mut operations = Operations::new(database);
        operations.files = folder.path().join("files");
        operations.today = Some(day(today));
        let link = operations.set_up_link().await.unwrap().unwrap();
        let set_up = SetUp {
            organization_name: "云杉仪器".to_owned(),
            owner_name: "欧阳主".to_owned(),
            email: "owner@attain.test".to_owned(),
            password: PASSWORD.to_owned(),
            currency: "CNY".to_owned(),
            fiscal_start_month: month,
            zone: "Asia/Shanghai".to_owned(),
            language: "zh-CN".to_owned(),
        };
        operations.set_up(&link, set_up).await.unwrap();
        let scope = operations.system_scope("test").await.unwrap();
        let planner = NewUser {
            email: "planner@attain.test".to_owned(),
            name: "Planner".to_owned(),
            role: Role::Planner,
            password: PASSWORD.to_owned(),
            member: None,
            language: None,
        };
        operations.create_user(&scope, planner).await.unwrap();
        let session = operations
            .sign_in("planner@attain.test", PASSWORD, None)
            .await
            .unwrap();
        let mut planner = Client::new(server::router(AppState::new(operations.clone())));
        planner.cookie = Some(format!("attain={}", session.token));
        let office = Self {
            operations,
            scope,
            planner,
            _folder: folder,
        };
        office
            .take_in(Kind::Units, "name,level\nNorth,region\nSouth,region\n")
            .await;
        office
            .take_in(Kind::Members, "name,unit\nAnn,North\nBob,South\n")
            .await;
        office
    }

    pub(super) async fn take_in(&self, kind: Kind, text: &str) -> domain::import::View {
        history::import(&self.operations, &self.scope, kind, text).await
    }

    /// Two orders of each person in every month that counts; what a month is multiplied with, in per cent.
    pub(super) async fn sell(&self, from: &str, months: i32, part: impl Fn(i32) -> i64) {
        let first = Month::of(day(from));
        let mut text = "order id,member,order date,product,amount\n".to_owned();
        for step in (0..months).filter(|step| part(*step) > 0) {
            let month = first.plus(step);
            for (who, base) in [("Ann", 100), ("Bob", 150)] {
                // Early and late in the month, so that the ends are whole.
                for of_month in [2, 27] {
                    let date = month.day_or_last(of_month);
                    let amount = base * part(step);
                    text += &format!("{who}-{month}-{of_month},{who},{date},Bike,{amount}\n");
                }
            }
        }
        self.take_in(Kind::Orders, &text).await;
    }

    pub(super) async fn outlook(&self, period: Option<&str>) -> Outlook {
        let query = OutlookQuery {
            planning: PlanningQuery {
                version: None,
                period: period.map(str::to_owned),
            },
            node: None,
        };
        self.operations.outlook(&self.scope, query).await.unwrap()
    }

    /// A page as the planner reads it.
    async fn page(&self, path: &str, language: &str) -> String {
        let client = self
            .planner
            .clone()
            .with("accept-language", language)
            .with("accept", "text/html");
        let page = client.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        page.text()
    }

    /// The page says all of this, in Chinese and in English.
    pub(super) async fn says(&self, path: &str, words: &[(&str, &str)]) {
        for (language, pick) in [("zh-CN", 0), ("en", 1)] {
            let text = self.page(path, language).await;
            for (chinese, english) in words {
                let said = [chinese, english][pick];
                assert!(
                    text.contains(said),
                    "{path} in {language}: {said} is not in {text}"
                );
            }
        }
    }

    /// The page says none of this, in either language.
    pub(super) async fn says_nothing_of(&self, path: &str, words: &[&str]) {
        for language in ["zh-CN", "en"] {
            let text = self.page(path, language).await;
            for said in words {
                assert!(!text.contains(said), "{path} in {language} says {said}: {text}");
            }
        }
    }

    /// A plan can be made for these days all the same, and its page opens.
    pub(super) async fn plans(&self, from: &str, to: &str) {
        let plan = json!({
            "metric": "bookings", "from": day(from).0, "to": day(to).0, "period_kind": "month", "total": 12_000_000,
        });
        let made = self
            .planner
            .clone()
            .with("accept", "application/json")
            .post_json("/api/app/target/create", &json!({"plan": plan}))
            .await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text());
        let version = made.json()["version"].as_str().unwrap().to_owned();
        for page in ["/set/target", "/set/outlook", "/split"] {
            let page = self.planner.get(&format!("{page}?version={version}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.text().contains("role=\"alert\""), "{}", page.text());
        }
    }
}
