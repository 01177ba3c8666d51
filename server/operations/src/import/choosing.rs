//! Deals or orders: what an import's facts count as.

use domain::import::{FileView, Finding};
use domain::metric::Source;
use store::Writer;
use store::import::Change;

use super::catalog::Catalog;
use super::job::{Job, Stop};
use super::json;
use super::pipeline::Summary;

impl Job {
    /// The first orders of an organization without a won deal that counts choose for themselves that orders do.
    pub(super) async fn choose(&mut self, summary: &Summary) -> Result<(), Stop> {
        if self.bookings.from == Source::Orders || summary.any_counted() {
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
        &self,
        source: Source,
        (catalog, mut view): (Catalog, FileView),
    ) -> (Catalog, FileView) {
        let counted = view.report.as_ref().is_some_and(|report| report.source.count > 0);
        if source == Source::Orders && self.chosen {
            view.findings.push(Finding::OrdersChosen);
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
