//! Deals or orders: what an import's facts count as.

use domain::import::{FileView, Finding};
use domain::metric::Source;
use store::Writer;
use store::import::Change;

use super::catalog::Catalog;
use super::job::{Job, Stop};
use super::json;

impl Job {
    /// The first orders of an organization without a won deal that counts choose for themselves that orders do.
    pub(super) async fn choose(&mut self) -> Result<(), Stop> {
        if self.bookings.from == Source::Orders || self.deals_written {
            return Ok(());
        }
        let reader = self.operations.database.reader();
        if !store::fact::any_credited(&reader, &self.scope, Source::Deals).await? {
            self.bookings.from = Source::Orders;
            self.chosen = true;
        }
        Ok(())
    }

    /// The outcome of a file with what is to be told of how its facts count.
    pub(super) fn told(
        &mut self,
        source: Source,
        (catalog, mut view): (Catalog, FileView),
    ) -> (Catalog, FileView) {
        let report = view.report.as_ref();
        let counted = report.is_some_and(|report| report.source.count > 0);
        let written = report.is_some_and(|report| report.written.count > 0);
        match source {
            Source::Deals => self.deals_written |= written,
            Source::Orders => self.orders_written |= written,
        }
        if source == Source::Orders && self.chosen {
            if self.orders_written {
                view.findings.push(Finding::OrdersChosen);
            } else {
                // Nothing was taken over: the next file may be the first one.
                self.chosen = false;
                self.bookings.from = Source::Deals;
            }
        } else if source != self.bookings.from && counted {
            view.findings.push(Finding::NotBookings {
                from: self.bookings.from,
            });
        }
        (catalog, view)
    }

    /// Bookings are counted from orders from here on.
    pub(super) async fn choose_orders(&self, writer: &Writer, seq: i64) -> Result<(), Stop> {
        let mut organization = store::organization::get(writer, &self.scope).await?;
        let change = Change {
            noun: "organization".to_owned(),
            id: organization.id.0,
            before: Some(json(&organization.bookings)?),
        };
        store::import::record(writer, &self.scope, self.id(), seq, &[change]).await?;
        organization.bookings.from = Source::Orders;
        store::organization::update(writer, &self.scope, &organization).await?;
        Ok(())
    }
}
