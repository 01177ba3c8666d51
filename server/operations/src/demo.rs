//! The sample company 云杉仪器 (Spruce Instruments): seeded, and dated relative to today.

mod deals;
mod facts;
mod people;

use domain::calendar::{Day, Fiscal, PeriodKind};
use domain::event::Event;
use domain::id::{OrganizationId, UnitId};
use domain::metric::{Bookings, MetricKey, Source};
use domain::money::{Currency, Fact, Minor};
use domain::target::NewPlan;
use serde_json::json;
use store::Writer;
use store::attainment::{Cut, Question, Time};
use store::organization::Organization;

use crate::{Error, Operations, Scope, audit, clock, set_up};

/// The sample company's name; that of its root unit too.
const NAME: &str = "云杉仪器";
/// The plan's total against the year before, percent.
const TARGET: i64 = 108;
/// Who changed it, in the audit log.
const PURPOSE: &str = domain::people::SAMPLE_COMPANY;

impl Operations {
    /// Loads the sample company into an installation that has no people yet: people, what they sold, and the published plan
    /// of the present fiscal year. Nothing where it is loaded already; a refusal where there are people of one's own. For
    /// the command line and the first start, which own the database.
    pub async fn load_demo(&self) -> Result<(), Error> {
        self.load_company().await?;
        // A load that was cut short after its first step is completed by the next.
        self.load_plan().await
    }

    /// People and facts, in one transaction.
    async fn load_company(&self) -> Result<(), Error> {
        let writer = self.database.writer().await?;
        let organization = match store::organization::current(&writer).await? {
            Some(organization) if organization.demo => return Ok(()),
            Some(blank) => {
                let scope = Scope::system(blank.id, PURPOSE);
                let members = store::member::list(&writer, &scope).await?;
                let units = store::unit::list(&writer, &scope, None).await?;
                let orders = store::fact::any(&writer, &scope, Source::Orders).await?;
                if !members.is_empty() || units.len() > 1 || orders {
                    return Err(Error::conflict(
                        "organization_in_use",
                        "这里已有部门或成员，样例公司只能装入空的组织。请换一个数据目录。",
                        "There are units or members here already; the sample company goes into an empty organization. Use another data directory.",
                    ));
                }
                // Name and settings are the owner's and stay.
                let organization = Organization {
                    demo: true,
                    // Its sellers have deals.
                    bookings: Bookings::default(),
                    ..blank
                };
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

    /// The fiscal year's plan at [`TARGET`] percent of the year before, split by history and published.
    async fn load_plan(&self) -> Result<(), Error> {
        let reader = self.database.reader();
        let Some(organization) = store::organization::current(&reader)
            .await?
            .filter(|organization| organization.demo)
        else {
            return Ok(());
        };
        let scope = Scope::system(organization.id, PURPOSE);
        if !store::plan::list(&reader, &scope).await?.is_empty() {
            return Ok(());
        }
        let today = self.today_of(&organization).day;
        let fiscal = Fiscal::new(organization.fiscal_start_month)
            .map_err(|error| Error::Internal(format!("fiscal year: {error}")))?;
        let year = fiscal.period_of(PeriodKind::Year, today);
        let before = fiscal.year_before(&year);
        let sold = self.won_between(&scope, before.start, before.end).await?;
        let step = 10_000 * organization.currency.minor_per_unit();
        let total = Minor(sold.to_minor(&organization.currency).0 * TARGET / 100 / step * step);
        let plan = NewPlan {
            metric: MetricKey::BOOKINGS.as_str().to_owned(),
            from: year.start,
            to: year.end,
            period_kind: PeriodKind::Month,
            total,
            name: None,
        };
        let made = self.create_plan(&scope, plan).await?;
        self.publish(&scope, made.version).await?;
        Ok(())
    }

    /// Bookings of days before an end.
    async fn won_between(&self, scope: &Scope, from: Day, to: Day) -> Result<Fact, Error> {
        let reader = self.database.reader();
        let Some(metric) = store::metric::find(&reader, scope, &MetricKey::BOOKINGS).await? else {
            return Ok(Fact(0));
        };
        let question = Question {
            from,
            to,
            time: Time::Whole,
            by_member: Cut::Together,
            by_unit: Cut::Together,
            by_things: Vec::new(),
        };
        let pieces = store::attainment::sums(&reader, scope, &metric, &question).await?;
        Ok(Fact(pieces.iter().map(|piece| piece.amount.0).sum()))
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
            bookings: Bookings::default(),
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
        bookings: Bookings::default(),
        demo: true,
        created_at_ms: clock::now_ms(),
    }
}
