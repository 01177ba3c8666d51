//! The organization's settings.

use domain::access::Permission;
use domain::event::Event;
use domain::people::Settings;
use jiff::tz::TimeZone;
use serde_json::json;
use store::Writer;
use store::organization::Organization;

use crate::scope::require;
use crate::{Error, Operations, Scope, audit, input, pinyin_key};

impl Operations {
    /// The settings.
    pub async fn settings(&self, scope: &Scope) -> Result<Settings, Error> {
        let organization = store::organization::get(&self.database.reader(), scope).await?;
        Ok(settings(organization))
    }

    /// Changes name, zone, language and working calendar. Currency and fiscal year are what stored numbers mean and stay.
    pub async fn update_settings(&self, scope: &Scope, wanted: Settings) -> Result<Settings, Error> {
        require(scope, Permission::ManageOrganization)?;
        let writer = self.database.writer().await?;
        let before = store::organization::get(&writer, scope).await?;
        if wanted.currency != before.currency || wanted.fiscal_start_month != before.fiscal_start_month {
            return Err(Error::invalid(
                "settings_fixed",
                "币种和财年起始月在设置时确定，之后不能更改。",
                "Currency and start of the fiscal year are decided at set-up and stay.",
            ));
        }
        if TimeZone::get(&wanted.zone).is_err() {
            return Err(Error::invalid_field(
                "bad_zone",
                "zone",
                "时区须为 IANA 名称，如 Asia/Shanghai。",
                "A time zone is an IANA name such as Asia/Shanghai.",
            ));
        }
        if !["cn", "weekdays"].contains(&wanted.working_calendar.as_str()) {
            return Err(Error::invalid_field(
                "bad_working_calendar",
                "working_calendar",
                "工作日历为 cn（含调休）或 weekdays（周一至周五）。",
                "The working calendar is cn (with make-up days) or weekdays (Monday to Friday).",
            ));
        }
        let after = Organization {
            name: input::name(&wanted.name, "name")?,
            zone: wanted.zone,
            language: input::language(&wanted.language)?,
            working_calendar: wanted.working_calendar,
            ..before.clone()
        };
        store::organization::update(&writer, scope, &after).await?;
        if after.name != before.name {
            rename_root(&writer, scope, &after.name).await?;
        }
        let (before, after) = (settings(before), settings(after));
        let detail = json!({"before": before, "after": after});
        let subject = format!("organization:{}", scope.organization);
        let verb = "organization.update";
        audit::commit(writer, scope, verb, &subject, &detail, &Event::PeopleChanged).await?;
        Ok(after)
    }
}

/// What the browser is told.
pub(crate) fn settings(organization: Organization) -> Settings {
    Settings {
        name: organization.name,
        currency: organization.currency,
        zone: organization.zone,
        fiscal_start_month: organization.fiscal_start_month,
        language: organization.language,
        working_calendar: organization.working_calendar,
        demo: organization.demo,
    }
}

/// The root unit carries the organization's name.
pub(crate) async fn rename_root(writer: &Writer, scope: &Scope, name: &str) -> Result<(), Error> {
    let units = store::unit::list(writer, scope, None).await?;
    if let Some(mut root) = units.into_iter().find(|unit| unit.parent.is_none()) {
        name.clone_into(&mut root.name);
        root.pinyin = pinyin_key(name);
        store::unit::update(writer, scope, &root).await?;
    }
    Ok(())
}
