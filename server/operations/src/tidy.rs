//! Putting together what imports leave behind. Everything an import or an undo writes stands under a number of its own beside
//! what earlier ones wrote; once they have ended, that is only weight. Without this, importing and taking back again and
//! again would make every sum slower and the database larger.

use domain::metric::{MetricKey, Source};
use store::slot::Slot;

use crate::{Error, Operations, Scope};

/// Up to where things were put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied(Slot);

impl Operations {
    /// Forgets jobs that were done and notices that were told long ago, settles imports that were taken back and puts the rows of
    /// roll-ups together, in transactions of bounded size. Nothing is done of imports where none has ended since `done`, or
    /// while one is writing. No sum changes.
    pub async fn tidy(&self, scope: &Scope, done: Tidied) -> Result<Tidied, Error> {
        self.tidy_jobs(scope).await?;
        self.tidy_notices(scope).await?;
        self.tidy_attachments(scope).await?;
        let reader = self.database.reader();
        let ended = store::rollup::ended(&reader, scope).await?;
        if ended == done.0 || store::slot::writing(&reader, scope).await?.is_some() {
            return Ok(done);
        }
        self.settle_imports(scope).await?;
        if let Some(metric) = store::metric::find(&reader, scope, &MetricKey::BOOKINGS).await? {
            for stretch in store::rollup::scattered(&reader, scope, &metric, ended).await? {
                let writer = self.database.writer().await?;
                store::rollup::compact(&writer, scope, &metric, stretch).await?;
                writer.commit().await?;
            }
        }
        Ok(Tidied(ended))
    }

    /// Deletes what imports left that were taken back, and gives what they had replaced its place again.
    pub(crate) async fn settle_imports(&self, scope: &Scope) -> Result<(), Error> {
        let reader = self.database.reader();
        for undone in store::import::unsettled(&reader, scope).await? {
            for source in Source::ALL {
                let mut after = None;
                loop {
                    let ids = store::import::remains(&reader, scope, source, undone, after).await?;
                    let Some(last) = ids.last() else { break };
                    after = Some(*last);
                    let writer = self.database.writer().await?;
                    store::import::settle(&writer, scope, source, undone, &ids).await?;
                    writer.commit().await?;
                }
            }
            let writer = self.database.writer().await?;
            store::import::mark_settled(&writer, scope, undone).await?;
            writer.commit().await?;
        }
        Ok(())
    }
}
