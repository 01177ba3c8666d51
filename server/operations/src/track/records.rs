//! The deals behind a row of a board.

use std::collections::HashMap;

use domain::access::Permission;
use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::metric::{AttainmentQuery, Dimension, MetricKey};
use domain::money::Minor;
use domain::track::{RECORDS_SHOWN, RecordRow, Records, RecordsQuery};
use store::fact::{Filter, Page};
use store::organization::Organization;

use super::{Frame, unknown_period};
use crate::attainment::fiscal;
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Deals shown of a list.
const MOST_RECORDS: u32 = 10_000;

impl Operations {
    /// The deals behind a row of a board, latest first.
    pub async fn records(&self, scope: &Scope, query: RecordsQuery) -> Result<Records, Error> {
        require(scope, Permission::ReadRecords)?;
        let Frame {
            organization,
            as_of,
            period,
            ..
        } = self.frame(scope, &query.board).await?;
        let reader = self.database.reader();
        let currency = organization.currency.clone();
        let since = query.since.filter(|since| *since < period.start);
        let days = (since.unwrap_or(period.start), period.end);
        let of = self.name_of_row(scope, &query, days, as_of).await?;
        let Some(metric) = store::metric::find(&reader, scope, &MetricKey::BOOKINGS).await? else {
            return Ok(Records {
                of,
                period,
                since,
                currency,
                count: 0,
                sum: Minor(0),
                rows: Vec::new(),
                source: organization.bookings.from,
            });
        };
        let mut filter = Filter {
            from: days.0,
            to: days.1.min(as_of.plus(1)),
            ..Filter::default()
        };
        self.narrow(scope, &organization, &query, &mut filter).await?;
        let page = Page {
            offset: 0,
            limit: query.limit.unwrap_or(RECORDS_SHOWN).clamp(1, MOST_RECORDS),
        };
        let (found, count, sum) = store::fact::list(&reader, scope, &metric, &filter, page).await?;
        let members = store::member::list(&reader, scope).await?;
        let names: HashMap<MemberId, String> = members
            .into_iter()
            .map(|member| (member.id, member.name))
            .collect();
        let rows = found.into_iter().map(|found| RecordRow {
            member: found
                .member
                .and_then(|member| names.get(&member).cloned())
                .unwrap_or_default(),
            external_id: found.external_id,
            account: found.account,
            product: found.product,
            products: u32::try_from(found.products).unwrap_or(u32::MAX),
            closed_on: found.day,
            amount: found.amount.to_minor(&currency),
        });
        Ok(Records {
            of,
            period,
            since,
            count: u64::try_from(count).unwrap_or(0),
            sum: sum.to_minor(&currency),
            rows: rows.collect(),
            source: metric.source,
            currency,
        })
    }

    /// Narrows a list to the row it is opened from.
    async fn narrow(
        &self,
        scope: &Scope,
        organization: &Organization,
        query: &RecordsQuery,
        filter: &mut Filter,
    ) -> Result<(), Error> {
        let id = || {
            if query.key.is_empty() {
                None
            } else {
                uuid::Uuid::parse_str(&query.key).ok()
            }
        };
        let given = |id: Option<uuid::Uuid>| {
            if query.key.is_empty() {
                Ok(None)
            } else {
                id.map(Some).ok_or(Error::NotFound("row"))
            }
        };
        match &query.dimension {
            // Without a key: what nobody sold, which bears the nil id.
            Dimension::Member => filter.members = Some(vec![given(id())?.unwrap_or_default().into()]),
            Dimension::Unit | Dimension::UnitLevel(_) => {
                let root = id().ok_or(Error::NotFound("row"))?;
                filter.units = Some(self.below(scope, &[root.into()]).await?);
            }
            Dimension::Manager => {
                let manager = id().map(MemberId::from).ok_or(Error::NotFound("row"))?;
                let units = store::unit::list(&self.database.reader(), scope, None).await?;
                let led: Vec<UnitId> = units
                    .iter()
                    .filter(|unit| unit.manager == Some(manager))
                    .map(|unit| unit.id)
                    .collect();
                filter.units = Some(self.below(scope, &led).await?);
            }
            Dimension::Product => filter.product = Some(given(id())?.map(Into::into)),
            Dimension::Category => filter.category = Some(given(id())?.map(Into::into)),
            Dimension::Account => filter.account = Some(given(id())?.map(Into::into)),
            Dimension::Channel => filter.channel = Some(given(id())?.map(Into::into)),
            Dimension::Day => {
                let day = Day::parse_iso(&query.key).ok_or_else(|| unknown_period(&query.key))?;
                (filter.from, filter.to) = (filter.from.max(day), filter.to.min(day.plus(1)));
            }
            Dimension::Month | Dimension::Quarter | Dimension::Year => {
                let period = fiscal(organization)?
                    .named(&query.key)
                    .ok_or_else(|| unknown_period(&query.key))?;
                (filter.from, filter.to) = (filter.from.max(period.start), filter.to.min(period.end));
            }
        }
        Ok(())
    }

    /// What the row of a board is called.
    async fn name_of_row(
        &self,
        scope: &Scope,
        query: &RecordsQuery,
        (from, to): (Day, Day),
        as_of: Day,
    ) -> Result<String, Error> {
        let asked = AttainmentQuery {
            metric: MetricKey::BOOKINGS,
            from,
            to,
            by: vec![query.dimension.clone()],
            as_of: Some(as_of),
        };
        let rows = self.attainment(scope, &asked).await?.rows;
        let mut keys = rows.into_iter().filter_map(|row| row.keys.into_values().next());
        Ok(keys
            .find(|key| key.id == query.key)
            .map_or_else(String::new, |key| key.name))
    }

    /// Units with everything below them.
    async fn below(&self, scope: &Scope, roots: &[UnitId]) -> Result<Vec<UnitId>, Error> {
        let units = store::unit::list(&self.database.reader(), scope, None).await?;
        let mut found = roots.to_vec();
        let mut at = 0;
        while let Some(above) = found.get(at).copied() {
            for unit in units.iter().filter(|unit| unit.parent == Some(above)) {
                if !found.contains(&unit.id) {
                    found.push(unit.id);
                }
            }
            at += 1;
        }
        Ok(found)
    }
}
