//! Whether the last whole month lacks most of its facts: one answer for the outlook and the baseline.

use std::collections::BTreeMap;

use domain::calendar::{Day, Month};
use domain::history::{STREAM_MONTHS, lacks_streams};
use domain::id::{MemberId, UnitId};
use domain::money::Fact;
use store::attainment::Piece;
use store::metric::Metric;
use store::organization::Organization;

use super::months::Months;
use super::{pieces, place_of};
use crate::{Error, Operations, Scope};

/// Whether those who sell regularly, and make most of what is sold, have nothing in the last whole month. `pieces` are cut by
/// the months of the window.
pub(super) fn lack(pieces: &[Piece], months: &Months) -> bool {
    let end = months.place(months.to_come());
    let Some(from) = end
        .checked_sub(STREAM_MONTHS)
        .filter(|_| months.known >= STREAM_MONTHS)
    else {
        return false;
    };
    let mut streams: BTreeMap<(MemberId, UnitId), Vec<Fact>> = BTreeMap::new();
    for piece in pieces {
        // Who moves to another unit goes on there; what is nobody's is told apart by its unit.
        let unit = if piece.member.0.is_nil() {
            piece.unit
        } else {
            UnitId::default()
        };
        let stream = streams
            .entry((piece.member, unit))
            .or_insert_with(|| vec![Fact(0); STREAM_MONTHS]);
        let place = place_of(piece.time).checked_sub(from);
        if let Some(sum) = place.and_then(|place| stream.get_mut(place)) {
            sum.0 = sum.0.saturating_add(piece.amount.0);
        }
    }
    lacks_streams(streams.values().map(Vec::as_slice))
}

impl Operations {
    /// The last whole month of facts that reach from one day to another (both inclusive), where most of those who sell every
    /// month have nothing in it yet. Of the whole organization, whoever asks: every page says the same of a month.
    pub(crate) async fn incomplete_month(
        &self,
        organization: &Organization,
        metric: &Metric,
        (first, last): (Day, Day),
        as_of: Day,
    ) -> Result<Option<Month>, Error> {
        let all = Scope::system(organization.id, "incomplete");
        // Only what is judged is read: the last month may not be whole, and then the one before it is judged.
        let start = Month::of(last).plus(-(STREAM_MONTHS as i32)).first_day();
        let facts = (first.max(start), last);
        let mut months = Months::of_facts(facts, Month::of(last), organization, as_of)?;
        let pieces = pieces(&self.database.reader(), &all, metric, &months, as_of).await?;
        Ok(lack(&pieces, &months).then(|| months.drop_last()))
    }
}
