//! The organization this installation serves, with the settings everything else is counted by.

mod clear;
mod row;

use domain::calendar::Day;
use domain::id::OrganizationId;
use domain::metric::{Bookings, OrderAmount, Source};
use domain::money::Currency;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Set};

pub use clear::{clear, remove};

use crate::{Scope, Session, StoreError, Writer};

/// The organization and its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// First column of every key.
    pub id: OrganizationId,
    /// What it calls itself.
    pub name: String,
    /// The currency every amount is in.
    pub currency: Currency,
    /// IANA name of the time zone that decides which day it is.
    pub zone: String,
    /// Month the fiscal year starts in, 1 to 12.
    pub fiscal_start_month: u8,
    /// Language of mails, exports and of people who chose none: `zh-CN` or `en`.
    pub language: String,
    /// Today as the organization set it; `None`: by the clock.
    pub business_date: Option<Day>,
    /// Which days are worked: `cn` (public holidays with make-up days) or `weekdays`.
    pub working_calendar: String,
    /// What counts as bookings.
    pub bookings: Bookings,
    /// Whether this is the sample company.
    pub demo: bool,
    /// When it was set up, milliseconds since the epoch.
    pub created_at_ms: i64,
}

/// The organization, `None` before it is set up. Takes no scope: it is what a scope is made of.
pub async fn current(session: &impl Session) -> Result<Option<Organization>, StoreError> {
    let row = row::Entity::find()
        .order_by_asc(row::Column::CreatedAtMs)
        .one(&session.executor())
        .await?;
    row.map(Organization::try_from).transpose()
}

/// The scope's organization.
pub async fn get(session: &impl Session, scope: &Scope) -> Result<Organization, StoreError> {
    row::Entity::find_by_id(scope.organization.0)
        .one(&session.executor())
        .await?
        .ok_or(StoreError::NotFound("organization"))?
        .try_into()
}

/// Makes the organization; a conflict where there is one. Takes no scope: nobody is known before it.
pub async fn create(writer: &Writer, organization: &Organization) -> Result<(), StoreError> {
    if writer.dialect() == crate::Dialect::Postgres {
        // Two servers may try at once; on SQLite the write lock is held already.
        writer
            .executor()
            .execute_unprepared("LOCK TABLE organization IN SHARE ROW EXCLUSIVE MODE")
            .await?;
    }
    if current(writer).await?.is_some() {
        return Err(StoreError::Conflict("organization".to_owned()));
    }
    row::Entity::insert(active(organization))
        .exec_without_returning(&writer.executor())
        .await?;
    crate::log_head::create(writer, organization.id).await
}

/// Lets nobody else begin an import, or change what facts are credited by, until the transaction ends.
pub async fn lock(writer: &Writer, scope: &Scope) -> Result<(), StoreError> {
    if writer.dialect() == crate::Dialect::Postgres {
        // On SQLite the write lock is held already. Its key is left alone: rows of others that refer to the organization, such as
        // those of the log, would wait otherwise, and two that inserted one before would wait for each other.
        let sql = "SELECT id FROM organization WHERE id = $1 FOR NO KEY UPDATE";
        crate::bulk::query(writer, sql, vec![scope.organization.0.into()]).await?;
    }
    Ok(())
}

/// Replaces the settings; id and time of creation stay.
pub async fn update(writer: &Writer, scope: &Scope, organization: &Organization) -> Result<(), StoreError> {
    if organization.id != scope.organization {
        return Err(StoreError::NotFound("organization"));
    }
    row::Entity::update(active(organization))
        .exec(&writer.executor())
        .await?;
    Ok(())
}

fn active(organization: &Organization) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(organization.id.0),
        name: Set(organization.name.clone()),
        currency: Set(organization.currency.code.clone()),
        decimals: Set(i32::from(organization.currency.decimals)),
        zone: Set(organization.zone.clone()),
        fiscal_start_month: Set(i32::from(organization.fiscal_start_month)),
        language: Set(organization.language.clone()),
        business_date: Set(organization.business_date.map(|day| day.0)),
        working_calendar: Set(organization.working_calendar.clone()),
        bookings_from: Set(organization.bookings.from.as_str().to_owned()),
        order_amount: Set(organization.bookings.order_amount.as_str().to_owned()),
        demo: Set(i32::from(organization.demo)),
        created_at_ms: Set(organization.created_at_ms),
    }
}

impl TryFrom<row::Model> for Organization {
    type Error = StoreError;
    fn try_from(row: row::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            currency: Currency {
                code: row.currency,
                decimals: u8::try_from(row.decimals)
                    .map_err(|_| StoreError::Damaged("organization.decimals"))?,
            },
            zone: row.zone,
            fiscal_start_month: u8::try_from(row.fiscal_start_month)
                .map_err(|_| StoreError::Damaged("organization.fiscal_start_month"))?,
            language: row.language,
            business_date: row.business_date.map(Day),
            working_calendar: row.working_calendar,
            bookings: Bookings {
                from: Source::parse(&row.bookings_from)
                    .ok_or(StoreError::Damaged("organization.bookings_from"))?,
                order_amount: OrderAmount::parse(&row.order_amount)
                    .ok_or(StoreError::Damaged("organization.order_amount"))?,
            },
            demo: row.demo != 0,
            created_at_ms: row.created_at_ms,
        })
    }
}
