//! Which version a workbook is of: that of the plan of record, and where one leads that came in by another door.

use domain::id::{ImportId, PlanId, VersionId};
use domain::metric::MetricKey;
use domain::target::VersionStatus;
use domain::workbook::{Blanks, Comparison};

use super::Returned;
use crate::{Error, Operations, Scope};

impl Operations {
    /// The version whose numbers are on record for today; where none are, those that begin next, or else that ended last. Of
    /// several metrics it is bookings, where they are among them.
    pub async fn version_on_record(&self, scope: &Scope) -> Result<VersionId, Error> {
        let reader = self.database.reader();
        let today = self.business_date(scope).await?;
        let mut known = Vec::new();
        for record in store::cell::on_record(&reader, scope).await? {
            let version = store::version::get(&reader, scope, record.version).await?;
            let plan = store::plan::get(&reader, scope, version.plan).await?;
            let span = record.period;
            let away = if span.ends_on <= today {
                (2, i64::from(today.0) - i64::from(span.ends_on.0))
            } else if today < span.starts_on {
                (1, i64::from(span.starts_on.0) - i64::from(today.0))
            } else {
                (0, 0)
            };
            let other = plan.metric_key != MetricKey::BOOKINGS.as_str();
            known.push((other, away, record.version));
        }
        known.sort_unstable();
        known.first().map(|(.., version)| *version).ok_or_else(|| {
            Error::conflict(
                "nothing_on_record",
                "还没有已发布的计划。先发布一个，或用版本号指定草稿。",
                "No plan is on record yet: publish one, or name the version of a draft.",
            )
        })
    }

    /// The version in which a workbook is taken back that was written from another: itself while it is a draft, or else the
    /// newest draft of its plan, or else itself; none where this organization has neither.
    pub(crate) async fn version_for_workbook(
        &self,
        scope: &Scope,
        plan: PlanId,
        version: VersionId,
    ) -> Result<Option<VersionId>, Error> {
        let reader = self.database.reader();
        let versions = store::version::list(&reader, scope, Some(plan)).await?;
        let open =
            |status: VersionStatus, shelved: Option<i64>| status == VersionStatus::Draft && shelved.is_none();
        let own = versions.iter().find(|known| known.id == version);
        if own.is_some_and(|own| open(own.status, own.shelved_at_ms)) {
            return Ok(Some(version));
        }
        // The list begins with the newest.
        let draft = versions
            .iter()
            .find(|known| open(known.status, known.shelved_at_ms));
        Ok(draft.or(own).map(|found| found.id))
    }

    /// What taking a workbook into a draft would change that was handed in among the files of an import.
    pub async fn compare_imported_workbook(
        &self,
        scope: &Scope,
        version: VersionId,
        import: ImportId,
        name: String,
        blanks: Blanks,
    ) -> Result<Comparison, Error> {
        self.may_edit_plans(scope)?;
        let path = match self.imported_file(scope, import, &name).await {
            Ok(path) => path,
            Err(Error::NotFound(_)) => {
                return Err(Error::conflict(
                    "import_files_gone",
                    "上传的文件已不在，请把它拖到这里。",
                    "The uploaded file is gone; drop it here.",
                ));
            }
            Err(error) => return Err(error),
        };
        let returned = Returned { name, path, blanks };
        self.compare_workbook(scope, version, returned).await
    }
}
