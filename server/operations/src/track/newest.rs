//! The newest deal, for whoever looks at a time without any.

use domain::access::Permission;
use domain::calendar::{Day, PeriodKind};
use domain::metric::{AttainmentQuery, Dimension, MetricKey};
use domain::track::Newest;

use crate::attainment::fiscal;
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// How far back the newest deal is looked for, as far as attainment can be asked for.
const LOOKED_BACK_DAYS: i32 = 59 * 366;

impl Operations {
    /// The newest deal within reach up to a day.
    pub async fn newest(&self, scope: &Scope, as_of: Day) -> Result<Option<Newest>, Error> {
        require(scope, Permission::ReadAttainment)?;
        let organization = store::organization::get(&self.database.reader(), scope).await?;
        let fiscal = fiscal(&organization)?;
        let Some((first, last)) = self.span(scope).await? else {
            return Ok(None);
        };
        let to = last.min(as_of).plus(1);
        let from = first.max(to.plus(-LOOKED_BACK_DAYS));
        // The year first, so that the days of one year only are asked for.
        let year = self.latest(scope, Dimension::Year, from, to).await?;
        let Some(year) = year.and_then(|year| fiscal.named(&year)) else {
            return Ok(None);
        };
        let day = self
            .latest(scope, Dimension::Day, from.max(year.start), to.min(year.end))
            .await?;
        let day = day.and_then(|day| Day::parse_iso(&day));
        Ok(day.map(|day| Newest {
            day,
            period: fiscal.period_of(PeriodKind::Quarter, day),
        }))
    }

    /// The last of the years or days in a range that has a deal within reach.
    async fn latest(
        &self,
        scope: &Scope,
        by: Dimension,
        from: Day,
        to: Day,
    ) -> Result<Option<String>, Error> {
        if from >= to {
            return Ok(None);
        }
        let query = AttainmentQuery {
            metric: MetricKey::BOOKINGS,
            from,
            to,
            by: vec![by],
            as_of: Some(to.plus(-1)),
        };
        let rows = self.attainment(scope, &query).await?.rows;
        let with_deals = rows.into_iter().filter(|row| row.count > 0);
        Ok(with_deals
            .filter_map(|row| row.keys.into_values().next())
            .map(|key| key.id)
            .max())
    }
}
