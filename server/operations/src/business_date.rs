//! Today, as the organization counts.

use domain::access::Permission;
use domain::calendar::Day;
use domain::event::Event;
use domain::people::{BusinessDate, BusinessDateSource};
use serde_json::json;
use store::organization::Organization;

use crate::scope::require;
use crate::{Error, Operations, Scope, audit, clock};

impl Operations {
    /// The day every "expected by today" uses: the command line's, else the chosen one, else the clock's in the
    /// organization's zone.
    pub async fn business_date(&self, scope: &Scope) -> Result<Day, Error> {
        let organization = store::organization::get(&self.database.reader(), scope).await?;
        Ok(self.today_of(&organization).day)
    }

    /// Chooses the business date; `None` goes back to the clock. Refused while the command line fixes it.
    pub async fn set_business_date(&self, scope: &Scope, day: Option<Day>) -> Result<BusinessDate, Error> {
        require(scope, Permission::SetBusinessDate)?;
        if self.today.is_some() {
            return Err(Error::conflict(
                "business_date_fixed",
                "业务日期由启动参数 --today 固定，去掉它再改。",
                "The business date is fixed by --today; start the server without it to change it here.",
            ));
        }
        if day.is_some_and(|day| day < earliest() || day > latest()) {
            return Err(Error::invalid_field(
                "bad_day",
                "day",
                "业务日期须在 1970 年到 2200 年之间。",
                "The business date lies between 1970 and 2200.",
            ));
        }
        let writer = self.database.writer().await?;
        let mut organization = store::organization::get(&writer, scope).await?;
        let before = organization.business_date;
        organization.business_date = day;
        store::organization::update(&writer, scope, &organization).await?;
        let detail = json!({
            "before": before.map(|day| day.to_string()),
            "after": day.map(|day| day.to_string()),
        });
        let subject = format!("organization:{}", organization.id);
        let verb = "organization.set_business_date";
        audit::commit(
            writer,
            scope,
            verb,
            &subject,
            &detail,
            &Event::BusinessDateChanged,
        )
        .await?;
        Ok(self.today_of(&organization))
    }

    /// Today of an organization at hand.
    pub(crate) fn today_of(&self, organization: &Organization) -> BusinessDate {
        let (day, source) = match (self.today, organization.business_date) {
            (Some(day), _) => (day, BusinessDateSource::CommandLine),
            (None, Some(day)) => (day, BusinessDateSource::Chosen),
            (None, None) => (clock::today_in(&organization.zone), BusinessDateSource::Clock),
        };
        BusinessDate { day, source }
    }
}

fn earliest() -> Day {
    Day::from_ymd(1970, 1, 1).unwrap_or_default()
}

fn latest() -> Day {
    Day::from_ymd(2200, 1, 1).unwrap_or_default()
}
