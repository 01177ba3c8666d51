//! The sample company 云杉仪器 (Spruce Instruments): seeded, and dated relative to today.

mod deals;
mod facts;
mod people;

use domain::event::Event;
use domain::id::{OrganizationId, UnitId};
use domain::money::Currency;
use serde_json::json;
use store::Writer;
use store::organization::Organization;

use crate::{Error, Operations, Scope, audit, clock, set_up};

/// The sample company's name; that of its root unit too.
const NAME: &str = "云杉仪器";
/// Who changed it, in the audit log.
const PURPOSE: &str = "sample company";

impl Operations {
    /// Loads the sample company into an installation that has no people yet: people and what they sold. Nothing where it is loaded already; a refusal where there are people of one's own. For
    /// the command line and the first start, which own the database.
    pub async fn load_demo(&self) -> Result<(), Error> {
        let writer = self.database.writer().await?;
        let organization = match store::organization::current(&writer).await? {
            Some(organization) if organization.demo => return Ok(()),
            Some(blank) => {
                let scope = Scope::system(blank.id, PURPOSE);
                let members = store::member::list(&writer, &scope).await?;
                let units = store::unit::list(&writer, &scope, None).await?;
                if !members.is_empty() || units.len() > 1 {
                    return Err(Error::conflict(
                        "organization_in_use",
                        "这里已有部门或成员，样例公司只能装入空的组织。请换一个数据目录。",
                        "There are units or members here already; the sample company goes into an empty organization. Use another data directory.",
                    ));
                }
                // Name and settings are the owner's and stay.
                let organization = Organization { demo: true, ..blank };
                store::organization::update(&writer, &scope, &organization).await?;
                organization
            }
            None => {
                let organization = sample_organization();
                set_up::create(&writer, &organization).await?;
                organization
            }
        };
        let scope = Scope::system(organization.id, PURPOSE);
        let today = self.today_of(&organization).day;
        let root = root(&writer, &scope).await?;
        let company = people::company(root, today);
        company.insert(&writer, &scope).await?;
        facts::load(&writer, &scope, &company.sellers(), today).await?;
        let subject = format!("organization:{}", organization.id);
        let event = Event::PeopleChanged;
        audit::commit(writer, &scope, "demo.load", &subject, &json!({}), &event).await
    }

    /// Removes the sample company and whatever was added to it; nothing where there is none. Users of one's own stay with the
    /// organization and its settings; without any, the installation is as new.
    pub async fn remove_demo(&self) -> Result<(), Error> {
        let writer = self.database.writer().await?;
        let Some(organization) = store::organization::current(&writer)
            .await?
            .filter(|organization| organization.demo)
        else {
            return Ok(());
        };
        let scope = Scope::system(organization.id, PURPOSE);
        let users = store::user::list(&writer, &scope).await?;
        if users.iter().all(|user| user.demo) {
            store::organization::remove(&writer, &scope).await?;
            return Ok(writer.commit().await?);
        }
        store::organization::clear(&writer, &scope).await?;
        let organization = Organization {
            demo: false,
            business_date: None,
            ..organization
        };
        store::organization::update(&writer, &scope, &organization).await?;
        let subject = format!("organization:{}", organization.id);
        let event = Event::PeopleChanged;
        audit::commit(writer, &scope, "demo.remove", &subject, &json!({}), &event).await
    }
}

async fn root(writer: &Writer, scope: &Scope) -> Result<UnitId, Error> {
    let units = store::unit::list(writer, scope, None).await?;
    units
        .into_iter()
        .find(|unit| unit.parent.is_none())
        .map(|unit| unit.id)
        .ok_or_else(|| Error::Internal("an organization without its root unit".to_owned()))
}

fn sample_organization() -> Organization {
    Organization {
        id: OrganizationId(clock::new_id()),
        name: NAME.to_owned(),
        currency: Currency {
            code: "CNY".to_owned(),
            decimals: 2,
        },
        zone: "Asia/Shanghai".to_owned(),
        fiscal_start_month: 1,
        language: "zh-CN".to_owned(),
        business_date: None,
        working_calendar: "cn".to_owned(),
        demo: true,
        created_at_ms: clock::now_ms(),
    }
}
